"""From a row of the index to a hit that a person can read and check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from heapq import nlargest

from graph.elements import Node, PropertyValue
from graph.places import Place, places
from graph.store import Reader
from search import analyze
from search.documents import document_years, policy_name
from search.gazetteer import Gazetteer
from search.index import Index, Members, Row, Rows, Scope
from search.properties import text_of
from search.query import FacetValue, Hit
from search.rank import Ranked

MAX_MEMBERS = 1000
"""A hit lists at most this many members; `count` is the true number."""
SHARED = "indicator"
"""The type of rows that stand for several nodes: all indicators of one wording."""
MAX_FACET_VALUES = 50
"""A facet lists its commonest values, at most this many."""
_HEADING = 40
_CONTEXT: Mapping[str, tuple[str, ...]] = {
    "indicator": (
        "level1",
        "level2",
        "value",
        "operator",
        "numbers",
        "unit",
        "canonical_unit",
        "canonical_numbers",
        "value_kind",
        "basis",
        "basis_kind",
    ),
    "project": ("code", "budget", "fiscal_budget", "other_budget"),
    "goal": ("scope",),
    "policy": ("number", "issuer", "kind", "status", "date"),
    "department": ("code",),
    "document": ("kind", "filename"),
}
NOBODY_FIRST: Mapping[str, float] = {}
_FACET_NAMES = ("county", "year", "level2", "department", "kind")


@dataclass(frozen=True, slots=True)
class Found:
    """A row on its way to becoming a hit."""

    row: Row
    score: float
    features: Mapping[str, float]
    members: Members
    similarity: float | None = None
    relation: str = ""


def found_rows(
    index: Index,
    scope: Scope,
    ranked: Ranked,
    first: int,
    last: int,
    foremost: Mapping[str, float] = NOBODY_FIRST,
) -> list[Found]:
    """The ranked rows from `first` to before `last`, each with the members that filters keep,
    those that `foremost` holds before the others, the greatest first."""
    positions = range(first, min(last, len(ranked.rows)))
    rows = index.describe([int(ranked.rows[position]) for position in positions])
    shared = [row.number for row in rows if row.type == SHARED]
    members = dict(zip(shared, scope.members(shared, MAX_MEMBERS), strict=True))
    return [
        Found(
            row,
            float(ranked.scores[position]),
            ranked.features(position),
            _foremost(members.get(row.number) or Members(1, (row.id,)), foremost),
        )
        for position, row in zip(positions, rows, strict=True)
    ]


def _foremost(members: Members, wanted: Mapping[str, float]) -> Members:
    ids = sorted(members.ids, key=lambda node: -wanted.get(node, 0.0)) if wanted else members.ids
    return Members(members.count, tuple(ids))


def hits(
    reader: Reader, gazetteer: Gazetteer, found: Sequence[Found], query: str
) -> tuple[Hit, ...]:
    """Hits in the order given. What left the store since the index was made is passed over."""
    firsts = [entry.members.ids[0] for entry in found if entry.members.ids]
    nodes = reader.get(firsts)
    where = places(reader, firsts)
    years = document_years(reader, where.values())
    for node_id, place in where.items():
        if not place.year and years.get(place.document or ""):
            where[node_id] = replace(place, year=years[place.document or ""])
    made = []
    for entry in found:
        node = nodes.get(entry.members.ids[0]) if entry.members.ids else None
        if node is not None:
            made.append(_hit(node, where.get(node.id), gazetteer, entry, query))
    return tuple(made)


def _hit(node: Node, place: Place | None, gazetteer: Gazetteer, found: Found, query: str) -> Hit:
    type = found.row.type
    title, text = _texts(type, node)
    marked = (analyze.highlight(part, query) for part in (title, text))
    return Hit(
        id=node.id,
        type=type,
        score=round(found.score, 4),
        title=title,
        text=text,
        highlights=tuple(part for part in marked if part),
        features=found.features,
        count=found.members.count,
        members=found.members.ids,
        context=context_of(type, node, place, gazetteer),
        evidence=node.evidence,
        similarity=found.similarity,
        relation=found.relation,
    )


def _texts(type: str, node: Node) -> tuple[str, str]:
    if type == "goal":
        text = text_of(node, "text")
        heading = text if len(text) <= _HEADING else f"{text[:_HEADING]}…"
        return text_of(node, "title") or heading, text
    if type == "policy":
        return policy_name(node), text_of(node, "number")
    if type == "document":
        return text_of(node, "title") or text_of(node, "filename"), text_of(node, "filename")
    second = {"indicator": "description", "project": "purpose"}.get(type, "")
    return text_of(node, "name") or text_of(node, "code"), text_of(node, second)


def context_of(
    type: str, node: Node, place: Place | None, gazetteer: Gazetteer
) -> dict[str, PropertyValue]:
    """Where the node stands, and the properties that people compare. Unknown ones are absent."""
    context: dict[str, PropertyValue] = {}
    if place is not None:
        context |= {
            name: value
            for name, value in (
                ("project", place.project),
                ("project_id", place.project_id),
                ("department", place.department),
                ("department_id", place.department_id),
                ("county", place.county),
                ("city", place.city),
                ("year", place.year),
                ("document", place.document),
            )
            if value
        }
    for name in ("year", "fiscal_year"):
        value = node.properties.get(name)
        if isinstance(value, int):
            context["year"] = value
    for name in _CONTEXT[type]:
        if name in node.properties and node.properties[name] != "":
            context[name] = node.properties[name]
    return context


def facets(scope: Scope, gazetteer: Gazetteer, rows: Rows) -> dict[str, tuple[FacetValue, ...]]:
    """How many of these hits have each county, year, …: the commonest values first."""
    found: dict[str, tuple[FacetValue, ...]] = {}
    for field, counts in scope.facets(rows, _FACET_NAMES).items():
        if field in ("county", "department"):
            counts = gazetteer.by_name(counts)
        found[field] = tuple(FacetValue(*pair) for pair in _commonest(counts))
    return found


def _commonest(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """At most MAX_FACET_VALUES, equally common ones by name."""
    least = min(nlargest(MAX_FACET_VALUES, counts.values()), default=0)
    common = [pair for pair in counts.items() if pair[1] >= least]
    return sorted(common, key=lambda pair: (-pair[1], pair[0]))[:MAX_FACET_VALUES]
