"""The words of goal forms as data: what a column or a label means, however a county heads it.

Forms: 项目支出绩效目标申报表 and 项目支出绩效自评表 after 财预〔2015〕88号 and 财预〔2021〕101号,
and the lists that provinces publish. Headings are compared without blanks, in simplified
characters and without what stands in brackets behind them: 项目资金（万元） is 项目资金. A meaning
is a pattern over the words that counties put together for it: 年度指标值, 全年目标值, 预期值.
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


# Each pattern fits a whole heading; the first that fits is the meaning.
COLUMNS: dict[FormColumn, str] = {
    # 一级指标  一级指标名称
    FormColumn.LEVEL1: r"一级(?:绩效)?(?:指标)?(?:名称)?",
    # 二级指标  指标类型
    FormColumn.LEVEL2: r"二级(?:绩效)?(?:指标)?(?:名称)?|(?:指标)?(?:类型|类别)",
    # 三级指标  指标名称  绩效指标  指标内容  指标
    FormColumn.NAME: (
        r"三级(?:绩效)?(?:指标)?(?:名称|内容)?|(?:绩效|具体|明细)?指标(?:名称|内容)"
        r"|(?:绩效|具体|明细|末级)?指标"
    ),
    # 绩效指标描述  指标解释
    FormColumn.DESCRIPTION: r"(?:三级|绩效)?指标(?:值)?(?:描述|说明|解释|内涵|含义|定义|释义|口径)",
    # 指标性质  计算符号  运算符
    FormColumn.OPERATOR: (
        r"(?:指标值?)?(?:性质|符号|方向|运算符号?|计算符号?|比较符号?|逻辑符号?|关系符号?)"
    ),
    # 半年指标值  1-6月目标值
    FormColumn.HALF_YEAR_VALUE: (
        r"(?:上?半年度?|1-6月|[1-6]?-?6月底?)(?:绩效|计划|预期)*(?:指标|目标)*值"
    ),
    # 中期指标值  实施期目标值
    FormColumn.TERM_VALUE: r"(?:实施期|中期|中长期|长期|总体)(?:绩效)?(?:指标|目标)*值",
    # 指标值  年度指标值  预期值                                      not: 实际完成值
    FormColumn.VALUE: (
        r"(?:全[省市州县区]|[省市州县区]级|年度|全年|年初|本年度?|当年|计划|预期|预计|设定|绩效|考核|预算|指标|目标)+值"
    ),
    # 实际完成值  全年实际值  完成情况                                  not: 预算执行情况
    FormColumn.ACTUAL_VALUE: (
        r"(?:全年|年度|年末|本年度?|当年|自评|指标|目标)*(?:实际|完成|达成|达到)+(?:指标|目标)?(?:值|情况)"
    ),
    # 度量单位  计量单位
    FormColumn.UNIT: r"(?:度量|计量|指标值?|数量)?单位",
    # 权重  分值  指标权重
    FormColumn.WEIGHT: r"(?:指标|分值)?权重(?:分值?)?|(?:指标|标准|目标|权重)?分值|标准分|满分值?",
    # 得分  自评得分
    FormColumn.SCORE: r"(?:自评|评价|指标|实际|最终)*(?:得分|评分)",
    # 偏差原因分析及改进措施  未完成原因                                not: 偏差率
    FormColumn.DEVIATION_REASON: (
        r"(?:偏差|偏离|未完成|差异|未达标|未实现).{0,6}(?:原因|分析|说明|措施).{0,14}"
    ),
    # 指标值确定依据  设定依据                                        not: 立项依据
    FormColumn.BASIS: r"(?:指标|目标)?值?(?:确定|设定|设置|制定|取值|测算)?的?依据",
    # 单位代码
    FormColumn.UNIT_CODE: r"(?:预算)?(?:单位|部门)(?:代码|编码)",
    # 主管部门  部门名称
    FormColumn.DEPARTMENT_NAME: (
        r"(?:业务|项目)?主管(?:部门|单位)(?:名称)?|部门(?:名称)?|预算部门|一级预算单位"
    ),
    # 单位名称  预算单位  实施单位
    FormColumn.UNIT_NAME: (
        r"(?:预算|实施|项目|申报|填报|使用|承担|具体|资金)+单位(?:名称)?|单位名称|部门\(?单位\)?名称"
    ),
    FormColumn.PROJECT_CODE: r"(?:预算)?项目(?:编码|代码|编号)",
    # 项目名称  项目支出名称  二级项目名称
    FormColumn.PROJECT_NAME: (
        r"(?:预算|[一二三]级)?(?:项目|政策)(?:支出|\((?:项目|政策)\)|/?政策)?名称|预算项目|二级项目"
    ),
    # 财政拨款  其中:财政资金
    FormColumn.FISCAL_BUDGET: r"(?:其中:?)?(?:当年|本年)?财政(?:拨款|性?资金)",
    FormColumn.OTHER_BUDGET: r"其他资金",
    # 项目金额  年初预算数  年度资金总额                               not: 全年执行数
    FormColumn.BUDGET: (
        r"(?:项目|年度|年初|本年度?|当年|预算|资金|安排|支出)+(?:金额|数|总额|数额|额度|安排)"
        r"|(?:项目|预算)?资金|(?:年初|年度|项目)预算|资金总额|金额|合计"
    ),
    FormColumn.YEAR: r"预算年度|年度|年份",
    # 年度目标  项目绩效目标
    FormColumn.GOAL: (
        r"(?:项目|部门|单位|整体|年度|全年|当年|本年度?|总体|预期|预算|绩效|支出|年初|设定|工作)+目标"
    ),
}
# Of several columns that may name an indicator the first kind does; the others describe it.
_NAMES = (
    "三级",
    "末级",
    "指标名称",
    "绩效指标名称",
    "具体指标",
    "明细指标",
    "绩效指标内容",
    "指标内容",
)

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


LABELS: dict[FormLabel, str] = {
    # 项目名称  项目支出名称  项目一：…
    FormLabel.PROJECT: COLUMNS[FormColumn.PROJECT_NAME]
    + r"|项目(?:[一二三四五六七八九十]{1,3}|\d{1,3})",
    # 专项名称  转移支付（项目）名称
    FormLabel.SPECIAL: r"(?:专项|转移支付|资金)+(?:\(?项目\)?)?名称",
    FormLabel.CODE: COLUMNS[FormColumn.PROJECT_CODE],
    # 主管部门及代码  部门（单位）名称  省级主管部门                      not: 中央主管部门
    FormLabel.DEPARTMENT: (
        r"(?:[省市县区]级|地方|业务|项目|预算)?主管(?:部门|单位)(?:及代码|及编码|名称|\(单位\))?"
        r"|(?:预算)?部门(?:\(单位\)|单位)?(?:名称)?|单位\(部门\)名称"
    ),
    # 实施单位  资金使用单位
    FormLabel.UNIT: COLUMNS[FormColumn.UNIT_NAME],
    FormLabel.UNIT_CODE: COLUMNS[FormColumn.UNIT_CODE],
    FormLabel.YEAR: r"预算年度|所属年度|填报年度|年度",
    # 年初预算数, 全年预算数, 全年执行数 over the amounts of a 自评表
    FormLabel.INITIAL_COLUMN: r"年初预算数?",
    FormLabel.PLAN_COLUMN: r"(?:全年|调整后?|年度调整)预算数?",
    FormLabel.EXECUTED_COLUMN: r"(?:全年|年度)?(?:实际)?执行数",
    # 财政拨款  中央补助  一般公共预算
    FormLabel.FISCAL: (
        r"(?:当年|本年|年度)?财政(?:拨款|性?资金)(?:收入)?|一般公共预算(?:拨款|资金)?|中央(?:财政)?(?:补助|资金|补助资金)"
    ),
    # 其他资金  地方资金
    FormLabel.OTHER: r"其他资金|地方(?:财政)?资金|(?:单位)?自筹(?:资金)?",
    # 年度资金总额  年度金额  预算数
    FormLabel.TOTAL: (
        r"(?:项目|年度|本年度?|当年|预算|资金|支出)*(?:总额|总金额|金额|预算数|预算)|合计|总计"
    ),
    # 实施期目标  中长期绩效目标
    FormLabel.TERM_GOAL: r"(?:项目)?(?:实施期|中期|中长期|长期|三年)(?:滚动|总体|绩效|总)*目标",
    # 实际完成情况  年度总体目标完成情况
    FormLabel.ACTUAL_GOAL: r"(?:年度|全年|总体|绩效|目标)*(?:实际)?完成情况",
    # 总体目标  年度绩效目标  预期目标
    FormLabel.GOAL: COLUMNS[FormColumn.GOAL],
    FormLabel.TASK: r"(?:年度)?(?:主要|工作|重点)?任务(?:名称)?",
    FormLabel.TASK_TEXT: r"(?:主要|任务|工作)内容",
    # kept as they are
    FormLabel.NOTED: r"项目(?:属性|期限?|类型|类别|周期|起止时间)|资金(?:性质|来源)",
    FormLabel.HEADING: (
        r"(?:项目|预算|专项)?资金(?:情况|用途)?|(?:项目)?预算(?:执行)?情况|(?:预算)?执行率|分值|得分|权重"
        r"|上年结转(?:资金)?|(?:项目)?负责人|联系人|联系电话|年度主要任务|年度绩效指标|绩效指标"
        r"|(?:中央)?主管部门|中央主管部门|[省市县]级财政部门"
    ),
}

_BRACKETED_END = re.compile(r"[（(\[【][^（）()\[\]【】]{0,20}[）)\]】]$")
# 其中:财政拨款  ·  1.财政拨款  ·  (1)财政拨款  ·  一、项目名称
_LEADING = re.compile(
    r"^(?:其中:?|(?:\d{1,2}|[一二三四五六七八九十]{1,2})[.、．]|[（(]\d{1,2}[）)])"
)
# (一)产出指标  ·  1.数量指标  ·  （2）公厕数  ·  指标1：公厕数          not: 1.5公里, 2024年
_COUNTED = re.compile(
    r"\s*(?:指标\s*\d{1,2}\s*[:：.．、]|[（(](?:\d{1,2}|[一二三四五六七八九十]{1,3})[）)]"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[、]|[.．](?!\d)))\s*"
)
_REGION = re.compile(r"[\u4e00-\u9fff]{1,7}[县区市旗州]|[省市州县区]?本级")
_INLINE = re.compile(r"^(?P<label>[^:：]{2,14})[:：](?P<value>.+)$", re.DOTALL)
_COLUMN_PATTERNS = {column: re.compile(pattern) for column, pattern in COLUMNS.items()}
_LABEL_PATTERNS = {label: re.compile(pattern) for label, pattern in LABELS.items()}
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
    return _column(plain_heading(text)) if len(text) <= _LONGEST_HEADING else None


@lru_cache(maxsize=4096)
def _column(heading: str) -> FormColumn | None:
    if _YEAR_VALUE.fullmatch(heading):
        return FormColumn.VALUE
    return next((c for c, words in _COLUMN_PATTERNS.items() if words.fullmatch(heading)), None)


def name_rank(text: str) -> int:
    """Which of several columns names the indicator: 0 for 三级指标, more for a lesser claim."""
    heading = plain_heading(text)
    return next((i for i, word in enumerate(_NAMES) if heading.startswith(word)), len(_NAMES))


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
    return _label(plain_heading(text)) if len(text) <= _LONGEST_HEADING else None


@lru_cache(maxsize=4096)
def _label(heading: str) -> FormLabel | None:
    for words in (heading, _LEADING.sub("", heading)):
        for label, pattern in _LABEL_PATTERNS.items():
            if pattern.fullmatch(words):
                return label
    return None


def inline_label(text: str) -> FormLabel | None:
    """The label of a cell that holds its value as well: 项目名称：公厕改造."""
    found = _INLINE.match(text)
    return label_of(found["label"]) if found else None


def is_region(text: str) -> bool:
    """青禾县, 市本级: a region whose values stand in a column of their own."""
    return _REGION.fullmatch(plain_heading(text)) is not None


def is_level(text: str) -> bool:
    """产出指标, 产出, 数量指标（20分）: a word of the first two levels."""
    return plain_heading(without_number(text)).removesuffix("指标") in _LEVEL_WORDS


def is_level1(text: str) -> bool:
    """产出 and 效益, which are no second level; 成本 and 满意度 may be either."""
    return plain_heading(without_number(text)).removesuffix("指标") in ("产出", "效益")


def without_number(text: str) -> str:
    """(一)产出指标, 1.数量指标 and 指标1：公厕数 without what counts them."""
    return text[number_width(text) :]


def number_width(text: str) -> int:
    found = _COUNTED.match(text)
    return found.end() if found else 0
