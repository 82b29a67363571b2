"""Tables over pages: which go on, and how their rows and cells are put together again.

CASE 1  the same column lines: the rows go on
CASE 2  总分 | 100 | 96.15 alone on the last page: fewer lines, all of them known; cells are merged
CASE 3  the heading printed again: left out
CASE 4  no line where the page cuts a cell, 满意度指 ⏎ 标: the two parts are one cell
CASE 5  项目名称 at the top of both, but of another project: a table of its own
CASE 6  lines drawn around both parts of a cut row: its first cells are empty below
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.writing import ABOVE, LEFT, GridCell

_NEAR = 8.0  # points between the column lines of two pages
_HIGHEST = 50  # rows among which a heading stands
_LATELY = 8  # rows that tell what every row fills
_MOST_HEADINGS = 5  # rows of a heading that is printed again


@dataclass(slots=True)
class Table:
    """Rows of one width between the column lines `xs`.

    `open_top` and `open_bottom` say for each column whether the page cuts its cell.
    """

    xs: tuple[float, ...]
    rows: list[list[GridCell]]
    open_top: tuple[bool, ...]
    open_bottom: tuple[bool, ...]


def continues(table: Table, following: Table) -> bool:
    """Whether the columns agree: one side may have fewer, where cells of it are merged."""
    if not _meet(table.xs[0], following.xs[0]) or not _meet(table.xs[-1], following.xs[-1]):
        return False
    if _begins_anew(table.rows[0], following.rows[0]):
        return False
    few, many = sorted((table.xs, following.xs), key=len)
    return _columns(few, many) is not None


def _begins_anew(head: Sequence[GridCell], first: Sequence[GridCell]) -> bool:
    """项目名称 | 公厕改造 on one page, 项目名称 | 农村饮水 on the next: two forms."""
    return bool(head[0].text) and head[0] == first[0] and head != first


def heading_again(table: Table, following: Table) -> int:
    """How many rows at the top of `following` repeat a heading of `table`."""
    rows = following.rows
    for start in range(min(len(table.rows), _HIGHEST)):
        again = 0
        while (
            again < min(_MOST_HEADINGS, len(rows))
            and start + again < len(table.rows)
            and rows[again] == table.rows[start + again]
            and sum(bool(cell.text) for cell in rows[again]) > 1
        ):
            again += 1
        if again:
            return again
    return 0


def join(table: Table, following: Table) -> None:
    """Add the rows of the following page to a table that it continues."""
    if len(table.xs) != len(following.xs):
        few, many = sorted((table, following), key=lambda one: len(one.xs))
        _widen(few, many.xs)
    again = heading_again(table, following)
    rows = following.rows[again:]
    if rows:
        cut = [] if again else [_cut(table, following, c) for c in range(len(rows[0]))]
        table.rows.extend(_continuation(table.rows, rows, cut))
    table.open_bottom = following.open_bottom


def _cut(table: Table, following: Table, column: int) -> bool:
    return table.open_bottom[column] and following.open_top[column]


def _meet(a: float, b: float) -> bool:
    return abs(a - b) <= _NEAR


def _columns(few: Sequence[float], many: Sequence[float]) -> list[int] | None:
    """At which lines of `many` those of `few` stand; None where one stands nowhere."""
    found: list[int] = []
    for x in few:
        nearest = min(range(len(many)), key=lambda i: abs(many[i] - x))
        if not _meet(many[nearest], x) or (found and nearest <= found[-1]):
            return None
        found.append(nearest)
    return found


def _widen(table: Table, xs: tuple[float, ...]) -> None:
    """Cells that reach over several columns of `xs` become merged ones."""
    lines = _columns(table.xs, xs) or []
    widths = [b - a for a, b in pairwise(lines)]
    table.rows = [_widened(row, widths) for row in table.rows]
    table.open_top = tuple(_repeated(table.open_top, widths))
    table.open_bottom = tuple(_repeated(table.open_bottom, widths))
    table.xs = xs


def _widened(row: Sequence[GridCell], widths: Sequence[int]) -> list[GridCell]:
    result = []
    for cell, width in zip(row, widths, strict=True):
        rest = ABOVE if cell == ABOVE else LEFT
        result += [cell, *[rest] * (width - 1)]
    return result


def _repeated(sides: Iterable[bool], widths: Sequence[int]) -> Iterable[bool]:
    for side, width in zip(sides, widths, strict=True):
        yield from [side] * width


def _continuation(
    above: list[list[GridCell]], rows: list[list[GridCell]], cut: Sequence[bool]
) -> list[list[GridCell]]:
    """The rows below; a cut row or cell is joined to its upper part."""
    first = rows[0]
    broken = not any(cut) and _is_broken(above, first)
    parts = [is_cut or broken for is_cut in cut] or [broken] * len(first)
    for column, cell in enumerate(first):
        if parts[column] and cell.text:
            _append(above, column, cell.text)
    if all(part or cell.covered for part, cell in zip(parts, first, strict=True)):
        return rows[1:]
    first = [ABOVE if part else cell for part, cell in zip(parts, first, strict=True)]
    leading = next((i for i, cell in enumerate(first) if cell.text), len(first))
    return [[*[ABOVE] * leading, *first[leading:]], *rows[1:]]


def _append(above: list[list[GridCell]], column: int, text: str) -> None:
    """Write on in the cell at the lower end of a column; Excel prints a cut text in both parts."""
    row = len(above) - 1
    while row and above[row][column] == ABOVE:
        row -= 1
    while column and above[row][column] == LEFT:
        column -= 1
    if above[row][column].text != text:
        above[row][column] = GridCell(above[row][column].text + text)


def _is_broken(above: Sequence[Sequence[GridCell]], first: Sequence[GridCell]) -> bool:
    """The first cells are empty, and so is one that every row fills, or half of the row above."""
    leading = next((i for i, cell in enumerate(first) if cell.text), len(first))
    if not leading:
        return False
    lacks = any(
        not first[column].text and _always_filled(above[-_LATELY:], column)
        for column in range(leading, len(first))
    )
    return lacks or 2 * _filled(first) <= _filled(above[-1])


def _always_filled(rows: Sequence[Sequence[GridCell]], column: int) -> bool:
    cells = [row[column] for row in rows if not row[column].covered]
    return len(cells) > 1 and all(cell.text for cell in cells)


def _filled(row: Sequence[GridCell]) -> int:
    return sum(bool(cell.text) for cell in row)
