"""The words of goal forms as data: what a column or a label means, however a county heads it.

Forms: 项目支出绩效目标申报表 and 项目支出绩效自评表 after 财预〔2015〕88号 and 财预〔2021〕101号,
and the lists that provinces publish. Headings are compared without blanks and
without what stands in brackets behind them: 项目资金（万元） is 项目资金.
"""

import re
from enum import StrEnum
from functools import lru_cache

from graph.values.traditional import simplify
from ingest.vocabulary import LEVEL1, LEVEL2, compact


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
    DEPARTMENT_NAME = "department_name"
    BUDGET = "budget"
    FISCAL_BUDGET = "fiscal_budget"
    OTHER_BUDGET = "other_budget"
    YEAR = "year"
    GOAL = "goal"


COLUMNS: dict[FormColumn, tuple[str, ...]] = {
    FormColumn.LEVEL1: ("一级指标", "一级指标名称", "一级"),
    FormColumn.LEVEL2: ("二级指标", "二级指标名称", "指标类型", "指标类别", "二级"),
    FormColumn.NAME: (
        "三级指标",
        "三级指标名称",
        "三级",
        "指标名称",
        "绩效指标名称",
        "具体指标",
        "指标内容",
        "绩效指标",
        "绩效指标内容",
    ),
    FormColumn.DESCRIPTION: (
        "绩效指标描述",
        "指标描述",
        "指标说明",
        "指标解释",
        "指标内涵",
        "指标含义",
        "指标定义",
        "绩效指标解释",
        "绩效指标说明",
    ),
    FormColumn.OPERATOR: (
        "指标性质",
        "指标符号",
        "计算符号",
        "运算符号",
        "比较符号",
        "符号",
        "指标值符号",
        "指标方向",
        "计算符",
        "运算符",
    ),
    FormColumn.VALUE: (
        "指标值",
        "目标值",
        "年度指标值",
        "年度目标值",
        "全年指标值",
        "全年目标值",
        "年初目标值",
        "年初指标值",
        "预期值",
        "预期指标值",
        "预期目标值",
        "年度预期值",
        "绩效指标值",
        "绩效目标值",
        "计划指标值",
        "计划值",
        "计划目标值",
        "本年指标值",
        "本年目标值",
        "当年指标值",
        "当年目标值",
        "设定目标值",
    ),
    FormColumn.UNIT: ("度量单位", "计量单位", "指标单位", "指标值单位", "单位"),
    FormColumn.TERM_VALUE: (
        "中期指标值",
        "中期目标值",
        "实施期指标值",
        "实施期目标值",
        "中长期指标值",
        "中长期目标值",
        "总体指标值",
        "总体目标值",
    ),
    FormColumn.HALF_YEAR_VALUE: (
        "半年指标值",
        "半年度指标值",
        "上半年指标值",
        "半年目标值",
        "半年度目标值",
        "上半年目标值",
        "1-6月指标值",
    ),
    FormColumn.ACTUAL_VALUE: (
        "实际完成值",
        "全年实际完成值",
        "全年完成值",
        "年度实际完成值",
        "年度完成值",
        "完成值",
        "实际值",
        "实际完成情况",
        "实际完成指标值",
        "指标完成值",
        "完成指标值",
    ),
    FormColumn.WEIGHT: ("权重", "分值", "指标权重", "分值权重", "指标分值", "权重分值", "标准分"),
    FormColumn.SCORE: ("得分", "自评得分", "指标得分", "评价得分"),
    FormColumn.DEVIATION_REASON: (
        "偏差原因分析及改进措施",
        "偏差原因分析和改进措施",
        "偏差原因分析与改进措施",
        "偏差原因分析",
        "偏差原因",
        "偏差原因及改进措施",
        "偏差分析及改进措施",
        "未完成原因分析",
        "未完成原因",
        "未完成原因及改进措施",
        "未完成原因和改进措施",
        "未完成原因分析及改进措施",
        "未完成原因及拟采取的改进措施",
        "未完成原因和拟采取的改进措施",
        "未完成原因及拟采取的措施",
        "差异原因分析及改进措施",
    ),
    FormColumn.BASIS: (
        "指标值确定依据",
        "指标值设定依据",
        "设定依据",
        "指标依据",
        "指标确定依据",
        "指标设定依据",
        "目标值确定依据",
        "目标值设定依据",
    ),
    FormColumn.UNIT_CODE: ("单位代码", "单位编码", "预算单位代码", "预算单位编码"),
    FormColumn.UNIT_NAME: (
        "单位名称",
        "预算单位",
        "预算单位名称",
        "实施单位",
        "项目单位",
        "项目实施单位",
        "部门单位名称",
        "申报单位",
        "填报单位",
    ),
    FormColumn.DEPARTMENT_NAME: (
        "部门名称",
        "主管部门",
        "主管部门名称",
        "预算部门",
        "一级预算单位",
    ),
    FormColumn.PROJECT_CODE: ("项目编码", "项目代码", "项目编号"),
    FormColumn.PROJECT_NAME: ("项目名称", "预算项目名称", "预算项目", "二级项目名称"),
    FormColumn.BUDGET: (
        "项目金额",
        "预算数",
        "年初预算数",
        "预算金额",
        "年初预算",
        "年度预算",
        "年度预算数",
        "年初预算金额",
        "项目预算",
        "项目预算数",
        "项目资金",
        "资金总额",
        "年度资金总额",
        "项目资金总额",
        "金额",
        "预算安排",
        "合计",
    ),
    FormColumn.FISCAL_BUDGET: ("财政拨款", "其中:财政拨款", "财政资金", "其中:财政资金"),
    FormColumn.OTHER_BUDGET: ("其他资金",),
    FormColumn.YEAR: ("预算年度", "年度", "年份"),
    FormColumn.GOAL: (
        "年度目标",
        "年度绩效目标",
        "年度总体目标",
        "绩效目标",
        "总体目标",
        "项目目标",
        "项目绩效目标",
        "项目年度目标",
        "项目年度绩效目标",
        "项目总体目标",
        "总体绩效目标",
    ),
}

