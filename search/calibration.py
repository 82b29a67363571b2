"""What a cosine means: the same, comparable, related or other, by thresholds of the model's own."""

from dataclasses import dataclass

import numpy as np

from search.index import Rows, Scores, Vector, Vectors

RELATIONS = ("same", "comparable", "related", "other")
"""From near to far: says the same; its values can be laid beside one another; of the same topic,
but measures something else; another topic."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """The least cosine of two texts that makes them `same`, `comparable`, `related`.

    Fitted on labelled pairs that the model has not learned from (`training.calibrate`); every
    model has others, and one that was not calibrated tells scores alone.
    """

    same: float
    comparable: float
    related: float

    def steps(self, cosines: Scores) -> Rows:
        """The place in RELATIONS of each cosine.

        >>> Calibration(0.9, 0.7, 0.5).steps(np.array([0.95, 0.7, 0.1])).tolist()
        [0, 1, 3]
        """
        bounds = np.array([self.same, self.comparable, self.related])
        steps: Rows = (cosines[:, None] < bounds).sum(axis=1, dtype=np.int64)
        return steps


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near rows are to a text: `cosines`, and the place of each in RELATIONS."""

    cosines: Scores
    steps: Rows

    def take(self, positions: Rows) -> "Likeness":
        """Of the rows at these positions, in their order."""
        return Likeness(self.cosines[positions], self.steps[positions])


def likeness(vectors: Vectors, vector: Vector, given: Calibration) -> Likeness:
    """Of rows' `vectors`, shape (n, dimension), to one `vector`, shape (dimension,)."""
    cosines = (vectors @ vector).astype(np.float64)
    return Likeness(cosines, given.steps(cosines))
