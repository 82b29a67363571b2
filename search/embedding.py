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
from search.index import Mask, Vectors

_LOG = logging.getLogger(__name__)


def embedded(
    store: Writer,
    model: str,
    dimension: int,
    encoder: Encoder | None,
    documents: Sequence[SearchDocument],
) -> tuple[Vectors, Mask]:
    """Vectors, shape (len(documents), dimension), and which of them are missing.

    A text without content has a vector of zeros and is not missing; with no encoder at hand, what
    the store has not is.
    """
    vectors = np.zeros((len(documents), dimension), dtype=np.float32)
    missing = np.zeros(len(documents), dtype=np.bool_)
    hashes = [text_hash(document.embedded) for document in documents]
    stored = store.embeddings(model, [document.node for document in documents])
    for position, (document, wanted) in enumerate(zip(documents, hashes, strict=True)):
        known = stored.get(document.node)
        if known is not None and known.text_hash == wanted:
            vectors[position] = np.frombuffer(known.vector, dtype="<f4")
        else:
            missing[position] = bool(document.embedded.strip())
    absent = np.flatnonzero(missing).tolist()
    if encoder is None or not absent:
        return vectors, missing
    vectors[absent] = encoder.encode_passages([documents[p].embedded for p in absent])
    made = {
        documents[p].node: Embedding(hashes[p], vectors[p].astype("<f4").tobytes()) for p in absent
    }
    try:
        store.set_embeddings(model, made)
    except StoreError as error:
        # A store that is read-only or busy costs the next build its time, not this its result.
        _LOG.warning("向量未能存入图谱，下次建索引要重新计算：%s", error)
    return vectors, np.zeros(len(documents), dtype=np.bool_)


def text_hash(text: str) -> str:
    """Names the exact text that a stored vector was made from."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]
