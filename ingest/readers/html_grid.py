"""Cells of an HTML table to a grid: rowspan and colspan as browsers lay them out.

Only columns in which some cell begins are columns: colspan="100000" over six columns covers six.
"""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field

from ingest.limits import Limits
from ingest.readers.writing import ABOVE, EMPTY, LEFT, GridCell, check_cells

_MOST_COLUMNS = 1000  # of one cell, as the HTML standard has it
_MOST_ROWS = 65534


@dataclass(frozen=True, slots=True)
class Spanning:
    """One cell as written. `rows` is 0 where it reaches to the end of its row group."""

    text: str
    rows: int = 1
    columns: int = 1


@dataclass(slots=True)
class RowCells:
    """One row as written; rows of different `group` (thead, tbody) share no cell."""

    group: int
    cells: list[Spanning] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A cell from column `start` to before `end`; `last` is the last row that it reaches."""

    start: int
    end: int
    last: float
    text: str


_Line = tuple[list[_Placed], list[_Placed]]  # cells that begin in a row; those that hang into it


def span(value: str | None, rows: bool) -> int:
    """The number in a rowspan or colspan attribute, in bounds; 1 where it is none."""
    digits = (value or "").strip()[:8]
    if not (digits.isascii() and digits.isdigit()):
        return 1
    if rows:
        return min(int(digits), _MOST_ROWS)
    return max(1, min(int(digits), _MOST_COLUMNS))


def grid(
    rows: Iterable[RowCells], name: str, limits: Limits, before: int = 0
) -> list[list[GridCell]]:
    """Rows of one width. `before` counts the cells of earlier tables; raises TooLarge."""
    lines = _place(rows, name, limits, before)
    starts = sorted({cell.start for began, _ in lines for cell in began})
    check_cells(before + len(starts) * len(lines), name, limits)
    return [_fill(line, starts) for line in lines]


def _place(rows: Iterable[RowCells], name: str, limits: Limits, before: int) -> list[_Line]:
    lines: list[_Line] = []
    open_cells: list[_Placed] = []
    group = 0
    for number, row in enumerate(rows):
        if row.group != group:
            open_cells, group = [], row.group
        hanging = [cell for cell in open_cells if cell.last >= number]
        if not row.cells and not hanging:
            continue
        began = _begin(row.cells, hanging, number)
        lines.append((began, hanging))
        before += len(began) + len(hanging)
        check_cells(before, name, limits)
        open_cells = sorted(hanging + began, key=_start)
    return lines


def _begin(cells: list[Spanning], hanging: list[_Placed], number: int) -> list[_Placed]:
    """Each cell takes the next free column, and ends where one from above is in its way."""
    placed = []
    column = taken = 0
    for cell in cells:
        while taken < len(hanging) and hanging[taken].start <= column:
            column = max(column, hanging[taken].end)
            taken += 1
        end = column + cell.columns
        if taken < len(hanging):
            end = min(end, hanging[taken].start)
        last = number + cell.rows - 1 if cell.rows else float("inf")
        placed.append(_Placed(column, end, last, cell.text))
        column = end
    return placed


def _start(cell: _Placed) -> int:
    return cell.start


def _fill(line: _Line, starts: list[int]) -> list[GridCell]:
    began, hanging = line
    row = [EMPTY] * len(starts)
    for cell in hanging:
        first, end = bisect_left(starts, cell.start), bisect_left(starts, cell.end)
        row[first:end] = [ABOVE, *[LEFT] * (end - first - 1)]
    for cell in began:
        first, end = bisect_left(starts, cell.start), bisect_left(starts, cell.end)
        row[first:end] = [GridCell(cell.text), *[LEFT] * (end - first - 1)]
    return row
