"""How well scores agree with grades: Spearman and AUC in numpy alone."""

import numpy as np
from numpy.typing import NDArray

Column = NDArray[np.float64]


def ranks(values: Column) -> Column:
    """Ranks from 1; equal values share the mean of theirs.

    >>> ranks(np.array([0.3, 0.1, 0.3])).tolist()
    [2.5, 1.0, 2.5]
    """
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    shared: Column = (last - (counts - 1) / 2)[place]
    return shared


def spearman(first: Column, second: Column) -> float:
    """From -1 to 1; nan where all values of one side are equal.

    >>> spearman(np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.5, 0.4]))
    0.5
    """
    one, other = (ranks(side) - (len(side) + 1) / 2 for side in (first, second))
    spread = float(np.sqrt((one @ one) * (other @ other)))
    return float(one @ other) / spread if spread else float("nan")


def auc(scores: Column, positive: NDArray[np.bool_]) -> float:
    """The share of (positive, negative) whose positive scores higher, a tie being half; nan where
    one side is empty.

    >>> auc(np.array([0.9, 0.5, 0.5, 0.1]), np.array([True, True, False, False]))
    0.875
    """
    above, below = scores[positive], np.sort(scores[~positive])
    if not len(above) or not len(below):
        return float("nan")
    won = np.searchsorted(below, above, "left") + np.searchsorted(below, above, "right")
    return float(won.mean() / (2 * len(below)))
