"""Vectors of search documents: stored ones where the store has them for the same text, else made
and stored."""

import hashlib
import logging
from collections.abc import Sequence

import numpy as np

from graph.errors import StoreError
from graph.store import Embedding, Writer
from search.documents import SearchDocument
from search.encoder import Encoder
from search.index import Vectors
from search.progress import Progress

CHUNK = 64
"""So many texts are encoded, then stored: what a build that breaks off has to make again. A slow
server takes a minute for them."""
_LOG = logging.getLogger(__name__)


class Embedder:
    """Finds the vectors of one build. `model` is the id of the index's encoder, which may not be
    at hand; `made` and `missing` count over all that was asked."""

    def __init__(self, store: Writer, model: str, dimension: int, encoder: Encoder | None) -> None:
        self._store = store
        self._model = model
        self._dimension = dimension
        self._encoder = encoder
        self.made = 0
        self.missing = 0

    def vectors(
        self, documents: Sequence[SearchDocument], progress: Progress | None = None
    ) -> Vectors:
        """Vectors, shape (len(documents), dimension); zeros where there is none.

        A text without content has none and is not missing; with no encoder at hand, what the
        store has not is.
        """
        vectors = np.zeros((len(documents), self._dimension), dtype=np.float32)
        missing = np.zeros(len(documents), dtype=np.bool_)
        hashes = [text_hash(document.embedded) for document in documents]
        stored = self._store.embeddings(self._model, [document.node for document in documents])
        for position, (document, wanted) in enumerate(zip(documents, hashes, strict=True)):
            known = stored.get(document.node)
            if known is not None and known.text_hash == wanted:
                vectors[position] = np.frombuffer(known.vector, dtype="<f4")
            else:
                missing[position] = bool(document.embedded.strip())
        absent = np.flatnonzero(missing).tolist()
        if self._encoder is None:
            self.missing += len(absent)
            return vectors
        for start in range(0, len(absent), CHUNK):
            some = absent[start : start + CHUNK]
            told = self._told(progress, start, len(documents))
            vectors[some] = self._encoder.encode_passages(
                [documents[position].embedded for position in some], told
            )
            self.made += len(some)
            self._keep(
                {
                    documents[p].node: Embedding(hashes[p], vectors[p].astype("<f4").tobytes())
                    for p in some
                }
            )
        return vectors

    def _told(self, progress: Progress | None, before: int, total: int) -> Progress | None:
        if progress is None:
            return None
        made = self.made
        return lambda done, _, label: progress(
            before + done, total, f"{label}（已算 {made + done:,} 段）"
        )

    def _keep(self, made: dict[str, Embedding]) -> None:
        try:
            self._store.set_embeddings(self._model, made)
        except StoreError as error:
            # A store that is read-only or busy costs the next build its time, not this its result.
            _LOG.warning("向量未能存入图谱，下次建索引要重新计算：%s", error)


def text_hash(text: str) -> str:
    """Names the exact text that a stored vector was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
