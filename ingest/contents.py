"""How much a document holds: from its batch, or from the store where it is there already."""

from dataclasses import dataclass
from typing import TypeAlias

from graph.elements import Edge, GraphBatch, Node
from graph.store import Reader

Citing: TypeAlias = tuple[tuple[str, str | None], ...]
"""Cited policy and its title, one pair for each citing edge."""


@dataclass(frozen=True, slots=True)
class Contents:
    projects: int = 0
    indicators: int = 0
    citing: Citing = ()


def contents_of(batch: GraphBatch | None, document: str | None, reader: Reader) -> Contents:
    if batch is not None:
        return _count({node.id: node for node in batch.nodes}, batch.edges)
    if document is None:
        return Contents()
    return _stored(document, reader)


def _stored(document: str, reader: Reader) -> Contents:
    projects = [e.source for e in reader.edges([document], ["DECLARED_IN"], "in")]
    policies = [e.target for e in reader.edges([document], ["IS"])]
    owners = [document, *projects]
    below = reader.edges([*owners, *policies], ["HAS_GOAL", "MEASURED_BY"])
    publishers = [e.target for e in reader.edges([document], ["PUBLISHED_BY"])]
    # A department is measured in the documents of many years: those of this one count.
    below += [
        edge
        for edge in reader.edges(publishers, ["MEASURED_BY"])
        if any(evidence.document == document for evidence in edge.evidence)
    ]
    citing = [*projects, *policies, *sorted({edge.target for edge in below})]
    edges = [*below, *reader.edges(citing, ["CITES"])]
    nodes = reader.get({*citing, *(edge.target for edge in edges)})
    return _count(nodes, edges)


def _count(nodes: dict[str, Node], edges: tuple[Edge, ...] | list[Edge]) -> Contents:
    citing = [edge for edge in edges if edge.type == "CITES"]
    return Contents(
        projects=sum(node.label == "Project" for node in nodes.values()),
        indicators=sum(node.label == "Indicator" for node in nodes.values()),
        citing=tuple((edge.target, _title(nodes[edge.target])) for edge in citing),
    )


def _title(policy: Node) -> str | None:
    title = policy.properties.get("title")
    return None if title is None else str(title)
