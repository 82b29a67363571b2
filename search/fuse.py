"""Two legs on one scale: how far above the ordinary a cosine is.

Raw cosines of one question lie close together, and how close depends on the question. Measured
against a fixed sample of the index, and not against the hits, a row scores the same whatever the
filters are. Rank fusion was measured and rejected: it wastes the better leg.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index import Scores, Vector
from search.inner import inner

SAMPLE = 1024
_PRIOR = 32
"""A type with few rows borrows this many sample rows' worth of the whole index's spread."""


@dataclass(frozen=True, slots=True)
class _Spread:
    """What a sample of vectors says of any question: how many there are, their mean and how they
    vary together."""

    count: int
    mean: NDArray[np.float64]
    together: NDArray[np.float64]

    @classmethod
    def of(cls, vectors: NDArray[Any]) -> "_Spread":
        mean = vectors.mean(axis=0, dtype=np.float64)
        apart = vectors.astype(np.float32) - mean.astype(np.float32)
        return cls(len(vectors), mean, (apart.T @ apart / len(vectors)).astype(np.float64))

    @classmethod
    def pooled(cls, parts: Sequence["_Spread"]) -> "_Spread":
        count = sum(part.count for part in parts)
        mean = np.sum([part.count / count * part.mean for part in parts], axis=0)
        apart = [part.mean - mean for part in parts]
        together = np.sum(
            [
                part.count / count * (part.together + np.outer(far, far))
                for part, far in zip(parts, apart, strict=True)
            ],
            axis=0,
        )
        return cls(count, mean, together)

    def cosines(self, query: Vector) -> tuple[float, float]:
        """Mean and variance of the sample's cosines with a question."""
        asked = query.astype(np.float64)
        spread = float(asked @ inner(self.together, asked))
        return float(self.mean @ asked), max(spread, 0.0)


class Sample:
    """Vectors of each type, by its number, to compare a question with: shape (n, dimension).

    They are those of the `SAMPLE` rows with the smallest hashes of their ids, so that the same
    graph has the same sample wherever and in whatever order its index was made.
    """

    def __init__(self, vectors: Mapping[int, NDArray[Any]]) -> None:
        self.types = {code: _Spread.of(some) for code, some in vectors.items() if len(some)}
        self.whole = _Spread.pooled([*self.types.values()]) if self.types else None


def standardise(cosines: Scores, types: NDArray[np.int64], query: Vector, sample: Sample) -> Scores:
    """Each cosine as standard deviations above the mean of its own type's sample."""
    result = np.zeros(len(cosines))
    if not len(cosines) or sample.whole is None:
        return result
    mean, variance = sample.whole.cosines(query)
    for code in np.unique(types).tolist():
        own = sample.types[code]
        own_mean, own_variance = own.cosines(query)
        share = own.count / (own.count + _PRIOR)
        centre = share * own_mean + (1 - share) * mean
        spread = share * own_variance + (1 - share) * variance
        of_type = types == code
        result[of_type] = (cosines[of_type] - centre) / max(spread**0.5, 1e-3)
    return result
