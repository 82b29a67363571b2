"""Grid repair: from the cells a converter left to rows of a goal table.

CASE 1  six cells between two blank lines: one row
CASE 2  a blank line inside a cell, 新建公厕 ¶ ¶ 新建公厕座数: fragments join up to six
CASE 3  the empty cell under a merged 产出指标 is lost, 质量指标 | …: put back in front
CASE 4  white-space cells too many, ≥80 % | ⏎ | 上级要求: left out from the right
CASE 5  the heading printed again after a page break: left out
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.blocks import Cell, RawTable, SourceText
from ingest.vocabulary import COLUMN_HEADINGS, Column, compact, is_level1, is_level2


@dataclass(frozen=True, slots=True)
class GoalRow:
    """One indicator row. `row` counts from 1 within its table, the heading included.

    `repaired` says what had to be mended, "" if nothing; `others` are cells under headings that
    are not known, by heading.
    """

    table: int
    row: int
    cells: dict[Column, Cell]
    repaired: str = ""
    others: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class SplitTable:
    """The head of a project's table, and its indicator rows; `broken` are rows left unread."""

    head: tuple[Cell, ...]
    rows: tuple[GoalRow, ...]
    broken: tuple[Cell, ...] = ()


def split_table(source: SourceText, tables: Sequence[RawTable]) -> SplitTable:
    """Separate head from rows in the tables of one project, and repair the rows."""
    head: list[Cell] = []
    heading: tuple[str, ...] = ()
    rows: list[GoalRow] = []
    broken: list[Cell] = []
    for table in tables:
        body: list[tuple[int, tuple[Cell, ...]]] = []
        for number, cells in enumerate(table.printed(), start=1):
            texts = tuple(compact(source.plain[cell.start : cell.end]) for cell in cells)
            if Column.LEVEL1 in (COLUMN_HEADINGS.get(text) for text in texts):
                heading = texts
            elif heading:
                body.append((number, cells))
            else:
                head.extend(cells)
        for row in _repair(source, table.number, heading, body):
            if isinstance(row, GoalRow):
                rows.append(row)
            else:
                broken.append(row)
    return SplitTable(tuple(head), tuple(rows), tuple(broken))


def _repair(
    source: SourceText,
    table: int,
    heading: tuple[str, ...],
    body: Sequence[tuple[int, tuple[Cell, ...]]],
) -> Iterator[GoalRow | Cell]:
    pending: list[Cell] = []
    first = 0
    for position, (number, cells) in enumerate(body):
        if not pending:
            first = number
        pending.extend(cells)
        following = body[position + 1][1] if position + 1 < len(body) else None
        ends = following is None or _starts_row(source, following)
        if len(pending) < len(heading) and not ends:
            continue
        if any(_printed(source, cell) for cell in pending):
            yield _row(source, table, first, heading, pending)
        pending = []


def _starts_row(source: SourceText, cells: Sequence[Cell]) -> bool:
    texts = [source.plain[cell.start : cell.end] for cell in cells[:2]]
    if len(texts) == 2 and (not texts[0].strip() or is_level1(texts[0])) and is_level2(texts[1]):
        return True
    return bool(texts) and is_level2(texts[0])


def _row(
    source: SourceText,
    table: int,
    number: int,
    heading: tuple[str, ...],
    cells: Sequence[Cell],
) -> GoalRow | Cell:
    """A row of as many cells as the heading, or the span of what cannot be read as one."""
    width = len(heading)
    fitted = list(cells)
    repaired = ""
    if len(fitted) > width:
        repaired = "空白单元格"
        blanks = [i for i, cell in enumerate(fitted) if not _printed(source, cell) and i > 0]
        for index in reversed(blanks[-(len(fitted) - width) :]):
            del fitted[index]
    if len(fitted) == width - 1 and _lacks_level1(source, fitted):
        repaired = "一级指标的空单元格"
        fitted.insert(0, Cell(fitted[0].start, fitted[0].start))
    if len(fitted) != width:
        return Cell(cells[0].start, cells[-1].end)
    known: dict[Column, Cell] = {}
    others = []
    for title, cell in zip(heading, fitted, strict=True):
        column = COLUMN_HEADINGS.get(title)
        if column is None:
            others.append((title, cell))
        else:
            known[column] = cell
    return GoalRow(table, number, known, repaired, tuple(others))


def _lacks_level1(source: SourceText, cells: Sequence[Cell]) -> bool:
    """满意度指标 is a name of both levels: with a level 2 behind it, it is the first."""
    first, second = (source.plain[cell.start : cell.end] for cell in cells[:2])
    return is_level2(first) and not is_level2(second)


def _printed(source: SourceText, cell: Cell) -> bool:
    return bool(source.text[cell.start : cell.end].strip())
