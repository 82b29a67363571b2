"""Conditions on target values, held against the indicators of the rows that were found.

The index has no column of targets: the store is asked, for the best rows first and for so many of
their indicators at most. What that left out is said.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from graph.store import Reader
from search.asked_targets import Condition
from search.hits import SHARED
from search.index import Index, Scope, Scores
from search.rank import Ranked

MOST_READ = 5000
"""Indicators that are read for one question."""
MOST_OF_ROW = 100
"""Indicators that are read of one wording."""
_PAGE = 50
_HIGH = 3.0
"""From this best score on what meets the conditions gains in proportion: with the weight of
weights.json half of the best score."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`met` are the indicators that meet the conditions, `rows` the ranked rows that have one.
    `note` says in Chinese what was not looked at, "" for nothing."""

    met: frozenset[str]
    rows: frozenset[int]
    note: str


def wanted(
    reader: Reader, index: Index, scope: Scope, ranked: Ranked, conditions: Sequence[Condition]
) -> Wanted:
    """Look the targets up, of the best rows first."""
    met: set[str] = set()
    rows: set[int] = set()
    read = looked = cut = 0
    while looked < len(ranked.rows) and read < MOST_READ:
        page = index.describe(ranked.rows[looked : looked + _PAGE].tolist())
        looked += _PAGE
        numbers = [row.number for row in page if row.type == SHARED]
        members = dict(zip(numbers, scope.members(numbers, MOST_OF_ROW), strict=True))
        nodes = reader.get(node for entry in members.values() for node in entry.ids)
        read += len(nodes)
        for number, entry in members.items():
            cut += entry.count > len(entry.ids)
            kept = {
                node
                for node in entry.ids
                if node in nodes and all(c.met_by(nodes[node]) for c in conditions)
            }
            met |= kept
            rows |= {number} if kept else set()
    return Wanted(frozenset(met), frozenset(rows), _note(len(ranked.rows) - looked, cut))


def values_of(ranked: Ranked, found: Wanted) -> Scores:
    """1 for each ranked row with an indicator that meets the conditions, and more where scores are
    high: it must pass rows that say more of the question's words and do not meet them."""
    best = float(ranked.scores.max(initial=0.0))
    met = np.isin(ranked.rows, sorted(found.rows)).astype(np.float64)
    return met * np.float64(max(1.0, best / _HIGH))


def _note(left: int, cut: int) -> str:
    parts = []
    if left > 0:
        parts.append(f"排在后面的 {left} 条没有比对目标值")
    if cut:
        parts.append(f"有 {cut} 条表述的指标太多，各只比对了前 {MOST_OF_ROW} 个")
    return "，".join(parts)
