"""1 部门预算绩效文本: the six columns of Hebei; 9 its goals in prose."""

from collections.abc import Sequence

from bench.layouts.contents import County, Project
from bench.layouts.grid import LEFT, UP, Block, Grid, Row, first_only, merged, paper, spread
from bench.layouts.layout import TEXT_FORMATS, Filled, Layout
from bench.layouts.truth import Thing, document, indicator, project, thing

NAME = "1 部门预算绩效文本"
HEADING = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
_SIX = (1, 1, 1, 2, 1, 1)
_SAFEGUARDS = (
    ("完善制度建设", "制定项目资金管理办法，为完成全年绩效目标奠定基础。"),
    ("加强支出管理", "按月调度支出进度，确保资金及时支付。"),
)


def _unit(county: County) -> str:
    return f"{county.department}本级"


def _head(county: County, item: Project, labels: Sequence[str], money: Sequence[str]) -> list[Row]:
    code, name, unit = labels
    budget, fiscal, other = money
    return [
        spread((f"{county.department_code}001{_unit(county)}", unit), (4, 3)),
        spread((code, item.code, name, item.name), (1, 2, 1, 3)),
        ("预算规模及资金用途", "预算数", budget, "其中：财政    资金", fiscal, "其他资金", other),
        (UP, item.purpose, *[LEFT] * 5),
        spread(("资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"), (1, 2, 2, 1, 1)),
        (UP, *spread(("25%", "50%", "80%", "100%"), (2, 2, 1, 1))),
        ("绩效目标", item.goal_text, *[LEFT] * 5),
    ]


def _rows(item: Project) -> list[Row]:
    return [(*i.levels, i.description, i.value.text, i.basis) for i in item.indicators]


def _part_one(county: County, goals: Sequence[Block] = ()) -> list[Block]:
    return [
        county.department,
        f"{county.year}年部门预算绩效文本",
        "第一部分",
        "部门整体绩效目标",
        "一、总体绩效目标",
        county.overall,
        *(("二、分项绩效目标", *goals) if goals else ()),
        "三、工作保障措施" if goals else "二、工作保障措施",
        *_safeguards(),
        "第二部分",
        "预算项目绩效目标",
    ]


def _safeguards() -> list[str]:
    return [f"（{n}）{t}。{x}" for n, (t, x) in zip("一二", _SAFEGUARDS, strict=True)]


def _department_goals(county: County) -> list[Thing]:
    owner = f"Department {county.department}"
    return [
        thing("Goal", owner, scope="overall", text=county.overall),
        thing("Goal", owner, scope="safeguard", text="".join(_safeguards())),
    ]


def _things(county: County, items: Sequence[Project], *, codes: bool = True) -> list[Thing]:
    found = [document(county), *_department_goals(county)]
    for item in items:
        found += project(item, _unit(county), code=item.code if codes else "")
        found += [
            indicator(f"Project {item.name}", i, description=i.description, basis=i.basis)
            for i in item.indicators
        ]
    return found


def _plain(county: County) -> Filled:
    blocks = _part_one(county)
    for number, item in enumerate(county.projects, start=1):
        rows = [spread(row, _SIX) for row in merged(_rows(item), 1)]
        head = _head(
            county,
            item,
            ("项目编码", "项目名称", "单位：万元"),
            (item.budget, item.fiscal, item.other if float(item.other) else ""),
        )
        blocks.append(f"{number}.{item.name}绩效目标表")
        blocks.append(Grid((*head, spread(HEADING, _SIX), *rows)))
    things = _things(county, county.projects)
    return paper(*blocks), [_without_other(t) for t in things]


def _without_other(item: Thing) -> Thing:
    """其他资金 was left empty where there is none."""
    if item.label == "Project" and item.accepted("other_budget") == ("0.0",):
        return Thing(item.label, item.owner, {**item.fields, "other_budget": ("",)})
    return item


