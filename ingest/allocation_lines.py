"""Columns of running text as tables, where a converter left no table.

县区    金额          fields apart by tabs, bars or blanks; a line of headings known by their
青禾县  2000          meaning, then lines that end in a figure
合计    2000
"""

import re
from collections.abc import Iterator

from ingest.allocation_tables import is_figure
from ingest.allocation_words import TOTAL_ROW, AllocationColumn, column_meaning
from ingest.blocks import Cell, RawTable, SourceText
from ingest.parts import Line, lines
from ingest.vocabulary import compact

_FIELD = re.compile(r"[^\s|｜]+")
_MOST_FIELDS = 12
_SIZES = (AllocationColumn.AMOUNT, AllocationColumn.TOTAL)


def line_tables(source: SourceText, start: int) -> Iterator[RawTable]:
    """Runs of lines below a line of headings, behind `start`, outside the tables of the source.

    A line without a figure under a heading of money ends the run.
    """
    heading: list[Cell] | None = None
    rows: list[tuple[Cell, ...]] = []
    for line in _outside_tables(source, start):
        fields = _fields(line)
        row = _row(source, fields, heading) if heading else None
        if row is not None:
            rows.append(row)
            continue
        if len(rows) > 1:
            yield RawTable(0, tuple(rows))
        rows = []
        heading = fields if _is_heading(source, fields) else None
        if heading:
            rows.append(tuple(heading))
    if len(rows) > 1:
        yield RawTable(0, tuple(rows))


def _outside_tables(source: SourceText, start: int) -> Iterator[Line]:
    ends = iter(source.tables)
    table = next(ends, None)
    for line in lines(source, start):
        while table is not None and table.end < line.start:
            table = next(ends, None)
        if table is None or line.end < table.start:
            yield line


def _fields(line: Line) -> list[Cell]:
    return [Cell(line.start + m.start(), line.start + m.end()) for m in _FIELD.finditer(line.text)]


def _text(source: SourceText, cell: Cell) -> str:
    return compact(source.text[cell.start : cell.end])


def _is_heading(source: SourceText, fields: list[Cell]) -> bool:
    if not 2 <= len(fields) <= _MOST_FIELDS:
        return False
    meanings = [column_meaning(_text(source, field)) for field in fields]
    named = AllocationColumn.RECIPIENT in meanings or AllocationColumn.PROJECT in meanings
    return named and any(meaning in _SIZES for meaning in meanings)


def _row(source: SourceText, fields: list[Cell], heading: list[Cell]) -> tuple[Cell, ...] | None:
    """The fields under their headings; what is missing at the end or before a total is empty."""
    meanings = [column_meaning(_text(source, cell)) for cell in heading]
    sizes = [i for i, meaning in enumerate(meanings) if meaning in _SIZES]
    missing = len(heading) - len(fields)
    if len(fields) < 2 or missing < 0:
        return None
    nothing = Cell(fields[-1].end, fields[-1].end)
    if TOTAL_ROW.fullmatch(_text(source, fields[0])) and len(fields) == len(sizes) + 1:
        row = [fields[0], *[Cell(fields[0].end, fields[0].end)] * (len(heading) - 1)]
        for index, field in zip(sizes, fields[1:], strict=True):
            row[index] = field
    else:
        row = [*fields, *[nothing] * missing]
    return tuple(row) if any(is_figure(_text(source, row[i])) for i in sizes) else None
