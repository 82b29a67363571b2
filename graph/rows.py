"""Nodes, edges and evidence as the JSON that a store keeps, and back."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

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


_CHUNK = 5_000


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


class DocumentRows:
    """One document's batch as rows, in chunks that are made anew each time they are asked for: all
    those of 100,000 indicators would take half as much memory as the batch itself.

    They raise InvalidGraph for what JSON or UTF-8 cannot hold (NaN, half a surrogate pair).
    """

    def __init__(self, batch: GraphBatch) -> None:
        """`batch` must be folded."""
        self.document = batch.document
        self._batch = batch
        self._nodes = sorted(batch.nodes, key=attrgetter("id"))
        self._edges = sorted(batch.edges, key=attrgetter("key"))

    @property
    def ids(self) -> Iterator[str]:
        return (node.id for node in self._nodes)

    def nodes(self) -> Iterator[tuple[list[NodeRow], list[PropertyRow]]]:
        """In the order of their ids, with the properties by which `scan` finds them."""
        own, document = self._batch.own, self.document
        for nodes in _chunks(self._nodes):
            rows = [
                NodeRow(
                    node.id,
                    node.label,
                    int(node.id not in own),
                    encoded(node.properties, node.id),
                    encoded_evidence(node.evidence, document),
                )
                for node in nodes
            ]
            yield rows, [row for node in nodes for row in property_rows(node.id, node.properties)]

    def edges(self) -> Iterator[list[EdgeRow]]:
        """In the order of their keys."""
        for edges in _chunks(self._edges):
            yield [
                EdgeRow(
                    *edge.key,
                    int(not owns_edge(self._batch, edge)),
                    encoded(edge.properties, edge.source),
                    encoded_evidence(edge.evidence, self.document),
                )
                for edge in edges
            ]

    def digest(self) -> str:
        """Equal for equal batches."""
        digest = Digest(self.document)
        for nodes, _ in self.nodes():
            digest.add(nodes)
        for edges in self.edges():
            digest.add(edges)
        return digest.hex()


class Digest:
    """The digest of rows that come in chunks, nodes first."""

    def __init__(self, document: str) -> None:
        self._document = document
        self._hash = hashlib.sha256()
        self._separator = ""

    def add(self, rows: Sequence[NodeRow] | Sequence[EdgeRow]) -> None:
        text = self._separator + "\x1e".join("\x1f".join(map(str, row)) for row in rows)
        self._separator = "\x1e"
        try:
            self._hash.update(text.encode())
        except UnicodeEncodeError as error:
            raise InvalidGraph(
                f"{self._document} 有不成对的代理字符，无法保存（{error}）"
            ) from error

    def hex(self) -> str:
        return self._hash.hexdigest()


_Part = TypeVar("_Part", Node, Edge)


def _chunks(elements: Sequence[_Part]) -> Iterator[Sequence[_Part]]:
    for start in range(0, len(elements), _CHUNK):
        yield elements[start : start + _CHUNK]


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


def encoded(properties: Properties, owner: str) -> str:
    """Compact JSON with sorted keys. `owner` is named where a value cannot be written."""
    if not properties:
        return "{}"  # as nearly every edge has none
    try:
        return _json.encode(properties)
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
