"""Words of a question that no row says: what is found for them is only near in meaning."""

import re
from dataclasses import replace

from search import analyze
from search.index import Index
from search.understand import Meaning

_SHOWN = 3


def noting_unsaid(meaning: Meaning, index: Index, *, by_meaning: bool) -> Meaning:
    """The same with a note of what the index does not say at all: a Latin word, or a run of Han
    characters none of which it has. Numbers are written in many ways, and are left out.
    `by_meaning`: the question has a vector, which finds something all the same."""
    text = meaning.understood.text
    pieces = dict.fromkeys(analyze.pieces(text))
    words = [piece for piece in pieces if not piece[0].isdigit()]
    said = set(index.said({term for word in words for term in analyze.terms(word)}))
    unsaid = [word for word in words if said.isdisjoint(analyze.terms(word))]
    if not unsaid:
        return meaning
    named = "".join(f"“{_as_asked(word, text)}”" for word in unsaid[:_SHOWN])
    named += "等" * (len(unsaid) > _SHOWN)
    near = "，列出的只是意思相近的" if by_meaning and len(unsaid) == len(pieces) else ""
    notes = (*meaning.understood.notes, f"图谱中没有{named}{near}")
    return replace(meaning, understood=replace(meaning.understood, notes=notes))


def _as_asked(word: str, text: str) -> str:
    """The folded word as the question spells it, where only its case differs."""
    found = re.search(re.escape(word), text, re.IGNORECASE)
    return found.group() if found else word
