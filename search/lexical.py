"""The text leg: tantivy over the terms of `analyze` in several fields, filtered inside, never
losing a match."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from search import analyze
from search.errors import IndexMismatch
from search.index import FIELDS, Mask, Rows, Scores

ROW = "row"
WHOLE_NAME = "whole_name"
# tantivy's constants of BM25; the largest score that a term can reach follows from K1.
_K1 = 1.2
_TOKENIZER = "terms"
# An IO error occurred: 'No space left on device (os error 28)'   not: Failed to open index
_REFUSED = re.compile(r"\(os error (?P<number>\d+)\)")
_SET_LIMIT = 4096
"""Up to this many allowed rows travel into the query as a set; beyond it, hits are checked."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field(WHOLE_NAME, tokenizer_name="raw", index_option="basic")
    return builder.build()


@contextmanager
def _writing() -> Iterator[None]:
    """What the file system refuses is an OSError, as everywhere else in the index."""
    try:
        yield
    except ValueError as error:
        refused = _REFUSED.search(str(error))
        if refused is None:
            raise
        raise OSError(int(refused["number"]), str(error)) from error


class LexicalWriter:
    """Adds and removes rows of an index folder; nothing shows before `commit`. Raises OSError where
    the folder cannot be written."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        with _writing():
            self._index = _register(tantivy.Index(_schema(), str(folder), reuse=True))
            self._writer = self._index.writer(heap_size=64_000_000, num_threads=1)

    def add(self, row: int, texts: Mapping[str, str]) -> None:
        """`texts` of all FIELDS."""
        document = tantivy.Document()
        document.add_unsigned(ROW, row)
        for field in FIELDS:
            # Terms hold no blanks, so the white-space tokenizer gives them back as they are.
            document.add_text(field, " ".join(analyze.field_terms(texts[field])))
        document.add_text(WHOLE_NAME, analyze.key(texts["name"]))
        with _writing():
            self._writer.add_document(document)

    def remove(self, rows: Iterable[int]) -> None:
        # By query: deleting by term looks an integer up as a signed one and finds nothing.
        chosen = list(rows)
        if chosen:
            schema = self._index.schema
            self._writer.delete_documents_by_query(
                tantivy.Query.term_set_query(schema, ROW, chosen)
            )

    def commit(self) -> None:
        with _writing():
            self._writer.commit()
        self._writer.wait_merging_threads()


class LexicalIndex:
    """One opened version, read-only; safe to share between threads."""

    def __init__(self, folder: Path) -> None:
        try:
            self._index = _register(tantivy.Index.open(str(folder)))
            self._index.reload()
            self._searcher = self._index.searcher()
        except ValueError as error:
            raise IndexMismatch(f"文字索引 {folder} 无法打开（{error}），将重建") from error
        self._schema = self._index.schema

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    def search(self, text: str, allowed: Mask, limit: int) -> Rows:
        """The `limit` best of the allowed rows that share a term with `text`, by the BM25 of all
        fields together, best first."""
        terms = analyze.asked(text)
        query = _any(part for field in FIELDS for part in self._parts(field, terms))
        total = int(np.count_nonzero(allowed))
        if query is None or total == 0:
            return np.zeros(0, np.int64)
        if total <= _SET_LIMIT and total < len(self):
            query = self._within(query, np.flatnonzero(allowed).tolist())
        depth = limit
        while True:
            rows, _ = self._hits(query, depth)
            kept = rows[allowed[rows]]
            if len(rows) < depth or len(kept) >= limit:
                return kept[:limit]
            depth *= 4

    def scores(self, text: str, rows: Rows) -> dict[str, Scores]:
        """What each of these rows scores in each field: BM25 divided by the largest that this text
        could reach there, 0 to 1, the same for a row whatever the filters are."""
        terms = analyze.asked(text)
        return {field: self._scores(field, terms, rows) for field in FIELDS}

    def _scores(self, field: str, terms: Sequence[str], rows: Rows) -> Scores:
        query, largest = _any(self._parts(field, terms)), self._largest(field, terms)
        if query is None or largest <= 0 or not len(rows):
            return np.zeros(len(rows))
        found, scores = self._hits(self._within(query, rows.tolist()), len(rows))
        by_row = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.minimum([by_row.get(row, 0.0) / largest for row in rows.tolist()], 1.0)

    def named(self, text: str) -> Rows:
        """Rows whose whole name is `text`, spelling aside."""
        name = analyze.key(text)
        if not name:
            return np.zeros(0, np.int64)
        query = tantivy.Query.term_query(self._schema, WHOLE_NAME, name, "basic")
        return self._hits(query, 1000)[0]

    def _parts(self, field: str, terms: Iterable[str]) -> Iterator[tantivy.Query]:
        # Built from terms: the query parser would turn neighbouring terms into a phrase.
        for term in terms:
            query = tantivy.Query.term_query(self._schema, field, term, "freq")
            yield tantivy.Query.boost_query(query, analyze.weight(term))

    def _largest(self, field: str, terms: Iterable[str]) -> float:
        """The score of a text that is nothing but these terms, over and over."""
        largest, documents = 0.0, len(self)
        for term in terms:
            frequency = min(int(self._searcher.doc_freq(field, term)), documents)
            rarity = math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
            largest += analyze.weight(term) * rarity * (_K1 + 1)
        return largest

    def _within(self, query: tantivy.Query, rows: Sequence[int]) -> tantivy.Query:
        chosen = tantivy.Query.term_set_query(self._schema, ROW, rows)
        silent = tantivy.Query.const_score_query(chosen, 0.0)
        must = tantivy.Occur.Must
        return tantivy.Query.boolean_query([(must, query), (must, silent)])

    def _hits(self, query: tantivy.Query, limit: int) -> tuple[Rows, NDArray[np.float64]]:
        hits = self._searcher.search(query, limit=max(limit, 1), count=False).hits
        rows = self._searcher.fast_field_values(ROW, [address for _, address in hits])
        return (
            np.asarray(rows, dtype=np.int64).reshape(-1),
            np.asarray([score for score, _ in hits], dtype=np.float64),
        )


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query | None:
    parts = [(tantivy.Occur.Should, query) for query in queries]
    return tantivy.Query.boolean_query(parts) if parts else None


def _register(index: tantivy.Index) -> tantivy.Index:
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, whitespace)
    return index
