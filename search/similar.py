"""Which counties use an indicator like this one, and with what target."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.elements import Node
from graph.places import places
from graph.store import Reader
from search.gazetteer import Gazetteer
from search.hits import MAX_MEMBERS, SHARED, Found, context_of, hits
from search.index import Index, Members, Scope, Selection, Vector
from search.matching import match
from search.properties import text_of
from search.query import Hit, SimilarGroup, Targets, TargetValue, Understood
from search.rank import Ranked, Weights
from search.targets import Measured, measured, numbers_of
from search.understand import Meaning, intents

OTHER_COUNTIES = "other-counties"
SCOPES = (OTHER_COUNTIES, "all")
MAX_TARGETS = 500
"""Comparable targets listed at most; the nearest wordings go first."""
LEAST_SHARE = 0.4
"""A row with less than this share of the best score is another indicator, not a similar one."""


@dataclass(frozen=True, slots=True)
class Source:
    """What is compared with: an indicator of the graph, or a text alone."""

    hit: Hit
    text: str
    county: str
    node: Node | None


def source_of_node(reader: Reader, node: Node, gazetteer: Gazetteer) -> Source:
    place = places(reader, [node.id]).get(node.id)
    name, description = text_of(node, "name"), text_of(node, "description")
    hit = Hit(
        id=node.id,
        type="indicator",
        score=0.0,
        title=name,
        text=description,
        members=(node.id,),
        context=context_of("indicator", node, place, gazetteer),
        evidence=node.evidence,
    )
    text = name if description in ("", name) else f"{name}：{description}"
    county = (place.county_id if place else None) or ""
    return Source(hit, text, county, node)


def source_of_text(text: str) -> Source:
    plain = text.strip()
    hit = Hit(id="", type="indicator", score=0.0, title=plain, text=plain, count=0)
    return Source(hit, plain, "", None)


def similar_indicators(
    reader: Reader,
    index: Index,
    gazetteer: Gazetteer,
    source: Source,
    vector: Vector | None,
    scope: str,
    limit: int,
    given: Weights,
) -> tuple[tuple[SimilarGroup, ...], Targets]:
    """Groups by county, the county with the best hit first, and the targets worth comparing."""
    outside = source.county if scope == OTHER_COUNTIES else ""
    others = index.scope(Selection((SHARED,), outside=outside))
    ranked = match(index, others, _meaning(source), vector, replace(given, least=1))
    ranked = ranked.first(_alike(ranked))
    chosen = _by_county(index, others, ranked, limit, source.hit.id)
    groups = _groups(reader, gazetteer, chosen, source.text)
    return groups, _targets(reader, gazetteer, source, chosen)


def _alike(ranked: Ranked) -> int:
    """How many of the ranked rows come near enough to the best one to be called similar."""
    if not len(ranked.scores):
        return 0
    return int(np.count_nonzero(ranked.scores >= LEAST_SHARE * ranked.scores[0]))


def _meaning(source: Source) -> Meaning:
    known = Understood(text=source.text)
    return Meaning(known, level2=intents(source.text))


def _by_county(
    index: Index, scope: Scope, ranked: Ranked, limit: int, source: str
) -> dict[str, list[Found]]:
    """The `limit` best rows of each county, each with that county's members alone."""
    rows = index.describe(ranked.rows.tolist())
    parted = scope.by_county(ranked.rows.tolist(), MAX_MEMBERS + 1)
    chosen: dict[str, list[Found]] = {}
    for position, (row, counties) in enumerate(zip(rows, parted, strict=True)):
        score, features = float(ranked.scores[position]), ranked.features(position)
        for county, members in counties.items():
            hits_of = chosen.setdefault(county, [])
            others = tuple(member for member in members.ids if member != source)
            count = members.count - (len(members.ids) - len(others))
            if others and len(hits_of) < limit:
                kept = Members(count, others[:MAX_MEMBERS])
                hits_of.append(Found(row, score, features, kept))
    return {county: found for county, found in chosen.items() if found}


def _groups(
    reader: Reader, gazetteer: Gazetteer, chosen: dict[str, list[Found]], text: str
) -> tuple[SimilarGroup, ...]:
    ordered = sorted(chosen, key=lambda county: (-chosen[county][0].score, county))
    flat = [entry for county in ordered for entry in chosen[county]]
    made = {hit.id: hit for hit in hits(reader, gazetteer, flat, text)}
    return tuple(
        SimilarGroup(
            gazetteer.shown(county) if county else "",
            tuple(made[e.members.ids[0]] for e in chosen[county] if e.members.ids[0] in made),
        )
        for county in ordered
    )


def _targets(
    reader: Reader, gazetteer: Gazetteer, source: Source, chosen: dict[str, list[Found]]
) -> Targets:
    """Targets that compare with the source's, or for a text with those of most indicators."""
    entries = [entry for found in chosen.values() for entry in found]
    entries.sort(key=lambda entry: -entry.score)
    ids = list(dict.fromkeys(member for entry in entries for member in entry.members.ids))
    nodes = reader.get(ids[:MAX_TARGETS])
    ordered = [nodes[node] for node in ids[:MAX_TARGETS] if node in nodes]
    found = [(node, target) for node in ordered if (target := measured(node)) is not None]
    asked = source.node or _usual(found)
    wanted = None if asked is None else measured(asked)
    unit = "" if asked is None else text_of(asked, "unit")
    kind = "" if asked is None else text_of(asked, "value_kind")
    if wanted is None:
        return Targets(unit, kind, None, ())
    where = places(reader, [node.id for node in ordered])
    return Targets(
        unit,
        kind,
        wanted.unit,
        tuple(
            TargetValue(
                county=(where[node.id].county or "") if node.id in where else "",
                value=text_of(node, "value"),
                operator=text_of(node, "operator"),
                numbers=numbers_of(node),
                unit=text_of(node, "unit"),
                canonical_unit=target.unit,
                canonical_numbers=target.numbers,
                indicator=node.id,
            )
            for node, target in found
            if (target.kind, target.unit) == (wanted.kind, wanted.unit)
        ),
    )


def _usual(found: Sequence[tuple[Node, Measured]]) -> Node | None:
    """An indicator with the commonest unit, among comparable ones with the commonest spelling."""
    if not found:
        return None
    shared = Counter((target.kind, target.unit) for _, target in found).most_common(1)[0][0]
    same = [node for node, target in found if (target.kind, target.unit) == shared]
    printed = Counter(text_of(node, "unit") for node in same).most_common(1)[0][0]
    return next(node for node in same if text_of(node, "unit") == printed)
