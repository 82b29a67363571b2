"""How an indicator is usually worded: wordings that say the same, with how they are used."""

from collections import Counter
from collections.abc import Iterable, Sequence

from graph.elements import Node
from graph.places import Place, places
from graph.store import Reader
from search import analyze
from search.calibration import ALIKE, Calibration, swapped
from search.gazetteer import Gazetteer
from search.index import Index, Row, Scope
from search.properties import text_of
from search.query import ValueCount, WordingExample, WordingGroup
from search.rank import Ranked
from search.targets import target_counts

SAME_MEANING = 0.9
"""Cosine from which two wordings count as forms of the same, where the model does not say."""
MAX_ROWS = 200
"""Ranked wordings that are looked at to form groups."""
MAX_INDICATORS = 2000
"""Indicators of one group that are read for its distributions; `count` is the true number."""
LISTED = 20
"""Values of a distribution that are listed, the commonest first."""
_EXAMPLES = 5


def wording_groups(
    reader: Reader, scope: Scope, gazetteer: Gazetteer, joined: Iterable[Sequence[Row]]
) -> tuple[WordingGroup, ...]:
    """What is known of each group of rows."""
    return tuple(_group(reader, scope, gazetteer, rows) for rows in joined)


def same_meaning(
    index: Index, ranked: Ranked, calibration: Calibration | None, limit: int
) -> list[list[Row]]:
    """Wordings in ranked order, forms of the same joined to the first of them: rows that the
    model calls the same; of the same name, where nothing tells the meaning."""
    rows = index.describe(ranked.rows[:MAX_ROWS].tolist())
    least = SAME_MEANING if calibration is None else calibration.same
    alike = ALIKE if calibration is None else calibration.alike
    vectors = index.vectors_of([row.number for row in rows])
    likeness = None if vectors is None else vectors @ vectors.T
    groups: list[list[int]] = []
    for position, row in enumerate(rows):
        for group in groups:
            first = group[0]
            if (
                analyze.key(row.name) == analyze.key(rows[first].name)
                if likeness is None
                else likeness[position, first] >= least
                and not swapped(row.name, rows[first].name, alike)
            ):
                group.append(position)
                break
        else:
            groups.append([position])
    return [[rows[position] for position in group] for group in groups[:limit]]


def _group(reader: Reader, scope: Scope, gazetteer: Gazetteer, rows: Sequence[Row]) -> WordingGroup:
    numbers = [row.number for row in rows]
    members = scope.members(numbers, MAX_INDICATORS)
    usual = max(range(len(rows)), key=lambda position: members[position].count)
    wordings = reader.get([row.id for row in rows])
    node = wordings.get(rows[usual].id)
    counties: Counter[str] = Counter()
    for parts in scope.by_county(numbers, 0):
        counties.update({county: part.count for county, part in parts.items()})
    ordered = dict.fromkeys((usual, *range(len(rows))))
    ids = [member for position in ordered for member in members[position].ids][:MAX_INDICATORS]
    indicators = reader.get(ids)
    nodes = [indicators[node] for node in ids if node in indicators]
    where = places(reader, [entry.id for entry in nodes[:_EXAMPLES]])
    variants = [row.id for position, row in enumerate(rows) if position != usual]
    name = rows[usual].name
    return WordingGroup(
        text=text_of(node, "text") if node else name,
        name=text_of(node, "name") if node else name,
        description=text_of(node, "description") if node else "",
        count=sum(entry.count for entry in members),
        counties=commonest((gazetteer.shown(c), n) for c, n in counties.items() if c),
        operators=value_counts(nodes, "operator"),
        targets=target_counts(nodes, LISTED),
        bases=value_counts(nodes, "basis"),
        examples=tuple(_example(entry, where.get(entry.id)) for entry in nodes[:_EXAMPLES]),
        variants=tuple(text_of(wordings[id], "text") for id in variants if id in wordings),
    )


def value_counts(nodes: Iterable[Node], name: str) -> tuple[ValueCount, ...]:
    """How many nodes have each value of a text property, the commonest first."""
    found = Counter(text_of(node, name) for node in nodes)
    return commonest((value, count) for value, count in found.items() if value)


def commonest(pairs: Iterable[tuple[str, int]]) -> tuple[ValueCount, ...]:
    """At most LISTED of (value, count), the largest count first."""
    ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return tuple(ValueCount(value, count) for value, count in ordered[:LISTED])


def _example(node: Node, place: Place | None) -> WordingExample:
    return WordingExample(
        indicator=node.id,
        county=(place.county if place else None) or "",
        department=(place.department if place else None) or "",
        project=(place.project if place else None) or "",
        year=place.year if place else None,
        value=text_of(node, "value"),
        basis=text_of(node, "basis"),
    )
