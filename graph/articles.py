"""The articles of a policy whose text is here, for whoever cites one of them.

An article's id follows from its policy and its label: no edge is needed from a citation to it, and
it does not matter which of the two came first.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from graph import ids
from graph.store import Reader
from graph.values.article import key


@dataclass(frozen=True, slots=True)
class ArticleView:
    """One article that is cited. `text` is None where the policy's own text is not in the store."""

    id: str
    label: str
    chapter: str | None
    text: str | None


def articles(reader: Reader, wanted: Iterable[tuple[str, str]]) -> list[ArticleView]:
    """The articles of these (policy, label), each once, in order. A 《title》 of a numbered policy
    leads to the articles of that one."""
    pairs = list(dict.fromkeys(wanted))
    if not pairs:
        return []
    whole = {e.source: e.target for e in reader.edges({p for p, _ in pairs}, {"SAME_AS"})}
    places = {
        ids.article(whole.get(policy, policy), number): label
        for policy, label in pairs
        if (number := key(label)) is not None
    }
    nodes = reader.get(places)
    found = []
    for id, label in places.items():
        said = nodes[id].properties if id in nodes else {}
        chapter, text = (str(said[n]) if n in said else None for n in ("chapter", "text"))
        found.append(ArticleView(id, label, chapter, text))
    return found
