"""Drawn lines to grids: where cells stand, and which of them are merged."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.pdf_page import Edge, Glyph

_NEAR = 5.0  # points: lines that are meant to meet may miss each other by so much
_NEAR_SMALL, _LEAST = 0.4, 0.5  # of the size of the text, where that is less; and never below
_MOST_CROSSING = 2000  # of lines in either direction on one page
_OVERHANG = 4.0  # lines of text that an open cell may hold beyond the last drawn line

Place = tuple[int, int]  # row and column


@dataclass(frozen=True, slots=True)
class Grid:
    """Column lines `xs`, row lines `ys`; `owner[row][column]` is the place of the merged cell.

    `open_top` and `open_bottom` say for each column that no line closes it there: the page cuts
    through the cell.
    """

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    owner: tuple[tuple[Place, ...], ...]
    open_top: tuple[bool, ...]
    open_bottom: tuple[bool, ...]

    def at(self, glyph: Glyph, first: bool = False, last: bool = False) -> Place | None:
        """The row and column that a character stands in; None outside.

        A cell that the page cuts may hold more: the `first` grid of a page above, the `last` below.
        """
        x, y = glyph.middle
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if not 0 <= column < len(self.xs) - 1:
            return None
        if 0 <= row < len(self.ys) - 1:
            return self.owner[row][column]
        beyond = _OVERHANG * glyph.size
        if first and row < 0 and _cut(self.open_top, column) and self.ys[0] - y < beyond:
            return self.owner[0][column]
        if last and row > 0 and _cut(self.open_bottom, column) and y - self.ys[-1] < beyond:
            return self.owner[-1][column]
        return None

    def right(self, place: Place) -> float:
        """The right side of a merged cell."""
        row, column = place
        while column < len(self.owner[row]) and self.owner[row][column] == place:
            column += 1
        return self.xs[column]


def _cut(sides: tuple[bool, ...], column: int) -> bool:
    """Open where others are closed. A table without a line at that side is only drawn so."""
    return sides[column] and not all(sides)


def find_grids(edges: Sequence[Edge], size: float = 10.0) -> list[Grid]:
    """Grids of two cells or more, from the top down, on a page whose text has the size."""
    near = max(_LEAST, min(_NEAR, _NEAR_SMALL * size))
    flat = _merged([(e.y0, e.x0, e.x1) for e in edges if e.flat], near)
    upright = _merged([(e.x0, e.y0, e.y1) for e in edges if not e.flat], near)
    if not flat or not upright or max(len(flat), len(upright)) > _MOST_CROSSING:
        return []
    grids = [_grid(*part, near) for part in _components(flat, upright, near)]
    return sorted((g for g in grids if g is not None), key=lambda g: g.ys[0])


_Span = tuple[float, float, float]  # where it stands, from, to


def _merged(spans: list[_Span], near: float) -> list[_Span]:
    """Pieces of one line put together."""
    result: list[_Span] = []
    for group in _near_groups(spans, near):
        at = sum(s[0] for s in group) / len(group)
        start, end = group[0][1], group[0][2]
        for _, low, high in group[1:]:
            if low <= end + near:
                end = max(end, high)
            else:
                result.append((at, start, end))
                start, end = low, high
        result.append((at, start, end))
    return result


def _near_groups(spans: list[_Span], near: float) -> list[list[_Span]]:
    groups: list[list[_Span]] = []
    for span in sorted(spans):
        if groups and span[0] - groups[-1][0][0] <= near:
            groups[-1].append(span)
        else:
            groups.append([span])
    return [sorted(group, key=lambda s: s[1]) for group in groups]


def _components(
    flat: list[_Span], upright: list[_Span], near: float
) -> list[tuple[list[_Span], list[_Span]]]:
    """Lines that cross, directly or through others."""
    parent = list(range(len(flat) + len(upright)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for i, (y, left, right) in enumerate(flat):
        for j, (x, top, bottom) in enumerate(upright, start=len(flat)):
            if left - near <= x <= right + near and top - near <= y <= bottom + near:
                parent[root(i)] = root(j)
    parts: dict[int, tuple[list[_Span], list[_Span]]] = {}
    for i, span in enumerate(flat):
        parts.setdefault(root(i), ([], []))[0].append(span)
    for j, span in enumerate(upright, start=len(flat)):
        parts.setdefault(root(j), ([], []))[1].append(span)
    return list(parts.values())


def _grid(flat: list[_Span], upright: list[_Span], near: float) -> Grid | None:
    if not flat or not upright:
        return None
    # A table open at its sides ends where its lines end.
    xs = _snap(
        [x for x, _, _ in upright] + [min(s[1] for s in flat), max(s[2] for s in flat)], near
    )
    ys = _snap(
        [y for y, _, _ in flat] + [min(s[1] for s in upright), max(s[2] for s in upright)], near
    )
    columns, rows = len(xs) - 1, len(ys) - 1
    if rows < 1 or columns < 2:
        return None
    right_walls = _walls(upright, xs, ys)
    low_walls = _walls(flat, ys, xs)
    owner: list[list[tuple[int, int] | None]] = [[None] * columns for _ in range(rows)]
    for row in range(rows):
        for column in range(columns):
            if owner[row][column] is None:
                _claim(owner, row, column, right_walls, low_walls)
    whole = tuple(tuple(place or (0, 0) for place in line) for line in owner)
    open_top = tuple((0, column) not in low_walls for column in range(columns))
    open_bottom = tuple((rows, column) not in low_walls for column in range(columns))
    return Grid(tuple(xs), tuple(ys), whole, open_top, open_bottom)


def _ends(spans: list[_Span]) -> tuple[float, float]:
    return min(span[1] for span in spans), max(span[2] for span in spans)


def _snap(values: list[float], near: float) -> list[float]:
    result: list[float] = []
    for value in sorted(values):
        if not result or value - result[-1] > near:
            result.append(value)
    return result


def _walls(spans: list[_Span], at: list[float], along: list[float]) -> set[tuple[int, int]]:
    """(line, gap) pairs: the line at `at[line]` is drawn between along[gap] and along[gap + 1]."""
    walls = set()
    for place, low, high in spans:
        line = min(range(len(at)), key=lambda i: abs(at[i] - place))
        for gap in range(len(along) - 1):
            if low <= (along[gap] + along[gap + 1]) / 2 <= high:
                walls.add((line, gap))
    return walls


def _claim(
    owner: list[list[tuple[int, int] | None]],
    row: int,
    column: int,
    right_walls: set[tuple[int, int]],
    low_walls: set[tuple[int, int]],
) -> None:
    """Give the cell that begins here all places up to the next drawn lines."""
    last = column
    while (
        last + 1 < len(owner[row])
        and owner[row][last + 1] is None
        and (last + 1, row) not in right_walls
    ):
        last += 1
    low = row
    while low + 1 < len(owner) and all(
        (low + 1, c) not in low_walls and owner[low + 1][c] is None for c in range(column, last + 1)
    ):
        low += 1
    for line in range(row, low + 1):
        for place in range(column, last + 1):
            owner[line][place] = (row, column)
