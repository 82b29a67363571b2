"""Which projects a question is about: an indicator answers for the project that it stands in.

Who asks what people say of the quarantine hotels means the satisfaction indicator of that
project, which says 群众满意度 and nothing of hotels. So the projects that are nearest, and those
that say what the question says, are looked for too, and what measures them gains with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import mul
from typing import TypeAlias

import numpy as np

from graph.store import Reader
from search.index import Index, Rows, Scope, Scores, Vector
from search.rank import Weights

Gains: TypeAlias = tuple[float, float]

PROJECTS = 20
"""So many nearest projects count, and so many that say most of the question's words; how far one
stands above the next after them is what it gives."""
FEATURES = ("project", "project_words")


@dataclass(frozen=True, slots=True)
class Topic:
    """What each row gains by the projects that its indicators measure, and what these indicators
    gain: a number for each of FEATURES."""

    rows: Mapping[int, Gains] = field(default_factory=dict)
    indicators: Mapping[str, Gains] = field(default_factory=dict)

    def values(self, rows: Rows) -> dict[str, Scores]:
        """Of these rows, in the order of their numbers; 0 for one in none of the projects."""
        found = np.zeros((len(FEATURES), len(rows)))
        known = np.array(list(self.rows), dtype=np.int64)
        places = np.searchsorted(rows, known)
        here = places < len(rows)
        here[here] = rows[places[here]] == known[here]
        gains = np.array(list(self.rows.values())).reshape(-1, len(FEATURES))
        found[:, places[here]] = gains[here].T
        return dict(zip(FEATURES, found, strict=True))

    def foremost(self, given: Weights) -> dict[str, float]:
        """How much each of the indicators gains in all."""
        worth = [given.features[name] for name in FEATURES]
        return {one: sum(map(mul, worth, gains)) for one, gains in self.indicators.items()}


NOTHING = Topic()


def topic(reader: Reader, index: Index, projects: Scope, text: str, vector: Vector | None) -> Topic:
    """`projects` are the ones that may count. Three small questions to the store, however many
    projects and indicators it holds; NOTHING for a question without text."""
    if not text:
        return NOTHING
    brought = projects.candidates(text, vector, PROJECTS + 1)
    said = projects.lexical([text], brought.rows)[0]
    near = np.zeros(len(brought.rows)) if brought.dense is None else brought.dense
    gains = np.column_stack(
        [_above_the_next(near), _above_the_next(np.sum(list(said.values()), axis=0))]
    )
    gaining = np.flatnonzero(gains.any(axis=1))
    by_project = {
        row.id: (float(meant), float(told))
        for row, (meant, told) in zip(
            index.describe(brought.rows[gaining].tolist()), gains[gaining], strict=True
        )
    }
    indicators = _reached(reader, by_project, "MEASURED_BY")
    wordings = _reached(reader, indicators, "WORDED_AS")
    worded = index.rows_of(wordings)
    return Topic({row: wordings[node] for node, row in worded.items()}, indicators)


def _above_the_next(scores: Scores) -> Scores:
    """What the PROJECTS best have more than the next one, or than nothing; 0 for the others."""
    floor = np.partition(scores, -PROJECTS - 1)[-PROJECTS - 1] if len(scores) > PROJECTS else 0.0
    return np.maximum(scores - max(float(floor), 0.0), 0.0)


def _reached(reader: Reader, gains: Mapping[str, Gains], type: str) -> dict[str, Gains]:
    """What the edges of this type lead to from the nodes that gain, with the most of each gain."""
    found: dict[str, Gains] = {}
    for edge in reader.edges(gains, {type}):
        meant, told = gains[edge.source]
        before = found.get(edge.target, (0.0, 0.0))
        found[edge.target] = (max(meant, before[0]), max(told, before[1]))
    return found