# 2025年目标值  ·  2025年度指标值                                       not: 2025年预算数
_YEAR_VALUE = re.compile(r"(?P<year>20\d\d)年?度?(?:预期|计划)?(?:绩效)?(?:目标值?|指标值?|值)")
# What may stand below a heading that spans several columns of values, and what it means.
# 2025年  ·  2025年度                                                 not: 2025年预算数
_YEAR_ALONE = re.compile(r"(?P<year>20\d\d)年?度?")
SUBHEADINGS: dict[str, FormColumn] = {
    "年度": FormColumn.VALUE,
    "全年": FormColumn.VALUE,
    "本年": FormColumn.VALUE,
    "当年": FormColumn.VALUE,
    "半年": FormColumn.HALF_YEAR_VALUE,
    "上半年": FormColumn.HALF_YEAR_VALUE,
    "半年度": FormColumn.HALF_YEAR_VALUE,
    "1-6月": FormColumn.HALF_YEAR_VALUE,
    "实施期": FormColumn.TERM_VALUE,
    "中期": FormColumn.TERM_VALUE,
}
VALUE_COLUMNS = frozenset(
    {
        FormColumn.VALUE,
        FormColumn.TERM_VALUE,
        FormColumn.HALF_YEAR_VALUE,
        FormColumn.ACTUAL_VALUE,
    }
)
PROJECT_COLUMNS = frozenset(
    {
        FormColumn.UNIT_CODE,
        FormColumn.UNIT_NAME,
        FormColumn.DEPARTMENT_NAME,
        FormColumn.PROJECT_CODE,
        FormColumn.PROJECT_NAME,
        FormColumn.BUDGET,
        FormColumn.FISCAL_BUDGET,
        FormColumn.OTHER_BUDGET,
        FormColumn.YEAR,
        FormColumn.GOAL,
    }
)
INDICATOR_COLUMNS = frozenset(FormColumn) - PROJECT_COLUMNS


