"""Tables of Markdown in a plain text: rows between pipes below a heading and a line of dashes.

| 一级指标 | 二级指标 |      the text stays as it is; the cells point into it
| -------- | :------: |
| 产出指标 | 数量指标 |
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from ingest.blocks import Cell, RawTable, SourceText
from ingest.limits import Limits
from ingest.readers.writing import check_cells

# | --- | :-: |   a-line of dashes between pipes          not: |   |   |, ----, | a | --- |
_DASHES = re.compile(r"[ \u3000]*\|?(?:[ ]*:?-+:?[ ]*\|)+(?:[ ]*:?-+:?)?[ ]*", re.ASCII)
# A pipe that no backslash makes a letter of the text
_PIPE = re.compile(r"(?<!\\)\|")


def with_pipe_tables(source: SourceText, name: str, limits: Limits) -> SourceText:
    """The source with its pipe tables added to those it has. Raises TooLarge."""
    if "|" not in source.text or "-|" not in source.text.replace(" ", "").replace(":", ""):
        return source
    found = [*source.tables, *_tables(source.text, name, limits)]
    if len(found) == len(source.tables):
        return source
    ordered = sorted(found, key=lambda table: table.start)
    return replace(
        source,
        tables=tuple(replace(table, number=n) for n, table in enumerate(ordered, start=1)),
    )


def _tables(text: str, name: str, limits: Limits) -> Iterator[RawTable]:
    rows: list[list[Cell]] = []
    before: list[Cell] = []
    count = start = 0
    for line in text.splitlines(keepends=True):
        printed = line.rstrip("\r\n")
        cells = _cells(printed, start) if "|" in printed else []
        start += len(line)
        if rows and cells:
            rows.append(cells)
        elif rows:
            count += len(rows) * max(map(len, rows))
            check_cells(count, name, limits)
            yield _table(rows)
            rows = []
        elif before and len(before) == len(cells) and _DASHES.fullmatch(printed):
            rows = [before]
        before = cells
    if rows:
        check_cells(count + len(rows) * max(map(len, rows)), name, limits)
        yield _table(rows)


def _cells(line: str, start: int) -> list[Cell]:
    """The cells of one line, without the blanks around them."""
    bars = [found.start() for found in _PIPE.finditer(line)]
    edges = [-1, *bars, len(line)]
    cells = []
    for left, right in pairwise(edges):
        raw = line[left + 1 : right]
        text = raw.strip()
        at_edge = left < 0 or right == len(line)
        if text or not at_edge:
            first = left + 1 + (raw.index(text) if text else 0)
            cells.append(Cell(start + first, start + first + len(text)))
    return cells


def _table(rows: list[list[Cell]]) -> RawTable:
    width = max(map(len, rows))
    full = [[*row, *[Cell(row[-1].end, row[-1].end)] * (width - len(row))] for row in rows]
    return RawTable(1, tuple(map(tuple, full)))
