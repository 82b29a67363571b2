"""Self-written sources of fictional counties, as converters print them."""

from graph.model import Allocation, Indicator, Project

HEADING = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")

ROWS = (
    ("产出指标", "数量指标", "改造公厕数量", "本年改造公厕的座数", "≥12座", "云财建[2025]9001号"),
    ("产出指标", "时效指标", "完工时限", "全部公厕完工的最晚时间", "12月31日前", "年初工作安排"),
    ("效益指标", "社会效益指标", "环境改善", "街面环境改善情况", "明显改善", "年初工作安排"),
    (
        "满意度指标",
        "服务对象满意度指标",
        "群众满意度",
        "如厕群众满意度",
        "≥90%",
        "调查问卷",
    ),
)

PART_ONE = """第一部分
部门整体绩效目标

一、总体绩效目标
围绕城区环境提升，全面完成年度任务。
二、分项绩效目标
（一）环境提升
绩效目标：改造老旧公厕，依据《青禾县公厕管理办法》落实管护。
绩效指标：全年改造公厕不少于12座。
（二）垃圾清运
绩效目标：做到日产日清。
三、工作保障措施
（一）完善制度建设。严格执行财务制度。

第二部分
预算项目绩效目标
"""


def tabbed(
    *,
    code: str = "99012125P000010110001X",
    name: str = "2025年公厕改造经费",
    budget: str = "60.00",
    rows: tuple[tuple[str, ...], ...] = ROWS,
    title: str = "1.2025年公厕改造经费绩效目标表",
    unit: str = "322001青禾县城市管理局本级",
) -> str:
    """One project's table as Word text dumps print it: a tab before each cell."""
    grid = [
        (unit, "单位：万元"),
        ("项目编码", code, "项目名称", name),
        ("预算规模及资金用途", "预算数", budget, "其中：财政    资金", budget, "其他资金", " "),
        ("", "用于改造城区老旧公厕。"),
        ("资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"),
        ("", "25%", "50%", "75%", "100%"),
        ("绩效目标", "1.改造公厕12座。\n2.做到专人管护。"),
        HEADING,
        *merged(rows),
    ]
    cells = "\n".join("".join(f"\t{cell}\n" for cell in row) for row in grid)
    return f"[bookmark: _Toc_4_4_0000000004]{title}\n{cells}\n\n"


def merged(rows: tuple[tuple[str, ...], ...]) -> list[tuple[str, ...]]:
    """A first level stands once; the cells below it are empty."""
    result, above = [], ""
    for row in rows:
        result.append(("" if row[0] == above else row[0], *row[1:]))
        above = row[0]
    return result


def extra_of(owner: Project | Indicator | Allocation) -> tuple[tuple[str, str], ...]:
    """What no property holds, by heading; each stands where its evidence says."""
    assert all(text.evidence.field == "extra" for _, text in owner.extra)
    return tuple((heading, text.value) for heading, text in owner.extra)


def document(*projects: str) -> str:
    return f"青禾县城市管理局\n2025年部门预算绩效文本\n\n{PART_ONE}\n{''.join(projects)}"
