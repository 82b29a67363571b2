"""What surrounds a search document in the graph: the names by which people know where it stands.

All of it is bounded, and the same however the graph came about: a wording that many projects use
is known by itself. Set-oriented like `search.documents`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence

from graph.elements import Node
from graph.places import Place, places
from graph.store import Reader
from search.properties import text_of

POPULAR_WORDING = 20
"""A wording with more indicators than this is known by itself, not by who uses it."""
AROUND_CHARACTERS = 400
"""What does not fit is left out: the parts that tell most come first."""
_COMMONEST = 5
"""Of each kind of thing around a wording, so many are named, the commonest first."""
PROJECT_CHARACTERS = 800
"""The same of a project, which answers for all its indicators (`search.topic`)."""
_INDICATORS = 40
"""So many of a project's indicators are told of, the first by id."""
_GOALS = 10
_PIECE = 60
"""Characters of one part: bases and goals run on."""
_PROJECT_PIECE = 120


def around_wordings(reader: Reader, wordings: Sequence[Node]) -> dict[str, str]:
    """Projects, departments, counties, categories, targets, bases and goals of a wording's
    indicators. Absent is one that is popular, or that no indicator has."""
    degrees = reader.degree([node.id for node in wordings], "WORDED_AS", "in")
    few = [node.id for node in wordings if degrees[node.id] <= POPULAR_WORDING]
    members = _grouped((e.target, e.source) for e in reader.edges(few, {"WORDED_AS"}, "in"))
    ids = {indicator for some in members.values() for indicator in some}
    indicators, where = reader.get(ids), places(reader, ids)
    goals = _goals(reader, {place.project_id for place in where.values() if place.project_id})
    return {
        wording: _around_members(
            [indicators[id] for id in some if id in indicators],
            [where[id] for id in some if id in where],
            goals,
        )
        for wording, some in members.items()
    }


def _around_members(
    indicators: Sequence[Node], where: Sequence[Place], goals: Mapping[str, str]
) -> str:
    return _joined(
        (
            *_commonest(place.project for place in where),
            *_commonest(place.department for place in where),
            *_commonest(place.county for place in where),
            *_commonest(text_of(node, "level2") for node in indicators),
            *_commonest(text_of(node, "value") for node in indicators),
            *_commonest(goals.get(place.project_id or "") for place in where),
            *_commonest(text_of(node, "basis") for node in indicators),
        )
    )


def around_projects(reader: Reader, projects: Sequence[Node]) -> dict[str, str]:
    """Department and county, the first goals, and the names and descriptions of the first
    indicators of each project: what is asked of any of them is asked of it."""
    ids = [node.id for node in projects]
    where = places(reader, ids)
    goals = _parts(reader, ids, "HAS_GOAL", _GOALS)
    indicators = _parts(reader, ids, "MEASURED_BY", _INDICATORS)
    return {
        project: _joined(
            (
                *_place(where.get(project)),
                *(_said(goal) for goal in goals[project]),
                *(text_of(one, "name") for one in indicators[project]),
                *(text_of(one, "description") for one in indicators[project]),
            ),
            _PROJECT_PIECE,
            PROJECT_CHARACTERS,
        )
        for project in ids
    }


def around_goals(reader: Reader, goals: Sequence[Node]) -> dict[str, str]:
    """Project, department and county of each goal that has any."""
    where = places(reader, [node.id for node in goals])
    return {goal: _joined((place.project, *_place(place))) for goal, place in where.items()}


def counties(reader: Reader, departments: Sequence[Node]) -> dict[str, str]:
    """The name of each department's county, where it is known."""
    where = places(reader, [node.id for node in departments])
    return {department: place.county for department, place in where.items() if place.county}


def _place(place: Place | None) -> tuple[str | None, ...]:
    return () if place is None else (place.department, place.county)


def _goals(reader: Reader, projects: Collection[str]) -> dict[str, str]:
    """The text of each project's first goal."""
    parts = _parts(reader, projects, "HAS_GOAL", 1)
    return {project: _said(goal) for project, goals in parts.items() for goal in goals}


def _parts(
    reader: Reader, projects: Collection[str], type: str, most: int
) -> dict[str, list[Node]]:
    """The first nodes by id, at most so many, that edges of this type lead to from each."""
    edges = reader.edges(projects, {type})
    first = {
        project: list(dict.fromkeys(some))[:most]
        for project, some in _grouped((edge.source, edge.target) for edge in edges).items()
    }
    nodes = reader.get({id for some in first.values() for id in some})
    return {
        project: [nodes[id] for id in first.get(project, ()) if id in nodes] for project in projects
    }


def _said(goal: Node) -> str:
    return text_of(goal, "title") or text_of(goal, "text")


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """What belongs to each, in order."""
    found: dict[str, list[str]] = {}
    for one, other in pairs:
        found.setdefault(one, []).append(other)
    return found


def _commonest(parts: Iterable[str | None]) -> list[str]:
    """The commonest of the texts, of equally common ones the first."""
    return [part for part, _ in Counter(filter(None, parts)).most_common(_COMMONEST)]


def _joined(parts: Iterable[str | None], piece: int = _PIECE, most: int = AROUND_CHARACTERS) -> str:
    distinct = dict.fromkeys(part[:piece] for part in parts if part)
    return "\n".join(distinct)[:most]
