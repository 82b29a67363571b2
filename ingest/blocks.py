"""What every reader produces: the source text, and the paragraphs and tables found in it.

All places are character offsets into `SourceText.text`, so that evidence of every format reads
``text[start:end] == raw``.
"""

from array import array
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, TypeAlias, overload

from graph.evidence import Evidence
from graph.model import Text, Warning
from graph.values.text import fold
from graph.values.traditional import simplify
from ingest.clean import without_marks

Covered: TypeAlias = Literal["", "left", "above"]

_COVERED: tuple[Covered, ...] = ("", "left", "above")
_MADE_ROWS = 64


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the converter left it; an empty one has start == end.

    `covered` says that the cell belongs to a merged one: to that on its "left", or to that "above".
    """

    start: int
    end: int
    covered: Covered = ""


class CellRows(Sequence[tuple[Cell, ...]]):
    """Rows of cells kept as offsets, nine bytes a cell; a Cell is made when its row is asked for.

    A sheet has millions of cells: as objects they would take ten times the memory of their text.
    A slice is a view; rows that are added later are no part of it.
    """

    __slots__ = ("_bounds", "_covered", "_ends", "_made", "_starts", "_view")

    def __init__(self) -> None:
        self._starts = array("I")
        self._ends = array("I")
        self._covered = bytearray()
        self._bounds = array("I", [0])
        self._view: range | None = None
        self._made: dict[int, tuple[Cell, ...]] = {}

    def add(self, start: int, end: int, covered: Covered = "") -> None:
        """The next cell of the row that is being written."""
        self._starts.append(start)
        self._ends.append(end)
        self._covered.append(_COVERED.index(covered))

    def end_row(self) -> None:
        self._bounds.append(len(self._starts))

    @property
    def _rows(self) -> range:
        return range(len(self._bounds) - 1) if self._view is None else self._view

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, index: int) -> tuple[Cell, ...]: ...

    @overload
    def __getitem__(self, index: slice) -> "CellRows": ...

    def __getitem__(self, index: int | slice) -> "tuple[Cell, ...] | CellRows":
        if isinstance(index, slice):
            part = CellRows.__new__(CellRows)
            part._starts, part._ends = self._starts, self._ends
            part._covered, part._bounds = self._covered, self._bounds
            part._view, part._made = self._rows[index], {}
            return part
        return self._row(self._rows[index])

    def _row(self, number: int) -> tuple[Cell, ...]:
        """A row is asked for many times in turn, and then no more: the last ones are kept."""
        row = self._made.get(number)
        if row is None:
            if len(self._made) >= _MADE_ROWS:
                self._made.clear()
            cells = slice(self._bounds[number], self._bounds[number + 1])
            covered = (_COVERED[code] for code in self._covered[cells])
            row = tuple(map(Cell, self._starts[cells], self._ends[cells], covered))
            self._made[number] = row
        return row


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows as they stand in the source.

    Where the format knows its grid (Word, Excel, HTML), all rows have one width: a merged cell
    stands at its first row and column, and the others that it covers are empty. `sheet` is the
    name of an Excel sheet.
    """

    number: int
    rows: Sequence[tuple[Cell, ...]]
    sheet: str | None = None

    def printed(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows as a text dump has them: without what a cell on the left covers."""
        return tuple(tuple(c for c in row if c.covered != "left") for row in self.rows)

    @property
    def start(self) -> int:
        return self.rows[0][0].start

    @property
    def end(self) -> int:
        return self.rows[-1][-1].end


@dataclass(frozen=True)
class SourceText:
    """The text of one file with its tables; whatever is in no table is running text.

    `has_lines` is False where a reader of the original sees no such lines (Word): a place is then
    told by table and row. `pages` are the offsets at which the text of each page begins, none
    where the format has no pages. `by_ocr` says that some of it was read from pictures.
    """

    document: str
    text: str
    tables: tuple[RawTable, ...] = ()
    warnings: tuple[Warning, ...] = ()
    has_lines: bool = True
    pages: tuple[int, ...] = ()
    by_ocr: bool = False

    @cached_property
    def plain(self) -> str:
        """The text in simplified characters, of the same length: what structure is read from."""
        return simplify(self.text)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def line(self, offset: int) -> int:
        """The number of the line that holds the offset, from 1."""
        return bisect_right(self._line_starts, offset)

    def evidence(
        self,
        start: int,
        end: int,
        field: str | None = None,
        *,
        table: int | None = None,
        row: int | None = None,
        column: int | None = None,
    ) -> Evidence:
        """The span as evidence, with the white space at both ends left out."""
        raw = self.text[start:end]
        stripped = raw.strip()
        if stripped:
            start += raw.index(stripped)
        return Evidence(
            document=self.document,
            raw=stripped,
            start=start,
            end=start + len(stripped),
            field=field,
            page=bisect_right(self.pages, start) or None,
            line=self.line(start) if self.has_lines else None,
            table=table,
            row=row,
            column=column,
        )

    def cell(self, start: int, end: int, field: str | None = None, **place: int | None) -> Text:
        """The span as a folded Text; the converter's bookmarks are no part of the value."""
        evidence = self.evidence(start, end, field, **place)
        return Text(value=fold(without_marks(evidence.raw)), evidence=evidence)
