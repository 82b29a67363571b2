"""Everyday words and the official ones that documents use for them: 老百姓 → 群众."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

_SHORTEST, _LONGEST = 2, 12
_MOST = 12
"""Official words that one question is widened by at most."""


def widened(text: str) -> tuple[str, ...]:
    """The official words for what the text says in everyday ones: to be searched beside the text,
    not in its place.

    >>> widened("老百姓满不满意")
    ('群众满意度',)
    """
    found: dict[str, None] = {}
    for word in _words_of(text):
        found |= {term: None for term in _terms()[word] if term not in text}
    return tuple(found)[:_MOST]


def official_words() -> tuple[str, ...]:
    """The words that documents use."""
    return tuple(dict.fromkeys(term for terms in _terms().values() for term in terms))


def everyday_words() -> tuple[str, ...]:
    """The words that people use for them."""
    return tuple(_terms())


def _words_of(text: str) -> Iterator[str]:
    """Everyday words of the text from left to right, the longest at each place."""
    at, known = 0, _terms()
    while at < len(text):
        lengths = range(min(_LONGEST, len(text) - at), _SHORTEST - 1, -1)
        word = next((text[at : at + n] for n in lengths if text[at : at + n] in known), "")
        if word:
            yield word
        at += len(word) or 1


@cache
def _terms() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    path = Path(__file__).parent / "thesaurus.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            for word in row["words"].split("|"):
                found[word] = (*found.get(word, ()), row["term"])
    return found
