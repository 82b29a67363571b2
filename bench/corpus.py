"""The texts that a question is asked of, as any ranking beside ours may have them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from graph.store import Writer, scan_all
from search.documents import ROW_LABELS, SearchDocument, memberships, search_documents
from search.embedding import Embedder
from search.encoder import Encoder
from search.query import Hit

Ranking = Callable[[str], Sequence[int]]
"""Positions in a corpus for a question, best first."""
Search = Callable[[str, str, int], Sequence[Hit]]
"""See `search.evaluate.evaluate`."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """The rows of one type that our index has; `vectors` are unit vectors, shape (rows, dimension),
    and `members` the indicators of a wording by its id."""

    type: str
    documents: Sequence[SearchDocument]
    members: Mapping[str, tuple[str, ...]]
    vectors: NDArray[np.float32]

    @property
    def texts(self) -> list[str]:
        """Name and description."""
        return [f"{document.name}\n{document.text}" for document in self.documents]

    def hits(self, positions: Sequence[int]) -> list[Hit]:
        found = (self.documents[position] for position in positions)
        return [
            Hit(one.node, one.type, 0.0, one.name, one.text, members=self.members.get(one.node, ()))
            for one in found
        ]


def read_corpus(store: Writer, type: str, encoder: Encoder) -> Corpus:
    """All rows of a type. Vectors of the encoder that the store has are not made again."""
    (label,) = (label for label, name in ROW_LABELS.items() if name == type)
    documents = search_documents(store, label, list(scan_all(store, label)))
    members: dict[str, tuple[str, ...]] = {}
    if label == "Wording":
        for node, member in memberships(store, "Indicator", list(scan_all(store, "Indicator"))):
            members[node] = (*members.get(node, ()), member.id)
    embedder = Embedder(store, encoder.id, encoder.dimension, encoder)
    return Corpus(type, documents, members, embedder.vectors(documents))


def searching(corpora: Sequence[Corpus], make: Callable[[Corpus], Ranking]) -> Search:
    """A search over the corpora of several types; `make` prepares the ranking of one."""
    rankings = {corpus.type: (corpus, make(corpus)) for corpus in corpora}

    def search(query: str, type: str, limit: int) -> Sequence[Hit]:
        corpus, ranking = rankings[type]
        return corpus.hits(ranking(query)[:limit])

    return search
