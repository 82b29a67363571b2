"""Bootstrap intervals: between what bounds a figure would stay, had other questions been drawn."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
SEED = 7
_BOUNDS = (2.5, 97.5)

Interval = tuple[float, float]


def interval(statistic: Callable[[NDArray[np.int64]], float], count: int) -> Interval:
    """The percentile interval of 95 % of `statistic(chosen)`: `count` positions, drawn with
    replacement. The draws are the same for the same count, so that figures of the same questions
    are paired. Draws of which there is no figure (nan) are left out."""
    if not count:
        return (0.0, 0.0)
    draws = np.random.default_rng(SEED).integers(count, size=(RESAMPLES, count))
    low, high = np.nanpercentile([statistic(chosen) for chosen in draws], _BOUNDS)
    return (float(low), float(high))


def mean_interval(values: Sequence[float]) -> Interval:
    """The interval of a mean; of a mean difference, where `values` are differences.

    >>> mean_interval([0.5, 0.5, 0.5])
    (0.5, 0.5)
    """
    column = np.asarray(values, dtype=np.float64)
    return interval(lambda chosen: float(column[chosen].mean()), len(column))
