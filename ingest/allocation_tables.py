"""Allocation tables: who gets how much, by what the headings mean, wherever they stand.

CASE 1  序号 | 县（市、区） | 金额（万元）: a sum for each row
CASE 2  … | 提前下达 | 本次下达 | 合计: a sum for each column; 合计 only proves them
CASE 3  headings over two or three rows: 功能分类科目 above 编码 and 名称
CASE 4  市州 | 县区 | …, merged or printed once: the narrowest name receives
CASE 5  lines of running text in columns, where a converter left no table
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Literal, TypeAlias

from graph.values.money import parse_money
from graph.values.traditional import simplify
from ingest.allocation_words import (
    NOTE_ROW,
    SUBTOTAL_ROW,
    TOTAL_ROW,
    AllocationColumn,
    column_meaning,
    is_part,
    money_unit,
)
from ingest.blocks import Cell, RawTable, SourceText
from ingest.vocabulary import compact

_HEADING_WITHIN = 12
_HEADING_ROWS = 4
_NOTHING = frozenset({"", "-", "—", "——", "–", "/", "0", "0.0", "0.00", "无"})
_FIGURE = re.compile(r"[-－]?[\d０-９][\d０-９,，.．]*(?:[万亿]?元)?")
_SIZES = (AllocationColumn.AMOUNT, AllocationColumn.TOTAL)
RowKind: TypeAlias = Literal["row", "total", "subtotal", "unread"]


@dataclass(frozen=True, slots=True)
class AllocationRow:
    """One printed row: `row` counts from 1 in `table`.

    `kind` is row, total or subtotal, or unread where a figure stands for the recipient. `amounts`
    are the printed sums by column, `cells` the others; `section` is the heading that stands alone
    in a row above.
    """

    table: int
    row: int
    kind: RowKind
    cells: Mapping[int, Cell]
    amounts: Mapping[int, Cell]
    section: Cell | None = None
    group: "AllocationRow | None" = None
    """The row above that this one is a part of, where it has no 小计 in its name."""


@dataclass(frozen=True, slots=True)
class AllocationTable:
    """Columns by index with their headings; `units` of the sums, None where none is printed.

    `heading` are the rows above the first; `end` is where the table ends, or the last of those
    that it goes on in.
    """

    heading: Sequence[tuple[Cell, ...]]
    end: int
    headings: Mapping[int, str]
    columns: Mapping[int, AllocationColumn]
    units: Mapping[int, str | None]
    rows: tuple[AllocationRow, ...]

    def of(self, *kinds: AllocationColumn) -> list[int]:
        return [index for index, kind in self.columns.items() if kind in kinds]


class _Grid:
    def __init__(self, source: SourceText, table: RawTable) -> None:
        self.rows = table.rows
        self.number = table.number
        self._source = source

    @cached_property
    def texts(self) -> list[list[str]]:
        text = self._source.text
        return [[simplify(compact(text[c.start : c.end])) for c in row] for row in self.rows]

    def text(self, row: int, column: int) -> str:
        cells = self.texts[row]
        return cells[column] if column < len(cells) else ""

    def above(self, row: int, column: int) -> int:
        """The row in which the cell that covers this one from above stands."""
        while row and column < len(self.rows[row]) and self.rows[row][column].covered == "above":
            row -= 1
        return row

    def spread(self, row: int, column: int) -> str:
        """A heading's text, also where a wider cell on the left covers it."""
        cells = self.rows[row]
        while column and column < len(cells) and cells[column].covered == "left":
            column -= 1
        return self.text(row, column)


def is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(compact(text)) is not None


def read_table(
    source: SourceText, table: RawTable, caption: str, body: int = 0
) -> AllocationTable | None:
    """The sums that a table hands out; None where its headings speak of none.

    `caption` is what stands above the table: it may give the unit. Rows before `body` are the
    notice's own text (an Excel sheet is one table from its first line).
    """
    grid = _Grid(source, table)
    top = next((i for i, row in enumerate(table.rows) if row[0].start >= body), len(table.rows))
    found = _headings(grid, top)
    if found is None:
        return None
    first, below, headings = found
    columns = {i: kind for i, path in headings.items() if (kind := column_meaning(path))}
    columns = _with_parts(grid, below, headings, columns)
    rows = tuple(_rows(grid, below, headings, columns))
    if not any(row.kind == "row" and row.amounts for row in rows):
        return None
    above = "\n".join("\n".join(row) for row in grid.texts[top:first])
    everywhere = money_unit(above) or money_unit("".join(headings.values())) or money_unit(caption)
    units = {i: money_unit(headings[i]) or everywhere for i in columns if columns[i] in _SIZES}
    return AllocationTable(table.rows[first:below], table.end, headings, columns, units, rows)


