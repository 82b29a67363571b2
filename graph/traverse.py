"""Walks over any store: what lies around a node, how two nodes are connected, and the questions
that have a file of their own (`graph.citations`, `graph.trace`, `graph.places`)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graph.citations import Chain, Level, Link, PolicyView, Via, chain
from graph.elements import Edge, Node
from graph.places import Place, places
from graph.schema import label_of
from graph.store import Reader
from graph.trace import Totals, Trace, TracedAllocation, TracedGoal, TracedProject, trace

__all__ = [
    "HUB_DEGREE",
    "Chain",
    "Level",
    "Link",
    "Place",
    "PolicyView",
    "Subgraph",
    "Totals",
    "Trace",
    "TracedAllocation",
    "TracedGoal",
    "TracedProject",
    "Via",
    "chain",
    "neighbourhood",
    "path",
    "places",
    "trace",
]

HUB_DEGREE = 1000
"""A wording that more indicators share says nothing about any two of them."""


@dataclass(frozen=True, slots=True)
class Subgraph:
    """`truncated` where more belongs to it than the limits let in."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    truncated: bool


def neighbourhood(reader: Reader, node_id: str, depth: int, limit: int) -> Subgraph:
    """The node, then those within `depth` steps in either direction, at most `limit` in all, and
    every edge between any two of them; nothing where no node has the id.

    The walk does not go on from a wording with more than HUB_DEGREE indicators, unless it is the
    node itself.
    """
    met = dict.fromkeys(reader.get([node_id]))
    frontier: Collection[str] = tuple(met)
    truncated = False
    for step in range(depth):
        hubs = _hubs(reader, frontier) if step else set()
        truncated = truncated or bool(hubs)
        open_ends = [id for id in frontier if id not in hubs]
        found = _neighbours(reader.edges(open_ends, direction="both"), met)
        frontier = tuple(found)[: max(limit - len(met), 0)]
        truncated = truncated or len(frontier) < len(found)
        met |= dict.fromkeys(frontier)
    nodes = reader.get(met)
    edges = [edge for edge in reader.edges(met) if edge.target in nodes]
    return Subgraph(tuple(nodes[id] for id in met if id in nodes), tuple(edges), truncated)


def path(reader: Reader, source: str, target: str, max_depth: int) -> Subgraph | None:
    """One shortest way between two nodes, edges taken in either direction; None where there is none
    of at most `max_depth` edges. Nodes and edges stand in the order of the way.

    It leads through no region and no wording with more than HUB_DEGREE indicators: those join
    everything. They may be its ends.
    """
    if len(reader.get([source, target])) < len({source, target}):
        return None
    ends = {source, target}
    sides: list[dict[str, Edge | None]] = [{source: None}, {target: None}]
    frontiers: list[list[str]] = [[source], [target]]
    for _ in range(max_depth):
        if sides[0].keys() & sides[1].keys():
            break
        side = 0 if len(frontiers[0]) <= len(frontiers[1]) else 1
        found = _step(reader, frontiers[side], sides[side], ends)
        sides[side] |= found
        frontiers[side] = list(found)
    common = sides[0].keys() & sides[1].keys()
    if not common:
        return None
    return _joined(reader, min(common), sides[0], sides[1])


def _neighbours(edges: Iterable[Edge], met: Collection[str]) -> dict[str, Edge]:
    """The far ends that are new, in the order of the edges, each with the edge that leads there."""
    found: dict[str, Edge] = {}
    for edge in edges:
        for end in (edge.target, edge.source):
            if end not in met:
                found.setdefault(end, edge)
    return found


def _step(
    reader: Reader, frontier: Collection[str], met: Collection[str], ends: Collection[str]
) -> dict[str, Edge]:
    found = _neighbours(reader.edges(frontier, direction="both"), met)
    inner = [id for id in found if id not in ends]
    closed = _hubs(reader, inner).union(id for id in inner if label_of(id) == "Region")
    return {id: edge for id, edge in found.items() if id not in closed}


def _hubs(reader: Reader, ids: Iterable[str]) -> set[str]:
    wordings = [id for id in ids if label_of(id) == "Wording"]
    degrees = reader.degree(wordings, "WORDED_AS", "in")
    return {id for id, degree in degrees.items() if degree > HUB_DEGREE}


def _joined(
    reader: Reader, middle: str, before: dict[str, Edge | None], after: dict[str, Edge | None]
) -> Subgraph:
    head, tail = _way(middle, before), _way(middle, after)
    ids = [*reversed([id for id, _ in head]), *(id for id, _ in tail[1:])]
    edges = [*reversed([edge for _, edge in head if edge]), *(edge for _, edge in tail if edge)]
    nodes = reader.get(ids)
    return Subgraph(tuple(nodes[id] for id in ids), tuple(edges), truncated=False)


def _way(start: str, parents: dict[str, Edge | None]) -> list[tuple[str, Edge | None]]:
    """From a node back to where the search began: each node and the edge that led to it."""
    way = []
    id = start
    while True:
        edge = parents[id]
        way.append((id, edge))
        if edge is None:
            return way
        id = edge.source if edge.target == id else edge.target
