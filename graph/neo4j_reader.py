"""The reading half of the store on Neo4j, over whatever transaction runs its statements."""

import struct
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from graph import neo4j_queries as queries
from graph.elements import Edge, GraphBatch, Node, Scalar
from graph.neo4j_connection import Run
from graph.neo4j_write import stored_rows
from graph.rows import batch_of_rows, evidence_of
from graph.schema import EDGES, NODES, indexed_properties, label_of
from graph.store import Changes, Direction, Embedding, Page


class Neo4jReader:
    """See `graph.store` for what every method means. `run` belongs to one transaction.

    The server promises read-committed: two statements may see two states.
    """

    def __init__(self, run: Run) -> None:
        self._run = run

    def get(self, ids: Iterable[str]) -> dict[str, Node]:
        if not (wanted := _distinct(ids)):
            return {}
        nodes = (_node(properties) for (properties,) in self._run(queries.GET, ids=wanted))
        return {node.id: node for node in nodes}

    def edges(
        self,
        ids: Iterable[str],
        types: Collection[str] | None = None,
        direction: Direction = "out",
    ) -> list[Edge]:
        wanted = _distinct(ids)
        kinds = sorted(EDGES if types is None else EDGES.keys() & set(types))
        if not wanted or not kinds:
            return []
        outgoing, incoming = queries.edges_from(kinds), queries.edges_to(kinds)
        asked = {"out": (outgoing,), "in": (incoming,), "both": (outgoing, incoming)}[direction]
        found = {}
        for query in asked:
            for row in self._run(query, ids=wanted):
                edge = _edge(*row)
                found[edge.key] = edge
        return [found[key] for key in sorted(found)]

    def scan(
        self,
        label: str,
        where: Mapping[str, Collection[Scalar]] | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page:
        if label not in NODES:
            return Page((), None)
        values = {name: list(some) for name, some in (where or {}).items()}
        indexed = next((name for name in values if name in indexed_properties(label)), None)
        rows = self._run(
            queries.scan(label, indexed),
            where=values,
            indexed=indexed,
            after=after or "",
            # One more than asked for tells whether another page follows.
            size=limit + 1,
        )
        nodes = tuple(_node(properties) for (properties,) in rows[:limit])
        return Page(nodes, nodes[-1].id if len(rows) > limit else None)

    def degree(self, ids: Iterable[str], type: str, direction: Direction) -> dict[str, int]:
        wanted = _distinct(ids)
        found = dict.fromkeys(wanted, 0)
        if wanted and type in EDGES:
            found.update(map(tuple, self._run(queries.degree(type, direction), ids=wanted)))
        return found

    def counts(self) -> dict[str, int]:
        return dict(map(tuple, self._run(queries.COUNTS)))

    def contributors(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        rows = self._run(queries.CONTRIBUTORS, ids=_distinct(ids))
        return {node: tuple(documents) for node, documents in rows}

    def documents(self) -> list[str]:
        return [id for (id,) in self._run(queries.DOCUMENTS)]

    def batch_of(self, document: str) -> GraphBatch | None:
        if not self._run(queries.KNOWN, ids=[document]):
            return None
        return batch_of_rows(document, *stored_rows(self._run, document))

    def models(self) -> list[str]:
        return [model for (model,) in self._run(queries.MODELS)]

    def revision(self) -> int:
        ((_, revision),) = self._run(queries.READ_STATE)
        return int(revision)

    def changes(self, since: int) -> Changes | None:
        revision = self.revision()
        if since > revision:
            return None
        written = self._run(queries.WRITTEN_SINCE, since=since)
        removed = self._run(queries.REMOVED_SINCE, since=since)
        return Changes(revision, _first(written), _first(removed))

    def embeddings(self, model: str, ids: Iterable[str]) -> dict[str, Embedding]:
        rows = self._run(queries.EMBEDDINGS, model=model, ids=_distinct(ids))
        return {
            node: Embedding(text_hash, struct.pack(f"<{len(vector)}f", *vector))
            for node, text_hash, vector in rows
        }


def _distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def _first(rows: list[list[Any]]) -> frozenset[str]:
    return frozenset(value for (value,) in rows)


def _node(stored: dict[str, Any]) -> Node:
    id, said = stored.pop("id"), stored.pop("_evidence")
    for name in ("_revision", "_turn"):
        stored.pop(name, None)
    return Node(id, label_of(id) or "", _sorted(stored), evidence_of(said))


def _edge(source: str, type: str, target: str, stored: dict[str, Any]) -> Edge:
    said = stored.pop("_evidence", None)
    stored.pop("_turn", None)
    # A derived edge has none.
    return Edge(source, type, target, _sorted(stored), () if said is None else evidence_of(said))


def _sorted(stored: dict[str, Any]) -> dict[str, Any]:
    """Properties by name, as every store gives them: the server has an order of its own."""
    return dict(sorted(stored.items()))
