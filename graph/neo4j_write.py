"""How one document enters and leaves the database, inside a transaction that the caller holds."""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from graph import neo4j_queries as queries
from graph.elements import Edge, PropertyValue
from graph.errors import InvalidGraph
from graph.merge import MERGED_CONTRIBUTIONS, first_wins
from graph.neo4j_connection import Run
from graph.rows import DocumentRows, evidence_text
from graph.schema import indexed_properties, label_of

EdgeKey: TypeAlias = tuple[str, str, str, str]
T = TypeVar("T")

CHUNK = 5000
"""Rows that one statement carries."""
_INTEGERS = range(-(2**63), 2**63)
_LONGEST = 7000
"""Bytes of an id or an indexed text: an index takes 8167 for all of its properties together."""


class _Contribution(NamedTuple):
    """What one document says of one node or edge. `turn` is rank and document: the merge order.

    `key` is the node's id, or a hash of the edge's, which would be too long for an index; `edge`
    is None for a node.
    """

    key: str
    turn: str
    document: str
    properties: str
    evidence: str
    edge: EdgeKey | None = None


def write(
    run: Run,
    rows: DocumentRows | None,
    digest: str,
    leaving: Sequence[str],
    revision: int,
) -> None:
    """Take out what the `leaving` documents said, put in the new rows, merge what is shared.

    `digest` is that of the rows, which cost too much to go through for it once more.
    """
    edges: dict[str, EdgeKey | None] = {
        key: None if edge is None else tuple(edge)
        for key, edge in run(queries.TAKE_OUT, documents=list(leaving))
    }
    run(queries.FORGET_DOCUMENTS, documents=list(leaving))
    said: dict[str, list[_Contribution]] = {}
    if rows is not None:
        for own in _contributions(rows):
            said[own.key] = [own]
            edges[own.key] = own.edge
        run(queries.KEEP_DOCUMENT, id=rows.document, digest=digest)
    for keys in chunks(edges):
        asked = run(queries.FIRST_CONTRIBUTIONS, keys=keys, most=MERGED_CONTRIBUTIONS)
        for row in asked:
            said.setdefault(row[0], []).append(_Contribution(*row))
    _write_nodes(run, [key for key, edge in edges.items() if edge is None], said, revision)
    _write_edges(run, {key: edge for key, edge in edges.items() if edge is not None}, said)
    if rows is not None:
        kept = [own._asdict() for own in _contributions(rows)]
        for chunk in chunks(kept):
            run(queries.KEEP_CONTRIBUTIONS, rows=chunk)


def write_derived(run: Run, gone: Collection[Edge], new: Collection[Edge], revision: int) -> None:
    """Replace derived edges; the nodes at their ends count as written."""
    for query, edges in ((queries.remove_edges, gone), (queries.write_edges, new)):
        for type, rows in _by_type((edge.key, {}) for edge in edges).items():
            run(query(type), rows=rows)
    if ends := sorted({end for edge in (*gone, *new) for end in (edge.source, edge.target)}):
        run(queries.SEE_WRITTEN, ids=ends, revision=revision)


def _contributions(rows: DocumentRows) -> Iterable[_Contribution]:
    document = rows.document
    for nodes, _ in rows.nodes():
        for node in nodes:
            turn = f"{node.rank}{document}"
            yield _Contribution(node.id, turn, document, node.properties, node.evidence)
    for edge in chain.from_iterable(rows.edges()):
        turn = f"{edge.rank}{document}"
        ends: EdgeKey = (edge.source, edge.type, edge.target, edge.field)
        key = hashlib.sha256("\x1f".join(ends).encode()).hexdigest()[:32]
        yield _Contribution(key, turn, document, edge.properties, edge.evidence, ends)


def _write_nodes(
    run: Run, ids: list[str], said: dict[str, list[_Contribution]], revision: int
) -> None:
    by_label: dict[str, list[dict[str, Any]]] = {}
    for id in ids:
        if id in said:
            row = {**_merged(said[id], id), "id": id, "_revision": revision}
            by_label.setdefault(label_of(id) or "", []).append(row)
    gone = [id for id in ids if id not in said]
    if gone:
        run(queries.REMOVE_NODES, ids=gone, revision=revision)
        run(queries.REMOVE_EMBEDDINGS, ids=gone)
    for label, rows in by_label.items():
        for chunk in chunks(rows):
            run(queries.write_nodes(label), rows=chunk)
            run(queries.REMOVE_TOMBSTONES, ids=[row["id"] for row in chunk])


def _write_edges(run: Run, keys: dict[str, EdgeKey], said: dict[str, list[_Contribution]]) -> None:
    gone = _by_type((edge, {}) for key, edge in keys.items() if key not in said)
    kept = _by_type((e, _merged(said[key], e[0])) for key, e in keys.items() if key in said)
    for type, rows in gone.items():
        run(queries.remove_edges(type), rows=rows)
    for type, rows in kept.items():
        for chunk in chunks(rows):
            run(queries.write_edges(type), rows=chunk)


def _merged(said: list[_Contribution], owner: str) -> dict[str, PropertyValue]:
    """One answer of all contributions to a node or edge, with its evidence."""
    first = sorted(said, key=lambda one: one.turn)[:MERGED_CONTRIBUTIONS]
    properties = first_wins(json.loads(one.properties) for one in first)
    _check_fits(owner, properties)
    return {
        **properties,
        "_evidence": evidence_text((one.document, one.evidence) for one in first),
    }


def _check_fits(owner: str, properties: Mapping[str, PropertyValue]) -> None:
    """What this server cannot hold, and SQLite can. Raises InvalidGraph that names the node."""
    for name, value in properties.items():
        if isinstance(value, int) and value not in _INTEGERS:
            raise InvalidGraph(f"{owner} 的属性 {name}={value} 太大，Neo4j 无法保存")
    indexed = {name: properties.get(name) for name in indexed_properties(label_of(owner) or "")}
    for name, text in {"id": owner, **indexed}.items():
        if isinstance(text, str) and len(text.encode()) > _LONGEST:
            raise InvalidGraph(
                f"{owner[:80]}… 的 {name} 有 {len(text.encode()):,} 字节，Neo4j 最多能为 "
                f"{_LONGEST:,} 字节建索引；这份文件没有写入：请核对原文"
            )


def _by_type(
    edges: Iterable[tuple[EdgeKey, dict[str, PropertyValue]]],
) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for (source, type, target, field), properties in edges:
        row = {"source": source, "target": target, "field": field, "properties": properties}
        found.setdefault(type, []).append(row)
    return found


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
