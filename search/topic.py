"""Which projects a question is about: an indicator answers for the project that it stands in.

Who asks what people say of the quarantine hotels means the satisfaction indicator of that
project, which says 群众满意度 and nothing of hotels. So the nearest projects are looked for too,
and what measures them gains with them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from graph.store import Reader
from search.index import Index, Rows, Scope, Scores, Vector

PROJECTS = 20
"""So many nearest projects count; how far one stands above the next after them is what it gives."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`rows` tells what each row gains by the nearest project that one of its indicators measures,
    in standard deviations; `indicators` the same of these themselves."""

    rows: Mapping[int, float] = field(default_factory=dict)
    indicators: Mapping[str, float] = field(default_factory=dict)

    def values(self, rows: Rows) -> Scores:
        """Of these rows, in the order of their numbers; 0 for one in none of the projects."""
        found = np.zeros(len(rows))
        known = np.array(list(self.rows), dtype=np.int64)
        places = np.searchsorted(rows, known)
        here = places < len(rows)
        here[here] = rows[places[here]] == known[here]
        found[places[here]] = np.array(list(self.rows.values()))[here]
        return found


NOTHING = Topic()


def topic(reader: Reader, index: Index, projects: Scope, vector: Vector | None) -> Topic:
    """`projects` are the ones that may count. Three small questions to the store, however many
    projects and indicators it holds; NOTHING without vectors."""
    if vector is None:
        return NOTHING
    rows, dense = projects.nearest(vector, PROJECTS + 1)
    nearest = np.argsort(-dense, kind="stable")
    floor = max(float(dense[nearest[-1]]), 0.0) if len(nearest) > PROJECTS else 0.0
    gains = dense[nearest] - floor
    described = index.describe(rows[nearest].tolist())
    by_project = {
        row.id: float(gain) for row, gain in zip(described, gains, strict=True) if gain > 0
    }
    indicators: dict[str, float] = {}
    for edge in reader.edges(by_project, {"MEASURED_BY"}):
        gain = by_project[edge.source]
        indicators[edge.target] = max(gain, indicators.get(edge.target, 0.0))
    wordings: dict[str, float] = {}
    for edge in reader.edges(indicators, {"WORDED_AS"}):
        gain = indicators[edge.source]
        wordings[edge.target] = max(gain, wordings.get(edge.target, 0.0))
    worded: Sequence[int] = index.rows_of(wordings).tolist()
    return Topic({row.number: wordings[row.id] for row in index.describe(worded)}, indicators)
