"""What a question finds without our ranking: by words alone, by vectors alone, by both ranks."""

from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np
import tantivy

from bench.corpus import Corpus, Ranking
from search import analyze
from search.encoder import Encoder

DEPTH = 100
"""So many rows of each ranking go into a fusion."""
RRF_K = 60


def characters(text: str) -> Iterator[str]:
    """Single Han characters, words and numbers.

    >>> list(characters("满意度95"))
    ['满', '意', '度', '95']
    """
    return (term for term in analyze.terms(text) if len(term) == 1 or not analyze.is_han(term))


def bigrams(text: str) -> Iterator[str]:
    """Pairs of Han characters, words and numbers.

    >>> list(bigrams("满意度95"))
    ['满意', '意度', '95']
    """
    return (term for term in analyze.terms(text) if len(term) > 1 or not analyze.is_han(term))


def bm25(corpus: Corpus, cut: Callable[[str], Iterable[str]]) -> Ranking:
    """tantivy over the pieces that `cut` gives, and nothing else."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    builder.add_unsigned_field("row", fast=True)
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for row, text in enumerate(corpus.texts):
        document = tantivy.Document()
        document.add_text("terms", " ".join(cut(text)))
        document.add_unsigned("row", row)
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def ranking(query: str) -> Sequence[int]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "terms", term))
            for term in dict.fromkeys(cut(query))
        ]
        found = searcher.search(tantivy.Query.boolean_query(terms), DEPTH, count=False).hits
        rows = searcher.fast_field_values("row", [at for _, at in found])
        return [row for row in rows if isinstance(row, int)]

    return ranking


def dense(corpus: Corpus, encoder: Encoder) -> Ranking:
    """Cosines alone, of every row."""

    def ranking(query: str) -> Sequence[int]:
        scores = corpus.vectors @ encoder.encode_queries([query])[0]
        return [int(row) for row in np.argsort(-scores, kind="stable")[:DEPTH]]

    return ranking


def fused(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion: each row gets 1 / (60 + rank) from each ranking that has it.

    >>> fused(lambda _: [1, 2], lambda _: [2, 3])("问")
    [2, 1, 3]
    """

    def ranking(query: str) -> Sequence[int]:
        scores: dict[int, float] = {}
        for one in rankings:
            for rank, row in enumerate(one(query), start=1):
                scores[row] = scores.get(row, 0.0) + 1 / (RRF_K + rank)
        return sorted(scores, key=lambda row: -scores[row])

    return ranking
