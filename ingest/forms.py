"""Goal forms in tables: headings are known by their meaning, wherever they stand.

CASE 1  a head of labels and values, then 一级指标 | 二级指标 | 三级指标 | 指标值 (申报表, 自评表)
CASE 2  the same with two blocks side by side, under 实施期目标 and 年度目标
CASE 3  one block with 中期指标值 and 年度指标值: an indicator for each
CASE 4  operator, value and unit in columns of their own: 指标性质 | 指标值 | 度量单位
CASE 5  the long list: project columns beside the indicator's, filled on the first row only
CASE 6  several years side by side, 2024年目标值 | 2025年目标值: the form's own year is the value,
        the others are kept beside it
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from graph.values.target import parse_target
from ingest.blocks import SourceText
from ingest.form_departments import is_unit_name
from ingest.form_grid import Grid, Place, form_grids
from ingest.form_heads import FormHead, read_form_head
from ingest.form_words import (
    PROJECT_COLUMNS,
    VALUE_COLUMNS,
    FormColumn,
    column_of,
    is_level,
    is_level1,
    name_rank,
    number_width,
    plain_heading,
    subcolumn_of,
    year_of_column,
)
from ingest.form_years import form_year, with_budget_of
from ingest.vocabulary import compact

# 合计, 小计: a row of sums, which may stand above, between or below    not: 合计生产线改造
SUMS = re.compile(r"^(?:总分|[总合小]计)(?:[（(:：].*)?$")
# 备注：…, 填报人: what stands below the last indicator
END = re.compile(r"^(?:备注|说明|填报人|填表人|填表说明|审核人|其他说明|其他需要说明|注[：:\d])")
# 实施期目标, 年度目标 over two blocks                                 not: 年度资金总额
_TERM = re.compile(r"^(?:项目)?(?:实施期|中期|中长期).{0,20}$")
_ANNUAL = re.compile(r"^(?:年度|全年|本年|当年|20\d\d年).{0,6}(?:目标|指标)")
# ……, 指标1：, ① : a row of the template that nobody filled in          not: 指标完成率
_BLANK_NAME = re.compile(r"(?:[.…·—\-_/*＊]+|指标\s*\d{0,2}\s*[:：]?[.…]*|[①-⑳])")
_FILLED_DOWN = PROJECT_COLUMNS | {FormColumn.LEVEL1, FormColumn.LEVEL2}
_MERGED = _FILLED_DOWN | {FormColumn.NAME}
_UNIT_COLUMNS = frozenset(
    {FormColumn.UNIT_CODE, FormColumn.UNIT_NAME, FormColumn.DEPARTMENT_NAME, FormColumn.YEAR}
)
_PROJECT_KEYS = (FormColumn.PROJECT_CODE, FormColumn.PROJECT_NAME)
_UNIT_KEYS = (FormColumn.UNIT_CODE, FormColumn.UNIT_NAME)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One indicator: its cells by meaning. `horizon` is term or annual; `others` are cells under
    headings that are not known, or that belong to other years."""

    cells: dict[FormColumn, Place]
    horizon: str
    others: tuple[tuple[str, Place], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what its head says, and its indicators. `year` is 0 where nothing tells it."""

    grid: Grid
    head: FormHead
    year: int
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns of one run of headings, by their index in the grid."""

    columns: dict[int, FormColumn]
    others: dict[int, str]
    horizon: str


def forms(source: SourceText) -> Iterator[Form]:
    """Every form of the source that has indicators, in order."""
    for grid in form_grids(source):
        heading = grid.heading
        if heading is None:
            continue
        head = read_form_head(grid, heading)
        year = form_year(grid, heading, head)
        rows = tuple(_rows(grid, heading, year))
        if rows:
            yield Form(grid, with_budget_of(year, head), year, rows)


def _blocks(
    grid: Grid, heading: int, titles: list[str], meanings: list[FormColumn | None]
) -> list[_Block]:
    """Runs of headings, each with its own 三级指标; a heading that comes again begins the next."""
    runs: list[tuple[dict[int, FormColumn], dict[int, str]]] = [({}, {})]
    for index, (title, meaning) in enumerate(zip(titles, meanings, strict=True)):
        columns, others = runs[-1]
        if meaning is None:
            if title:
                others[index] = title
            continue
        if meaning in columns.values():
            columns, others = {}, {}
            runs.append((columns, others))
        columns[index] = meaning
    shared = {
        index: meaning
        for index, meaning in runs[0][0].items()
        if meaning in PROJECT_COLUMNS or meaning is FormColumn.LEVEL1
    }
    named = [run for run in runs if FormColumn.NAME in run[0].values()]
    horizons = _horizons(grid, heading, len(named))
    return [
        _Block(columns if columns is runs[0][0] else {**shared, **columns}, others, horizon)
        for (columns, others), horizon in zip(named, horizons, strict=True)
    ]


def _horizons(grid: Grid, heading: int, blocks: int) -> list[str]:
    """What the row of wider headings above says of each block: 实施期目标 | 年度目标, in order."""
    for row in range(heading - 1, max(-1, heading - 4), -1):
        said = [
            "term" if _TERM.search(text) else "annual"
            for text in (grid.text(row, i) for i in grid.printed(row))
            if _TERM.search(text) or _ANNUAL.search(text)
        ]
        if blocks > 1 and len(said) == blocks:
            return said
    return ["annual"] * blocks


def _headings(grid: Grid, heading: int, year: int) -> tuple[list[str], list[FormColumn | None]]:
    """The title and meaning of each column; a second line of headings wins over the first."""
    titles = [grid.text(heading, i) for i in range(len(grid.rows[heading]))]
    meanings = [column_of(title) for title in titles]
    if _has_subheading(grid, heading):
        below = grid.printed(heading + 1)
        # A text dump prints a wide heading once: it gives way to as many as stand below it.
        wider = len(grid.rows[heading + 1]) - len(titles)
        if wider > 0:
            titles[below[0] + 1 : below[0] + 1] = [""] * wider
            meanings[below[0] + 1 : below[0] + 1] = [None] * wider
        for index in below:
            if index < len(titles):
                titles[index] = grid.text(heading + 1, index)
                meanings[index] = subcolumn_of(titles[index])
    _tell_categories(grid, heading, meanings)
    names = [i for i, meaning in enumerate(meanings) if meaning is FormColumn.NAME]
    rank = min(name_rank(titles[i]) for i in names)
    years = {i: y for i, title in enumerate(titles) if (y := year_of_column(title)) is not None}
    own = next((i for i, y in years.items() if y == year), min(years, default=None))
    plain_value = any(
        meaning is FormColumn.VALUE and i not in years for i, meaning in enumerate(meanings)
    )
    for index, title in enumerate(titles):
        if index in names and name_rank(title) != rank:
            # Beside 三级指标, 绩效指标 is the label down the side and 指标内容 a description.
            described = plain_heading(title) == "指标内容"
            meanings[index] = FormColumn.DESCRIPTION if described else None
            titles[index] = title if described else ""
        elif (
            meanings[index] is FormColumn.UNIT
            and plain_heading(title) == "单位"
            and index < names[-1]
        ):
            meanings[index] = FormColumn.UNIT_NAME
        elif index in years and (index != own or plain_value):
            meanings[index] = None
    return titles, meanings


def _tell_categories(grid: Grid, heading: int, meanings: list[FormColumn | None]) -> None:
    """指标类别 is level 2 by its heading; where 产出 or 效益 stands in it, it is level 1."""
    levels = [i for i, meaning in enumerate(meanings) if meaning is FormColumn.LEVEL2]
    if FormColumn.LEVEL1 in meanings or not levels:
        return
    first = levels[0]
    if any(is_level1(grid.text(row, first)) for row in range(heading + 1, len(grid.rows))):
        meanings[first] = FormColumn.LEVEL1


def _is_heading(grid: Grid, row: int, printed: list[int]) -> bool:
    """A heading printed again, on the next page; of one that is cut off, 一级指标 is enough."""
    if grid.heads_indicators(row) or grid.is_subheading(row):
        return True
    levels = (FormColumn.LEVEL1, FormColumn.LEVEL2)
    return any(column_of(grid.text(row, i)) in levels for i in printed)


def _has_subheading(grid: Grid, heading: int) -> bool:
    return heading + 1 < len(grid.rows) and grid.is_subheading(heading + 1)


def _rows(grid: Grid, heading: int, year: int) -> Iterator[FormRow]:
    titles, meanings = _headings(grid, heading, year)
    blocks = _blocks(grid, heading, titles, meanings)
    above: list[dict[FormColumn, Place]] = [{} for _ in blocks]
    listed = FormColumn.PROJECT_NAME in meanings and _UNIT_COLUMNS.isdisjoint(meanings)
    first = heading + 1 + _has_subheading(grid, heading)
    for row in range(first, len(grid.rows)):
        printed = grid.printed(row)
        if not printed or _is_heading(grid, row, printed):
            continue
        if SUMS.match(grid.text(row, printed[0])):
            continue
        if END.match(grid.text(row, printed[0])):
            return
        if listed and (unit := unit_caption(grid, row, printed)) is not None:
            above = [{FormColumn.UNIT_NAME: unit} for _ in blocks]
            continue
        shift = _shift(grid, meanings, row)
        for block, carried in zip(blocks, above, strict=True):
            yield from _block_rows(grid, row, shift, block, carried)


def unit_caption(grid: Grid, row: int, printed: list[int]) -> Place | None:
    """一、青禾县教育局 in a row of its own: the unit of the projects below it."""
    if len(printed) > 1:
        return None
    place = grid.place(row, printed[0])
    raw = grid.source.text[place.cell.start : place.cell.end]
    start = number_width(raw)
    if not is_unit_name(compact(raw[start:])):
        return None
    return replace(place, cell=replace(place.cell, start=place.cell.start + start))


def _shift(grid: Grid, meanings: list[FormColumn | None], row: int) -> int:
    """How many cells a text dump has lost in front of a row: those below a merged level."""
    missing = len(meanings) - len(grid.rows[row])
    wanted = {1: FormColumn.LEVEL2, 2: FormColumn.NAME}.get(missing)
    if wanted is None or grid.covered(row, 0) or meanings[missing] is not wanted:
        return 0
    levels = [is_level(grid.text(row, i)) for i in (0, 1)]
    return missing if levels == [missing == 1, False] else 0


def _block_rows(
    grid: Grid, row: int, shift: int, block: _Block, carried: dict[FormColumn, Place]
) -> Iterator[FormRow]:
    cells = _cells(grid, row, shift, block.columns)
    if any(_differs(grid, cells, carried, column) for column in _UNIT_KEYS):
        carried.clear()  # another unit begins: nothing of the one above holds for it
    elif any(_differs(grid, cells, carried, column) for column in _PROJECT_KEYS):
        # Another project of the same unit, whose cells may be merged over all of its projects.
        _keep(carried, _UNIT_COLUMNS)
    elif _differs(grid, cells, carried, FormColumn.LEVEL1):
        carried.pop(FormColumn.LEVEL2, None)
    carried.update({c: p for c, p in cells.items() if c in _FILLED_DOWN})
    said = {**carried, **cells}
    if not _names_indicator(said):
        return
    if _is_template(grid, said):
        return
    others = tuple(
        (title, grid.place(row, index - shift))
        for index, title in block.others.items()
        if grid.text(row, index - shift)
    )
    term = said.pop(FormColumn.TERM_VALUE, None)
    if term is not None:
        yield FormRow({**said, FormColumn.VALUE: term}, "term", others)
        if said.keys().isdisjoint(VALUE_COLUMNS):
            return
    yield FormRow(said, block.horizon, others)


def _is_template(grid: Grid, cells: dict[FormColumn, Place]) -> bool:
    """Whether neither a name nor a value was filled in."""
    values = (grid.said(cells[c].cell) for c in VALUE_COLUMNS if c in cells)
    return bool(_BLANK_NAME.fullmatch(grid.said(cells[FormColumn.NAME].cell))) and all(
        parse_target(value).kind == "empty" for value in values
    )


def _names_indicator(cells: dict[FormColumn, Place]) -> bool:
    """A name of its own: a cell merged over the whole row is a caption. One that is merged over
    level 2 and 3 is a name without a level 2, which is taken out."""
    name = cells.get(FormColumn.NAME)
    if name is None or name == cells.get(FormColumn.LEVEL1):
        return False
    if name == cells.get(FormColumn.LEVEL2):
        del cells[FormColumn.LEVEL2]
    return True


def _cells(
    grid: Grid, row: int, shift: int, columns: Mapping[int, FormColumn]
) -> dict[FormColumn, Place]:
    """What the row prints under each meaning; a level or name merged from above holds here too."""
    cells: dict[FormColumn, Place] = {}
    for index, column in columns.items():
        at = index - shift
        if at < 0:
            continue
        if column in _MERGED:
            place = grid.spread(row, at)
        else:
            place = grid.place(row, at) if grid.text(row, at) else None
        if place is not None:
            cells[column] = place
    return cells


def _keep(carried: dict[FormColumn, Place], columns: frozenset[FormColumn]) -> None:
    for column in set(carried) - columns:
        del carried[column]


def _differs(
    grid: Grid,
    cells: dict[FormColumn, Place],
    carried: dict[FormColumn, Place],
    column: FormColumn,
) -> bool:
    if column not in cells or column not in carried:
        return False
    return grid.said(cells[column].cell) != grid.said(carried[column].cell)
