"""Tables as forms are read from them: upright or turned, one page's or several pages' together.

CASE 1  headings in a row, an indicator in each row below           read as it stands
CASE 2  headings down a column, an indicator in each column         turned, so that CASE 1 holds
CASE 3  a table that goes on in the next one, heading repeated      joined
CASE 4  a table that goes on in the next one without a heading      joined
CASE 5  several forms below each other in one table (a sheet)       cut where the next one begins
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from graph.values.target import parse_target
from ingest.blocks import Cell, RawTable, SourceText
from ingest.form_words import (
    INDICATOR_COLUMNS,
    VALUE_COLUMNS,
    FormColumn,
    FormLabel,
    column_of,
    inline_label,
    is_level,
    is_region,
    label_of,
    subcolumn_of,
)
from ingest.vocabulary import compact

# 项目支出绩效目标申报表（2025年度）  ·  附件2 绩效自评表                not: 绩效目标
_FORM_TITLE = re.compile(r"绩效(?:目标|自评|评价)?(?:申报|自评|批复|批准|监控|评价)?表")
# What stands between the two halves of one table: 第 3 页 共 8 页, - 3 -, 续表
_FURNITURE = re.compile(
    r"(?:第\s*\d+\s*页|共\s*\d+\s*页|[-—–－\s]*\d{1,4}[-—–－\s]*|\d+\s*/\s*\d+|[（(]?续表?\s*\d*[）)]?|[/，,、|\s])*"
)
_BEGINNING = frozenset({FormLabel.PROJECT, FormLabel.SPECIAL, FormLabel.DEPARTMENT, FormLabel.CODE})
_FURNITURE_LENGTH = 200
_KEPT_ROWS = 64
_MOST_HEAD_ROWS = 30
_MOST_TURNED_ROWS = 60
"""A turned table has a heading for each of its rows: a longer one is no turned form."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell, or the part of one, and where it stands; table, row and column count from 1, and
    are 0 for what stands in no table."""

    cell: Cell
    table: int
    row: int
    column: int


class Grid:
    """Rows of cells with their text at hand. A turned grid has the source's columns as rows."""

    def __init__(
        self,
        source: SourceText,
        rows: Sequence[Sequence[Cell]],
        origins: Sequence[tuple[int, int]],
        *,
        turned: bool = False,
        context: str = "",
        above: "Grid | None" = None,
    ) -> None:
        """`origins` are (table, row) of each row, of each column where the grid is turned;
        `context` is the running text above the table, `above` the rows over a turned one."""
        self.source = source
        self.above = above
        self.rows = rows
        self.context = context
        self.turned = turned
        self.origins = origins
        self._height = len(rows)
        self._kept: dict[int, list[str]] = {}

    def text(self, row: int, column: int) -> str:
        """What the cell prints, without white space; "" outside the grid."""
        texts = self._texts(row) if 0 <= row < self._height else ()
        return texts[column] if column < len(texts) else ""

    def _texts(self, row: int) -> Sequence[str]:
        """What the cells of a row print. A row is asked for many things in turn, and then no more:
        the last ones are kept, not all."""
        texts = self._kept.get(row)
        if texts is None:
            if len(self._kept) >= _KEPT_ROWS:
                self._kept.clear()
            texts = self._kept[row] = [self.said(cell) for cell in self.rows[row]]
        return texts

    def said(self, cell: Cell) -> str:
        return "" if cell.start == cell.end else compact(self.source.plain[cell.start : cell.end])

    def printed(self, row: int) -> list[int]:
        """The columns of a row that print something."""
        return [i for i, text in enumerate(self._texts(row)) if text]

    def covered(self, row: int, column: int) -> str:
        cells = self.rows[row] if row < self._height else ()
        return cells[column].covered if column < len(cells) else ""

    def place(self, row: int, column: int) -> Place:
        cell = self.rows[row][column]
        if self.turned:
            table, at = self.origins[column]
            return Place(cell, table, at, row + 1)
        table, at = self.origins[row]
        return Place(cell, table, at, column + 1)

    def spread(self, row: int, column: int) -> Place | None:
        """The cell that holds this place, a merged one included; None where nothing is printed."""
        while row > 0 and self.covered(row, column) == "above":
            row -= 1
        while column > 0 and self.covered(row, column) == "left":
            column -= 1
        return self.place(row, column) if self.text(row, column) else None

    def heads_indicators(self, row: int) -> bool:
        """Whether the row is the heading of indicators: 三级指标, a level or two, and a value."""
        found = {column_of(text) for text in self._texts(row) if text}
        if FormColumn.NAME not in found:
            return False
        levels = {FormColumn.LEVEL1, FormColumn.LEVEL2} & found
        return bool(levels) and (
            not found.isdisjoint(VALUE_COLUMNS)
            or self._values_below(row)
            or _are_regions([text for text in self._texts(row) if column_of(text) is None])
        )

    def _values_below(self, row: int) -> bool:
        """指标值 may stand over narrower columns whose own headings follow: 2024年 | 2025年."""
        return row + 1 < len(self.rows) and self.is_subheading(row + 1)

    def is_subheading(self, row: int) -> bool:
        """A second line of headings: nothing but meanings of values, and no indicator's name."""
        printed = [self.text(row, i) for i in self.printed(row)]
        if _are_regions(printed):
            return True
        return bool(printed) and all(subcolumn_of(text) in VALUE_COLUMNS for text in printed)

    @property
    def heading(self) -> int | None:
        """The first row that heads indicators."""
        return next((i for i in range(len(self.rows)) if self.heads_indicators(i)), None)

    def cut(self, first: int, end: int, context: str) -> "Grid":
        """Some of the rows as a form of their own; only for a grid that stands upright."""
        return Grid(self.source, self.rows[first:end], self.origins[first:end], context=context)

    def joined(self, other: "Grid") -> "Grid":
        """This grid with the rows of another, which continues it, behind its own."""
        return Grid(
            self.source,
            [*self.rows, *other.rows],
            [*self.origins, *other.origins],
            turned=self.turned,
            context=self.context,
            above=self.above,
        )

    def below(self, head: "Grid") -> "Grid":
        """The same grid with a table of its own as its head."""
        return Grid(
            self.source,
            self.rows,
            self.origins,
            turned=self.turned,
            context=head.context,
            above=head,
        )


