"""The embedded store: one SQLite file, many readers and one writer at a time."""

import json
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Self, TypeAlias

from graph import derive
from graph.elements import Edge, GraphBatch, Node, Scalar
from graph.merge import folded
from graph.rows import DocumentRows, unfolded
from graph.schema import EDGES, NODES, check, indexed_properties
from graph.sqlite_connection import BUSY_SECONDS, Connections
from graph.sqlite_write import (
    deciding_properties,
    known,
    nodes_of,
    stored_batch,
    unchanged,
    write,
    write_derived,
)
from graph.store import Changes, Direction, Embedding, Page

_IDS = "(SELECT value FROM json_each(?))"

# CASE, because a plain condition on `merged` would still walk all contributions of a popular node.
_NODES = (
    "SELECT node.id, node.label, node.document, node.merged, c.properties, c.evidence"
    " FROM node LEFT JOIN contribution AS c"
    " ON c.node = CASE WHEN node.merged IS NULL THEN node.id END"
)

_EDGES = (
    "SELECT edge.source, edge.type, edge.target, edge.document, edge.merged,"
    " c.properties, c.evidence"
    " FROM edge LEFT JOIN edge_contribution AS c"
    " ON c.edge = CASE WHEN edge.merged IS NULL THEN edge.number END"
)

_FILTER_CHUNK = 500
"""How many nodes a scan reads at a time to test properties that have no index."""


