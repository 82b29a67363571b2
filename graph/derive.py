"""Edges that follow from what several documents say together, over any store.

CONTINUES joins the projects of one code, each to the one of the year before it in the store.
SAME_AS joins a policy known by its 《title》 alone to the one that it means (see
`graph.namesakes`), where there is exactly one: with two, the title does not tell which is meant.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from graph.elements import Edge, Node, PropertyValue
from graph.namesakes import Group, Namesakes, read_group
from graph.schema import DERIVED_EDGES, label_of
from graph.store import Reader, scan_all

EdgeKey: TypeAlias = tuple[str, str, str, str]
Said: TypeAlias = tuple[str, str, PropertyValue]
"""Node id, property name, value."""


DEPENDS = {
    "Project": ("code", "fiscal_year"),
    "Policy": ("title_tail", "title_key", "title", "number", "status"),
}
"""Labels whose nodes have derived edges, and the properties that decide them. The first is the key
of the group that a node belongs to (of a policy without it, the second): a change of any of them
concerns no other group."""

_GROUPS = ("code", "title_tail", "title_key")


@dataclass(frozen=True, slots=True)
class Keys:
    """Groups of nodes: project codes, title tails and title keys. An empty one is no group.

    `tails` counts how often each is told of: at least once for each node that joins or leaves.
    """

    codes: frozenset[str]
    tails: Mapping[str, int]
    titles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Members:
    """All nodes whose derived edges may change together."""

    projects: tuple[Node, ...]
    policies: Group

    @property
    def ids(self) -> list[str]:
        return [node.id for node in (*self.projects, *self.policies.policies)]


def keys_of(properties: Iterable[Said]) -> Keys:
    """The groups that these properties tell of."""
    found: dict[str, Counter[str]] = {name: Counter() for name in _GROUPS}
    for _, name, value in properties:
        if name in found and value:
            found[name][str(value)] += 1
    codes, tails, titles = found.values()
    return Keys(frozenset(codes), tails, frozenset(titles))


def deciding_properties(reader: Reader, nodes: Collection[str]) -> set[Said]:
    """What these nodes say now of the properties that decide derived edges."""
    names = {name for properties in DEPENDS.values() for name in properties}
    found = reader.get(node for node in nodes if label_of(node) in DEPENDS)
    return {
        (node.id, name, value)
        for node in found.values()
        for name, value in node.properties.items()
        if name in names
    }


def exchanged(
    reader: Reader, deciding: Callable[[], set[Said]], write: Callable[[], object]
) -> tuple[list[Edge], list[Edge]]:
    """Run `write`, and tell the derived edges to take out and to put in for it.

    `deciding` reads `deciding_properties` of all nodes that the write touches. `reader` must see
    what was written.
    """
    old = deciding()
    before = standing(reader, {node for node, _, _ in old})
    write()
    new = deciding()
    nodes = {node for node, _, _ in old ^ new}
    group = members(reader, keys_of(said for said in old | new if said[0] in nodes))
    stood = standing(reader, group.ids)
    # Those of a node that is gone went with it; the node at the other end has still changed.
    stood |= {k: e for k, e in before.items() if e.source in nodes or e.target in nodes}
    wanted = due(group)
    gone = [edge for key, edge in stood.items() if key not in wanted]
    return gone, [edge for key, edge in wanted.items() if key not in stood]


def members(reader: Reader, keys: Keys) -> Members:
    """Every project and policy that has one of the keys."""
    projects = scan_all(reader, "Project", {"code": keys.codes}) if keys.codes else ()
    return Members(tuple(projects), read_group(reader, keys.tails, keys.titles))


def standing(reader: Reader, nodes: Iterable[str]) -> dict[EdgeKey, Edge]:
    """The derived edges that these nodes have now, by key."""
    return {edge.key: edge for edge in reader.edges(nodes, DERIVED_EDGES, "both")}


def due(group: Members) -> dict[EdgeKey, Edge]:
    """The derived edges among these nodes, by key; all members of each key must be there."""
    projects: dict[str, list[Node]] = {}
    for node in group.projects:
        projects.setdefault(str(node.properties["code"]), []).append(node)
    edges = [edge for years in projects.values() for edge in _continued(years)]
    edges += _same(group.policies)
    return {edge.key: edge for edge in edges}


def _continued(projects: list[Node]) -> list[Edge]:
    by_year = {int(str(p.properties["fiscal_year"])): p.id for p in projects}
    years = sorted(by_year)
    return [
        Edge(by_year[later], "CONTINUES", by_year[earlier]) for earlier, later in pairwise(years)
    ]


def _same(policies: Group) -> list[Edge]:
    """A policy whose own text is here is never taken for a longer title: for its number only."""
    namesakes = Namesakes(policies)
    whole: dict[str, str] = {}
    for policy in policies.policies:
        title, key = (str(policy.properties.get(name, "")) for name in ("title", "title_key"))
        if key and not policy.properties.get("number"):
            ingested = policy.properties.get("status") == "ingested"
            meant = namesakes.numbered(title, key) if ingested else namesakes.meant(title, key)
            if len(meant) == 1 and meant[0].id != policy.id:
                whole[policy.id] = meant[0].id
    # Readers follow one step: what stands for a title must not be taken for another one itself.
    return [Edge(id, "SAME_AS", other) for id, other in whole.items() if other not in whole]
