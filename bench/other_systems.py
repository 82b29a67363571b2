"""The hybrid search of other libraries over the same texts with the same model, as each comes out
of the box. None is needed: what is not installed is left out (`pip install txtai neo4j-graphrag`).
"""

import importlib.util
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager

import neo4j
import numpy as np
from numpy.typing import NDArray

from bench.corpus import Corpus, Ranking
from search.encoder import Encoder
from search.evaluate import DEPTH
from tools.neo4j_server import PASSWORD, Server, jars

Make = Callable[[Corpus], Ranking]
_SYNTAX = re.compile(r"[^\w\s]")
"""Signs that Lucene's query parser would take for its own."""
_WAIT_SECONDS = 60


@contextmanager
def txtai_hybrid(encoder: Encoder) -> Iterator[Make]:
    """txtai's Embeddings: BM25 of its own, its own fusion, vectors by our encoder."""
    from txtai import Embeddings

    def make(corpus: Corpus) -> Ranking:
        encode: Callable[[Sequence[str]], NDArray[np.float32]] = encoder.encode_passages

        # txtai asks one function for both sides, and takes no bound method.
        def transform(texts: Sequence[str]) -> NDArray[np.float32]:
            return encode(texts)

        embeddings = Embeddings(method="external", transform=transform, hybrid=True)
        embeddings.index((row, text, None) for row, text in enumerate(corpus.texts))
        encode = encoder.encode_queries
        return lambda query: [int(row) for row, _ in embeddings.search(query, DEPTH)]

    yield make


@contextmanager
def neo4j_graphrag_hybrid(encoder: Encoder) -> Iterator[Make]:
    """neo4j-graphrag's HybridRetriever on a server of its own; the full-text index cuts Han
    characters into pairs (Lucene's cjk analyzer), as its standard one would not."""
    from neo4j_graphrag.retrievers import HybridRetriever

    server = Server(jars(os.environ))
    server.start()
    try:
        address = f"bolt://127.0.0.1:{server.port}"
        with neo4j.GraphDatabase.driver(address, auth=("neo4j", PASSWORD)) as driver:

            def make(corpus: Corpus) -> Ranking:
                _fill(driver, corpus)
                names = (f"{corpus.type}_vector", f"{corpus.type}_text")
                retriever = HybridRetriever(driver, *names, _Embedder(encoder), ["row"])

                def ranking(query: str) -> Sequence[int]:
                    words = _SYNTAX.sub(" ", query)
                    found = retriever.get_search_results(query_text=words, top_k=DEPTH)
                    return [int(record["node"]["row"]) for record in found.records]

                return ranking

            yield make
    finally:
        server.stop()


class _Embedder:
    """What a retriever asks of an embedder."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def embed_query(self, text: str) -> list[float]:
        return [float(value) for value in self._encoder.encode_queries([text])[0]]


def _fill(driver: neo4j.Driver, corpus: Corpus) -> None:
    label = corpus.type
    rows = [
        {"row": row, "text": text, "vector": vector.tolist()}
        for row, (text, vector) in enumerate(zip(corpus.texts, corpus.vectors, strict=True))
    ]
    driver.execute_query(f"UNWIND $rows AS one CREATE (n:`{label}`) SET n = one", rows=rows)
    driver.execute_query(
        f"CREATE VECTOR INDEX `{label}_vector` FOR (n:`{label}`) ON n.vector OPTIONS $options",
        options={
            "indexConfig": {
                "vector.dimensions": corpus.vectors.shape[1],
                "vector.similarity_function": "cosine",
            }
        },
    )
    driver.execute_query(
        f"CREATE FULLTEXT INDEX `{label}_text` FOR (n:`{label}`) ON EACH [n.text] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
    )
    driver.execute_query("CALL db.awaitIndexes($seconds)", seconds=_WAIT_SECONDS)


SYSTEMS: Mapping[str, Callable[[Encoder], AbstractContextManager[Make]]] = {
    "txtai": txtai_hybrid,
    "neo4j_graphrag": neo4j_graphrag_hybrid,
}
"""By the name of the package."""


def installed(package: str) -> bool:
    """Whether the package, and the server that neo4j-graphrag needs, are at hand."""
    if importlib.util.find_spec(package) is None:
        return False
    return package != "neo4j_graphrag" or jars(os.environ).is_dir()
