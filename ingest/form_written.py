"""Goal forms whose indicators are written instead of standing in rows of their own.

CASE 1  项目名称 | 预算金额 | 绩效目标 | 绩效指标           all indicators of a project in one cell
CASE 2  项目名称 | 数量指标 | 质量指标 | 满意度指标          a column for each level
CASE 3  单位 | 年度绩效目标 | 产出指标 | 效益指标            the same for whole departments
CASE 4  项目名称 | 公厕改造 ¶ 绩效指标 | 数量指标：…        label and text beside each other
CASE 5  项目名称：… ¶ 绩效目标：… ¶ 数量指标：…      an outline without a table: `form_outlines`

What the clauses say is read in `form_clauses`; each becomes a row as a form of columns has it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ingest.blocks import Cell, RawTable, SourceText
from ingest.form_clauses import first_level, written_indicators
from ingest.form_grid import Grid, Place, is_form, is_furniture, upright
from ingest.form_heads import read_form_head
from ingest.form_words import (
    PROJECT_COLUMNS,
    VALUE_COLUMNS,
    FormColumn,
    FormLabel,
    column_of,
    is_level,
    label_of,
    plain_heading,
)
from ingest.form_years import form_year
from ingest.forms import END, SUMS, Form, FormRow, unit_caption

_MOST_HEAD_ROWS = 30
_MOST_LABEL_ROWS = 60
_LEAST_LEVELS = 2
# 绩效指标：1.  (一)  between a goal and the first level               not: 绩效指标完成率
_BEFORE_LEVEL = re.compile(
    r"(?:(?:年度)?绩效指标|具体指标(?:如下|为)?)?[\s\u3000]*[:：]?[\s\u3000]*"
    r"(?:[（(]?[\d一二三四五六七八九十]{1,3}[）).、．]|[①-⑳])?[\s\u3000]*$"
)
_UNITS = frozenset(
    {FormColumn.UNIT_NAME, FormColumn.DEPARTMENT_NAME, FormColumn.UNIT_CODE, FormColumn.YEAR}
)
_OWNERS = frozenset(
    {FormColumn.PROJECT_NAME, FormColumn.UNIT_NAME, FormColumn.DEPARTMENT_NAME, FormColumn.UNIT}
)
_WHOLE_LABELS = {
    FormColumn.UNIT_NAME: FormLabel.UNIT,
    FormColumn.DEPARTMENT_NAME: FormLabel.DEPARTMENT,
    FormColumn.UNIT_CODE: FormLabel.UNIT_CODE,
    FormColumn.GOAL: FormLabel.GOAL,
}


@dataclass(frozen=True, slots=True)
class _Layout:
    """The columns of a list by meaning, and those with written indicators, each with the levels
    that head it. `in_goals`: the indicators stand behind the goal, in its cell."""

    columns: Mapping[int, FormColumn]
    written: Mapping[int, Mapping[Cell, str]]
    first: int
    in_goals: bool


@dataclass(frozen=True, slots=True)
class _List:
    """A list that the next table may continue."""

    table: RawTable
    form: Form
    layout: _Layout


def written_forms(source: SourceText) -> Iterator[Form]:
    """Every form in tables that head no rows of indicators, in the order of the source."""
    end = 0
    above: _List | None = None
    for table in source.tables:
        grid = upright(source, table, source.text[end : table.start])
        end = max(end, table.end)
        above = None if is_form(source, table) else _list(grid, table, above)
        if above is not None:
            yield from _by_owner(above)
        elif (form := _labelled_form(grid)) is not None and not is_form(source, table):
            yield form


def _list(grid: Grid, table: RawTable, above: _List | None) -> _List | None:
    """The table as a list of its own, else as the rest of the one above."""
    layout = next(_layouts(grid), None)
    if layout is not None:
        head = read_form_head(grid, layout.first - 1)
        year = form_year(grid, layout.first - 1, head)
        form = Form(grid, head, year, tuple(_list_rows(grid, layout)))
    elif above is not None and _goes_on(above.table, grid, table):
        layout = replace(above.layout, first=0)
        form = replace(above.form, grid=grid, rows=tuple(_list_rows(grid, layout)))
    else:
        return None
    return _List(table, form, layout) if _is_written(form.rows) else None


def _goes_on(last: RawTable, grid: Grid, table: RawTable) -> bool:
    same_width = len(last.rows[-1]) == len(grid.rows[0])
    return last.sheet == table.sheet and same_width and is_furniture(grid.context)


def _is_written(rows: tuple[FormRow, ...]) -> bool:
    """One clause with a value or a level shows that the cells hold indicators, not goals."""
    return any(not row.cells.keys().isdisjoint((*VALUE_COLUMNS, FormColumn.LEVEL2)) for row in rows)


def _by_owner(found: _List) -> Iterator[Form]:
    """A list of projects is one form, of a list of units each row is."""
    form = found.form
    if FormColumn.PROJECT_NAME in found.layout.columns.values():
        yield form
        return
    units: dict[tuple[Place, ...], list[FormRow]] = {}
    for row in form.rows:
        key = tuple(row.cells[c] for c in _WHOLE_LABELS if c in row.cells)
        units.setdefault(key, []).append(row)
    for rows in units.values():
        own = {
            label: (rows[0].cells[c],) for c, label in _WHOLE_LABELS.items() if c in rows[0].cells
        }
        head = replace(form.head, values={**form.head.values, **own})
        yield replace(form, head=head, rows=tuple(rows))


def _layouts(grid: Grid) -> Iterator[_Layout]:
    """The heading of a list: whose indicators they are, and the columns that hold them."""
    for row in range(min(len(grid.rows) - 1, _MOST_HEAD_ROWS)):
        columns = {i: m for i in grid.printed(row) if (m := column_of(grid.text(row, i)))}
        if _OWNERS.isdisjoint(columns.values()) or not VALUE_COLUMNS.isdisjoint(columns.values()):
            continue
        if FormColumn.PROJECT_NAME not in columns.values():
            columns = {i: _of_unit(column) for i, column in columns.items()}
        below = _levels_below(grid, row, columns)
        written = _written_columns(grid, row, below, columns)
        if written:
            owned = {i: c for i, c in columns.items() if c in PROJECT_COLUMNS and i not in written}
            in_goals = any(columns.get(i) is FormColumn.GOAL for i in written)
            yield _Layout(owned, written, row + 1 + below, in_goals)


def _of_unit(column: FormColumn) -> FormColumn:
    """单位 alone heads the units of a list."""
    return FormColumn.UNIT_NAME if column is FormColumn.UNIT else column


def _levels_below(grid: Grid, row: int, columns: Mapping[int, FormColumn]) -> bool:
    """Whether a second row of headings has nothing but levels: 产出指标 over 数量指标, 质量指标."""
    printed = [i for i in grid.printed(row + 1) if grid.covered(row + 1, i) != "above"]
    return len(printed) >= _LEAST_LEVELS and all(is_level(grid.text(row + 1, i)) for i in printed)


def _written_columns(
    grid: Grid, row: int, below: bool, columns: Mapping[int, FormColumn]
) -> dict[int, dict[Cell, str]]:
    """Columns under levels; where there are none, 绩效指标, and without that the goals."""
    levels: dict[int, dict[Cell, str]] = {}
    heading: Place | None = None
    for index in range(max(len(grid.rows[r]) for r in range(row, row + 1 + below))):
        if grid.text(row, index) or not below:
            heading = grid.spread(row, index) if _is_level_heading(grid.text(row, index)) else None
        stacked = [heading, grid.spread(row + 1, index) if below else None]
        over = {p.cell: grid.said(p.cell) for p in stacked if p and is_level(grid.said(p.cell))}
        if over and columns.get(index) not in PROJECT_COLUMNS:
            levels[index] = over
    if len(levels) >= _LEAST_LEVELS:
        return levels
    named = {i for i, c in columns.items() if c is FormColumn.NAME and "绩效" in grid.text(row, i)}
    goals = {i for i, c in columns.items() if c is FormColumn.GOAL}
    return {i: {} for i in named or goals}


def _is_level_heading(text: str) -> bool:
    return is_level(text) and plain_heading(text).endswith("指标")


def _list_rows(grid: Grid, layout: _Layout) -> Iterator[FormRow]:
    carried: dict[FormColumn, Place] = {}
    for row in range(layout.first, len(grid.rows)):
        printed = grid.printed(row)
        if not printed or any(SUMS.match(grid.text(row, i)) for i in printed[:2]):
            continue
        if END.match(grid.text(row, printed[0])):
            return
        if (unit := unit_caption(grid, row, printed)) is not None:
            carried = {FormColumn.UNIT_NAME: unit}
            continue
        own = {c: p for i, c in layout.columns.items() if (p := grid.spread(row, i)) is not None}
        if FormColumn.PROJECT_NAME in own:
            carried = {c: p for c, p in carried.items() if c in _UNITS}
        carried |= own
        for index, above in layout.written.items():
            if grid.text(row, index) and not grid.covered(row, index):
                yield from _written_rows(grid, grid.place(row, index), above, carried, layout)


def _written_rows(
    grid: Grid,
    place: Place,
    above: Mapping[Cell, str],
    project: Mapping[FormColumn, Place],
    layout: _Layout,
) -> Iterator[FormRow]:
    """The indicators of one cell; before its first level may stand the project's goal."""
    cells = dict(project)
    if layout.in_goals:
        text = grid.source.plain[place.cell.start : place.cell.end]
        level = first_level(text)
        if level is None:
            return
        if goal := _BEFORE_LEVEL.sub("", text[:level]).rstrip():
            cells[FormColumn.GOAL] = _part(place, 0, len(goal))
        place = _part(place, level, len(text))
    among = [word for heading in layout.written.values() for word in heading.values()]
    for found in written_indicators(grid.source, place.cell, above, among):
        yield FormRow(cells | placed(found, place), "annual")