def _two_tables(county: County) -> Filled:
    """The head is a table of its own; blanks in headings; first levels on the first row only."""
    blocks = _part_one(county)
    for number, item in enumerate(county.projects, start=1):
        head = _head(
            county,
            item,
            ("项目编码", "项 目 名 称", "单位:万元"),
            (item.budget, item.fiscal, item.other),
        )
        blocks.append(f"{number}、{item.name}绩效目标表")
        blocks.append(Grid(tuple(head)))
        heading = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指 标 值", HEADING[-1])
        blocks.append(Grid((heading, *first_only(_rows(item), 2))))
    return paper(*blocks), _things(county, county.projects)


def _no_code(county: County) -> Filled:
    """A project before its code is given; every level printed on every row; an empty row."""
    item = county.projects[0]
    head = _head(
        county,
        item,
        ("项目编码", "项目名称", "单位：万元"),
        (item.budget, item.fiscal, item.other),
    )
    head[1] = spread(("项目编码", "", "项目名称", item.name), (1, 2, 1, 3))
    rows = [spread(row, _SIX) for row in _rows(item)]
    empty = spread([""] * 6, _SIX)
    grid = Grid((*head, spread(HEADING, _SIX), *rows[:2], empty, *rows[2:]))
    blocks = [*_part_one(county), f"1.{item.name}绩效目标表", grid]
    return paper(*blocks), _things(county, [item], codes=False)


def _prose(county: County) -> Filled:
    """分项绩效目标 with 绩效指标 in a sentence."""
    goals: list[Block] = []
    things = [document(county), *_department_goals(county)]
    for ordinal, item in zip("一二", county.projects, strict=True):
        sentences = "".join(f"{i.name}达到{i.actual}。" for i in item.indicators[:2])
        text = "".join(item.goals)
        goals += [f"（{ordinal}）{item.name}", f"绩效目标：{text}", f"绩效指标：{sentences}"]
        things.append(
            thing(
                "Goal",
                f"Department {county.department}",
                scope="sub",
                title=item.name,
                text=text,
                indicator_text=sentences,
            )
        )
    item = county.projects[0]
    things += _things(county, [item])[3:]
    head = _head(
        county,
        item,
        ("项目编码", "项目名称", "单位：万元"),
        (item.budget, item.fiscal, item.other),
    )
    rows = [spread(row, _SIX) for row in merged(_rows(item), 1)]
    grid = Grid((*head, spread(HEADING, _SIX), *rows))
    blocks = [*_part_one(county, goals), f"1.{item.name}绩效目标表", grid]
    return paper(*blocks), things


def _prose_lines(county: County) -> Filled:
    """The sentences of 绩效指标 over several numbered lines, brackets of other kinds."""
    goals: list[Block] = []
    things = [document(county), *_department_goals(county)]
    for ordinal, item in zip("一二", county.projects, strict=True):
        lines = [f"{n}.{i.name}{i.value.text}；" for n, i in enumerate(item.indicators[:3], 1)]
        text = "".join(item.goals)
        goals += [f"({ordinal}) {item.name}", f"绩效目标:{text}", "绩效指标:", *lines]
        things.append(
            thing(
                "Goal",
                f"Department {county.department}",
                scope="sub",
                title=item.name,
                text=text,
                indicator_text="".join(lines),
            )
        )
    filled, more = _no_code(county)
    head = list(filled.blocks)
    blocks = [*_part_one(county, goals), *head[-2:]]
    return paper(*blocks), [*things, *more[3:]]


LAYOUTS = (
    Layout(NAME, "河北", _plain, TEXT_FORMATS),
    Layout(NAME, "表头另成一表", _two_tables, TEXT_FORMATS),
    Layout(NAME, "无项目编码、空行", _no_code, TEXT_FORMATS),
    Layout("9 文字指标", "分项目标", _prose, TEXT_FORMATS),
    Layout("9 文字指标", "分行、半角", _prose_lines, TEXT_FORMATS),
)
