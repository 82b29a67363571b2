"""2 项目支出绩效目标申报表 and 3 项目支出绩效自评表, as the Ministry of Finance gave them out."""

from collections.abc import Sequence
from decimal import Decimal

from bench.layouts.contents import NOTHING, County, Indicator, Project
from bench.layouts.grid import UP, Block, Grid, Row, beside, first_only, merged, paper, spread
from bench.layouts.layout import Filled, Layout, level_rows, line, value_text
from bench.layouts.truth import (
    Thing,
    document,
    extra,
    indicator,
    money,
    project,
    thing,
    value_fields,
    with_actual,
)

APPLY = "2 目标申报表"
REVIEW = "3 自评表"
_LEVELS = ("一级指标", "二级指标", "三级指标")


def _who(county: County, item: Project, width: int, half: int) -> list[Row]:
    department = f"[{county.department_code}]{county.department}"
    pair = (1, half - 1, 1, width - half - 1)
    return [
        line("项目名称", item.name, width=width),
        spread(("主管部门及代码", department, "实施单位", county.unit), pair),
        spread(("项目属性", "延续项目", "项目期", "3年"), pair),
    ]


def _funds(item: Project, labels: Sequence[str], width: int) -> list[Row]:
    amounts = (item.budget, item.fiscal, item.other)
    rows = [
        spread((label, amount), (2, width - 3))
        for label, amount in zip(labels[1:], amounts, strict=True)
    ]
    return beside(labels[0], rows)


_FUNDS = ("项目资金\n（万元）", "年度资金总额：", "其中：财政拨款", "其他资金")


def _indicators(item: Project) -> list[Thing]:
    return [indicator(f"Project {item.name}", i) for i in item.indicators]


def _one_block(county: County) -> Filled:
    item = county.projects[0]
    table = [(*_LEVELS, "指标值"), *merged(level_rows(item.indicators, value_text), 2)]
    rows = [
        *_who(county, item, 5, 3),
        *_funds(item, _FUNDS, 5),
        line("年度目标", item.goal_text, width=5),
        *beside("绩效指标", table),
    ]
    blocks = ("项目支出绩效目标申报表", f"（{county.year}年度）", Grid(tuple(rows)))
    return paper(*blocks), [document(county), *project(item, county.unit), *_indicators(item)]


def _noted(county: County) -> Filled:
    """Blanks and full-width colons in headings, 元, an unknown column, notes under the table."""
    item = county.projects[1]
    funds = ("项目资金（元）", "年度资金总额", "其中：财政拨款", "其他资金")
    in_yuan = [f"{Decimal(a) * 10000:.2f}" for a in (item.budget, item.fiscal, item.other)]
    office = ("规划财务科", "业务一科", "业务二科")
    cells = [(*i.levels, i.value.text, office[n % 3]) for n, i in enumerate(item.indicators)]
    table = [("一级指标", "二级指标", "绩效指标", "预期指标值", "责任科室"), *first_only(cells, 2)]
    rows = [
        line("项 目 名 称：", item.name, width=5),
        spread(("主 管 部 门：", county.department, "项目单位：", county.unit), (1, 1, 1, 2)),
        *beside(
            funds[0],
            [spread(pair, (2, 2)) for pair in zip(funds[1:], in_yuan, strict=True)],
        ),
        line("总 体 目 标", item.goal_text, width=5),
        *table,
    ]
    note = "注：1.绩效指标应当细化量化。2.指标值应当与预算相匹配。"
    blocks = (f"{county.year}年项目支出绩效目标表", Grid(tuple(rows)), note)
    found = [
        indicator(f"Project {item.name}", i, extra=extra(责任科室=office[n % 3]))
        for n, i in enumerate(item.indicators)
    ]
    return paper(*blocks), [document(county), *project(item, county.unit), *found]


