"""Ranking as data: named features, their weights from weights.json, and what each contributed."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "weights.json"
CONTAINED = 0.5
"""What a name that contains the question, or is contained in it, is worth at most."""


@dataclass(frozen=True, slots=True)
class Weights:
    """`features` in the order of the file. A row is a match with a dense, lexical or project value
    from `match_dense`, `match_lexical` or `match_project` on; a search shows the `least` best rows
    all the same."""

    features: Mapping[str, float]
    match_dense: float
    match_lexical: float
    match_project: float
    least: int

    def without(self, *names: str) -> "Weights":
        """The same with these features at 0."""
        return replace(self, features={**self.features, **dict.fromkeys(names, 0.0)})


@cache
def usual_weights() -> Weights:
    """Those of weights.json."""
    data = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    return Weights(
        {name: float(entry["weight"]) for name, entry in data["features"].items()},
        float(data["match"]["dense"]),
        float(data["match"]["lexical"]),
        float(data["match"]["project"]),
        int(data["match"]["least"]),
    )


@dataclass(frozen=True, slots=True)
class Ranked:
    """Rows best first; `contributions[name][i]` of every feature add up to `scores[i]`."""

    rows: NDArray[np.int64]
    scores: NDArray[np.float64]
    contributions: Mapping[str, NDArray[np.float64]]

    def first(self, count: int) -> "Ranked":
        """The `count` best rows."""
        return self.take(np.arange(min(count, len(self.rows))))

    def take(self, positions: NDArray[np.int64]) -> "Ranked":
        """The rows at these positions, in their order."""
        kept = {name: column[positions] for name, column in self.contributions.items()}
        return Ranked(self.rows[positions], self.scores[positions], kept)

    def adding(self, name: str, values: NDArray[np.float64], given: "Weights") -> "Ranked":
        """The same rows in the order that one more feature gives them."""
        added = given.features[name] * values
        scores = self.scores + added
        order = np.lexsort((np.arange(len(scores)), -scores))
        contributions = {**self.contributions, name: added}
        return Ranked(
            self.rows[order], scores[order], {n: c[order] for n, c in contributions.items()}
        )

    def features(self, position: int) -> dict[str, float]:
        """What each feature gave one row; features that gave nothing are left out."""
        values = {n: round(float(c[position]), 4) for n, c in self.contributions.items()}
        return {name: value for name, value in values.items() if value}


def rank(
    rows: NDArray[np.int64],
    values: Mapping[str, NDArray[np.float64]],
    matched: NDArray[np.bool_],
    given: Weights,
) -> Ranked:
    """Order rows by weighted features, ties by row number; rows that are no match go, but the
    `given.least` best stay whether they match or not."""
    contributions = {name: given.features[name] * column for name, column in values.items()}
    scores = np.sum(list(contributions.values()), axis=0) if contributions else np.zeros(len(rows))
    order = np.lexsort((rows, -scores))
    position = np.arange(len(order))
    order = order[matched[order] | (position < given.least)]
    return Ranked(rows[order], scores[order], {name: c[order] for name, c in contributions.items()})


def name_match(asked: str, known: str) -> float:
    """1 for the same name; up to CONTAINED where one holds the other; else 0. Both are folded by
    `analyze.key`.

    >>> name_match("游客满意度", "游客满意度")
    1.0
    """
    if not asked or not known:
        return 0.0
    if asked == known:
        return 1.0
    shorter, longer = sorted((asked, known), key=len)
    if len(shorter) < 2 or shorter not in longer:
        return 0.0
    return CONTAINED * len(shorter) / len(longer)
