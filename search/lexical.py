"""The text leg: tantivy over the terms of `analyze` in several fields, filtered inside, never
losing a match."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import tantivy

from search import analyze
from search.allowed import Allowed
from search.errors import IndexMismatch
from search.forward import K1, ForwardIndex, ForwardWriter, TermWeights
from search.index import FIELDS, NO_ROWS, Rows, Scores
from search.query import INDEXED_TYPES
from search.telling import ENOUGH_SAID, telling

ROW = "row"
TYPE = "type"
WHOLE_NAME = "whole_name"
_TOKENIZER = "terms"
# An IO error occurred: 'No space left on device (os error 28)'   not: Failed to open index
_REFUSED = re.compile(r"\(os error (?P<number>\d+)\)")
_SET_LIMIT, _ROW_COST = 1024, 3
"""Up to this many allowed rows are scored one by one, and more where that is quicker than to fetch
so many hits that enough are allowed: a row takes as long as three hits."""
_KEPT_TERMS = 4096
"""A question asks for its terms several times, and the next question for many of them again."""
_KEPT_NAMES = 64
"""A question is looked up as a name to be read, and by each of its legs."""
_NARROW = 2
"""Types that have less than one row in so many of all are looked for alone."""


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_unsigned_field(ROW, indexed=True, fast=True)
    for field in FIELDS:
        builder.add_text_field(field, tokenizer_name=_TOKENIZER, index_option="freq")
    for field in (WHOLE_NAME, TYPE):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
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
        self._forward = ForwardWriter(folder)

    def add(self, row: int, type: str, texts: Mapping[str, str]) -> None:
        """`texts` of all FIELDS. Rows are added in the order of their numbers, each once."""
        self._forward.add(texts)
        document = tantivy.Document()
        document.add_unsigned(ROW, row)
        for field in FIELDS:
            document.add_text(field, analyze.field_terms(texts[field]))
        document.add_text(WHOLE_NAME, analyze.key(texts["name"]))
        document.add_text(TYPE, type)
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
        self._forward.finish()
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
        self._forward = ForwardIndex(folder)
        if self.rows < len(self):
            raise IndexMismatch(f"文字索引 {folder} 的各部分对不上，将重建")
        self._schema = self._index.schema
        # Neither knows this object: an index that was replaced is closed with its last user.
        self._told = lru_cache(_KEPT_TERMS)(partial(_told, self._searcher))
        self._of_name = lru_cache(_KEPT_NAMES)(partial(_named, self._searcher, self._schema))

    def __len__(self) -> int:
        return int(self._searcher.num_docs)

    @property
    def rows(self) -> int:
        """How many rows were ever added."""
        return len(self._forward)

    def search(
        self,
        text: str,
        allowed: Allowed,
        limit: int,
        types: Sequence[str] = INDEXED_TYPES,
        *,
        every_term: bool = True,
    ) -> Rows:
        """The `limit` best of the allowed rows that share a term with `text`, by the BM25 of all
        fields together, best first; not `every_term`: those that `telling` looks for. `types` are
        all that the allowed rows have."""
        total = allowed.count
        if total == 0:
            return NO_ROWS
        of_types = sum(int(self._searcher.doc_freq(TYPE, type)) for type in types)
        narrow = of_types * _NARROW < len(allowed)
        # So deep that enough remain where the filters let through as many of the best as of all.
        depth = limit * (of_types if narrow else len(allowed)) // total + limit // 8 + 1
        if total < len(self) and (total <= _SET_LIMIT or total * _ROW_COST <= depth):
            return self._best(self._asked(text), np.flatnonzero(allowed.mask), limit)
        terms = analyze.asked(text)
        # A search for projects need not wade through wordings.
        within = self._of_types(types) if narrow else None
        rows = NO_ROWS
        rounds = [terms] if every_term else telling(terms, limit, self._frequency)
        for some in rounds:
            rows = self._deep(some, within, allowed, limit, depth)
            if len(rows) >= min(limit, ENOUGH_SAID):
                break
        return rows

    def said(self, terms: Iterable[str]) -> set[str]:
        """Those of the terms that some row has, or one that was removed had."""
        return {term for term in terms if self._frequency(term)}

    def _frequency(self, term: str) -> int:
        return self._told(term).frequency

    def _of_types(self, types: Sequence[str]) -> tantivy.Query:
        """Rows of these types; adds nothing to their scores."""
        rows = tantivy.Query.term_set_query(self._schema, TYPE, list(types))
        return tantivy.Query.const_score_query(rows, 0.0)

    def _deep(
        self,
        terms: Sequence[str],
        within: tantivy.Query | None,
        allowed: Allowed,
        limit: int,
        depth: int,
    ) -> Rows:
        """The `limit` best that the filters let through, however deep they lie."""
        query = _any(part for field in FIELDS for part in self._parts(field, terms))
        if query is not None and within is not None:
            must = tantivy.Occur.Must
            query = tantivy.Query.boolean_query([(must, query), (must, within)])
        while query is not None:
            rows = _hits(self._searcher, query, depth)
            kept = allowed.of(rows)
            if len(rows) < depth or len(kept) >= limit:
                return kept[:limit]
            depth = max(2 * depth, limit * len(rows) * 5 // 4 // max(len(kept), 1))
        return np.zeros(0, np.int64)

    def _best(self, asked: TermWeights, rows: Rows, limit: int) -> Rows:
        """The `limit` best of a few rows."""
        (of_fields,) = self._forward.scores([asked], rows)
        scores = np.sum(list(of_fields.values()), axis=0)
        best = np.lexsort((rows, -scores))[:limit]
        kept: Rows = rows[best[scores[best] > 0]]
        return kept

    def scores(self, texts: Sequence[str], rows: Rows) -> list[dict[str, Scores]]:
        """What each of these rows scores in each field for each text: BM25 divided by the largest
        that the text could reach there, 0 to 1, the same for a row whatever the filters are."""
        asked = [self._asked(text) for text in texts]
        # The largest is that of a text that is nothing but these terms, over and over.
        return [
            {
                field: np.minimum(scores / ((K1 + 1) * sum(terms[field].values()) or 1.0), 1.0)
                for field, scores in of_fields.items()
            }
            for terms, of_fields in zip(asked, self._forward.scores(asked, rows), strict=True)
        ]

    def named(self, text: str) -> Rows:
        """Rows whose whole name is `text`, spelling aside."""
        name = analyze.key(text)
        return self._of_name(name) if name else NO_ROWS

    def _asked(self, text: str) -> TermWeights:
        """What BM25 gives for each term: its own weight by how rare it is there."""
        told = {term: self._told(term).weights for term in analyze.asked(text)}
        return {
            field: {term: weights[place] for term, weights in told.items()}
            for place, field in enumerate(FIELDS)
        }

    def _parts(self, field: str, terms: Iterable[str]) -> Iterator[tantivy.Query]:
        # Built from terms: the query parser would turn neighbouring terms into a phrase.
        for term in terms:
            query = tantivy.Query.term_query(self._schema, field, term, "freq")
            yield tantivy.Query.boost_query(query, analyze.weight(term))


def _hits(searcher: tantivy.Searcher, query: tantivy.Query, limit: int) -> Rows:
    hits = searcher.search(query, limit=max(limit, 1), count=False).hits
    rows = searcher.fast_field_values(ROW, [address for _, address in hits])
    return np.asarray(rows, dtype=np.int64).reshape(-1)


def _named(searcher: tantivy.Searcher, schema: tantivy.Schema, name: str) -> Rows:
    """Rows whose whole name is this, spelled as `analyze.key` does."""
    query = tantivy.Query.term_query(schema, WHOLE_NAME, name, "basic")
    return _hits(searcher, query, 1000)


class _Told(NamedTuple):
    """How many rows have a term, each field counted for itself, and what the term weighs in each of
    FIELDS."""

    frequency: int
    weights: tuple[float, ...]


def _told(searcher: tantivy.Searcher, term: str) -> _Told:
    documents = int(searcher.num_docs)
    frequencies = [int(searcher.doc_freq(field, term)) for field in FIELDS]
    # Rows that were removed are still counted for their terms.
    living = [min(frequency, documents) for frequency in frequencies]
    rarities = [math.log(1 + (documents - count + 0.5) / (count + 0.5)) for count in living]
    return _Told(sum(frequencies), tuple(analyze.weight(term) * rarity for rarity in rarities))


def _any(queries: Iterable[tantivy.Query]) -> tantivy.Query | None:
    parts = [(tantivy.Occur.Should, query) for query in queries]
    return tantivy.Query.boolean_query(parts) if parts else None


def _register(index: tantivy.Index) -> tantivy.Index:
    whitespace = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer(_TOKENIZER, whitespace)
    return index
