"""From a row of the index to a hit that a person can read and check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from graph.elements import Node, PropertyValue
from graph.places import Place, places
from graph.store import Reader
from search import analyze
from search.documents import document_years, policy_name, text_of
from search.gazetteer import Gazetteer
from search.query import FacetValue, Hit
from search.rank import Ranked
from search.table import Mask, Table

MAX_MEMBERS = 1000
"""A hit lists at most this many members; `count` is the true number."""
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
_FACET_NAMES = ("county", "year", "level2", "department", "kind")


@dataclass(frozen=True, slots=True)
class Found:
    """A row on its way to becoming a hit; `members` are node ids in order."""

    row: int
    score: float
    features: Mapping[str, float]
    count: int
    members: tuple[str, ...]


def found_rows(table: Table, ranked: Ranked, allowed: Mask, first: int, last: int) -> list[Found]:
    """The ranked rows from `first` to before `last`, each with the members that filters keep."""
    return [
        found_row(
            table,
            int(ranked.rows[position]),
            allowed,
            float(ranked.scores[position]),
            ranked.features(position),
        )
        for position in range(first, min(last, len(ranked.rows)))
    ]


def found_row(
    table: Table, row: int, allowed: Mask, score: float, features: Mapping[str, float]
) -> Found:
    if table.type(row) != "indicator":
        return Found(row, score, features, 1, (table.id(row),))
    positions = table.members_of(row, allowed)
    members = tuple(table.member_id(position) for position in positions[:MAX_MEMBERS])
    return Found(row, score, features, len(positions), members)


def hits(
    reader: Reader, table: Table, gazetteer: Gazetteer, found: Sequence[Found], query: str
) -> tuple[Hit, ...]:
    """Hits in the order given. What left the store since the index was made is passed over."""
    firsts = [entry.members[0] for entry in found if entry.members]
    nodes = reader.get(firsts)
    where = places(reader, firsts)
    years = document_years(reader, where.values())
    for node_id, place in where.items():
        if not place.year and years.get(place.document or ""):
            where[node_id] = replace(place, year=years[place.document or ""])
    made = []
    for entry in found:
        node = nodes.get(entry.members[0]) if entry.members else None
        if node is not None:
            type = table.type(entry.row)
            made.append(_hit(type, node, where.get(node.id), gazetteer, entry, query))
    return tuple(made)


def _hit(
    type: str, node: Node, place: Place | None, gazetteer: Gazetteer, found: Found, query: str
) -> Hit:
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
        count=found.count,
        members=found.members,
        context=context_of(type, node, place, gazetteer),
        evidence=node.evidence,
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


def facets(
    table: Table, gazetteer: Gazetteer, rows: NDArray[np.int64], allowed: Mask
) -> dict[str, tuple[FacetValue, ...]]:
    """How many of these hits have each county, year, …: the commonest values first."""
    found: dict[str, tuple[FacetValue, ...]] = {}
    for field in _FACET_NAMES:
        counts = table.facet_counts(rows, allowed, field)
        named: dict[str, int] = {}
        for value, count in counts.items():
            shown = gazetteer.shown(value) if field in ("county", "department") else value
            named[shown] = named.get(shown, 0) + count
        ordered = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
        found[field] = tuple(FacetValue(v, c) for v, c in ordered[:MAX_FACET_VALUES])
    return found