def _two_blocks(county: County) -> Filled:
    """实施期 on the left, 年度 on the right, headings over both."""
    item = county.projects[0]
    left = [(*i.levels, i.value.times("3").text) for i in item.indicators]
    right = [(i.level2, i.name, i.value.text) for i in item.indicators]
    table = [
        (*_LEVELS, "指标值", "二级指标", "三级指标", "指标值"),
        *[a + b for a, b in zip(merged(left, 2), merged(right, 1), strict=True)],
    ]
    rows = [
        *_who(county, item, 8, 5),
        *_funds(item, _FUNDS, 8),
        spread(("总体目标", "实施期目标", "年度目标"), (1, 4, 3)),
        (UP, *spread((item.term_goal, item.goal_text), (4, 3))),
        *beside("绩\n效\n指\n标", table),
    ]
    blocks = (f"项目支出绩效目标申报表（{county.year}年度）", Grid(tuple(rows)))
    owner = f"Project {item.name}"
    term = thing("Goal", owner, scope="project", text=item.term_goal, horizon="term")
    found = [document(county), *project(item, county.unit), term]
    for i in item.indicators:
        found += _both(owner, i)
    return paper(*blocks), found


def _both(owner: str, item: Indicator) -> list[Thing]:
    term = value_fields(item.value.times("3"))
    return [
        indicator(owner, item, horizon="term", **term),
        indicator(owner, item, horizon="annual"),
    ]


def _two_values(county: County) -> Filled:
    """中期指标值 and 年度指标值 in one block; 年度资金 in one row."""
    item = county.projects[1]
    cells = [(*i.levels, i.value.times("3").text, i.value.text) for i in item.indicators]
    rows = [
        line("项目名称", item.name, width=6),
        spread(("主管部门及代码", county.department, "实施单位", county.unit), (1, 2, 1, 2)),
        spread(("年度资金总额（万元）", item.budget, "其中：财政拨款", item.fiscal), (1, 2, 1, 2)),
        spread(("", "", "其他资金", item.other), (1, 2, 1, 2)),
        line("年度总体目标", item.goal_text, width=6),
        *beside(
            "绩效指标",
            [("一级指标", "二级指标", "指标名称", "中期指标值", "年度指标值"), *merged(cells, 2)],
        ),
    ]
    blocks = ("项目绩效目标表", f"（{county.year}年度）", Grid(tuple(rows)))
    found = [document(county), *project(item, county.unit)]
    for i in item.indicators:
        found += _both(f"Project {item.name}", i)
    return paper(*blocks), found


def _two_projects(county: County) -> Filled:
    """Two forms in one file; the first level merged, the second printed on every row."""
    blocks: list[Block] = []
    found = [document(county)]
    for item in county.projects:
        cells = [(*i.levels, i.description, i.value.text) for i in item.indicators]
        rows = [
            *_who(county, item, 6, 4),
            *_funds(item, ("项目资金（万元）", "年度资金总额", "其中：财政资金", "其他资金"), 6),
            line("总体目标", item.goal_text, width=6),
            *beside(
                "绩效指标",
                [(*_LEVELS, "指标说明", "目标值"), *merged(cells, 1)],
            ),
        ]
        blocks += [f"{county.year}年度项目支出绩效目标申报表", Grid(tuple(rows))]
        found += project(item, county.unit)
        found += [
            indicator(f"Project {item.name}", i, description=i.description) for i in item.indicators
        ]
    return paper(*blocks), found


def _gaps(county: County) -> Filled:
    """Cells left empty, texts broken inside a cell, empty rows between the categories."""
    item = county.projects[0]
    rows = [
        line("项目名称", item.name, width=5),
        spread(("主管部门", county.department, "实施单位", ""), (1, 2, 1, 1)),
        *_funds(item, ("项目资金（万元）", "年度资金总额：", "其中：财政拨款", "其他资金："), 5)[
            :2
        ],
        (UP, *spread(("其他资金：", ""), (2, 2))),
        line("总体目标", item.goal_text, width=5),
        ("一级指标", "二级指标", "三级指标", "指标值", "说明"),
    ]
    found = [
        document(county),
        *project(item, county.department, other_budget=""),
    ]
    for number, i in enumerate(item.indicators):
        value = NOTHING if number == 1 else i.value
        name = f"{i.name[:4]}\n{i.name[4:]}"
        rows.append((i.level1, i.level2, name, value.text, ""))
        if number == 2:
            rows.append(("", "", "", "", ""))
        found.append(indicator(f"Project {item.name}", i, **value_fields(value)))
    return paper(f"{county.year}年度项目支出绩效目标申报表", Grid(tuple(rows))), found


def _rate(item: Project) -> str:
    return f"{Decimal(item.execution) / Decimal(item.budget):.1%}"


def _share(item: Project, part: str) -> str:
    """What was spent of a part of the money, in proportion."""
    share = Decimal(item.execution) * Decimal(part) / Decimal(item.budget)
    return f"{share:.2f}"


