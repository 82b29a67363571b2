"""Where a fact was read: the place in the source that a person can check."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A span of one document's source text.

    `start` and `end` count characters of the source text as the reader produced it (for txt: the
    decoded file without its byte order mark, line ends as they stand), and
    ``source[start:end] == raw``. `line`, `page`, `table`, `row` and `column` count from 1 and are
    None where the format has no such thing. `field` names the property that the span supports.
    """

    document: str
    raw: str
    start: int
    end: int
    field: str | None = None
    page: int | None = None
    line: int | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
