"""The store on a Neo4j server or cluster: many readers, many writers that take turns."""

import struct
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import closing
from typing import Self

from graph import derive
from graph import neo4j_queries as queries
from graph.elements import Edge, GraphBatch, Node, Scalar
from graph.errors import StoreUnavailable
from graph.merge import folded
from graph.neo4j_connection import Connection, Run, parse_address
from graph.neo4j_gate import Gate
from graph.neo4j_indexes import prepare
from graph.neo4j_reader import Neo4jReader
from graph.neo4j_write import chunks, stored_rows, write, write_derived
from graph.rows import DocumentRows
from graph.schema import check
from graph.store import Changes, Direction, Embedding, Page

_VECTORS = 1000
"""How many vectors one transaction carries."""


class Neo4jStore:
    """See `graph.store` for what every method means.

    Safe for threads and for several processes: every write locks one node before it reads, so
    that writers never wait for each other in a circle. Raises StoreUnavailable for what server or
    network are the reason of.
    """

    def __init__(self, url: str, *, read_only: bool, patience: float) -> None:
        self._read_only = read_only
        self._address = parse_address(url)
        self.connection = Connection(self._address, patience)
        self._gate = Gate(self.connection, read_only)
        try:
            prepare(self.connection, read_only)
        except BaseException:
            self.connection.close()
            raise

    def get(self, ids: Iterable[str]) -> dict[str, Node]:
        wanted = list(ids)
        return self._gate.read(lambda run: Neo4jReader(run).get(wanted))

    def edges(
        self,
        ids: Iterable[str],
        types: Collection[str] | None = None,
        direction: Direction = "out",
    ) -> list[Edge]:
        wanted = list(ids)
        return self._gate.read(lambda run: Neo4jReader(run).edges(wanted, types, direction))

    def scan(
        self,
        label: str,
        where: Mapping[str, Collection[Scalar]] | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page:
        return self._gate.read(lambda run: Neo4jReader(run).scan(label, where, after, limit))

    def degree(self, ids: Iterable[str], type: str, direction: Direction) -> dict[str, int]:
        wanted = list(ids)
        return self._gate.read(lambda run: Neo4jReader(run).degree(wanted, type, direction))

    def counts(self) -> dict[str, int]:
        return self._gate.read(lambda run: Neo4jReader(run).counts())

    def contributors(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        wanted = list(ids)
        return self._gate.read(lambda run: Neo4jReader(run).contributors(wanted))

    def documents(self) -> list[str]:
        return self._gate.read(lambda run: Neo4jReader(run).documents())

    def batch_of(self, document: str) -> GraphBatch | None:
        return self._gate.read(lambda run: Neo4jReader(run).batch_of(document))

    def models(self) -> list[str]:
        return self._gate.read(lambda run: Neo4jReader(run).models())

    def revision(self) -> int:
        return self._gate.read(lambda run: Neo4jReader(run).revision())

    def probe(self, seconds: float) -> int:
        self.connection.check_open()
        # New connections: those in use wait longer before they believe that a server is gone.
        with closing(Connection(self._address, patience=0, seconds=seconds)) as connection:
            return connection.probe(lambda run: Neo4jReader(run).revision())

    def changes(self, since: int) -> Changes | None:
        """Tombstones are never dropped: None only for a revision that is not of this store."""
        return self._gate.read(lambda run: Neo4jReader(run).changes(since))

    def embeddings(self, model: str, ids: Iterable[str]) -> dict[str, Embedding]:
        wanted = list(ids)
        return self._gate.read(lambda run: Neo4jReader(run).embeddings(model, wanted))

    def apply(self, batch: GraphBatch, replacing: Sequence[str] = ()) -> None:
        self._check_writable()
        batch = folded(batch)
        check(batch)
        rows = DocumentRows(batch)
        digest = rows.digest()
        leaving = sorted(set(replacing) - {batch.document})

        with self._gate.closing() as close:

            def work(run: Run) -> None:
                revision = _locked(run)
                others = [id for (id,) in run(queries.KNOWN, ids=leaving)] if leaving else []
                stored = run(queries.DIGEST, id=batch.document)
                if others or stored != [[digest]]:
                    _exchange(run, rows, digest, [*others, batch.document], revision + 1)
                    close()

            self.connection.write(work)

    def delete_document(self, document: str) -> bool:
        self._check_writable()

        known: list[str] = []
        with self._gate.closing() as close:

            def work(run: Run) -> bool:
                revision = _locked(run)
                if run(queries.KNOWN, ids=[document]):
                    # Kept for a second run, after a commit whose answer was lost.
                    known.append(document)
                    _exchange(run, None, "", [document], revision + 1)
                    close()
                return bool(known)

            return self.connection.write(work)

    def set_embeddings(self, model: str, vectors: Mapping[str, Embedding]) -> None:
        self._check_writable()
        for some in chunks(vectors.items(), _VECTORS):
            rows = [
                {"node": node, "text_hash": said.text_hash, "vector": _floats(said.vector)}
                for node, said in some
            ]

            def work(run: Run, rows: object = rows) -> None:
                _locked(run)
                run(queries.SET_EMBEDDINGS, model=model, rows=rows)

            self.connection.write(work)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _check_writable(self) -> None:
        if self._read_only:
            raise StoreUnavailable(
                f"图谱 {self.connection.place} 是以只读方式打开的，只能读，不能写"
            )


def _locked(run: Run) -> int:
    """Wait for this writer's turn, which lasts until its transaction ends; the revision now."""
    ((revision,),) = run(queries.LOCK_STATE)
    return int(revision)


def _exchange(
    run: Run, rows: DocumentRows | None, digest: str, leaving: list[str], revision: int
) -> None:
    """Write `rows` for what the leaving documents said, and bring the derived edges in step."""
    reader = Neo4jReader(run)
    touched = {node.id for said in leaving for node in stored_rows(run, said)[0]}
    if rows is not None:
        touched.update(rows.ids)
    gone, new = derive.exchanged(
        reader,
        lambda: derive.deciding_properties(reader, touched),
        lambda: write(run, rows, digest, leaving, revision),
    )
    write_derived(run, gone, new, revision)
    run(queries.SET_REVISION, revision=revision)


def _floats(vector: bytes) -> list[float]:
    return list(struct.unpack(f"<{len(vector) // 4}f", vector))
