"""4 部门整体支出绩效目标申报表 and 5 区域绩效目标表."""

from collections.abc import Sequence
from decimal import Decimal

from bench.layouts.contents import County, Project
from bench.layouts.grid import UP, Block, Grid, Row, beside, first_only, merged, paper, spread
from bench.layouts.layout import TEXT_FORMATS, Filled, Layout, level_rows, line, value_text
from bench.layouts.truth import (
    Thing,
    document,
    goals,
    indicator,
    money,
    project,
    thing,
    with_actual,
)

WHOLE = "4 整体支出"
REGION = "5 区域绩效目标表"
_LEVELS = ("一级指标", "二级指标", "三级指标")


def _department_things(
    county: County, goals: tuple[str, ...], tasks: Sequence[Thing]
) -> list[Thing]:
    owner = f"Department {county.department}"
    return [
        document(county),
        *(thing("Goal", owner, scope="overall", text=goal) for goal in goals),
        *tasks,
        *(indicator(owner, i) for item in county.projects for i in item.indicators),
    ]


def _all_rows(county: County) -> list[Row]:
    return level_rows([i for item in county.projects for i in item.indicators], value_text)


def _whole(county: County) -> Filled:
    heading = ("任务名称", "主要内容", "预算金额（万元）", "", "")
    amounts = ("总额", "财政拨款", "其他资金")
    tasks: list[Row] = [
        (*heading[:2], *spread(heading[2:3], (3,))),
        (UP, UP, *amounts),
        *((p.name, p.purpose, p.budget, p.fiscal, p.other) for p in county.projects),
        spread(("金额合计", *_totals(county)), (2, 1, 1, 1)),
    ]
    indicators = [(*_LEVELS, "指标值"), *merged(_all_rows(county), 2)]
    rows = [
        line("部门（单位）名称", county.department, width=6),
        *beside("年度主要任务", tasks),
        line("年度总体目标", county.overall, width=6),
        *beside("年度绩效指标", [spread(row, (1, 1, 2, 1)) for row in indicators]),
    ]
    title = ("部门（单位）整体支出绩效目标申报表", f"（{county.year}年度）")
    owner = f"Department {county.department}"
    done = [
        thing(
            "Goal",
            owner,
            scope="task",
            title=p.name,
            text=p.purpose,
            budget=money(p.budget),
            fiscal_budget=money(p.fiscal),
            other_budget=money(p.other),
        )
        for p in county.projects
    ]
    return paper(*title, Grid(tuple(rows))), _department_things(county, (county.overall,), done)


def _totals(county: County) -> list[str]:
    sums = [
        sum((Decimal(getattr(p, name)) for p in county.projects), Decimal())
        for name in ("budget", "fiscal", "other")
    ]
    return [f"{amount:.2f}" for amount in sums]


def _whole_short(county: County) -> Filled:
    """Numbered goals, tasks without money, other words; the levels on the first row only."""
    goals = tuple(p.goals[0] for p in county.projects)
    text = "\n".join(f"{n}.{goal}" for n, goal in enumerate(goals, start=1))
    tasks: list[Row] = [
        ("任务名称", "主要内容"),
        *((f"任务{n}：{p.name}", p.purpose) for n, p in enumerate(county.projects, start=1)),
    ]
    heading = ("一级指标", "二级指标", "指标名称", "目标值")
    rows = [
        line("部门名称：", county.department, width=5),
        *beside("年度主要任务", [spread(row, (1, 3)) for row in tasks]),
        line("整体绩效目标", text, width=5),
        *beside("年度绩效指标", [heading, *first_only(_all_rows(county), 2)]),
    ]
    title = f"{county.year}年部门整体绩效目标表"
    owner = f"Department {county.department}"
    done = [
        thing("Goal", owner, scope="task", title=f"任务{n}：{p.name}", text=p.purpose)
        for n, p in enumerate(county.projects, start=1)
    ]
    return paper(title, Grid(tuple(rows))), _department_things(county, goals, done)


_NOTICE_BODY = (
    "{unit}：",
    "根据《云州市财政局关于下达{year}年{name}资金预算的通知》（州财预〔{year}〕9061号），"
    "现下达你单位{name}资金{budget}万元，请专款专用，做好绩效运行监控。",
    "附件：{name}区域绩效目标表",
    "{county}财政局",
    "{year}年4月18日",
)


def _notice(county: County, item: Project) -> tuple[list[Block], Thing, str]:
    """The letter, its document, and the owner of the indicators attached to it."""
    prefix = {"青禾县": "青禾", "云岭县": "云岭", "白石区": "白石"}[county.county]
    number = f"{prefix}财预〔{county.year}〕9{len(item.name):03}号"
    title = f"{county.county}财政局关于下达{county.year}年{item.name}资金的通知"
    fields = {
        "unit": county.department,
        "year": county.year,
        "name": item.name,
        "budget": item.budget,
        "county": county.county,
    }
    body = [paragraph.format(**fields) for paragraph in _NOTICE_BODY]
    kind = document(county, "funding_notice")
    return [number, title, *body], kind, f"Policy {number}"


