"""One index version of this machine, opened for searching: table, text leg and vector leg that
belong together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search import manifest as manifests
from search.allowed import Allowed
from search.errors import IndexMismatch
from search.fuse import SAMPLE, Sample, standardise
from search.index import (
    NO_ROWS,
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
from search.lexical import LexicalIndex
from search.query import INDEXED_TYPES
from search.table import DEAD, Chosen, Table
from search.vector import VectorIndex
from search.versions import Lease, current

TEXT_FOLDER = "text"
_beside = ThreadPoolExecutor(thread_name_prefix="jipu-text-leg")
"""The text leg runs beside the vector leg: both leave Python alone most of the time."""


class Snapshot:
    """See `search.index.Index`. `vectors` is None for an index without them.

    Raises IndexMismatch where anything of the version is missing, damaged or of another format.
    """

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.folder: Path = lease.folder
        self.manifest = manifests.read(self.folder)
        self.table = Table.open(self.folder)
        self.lexical = LexicalIndex(self.folder / TEXT_FOLDER)
        living = int((self.table.rows["type"] != DEAD).sum())
        rows = {len(self.table), self.lexical.rows, self.manifest.rows}
        if len(rows) != 1 or len(self.lexical) != living:
            raise IndexMismatch(f"检索索引 {self.folder} 的各部分对不上，将重建")
        self.vectors: VectorIndex | None = None
        self.sample = Sample({})
        if self.manifest.model:
            self.vectors = VectorIndex(self.folder, self.manifest.dimension, self.manifest.rows)
            self.sample = _sample(self.table, self.vectors)

    @property
    def version(self) -> str:
        told = self.manifest
        return f"{told.revision}:{told.model}:{told.rows}:{told.segments}"

    @property
    def model(self) -> str:
        return self.manifest.model

    @property
    def model_name(self) -> str:
        return self.manifest.model_name

    @cached_property
    def years(self) -> tuple[int, int] | None:
        table = self.table
        documents = np.flatnonzero(table.rows["type"] == INDEXED_TYPES.index("document"))
        years = table.members["year"][table.chosen(documents, None).positions]
        known = years[years > 0]
        return (int(known.min()), int(known.max())) if len(known) else None

    def scope(self, selection: Selection) -> "LocalScope":
        return LocalScope(self, selection.types, *self.table.select(selection))

    def rows_of(self, nodes: Collection[str]) -> Mapping[str, int]:
        return self.table.rows_of(nodes)

    def describe(self, rows: Sequence[int]) -> list[Row]:
        table = self.table
        named = table.names(np.array(rows, dtype=np.int64))
        return [Row(row, table.type(row), *told) for row, told in zip(rows, named, strict=True)]

    def measuring(self, projects: Sequence[int]) -> Measuring:
        return self.table.measuring(np.array(projects, dtype=np.int64))

    def said(self, terms: Collection[str]) -> Collection[str]:
        return self.lexical.said(terms)

    def categories(self) -> Sequence[str]:
        return self.table.vocabulary["level2"]

    def vectors_of(self, rows: Sequence[int]) -> Vectors | None:
        if self.vectors is None:
            return None
        return self.vectors.vectors(np.array(rows, dtype=np.int64))


class LocalScope:
    """See `search.index.Scope`: a mask over the rows of a snapshot, and one over its members
    (None: all of them)."""

    def __init__(
        self, snapshot: Snapshot, types: Sequence[str], rows: Allowed, members: Mask | None
    ) -> None:
        self._snapshot = snapshot
        self._table = snapshot.table
        self._types = types
        self._rows = rows
        self._members = members
        self._last = NO_ROWS, snapshot.table.chosen(NO_ROWS, members)

    def begin(self, text: str, vector: Vector | None, limit: int) -> Begun:
        vectors = self._snapshot.vectors
        said = _beside.submit(self._said, text, limit, every_term=vector is None)
        near, cosines = np.zeros(0, np.int64), np.zeros(0)
        if vector is not None and vectors is not None:
            near, cosines = vectors.search(vector, self._rows, limit)
        return lambda besides: self._candidates(vector, near, cosines, *said.result(), besides)

    def _candidates(
        self,
        vector: Vector | None,
        near: Rows,
        cosines: Scores,
        said: Rows,
        named: Rows,
        besides: Rows,
    ) -> Candidates:
        """What the legs brought, and the others, each with its cosine."""
        vectors = self._snapshot.vectors
        rows: Rows = np.unique(np.concatenate([said, named, self._rows.of(besides), near]))
        dense = None
        if vector is not None and vectors is not None:
            compared = np.zeros(len(rows), dtype=np.bool_)
            values = np.zeros(len(rows))
            compared[places := np.searchsorted(rows, near)] = True
            values[places] = cosines
            values[~compared] = vectors.scores(vector, rows[~compared])
            dense = self._standardised(rows, values, vector)
        return Candidates(
            rows,
            self._table.keys(rows),
            self._table.sizes(rows),
            dense,
            np.isin(rows, named),
        )

    def _said(self, text: str, limit: int, *, every_term: bool) -> tuple[Rows, Rows]:
        """What the text leg brings, and the rows of this very name."""
        lexical = self._snapshot.lexical
        found = lexical.search(text, self._rows, limit, self._types, every_term=every_term)
        return found, self.named(text)

    def _standardised(self, rows: Rows, cosines: Scores, vector: Vector) -> Scores:
        types = self._table.rows["type"][rows].astype(np.int64)
        return standardise(cosines, types, vector, self._snapshot.sample)

    def named(self, text: str) -> Rows:
        return self._rows.of(self._snapshot.lexical.named(text))

    def lexical(self, texts: Sequence[str], rows: Rows) -> list[Mapping[str, Scores]]:
        return [*self._snapshot.lexical.scores(texts, rows)]

    def everything(self) -> Candidates:
        rows: Rows = np.flatnonzero(self._rows.mask)
        return Candidates(rows, (), self._table.sizes(rows))

    def having(self, rows: Rows, facet: str, values: Collection[str]) -> Mask:
        return self._table.having(self._chosen(rows), facet, values)

    def newest(self, rows: Rows) -> NDArray[np.int64]:
        return self._table.newest(self._chosen(rows))

    def members(self, rows: Sequence[int], most: int) -> list[Members]:
        found = [Members(0, ())] * len(rows)
        for place, _, count, ids in self._parted(rows, most):
            found[place] = Members(count, tuple(ids))
        return found

    def by_county(self, rows: Sequence[int], most: int) -> list[dict[str, Members]]:
        found: list[dict[str, Members]] = [{} for _ in rows]
        for place, county, count, ids in self._parted(rows, most, "county"):
            found[place][county] = Members(count, tuple(ids))
        return found

    def facets(self, rows: Rows, fields: Collection[str]) -> dict[str, dict[str, int]]:
        return self._table.facet_counts(self._chosen(rows), fields)

    def _chosen(self, rows: Rows) -> Chosen:
        """The members of these rows that count. A question asks several things of its candidates,
        one after another."""
        last, chosen = self._last
        if rows is not last:
            chosen = self._table.chosen(rows, self._members)
            self._last = rows, chosen
        return chosen

    def _parted(
        self, rows: Sequence[int], most: int, field: str = ""
    ) -> Iterator[tuple[int, str, int, list[str]]]:
        return self._table.parted(np.array(rows, dtype=np.int64), self._members, most, field)


def _sample(table: Table, vectors: VectorIndex) -> Sample:
    types, keys = np.asarray(table.rows["type"]), np.asarray(table.rows["key"])
    found = {}
    for code in np.unique(types[types != DEAD]).tolist():
        rows = np.flatnonzero(types == code)
        if len(rows) > SAMPLE:
            rows = rows[np.argpartition(keys[rows], SAMPLE)[:SAMPLE]]
        found[int(code)] = vectors.vectors(rows)
    return Sample(found)


def open_current(root: Path) -> Snapshot | None:
    """The version that is searched now; None where there is none or it cannot be used."""
    lease = current(root)
    if lease is None:
        return None
    try:
        return Snapshot(lease)
    except IndexMismatch:
        lease.release()
        return None
