"""What every reader produces: the source text, and the paragraphs and tables found in it.

All places are character offsets into `SourceText.text`, so that evidence of every format reads
``text[start:end] == raw``.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from graph.evidence import Evidence
from graph.model import Text, Warning
from graph.values.text import fold
from graph.values.traditional import simplify
from ingest.clean import without_marks


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the converter left it; an empty one has start == end.

    `covered` says that the cell belongs to a merged one: to that on its "left", or to that "above".
    """

    start: int
    end: int
    covered: Literal["", "left", "above"] = ""


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows as they stand in the source.

    Where the format knows its grid (Word, Excel, HTML), all rows have one width: a merged cell
    stands at its first row and column, and the others that it covers are empty. `sheet` is the
    name of an Excel sheet.
    """

    number: int
    rows: tuple[tuple[Cell, ...], ...]
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
