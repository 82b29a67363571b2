"""6 sign, value and unit in columns of their own; 7 the long list; 8 several values in a row."""

from collections.abc import Callable, Sequence
from decimal import Decimal

from bench.layouts.contents import County, Indicator, Project
from bench.layouts.grid import Grid, Paper, Row, Sheet, beside, first_only, merged, paper, spread
from bench.layouts.layout import SHEETS, Filled, Layout, line
from bench.layouts.truth import (
    Thing,
    document,
    extra,
    indicator,
    project,
    value_fields,
)

PARTED = "6 性质、数值、单位分列"
LIST = "7 长清单"
YEARS = "8 多个指标值并列"
_LEVELS = ("一级指标", "二级指标", "三级指标")
_NO_MONEY = {"budget": "", "fiscal_budget": "", "other_budget": ""}


def _parted(item: Indicator) -> dict[str, str | tuple[str, ...]]:
    return value_fields(item.value, parted=True)


def _sichuan(county: County) -> Filled:
    item = county.projects[0]
    cells = [(*i.levels, *i.value.columns, i.weight) for i in item.indicators]
    rows = [
        line("项目名称", item.name, width=8),
        spread(("部门（单位）", county.unit), (1, 7)),
        spread(
            (
                "项目资金（万元）",
                "年度资金总额",
                item.budget,
                "财政拨款",
                item.fiscal,
                "其他资金",
                item.other,
            ),
            (1, 1, 1, 1, 1, 1, 2),
        ),
        line("总体目标", item.goal_text, width=8),
        *beside(
            "绩效指标",
            [(*_LEVELS, "指标性质", "指标值", "度量单位", "权重（%）"), *merged(cells, 2)],
        ),
    ]
    found = [
        indicator(f"Project {item.name}", i, weight=i.weight, **_parted(i)) for i in item.indicators
    ]
    title = ("部门预算项目绩效目标表", f"（{county.year}年度）")
    return paper(*title, Grid(tuple(rows))), [
        document(county),
        *project(item, county.unit),
        *found,
    ]


def _yunnan(county: County) -> Filled:
    """A department's projects in one table: 指标属性 is unknown, 指标内容 describes."""
    heading: Row = ("项目名称", "项目年度绩效目标", *_LEVELS)
    heading += ("指标性质", "指标值", "度量单位", "指标属性", "指标内容")
    rows: list[Row] = []
    found = [document(county)]
    for item in county.projects:
        cells = [
            (
                item.name,
                item.goal_text,
                *i.levels,
                *i.value.columns,
                _nature(i),
                i.description,
            )
            for i in item.indicators
        ]
        rows += merged(cells, 4)
        found += project(item, county.department, **_NO_MONEY)
        found += [
            indicator(
                f"Project {item.name}",
                i,
                description=i.description,
                extra=extra(指标属性=_nature(i)),
                **_parted(i),
            )
            for i in item.indicators
        ]
    title = (f"{county.year}年部门项目支出绩效目标表", f"单位名称：{county.department}")
    return paper(*title, Grid((heading, *rows), repeat=1)), found


def _nature(item: Indicator) -> str:
    return "定性指标" if item.value.columns[0] == "定性" else "定量指标"


def _hunan(county: County) -> Filled:
    """The sign behind the value; an unknown column 备注; money in the head of the form."""
    item = county.projects[1]
    cells = []
    for i in item.indicators:
        sign, number, unit = i.value.columns
        cells.append((*i.levels, i.description, number, unit, sign, "续" if i.reason else ""))
    rows = [
        spread(("项目支出名称", item.name, "项目实施单位", county.unit), (1, 3, 2, 2)),
        spread(("资金总额（万元）", item.budget, "其中：财政拨款", item.fiscal), (1, 3, 2, 2)),
        line("年度绩效目标", item.goal_text, width=8),
        (*_LEVELS, "指标解释", "指标值", "计量单位", "计算符号", "备注"),
        *first_only(cells, 1),
    ]
    found = [
        indicator(
            f"Project {item.name}",
            i,
            description=i.description,
            extra=extra(备注="续" if i.reason else ""),
            **_parted(i),
        )
        for i in item.indicators
    ]
    title = f"{county.year}年度项目支出绩效目标表"
    head = [document(county), *project(item, county.unit, other_budget="")]
    return paper(title, Grid(tuple(rows))), [*head, *found]


_PROJECT_HEADING = ("单位代码", "单位名称", "项目名称", "项目编码", "年初预算数", "年度目标")
LIST_HEADING = (*_PROJECT_HEADING, *_LEVELS, "指标性质", "指标值", "度量单位", "权重")
_PROJECT_COLUMNS = len(_PROJECT_HEADING)


def list_rows(county: County, item: Project, money: str) -> list[Row]:
    """A row for each indicator, the project's cells on every one; `money` in the list's unit."""
    head = (county.unit_code, county.unit, item.name, item.code, money, item.goal_text)
    return [(*head, *i.levels, *i.value.columns, i.weight) for i in item.indicators]


def _list_things(county: County, items: Sequence[Project]) -> list[Thing]:
    found = [document(county)]
    for item in items:
        found += project(item, county.unit, code=item.code, fiscal_budget="", other_budget="")
        found += [
            indicator(f"Project {item.name}", i, weight=i.weight, **_parted(i))
            for i in item.indicators
        ]
    return found


