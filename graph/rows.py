"""Nodes, edges and evidence as the JSON that a store keeps, and back."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from operator import attrgetter
from typing import Any, NamedTuple

from graph.elements import Edge, GraphBatch, Node, Properties, PropertyValue
from graph.errors import InvalidGraph
from graph.evidence import Evidence
from graph.merge import owns_edge
from graph.schema import indexed_properties, label_of

_EVIDENCE_FIELDS = (
    "document",
    "raw",
    "start",
    "end",
    "field",
    "page",
    "line",
    "table",
    "row",
    "column",
)
_evidence_values = attrgetter(*_EVIDENCE_FIELDS)
_raw_decode = json.JSONDecoder().raw_decode
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True, allow_nan=False)


class NodeRow(NamedTuple):
    id: str
    label: str
    rank: int
    properties: str
    evidence: str


class EdgeRow(NamedTuple):
    source: str
    type: str
    target: str
    field: str
    rank: int
    properties: str
    evidence: str


class PropertyRow(NamedTuple):
    node: str
    name: str
    label: str
    value: PropertyValue


class DocumentRows(NamedTuple):
    """One document's batch, ready to write. `digest` is equal for equal batches."""

    document: str
    nodes: list[NodeRow]
    edges: list[EdgeRow]
    properties: list[PropertyRow]
    digest: str


def document_rows(batch: GraphBatch) -> DocumentRows:
    """The rows of a folded batch, sorted. Raises InvalidGraph for what JSON or UTF-8 cannot hold
    (NaN, half a surrogate pair)."""
    document = batch.document
    nodes = sorted(
        NodeRow(
            node.id,
            node.label,
            int(node.id not in batch.own),
            encoded(node.properties, node.id),
            encoded_evidence(node.evidence, document),
        )
        for node in batch.nodes
    )
    edges = sorted(
        EdgeRow(
            *edge.key,
            int(not owns_edge(batch, edge)),
            encoded(edge.properties, edge.source),
            encoded_evidence(edge.evidence, document),
        )
        for edge in batch.edges
    )
    properties = [row for node in batch.nodes for row in property_rows(node.id, node.properties)]
    return DocumentRows(document, nodes, edges, properties, _digest(document, [*nodes, *edges]))


def batch_of_rows(document: str, nodes: Iterable[NodeRow], edges: Iterable[EdgeRow]) -> GraphBatch:
    """`document_rows` undone: a batch that makes the same rows."""
    said = list(nodes)
    return GraphBatch(
        document,
        tuple(
            Node(row.id, row.label, *unfolded(None, row.properties, row.evidence, document))
            for row in said
        ),
        tuple(
            Edge(
                row.source,
                row.type,
                row.target,
                *unfolded(None, row.properties, row.evidence, document),
            )
            for row in edges
        ),
        frozenset(row.id for row in said if row.rank == 0),
    )


def property_rows(node: str, properties: Properties) -> list[PropertyRow]:
    """What `scan` finds the node by without reading it."""
    label = label_of(node) or ""
    return [
        PropertyRow(node, name, label, properties[name])
        for name in indexed_properties(label)
        if name in properties
    ]


def encoded(value: object, owner: str) -> str:
    """Compact JSON with sorted keys. `owner` is named where the value cannot be written."""
    try:
        return _json.encode(value)
    except ValueError as error:
        raise InvalidGraph(f"{owner} 有无法保存的内容（{error}）") from error


def encoded_evidence(evidence: Iterable[Evidence], document: str) -> str:
    """A JSON array of arrays in field order, without empty tails; `document`'s own name is 0."""
    rows = []
    for item in evidence:
        row = list(_evidence_values(item))
        if item.document == document:
            row[0] = 0
        while row[-1] is None:
            row.pop()
        rows.append(row)
    return _json.encode(rows)


def merged_text(properties: Properties, evidence: Iterable[tuple[str, str]], owner: str) -> str:
    """What several documents say as `[properties, [[document, evidence], …]]`.

    `evidence` is each document and its encoded evidence, which goes in as it stands.
    """
    return f"[{encoded(properties, owner)},{evidence_text(evidence)}]"


def evidence_text(evidence: Iterable[tuple[str, str]]) -> str:
    """`[[document, evidence], …]` of each document and its encoded evidence."""
    said = ",".join(f"[{_json.encode(document)},{rows}]" for document, rows in evidence)
    return f"[{said}]"


def evidence_of(text: str) -> tuple[Evidence, ...]:
    """`evidence_text` undone."""
    return tuple(item for document, rows in _decode(text) for item in _evidence(rows, document))


def unfolded(
    merged: str | None, properties: str | None, evidence: str | None, document: str
) -> tuple[dict[str, PropertyValue], tuple[Evidence, ...]]:
    """What a row of `node` or `edge` means: its merged text, else its only contribution, else
    (a derived edge) nothing."""
    if merged is not None:
        values, said = _decode(merged)
        return values, tuple(item for doc, rows in said for item in _evidence(rows, doc))
    if properties is None or evidence is None:
        return {}, ()
    return _decode(properties), tuple(_evidence(_decode(evidence), document))


def _decode(text: str) -> Any:
    """`json.loads` for texts that begin and end without blanks: a third of the time on short ones,
    and a large read has a hundred thousand."""
    return _raw_decode(text)[0]


def _evidence(rows: Iterable[list[Any]], document: str) -> Iterator[Evidence]:
    """`encoded_evidence` undone. Written out, because a large read makes a hundred thousand."""
    for row in rows:
        row += [None] * (len(_EVIDENCE_FIELDS) - len(row))
        yield Evidence(
            document=row[0] or document,
            raw=row[1],
            start=row[2],
            end=row[3],
            field=row[4],
            page=row[5],
            line=row[6],
            table=row[7],
            row=row[8],
            column=row[9],
        )


def _digest(document: str, rows: Iterable[NodeRow | EdgeRow]) -> str:
    text = "\x1e".join("\x1f".join(map(str, row)) for row in rows)
    try:
        return hashlib.sha256(text.encode()).hexdigest()
    except UnicodeEncodeError as error:
        raise InvalidGraph(f"{document} 有不成对的代理字符，无法保存（{error}）") from error
