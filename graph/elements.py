"""Nodes and edges as every store keeps them, and the batch in which one document writes."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from graph.evidence import Evidence

Scalar: TypeAlias = str | int | float | bool
PropertyValue: TypeAlias = Scalar | list[str]
Properties: TypeAlias = Mapping[str, PropertyValue]


@dataclass(frozen=True, slots=True)
class Node:
    """`properties` never holds None: an unknown property is absent."""

    id: str
    label: str
    properties: Properties
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """One relation. (source, type, target, field) is its identity.

    `field` says in which property of the source a citation stands; it is "" for the other types.
    """

    source: str
    type: str
    target: str
    properties: Properties = dataclasses.field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()

    @property
    def field(self) -> str:
        return str(self.properties.get("field", ""))

    @property
    def articles(self) -> tuple[str, ...]:
        """The labels of the articles that a citation names, 第十二条."""
        labels = self.properties.get("article")
        return tuple(labels) if isinstance(labels, list) else ()

    @property
    def key(self) -> tuple[str, str, str, str]:
        return (self.source, self.type, self.target, self.field)


@dataclass(frozen=True, slots=True)
class GraphBatch:
    """All that one document says. Written whole or not at all.

    `own` names the nodes that the document is about (its projects, its policy): where several
    documents give a property different values, the one that owns the node wins over one that
    merely mentions it.
    """

    document: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    own: frozenset[str] = frozenset()
