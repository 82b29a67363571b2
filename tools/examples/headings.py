"""Words that every 部门预算绩效文本 prints, whatever its layout."""

PLAN = ("3月底", "6月底", "10月底", "12月底")
COLUMNS = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
PARTS = ("第一部分", "部门整体绩效目标", "第二部分", "预算项目绩效目标")
SECTIONS = ("一、总体绩效目标", "二、分项绩效目标", "三、工作保障措施")
UNIT = "单位：万元"

_DIGITS = "一二三四五六七八九十"


def counted(position: int, title: str) -> str:
    """（一）健全县域商业体系"""
    return f"（{_DIGITS[position - 1]}）{title}"


def table_title(position: int, name: str) -> str:
    return f"{position}.{name}绩效目标表"
