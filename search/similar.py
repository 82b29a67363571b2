"""Which counties use an indicator like this one, and with what target."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from graph.elements import Node
from graph.places import places
from graph.store import Reader
from search.calibration import RELATIONS, Calibration, Likeness, likeness
from search.gazetteer import Gazetteer
from search.hits import MAX_MEMBERS, SHARED, Found, context_of, hits
from search.index import Index, Members, Scope, Selection, Vector
from search.intents import worded
from search.matching import match
from search.properties import text_of
from search.query import Hit, SimilarGroup, Targets, TargetValue, Understood
from search.rank import Ranked, Weights
from search.targets import Measured, measured, numbers_of
from search.understand import Meaning

OTHER_COUNTIES = "other-counties"
SCOPES = (OTHER_COUNTIES, "all")
MAX_TARGETS = 500
"""Comparable targets listed at most; the nearest wordings go first."""
LEAST_SHARE = 0.4
"""A row with less than this share of the best score is another indicator, not a similar one, where
the model does not say what is."""
_NOBODY = Members(0, ())
_OTHER = RELATIONS.index("other")


@dataclass(frozen=True, slots=True)
class Near:
    """By what nearness is judged: the source's vector, what its cosines mean, weights of features;
    None for what the model cannot tell."""

    vector: Vector | None
    calibration: Calibration | None
    weights: Weights


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
    """A text that gives name and description, as indicators do, is one of both."""
    plain = text.strip()
    name, _, description = plain.partition("：")
    title, told = (name, description) if name and description else (plain, plain)
    hit = Hit(id="", type="indicator", score=0.0, title=title, text=told, count=0)
    return Source(hit, plain, "", None)


def similar_indicators(
    reader: Reader,
    index: Index,
    gazetteer: Gazetteer,
    source: Source,
    near: Near,
    scope: str,
    limit: int,
) -> tuple[tuple[SimilarGroup, ...], Targets]:
    """Groups by county, the county with the nearest hit first, and the targets worth comparing:
    not those of indicators that are only related."""
    outside = source.county if scope == OTHER_COUNTIES else ""
    others = index.scope(Selection((SHARED,), outside=outside))
    # What an indicator says is compared, not where it stands.
    weights = replace(near.weights.without("lexical_around"), least=1)
    ranked = match(index, others, _meaning(source), near.vector, weights)
    ranked, told = _alike(index, ranked, source, near)
    chosen = _by_county(index, others, ranked, told, limit, source.hit.id)
    groups = _groups(reader, gazetteer, chosen, source.text)
    return groups, _targets(reader, gazetteer, source, chosen)


def _alike(
    index: Index, ranked: Ranked, source: Source, near: Near
) -> tuple[Ranked, Likeness | None]:
    """The rows near enough to be called similar, the same before the comparable before the related,
    and how near they are; where the model does not say, those that come near to the best score."""
    if near.vector is None or near.calibration is None or not len(ranked.rows):
        best = ranked.scores[:1].sum()
        return ranked.first(int(np.count_nonzero(ranked.scores >= LEAST_SHARE * best))), None
    vectors = index.vectors_of(ranked.rows.tolist())
    assert vectors is not None
    names = [row.name for row in index.describe(ranked.rows.tolist())]
    told = likeness(vectors, names, near.vector, source.hit.title, near.calibration)
    order = np.argsort(told.steps, kind="stable")
    order = order[told.steps[order] < _OTHER]
    return ranked.take(order), told.take(order)


def _meaning(source: Source) -> Meaning:
    known = Understood(text=source.text)
    return Meaning(known, level2=dict.fromkeys(sorted(worded(source.text)), 1.0))


def _by_county(
    index: Index,
    scope: Scope,
    ranked: Ranked,
    told: Likeness | None,
    limit: int,
    source: str,
) -> dict[str, list[Found]]:
    """The `limit` best rows of each county, each with that county's members alone."""
    rows = index.describe(ranked.rows.tolist())
    parted = scope.by_county(ranked.rows.tolist(), MAX_MEMBERS + 1)
    chosen: dict[str, list[Found]] = {}
    for position, (row, counties) in enumerate(zip(rows, parted, strict=True)):
        wanted = {
            county: members
            for county, members in counties.items()
            if len(chosen.get(county, ())) < limit
        }
        if not wanted:
            continue
        found = Found(row, float(ranked.scores[position]), ranked.features(position), _NOBODY)
        if told is not None:
            relation = RELATIONS[told.steps[position]]
            cosine = round(float(told.cosines[position]), 4)
            found = replace(found, similarity=cosine, relation=relation)
        for county, members in wanted.items():
            others = tuple(member for member in members.ids if member != source)
            count = members.count - (len(members.ids) - len(others))
            if others:
                kept = Members(count, others[:MAX_MEMBERS])
                chosen.setdefault(county, []).append(replace(found, members=kept))
    return chosen


def _nearest_first(found: Found) -> tuple[int, float]:
    return RELATIONS.index(found.relation) if found.relation else 0, -found.score


def _groups(
    reader: Reader, gazetteer: Gazetteer, chosen: dict[str, list[Found]], text: str
) -> tuple[SimilarGroup, ...]:
    ordered = sorted(chosen, key=lambda county: (_nearest_first(chosen[county][0]), county))
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
    """Targets that compare with the source's, or for a text with those of most indicators that are
    the same, or of most of all."""
    entries = [e for found in chosen.values() for e in found if e.relation != "related"]
    entries.sort(key=_nearest_first)
    ids = list(dict.fromkeys(member for entry in entries for member in entry.members.ids))
    nodes = reader.get(ids[:MAX_TARGETS])
    ordered = [nodes[node] for node in ids[:MAX_TARGETS] if node in nodes]
    found = [(node, target) for node in ordered if (target := measured(node)) is not None]
    same = {member for e in entries if e.relation == "same" for member in e.members.ids}
    asked = source.node or _usual([one for one in found if one[0].id in same]) or _usual(found)
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
