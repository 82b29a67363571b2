"""Chinese analysis, one for index and query: what a text is cut into, and how it is folded."""

import html
import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from graph.values.traditional import simplify

VERSION = "2"
"""Part of the index manifest: raise it with every change to what `terms` returns."""

MOST_ASKED = 300
"""Terms of a question that the text leg looks for, some 150 characters: Lucene bears about a
thousand in one query, and there are three fields."""
KEPT_LINES = 8192
"""Lines of texts whose analysis is kept while an index is made: no term reaches over the end of a
line, and what stands around one row stands around many others."""
HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
# 道路2.5公里 → 道, 路, 2.5, 公, 里: a number or a Latin word is one term, each Han character one.
_PIECE = re.compile(rf"(?P<han>[{HAN}]+)|(?P<word>[a-z]+|[0-9]+(?:\.[0-9]+)?)")
# Bigrams with these join words rather than make one: not worth marking in an answer.
_IDLE = frozenset("的了是在和与及吗不")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")


def fold(text: str) -> str:
    """Width, case and traditional characters folded; the length may change."""
    return _THOUSANDS.sub("", simplify(unicodedata.normalize("NFKC", text).lower()))


def key(text: str) -> str:
    """What two spellings of one name share: folded, letters, digits and Han characters only."""
    return "".join(match.group() for match in _PIECE.finditer(fold(text)))


def pieces(text: str) -> Iterator[str]:
    """Every word, number and run of Han characters of the text, folded, in order."""
    return (match.group() for match in _PIECE.finditer(fold(text)))


def terms(text: str) -> Iterator[str]:
    """Every term of the text, in order: single Han characters, bigrams, words and numbers.

    >>> list(terms("满意度≥95%"))
    ['满', '满意', '意', '意度', '度', '95']
    """
    for piece in pieces(text):
        if not is_han(piece):
            yield piece
            continue
        for index, char in enumerate(piece):
            yield char
            if index + 1 < len(piece):
                yield piece[index : index + 2]


def field_terms(text: str) -> str:
    """What an index keeps of one field: a mark, then the terms, parted by blanks, which no term
    holds.

    No question holds the mark. Every row has it in every field, so that Lucene, which counts the
    rows with any term in a field, weighs terms and lengths as tantivy does, which counts all rows.
    """
    return " ".join(("_", *filter(None, map(_line_terms, text.split("\n")))))


@lru_cache(KEPT_LINES)
def _line_terms(line: str) -> str:
    return " ".join(terms(line))


def asked(text: str) -> list[str]:
    """The distinct terms of a question, the first of them."""
    return list(dict.fromkeys(terms(text)))[:MOST_ASKED]


def weight(term: str) -> float:
    """What a term of `terms` counts for: a pair of Han characters half, as both count as well."""
    return 0.5 if len(term) == 2 and is_han(term) else 1.0


def is_han(term: str) -> bool:
    """Whether a term of `terms` is made of Han characters."""
    return ord(term[0]) > 0x2FFF


def highlight(text: str, query: str, width: int = 120) -> str:
    """The stretch of `text` richest in the query's words, matches in <em>, the rest escaped.

    A match is a number, a word, or a run of two Han characters or more that the query holds too;
    "" where there is none. `width` counts characters of the text.
    """
    spans = _matches(text, query)
    if not spans:
        return ""
    begin, end = _window(spans, len(text), width)
    parts: list[str] = []
    at = begin
    for start, stop in spans:
        if start < begin or stop > end:
            continue
        parts += [html.escape(text[at:start]), f"<em>{html.escape(text[start:stop])}</em>"]
        at = stop
    parts.append(html.escape(text[at:end]))
    return ("…" if begin else "") + "".join(parts) + ("…" if end < len(text) else "")


def _matches(text: str, query: str) -> list[tuple[int, int]]:
    """Spans of `text`, in order and joined where they touch. Works on characters, so that spans
    fit the unfolded text: a character whose fold is longer than one stands for itself."""
    wanted = _wanted(query)
    folded = "".join(map(_fold_char, text))
    spans: list[tuple[int, int]] = []
    for match in _PIECE.finditer(folded):
        if match.lastgroup == "word":
            if match.group() in wanted:
                spans.append(match.span())
            continue
        for at in range(match.start(), match.end() - 1):
            if folded[at : at + 2] in wanted:
                if spans and spans[-1][1] >= at:
                    spans[-1] = (spans[-1][0], at + 2)
                else:
                    spans.append((at, at + 2))
    return spans


@lru_cache(256)
def _wanted(query: str) -> frozenset[str]:
    """One question marks all hits of its answer."""
    return frozenset(term for term in terms(query) if _telling(term))


@lru_cache(1 << 14)
def _fold_char(char: str) -> str:
    folded = simplify(unicodedata.normalize("NFKC", char).lower())
    return folded if len(folded) == 1 else char


def _telling(term: str) -> bool:
    if not is_han(term):
        return True
    return len(term) > 1 and _IDLE.isdisjoint(term)


def _window(spans: list[tuple[int, int]], length: int, width: int) -> tuple[int, int]:
    if length <= width:
        return 0, length
    best = max(
        (start for start, _ in spans),
        key=lambda first: sum(e - s for s, e in spans if s >= first and e <= first + width),
    )
    begin = max(0, min(best - width // 6, length - width))
    return begin, begin + width
