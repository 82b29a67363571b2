"""Cut the pieces of a printed row into its cells where the cost is least.

Breaking a line that had room, joining Han text over a blank, putting a broken cell beside another:
all cost. The widths of the columns are learned from the document itself: those with which its rows
cost least.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from math import ceil

from graph.values.target import parse_target
from ingest.vocabulary import Column

CELLS = (Column.NAME, Column.DESCRIPTION, Column.VALUE, Column.BASIS)
"""The cells of a row that lie behind its two levels, in the order printed."""

# What a page does not break: a figure, and a bracket or mark with what it belongs to.
# 【2024】   ·   5000   ·   县，   ·   not: 县城
_UNIT = re.compile(r"[（【〔《(\[]*(?:[0-9A-Za-z.,%]+|.)[）】〕》)\]，。、；：]*", re.DOTALL)
_OPERATORS = "≥≤＞＜≧≦><="

_MOST_IN_CELL = 20
_SAMPLE_ROWS = 16
_ROUNDS = 2
_NARROWEST = 6.0
_TOLERANCE = 0.6

_WRAP_WITH_ROOM = 8.0
_WRAP_OVER_GAP = 1.5
_TOO_WIDE = 8.0
_BLANK_SEPARATES = 6.0
_BLANK_AT_NUMBER_CUT = 0.5
_BROKEN_CELL_SHARES_LINE = 5.0
_CUT_AT_FULL_LINE = 0.4
_EMPTY_VALUE = 4.0
_EMPTY_CELL = 16.0
_LOOKS_LIKE_TARGET = -2.0
_KNOWN_BASIS = -2.0


@dataclass(frozen=True, slots=True)
class Piece:
    """A run without blanks. `line` counts printed lines, `gap` says that blank ones precede it."""

    start: int
    end: int
    text: str
    line: int
    gap: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """What can be said of some pieces as one cell before any width is known.

    `needs` holds, for each break inside, the width that the broken line and what follows it would
    have needed: in a wider column the break had room. `cut` is the same for the line at the end.
    """

    cost: float
    needs: tuple[float, ...]
    lines: tuple[float, ...]
    cut: float | None
    text: str
    is_target: bool


@dataclass(slots=True)
class Layout:
    """What one document teaches about its tables: column widths, and bases that return."""

    widths: dict[Column, float] = field(default_factory=dict)
    bases: set[str] = field(default_factory=set)


class Row:
    """The pieces of one row, with the shapes of its possible cells."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.pieces = tuple(pieces)
        self._shapes: dict[tuple[int, int], _Shape] = {}

    def cut(self, layout: Layout) -> tuple[float, tuple[int, ...]]:
        """The least cost, and the five positions that cut the pieces into CELLS for it."""
        count = len(self.pieces)
        best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, (0,))}
        for column in CELLS:
            reached: dict[int, tuple[float, tuple[int, ...]]] = {}
            for first, (cost, cut) in best.items():
                last = min(count, first + _MOST_IN_CELL)
                for end in (count,) if column is CELLS[-1] else range(first, last + 1):
                    total = cost + self._cost(first, end, column, layout)
                    if end not in reached or total < reached[end][0]:
                        reached[end] = (total, (*cut, end))
            best = reached
        return best[count]

    def _cost(self, first: int, end: int, column: Column, layout: Layout) -> float:
        if first == end:
            return _EMPTY_VALUE if column is Column.VALUE else _EMPTY_CELL
        shape = self._shapes.get((first, end))
        if shape is None:
            shape = self._shapes[first, end] = _shape(self.pieces, first, end)
        cost = shape.cost
        width = layout.widths.get(column)
        if width is not None:
            cost += _WRAP_WITH_ROOM * sum(need <= width for need in shape.needs)
            cost += _TOO_WIDE * sum(line > width + _TOLERANCE for line in shape.lines)
            cost += _CUT_AT_FULL_LINE * (shape.cut is not None and shape.cut > width)
        if column is Column.VALUE:
            cost += _LOOKS_LIKE_TARGET * shape.is_target
        elif column is Column.BASIS:
            cost += _KNOWN_BASIS * (shape.text in layout.bases)
        return cost


