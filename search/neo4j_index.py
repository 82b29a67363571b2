"""Search on a Neo4j server's own indexes: no file of this machine, the same answers.

The text leg is in `search.neo4j_text`; vectors that the server's approximate index finds are
compared exactly. Filters run on the server,
inside each leg: a selective one is resolved to its rows first, any other lets the leg look deeper
until enough of what it finds is allowed.
"""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graph.neo4j_connection import Connection, Run
from search import analyze
from search import neo4j_queries as queries
from search.fuse import Sample, standardise
from search.index import (
    Begun,
    Candidates,
    Mask,
    Measuring,
    Members,
    Row,
    Rows,
    Scores,
    Selection,
    Vector,
    Vectors,
)
from search.neo4j_text import AskedTerms, asked_terms, field_scores, shortened
from search.query import INDEXED_TYPES
from search.table import hash_of
from search.telling import ENOUGH_SAID

EXACT_ROWS = 5_000
"""Up to this many rows are resolved from a filter, and their vectors compared one by one."""
_DEEPER = 4


@dataclass(frozen=True, slots=True)
class Told:
    """What the index on the server says of itself; generation 0 is none."""

    generation: int = 0
    format: int = 0
    analyzer: str = ""
    model: str = ""
    dimension: int = 0
    revision: int = -1
    rows: int = 0
    missing: int = 0
    serial: int = 0
    swapped: int = 0
    counts: Sequence[int] = ()
    """Rows of each of INDEXED_TYPES."""
    categories: Sequence[str] = ()
    """Level-2 categories; one that no member has any more may still be among them."""
    model_name: str = ""

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> "Told":
        return cls(**{name: properties[name] for name in cls.__slots__ if name in properties})

    @property
    def names(self) -> queries.Names:
        return queries.Names(self.generation, model_hash(self.model))


def model_hash(model: str) -> str:
    """Part of the names of labels and indexes of one model's vectors."""
    return hashlib.sha256(model.encode()).hexdigest()[:8]


def key_of(node: str) -> int:
    """The number of a node's row: in the order of `hash_of`, within Neo4j's signed integers."""
    return hash_of(node) >> 1


class Neo4jIndex:
    """See `search.index.Index`."""

    def __init__(self, connection: Connection, told: Told) -> None:
        self.connection = connection
        self.told = told
        self.names = told.names

    @property
    def version(self) -> str:
        return f"{self.told.generation}:{self.told.serial}:{self.told.revision}"

    @property
    def model(self) -> str:
        return self.told.model

    @property
    def model_name(self) -> str:
        return self.told.model_name

    @cached_property
    def sample(self) -> Sample:
        rows = self.connection.read(lambda run: run(self.names.samples()))
        return Sample(
            {
                INDEXED_TYPES.index(type): np.frombuffer(bytes(vectors), "<f2").reshape(count, -1)
                for type, count, vectors in rows
                if count
            }
        )

    @cached_property
    def years(self) -> tuple[int, int] | None:
        (years,) = self.connection.read(lambda run: run(self.names.years_of_documents()))
        oldest, newest = years
        return None if newest is None else (oldest, newest)

    def scope(self, selection: Selection) -> "Neo4jScope":
        return Neo4jScope(self, selection)

    def rows_of(self, nodes: Collection[str]) -> Mapping[str, int]:
        return {node: key_of(node) for node in nodes}

    def describe(self, rows: Sequence[int]) -> list[Row]:
        keys = list(rows)
        told = self.connection.read(lambda run: run(self.names.described(), keys=keys))
        known = {key: Row(key, type, id, name) for key, type, id, name in told}
        return [known[key] for key in keys if key in known]

    def measuring(self, projects: Sequence[int]) -> Measuring:
        told = self.connection.read(lambda run: run(self.names.measuring(), keys=list(projects)))
        place = {key: number for number, key in enumerate(projects)}
        return Measuring(
            np.array([place[key] for key, _, _ in told], dtype=np.int64),
            np.array([row for _, row, _ in told], dtype=np.int64),
            [indicator for _, _, indicator in told],
        )

    def said(self, terms: Collection[str]) -> Collection[str]:
        kept = dict(zip(terms, shortened(terms), strict=True))
        asked = list(kept.values())
        told = self.connection.read(lambda run: run(self.names.term_counts(), terms=asked))
        known = {term for term, *counts in told if any(counts)}
        return {term for term, some in kept.items() if some in known}

    def categories(self) -> Sequence[str]:
        return self.told.categories

    def vectors_of(self, rows: Sequence[int]) -> Vectors | None:
        if not self.model:
            return None
        asked = {"keys": list(rows), "model": self.model}
        told = self.connection.read(lambda run: run(self.names.vectors_of(), **asked))
        vectors = np.zeros((len(rows), self.told.dimension), dtype=np.float32)
        position = {key: number for number, key in enumerate(rows)}
        for key, vector in told:
            vectors[position[key]] = vector
        return vectors