def _are_regions(texts: Sequence[str]) -> bool:
    """青禾县 | 云岭县: the values of several regions side by side."""
    printed = [text for text in texts if text]
    return len(printed) > 1 and all(map(is_region, printed))


def is_form(source: SourceText, table: RawTable) -> bool:
    """Whether the table heads indicators, upright or turned."""
    grid = upright(source, table, "")
    return grid.heading is not None or _turned(grid) is not None


def form_grids(source: SourceText) -> Iterator[Grid]:
    """One grid for each form that heads indicators, in the order of the source."""
    pending: Grid | None = None
    head: Grid | None = None
    last: RawTable | None = None
    end = 0
    for table in source.tables:
        grid = upright(source, table, source.text[end : table.start])
        end = max(end, table.end)
        if pending is not None and last is not None and _goes_on(pending, last, grid, table):
            pending, last = pending.joined(grid), table
            continue
        if pending is not None:
            yield from _forms_within(pending)
        above, pending, head, last = head, None, None, table
        if grid.heading is None and (turned := _turned(grid)) is not None:
            grid = turned
        if grid.heading is None:
            head = grid if _is_head(grid) else None
        elif above is not None and _has_no_head(grid):
            pending = grid.below(above)
        else:
            pending = grid
    if pending is not None:
        yield from _forms_within(pending)


def _is_head(grid: Grid) -> bool:
    """A table of labels alone: the head of a form whose indicators stand in the next one."""
    rows = range(min(len(grid.rows), _MOST_HEAD_ROWS))
    return any(label_of(grid.text(row, _first(grid, row))) in _BEGINNING for row in rows)


def _has_no_head(grid: Grid) -> bool:
    """The heading comes first, and only page furniture stands between it and the table above."""
    first = next((i for i in range(len(grid.rows)) if grid.printed(i)), 0)
    return grid.above is None and grid.heading == first and is_furniture(grid.context)


def is_furniture(between: str) -> bool:
    """Whether nothing but page numbers and 续表 stands between two tables."""
    return len(between) <= _FURNITURE_LENGTH and bool(_FURNITURE.fullmatch(between.strip()))


