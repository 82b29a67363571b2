"""Departments and regions, page by page."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass

from api.errors import InvalidRequest
from api.titles import title
from graph.elements import Node, Properties
from graph.store import Reader

MAX_PAGE = 500
DEFAULT_PAGE = 100


@dataclass(frozen=True, slots=True)
class Item:
    """A node of a list. `within` is the region that it lies in, `count` what it runs or holds."""

    id: str
    label: str
    title: str
    properties: Properties
    within: str | None
    within_title: str | None
    count: int


@dataclass(frozen=True, slots=True)
class ItemPage:
    total: int
    items: tuple[Item, ...]
    next: str | None


def departments(reader: Reader, limit: int, cursor: str | None) -> ItemPage:
    """`within` is the county, `count` the number of projects that the department runs itself."""
    page = reader.scan("Department", after=_after(cursor), limit=limit)
    counts = reader.degree([node.id for node in page.nodes], "RUNS", "out")
    return _page(reader, "Department", "IN", page.nodes, page.next, counts)


def regions(reader: Reader, limit: int, cursor: str | None) -> ItemPage:
    """`within` is the region above, `count` the number of departments in the region itself."""
    page = reader.scan("Region", after=_after(cursor), limit=limit)
    counts = reader.degree([node.id for node in page.nodes], "IN", "in")
    return _page(reader, "Region", "PART_OF", page.nodes, page.next, counts)


def _page(
    reader: Reader,
    label: str,
    up: str,
    nodes: tuple[Node, ...],
    next: str | None,
    counts: Mapping[str, int],
) -> ItemPage:
    above = {edge.source: edge.target for edge in reader.edges([n.id for n in nodes], {up})}
    parents = reader.get(set(above.values()))
    items = tuple(
        Item(
            node.id,
            node.label,
            title(node),
            node.properties,
            above.get(node.id),
            title(parents[above[node.id]]) if node.id in above else None,
            counts[node.id],
        )
        for node in nodes
    )
    return ItemPage(reader.counts()[label], items, None if next is None else _cursor(next))


def _cursor(after: str) -> str:
    return base64.urlsafe_b64encode(after.encode()).decode().rstrip("=")


def _after(cursor: str | None) -> str | None:
    """Raises InvalidRequest for what is no cursor of ours."""
    if cursor is None:
        return None
    try:
        return base64.b64decode(cursor + "=" * (-len(cursor) % 4), b"-_", validate=True).decode()
    except ValueError as error:
        raise InvalidRequest("cursor 读不懂；请照用上一页结果中的 next。") from error
