"""What is told of a recommended wording: how it is used, its typical target, who sets it, proof."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from graph.elements import Node
from graph.places import Place, places
from graph.store import Reader
from search.description import Nearness
from search.gazetteer import Gazetteer
from search.index import Members, Row, Scope
from search.properties import text_of
from search.query import (
    Hit,
    LikeProject,
    RecommendedExample,
    RecommendedIndicator,
    TargetCount,
    TypicalTarget,
)
from search.targets import target_counts
from search.wording import LISTED, commonest, value_counts

MAX_READ = 100
"""Indicators of one wording that are read for its distributions, those of like projects first;
`count` is the true number."""
EXAMPLES = 2
_LOOKED_AT = 10
"""Indicators of one wording among which examples of different counties are looked for."""


@dataclass(frozen=True, slots=True)
class Use:
    """An indicator of a like project, and the wording that it uses."""

    wording: str
    project: str
    indicator: Node


@dataclass(frozen=True, slots=True)
class Group:
    """Forms of one wording, the best first, with the `uses` in like projects, the nearest first;
    `counties` counts its indicators by county id, `near` is how near the description is to the
    nearest form."""

    rows: Sequence[Row]
    uses: Sequence[Use]
    level2: str
    counties: Mapping[str, int]
    near: Nearness | None
    features: Mapping[str, float]

    @property
    def score(self) -> float:
        return sum(self.features.values())


def described(
    reader: Reader,
    scope: Scope,
    gazetteer: Gazetteer,
    groups: Sequence[Group],
    like: Mapping[str, Hit],
) -> list[RecommendedIndicator]:
    """One for each group, in their order. The number of reads does not grow with theirs."""
    numbers = [row.number for group in groups for row in group.rows]
    members = dict(zip(numbers, scope.members(numbers, MAX_READ), strict=True))
    ids = [_ids(group, members) for group in groups]
    nodes = reader.get(id for some in ids for id in some)
    where = places(reader, (id for some in ids for id in some[:_LOOKED_AT]))
    wordings = reader.get(row.id for group in groups for row in group.rows)
    made = []
    for group, some in zip(groups, ids, strict=True):
        read = [nodes[id] for id in some if id in nodes]
        usual = max(group.rows, key=lambda row: members[row.number].count)
        node = wordings.get(usual.id)
        others = [wordings[r.id] for r in group.rows if r.id != usual.id and r.id in wordings]
        made.append(
            RecommendedIndicator(
                text=text_of(node, "text") if node else usual.name,
                name=text_of(node, "name") if node else usual.name,
                description=text_of(node, "description") if node else "",
                count=sum(members[row.number].count for row in group.rows),
                county_count=len(group.counties),
                counties=commonest((gazetteer.shown(c), n) for c, n in group.counties.items()),
                operators=value_counts(read, "operator"),
                targets=target_counts(read, LISTED),
                typical=typical_target(read),
                bases=value_counts(read, "basis"),
                examples=_examples(read[:_LOOKED_AT], where),
                variants=tuple(text_of(other, "text") for other in others),
                projects=_projects(group, like),
                score=round(group.score, 4),
                features=group.features,
                similarity=group.near.similarity if group.near else None,
                relation=group.near.relation if group.near else "",
            )
        )
    return made


def _ids(group: Group, members: Mapping[int, Members]) -> list[str]:
    """The indicators to be read: of like projects, the nearest first, before all others."""
    likely = (use.indicator.id for use in group.uses)
    others = (id for row in group.rows for id in members[row.number].ids)
    return list(dict.fromkeys((*likely, *others)))[:MAX_READ]


def _projects(group: Group, like: Mapping[str, Hit]) -> tuple[LikeProject, ...]:
    using = {use.project for use in group.uses}
    return tuple(
        LikeProject(
            id=hit.id,
            name=hit.title,
            county=str(hit.context.get("county", "")),
            year=year if isinstance(year := hit.context.get("year"), int) else None,
            similarity=hit.similarity,
            relation=hit.relation,
        )
        for hit in like.values()
        if hit.id in using
    )


def _examples(nodes: Iterable[Node], where: Mapping[str, Place]) -> tuple[RecommendedExample, ...]:
    """The first of each county, then the others."""
    found = [(node, where.get(node.id, Place())) for node in nodes]
    first: dict[str | None, Node] = {}
    for node, place in found:
        first.setdefault(place.county_id, node)
    # Sorting keeps the order among those of either kind.
    found.sort(key=lambda pair: first[pair[1].county_id] is not pair[0])
    return tuple(_example(node, place) for node, place in found[:EXAMPLES])


def _example(node: Node, place: Place) -> RecommendedExample:
    return RecommendedExample(
        indicator=node.id,
        county=place.county or "",
        department=place.department or "",
        project=place.project or "",
        year=place.year,
        value=text_of(node, "value"),
        basis=text_of(node, "basis"),
        project_id=place.project_id or "",
        evidence=node.evidence,
    )


def typical_target(nodes: Sequence[Node]) -> TypicalTarget | None:
    """The commonest target that can be compared, of equally common ones that in the middle; where
    there is none the commonest of the others."""
    counts = target_counts(nodes, len(nodes))
    compared = [count for count in counts if count.canonical_unit is not None]
    if not compared:
        return None if not counts else _as_typical(counts[0], nodes)
    units = Counter[str | None]()
    for count in compared:
        units[count.canonical_unit] += count.count
    usual = [c for c in compared if c.canonical_unit == units.most_common(1)[0][0]]
    most = max(count.count for count in usual)
    level = sorted((c for c in usual if c.count == most), key=_size)
    return _as_typical(level[(len(level) - 1) // 2], nodes)


def _size(count: TargetCount) -> tuple[Decimal, str]:
    """By its first number; dates by their text."""
    first = next(iter(count.canonical_numbers), "")
    try:
        return Decimal(first), first
    except InvalidOperation:
        return Decimal(0), first


def _as_typical(count: TargetCount, nodes: Sequence[Node]) -> TypicalTarget:
    printed = next(node for node in nodes if text_of(node, "value") == count.value)
    return TypicalTarget(
        value=count.value,
        operator=text_of(printed, "operator"),
        count=count.count,
        of=sum(1 for node in nodes if text_of(node, "value")),
        canonical_unit=count.canonical_unit,
        canonical_numbers=count.canonical_numbers,
    )
