"""Goal tables in a text dump of a PDF: no tabs, cells side by side or one below another.

    成本指标                  a cell that fits its column shares a line with its neighbours,
    活动所需资                one that does not is broken into lines of its own;
    金                       nothing marks where a cell ends and the next begins but the
                             width of the columns: a line that had room for the next
    清运车辆运行过程用的资      character was the last of its cell
    金额小于等于 80 万

    ≤80 万元
    2024 年工
    作完成情况

This module finds the rows; `cuts` cuts each into its cells.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.blocks import Cell, SourceText
from ingest.cuts import CELLS, Piece, Row, learn
from ingest.tables import GoalRow
from ingest.vocabulary import Column, is_level1, is_level2

# 一级指标 二级指标 三级指标 绩效指标描述 指标值⏎指标值确定⏎⏎依据  ·  not: 一级指标 三级指标
HEADING = re.compile(
    r"一级指标\s+二级指标\s+三级指标\s+绩效指标描述\s+指标值\s+指\s*标\s*值\s*确\s*定\s*依\s*据"
)
# - 12 -   ·   第 3 页   ·   not: 100
_PAGE_NUMBER = re.compile(r"^\s*(?:[-—–]\s*\d{1,4}\s*[-—–]|第\s*\d{1,4}\s*页.{0,12})\s*$")
_PIECE = re.compile(r"[^\s\u3000]+")

_FEWEST_PIECES = 3
_MOST_PIECES = 60


@dataclass(frozen=True, slots=True)
class _RawRow:
    level1: Cell
    level2: Cell
    row: Row


@dataclass(frozen=True, slots=True)
class FlowedTable:
    """Where the rows of one table stand in the text, after its heading."""

    number: int
    start: int
    end: int


def read_flowed(source: SourceText, tables: Sequence[FlowedTable]) -> list[list[GoalRow]]:
    """The rows of every table. Read together: they share their column widths."""
    raw = [list(_raw_rows(source, table)) for table in tables]
    layout = learn([found.row for rows in raw for found in rows])
    return [
        [
            _goal_row(table.number, number, found, found.row.cut(layout)[1])
            for number, found in enumerate(rows, start=2)
        ]
        for table, rows in zip(tables, raw, strict=True)
    ]


def _goal_row(table: int, number: int, found: _RawRow, cut: tuple[int, ...]) -> GoalRow:
    pieces = found.row.pieces
    cells = {Column.LEVEL1: found.level1, Column.LEVEL2: found.level2}
    for column, (first, last) in zip(CELLS, pairwise(cut), strict=True):
        if first == last:
            at = pieces[first].start if first < len(pieces) else pieces[-1].end
            cells[column] = Cell(at, at)
        else:
            cells[column] = Cell(pieces[first].start, pieces[last - 1].end)
    return GoalRow(table, number, cells)


def _pieces(source: SourceText, start: int, end: int) -> list[Piece]:
    pieces: list[Piece] = []
    offset, line, gap = start, 0, False
    # The heading printed again after a page break is no part of a row.
    body = HEADING.sub(lambda again: " " * len(again[0]), source.plain[start:end])
    for text in body.splitlines(keepends=True):
        if not text.strip() or _PAGE_NUMBER.match(text):
            gap = True
        else:
            for found in _PIECE.finditer(text):
                pieces.append(
                    Piece(offset + found.start(), offset + found.end(), found[0], line, gap)
                )
                gap = False
            line += 1
        offset += len(text)
    return pieces


def _raw_rows(source: SourceText, table: FlowedTable) -> Iterator[_RawRow]:
    """Rows begin where a line begins with a level-2 name, perhaps broken over lines."""
    pieces = _pieces(source, table.start, table.end)
    starts: list[tuple[int, int]] = []
    index = 0
    while index < len(pieces):
        above = _name_at(pieces, index, is_level1)
        if above and _name_at(pieces, index + above, is_level2):
            index += above  # 满意度指标 and 成本指标 are names of both levels
        length = _name_at(pieces, index, is_level2)
        far = not starts or index - starts[-1][1] >= _FEWEST_PIECES
        if length and far:
            starts.append((index, index + length))
            index += length
        else:
            index += 1
    level1 = Cell(table.start, table.start)
    for position, (first, content) in enumerate(starts):
        before = starts[position - 1][1] if position else 0
        own = _level1_before(pieces, before, first)
        if own is not None:
            level1 = Cell(pieces[own].start, pieces[first - 1].end)
        stop = len(pieces)
        if position + 1 < len(starts):
            following = starts[position + 1][0]
            next_level1 = _level1_before(pieces, content, following)
            stop = following if next_level1 is None else next_level1
        if content < stop:
            level2 = Cell(pieces[first].start, pieces[content - 1].end)
            yield _RawRow(level1, level2, Row(pieces[content : min(stop, content + _MOST_PIECES)]))


def _name_at(pieces: Sequence[Piece], index: int, known: Callable[[str], bool]) -> int:
    """How many pieces from `index` on spell a known name, one a line; 0 where none does."""
    if 0 < index < len(pieces) and pieces[index - 1].line == pieces[index].line:
        return 0
    text = ""
    for length, piece in enumerate(pieces[index : index + 3], start=1):
        if length > 1 and piece.line == pieces[index + length - 2].line:
            return 0
        text += piece.text
        if known(text):
            return length
    return 0


def _level1_before(pieces: Sequence[Piece], lowest: int, row: int) -> int | None:
    """Where the level-1 name that stands directly before a row begins."""
    for length in (1, 2, 3):
        first = row - length
        if first >= lowest and _name_at(pieces, first, is_level1) == length:
            return first
    return None