def goes_on(source: SourceText, before: AllocationTable, table: RawTable) -> AllocationTable | None:
    """`before` with the rows of a table that continues it on the next page; None where it is
    another: only a page number stands between them, and no total ended the first."""
    between = source.text[before.end : table.start]
    ended = any(row.kind == "total" for row in before.rows[1:])
    if ended or re.fullmatch(r"[\s\d—\-－第页]*", between) is None:
        return None
    width = max(map(len, before.heading))
    if any(len(row) != width for row in table.rows):
        return None
    joined = RawTable(table.number, (*before.heading, *table.rows), table.sheet)
    found = read_table(source, joined, "")
    if found is None or found.columns != before.columns:
        return None
    rows = tuple(replace(row, row=row.row - len(before.heading)) for row in found.rows)
    return replace(before, end=table.end, rows=(*before.rows, *rows))


def _headings(grid: _Grid, top: int) -> tuple[int, int, dict[int, str]] | None:
    """(first heading row, first row below, heading of each column from the top down)."""
    for first in range(top, min(top + _HEADING_WITHIN, len(grid.rows))):
        width = len(grid.rows[first])
        named = {i for i in range(width) if _names_recipient(grid.text(first, i))}
        if not named or sum(bool(text) for text in grid.texts[first]) < 2:
            continue
        body = first + 1
        while body < min(first + _HEADING_ROWS, len(grid.rows)) and _is_heading(grid, body, named):
            body += 1
        paths = {
            i: _path(grid, first, body, i) for i in range(max(map(len, grid.rows[first:body])))
        }
        kinds = {column_meaning(path) for path in paths.values()}
        if not kinds.isdisjoint(_SIZES) and _has_figures(grid, body, paths):
            return first, body, {i: path for i, path in paths.items() if path}
    return None


def _names_recipient(text: str) -> bool:
    return column_meaning(text) in (AllocationColumn.RECIPIENT, AllocationColumn.PROJECT)


def _is_heading(grid: _Grid, row: int, named: set[int]) -> bool:
    """A second row of headings: no figure in it, and nothing new under the recipient's heading."""
    texts = grid.texts[row]
    if not any(texts) or any(is_figure(text) for text in texts):
        return False
    return all(not grid.text(row, i) for i in named) and TOTAL_ROW.match(texts[0]) is None


def _path(grid: _Grid, first: int, body: int, column: int) -> str:
    parts: list[str] = []
    for row in range(first, body):
        text = grid.spread(row, column)
        if not text and row + 1 < body and grid.text(row + 1, column):
            # Formats without a grid leave a wide heading in its first column only.
            text = next((t for i in range(column, -1, -1) if (t := grid.text(row, i))), "")
        if text and text not in parts:
            parts.append(text)
    return "/".join(parts)


def _has_figures(grid: _Grid, body: int, paths: Mapping[int, str]) -> bool:
    sizes = [i for i, path in paths.items() if column_meaning(path) in _SIZES]
    return any(is_figure(grid.text(row, i)) for row in range(body, len(grid.rows)) for i in sizes)


def _with_parts(
    grid: _Grid,
    body: int,
    headings: Mapping[int, str],
    columns: dict[int, AllocationColumn],
) -> dict[int, AllocationColumn]:
    """Decide what a total column stands for, and which unknown columns are its parts.

    Columns that add up to 合计 in every row are sums of money, whatever their headings; what the
    others add up to in every row is a total, whatever its heading. Columns
    其中 that do not add up to the whole are left as they are printed, no sums of their own.
    """
    totals = [i for i, kind in columns.items() if kind is AllocationColumn.TOTAL]
    amounts = [i for i, kind in columns.items() if kind is AllocationColumn.AMOUNT]
    parts = [i for i in amounts if is_part(headings[i])]
    unknown = [i for i in headings if i not in columns and _is_numeric(grid, body, i)]
    if parts and (whole := [i for i in (*totals, *amounts) if i < parts[0] and i not in parts]):
        last = max(whole)
        inside = [i for i in amounts if i > last]
        if _adds_up(grid, body, last, inside):
            return {**columns, last: AllocationColumn.TOTAL}
        kept = {i: kind for i, kind in columns.items() if i not in inside}
        return {**kept, last: AllocationColumn.AMOUNT}
    for total in totals:
        for inside in ([*amounts, *unknown], amounts, unknown):
            if inside and _adds_up(grid, body, total, inside):
                return {**columns, **dict.fromkeys(inside, AllocationColumn.AMOUNT)}
    for total in (*amounts[:1], *amounts[-1:]) if len(amounts) > 2 else ():
        if _adds_up(grid, body, total, [i for i in amounts if i != total], fewest=2):
            return {**columns, total: AllocationColumn.TOTAL}  # 应下达 = 已下达 + 本次下达
    if totals and not amounts:
        return {**columns, totals[0]: AllocationColumn.AMOUNT}
    return columns