def placed(found: Mapping[FormColumn, Cell], place: Place) -> dict[FormColumn, Place]:
    """The parts of a written cell with the place of the whole one."""
    return {column: replace(place, cell=cell) for column, cell in found.items()}


def _part(place: Place, start: int, end: int) -> Place:
    base = place.cell.start
    return replace(place, cell=Cell(base + start, base + end))


def _labelled_form(grid: Grid) -> Form | None:
    """Labels down the side; beside 绩效指标 the indicators, in one row or several."""
    if len(grid.rows) > _MOST_LABEL_ROWS:
        return None
    labels = [label_of(_first(grid, row)) for row in range(len(grid.rows))]
    named = [column_of(_first(grid, row)) is FormColumn.NAME for row in range(len(grid.rows))]
    if FormLabel.PROJECT not in labels or not any(named):
        return None
    first = named.index(True)
    end = next(
        (r for r in range(first + 1, len(labels)) if labels[r] is not None and not named[r]),
        len(labels),
    )
    said = [grid.text(r, i) for r in range(first, end) for i in grid.printed(r)]
    among = [text for text in said if is_level(text)]
    rows = [row for r in range(first, end) for row in _labelled_rows(grid, r, among)]
    if not _is_written(tuple(rows)):
        return None
    head = read_form_head(grid, first)
    return Form(grid, head, form_year(grid, first, head), tuple(rows))


def _first(grid: Grid, row: int) -> str:
    return next((grid.text(row, i) for i in grid.printed(row)), "")


def _labelled_rows(grid: Grid, row: int, among: Sequence[str]) -> Iterator[FormRow]:
    """产出指标 | 数量指标：…, or only the text; the levels may be merged from above."""
    places = [p for i in range(len(grid.rows[row])) if (p := grid.spread(row, i)) is not None]
    texts = [grid.said(place.cell) for place in places]
    above = {p.cell: t for p, t in zip(places, texts, strict=True) if is_level(t)}
    written = [
        place
        for place, text in zip(places, texts, strict=True)
        if not is_level(text) and column_of(text) is not FormColumn.NAME
    ]
    for place in dict.fromkeys(written):
        for found in written_indicators(grid.source, place.cell, above, among):
            yield FormRow(placed(found, place), "annual")
