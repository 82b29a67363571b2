"""How several documents' words about one node or edge become one answer.

Every store merges with these functions, so that the answer never depends on the backend or on the
order in which documents came.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import TypeVar

from graph.elements import Edge, GraphBatch, Node, Properties, PropertyValue

MERGED_CONTRIBUTIONS = 20
"""Only so many contributions of one node or edge, the first in merge order, make its properties
and evidence: a wording that 100,000 documents share costs a new document no more than any other.
"""


def first_wins(contributions: Iterable[Properties]) -> dict[str, PropertyValue]:
    """Each property's first value, of contributions in merge order: the documents that own the
    node or edge first, then by document id."""
    properties: dict[str, PropertyValue] = {}
    for said in contributions:
        properties = {**said, **properties}
    return properties


def owns_edge(batch: GraphBatch, edge: Edge) -> bool:
    """A document owns the edges of the nodes that it owns, at either end."""
    return edge.source in batch.own or edge.target in batch.own


def folded(batch: GraphBatch) -> GraphBatch:
    """The batch with every node and edge once: said twice, the first value of a property wins and
    the evidence of both stands in order."""
    nodes: dict[str, Node] = {}
    for node in batch.nodes:
        seen = nodes.get(node.id)
        nodes[node.id] = node if seen is None else _joined(seen, node)
    edges: dict[tuple[str, str, str, str], Edge] = {}
    for edge in batch.edges:
        before = edges.get(edge.key)
        edges[edge.key] = edge if before is None else _joined(before, edge)
    return replace(batch, nodes=tuple(nodes.values()), edges=tuple(edges.values()))


Element = TypeVar("Element", Node, Edge)


def _joined(first: Element, second: Element) -> Element:
    return replace(
        first,
        properties=first_wins([first.properties, second.properties]),
        evidence=first.evidence + second.evidence,
    )
