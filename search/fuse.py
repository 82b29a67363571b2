"""Two legs on one scale: how far above the ordinary a cosine is.

Raw cosines of one question lie close together, and how close depends on the question. Measured
against a fixed sample of the index, and not against the hits, a row scores the same whatever the
filters are. Rank fusion was measured and rejected: it wastes the better leg.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.table import DEAD, Rows, Table
from search.vector import VectorIndex

SAMPLE = 1024
_PRIOR = 32
"""A type with few rows borrows this many sample rows' worth of the whole index's spread."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Rows of each type, evenly spread, to compare a question with."""

    rows: dict[int, Rows]

    @classmethod
    def of(cls, table: Table) -> "Sample":
        types = np.asarray(table.rows["type"])
        found = {}
        for code in np.unique(types[types != DEAD]).tolist():
            rows = np.flatnonzero(types == code)
            step = max(1, len(rows) // SAMPLE)
            found[int(code)] = rows[::step][:SAMPLE]
        return cls(found)


def standardise(
    cosines: NDArray[np.float64],
    types: NDArray[np.int64],
    query: NDArray[np.float32],
    vectors: VectorIndex,
    sample: Sample,
) -> NDArray[np.float64]:
    """Each cosine as standard deviations above the mean of its own type's sample."""
    if not len(cosines):
        return cosines
    scores = {code: vectors.scores(query, rows) for code, rows in sample.rows.items()}
    everything = np.concatenate(list(scores.values()))
    mean, variance = float(everything.mean()), float(everything.var())
    result = np.zeros(len(cosines))
    for code in np.unique(types).tolist():
        own = scores[code]
        share = len(own) / (len(own) + _PRIOR)
        centre = share * float(own.mean()) + (1 - share) * mean
        spread = share * float(own.var()) + (1 - share) * variance
        of_type = types == code
        result[of_type] = (cosines[of_type] - centre) / max(spread**0.5, 1e-3)
    return result
