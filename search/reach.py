"""How far a change reaches: rows that it does not name, but whose surroundings it changed.

A store names every node of a document that came or went. A department or a county stands in the
documents of others too, though, and theirs say its name as well; the same is true of a project or
goal of which several documents tell.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from graph.elements import Node
from graph.store import Reader
from search.documents import SearchDocument, search_documents


class Shown(Protocol):
    def shows(self, documents: Sequence[SearchDocument]) -> list[bool]:
        """Which of these rows the index already has, as they are."""


def reached(reader: Reader, changed: Sequence[Node], index: Shown) -> set[str]:
    """Ids of wordings, projects, goals and departments around which something changed, among them
    some that were named already. `index` shows the state before."""
    ids = {node.id for node in changed}
    by_label: dict[str, set[str]] = {}
    for node in changed:
        by_label.setdefault(node.label, set()).add(node.id)
    renamed = _renamed(reader, ids, _departments(reader, by_label), index)
    parts = by_label.get("Goal", set()) | by_label.get("Indicator", set())
    owners = _sources(reader, parts, "HAS_GOAL", "MEASURED_BY")
    projects = by_label.get("Project", set()) | {id for id in owners if id.startswith("project:")}
    projects |= _targets(reader, renamed, "RUNS")
    owning = projects | renamed
    indicators = by_label.get("Indicator", set()) | _targets(reader, owning, "MEASURED_BY")
    papers = _sources(reader, renamed, "PUBLISHED_BY")
    return (
        projects
        | _sources(reader, projects, "RUNS")
        | _targets(reader, owning | papers, "HAS_GOAL")
        | _targets(reader, indicators, "WORDED_AS")
    )


def _departments(reader: Reader, by_label: dict[str, set[str]]) -> set[str]:
    """Those that changed, and those of counties that changed."""
    inside = _sources(reader, by_label.get("Region", set()), "IN")
    return by_label.get("Department", set()) | inside


def _renamed(reader: Reader, changed: set[str], departments: set[str], index: Shown) -> set[str]:
    """Of these departments, those whose own name or whose county's may be another.

    Every document names its department and county, and hardly one changes their names: one project
    that did not change tells, so that the rest of the county need not be read.
    """
    probes: dict[str, str] = {}
    for edge in reader.edges(departments, {"RUNS"}):
        if edge.target not in changed:
            probes.setdefault(edge.source, edge.target)
    nodes = list(reader.get(probes.values()).values())
    shown = index.shows(search_documents(reader, "Project", nodes))
    known = {node.id for node, same in zip(nodes, shown, strict=True) if same}
    return {department for department in departments if probes.get(department) not in known}


def _sources(reader: Reader, ids: Collection[str], *types: str) -> set[str]:
    return {edge.source for edge in reader.edges(ids, types, "in")}


def _targets(reader: Reader, ids: Iterable[str], *types: str) -> set[str]:
    return {edge.target for edge in reader.edges(list(ids), types)}
