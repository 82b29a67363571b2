"""Two legs on one scale: how far above the ordinary a cosine is.

Raw cosines of one question lie close together, and how close depends on the question. Measured
against a fixed sample of the index, and not against the hits, a row scores the same whatever the
filters are. Rank fusion was measured and rejected: it wastes the better leg.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index import Scores, Vector

SAMPLE = 1024
_PRIOR = 32
"""A type with few rows borrows this many sample rows' worth of the whole index's spread."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Vectors of each type, by its number, to compare a question with: shape (n, dimension).

    They are those of the `SAMPLE` rows with the smallest hashes of their ids, so that the same
    graph has the same sample wherever and in whatever order its index was made.
    """

    vectors: Mapping[int, NDArray[Any]]


def standardise(cosines: Scores, types: NDArray[np.int64], query: Vector, sample: Sample) -> Scores:
    """Each cosine as standard deviations above the mean of its own type's sample."""
    if not len(cosines):
        return cosines
    scores = {
        code: (np.asarray(vectors, dtype=np.float32) @ query).astype(np.float64)
        for code, vectors in sample.vectors.items()
    }
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
