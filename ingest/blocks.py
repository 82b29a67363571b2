"""What every reader produces: the source text, and the paragraphs and tables found in it.

All places are character offsets into `SourceText.text`, so that evidence of every format reads
``text[start:end] == raw``.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from graph.evidence import Evidence
from graph.model import Text, Warning
from graph.values.text import fold
from ingest.clean import without_bookmarks


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the converter left it; an empty one has start == end."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class RawTable:
    """Rows as they stand in the source. A cell merged into the one above or before is empty."""

    number: int
    rows: tuple[tuple[Cell, ...], ...]

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
    told by table and row.
    """

    document: str
    text: str
    tables: tuple[RawTable, ...] = ()
    warnings: tuple[Warning, ...] = ()
    has_lines: bool = True

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
            line=self.line(start) if self.has_lines else None,
            table=table,
            row=row,
            column=column,
        )

    def cell(self, start: int, end: int, field: str | None = None, **place: int | None) -> Text:
        """The span as a folded Text; the converter's bookmarks are no part of the value."""
        evidence = self.evidence(start, end, field, **place)
        return Text(value=fold(without_bookmarks(evidence.raw)), evidence=evidence)
