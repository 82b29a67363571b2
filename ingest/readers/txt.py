"""Plain text, as converters dump Word: a line that begins with a tab is a table cell.

\t项目编码            a cell for each line that begins with a tab
\t13020925P0000…      and a blank line between two rows
                      a cell goes on over lines that do not begin with a tab
一级指标\t二级指标\t…   or one row a line, cells between tabs
"""

import re
from dataclasses import dataclass

from graph.model import Warning
from ingest.blocks import Cell, RawTable, SourceText
from ingest.clean import BOOKMARK
from ingest.encoding import decode

# A contents line ends in its page number: "1.招商经费绩效目标表\t17"
CONTENTS_LINE = re.compile(r"^[^\t\n]*\S[ \t.…·]*\t\s*\d{1,4}\s*$")
_FEWEST_CELLS_IN_A_LINE = 3


def read_txt(content: bytes, name: str, document: str) -> SourceText:
    """Raises UnsupportedFormat or UnknownEncoding."""
    text, cut = decode(content, name)
    warnings: tuple[Warning, ...] = ()
    if cut:
        warnings = (
            Warning(code="cut_off", message=f"{name}：文件在一个汉字中间断开，末尾可能缺失内容。"),
        )
    return SourceText(document, text, tuple(_tables(text)), warnings)


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    text: str


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(_Line(start, line.rstrip("\r\n")))
        start += len(line)
    return lines


def _tables(text: str) -> list[RawTable]:
    tables: list[RawTable] = []
    rows: list[tuple[Cell, ...]] = []
    row: list[Cell] = []
    after_blank = False

    def end_row() -> None:
        if row:
            rows.append(tuple(row))
            row.clear()

    def end_table() -> None:
        end_row()
        if rows:
            tables.append(RawTable(len(tables) + 1, tuple(rows)))
            rows.clear()

    for line in _lines(text):
        if not line.text.strip(" \u3000\t\f\v") and not line.text.startswith("\t"):
            # Blank, or white space inside a cell: either may end a row, a repair decides later.
            after_blank = True
            continue
        if line.text.startswith("\t") and not (rows and not row and _goes_on(text, line, rows[-1])):
            if after_blank:
                end_row()
            row.extend(_cells(line.start + 1, line.text[1:]))
        elif (
            len(fields := line.text.split("\t")) >= _FEWEST_CELLS_IN_A_LINE
            and sum(bool(field.strip()) for field in fields) >= _FEWEST_CELLS_IN_A_LINE - 1
        ):
            end_row()
            row.extend(_cells(line.start, line.text))
            end_row()
        elif row and not after_blank and not BOOKMARK.match(line.text):
            row[-1] = Cell(row[-1].start, line.start + len(line.text))
        else:
            end_table()
        after_blank = False
    end_table()
    return tables


def _goes_on(text: str, line: _Line, above: tuple[Cell, ...]) -> bool:
    """A row of a table with one row a line, whose first cell is empty: \\t青禾县\\t100.

    The row above tells: in a dump of cells it would begin with a tab of its own.
    """
    start = above[0].start
    one_line = start == 0 or text[start - 1] == "\n"
    return one_line and line.text.rstrip("\t").count("\t") + 1 >= _FEWEST_CELLS_IN_A_LINE


def _cells(start: int, text: str) -> list[Cell]:
    """Cells of one line; tabs at its end are a converter's padding, not cells."""
    cells = []
    for field in text.rstrip("\t").split("\t"):
        cells.append(Cell(start, start + len(field)))
        start += len(field) + 1
    return cells
