"""Cells of a large segment: vectors grouped around centres, so that a search reads few of them."""

from dataclasses import dataclass
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from search.inner import inner

_PER_CENTRE = 40
"""Vectors that each centre is learned from."""
_ROUNDS = 8
_SEED = 20


@dataclass(frozen=True, slots=True)
class Cells:
    """`centres` has a unit vector for each cell, `ends` where the cell ends among the positions."""

    centres: NDArray[np.float32]
    ends: NDArray[np.int64]

    def nearest(self, query: NDArray[np.float32]) -> NDArray[np.int64]:
        """All cells, the nearest first."""
        return np.argsort(-inner(self.centres, query), kind="stable")

    def covers(self, rows: int) -> bool:
        """Whether the cells stand in order and hold so many rows together."""
        steps = np.diff(self.ends, prepend=0)
        return bool(len(steps) and steps.min() >= 0 and self.ends[-1] == rows)

    def span(self, cell: int) -> tuple[int, int]:
        """The positions of a cell: from, to before."""
        return int(self.ends[cell - 1]) if cell else 0, int(self.ends[cell])


def sample_size(rows: int) -> int:
    return _PER_CENTRE * _amount(rows)


def learned(sample: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
    """Centres for so many rows out of a sample of them; the same sample gives the same."""
    told = cast(Any, faiss).Kmeans(
        sample.shape[1],
        _amount(rows),
        niter=_ROUNDS,
        seed=_SEED,
        spherical=True,
        min_points_per_centroid=1,
        max_points_per_centroid=_PER_CENTRE,
    )
    told.train(np.ascontiguousarray(sample))
    return np.asarray(told.centroids, dtype=np.float32)


def assigned(vectors: NDArray[np.float32], centres: NDArray[np.float32]) -> NDArray[np.int64]:
    """The nearest centre of each vector."""
    found = cast(Any, faiss).knn(
        np.ascontiguousarray(vectors), centres, 1, metric=faiss.METRIC_INNER_PRODUCT
    )
    return np.asarray(found[1][:, 0], dtype=np.int64)


def _amount(rows: int) -> int:
    """About twice the root: 2,048 cells of 500 for a million."""
    return int(2 ** np.round(np.log2(2 * np.sqrt(rows))))