def upright(source: SourceText, table: RawTable, context: str) -> Grid:
    """The table as it stands, below its `context`."""
    origins = [(table.number, number) for number in range(1, len(table.rows) + 1)]
    return Grid(source, table.rows, origins, context=context)


def _turned(standing: Grid) -> Grid | None:
    """The table with rows and columns exchanged, where that makes a form of it.

    Only the run of headings is turned; the rows above it (项目名称 | …) stay the form's head.
    """
    if len(standing.rows) > _MOST_TURNED_ROWS:
        return None
    meanings = [column_of(standing.text(r, _first(standing, r))) for r in range(len(standing.rows))]
    run = [r for r, meaning in enumerate(meanings) if meaning in INDICATOR_COLUMNS]
    if not run:
        return None
    rows = standing.rows[run[0] : run[-1] + 1]
    width = max(len(row) for row in rows)
    filled = [_filled(row, width) for row in rows]
    columns = [[_exchanged(cell) for cell in column] for column in zip(*filled, strict=True)]
    grid = Grid(
        standing.source,
        columns,
        standing.origins[run[0] : run[-1] + 1],
        turned=True,
        context=standing.context,
        above=standing.cut(0, run[0], standing.context) if run[0] else None,
    )
    return grid if grid.heading is not None else None


def _first(grid: Grid, row: int) -> int:
    return next(iter(grid.printed(row)), 0)


def _filled(row: Sequence[Cell], width: int) -> list[Cell]:
    """A row of the full width. Of a shorter one, which a text dump has left of merged cells, only
    the heading is sure: nothing tells which columns the others cover."""
    nothing = Cell(row[-1].end, row[-1].end)
    return list(row) if len(row) == width else [row[0], *[nothing] * (width - 1)]


def _exchanged(cell: Cell) -> Cell:
    if cell.covered == "":
        return cell
    return Cell(cell.start, cell.end, "above" if cell.covered == "left" else "left")


def _goes_on(form: Grid, before: RawTable, grid: Grid, table: RawTable) -> bool:
    """Whether a table continues the form above it."""
    if before.sheet != table.sheet or not is_furniture(grid.context):
        return False
    own, repeated = form.heading, grid.heading
    if own is None or not grid.rows:
        return False
    width = len(form.rows[own])
    if repeated is not None:
        first = next((i for i in range(len(grid.rows)) if grid.printed(i)), 0)
        return repeated == first and _meanings(grid, repeated) == _meanings(form, own)
    return len(grid.rows[0]) == width and _is_indicator_row(form, own, grid)


def _meanings(grid: Grid, row: int) -> list[FormColumn | None]:
    return [column_of(grid.text(row, i)) for i in range(len(grid.rows[row]))]


def _is_indicator_row(form: Grid, heading: int, grid: Grid) -> bool:
    """The first row below a page break: levels under the levels, a name, and a value that reads
    as one."""
    printed: dict[FormColumn, str] = {}
    for column, meaning in enumerate(_meanings(form, heading)):
        text = grid.text(0, column)
        if label_of(text) is not None:
            return False
        if meaning is not None and text:
            printed[meaning] = text
    levels = [printed.get(level, "") for level in (FormColumn.LEVEL1, FormColumn.LEVEL2)]
    if FormColumn.NAME not in printed or any(text and not is_level(text) for text in levels):
        return False
    values = [text for meaning, text in printed.items() if meaning in VALUE_COLUMNS]
    return any(parse_target(text).kind != "empty" for text in values)


def _forms_within(grid: Grid) -> Iterator[Grid]:
    """The forms of one grid: the next one begins with its title or its first label."""
    starts = [0]
    headed = False
    for row in range(len(grid.rows)):
        if grid.heads_indicators(row):
            headed = True
        elif headed and _begins_form(grid, row):
            starts.append(row)
            headed = False
    if len(starts) == 1:
        yield grid
        return
    for start, end in zip(starts, [*starts[1:], len(grid.rows)], strict=True):
        form = grid.cut(start, end, grid.context if start == 0 else "")
        if form.heading is not None:
            yield form


def _begins_form(grid: Grid, row: int) -> bool:
    printed = grid.printed(row)
    if not printed:
        return False
    first = grid.text(row, printed[0])
    if label_of(first) in _BEGINNING or inline_label(first) in _BEGINNING:
        return True
    return len(printed) == 1 and bool(_FORM_TITLE.search(first))
