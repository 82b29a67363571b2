"""An abstract document: paragraphs and tables with merged cells, on one or more sheets.

In the rows of a table `LEFT` stands where a cell is covered by the one on its left and `UP` where
by the one above; a block covered both ways has `UP` in its first column and `LEFT` beside it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

LEFT = "<"
UP = "^"
Row: TypeAlias = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Area:
    """One printed cell: its first row and column, how many it covers, and its text."""

    row: int
    column: int
    rows: int
    columns: int
    text: str


@dataclass(frozen=True)
class Grid:
    """A table. Rows shorter than the widest are filled with `LEFT`: their last cell is widened.

    `repeat` is the number of heading rows that a page break repeats.
    """

    rows: tuple[Row, ...]
    repeat: int = 0

    @property
    def width(self) -> int:
        return max(map(len, self.rows))

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """Every printed cell in reading order. Raises ValueError where a merge is no rectangle."""
        rows = [row + (LEFT,) * (self.width - len(row)) for row in self.rows]
        covered: dict[tuple[int, int], list[tuple[int, int]]] = {}
        anchors: dict[tuple[int, int], tuple[int, int]] = {}
        for r, row in enumerate(rows):
            for c, text in enumerate(row):
                above = {LEFT: (r, c - 1), UP: (r - 1, c)}.get(text)
                anchor = anchors[above] if above else (r, c)
                anchors[r, c] = anchor
                covered.setdefault(anchor, []).append((r, c))
        return tuple(_area(places, rows[row][column]) for (row, column), places in covered.items())

    def filled(self) -> list[list[str | None]]:
        """The grid with each text at its first place, "" below it and None on its right."""
        grid: list[list[str | None]] = [[None] * self.width for _ in self.rows]
        for area in self.areas:
            for row in range(area.row, area.row + area.rows):
                grid[row][area.column] = ""
            grid[area.row][area.column] = area.text
        return grid


def _area(places: Sequence[tuple[int, int]], text: str) -> Area:
    (top, left), (bottom, right) = min(places), max(places)
    rows, columns = bottom - top + 1, right - left + 1
    if rows * columns != len(places):
        raise ValueError(f"no rectangle: {text!r} at row {top}, column {left}")
    return Area(top, left, rows, columns, text)


Block: TypeAlias = str | Grid
"""A paragraph or a table."""


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document. Formats without sheets print them one after the other."""

    sheets: tuple[Sheet, ...]

    @property
    def blocks(self) -> Iterator[Block]:
        return (block for sheet in self.sheets for block in sheet.blocks)


def paper(*blocks: Block) -> Paper:
    return Paper((Sheet("Sheet1", blocks),))


def spread(cells: Sequence[str], widths: Sequence[int]) -> Row:
    """Each cell over as many columns as its width says."""
    pairs = zip(cells, widths, strict=True)
    return tuple(text for cell, width in pairs for text in (cell, *[LEFT] * (width - 1)))


def beside(label: str, rows: Iterable[Row]) -> list[Row]:
    """The rows with one cell on their left that is merged over all of them."""
    return [(UP if number else label, *row) for number, row in enumerate(rows)]


def merged(rows: Sequence[Row], columns: int) -> list[Row]:
    """Equal texts one below the other become one cell, in the first columns, from left to right."""
    result: list[Row] = []
    for number, row in enumerate(rows):
        cells = list(row)
        above = rows[number - 1] if number else None
        for column in range(columns):
            if above is None or above[column] != row[column]:
                break
            cells[column] = UP
        result.append(tuple(cells))
    return result


def first_only(rows: Sequence[Row], columns: int) -> list[Row]:
    """As `merged`, but the cells below stand empty."""
    return [tuple("" if cell == UP else cell for cell in row) for row in merged(rows, columns)]
