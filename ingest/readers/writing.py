"""The source text of formats that have none of their own: paragraphs and grids, written in order.

A paragraph is a line, a table cell a line that begins with a tab, and a blank line stands between
two rows; the cells of every table point into the text.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from graph.model import Warning
from ingest.blocks import Cell, RawTable, SourceText
from ingest.errors import TooLarge
from ingest.limits import Limits

Covered = Literal["", "left", "above"]


@dataclass(frozen=True, slots=True)
class GridCell:
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
        self._parts: list[str] = []
        self._length = 0
        self._tables: list[RawTable] = []

    def paragraphs(self, text: str) -> None:
        """Lines of running text. A tab in them would make them cells: it becomes a blank."""
        if text:
            self._write(text.replace("\t", " ") + "\n")

    def table(self, rows: Iterable[Sequence[GridCell]]) -> None:
        """Rows of one width; a table without cells is none."""
        written = tuple(self._row(row) for row in rows if row)
        if written:
            self._tables.append(RawTable(len(self._tables) + 1, written))

    def finish(self, warnings: tuple[Warning, ...] = ()) -> SourceText:
        text = "".join(self._parts)
        return SourceText(self._document, text, tuple(self._tables), warnings, has_lines=False)

    def _row(self, row: Sequence[GridCell]) -> tuple[Cell, ...]:
        cells = []
        for cell in row:
            text = cell.text.replace("\t", " ")
            start = self._length if cell.covered else self._write(f"\t{text}\n") + 1
            cells.append(Cell(start, start + len(text), cell.covered))
        self._write("\n")
        return tuple(cells)

    def _write(self, text: str) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start


def check_cells(count: int, name: str, limits: Limits) -> None:
    """Raises TooLarge for more cells than the limit, before a grid of them is built."""
    if count > limits.max_table_cells:
        raise TooLarge(
            f"{name}：表格超过 {limits.max_table_cells} 格的上限（max_table_cells）；"
            "请拆分文件，或在设置 JIPU_MAX_TABLE_CELLS 中放宽。"
        )
