"""Edges that follow from what several documents say together, over any store.

CONTINUES joins the projects of one code, each to the one of the year before it in the store.
SAME_AS joins a policy known by its 《title》 alone to the numbered one of that title, where there
is exactly one: with two, the title does not tell which is meant.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeAlias

from graph.elements import Edge, Node, PropertyValue
from graph.schema import DERIVED_EDGES
from graph.store import Reader, scan_all
from graph.values.policy_title import title_issuer

EdgeKey: TypeAlias = tuple[str, str, str, str]


DEPENDS = {
    "Project": ("code", "fiscal_year"),
    "Policy": ("title_key", "title", "number"),
}
"""Labels whose nodes have derived edges, and the properties that decide them. The first is the key
of the group that a node belongs to: a change of any of them concerns no other group."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Groups of nodes: project codes and title keys. An empty one is no group."""

    codes: frozenset[str]
    titles: frozenset[str]


def keys_of(properties: Iterable[tuple[str, str, PropertyValue]]) -> Keys:
    """The groups that these (node id, property name, value) tell of."""
    found: dict[str, set[str]] = {"code": set(), "title_key": set()}
    for _, name, value in properties:
        if name in found and value:
            found[name].add(str(value))
    return Keys(frozenset(found["code"]), frozenset(found["title_key"]))


def members(reader: Reader, keys: Keys) -> list[Node]:
    """Every project and policy that has one of the keys."""
    projects = scan_all(reader, "Project", {"code": keys.codes}) if keys.codes else ()
    policies = scan_all(reader, "Policy", {"title_key": keys.titles}) if keys.titles else ()
    return [*projects, *policies]


def standing(reader: Reader, nodes: Iterable[str]) -> dict[EdgeKey, Edge]:
    """The derived edges that these nodes have now, by key."""
    return {edge.key: edge for edge in reader.edges(nodes, DERIVED_EDGES, "both")}


def due(nodes: Iterable[Node]) -> dict[EdgeKey, Edge]:
    """The derived edges among these nodes, by key; all members of each key must be there."""
    projects: dict[str, list[Node]] = {}
    policies: dict[str, list[Node]] = {}
    for node in nodes:
        for groups, key in ((projects, "code"), (policies, "title_key")):
            value = node.properties.get(key)
            if value and node.label == ("Project" if key == "code" else "Policy"):
                groups.setdefault(str(value), []).append(node)
    edges = [edge for group in projects.values() for edge in _continued(group)]
    edges += [edge for group in policies.values() for edge in _same(group)]
    return {edge.key: edge for edge in edges}


def _continued(projects: list[Node]) -> list[Edge]:
    by_year = {int(str(p.properties["fiscal_year"])): p.id for p in projects}
    years = sorted(by_year)
    return [
        Edge(by_year[later], "CONTINUES", by_year[earlier]) for earlier, later in pairwise(years)
    ]


def _same(policies: list[Node]) -> list[Edge]:
    numbered = [p for p in policies if p.properties.get("number")]
    edges = []
    for policy in policies:
        if not policy.properties.get("number"):
            meant = namesakes(str(policy.properties.get("title", "")), numbered)
            edges += [Edge(policy.id, "SAME_AS", meant[0].id)] if len(meant) == 1 else []
    return edges


def namesakes(title: str, numbered: Iterable[Node]) -> list[Node]:
    """The numbered policies that a bare title of the same key may mean.

    City and county pass a notice on under one title: where the title names its issuer, only that
    issuer's policies are meant, or else those whose own title names none.
    """
    found = list(numbered)
    issuer = title_issuer(title)
    if not issuer:
        return found
    issuers = {node.id: title_issuer(str(node.properties.get("title", ""))) for node in found}
    own = [node for node in found if issuers[node.id] == issuer]
    return own or [node for node in found if not issuers[node.id]]
