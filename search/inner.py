"""Inner products of many vectors with one."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def inner(rows: NDArray[Any], asked: NDArray[Any]) -> NDArray[Any]:
    """Of each row, shape (n, dimension), with one vector, shape (dimension,), by this thread alone:
    BLAS shares even that little out, and its other threads wait for more of it at a whole core
    each. The same for a row whatever else is asked with it.

    >>> inner(np.array([[1, 2], [3, 4]]), np.array([10, 1])).tolist()
    [12, 34]
    """
    return np.asarray(np.vecdot(rows, asked))
