"""The text leg: tantivy over the terms of `analyze`, filtered inside, never losing a match."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import tantivy
from numpy.typing import NDArray

from search import analyze
from search.errors import IndexMismatch
from search.index import Mask, Rows

ROW = "row"
TERMS = "terms"
NAME = "name"
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
    builder.add_text_field(TERMS, tokenizer_name=_TOKENIZER, index_option="freq")
    builder.add_text_field(NAME, tokenizer_name="raw", index_option="basic")
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

    def add(self, row: int, name: str, text: str) -> None:
        document = tantivy.Document()
        document.add_unsigned(ROW, row)
        # Terms hold no blanks, so the white-space tokenizer gives them back as they are.
        document.add_text(TERMS, " ".join(analyze.terms(text)))
        document.add_text(NAME, analyze.key(name))
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

    def search(self, text: str, allowed: Mask, limit: int) -> tuple[Rows, NDArray[np.float64]]:
        """The `limit` best of the allowed rows that share a term with `text`, best first.

        The score is BM25 divided by the largest that this query could reach: 0 to 1, the same for
        a row whatever the filters are.
        """
        query, largest = self._query(text)
        total = int(np.count_nonzero(allowed))
        if query is None or total == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        if total <= _SET_LIMIT and total < len(self):
            query = self._within(query, np.flatnonzero(allowed).tolist())
        depth = limit
        while True:
            rows, scores = self._hits(query, depth)
            kept = allowed[rows]
            exhausted = len(rows) < depth
            if exhausted or np.count_nonzero(kept) >= limit:
                return rows[kept][:limit], np.minimum(scores[kept][:limit] / largest, 1.0)
            depth *= 4

    def scores(self, text: str, rows: Rows) -> NDArray[np.float64]:
        """The score of each of these rows; 0 for a row that shares no term with `text`."""
        query, largest = self._query(text)
        if query is None or not len(rows):
            return np.zeros(len(rows))
        found, scores = self._hits(self._within(query, rows.tolist()), len(rows))
        by_row = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.minimum([by_row.get(row, 0.0) / largest for row in rows.tolist()], 1.0)

    def named(self, text: str) -> Rows:
        """Rows whose whole name is `text`, spelling aside."""
        name = analyze.key(text)
        if not name:
            return np.zeros(0, np.int64)
        query = tantivy.Query.term_query(self._schema, NAME, name, "basic")
        return self._hits(query, 1000)[0]

    def _query(self, text: str) -> tuple[tantivy.Query | None, float]:
        # Built from terms: the query parser would turn neighbouring terms into a phrase.
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        largest = 0.0
        documents = len(self)
        for term in dict.fromkeys(analyze.terms(text)):
            weight = analyze.weight(term)
            query = tantivy.Query.term_query(self._schema, TERMS, term, "freq")
            parts.append((tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)))
            frequency = min(int(self._searcher.doc_freq(TERMS, term)), documents)
            rarity = math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))
            largest += weight * rarity * (_K1 + 1)
        if not parts or largest <= 0:
            return None, 1.0
        return tantivy.Query.boolean_query(parts), largest

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


def _register(index: tantivy.Index) -> tantivy.Index:
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, whitespace)
    return index
