"""Slips in a question: a character that sounds like the right one, a wrong one, two exchanged.

What sounds alike is told by a table of our own: common characters by their sound without its tone.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from graph.values.traditional import simplify
from search.thesaurus import everyday_words, official_words

_SHORTEST, _LONGEST = 3, 10
_LONG = 4
"""A word of at least so many characters that stands by itself may have any one of them wrong."""
_APART = re.compile(r"[^\s,，、;；:：。.?？!！]+")


def respelt(text: str, seen: Iterable[str], limit: int = 3) -> tuple[tuple[str, str], ...]:
    """Slips of the text with what was meant, the likeliest first; none where every word is known.

    A character that sounds like the right one is seen anywhere; two that are exchanged, or a wrong
    one of a longer word, only where the word stands apart. Known is what documents and people say
    by the thesaurus, and `seen`: names of what was found.

    >>> respelt("资金拨付及时律", ())
    (('资金拨付及时律', '资金拨付及时率'),)
    """
    names = tuple(seen)
    here = _Words(names, names)
    new = _pairs(parts := _APART.findall(simplify(text))) - _common().pairs - here.pairs
    if not new:
        # A slip has at least one pair of neighbours that nobody says.
        return ()
    said = f"{_common().text}\n{here.text}"
    found: dict[tuple[str, str], int] = {}
    for part in parts:
        for known in (_common(), here):
            for window, word in known.near(part, new):
                if window not in said and (
                    _slip(window, word, said) or (window == part and _typo(window, word, said))
                ):
                    found[window, word] = len(word)
    return tuple(sorted(found, key=lambda pair: (-found[pair], pair))[:limit])


class _Words:
    """`text` holds all of the words, `pairs` the neighbours in them. Those that are `right` may be
    meant."""

    def __init__(self, words: Iterable[str], right: Iterable[str]) -> None:
        words = tuple(words)
        self.text = "\n".join(words)
        self.pairs = _pairs(words)
        self._right = {word for word in right if _SHORTEST <= len(word) <= _LONGEST}
        self._begins = {word[:at] for word in self._right for at in range(len(word))}
        self._wild: dict[tuple[str, str], list[str]] = {}
        for word in self._right:
            for at in range(len(word)):
                self._wild.setdefault((word[:at], word[at + 1 :]), []).append(word)

    def near(self, text: str, new: Collection[str]) -> Iterator[tuple[str, str]]:
        """Stretches of the text, each with a right word that has one other character, or two
        neighbours exchanged, beside one of the pairs that nobody says."""
        places = {at for at in range(len(text) - 1) if text[at : at + 2] in new}
        touched = places | {at + 1 for at in places}
        for start in range(len(text)):
            longest = min(start + _LONGEST, len(text))
            for at in range(start, longest):
                before = text[start:at]
                if before not in self._begins:
                    break
                if at not in touched:
                    continue
                exchanged = text[at + 1 : at + 2] + text[at] if at in places else ""
                for end in range(max(start + _SHORTEST, at + 1), longest + 1):
                    window = text[start:end]
                    for word in self._wild.get((before, text[at + 1 : end]), ()):
                        yield window, word
                    word = before + exchanged + text[at + 2 : end]
                    if exchanged and end > at + 1 and word in self._right:
                        yield window, word


@cache
def _common() -> _Words:
    """The words of the thesaurus; the official ones are right."""
    official = official_words()
    return _Words((*official, *everyday_words()), official)


def _pairs(words: Iterable[str]) -> set[str]:
    """Any two characters that stand side by side in one of the words."""
    return {word[at : at + 2] for word in words for at in range(len(word) - 1)}


def _slip(window: str, word: str, said: str) -> bool:
    """满易度: one character sounds like the right one, and beside its neighbours says nothing."""
    at = _differing(window, word)
    return len(at) == 1 and _alike(window[at[0]], word[at[0]]) and any(_unknown(window, at, said))


def _typo(window: str, word: str, said: str) -> bool:
    """意满度, 预算执牛率: no pair of characters that is new says anything."""
    at = _differing(window, word)
    return (len(at) == 2 or len(word) >= _LONG) and all(_unknown(window, at, said))


def _differing(window: str, word: str) -> list[int]:
    return [at for at, (a, b) in enumerate(zip(window, word, strict=True)) if a != b]


def _unknown(window: str, at: Sequence[int], said: str) -> Iterator[bool]:
    """Of each pair of characters at these places: whether nobody says it."""
    for start in range(max(0, at[0] - 1), min(at[-1] + 1, len(window) - 1)):
        yield window[start : start + 2] not in said


def _alike(one: str, other: str) -> bool:
    return bool(_sounds().get(one, frozenset()) & _sounds().get(other, frozenset()))


@cache
def _sounds() -> Mapping[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    path = Path(__file__).parent / "homophones.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream, delimiter="\t"):
            for character in row["characters"]:
                found[character] = found.get(character, frozenset()) | {row["sound"]}
    return found
