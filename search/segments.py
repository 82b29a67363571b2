"""Files of an index version that are appended to, segment by segment, and never rewritten."""

import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.index import Rows

_FEW = 8
"""So many segments are looked through one by one sooner than the rows are sorted."""


class Segments:
    """Which segment each row number is in, where they stand one after another."""

    def __init__(self, lengths: Sequence[int]) -> None:
        self.firsts = np.cumsum([0, *lengths], dtype=np.int64)
        """The first row of each, and the number of all rows."""

    def parts(self, rows: Rows) -> Iterator[tuple[int, NDArray[np.int64], Rows]]:
        """Segment, positions among `rows`, and their numbers within the segment. Raises IndexError
        for a row that there is not."""
        if not len(rows):
            return
        least, most = rows.min(), rows.max()
        if not 0 <= least <= most < self.firsts[-1]:
            raise IndexError(f"rows {least} to {most} of {self.firsts[-1]}")
        first, last = np.searchsorted(self.firsts, (least, most), side="right").tolist()
        numbers: Sequence[int] = range(first - 1, last)
        if len(numbers) > _FEW:
            numbers = np.unique(np.searchsorted(self.firsts, rows, side="right") - 1).tolist()
        for number in numbers:
            begin, end = self.firsts[number : number + 2]
            where = np.flatnonzero((rows >= begin) & (rows < end))
            if len(where):
                yield number, where, rows[where] - begin


def ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """The numbers of all ranges one after another.

    >>> ranges(np.array([5, 9]), np.array([2, 1])).tolist()
    [5, 6, 9]
    """
    begins = np.cumsum(lengths) - lengths
    inside: NDArray[np.int64] = np.repeat(np.asarray(starts - begins, dtype=np.int64), lengths)
    inside += np.arange(len(inside))
    return inside


def mapped(path: Path, kind: str) -> NDArray[Any]:
    """The numbers of a file, flat, read-only through the page cache. Raises OSError or ValueError
    for a file that is missing or does not hold whole numbers."""
    if path.stat().st_size == 0:
        return np.zeros(0, kind)
    return np.asarray(np.memmap(path, kind, mode="r"))


def loaded(path: Path) -> NDArray[Any]:
    """A column that numpy saved, likewise."""
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))


def share(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system knows none."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
