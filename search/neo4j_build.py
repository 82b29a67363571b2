"""How an index generation on a Neo4j server is written: aside and anew, or in place and caught up.

Every page is one transaction that also renews the builder's lease, so that a builder that is
killed leaves whole pages behind, and none that lost its lease goes on.
"""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np

from graph.elements import Node
from graph.neo4j_connection import AlreadyThere, Connection, Run
from graph.store import Writer
from search import analyze
from search import neo4j_queries as queries
from search.documents import SearchDocument, memberships
from search.embedding import Embedder
from search.encoder import Encoder
from search.errors import SearchError
from search.filling import PAGE
from search.fuse import SAMPLE
from search.index import FACETS, FIELDS, Member
from search.neo4j_index import Told, key_of
from search.neo4j_text import shortened
from search.progress import Progress
from search.query import INDEXED_TYPES

LEASE_SECONDS = 300
"""How long others wait for a builder of which they hear nothing."""
_BEAT_SECONDS = 30.0


class Generation:
    """See `search.filling.Filled`. `told` is what the index will say of itself once it is done."""

    def __init__(
        self, store: Writer, connection: Connection, encoder: Encoder | None, told: Told, me: str
    ) -> None:
        self._store = store
        self._connection = connection
        self._embedder = Embedder(store, told.model, told.dimension, encoder)
        self._told = told
        self._names = told.names
        self._categories = set(told.categories)
        self._me = me
        self._renewed = time.monotonic()

    def prepare(self) -> None:
        """Make what is missing of its constraints and indexes, and wait until they can be used."""
        names = self._names
        there = {name for (name,) in self._connection.read(lambda run: run(queries.INDEX_NAMES))}
        wanted = {**names.constraints(), **names.indexes(self._told.dimension)}
        for name, statement in wanted.items():
            if name not in there:
                # Of several processes that make a first index at once, one is first.
                with suppress(AlreadyThere):
                    self._connection.write(lambda run, made=statement: run(made))  # type: ignore[misc]
        if wanted.keys() - there:
            self._connection.read(lambda run: run(queries.AWAIT))

    def shows(self, documents: Sequence[SearchDocument]) -> list[bool]:
        keys = [key_of(document.node) for document in documents]
        known = self._connection.read(lambda run: run(self._names.known_rows(), keys=keys))
        hashes = {key: hash for key, hash, *_ in known}
        return [hashes.get(key) == _hash(d) for d, key in zip(documents, keys, strict=True)]

    def leave(self, changed: Sequence[str], present: Sequence[Node]) -> None:
        living = {node.id for node in present}
        for start in range(0, len(changed), PAGE):
            some = changed[start : start + PAGE]

            def work(run: Run, some: Sequence[str] = some) -> None:
                run(self._names.remove_members(), ids=[id for id in some if id in living])
                gone = [key_of(id) for id in some if id not in living]
                before = run(self._names.known_rows(), keys=gone)
                run(self._names.remove_rows(), keys=gone)
                self._count(run, ((terms, -1) for _, _, *terms in before))

            self._write(work)

    def add(self, documents: Sequence[SearchDocument], progress: Progress | None) -> None:
        shown = self.shows(documents)
        fresh = [d for d, known in zip(documents, shown, strict=True) if not known]
        if fresh:
            vectors = self._vectors(fresh, progress)
            rows = [_row(document) for document in fresh]
            self._write(lambda run: self._put(run, rows, vectors))

    def join(self, label: str, nodes: Sequence[Node]) -> None:
        members = memberships(self._store, label, nodes)
        self._categories.update(member.level2 for _, member in members if member.level2)
        rows = [
            {"key": key_of(owner), "id": member.id, "member": _facts(member)}
            for owner, member in members
        ]
        if rows:
            self._write(lambda run: run(self._names.add_members(), rows=rows))

    def finish(self, revision: int) -> Told:
        """Bring the sample in step, and make this the generation that is searched."""
        counted = dict(map(tuple, self._connection.read(lambda run: run(self._names.count_rows()))))
        if self._told.model:
            self._sample(counted)
        told = replace(
            self._told,
            revision=revision,
            rows=sum(counted.values()),
            missing=self._told.missing + self._embedder.missing,
            serial=self._told.serial + 1,
            counts=[counted.get(type, 0) for type in INDEXED_TYPES],
            categories=sorted(self._categories),
        )
        properties = {name: getattr(told, name) for name in Told.__slots__}
        self._write(lambda run: run(queries.SET_INDEX, properties=properties))
        return told

    def _write(self, work: Callable[[Run], object]) -> None:
        def renewed(run: Run) -> None:
            asked = {"me": self._me, "milliseconds": LEASE_SECONDS * 1000}
            if not run(queries.TAKE_LEASE, **asked):
                raise SearchError("另一个进程接手了索引的更新，本次更新停止；请稍后再试")
            work(run)

        self._connection.write(renewed)
        self._renewed = time.monotonic()

    def _vectors(
        self, documents: Sequence[SearchDocument], progress: Progress | None
    ) -> dict[str, list[dict[str, object]]]:
        """Make sure of the vectors of these documents; the rows of each type that have one."""
        if not self._told.model:
            return {}

        def beat(*told: Any) -> None:
            # A slow model takes longer for a page than others wait.
            if time.monotonic() > self._renewed + _BEAT_SECONDS:
                self._write(lambda run: None)
            if progress is not None:
                progress(*told)

        vectors = self._embedder.vectors(documents, beat)
        found: dict[str, list[dict[str, object]]] = {}
        for document, has in zip(documents, np.any(vectors != 0, axis=1).tolist(), strict=True):
            if has:
                row: dict[str, object] = {"id": document.node, "key": key_of(document.node)}
                found.setdefault(document.type, []).append(row)
        return found

    def _put(
        self,
        run: Run,
        rows: Sequence[dict[str, object]],
        vectors: dict[str, list[dict[str, object]]],
    ) -> None:
        before = run(self._names.known_rows(), keys=[row["key"] for row in rows])
        run(self._names.write_rows(), rows=list(rows))
        for type, marked in vectors.items():
            run(self._names.mark_vectors(type), rows=marked, model=self._told.model)
        gone = ((terms, -1) for _, _, *terms in before)
        come = (([str(row[f"terms_{field}"]) for field in FIELDS], 1) for row in rows)
        self._count(run, [*gone, *come])

    def _count(self, run: Run, rows: Iterable[tuple[Sequence[str], int]]) -> None:
        """Keep in how many rows each term stands, by field; each entry is a row's terms, come or
        gone."""
        counts: dict[str, Counter[str]] = {}
        for texts, sign in rows:
            for field, text in zip(FIELDS, texts, strict=True):
                for term in set(text.split()):
                    counts.setdefault(term, Counter())[field] += sign
        told = [
            {"term": term, **{field: of[field] for field in FIELDS}}
            for term, of in sorted(counts.items())
            if any(of.values())
        ]
        if told:
            run(self._names.count_terms(), terms=told)

    def _sample(self, counted: dict[str, int]) -> None:
        """Write the vectors that cosines are compared with, where they are others than before."""
        digests = dict(
            map(tuple, self._connection.read(lambda run: run(self._names.sample_digests())))
        )
        for type in INDEXED_TYPES:
            if not counted.get(type) and type not in digests:
                continue
            asked = {"type": type, "most": SAMPLE}
            first = self._connection.read(
                lambda run, asked=asked: run(self._names.first_rows(), **asked)  # type: ignore[misc]
            )
            digest = hashlib.sha256(repr(first).encode()).hexdigest()
            if digests.get(type) == digest:
                continue
            ids = [id for id, _ in first]
            stored = self._store.embeddings(self._told.model, ids)
            vectors = np.zeros((len(ids), self._told.dimension), dtype="<f2")
            for position, id in enumerate(ids):
                if id in stored:
                    vectors[position] = np.frombuffer(stored[id].vector, "<f4").astype("<f2")
            written = {"type": type, "digest": digest, "rows": len(ids)}

            def work(
                run: Run, written: dict[str, object] = written, vectors: bytes = vectors.tobytes()
            ) -> None:
                run(self._names.write_sample(), vectors=vectors, **written)

            self._write(work)


def _hash(document: SearchDocument) -> int:
    """Within Neo4j's signed integers."""
    return document.hash >> 1


def _row(document: SearchDocument) -> dict[str, object]:
    key = key_of(document.node)
    name = analyze.key(document.name)
    return {
        "key": key,
        "number": str(key),
        "id": document.node,
        "type": document.type,
        "name": document.name,
        "name_hash": key_of(name) if name else None,
        "hash": _hash(document),
    } | {
        f"terms_{field}": " ".join(shortened(analyze.field_terms(text).split(" ")))
        for field, text in document.fields.items()
    }


def _facts(member: Member) -> dict[str, object]:
    return {"year": member.year, **{field: getattr(member, field) for field in FACETS}}