class FormLabel(StrEnum):
    """What a cell of a form's head announces."""

    PROJECT = "project"
    SPECIAL = "special"
    CODE = "code"
    DEPARTMENT = "department"
    UNIT = "unit"
    UNIT_CODE = "unit_code"
    YEAR = "year"
    TOTAL = "total"
    FISCAL = "fiscal"
    OTHER = "other"
    GOAL = "goal"
    TERM_GOAL = "term_goal"
    ACTUAL_GOAL = "actual_goal"
    INITIAL_COLUMN = "initial_column"
    PLAN_COLUMN = "plan_column"
    EXECUTED_COLUMN = "executed_column"
    TASK = "task"
    TASK_TEXT = "task_text"
    NOTED = "noted"
    HEADING = "heading"


LABELS: dict[FormLabel, tuple[str, ...]] = {
    FormLabel.PROJECT: ("项目名称", "预算项目名称", "二级项目名称", "项目(政策)名称"),
    FormLabel.SPECIAL: (
        "专项名称",
        "专项资金名称",
        "专项转移支付名称",
        "转移支付名称",
        "转移支付项目名称",
        "转移支付(项目)名称",
        "资金名称",
    ),
    FormLabel.CODE: ("项目编码", "项目代码", "项目编号"),
    FormLabel.DEPARTMENT: (
        "主管部门及代码",
        "主管部门及编码",
        "主管部门",
        "主管部门名称",
        "部门名称",
        "主管单位",
        "部门单位名称",
        "部门(单位)名称",
        "预算部门",
        "地方主管部门",
        "省级主管部门",
        "市级主管部门",
        "县级主管部门",
        "业务主管部门",
    ),
    FormLabel.UNIT: (
        "实施单位",
        "项目单位",
        "单位名称",
        "预算单位",
        "预算单位名称",
        "项目实施单位",
        "资金使用单位",
        "填报单位",
        "申报单位",
        "具体实施单位",
    ),
    FormLabel.UNIT_CODE: ("单位代码", "单位编码", "预算单位代码", "预算单位编码", "部门代码"),
    FormLabel.YEAR: ("预算年度", "年度", "所属年度", "填报年度"),
    FormLabel.TOTAL: (
        "年度资金总额",
        "资金总额",
        "项目资金总额",
        "预算数",
        "项目总额",
        "年度预算",
        "年度金额",
        "年度预算金额",
        "年度预算总额",
        "预算总额",
        "预算金额",
        "项目预算总额",
        "总金额",
    ),
    FormLabel.FISCAL: (
        "财政拨款",
        "当年财政拨款",
        "财政资金",
        "一般公共预算",
        "中央补助",
        "中央财政资金",
        "中央资金",
        "中央补助资金",
        "财政拨款收入",
    ),
    FormLabel.OTHER: ("其他资金", "地方资金", "地方财政资金"),
    FormLabel.GOAL: (
        "总体目标",
        "总体绩效目标",
        "年度目标",
        "年度总体目标",
        "年度总体绩效目标",
        "绩效目标",
        "年度绩效目标",
        "预期目标",
        "预期绩效目标",
        "年初设定目标",
        "年初目标",
        "项目年度目标",
        "项目总体目标",
        "项目绩效目标",
        "项目目标",
        "全年目标",
        "部门年度总体目标",
        "整体绩效目标",
    ),
    FormLabel.TERM_GOAL: (
        "实施期目标",
        "实施期绩效目标",
        "实施期总目标",
        "中期目标",
        "中期绩效目标",
        "中长期目标",
        "中长期绩效目标",
    ),
    FormLabel.ACTUAL_GOAL: (
        "实际完成情况",
        "全年实际完成情况",
        "目标实际完成情况",
        "年度总体目标完成情况",
        "总体目标完成情况",
        "目标完成情况",
    ),
    FormLabel.INITIAL_COLUMN: ("年初预算数", "年初预算"),
    FormLabel.PLAN_COLUMN: ("全年预算数", "全年预算", "调整预算数"),
    FormLabel.EXECUTED_COLUMN: ("全年执行数", "实际执行数", "执行数", "全年实际执行数"),
    FormLabel.TASK: ("任务名称", "任务", "主要任务", "年度主要任务名称", "工作任务"),
    FormLabel.TASK_TEXT: ("主要内容", "任务内容", "工作内容"),
    FormLabel.NOTED: ("项目属性", "项目期", "项目期限", "项目类型", "项目类别", "项目周期"),
    FormLabel.HEADING: (
        "项目资金",
        "资金情况",
        "资金用途",
        "预算情况",
        "项目预算执行情况",
        "预算执行情况",
        "执行率",
        "预算执行率",
        "分值",
        "得分",
        "上年结转资金",
        "负责人",
        "项目负责人",
        "联系人",
        "联系电话",
        "年度主要任务",
        "中央主管部门",
        "省级财政部门",
        "市级财政部门",
        "资金来源",
        "绩效指标",
        "年度绩效指标",
    ),
}

