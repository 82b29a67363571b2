"""The text leg on a Neo4j server: its full-text index holds the terms of `analyze`, field by field,
so that its BM25 is that of the text leg in files."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.neo4j_connection import Run
from search import analyze
from search import neo4j_queries as queries
from search.index import FIELDS, Rows, Scores
from search.telling import telling

_LONGEST_TERM = 64


def shortened(terms: Iterable[str]) -> list[str]:
    """Terms as the server keeps them: an endless Latin word would not fit its index."""
    return [term[:_LONGEST_TERM] for term in terms]


@dataclass(frozen=True, slots=True)
class AskedTerms:
    """What is asked of each field: terms that stand in some row, with their weights, and the
    largest score that all terms of the text could reach there. `counts`: how many rows have each
    term."""

    weighted: Mapping[str, Sequence[tuple[str, float]]]
    largest: Mapping[str, float]
    counts: Mapping[str, int]

    def __bool__(self) -> bool:
        return any(self.weighted.values())

    def of(self, field: str) -> "AskedTerms":
        """The same, asked of one field alone."""
        return AskedTerms({field: self.weighted[field]}, self.largest, self.counts)

    def telling(self, limit: int) -> Iterator["AskedTerms"]:
        """The same in the rounds of `search.telling`."""
        for some in telling([*self.counts], limit, self.counts.__getitem__):
            kept = {
                field: [pair for pair in pairs if pair[0] in some]
                for field, pairs in self.weighted.items()
            }
            yield AskedTerms(kept, self.largest, self.counts)

    def query(self, types: Sequence[str], rows: Iterable[int] = ()) -> str:
        return queries.fulltext(self.weighted, types, rows)

    def room(self, types: Sequence[str]) -> int:
        """How many rows a query may name beside these terms and types."""
        terms = sum(map(len, self.weighted.values()))
        return queries.FULLTEXT_CLAUSES - terms - len(types)


def asked_terms(run: Run, names: queries.Names, text: str, rows: int) -> AskedTerms:
    """`rows` is how many the index has."""
    terms = list(dict.fromkeys(shortened(analyze.asked(text))))
    told = {term: counts for term, *counts in run(names.term_counts(), terms=terms)}
    weighted: dict[str, list[tuple[str, float]]] = {field: [] for field in FIELDS}
    largest = dict.fromkeys(FIELDS, 0.0)
    for term in terms:
        weight = analyze.weight(term)
        for field, count in zip(FIELDS, told.get(term, (0,) * len(FIELDS)), strict=True):
            frequency = min(count, rows)
            rarity = math.log(1 + (rows - frequency + 0.5) / (frequency + 0.5))
            largest[field] += weight * rarity
            if frequency:
                weighted[field].append((term, weight))
    counts = {term: sum(told.get(term, ())) for term in terms}
    return AskedTerms(weighted, largest, counts)


def field_scores(
    run: Run, names: queries.Names, asked: AskedTerms, types: Sequence[str], rows: Rows
) -> dict[str, Scores]:
    """What each of these rows scores in each field, from 0 to 1; `types` are those of the rows."""
    found: dict[str, Scores] = {}
    for field in FIELDS:
        scores = _scores(run, names, asked.of(field), types, rows.tolist())
        largest = asked.largest[field] or 1.0
        found[field] = np.minimum([scores.get(row, 0.0) / largest for row in rows.tolist()], 1.0)
    return found


def _scores(
    run: Run, names: queries.Names, asked: AskedTerms, types: Sequence[str], rows: Sequence[int]
) -> dict[int, float]:
    """The scores of these rows; one that shares no term is absent."""
    found: dict[int, float] = {}
    room = asked.room(types)
    for start in range(0, len(rows) if asked else 0, room):
        some = rows[start : start + room]
        query = asked.query(types, some)
        ((hits, _),) = run(names.text_leg(""), query=query, depth=len(some))
        found |= dict(map(tuple, hits))
    return found
