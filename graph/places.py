"""Where a fact belongs: its project, department, county, city, year and document, in bulk."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from graph import ids
from graph.elements import Node
from graph.schema import label_of
from graph.store import Reader
from graph.values.region import UNKNOWN

_UNKNOWN = ids.region(UNKNOWN)
_OWNERS = ("Project", "Department", "Document")
"""Whose a goal or indicator is, the nearest first: a department's goal is its document's too."""


@dataclass(frozen=True, slots=True)
class Place:
    """`project`, `department`, `county` and `city` are names; a department or region whose name
    nothing tells shows its code. `county` is the region that the department is in, be it a city.
    None where there is no such thing or nothing tells it: the region that stands for an unknown
    one is none."""

    project_id: str | None = None
    project: str | None = None
    department_id: str | None = None
    department: str | None = None
    county_id: str | None = None
    county: str | None = None
    city: str | None = None
    year: int | None = None
    document: str | None = None


def places(reader: Reader, wanted: Iterable[str]) -> dict[str, Place]:
    """The place of every indicator, goal, project, department and document among the ids.

    Absent are ids of other labels, unknown ones, and what no project, department or document
    owns. The number of queries does not grow with the number of ids.
    """
    owners = _owners(reader, wanted)
    departments, documents = _homes(reader, set(owners.values()))
    regions = {
        department: region
        for department, region in _first_targets(reader, set(departments.values()), "IN").items()
        if region != _UNKNOWN
    }
    above = _above(reader, set(regions.values()))
    nodes = reader.get(
        {*owners.values(), *departments.values(), *documents.values(), *above, *above.values()}
        | set(regions.values())
    )
    # A goal or indicator of a department itself: only its own document tells which it is from.
    said = reader.contributors(i for i, owner in owners.items() if owner not in documents)
    found = {}
    for id, owner in owners.items():
        if owner not in nodes:
            continue
        department = departments.get(owner)
        region = regions.get(department or "")
        spoken = said.get(id, ()) if id != owner else ()
        document = documents.get(owner) or next(iter(spoken), None)
        found[id] = Place(
            project_id=owner if label_of(owner) == "Project" else None,
            project=_name(nodes, owner) if label_of(owner) == "Project" else None,
            department_id=department,
            department=_name(nodes, department),
            county_id=region,
            county=_name(nodes, region),
            city=_city(nodes, above, region),
            year=_year(nodes.get(owner)) or _year(nodes.get(document or "")),
            document=document,
        )
    return found


def _owners(reader: Reader, wanted: Iterable[str]) -> dict[str, str]:
    """Each id's project, department or document: itself, or what the goal or indicator hangs on."""
    owners: dict[str, str] = {}
    parts = []
    for id in wanted:
        label = label_of(id)
        if label in _OWNERS:
            owners[id] = id
        elif label in ("Goal", "Indicator"):
            parts.append(id)
    found: dict[str, list[str]] = {}
    for edge in reader.edges(parts, {"MEASURED_BY", "HAS_GOAL"}, "in"):
        if label_of(edge.source) in _OWNERS:
            found.setdefault(edge.target, []).append(edge.source)
    for part, sources in found.items():
        owners[part] = min(sources, key=lambda s: (_OWNERS.index(label_of(s) or ""), s))
    return owners


def _homes(reader: Reader, owners: Collection[str]) -> tuple[dict[str, str], dict[str, str]]:
    """The department and the document of each owner."""
    departments = _first_targets(reader, owners, "PUBLISHED_BY")
    for edge in reversed(reader.edges(owners, {"RUNS"}, "in")):
        departments[edge.target] = edge.source
    departments |= {owner: owner for owner in owners if label_of(owner) == "Department"}
    documents = _first_targets(reader, owners, "DECLARED_IN")
    documents |= {owner: owner for owner in owners if label_of(owner) == "Document"}
    return departments, documents


def _first_targets(reader: Reader, sources: Collection[str], type: str) -> dict[str, str]:
    """The target of each source; of several the smallest id."""
    return {edge.source: edge.target for edge in reversed(reader.edges(sources, {type}))}


def _above(reader: Reader, regions: Collection[str]) -> dict[str, str]:
    """Which region each region is part of, up to the top."""
    above: dict[str, str] = {}
    frontier = set(regions)
    while frontier:
        step = _first_targets(reader, frontier, "PART_OF")
        above |= step
        frontier = set(step.values()).difference(above)
    return above


def _city(nodes: Mapping[str, Node], above: Mapping[str, str], region: str | None) -> str | None:
    passed = set()
    while region is not None and region not in passed:
        passed.add(region)
        node = nodes.get(region)
        if node is not None and node.properties.get("level") == "city":
            return _name(nodes, region)
        region = above.get(region)
    return None


def _name(nodes: Mapping[str, Node], id: str | None) -> str | None:
    node = nodes.get(id or "")
    if node is None:
        return None
    name = node.properties.get("name") or node.properties.get("code")
    return None if name is None else str(name)


def _year(node: Node | None) -> int | None:
    year = None if node is None else node.properties.get("fiscal_year")
    return year if isinstance(year, int) else None
