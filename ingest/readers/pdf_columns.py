"""Tables without drawn sides: what stands in rows under one another with gaps between.

CASE 1  青禾县   110.5   20 ⏎ 云岭县   220   30 ⏎ 白石区   1,330   40: three columns
CASE 2  (nothing)   和管护的间数 below such a row: the cell goes on
CASE 3  a sentence across the gaps: no row, and the table ends
"""

from collections.abc import Sequence
from itertools import pairwise

from ingest.readers.pdf_joining import Table
from ingest.readers.pdf_text import Line, rejoined
from ingest.readers.writing import EMPTY, GridCell

_FEWEST_COLUMNS = 3
_FEWEST_ROWS = 3
_FILLED = 0.6  # of the places of a table, at least
_NEXT = 2.5  # lines: what stands farther below is another block
_GAP = 0.5  # of the size of the text, between two columns at least


def with_tables(rows: Sequence[Sequence[Line]]) -> list[Line | Table]:
    """Rows of pieces as they stand on the page, from the top down: tables and lines."""
    result: list[Line | Table] = []
    start = 0
    while start < len(rows):
        end = _reach(rows, start)
        table = _table(rows[start:end])
        if table is None:
            end = start + 1
            result.extend(rejoined(rows[start]))
        else:
            result.append(table)
        start = end
    return result


def _reach(rows: Sequence[Sequence[Line]], start: int) -> int:
    """Where the rows end that may belong to the table that begins here."""
    if len(rows[start]) < _FEWEST_COLUMNS:
        return start
    columns = _columns(rows[start])
    for number in range(start + 1, len(rows)):
        row = rows[number]
        if row[0].y - rows[number - 1][0].y > _NEXT * row[0].size:
            return number
        wider = _columns(columns, row)
        if len(wider) < _FEWEST_COLUMNS or any(_crosses(piece, columns) for piece in row):
            return number
        columns = wider
    return len(rows)


_Column = tuple[float, float]


def _columns(*parts: Sequence[Line] | Sequence[_Column]) -> list[_Column]:
    spans = sorted((p.x0, p.x1) if isinstance(p, Line) else p for part in parts for p in part)
    merged: list[_Column] = []
    for low, high in spans:
        if merged and low <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(merged[-1][1], high)
        else:
            merged.append((low, high))
    return merged


def _crosses(piece: Line, columns: Sequence[_Column]) -> bool:
    return sum(piece.x0 < high and piece.x1 > low for low, high in columns) > 1


def _table(rows: Sequence[Sequence[Line]]) -> Table | None:
    full = [row for row in rows if len(row) >= _FEWEST_COLUMNS]
    if len(full) < _FEWEST_ROWS:
        return None
    columns = _columns(*rows)
    gap = _GAP * rows[0][0].size
    if len(columns) < _FEWEST_COLUMNS or any(b[0] - a[1] < gap for a, b in pairwise(columns)):
        return None
    if sum(map(len, full)) < _FILLED * len(full) * len(columns):
        return None
    cells: list[list[str]] = []
    for row in rows:
        texts = [""] * len(columns)
        for piece in row:
            place = next(i for i, (low, high) in enumerate(columns) if low <= piece.x0 <= high)
            texts[place] += piece.text
        if cells and not texts[0]:
            cells[-1] = [above + below for above, below in zip(cells[-1], texts, strict=True)]
        else:
            cells.append(texts)
    sides = [(a[1] + b[0]) / 2 for a, b in pairwise(columns)]
    closed = (False,) * len(columns)
    grid = [[GridCell(text) if text else EMPTY for text in row] for row in cells]
    return Table((columns[0][0], *sides, columns[-1][1]), grid, closed, closed)