_BRACKETED_END = re.compile(r"[（(\[【][^（）()\[\]【】]{0,20}[）)\]】]$")
# 其中:财政拨款  ·  1.财政拨款  ·  (1)财政拨款  ·  一、项目名称
_LEADING = re.compile(
    r"^(?:其中:?|(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．]|[（(]\d{1,2}[）)])"
)
_INLINE = re.compile(r"^(?P<label>[^:：]{2,14})[:：](?P<value>.+)$", re.DOTALL)
_COLUMN_OF = {word: column for column, words in COLUMNS.items() for word in words}
_LABEL_OF = {word: label for label, words in LABELS.items() for word in words}
_LONGEST_HEADING = 60
_LEVEL_WORDS = frozenset(word.removesuffix("指标") for word in LEVEL1 | LEVEL2)


@lru_cache(maxsize=4096)
def plain_heading(text: str) -> str:
    """权重（%） is 权重, 年度资金总额： is 年度资金总额, 項目名稱 is 项目名称.

    A bracket that is part of the heading, 部门（单位）名称, stays in half width.
    """
    words = simplify(compact(text)).replace("：", ":").rstrip(":")
    words = _BRACKETED_END.sub("", words).rstrip(":")
    return words.replace("（", "(").replace("）", ")")


def column_of(text: str) -> FormColumn | None:
    if len(text) > _LONGEST_HEADING:
        return None
    if _YEAR_VALUE.fullmatch(plain_heading(text)):
        return FormColumn.VALUE
    return _COLUMN_OF.get(plain_heading(text))


def subcolumn_of(text: str) -> FormColumn | None:
    """The meaning of a heading below one that spans several columns: 2025年 under 指标值."""
    if _YEAR_ALONE.fullmatch(plain_heading(text)):
        return FormColumn.VALUE
    return SUBHEADINGS.get(plain_heading(text)) or column_of(text)


def year_of_column(text: str) -> int | None:
    """2025 for 2025年目标值 and for 2025年: one of several years side by side."""
    heading = plain_heading(text)
    found = _YEAR_VALUE.fullmatch(heading) or _YEAR_ALONE.fullmatch(heading)
    return int(found["year"]) if found else None


def label_of(text: str) -> FormLabel | None:
    if len(text) > _LONGEST_HEADING:
        return None
    heading = plain_heading(text)
    return _LABEL_OF.get(heading) or _LABEL_OF.get(_LEADING.sub("", heading))


def inline_label(text: str) -> FormLabel | None:
    """The label of a cell that holds its value as well: 项目名称：公厕改造."""
    found = _INLINE.match(text)
    return label_of(found["label"]) if found else None


def is_level(text: str) -> bool:
    """产出指标, 产出, 数量指标（20分）: a word of the first two levels."""
    return plain_heading(text).removesuffix("指标") in _LEVEL_WORDS