def _region_rows(county: County, item: Project) -> list[Row]:
    return [
        line("专项名称", f"{item.name}资金", width=5),
        spread(
            ("中央主管部门", "国家部委", "省级财政部门", f"{county.province}财政厅"), (1, 2, 1, 1)
        ),
        spread(
            ("省级主管部门", f"{county.province}主管厅局", "实施单位", county.unit), (1, 2, 1, 1)
        ),
        *beside(
            "资金情况（万元）",
            [
                spread(pair, (2, 2))
                for pair in (
                    ("年度金额：", item.budget),
                    ("其中：中央补助", item.fiscal),
                    ("地方资金", item.other),
                )
            ],
        ),
        line("总体目标", item.goal_text, width=5),
        *beside(
            "绩效指标",
            [(*_LEVELS, "指标值"), *merged(level_rows(item.indicators, value_text), 2)],
        ),
    ]


def _attached(county: County) -> Filled:
    item = county.projects[0]
    letter, kind, owner = _notice(county, item)
    title = ("附件", "中央对地方转移支付区域绩效目标表", f"（{county.year}年度）")
    grid = Grid(tuple(_region_rows(county, item)))
    found = [*goals(owner, item), *(indicator(owner, i) for i in item.indicators)]
    return paper(*letter, *title, grid), [kind, *found]


def _attached_short(county: County) -> Filled:
    """Region and money in the head, the levels on the first row only, the year in the title."""
    item = county.projects[1]
    letter, kind, owner = _notice(county, item)
    cells = level_rows(item.indicators, value_text)
    rows = [
        spread(("专项名称", f"{item.name}专项资金", "实施区域", county.county), (1, 1, 1, 1)),
        spread(("年度金额（万元）", item.budget, "其中：中央补助", item.fiscal), (1, 1, 1, 1)),
        line("年度总体目标", item.goal_text, width=4),
        ("一级指标", "二级指标", "指标名称", "目标值"),
        *first_only(cells, 2),
    ]
    title = f"{county.year}年{item.name}专项资金区域绩效目标表"
    found = [*goals(owner, item), *(indicator(owner, i) for i in item.indicators)]
    return paper(*letter, "附件1", title, Grid(tuple(rows))), [kind, *found]


def _alone(county: County) -> Filled:
    """Without its notice nobody can say which policy it belongs to: the 专项 is a project."""
    item = county.projects[0]
    title = (f"{item.name}专项资金区域绩效目标表", f"（{county.year}年度）")
    name = f"{item.name}资金"
    found = [
        document(county),
        *project(item, county.unit, name=name),
        *(indicator(f"Project {name}", i) for i in item.indicators),
    ]
    return paper(*title, Grid(tuple(_region_rows(county, item)))), found


def _region_review(county: County) -> Filled:
    item = county.projects[0]
    letter, kind, owner = _notice(county, item)
    cells = [(*i.levels, i.value.text, i.actual, i.reason) for i in item.indicators]
    rows = [
        line("转移支付（项目）名称", f"{item.name}资金", width=7),
        spread(("中央主管部门", "国家部委", "地方主管部门", county.department), (1, 3, 1, 2)),
        spread(
            ("资金情况（万元）", "", "全年预算数（A）", "全年执行数（B）", "预算执行率"),
            (1, 2, 1, 2, 1),
        ),
        spread((UP, "年度资金总额：", item.budget, item.execution, "99%"), (1, 2, 1, 2, 1)),
        spread((UP, "其中：中央补助", item.fiscal, item.fiscal, "100%"), (1, 2, 1, 2, 1)),
        spread(("总体目标完成情况", "总体目标", "全年实际完成情况"), (1, 3, 3)),
        (UP, *spread((item.goal_text, "已全部完成。"), (3, 3))),
        *beside(
            "绩效指标",
            [(*_LEVELS, "指标值", "全年实际完成值", "未完成原因和改进措施"), *merged(cells, 2)],
        ),
        line("说明", "无", width=7),
    ]
    title = f"中央对地方专项转移支付绩效目标自评表（{county.year}年度）"
    found = with_actual(goals(owner, item), "已全部完成。")
    found += [
        indicator(owner, i, actual_value=i.actual, deviation_reason=i.reason)
        for i in item.indicators
    ]
    return paper(*letter, "附件2", title, Grid(tuple(rows))), [kind, *found]


LAYOUTS = (
    Layout(WHOLE, "主要任务分三栏金额", _whole),
    Layout(WHOLE, "别名、目标分条", _whole_short),
    Layout(REGION, "通知附件", _attached, TEXT_FORMATS),
    Layout(REGION, "通知附件、别名", _attached_short, TEXT_FORMATS),
    Layout(REGION, "单独成文", _alone),
    Layout(REGION, "通知附件、自评表", _region_review, TEXT_FORMATS),
)
