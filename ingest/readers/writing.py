"""The source text of formats that have none of their own: paragraphs and grids, written in order.

A paragraph is a line, a table cell a line that begins with a tab, and a blank line stands between
two rows; the cells of every table point into the text.
"""

import io
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from graph.model import Warning
from ingest.blocks import CellRows, Covered, RawTable, SourceText
from ingest.errors import TooLarge
from ingest.limits import Limits


class GridCell(NamedTuple):
    """What stands at one place of a grid; `text` is empty where another cell covers it."""

    text: str
    covered: Covered = ""


EMPTY = GridCell("")
LEFT = GridCell("", "left")
ABOVE = GridCell("", "above")


class SourceWriter:
    """Text and tables of one document, in the order in which they are written."""

    def __init__(self, document: str) -> None:
        self._document = document
        self._text = io.StringIO()
        self._length = 0
        self._tables: list[RawTable] = []

    def paragraphs(self, text: str) -> None:
        """Lines of running text. A tab in them would make them cells: it becomes a blank."""
        if text:
            self.line(text.replace("\t", " "))

    def line(self, text: str) -> None:
        """A line as it is, where the format has cells of its own and a tab makes none."""
        self._write(text + "\n")

    def table(self, rows: Iterable[Sequence[GridCell]]) -> None:
        """Rows of one width; a table without cells is none."""
        written = CellRows()
        for row in rows:
            if row:
                self._row(row, written)
        self._end_table(written)

    def finish(self, warnings: tuple[Warning, ...] = ()) -> SourceText:
        text = self._text.getvalue()
        return SourceText(self._document, text, tuple(self._tables), warnings, has_lines=False)

    def _end_table(self, written: CellRows) -> None:
        if written:
            self._tables.append(RawTable(len(self._tables) + 1, written))

    def _row(self, row: Sequence[GridCell], written: CellRows) -> None:
        pieces = []
        at = self._length
        for text, covered in row:
            if covered:
                written.add(at, at, covered)
            else:
                pieces.append("\t" + text.replace("\t", " ") + "\n")
                written.add(at + 1, at + 1 + len(text))
                at += len(text) + 2
        written.end_row()
        self._write("".join(pieces) + "\n")

    def _write(self, text: str) -> None:
        self._text.write(text)
        self._length += len(text)


def check_cells(count: int, name: str, limits: Limits) -> None:
    """Raises TooLarge for more cells than the limit, before a grid of them is built."""
    if count > limits.max_table_cells:
        raise TooLarge(
            f"{name}：表格超过 {limits.max_table_cells} 格的上限（max_table_cells）；"
            "请拆分文件，或在设置 JIPU_MAX_TABLE_CELLS 中放宽。"
        )