def _long_list(shape: Callable[[Sequence[Row], int], list[Row]]) -> Callable[[County], Filled]:
    """Projects one under the other, their cells as `shape` prints them."""

    def fill(county: County) -> Filled:
        rows = [
            row
            for item in county.projects
            for row in shape(list_rows(county, item, item.budget), _PROJECT_COLUMNS + 2)
        ]
        width = len(LIST_HEADING)
        grid = Grid(
            (
                line(f"{county.year}年部门预算项目绩效目标表", width=width),
                (f"编制部门：{county.department}", *["<"] * (width - 3), "单位：万元", "<"),
                LIST_HEADING,
                *rows,
            ),
            repeat=3,
        )
        return paper(grid), _list_things(county, county.projects)

    return fill


def _repeated(rows: Sequence[Row], columns: int) -> list[Row]:
    del columns
    return list(rows)


def _sheets(county: County) -> Filled:
    """A sheet for each project, amounts in 元, a heading of two rows, an empty row."""
    sheets = []
    for item in county.projects:
        yuan = f"{Decimal(item.budget) * 10000:.2f}"
        rows = first_only(list_rows(county, item, yuan), _PROJECT_COLUMNS)
        groups = spread(("项目基本情况", "绩效指标"), (_PROJECT_COLUMNS, 7))
        empty = ("",) * len(groups)
        grid = Grid((groups, LIST_HEADING, *rows[:2], empty, *rows[2:]), 2)
        title = f"{county.year}年项目支出绩效目标明细表"
        sheets.append(Sheet(item.name[:12], (title, "单位：元", grid)))
    return Paper(tuple(sheets)), _list_things(county, county.projects)


def _half_year(county: County) -> Filled:
    item = county.projects[0]
    cells = [(*i.levels, i.value.times("0.5").text, i.value.text) for i in item.indicators]
    rows = [
        spread(("项目名称", item.name, "预算单位", county.unit), (1, 2, 1, 1)),
        spread(("预算金额（万元）", item.budget, "其中：财政拨款", item.fiscal), (1, 2, 1, 1)),
        line("年度绩效目标", item.goal_text, width=5),
        (*_LEVELS, "半年指标值", "全年指标值"),
        *merged(cells, 2),
    ]
    found = [
        indicator(f"Project {item.name}", i, half_year_value=i.value.times("0.5").text)
        for i in item.indicators
    ]
    title = f"项目绩效目标表（{county.year}年度）"
    head = [document(county), *project(item, county.unit, other_budget="")]
    return paper(title, Grid(tuple(rows))), [*head, *found]


def _half_year_above(county: County) -> Filled:
    """指标值 over 半年 and 全年: a heading of two rows."""
    item = county.projects[1]
    cells = [
        (*i.levels, i.description, i.value.times("0.5").text, i.value.text) for i in item.indicators
    ]
    rows = [
        spread(("项目名称", item.name, "实施单位", county.unit), (1, 2, 1, 2)),
        line("绩效目标", item.goal_text, width=6),
        (*_LEVELS, "指标描述", "指标值", "<"),
        ("^", "^", "^", "^", "半年", "全年"),
        *merged(cells, 2),
    ]
    found = [
        indicator(
            f"Project {item.name}",
            i,
            description=i.description,
            half_year_value=i.value.times("0.5").text,
        )
        for i in item.indicators
    ]
    title = f"{county.year}年项目绩效目标表"
    head = [document(county), *project(item, county.unit, **_NO_MONEY)]
    return paper(title, Grid(tuple(rows))), [*head, *found]


def _three_years(county: County) -> Filled:
    """The fiscal year's value in `value`, those of the other years kept as unknown columns."""
    item = county.projects[0]
    year = county.year
    cells, found = [], []
    for i in item.indicators:
        last, next_year = i.value.times("0.9").text, i.value.times("1.2").text
        cells.append((*i.levels, last, i.value.text, next_year))
        others = {f"{year - 1}年目标值": last, f"{year + 1}年目标值": next_year}
        found.append(indicator(f"Project {item.name}", i, extra=extra(**others)))
    heading = tuple(f"{y}年目标值" for y in (year - 1, year, year + 1))
    rows = [
        line("项目名称", item.name, width=6),
        spread(("主管部门", county.department, "实施单位", county.unit), (1, 2, 1, 2)),
        spread(("项目资金（万元）", item.budget, "其中：财政拨款", item.fiscal), (1, 2, 1, 2)),
        line("总体目标", item.goal_text, width=6),
        (*_LEVELS, *heading),
        *merged(cells, 2),
    ]
    title = f"项目支出绩效目标申报表（{year}年度）"
    head = [document(county), *project(item, county.unit, other_budget="")]
    return paper(title, Grid(tuple(rows))), [*head, *found]


PARTED_FORM = _sichuan

LAYOUTS = (
    Layout(PARTED, "四川", _sichuan),
    Layout(PARTED, "云南、两项目一表", _yunnan),
    Layout(PARTED, "湖南、备注", _hunan),
    Layout(LIST, "单元格合并", _long_list(merged), SHEETS),
    Layout(LIST, "只填首行", _long_list(first_only), SHEETS),
    Layout(LIST, "每行都填", _long_list(_repeated), SHEETS),
    Layout(LIST, "多张工作表、元、两行表头", _sheets, SHEETS),
    Layout(YEARS, "半年与全年", _half_year),
    Layout(YEARS, "两行表头", _half_year_above),
    Layout(YEARS, "三个年度", _three_years),
)
