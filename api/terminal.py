"""Text for a terminal in which a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Iterable, Sequence

WIDTH = 80
_WIDEST = 100
_CLOSING = "，。；：、？！）》〉】〕”’"
"""Never at the beginning of a line (GB/T 15834-2011, 5.1)."""


def display_width(text: str) -> int:
    """Columns: wide characters take two, combining marks none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def pad(text: str, width: int) -> str:
    """Fill with blanks on the right; a longer text stays as it is."""
    return text + " " * (width - display_width(text))


def pad_left(text: str, width: int) -> str:
    """Fill with blanks on the left, for numbers."""
    return " " * (width - display_width(text)) + text


def shorten(text: str, width: int) -> str:
    """At most `width` columns; what was cut shows as …"""
    text = one_line(text)
    if display_width(text) <= width:
        return text
    return _head(text, width - 1) + "…"


def one_line(text: str) -> str:
    """Fold white space and drop control characters: a terminal must not obey a document."""
    printable = (" " if unicodedata.category(c).startswith("C") else c for c in text)
    return " ".join("".join(printable).split())


def _head(text: str, width: int) -> str:
    used = 0
    for position, character in enumerate(text):
        used += _columns(character)
        if used > width:
            return text[:position]
    return text


def wrap(text: str, width: int = WIDTH, indent: str = "", first: str | None = None) -> list[str]:
    """Lines of at most `width` columns; breaks between Han characters, else at blanks.

    `first` stands before the first line, `indent` before the others.
    """
    prefix = indent if first is None else first
    lines: list[str] = []
    rest = one_line(text)
    while True:
        room = max(width - display_width(prefix), 10)
        if display_width(rest) <= room:
            return [*lines, (prefix + rest).rstrip()]
        cut = _break(rest, len(_head(rest, room)))
        lines.append((prefix + rest[:cut]).rstrip())
        rest = rest[cut:].lstrip()
        prefix = indent


def _break(text: str, most: int) -> int:
    """The last position up to `most` where a line may end; `most` where there is none."""
    for cut in range(most, max(most // 2, 1), -1):
        before, after = text[cut - 1], text[cut]
        if after in _CLOSING:
            continue
        if after == " " or _columns(before) == 2 or _columns(after) == 2:
            return cut
    return most


def table(rows: Iterable[Sequence[str]], numeric: frozenset[int] = frozenset()) -> list[str]:
    """Rows as aligned columns two blanks apart; the columns in `numeric` stand to the right. One
    cell far wider than a line of the terminal sticks out alone."""
    cells = [[one_line(cell) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [
        min(max(display_width(row[column]) for row in cells), _WIDEST)
        for column in range(len(cells[0]))
    ]
    return [
        "  ".join(
            pad_left(cell, width) if column in numeric else pad(cell, width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in cells
    ]
