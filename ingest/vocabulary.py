"""The words of goal tables as data: levels, column headings, labels of the project's head.

Levels after 财预〔2021〕101号 (中央部门项目支出核心绩效目标和指标设置及取值指引), where 成本指标
may also be a first level of its own.
"""

from enum import StrEnum


def compact(text: str) -> str:
    """A heading or level without any white space: converters break them anywhere."""
    return "".join(text.split())


class Column(StrEnum):
    LEVEL1 = "level1"
    LEVEL2 = "level2"
    NAME = "name"
    DESCRIPTION = "description"
    VALUE = "value"
    BASIS = "basis"


COLUMN_HEADINGS: dict[str, Column] = {
    "一级指标": Column.LEVEL1,
    "二级指标": Column.LEVEL2,
    "三级指标": Column.NAME,
    "绩效指标描述": Column.DESCRIPTION,
    "指标描述": Column.DESCRIPTION,
    "指标值": Column.VALUE,
    "指标值确定依据": Column.BASIS,
}

LEVEL1 = frozenset({"产出指标", "效益指标", "满意度指标", "成本指标"})
LEVEL2 = frozenset(
    {
        "数量指标",
        "质量指标",
        "时效指标",
        "成本指标",
        "经济成本指标",
        "社会成本指标",
        "生态环境成本指标",
        "经济效益指标",
        "社会效益指标",
        "生态效益指标",
        "可持续影响指标",
        "满意度指标",
        "服务对象满意度指标",
    }
)


class Label(StrEnum):
    """What a cell in the head of a project's table announces."""

    CODE = "code"
    NAME = "name"
    GROUP = "group"
    BUDGET = "budget"
    FISCAL = "fiscal"
    OTHER = "other"
    PLAN = "plan"
    MONTH = "month"
    GOALS = "goals"


LABELS: dict[str, Label] = {
    "项目编码": Label.CODE,
    "项目名称": Label.NAME,
    "预算规模及资金用途": Label.GROUP,
    "预算数": Label.BUDGET,
    "其中：财政资金": Label.FISCAL,
    "其中:财政资金": Label.FISCAL,
    "其他资金": Label.OTHER,
    "资金支出计划（%）": Label.PLAN,
    "资金支出计划(%)": Label.PLAN,
    "资金支出计划": Label.PLAN,
    "3月底": Label.MONTH,
    "6月底": Label.MONTH,
    "10月底": Label.MONTH,
    "12月底": Label.MONTH,
    "绩效目标": Label.GOALS,
}


def is_level1(text: str) -> bool:
    return compact(text) in LEVEL1


def is_level2(text: str) -> bool:
    return compact(text) in LEVEL2