def _spent(item: Project) -> list[Row]:
    first = f"{Decimal(item.budget) * Decimal('1.05'):.2f}"
    return [
        ("年度资金总额", first, item.budget, item.execution, "10", _rate(item), "9.8"),
        ("其中：当年财政拨款", "", item.fiscal, _share(item, item.fiscal), "—", "", "—"),
        ("其他资金", "", item.other, _share(item, item.other), "—", "", "—"),
    ]


def _review(county: County) -> Filled:
    item = county.projects[0]
    money_head = ("", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    table = [
        (*_LEVELS, "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施"),
        *merged(_reached(item), 2),
    ]
    rows = [
        line("项目名称", item.name, width=9),
        spread(("主管部门", county.department, "实施单位", county.unit), (1, 4, 1, 3)),
        *beside(
            "项目资金（万元）",
            [spread(row, (2, 1, 1, 1, 1, 1, 1)) for row in (money_head, *_spent(item))],
        ),
        spread(("年度总体目标", "预期目标", "实际完成情况"), (1, 4, 4)),
        (UP, *spread((item.goal_text, "已按计划完成全年任务。"), (4, 4))),
        *beside("绩效指标", table),
        spread(("总分", "100", "96.8", ""), (6, 1, 1, 1)),
    ]
    blocks = ("项目支出绩效自评表", f"（{county.year}年度）", Grid(tuple(rows)))
    initial = f"{Decimal(item.budget) * Decimal('1.05'):.2f}"
    spent = {"initial_budget": money(initial), "executed": money(item.execution)}
    found = [document(county), *project(item, county.unit, **spent)]
    return paper(*blocks), [*with_actual(found, "已按计划完成全年任务。"), *_reviewed(item)]


def _reached(item: Project) -> list[Row]:
    return [
        (*i.levels, i.value.text, i.actual, i.weight, i.score, i.reason) for i in item.indicators
    ]


def _reviewed(item: Project) -> list[Thing]:
    return [
        indicator(
            f"Project {item.name}",
            i,
            actual_value=i.actual,
            weight=i.weight,
            score=i.score,
            deviation_reason=i.reason,
        )
        for i in item.indicators
    ]


def _short_review(county: County) -> Filled:
    """Other words for the columns, funds with the labels above, no name column merged."""
    item = county.projects[1]
    table = [
        (
            "一级指标",
            "二级指标",
            "三级指标",
            "目标值",
            "全年实际值",
            "权重",
            "自评得分",
            "未完成原因",
        ),
        *first_only(_reached(item), 1),
    ]
    rows = [
        spread(("项目名称", item.name, "项目编码", item.code), (1, 3, 1, 3)),
        spread(("主管部门", county.department, "实施单位", county.unit), (1, 3, 1, 3)),
        spread(("资金情况（万元）", "全年预算数", "全年执行数", "执行率"), (1, 3, 2, 2)),
        spread(("年度资金总额", item.budget, item.execution, _rate(item)), (1, 3, 2, 2)),
        spread(("其中：财政拨款", item.fiscal, _share(item, item.fiscal), ""), (1, 3, 2, 2)),
        spread(("其他资金", item.other, _share(item, item.other), ""), (1, 3, 2, 2)),
        spread(("预期目标", item.goal_text, "目标完成情况", "全部完成。"), (1, 3, 1, 3)),
        *table,
        spread(("合计", "", "", "", "", "90", "86", ""), (1,) * 8),
    ]
    title = f"{county.year}年度项目支出绩效自评表"
    own = {"code": item.code, "executed": money(item.execution)}
    found = [document(county), *project(item, county.unit, **own)]
    found = [*with_actual(found, "全部完成。"), *_reviewed(item)]
    return paper(title, Grid(tuple(rows)), "填报人：张某    联系电话：0000-0000000"), found


APPLICATION = _one_block

LAYOUTS = (
    Layout(APPLY, "一栏、竖排合并", _one_block),
    Layout(APPLY, "元、责任科室、附注", _noted),
    Layout(APPLY, "实施期与年度两栏", _two_blocks),
    Layout(APPLY, "中期与年度指标值", _two_values),
    Layout(APPLY, "一文件两项目", _two_projects),
    Layout(APPLY, "空格、空行、格内换行", _gaps),
    Layout(REVIEW, "财政部", _review),
    Layout(REVIEW, "别名、项目编码、合计", _short_review),
)
