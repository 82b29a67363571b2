"""How an indicator is usually worded: wordings that say the same, with how they are used."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from graph.elements import Node
from graph.places import Place, places
from graph.store import Reader
from search import analyze
from search.documents import text_of
from search.gazetteer import Gazetteer
from search.index import Snapshot
from search.query import ValueCount, WordingExample, WordingGroup
from search.rank import Ranked
from search.table import Mask
from search.targets import target_counts

SAME_MEANING = 0.9
"""Cosine from which two wordings of one name count as forms of the same."""
MAX_ROWS = 200
"""Ranked wordings that are looked at to form groups."""
MAX_INDICATORS = 2000
"""Indicators of one group that are read for its distributions; `count` is the true number."""
_EXAMPLES = 5
_LISTED = 20


def wording_groups(
    reader: Reader,
    snapshot: Snapshot,
    gazetteer: Gazetteer,
    ranked: Ranked,
    allowed: Mask,
    limit: int,
) -> tuple[WordingGroup, ...]:
    """Wordings in ranked order, forms of the same joined to the first of them."""
    joined = _join(snapshot, ranked.rows[:MAX_ROWS])[:limit]
    return tuple(_group(reader, snapshot, gazetteer, rows, allowed) for rows in joined)


def _join(snapshot: Snapshot, rows: NDArray[np.int64]) -> list[list[int]]:
    """Rows of the same name, or so near in meaning that they are forms of one wording."""
    table, vectors = snapshot.table, snapshot.vectors
    groups: list[list[int]] = []
    keys: list[str] = []
    for row in rows.tolist():
        name = analyze.key(table.name(row))
        own = vectors.scores(_vector(snapshot, row), [g[0] for g in groups]) if vectors else None
        for position, group in enumerate(groups):
            near = own is not None and own[position] >= SAME_MEANING
            if near or (name == keys[position] and own is None):
                group.append(row)
                break
        else:
            groups.append([row])
            keys.append(name)
    return groups


def _vector(snapshot: Snapshot, row: int) -> NDArray[np.float32]:
    assert snapshot.vectors is not None
    return snapshot.vectors.vector(row)


def _group(
    reader: Reader, snapshot: Snapshot, gazetteer: Gazetteer, rows: Sequence[int], allowed: Mask
) -> WordingGroup:
    table = snapshot.table
    members = {row: table.members_of(row, allowed) for row in rows}
    usual = max(rows, key=lambda row: len(members[row]))
    wordings = reader.get([table.id(row) for row in rows])
    node = wordings.get(table.id(usual))
    count = sum(len(positions) for positions in members.values())
    counties: Counter[str] = Counter()
    for row in rows:
        for code, positions in table.by_facet(row, allowed, "county").items():
            counties[table.vocabulary["county"][code]] += len(positions)
    ordered = [position for row in dict.fromkeys((usual, *rows)) for position in members[row]]
    ids = [table.member_id(position) for position in ordered[:MAX_INDICATORS]]
    indicators = reader.get(ids)
    nodes = [indicators[node] for node in ids if node in indicators]
    where = places(reader, [entry.id for entry in nodes[:_EXAMPLES]])
    others = [wordings[table.id(row)] for row in rows if row != usual and table.id(row) in wordings]
    return WordingGroup(
        text=text_of(node, "text") if node else table.name(usual),
        name=text_of(node, "name") if node else table.name(usual),
        description=text_of(node, "description") if node else "",
        count=count,
        counties=_common((gazetteer.shown(c), n) for c, n in counties.items() if c),
        operators=_values(nodes, "operator"),
        targets=target_counts(nodes, _LISTED),
        bases=_values(nodes, "basis"),
        examples=tuple(_example(entry, where.get(entry.id)) for entry in nodes[:_EXAMPLES]),
        variants=tuple(text_of(entry, "text") for entry in others),
    )


def _values(nodes: Iterable[Node], name: str) -> tuple[ValueCount, ...]:
    found = Counter(text_of(node, name) for node in nodes)
    return _common((value, count) for value, count in found.items() if value)


def _common(pairs: Iterable[tuple[str, int]]) -> tuple[ValueCount, ...]:
    ordered = sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
    return tuple(ValueCount(value, count) for value, count in ordered[:_LISTED])


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