class SqliteStore:
    """See `graph.store` for what every method means.

    Safe for threads (each has its own connection) and for several processes. Raises
    StoreUnavailable for what the file system or another process is the reason of.
    """

    def __init__(
        self, path: Path, *, read_only: bool = False, busy_seconds: float = BUSY_SECONDS
    ) -> None:
        self._connections = Connections(path, read_only, busy_seconds)
        try:
            self._connections.prepare()
        except BaseException:
            self._connections.close()
            raise

    def get(self, ids: Iterable[str]) -> dict[str, Node]:
        with self._connections.use() as connection:
            rows = connection.execute(f"{_NODES} WHERE node.id IN {_IDS}", (_json(ids),))
            return {row[0]: _node(row) for row in rows}

    def edges(
        self,
        ids: Iterable[str],
        types: Collection[str] | None = None,
        direction: Direction = "out",
    ) -> list[Edge]:
        wanted = _json(ids)
        kinds = _json(EDGES if types is None else types)
        ends = {"out": ("source",), "in": ("target",), "both": ("source", "target")}[direction]
        found: dict[tuple[str, str, str, str], Edge] = {}
        with self._connections.reading() as connection:
            for end in ends:
                query = f"{_EDGES} WHERE edge.{end} IN {_IDS} AND edge.type IN {_IDS}"
                for row in connection.execute(query, (wanted, kinds)):
                    edge = _edge(row)
                    found[edge.key] = edge
        return [found[key] for key in sorted(found)]

    def scan(
        self,
        label: str,
        where: Mapping[str, Collection[Scalar]] | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page:
        where = where or {}
        wanted = {name: frozenset(map(_exact, values)) for name, values in where.items()}
        nodes: list[Node] = []
        with self._connections.reading() as connection:
            while len(nodes) <= limit:
                # One more than asked for tells whether another page follows.
                size = limit + 1 if not where else max(limit + 1, _FILTER_CHUNK)
                read = _stretch(connection, label, where, after, size)
                nodes += [node for node in read if _matches(node, wanted)]
                if len(read) < size:
                    break
                after = read[-1].id
        page = tuple(nodes[:limit])
        return Page(page, page[-1].id if len(nodes) > limit else None)

    def degree(self, ids: Iterable[str], type: str, direction: Direction) -> dict[str, int]:
        outgoing = "(SELECT count(*) FROM edge WHERE source = value AND type = :type)"
        incoming = "(SELECT count(*) FROM edge WHERE target = value AND type = :type)"
        # An edge from a node to itself is one edge.
        loops = (
            "(SELECT count(*) FROM edge WHERE source = value AND target = value AND type = :type)"
        )
        expression = {"out": outgoing, "in": incoming, "both": f"{outgoing} + {incoming} - {loops}"}
        query = f"SELECT value, {expression[direction]} FROM json_each(:ids)"
        with self._connections.use() as connection:
            return dict(connection.execute(query, {"type": type, "ids": _json(ids)}))

    def counts(self) -> dict[str, int]:
        with self._connections.use() as connection:
            stored = dict(connection.execute("SELECT name, amount FROM total"))
        return {name: stored.get(name, 0) for name in (*NODES, *EDGES)}

    def contributors(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {}
        query = (
            f"SELECT node, document FROM contribution WHERE node IN {_IDS}"
            " ORDER BY node, rank, document"
        )
        with self._connections.use() as connection:
            for node, document in connection.execute(query, (_json(ids),)):
                found.setdefault(node, []).append(document)
        return {node: tuple(documents) for node, documents in found.items()}

    def documents(self) -> list[str]:
        with self._connections.use() as connection:
            return [id for (id,) in connection.execute("SELECT id FROM document ORDER BY id")]

    def batch_of(self, document: str) -> GraphBatch | None:
        with self._connections.reading() as connection:
            return stored_batch(connection, document)

    def models(self) -> list[str]:
        with self._connections.use() as connection:
            rows = connection.execute("SELECT DISTINCT model FROM embedding ORDER BY model")
            return [model for (model,) in rows]

    def revision(self) -> int:
        with self._connections.use() as connection:
            return _revision(connection)

    def probe(self, seconds: float) -> int:
        return self.revision()

    def changes(self, since: int) -> Changes | None:
        """Tombstones are never dropped: None only for a revision that is not of this store."""
        with self._connections.reading() as connection:
            revision = _revision(connection)
            if since > revision:
                return None
            written = connection.execute("SELECT id FROM node WHERE revision > ?", (since,))
            removed = connection.execute("SELECT id FROM tombstone WHERE revision > ?", (since,))
            return Changes(revision, _first(written), _first(removed))

    def embeddings(self, model: str, ids: Iterable[str]) -> dict[str, Embedding]:
        query = f"SELECT node, text_hash, vector FROM embedding WHERE model = ? AND node IN {_IDS}"
        with self._connections.use() as connection:
            rows = connection.execute(query, (model, _json(ids)))
            return {node: Embedding(text_hash, vector) for node, text_hash, vector in rows}

    def apply(self, batch: GraphBatch, replacing: Sequence[str] = ()) -> None:
        batch = folded(batch)
        check(batch)
        rows = DocumentRows(batch)
        with self._connections.writing() as connection:
            others = known(connection, set(replacing) - {batch.document})
            if others or not unchanged(connection, rows):
                self._exchange(connection, rows, [*others, batch.document])

    def delete_document(self, document: str) -> bool:
        with self._connections.writing() as connection:
            if not known(connection, [document]):
                return False
            self._exchange(connection, None, [document])
            return True

    def set_embeddings(self, model: str, vectors: Mapping[str, Embedding]) -> None:
        query = (
            "INSERT INTO embedding SELECT id, ?, ?, ? FROM node WHERE id = ?"
            " ON CONFLICT (node, model)"
            " DO UPDATE SET text_hash = excluded.text_hash, vector = excluded.vector"
        )
        rows = [(model, v.text_hash, v.vector, node) for node, v in vectors.items()]
        with self._connections.writing() as connection:
            connection.executemany(query, rows)

    def close(self) -> None:
        self._connections.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()

    def _exchange(
        self, connection: sqlite3.Connection, rows: DocumentRows | None, leaving: list[str]
    ) -> None:
        """Write `rows` for what the leaving documents said, and bring the derived edges in step."""
        revision = _revision(connection) + 1
        touched = set(nodes_of(connection, leaving))
        if rows is not None:
            touched.update(rows.ids)
        gone, new = derive.exchanged(
            self,
            lambda: deciding_properties(connection, touched),
            lambda: write(connection, rows, leaving, revision),
        )
        write_derived(connection, gone, new, revision)
        connection.execute("UPDATE state SET value = ? WHERE name = 'revision'", (revision,))


def _json(ids: Iterable[str]) -> str:
    return json.dumps(list(ids))


def _first(rows: Iterable[tuple[str]]) -> frozenset[str]:
    return frozenset(value for (value,) in rows)


def _revision(connection: sqlite3.Connection) -> int:
    row = connection.execute("SELECT value FROM state WHERE name = 'revision'").fetchone()
    return int(row[0])


def _stretch(
    connection: sqlite3.Connection,
    label: str,
    where: Mapping[str, Collection[Scalar]],
    after: str | None,
    size: int,
) -> list[Node]:
    """The next nodes of the label that may match, through the index of one property if possible."""
    indexed = [name for name in where if label in NODES and name in indexed_properties(label)]
    if indexed:
        name = indexed[0]
        query = (
            f"{_NODES} WHERE node.id IN (SELECT node FROM property WHERE label = ? AND name = ?"
            f" AND value IN {_IDS} AND node > ? ORDER BY node LIMIT ?) ORDER BY node.id"
        )
        values = json.dumps(list(where[name]))
        rows = connection.execute(query, (label, name, values, after or "", size))
    else:
        query = f"{_NODES} WHERE node.label = ? AND node.id > ? ORDER BY node.id LIMIT ?"
        rows = connection.execute(query, (label, after or "", size))
    return [_node(row) for row in rows]


_Exact: TypeAlias = tuple[Scalar, bool]


def _exact(value: Scalar) -> _Exact:
    """What makes two values of a graph equal: True is no number, although Python says 1 == True."""
    return value, isinstance(value, bool)


def _matches(node: Node, wanted: Mapping[str, Collection[_Exact]]) -> bool:
    for name, values in wanted.items():
        stored = node.properties.get(name)
        if stored is None or isinstance(stored, list) or _exact(stored) not in values:
            return False
    return True


def _node(row: tuple[str, str, str, str | None, str | None, str | None]) -> Node:
    node, label, document, merged, properties, evidence = row
    return Node(node, label, *unfolded(merged, properties, evidence, document))


def _edge(row: tuple[str, str, str, str, str | None, str | None, str | None]) -> Edge:
    source, kind, target, document, merged, properties, evidence = row
    return Edge(source, kind, target, *unfolded(merged, properties, evidence, document))
