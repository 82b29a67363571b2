"""The words of goal forms as data: what a column or a label means, however a county heads it.

Forms: 项目支出绩效目标申报表 and 项目支出绩效自评表 after 财预〔2015〕88号 and 财预〔2021〕101号,
and the lists that provinces publish. Headings are compared without blanks and
without what stands in brackets behind them: 项目资金（万元） is 项目资金.
"""

import re
from enum import StrEnum

from ingest.vocabulary import compact


class FormColumn(StrEnum):
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    DESCRIPTION = "description"
    OPERATOR = "operator"
    VALUE = "value"
    UNIT = "unit"
    TERM_VALUE = "term_value"
    HALF_YEAR_VALUE = "half_year_value"
    ACTUAL_VALUE = "actual_value"
    WEIGHT = "weight"
    SCORE = "score"
    DEVIATION_REASON = "deviation_reason"
    BASIS = "basis"
    UNIT_CODE = "unit_code"
    UNIT_NAME = "unit_name"
    PROJECT_CODE = "project_code"
    PROJECT_NAME = "project_name"
    BUDGET = "budget"
    GOAL = "goal"


COLUMNS: dict[FormColumn, tuple[str, ...]] = {
    FormColumn.LEVEL1: ("一级指标", "一级指标名称"),
    FormColumn.LEVEL2: ("二级指标", "二级指标名称", "指标类型"),
    FormColumn.NAME: (
        "三级指标",
        "三级指标名称",
        "指标名称",
        "绩效指标名称",
        "指标内容",
        "绩效指标",
    ),
    FormColumn.DESCRIPTION: ("绩效指标描述", "指标描述", "指标说明", "指标解释"),
    FormColumn.OPERATOR: ("指标性质", "指标符号", "计算符号", "运算符号", "符号"),
    FormColumn.VALUE: (
        "指标值",
        "目标值",
        "年度指标值",
        "年度目标值",
        "全年指标值",
        "年初目标值",
        "年初指标值",
        "预期值",
        "预期指标值",
        "绩效指标值",
        "计划指标值",
    ),
    FormColumn.UNIT: ("度量单位", "计量单位", "指标单位"),
    FormColumn.TERM_VALUE: ("中期指标值", "实施期指标值", "中长期指标值"),
    FormColumn.HALF_YEAR_VALUE: ("半年指标值", "上半年指标值", "半年目标值"),
    FormColumn.ACTUAL_VALUE: ("实际完成值", "全年实际完成值", "全年完成值", "完成值", "实际值"),
    FormColumn.WEIGHT: ("权重", "分值", "指标权重", "分值权重"),
    FormColumn.SCORE: ("得分", "自评得分"),
    FormColumn.DEVIATION_REASON: (
        "偏差原因分析及改进措施",
        "偏差原因分析",
        "未完成原因分析",
        "未完成原因和改进措施",
        "未完成原因及拟采取的改进措施",
    ),
    FormColumn.BASIS: ("指标值确定依据", "指标值设定依据", "设定依据"),
    FormColumn.UNIT_CODE: ("单位代码", "预算单位代码"),
    FormColumn.UNIT_NAME: ("单位名称", "预算单位", "预算单位名称", "部门名称", "实施单位"),
    FormColumn.PROJECT_CODE: ("项目编码", "项目代码"),
    FormColumn.PROJECT_NAME: ("项目名称",),
    FormColumn.BUDGET: ("项目金额", "预算数", "年初预算数", "预算金额", "项目资金", "资金总额"),
    FormColumn.GOAL: ("年度目标", "年度绩效目标", "绩效目标", "总体目标", "项目目标"),
}


class FormLabel(StrEnum):
    """What a cell of a form's head announces."""

    PROJECT = "project"
    SPECIAL = "special"
    CODE = "code"
    DEPARTMENT = "department"
    UNIT = "unit"
    TOTAL = "total"
    FISCAL = "fiscal"
    OTHER = "other"
    GOAL = "goal"
    PLAN_COLUMN = "plan_column"
    IGNORED = "ignored"


LABELS: dict[FormLabel, tuple[str, ...]] = {
    FormLabel.PROJECT: ("项目名称",),
    FormLabel.SPECIAL: ("专项名称", "专项资金名称", "转移支付名称", "转移支付项目名称"),
    FormLabel.CODE: ("项目编码", "项目代码"),
    FormLabel.DEPARTMENT: (
        "主管部门及代码",
        "主管部门",
        "部门名称",
        "主管单位",
        "部门单位名称",
        "部门（单位）名称",
        "部门(单位)名称",
        "预算部门",
    ),
    FormLabel.UNIT: ("实施单位", "项目单位", "单位名称", "预算单位", "项目实施单位"),
    FormLabel.TOTAL: ("年度资金总额", "资金总额", "项目资金总额", "预算数", "项目总额", "年度预算"),
    FormLabel.FISCAL: (
        "其中:财政拨款",
        "财政拨款",
        "其中:当年财政拨款",
        "当年财政拨款",
        "其中:财政资金",
        "财政资金",
        "一般公共预算",
    ),
    FormLabel.OTHER: ("其他资金",),
    FormLabel.GOAL: (
        "总体目标",
        "年度目标",
        "年度总体目标",
        "实施期目标",
        "绩效目标",
        "年度绩效目标",
        "预期目标",
        "年初设定目标",
        "项目年度目标",
        "项目总体目标",
    ),
    FormLabel.PLAN_COLUMN: ("全年预算数", "年初预算数"),
    FormLabel.IGNORED: (
        "项目属性",
        "项目期",
        "项目资金",
        "资金用途",
        "全年执行数",
        "执行率",
        "分值",
        "得分",
        "实际完成情况",
        "上年结转资金",
        "负责人",
        "联系电话",
        "项目类型",
        "项目类别",
        "任务名称",
        "主要内容",
    ),
}

_BRACKETED_END = re.compile(r"[（(\[【][^（）()\[\]【】]{0,20}[）)\]】]$")
_COLUMN_OF = {word: column for column, words in COLUMNS.items() for word in words}
_LABEL_OF = {word: label for label, words in LABELS.items() for word in words}


def plain_heading(text: str) -> str:
    """权重（%） is 权重, 年度资金总额： is 年度资金总额."""
    words = compact(text).replace("：", ":").rstrip(":")
    return _BRACKETED_END.sub("", words).rstrip(":")


def column_of(text: str) -> FormColumn | None:
    return _COLUMN_OF.get(plain_heading(text))


def label_of(text: str) -> FormLabel | None:
    return _LABEL_OF.get(plain_heading(text))
