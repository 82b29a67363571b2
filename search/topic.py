"""Which projects a question is about: an indicator answers for the project that it stands in.

Who asks what people say of the quarantine hotels means the satisfaction indicator of that
project, which says 群众满意度 and nothing of hotels. So the projects that are nearest, and those
that say what the question says, are looked for too, and what measures them gains with them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from search.index import NO_ROWS, Candidates, Index, Rows, Scope, Scores, Vector
from search.rank import Weights

PROJECTS = 20
"""So many nearest projects count, and so many that say most of the question's words; how far one
stands above the next after them is what it gives."""
FEATURES = ("project", "project_words")


@dataclass(frozen=True, slots=True)
class Topic:
    """The indicators that measure the projects, by id, and the rows of their wordings, in order,
    each once. Beside each what it gains: a number for each of FEATURES, shape (n, 2)."""

    indicators: Sequence[str]
    gains: NDArray[np.float64]
    rows: Rows
    row_gains: NDArray[np.float64]

    def values(self, rows: Rows) -> dict[str, Scores]:
        """Of these rows, in the order of their numbers; 0 for one in none of the projects."""
        found = np.zeros((len(rows), len(FEATURES)))
        places = np.searchsorted(rows, self.rows)
        here = places < len(rows)
        here[here] = rows[places[here]] == self.rows[here]
        found[places[here]] = self.row_gains[here]
        return dict(zip(FEATURES, found.T, strict=True))

    def foremost(self, given: Weights) -> dict[str, float]:
        """How much each of the indicators gains in all."""
        worth = np.array([given.features[name] for name in FEATURES])
        return dict(zip(self.indicators, (self.gains @ worth).tolist(), strict=True))


_NO_GAINS = np.zeros((0, len(FEATURES)))
NOTHING = Topic((), _NO_GAINS, NO_ROWS, _NO_GAINS)


def topic(index: Index, projects: Scope, text: str, vector: Vector | None) -> Callable[[], Topic]:
    """Begin to look for it; what is returned waits for it. `projects` are the ones that may count.
    NOTHING for a question without text."""
    if not text:
        return lambda: NOTHING
    begun = projects.begin(text, vector, PROJECTS + 1)
    return cache(lambda: _topic(index, projects, text, begun(NO_ROWS)))


def _topic(index: Index, projects: Scope, text: str, brought: Candidates) -> Topic:
    said = projects.lexical([text], brought.rows)[0]
    near = np.zeros(len(brought.rows)) if brought.dense is None else brought.dense
    gains = np.column_stack(
        [_above_the_next(near), _above_the_next(np.sum(list(said.values()), axis=0))]
    )
    gaining = np.flatnonzero(gains.any(axis=1))
    found = index.measuring(brought.rows[gaining].tolist())
    of_each = gains[gaining][found.projects]
    rows, places = np.unique(found.rows, return_inverse=True)
    # A wording of several projects gains the most that any of them gives.
    most = np.zeros((len(rows), len(FEATURES)))
    np.maximum.at(most, places, of_each)
    return Topic(found.indicators, of_each, rows, most)


def _above_the_next(scores: Scores) -> Scores:
    """What the PROJECTS best have more than the next one, or than nothing; 0 for the others."""
    floor = np.partition(scores, -PROJECTS - 1)[-PROJECTS - 1] if len(scores) > PROJECTS else 0.0
    return np.maximum(scores - max(float(floor), 0.0), 0.0)
