"""Edges that follow from what several documents say together, over any store.

CONTINUES joins the projects of one code, each to the one of the year before it in the store.
SAME_AS joins a policy known by its 《title》 alone to the one that it means (see
`graph.namesakes`), where there is exactly one: with two, the title does not tell which is meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from graph.elements import Edge, Node, PropertyValue
from graph.namesakes import Namesakes
from graph.schema import DERIVED_EDGES
from graph.store import Reader, scan_all

EdgeKey: TypeAlias = tuple[str, str, str, str]


DEPENDS = {
    "Project": ("code", "fiscal_year"),
    "Policy": ("title_tail", "title_key", "title", "number", "status"),
}
"""Labels whose nodes have derived edges, and the properties that decide them. The first is the key
of the group that a node belongs to (of a policy without it, the second): a change of any of them
concerns no other group."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Groups of nodes: project codes, title tails and title keys. An empty one is no group."""

    codes: frozenset[str]
    tails: frozenset[str]
    titles: frozenset[str]


def keys_of(properties: Iterable[tuple[str, str, PropertyValue]]) -> Keys:
    """The groups that these (node id, property name, value) tell of."""
    found: dict[str, set[str]] = {"code": set(), "title_tail": set(), "title_key": set()}
    for _, name, value in properties:
        if name in found and value:
            found[name].add(str(value))
    return Keys(*(frozenset(group) for group in found.values()))


def members(reader: Reader, keys: Keys) -> list[Node]:
    """Every project and policy that has one of the keys."""
    found: dict[str, Node] = {}
    for label, name, values in (
        ("Project", "code", keys.codes),
        ("Policy", "title_tail", keys.tails),
        ("Policy", "title_key", keys.titles),
    ):
        if values:
            found |= {node.id: node for node in scan_all(reader, label, {name: values})}
    return list(found.values())


def standing(reader: Reader, nodes: Iterable[str]) -> dict[EdgeKey, Edge]:
    """The derived edges that these nodes have now, by key."""
    return {edge.key: edge for edge in reader.edges(nodes, DERIVED_EDGES, "both")}


def due(nodes: Iterable[Node]) -> dict[EdgeKey, Edge]:
    """The derived edges among these nodes, by key; all members of each key must be there."""
    projects: dict[str, list[Node]] = {}
    policies: list[Node] = []
    for node in nodes:
        code = node.properties.get("code")
        if node.label == "Policy":
            policies.append(node)
        elif node.label == "Project" and code:
            projects.setdefault(str(code), []).append(node)
    edges = [edge for group in projects.values() for edge in _continued(group)]
    edges += _same(policies)
    return {edge.key: edge for edge in edges}


def _continued(projects: list[Node]) -> list[Edge]:
    by_year = {int(str(p.properties["fiscal_year"])): p.id for p in projects}
    years = sorted(by_year)
    return [
        Edge(by_year[later], "CONTINUES", by_year[earlier]) for earlier, later in pairwise(years)
    ]


def _same(policies: list[Node]) -> list[Edge]:
    """A policy whose own text is here is never taken for a longer title: for its number only."""
    namesakes = Namesakes(policies)
    whole: dict[str, str] = {}
    for policy in policies:
        title, key = (str(policy.properties.get(name, "")) for name in ("title", "title_key"))
        if key and not policy.properties.get("number"):
            ingested = policy.properties.get("status") == "ingested"
            meant = namesakes.numbered(title, key) if ingested else namesakes.meant(title, key)
            if len(meant) == 1 and meant[0].id != policy.id:
                whole[policy.id] = meant[0].id
    # Readers follow one step: what stands for a title must not be taken for another one itself.
    return [Edge(id, "SAME_AS", other) for id, other in whole.items() if other not in whole]