class Neo4jScope:
    """See `search.index.Scope`: conditions that the server checks."""

    def __init__(self, index: Neo4jIndex, selection: Selection) -> None:
        self._index = index
        self._names = index.names
        self._selection = selection
        self._member = queries.member_condition(selection)
        self._asked = queries.parameters(selection)

    def begin(self, text: str, vector: Vector | None, limit: int) -> Begun:
        if not self._index.model:
            vector = None
        return lambda besides: self._index.connection.read(
            lambda run: self._candidates(run, text, vector, limit, besides)
        )

    def named(self, text: str) -> Rows:
        def work(run: Run) -> list[int]:
            return self._named(run, text, self._resolved(run))

        return np.array(self._index.connection.read(work), dtype=np.int64)

    def lexical(self, texts: Sequence[str], rows: Rows) -> list[Mapping[str, Scores]]:
        def work(run: Run) -> list[Mapping[str, Scores]]:
            types = self._selection.types
            asked = [self._terms(run, text) for text in texts]
            return [field_scores(run, self._names, terms, types, rows) for terms in asked]

        return self._index.connection.read(work)

    def everything(self) -> Candidates:
        def work(run: Run) -> list[list[Any]]:
            keys = self._resolved(run)
            if keys is not None:
                return [[row[0], row[3]] for row in run(self._names.weighed(), keys=keys)]
            filtered = queries.row_condition(self._selection)
            return run(self._names.everything(filtered), **self._asked)

        told = sorted(self._index.connection.read(work))
        rows, sizes = np.array(told, dtype=np.int64).reshape(-1, 2).T
        return Candidates(rows, (), sizes)

    def having(self, rows: Rows, facet: str, values: Collection[str]) -> Mask:
        if not values:
            return np.zeros(len(rows), dtype=np.bool_)
        statement = self._names.having(facet, self._member)
        told = self._run(statement, rows.tolist(), values=sorted(values))
        return np.isin(rows, [key for (key,) in told])

    def newest(self, rows: Rows) -> NDArray[np.int64]:
        told = dict(map(tuple, self._run(self._names.newest(self._member), rows.tolist())))
        return np.array([told.get(row, 0) for row in rows.tolist()], dtype=np.int64)

    def members(self, rows: Sequence[int], most: int) -> list[Members]:
        told = self._run(self._names.members(self._member), rows, most=most)
        known = {key: Members(count, tuple(ids)) for key, count, ids in told}
        return [known.get(row, Members(0, ())) for row in rows]

    def by_county(self, rows: Sequence[int], most: int) -> list[dict[str, Members]]:
        known: dict[int, dict[str, Members]] = {}
        for key, county, count, ids in self._run(
            self._names.by_county(self._member), rows, most=most
        ):
            known.setdefault(key, {})[county] = Members(count, tuple(ids))
        return [known.get(row, {}) for row in rows]

    def facets(self, rows: Rows, fields: Collection[str]) -> dict[str, dict[str, int]]:
        found: dict[str, dict[str, int]] = {field: {} for field in fields}
        statement = self._names.facets(fields, self._member)
        for field, value, count in self._run(statement, rows.tolist()):
            if value:
                found[field][str(value)] = count
        return found

    # --- the legs, inside one transaction

    def _candidates(
        self, run: Run, text: str, vector: Vector | None, limit: int, besides: Rows
    ) -> Candidates:
        keys = self._resolved(run)
        terms = self._terms(run, text)
        said = self._text_leg(run, terms, keys, limit, every_term=vector is None)
        named = self._named(run, text, keys)
        near = {} if vector is None else self._vector_leg(run, vector, keys, limit)
        wanted = self._meeting(run, besides)
        rows: Rows = np.unique(np.array([*said, *named, *wanted, *near], dtype=np.int64))
        if vector is not None:
            near |= self._likeness(run, vector, _absent(rows, near))
        told = {key: values for key, *values in run(self._names.weighed(), keys=rows.tolist())}
        # A row that went since its leg was asked is no candidate any more.
        rows = rows[np.isin(rows, list(told))]
        types, names, sizes = ([told[key][column] for key in rows.tolist()] for column in range(3))
        return Candidates(
            rows,
            [analyze.key(name) for name in names],
            np.array(sizes, dtype=np.int64),
            None if vector is None else self._dense(rows, types, near, vector),
            np.isin(rows, named),
        )

    def _resolved(self, run: Run) -> list[int] | None:
        """The rows that a selective filter leaves; None where they are too many to be named."""
        selection = self._selection
        facets = selection.facets or {}
        if selection.nodes is None and not {"county", "department"} & facets.keys():
            return None
        most = EXACT_ROWS + 1
        told = run(self._names.meeting(selection), most=most, **self._asked)
        return [key for (key,) in told] if len(told) < most else None

    def _meeting(self, run: Run, rows: Rows) -> list[int]:
        """Those of the rows that meet the selection."""
        if not len(rows):
            return []
        statement = self._names.those(queries.row_condition(self._selection))
        return [key for (key,) in run(statement, **{**self._asked, "keys": rows.tolist()})]

    def _terms(self, run: Run, text: str) -> AskedTerms:
        return asked_terms(run, self._names, text, self._index.told.rows)

    def _filter(self, keys: Collection[int] | None) -> str:
        return "r.key IN $keys" if keys is not None else queries.row_condition(self._selection)

    def _text_leg(
        self, run: Run, terms: AskedTerms, keys: list[int] | None, limit: int, *, every_term: bool
    ) -> list[int]:
        """The best rows by the scores of all fields together."""
        if keys == []:
            return []
        types = self._selection.types
        few = keys if keys is not None and len(keys) <= terms.room(types) else ()
        statement = self._names.text_leg("" if few else self._filter(keys))
        found: list[int] = []
        for some in [terms] if every_term or keys is not None else terms.telling(limit):
            if some:
                query = some.query(types, few)
                hits = self._deep(run, statement, limit, query=query, keys=keys)
                found = [key for key, _ in hits]
            if len(found) >= min(limit, ENOUGH_SAID):
                break
        return found

    def _vector_leg(
        self, run: Run, vector: Vector, keys: list[int] | None, limit: int
    ) -> dict[int, float]:
        """What the server calls likeness of the nearest rows: (1 + cosine) / 2."""
        if keys is not None:
            return self._likeness(run, vector, keys, limit)
        found: list[tuple[int, float]] = []
        for type in self._selection.types:
            statement = self._names.vector_leg(type, self._filter(None))
            found += self._deep(run, statement, limit, vector=vector.tolist())
        return dict(sorted(found, key=lambda hit: -hit[1])[:limit])

    def _likeness(
        self, run: Run, vector: Vector, keys: Sequence[int], limit: int = EXACT_ROWS
    ) -> dict[int, float]:
        """The same of these rows, compared one by one; one without a vector is absent."""
        if not len(keys):
            return {}
        asked = {"keys": keys, "vector": vector.tolist(), "model": self._index.model}
        return dict(map(tuple, run(self._names.likeness(), limit=limit, **asked)))

    def _deep(
        self, run: Run, statement: str, limit: int, **asked: object
    ) -> list[tuple[int, float]]:
        """The best `limit` that the filter lets through, however deep they lie."""
        depth = limit
        while True:
            ((hits, seen),) = run(statement, depth=depth, **{**self._asked, **asked})
            if len(hits) >= limit or seen < depth:
                return [(key, score) for key, score in hits[:limit]]
            depth *= _DEEPER

    def _named(self, run: Run, text: str, keys: list[int] | None) -> list[int]:
        name = analyze.key(text)
        if not name:
            return []
        asked = {**self._asked, "name": key_of(name), "keys": keys}
        return [key for (key,) in run(self._names.named(self._filter(keys)), **asked)]

    def _dense(
        self, rows: Rows, types: Sequence[str], near: Mapping[int, float], vector: Vector
    ) -> Scores:
        cosines = np.array([2 * near.get(row, 0.5) - 1 for row in rows.tolist()])
        codes: NDArray[np.int64] = np.array([INDEXED_TYPES.index(t) for t in types], dtype=np.int64)
        return standardise(cosines, codes, vector, self._index.sample)

    def _run(self, statement: str, keys: Sequence[int], **asked: object) -> list[list[Any]]:
        if not len(keys):
            return []
        parameters = {**self._asked, **asked, "keys": list(keys)}
        return self._index.connection.read(lambda run: run(statement, **parameters))


def _absent(rows: Rows, known: Mapping[int, float]) -> list[int]:
    return [row for row in rows.tolist() if row not in known]