def _is_numeric(grid: _Grid, body: int, column: int) -> bool:
    texts = [t for row in range(body, len(grid.rows)) if (t := grid.text(row, column))]
    return bool(texts) and all(is_figure(text) or text in _NOTHING for text in texts)


def _adds_up(grid: _Grid, body: int, total: int, parts: list[int], fewest: int = 1) -> bool:
    """Whether the parts make up the total in every row, of at least so many."""
    compared = 0
    for row in range(body, len(grid.rows)):
        whole = parse_money(grid.text(row, total))
        if whole is None:
            continue
        compared += 1
        if sum((parse_money(grid.text(row, i)) or Decimal(0) for i in parts), Decimal(0)) != whole:
            return False
    return compared >= fewest


def _rows(
    grid: _Grid,
    body: int,
    headings: Mapping[int, str],
    columns: Mapping[int, AllocationColumn],
) -> Iterator[AllocationRow]:
    recipients = [i for i, kind in columns.items() if kind is AllocationColumn.RECIPIENT]
    sizes = [i for i, kind in columns.items() if kind in _SIZES]
    above: dict[int, Cell] = {}
    section: Cell | None = None
    for row in range(body, len(grid.rows)):
        texts = grid.texts[row]
        printed = [i for i, text in enumerate(texts) if text]
        if not printed or all(headings.get(i, "").endswith(texts[i]) for i in printed):
            continue  # blank, or the headings again after a page break
        if NOTE_ROW.match(texts[printed[0]]):
            return
        amounts = {i: grid.rows[row][i] for i in sizes if _says_sum(grid.text(row, i))}
        kind = _row_kind(texts)
        if any(is_figure(grid.text(row, i)) for i in recipients):
            kind = "unread"
        elif not amounts:
            section = grid.rows[row][printed[0]] if len(printed) == 1 else section
            continue
        cells = _row_cells(grid, row, headings)
        if kind == "row":
            _fill_down(cells, recipients, columns, above)
        others = {i: cell for i, cell in cells.items() if i not in sizes}
        yield AllocationRow(grid.number, row + 1, kind, others, amounts, section)


def _says_sum(text: str) -> bool:
    """A figure, or words with one: 120（含省级20）. A printed 0 hands out nothing."""
    return text not in _NOTHING and re.search(r"\d", text) is not None


def _row_cells(grid: _Grid, row: int, headings: Mapping[int, str]) -> dict[int, Cell]:
    """Printed cells by column; one merged over several rows counts in each of them."""
    cells: dict[int, Cell] = {}
    for column in headings:
        at = grid.above(row, column)
        if grid.text(at, column):
            cells[column] = grid.rows[at][column]
    return cells


def _row_kind(texts: list[str]) -> RowKind:
    words = [text for text in texts if text and not is_figure(text)][:2]
    if any(TOTAL_ROW.fullmatch(text) for text in words):
        return "total"
    return "subtotal" if any(SUBTOTAL_ROW.fullmatch(text) for text in words) else "row"


def _fill_down(
    cells: dict[int, Cell],
    recipients: list[int],
    columns: Mapping[int, AllocationColumn],
    above: dict[int, Cell],
) -> None:
    """A name printed once for the rows below it: only where another column tells them apart."""
    own = [i for i in recipients if i in cells]
    told_apart = own or any(columns.get(i) is AllocationColumn.PROJECT for i in cells)
    if told_apart:
        first = min(own, default=len(recipients) and max(recipients) + 1)
        for index in recipients:
            if index not in cells and index < first and index in above:
                cells[index] = above[index]
    for index in own:
        for other in [i for i in above if i > index]:
            del above[other]
        above[index] = cells[index]