def _shape(pieces: Sequence[Piece], first: int, end: int) -> _Shape:
    cost = _edge_cost(pieces, first, end)
    needs, lines = [], []
    line = ""
    for index in range(first, end):
        piece = pieces[index]
        line += (" " if line else "") + piece.text
        if index + 1 == end:
            break
        following = pieces[index + 1]
        if piece.line == following.line:
            separate = _is_han(piece.text[-1]) and _is_han(following.text[0])
            cost += _BLANK_SEPARATES * (separate or following.text[0] in _OPERATORS)
        else:
            cost += _WRAP_OVER_GAP * following.gap
            lines.append(_width(line))
            needs.append(lines[-1] + _unit_width(following))
            line = ""
    lines.append(_width(line))
    ends_line = end < len(pieces) and pieces[end].line != pieces[end - 1].line
    text = "".join(piece.text for piece in pieces[first:end])
    return _Shape(
        cost,
        tuple(needs),
        tuple(lines),
        lines[-1] + _unit_width(pieces[end]) if ends_line else None,
        text,
        parse_target(text).kind not in ("qualitative", "empty"),
    )


def _edge_cost(pieces: Sequence[Piece], first: int, end: int) -> float:
    """A cell broken over lines shares none of them with a neighbour."""
    cost = 0.0
    broken = pieces[first].line != pieces[end - 1].line
    if broken and first and pieces[first - 1].line == pieces[first].line:
        cost += _BROKEN_CELL_SHARES_LINE
    if end < len(pieces) and pieces[end - 1].line == pieces[end].line:
        cost += _BROKEN_CELL_SHARES_LINE * broken
        if not (_is_han(pieces[end - 1].text[-1]) and _is_han(pieces[end].text[0])):
            cost += _BLANK_AT_NUMBER_CUT
    return cost


def _unit_width(piece: Piece) -> float:
    unit = _UNIT.match(piece.text)
    return _width(unit[0] if unit else "")


def _width(text: str) -> float:
    """In half-width characters. The blank that a converter puts beside a number is narrow."""
    return sum(0.5 if char == " " else 2 if ord(char) > 0x2E7F else 1 for char in text)


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or char in "（）《》、，。"


def learn(rows: Sequence[Row]) -> Layout:
    """The widths, one column after another, that make the cuts of a sample cost least."""
    sample = rows[:: ceil(len(rows) / _SAMPLE_ROWS) or 1]
    layout = Layout()
    candidates = _candidates(sample)
    if not candidates:
        return layout
    for _ in range(_ROUNDS):
        layout.bases = _repeated_bases(sample, [row.cut(layout)[1] for row in sample])
        for column in CELLS:
            costs = {}
            for width in candidates:
                layout.widths[column] = width
                costs[width] = sum(row.cut(layout)[0] for row in sample)
            layout.widths[column] = min(costs, key=lambda width: (costs[width], width))
    return layout


def _candidates(rows: Sequence[Row]) -> list[float]:
    """Widths of whole printed lines: a column is as wide as its fullest line."""
    widths: set[float] = set()
    for row in rows:
        for _, line in groupby(row.pieces, key=lambda piece: piece.line):
            texts = [piece.text for piece in line]
            widths.update(float(ceil(_width(" ".join(texts[i:])))) for i in range(len(texts)))
    return sorted(w for w in widths if w >= _NARROWEST)


def _repeated_bases(rows: Sequence[Row], cuts: Sequence[tuple[int, ...]]) -> set[str]:
    counted = Counter(
        "".join(piece.text for piece in row.pieces[cut[-2] : cut[-1]])
        for row, cut in zip(rows, cuts, strict=True)
    )
    return {text for text, count in counted.items() if count > 1}
