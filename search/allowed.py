"""The rows that a search may find, with what both legs ask of them."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from search.index import Mask, Rows


class Allowed:
    """Some rows of an index, and how many they are: counted and packed once, however many
    questions ask for the same. `mask` has one entry for each row of the index."""

    def __init__(self, mask: Mask) -> None:
        self.mask = mask
        self._counts: dict[tuple[int, int], int] = {}

    def __len__(self) -> int:
        return len(self.mask)

    @property
    def count(self) -> int:
        return self.between(0, len(self))

    def between(self, first: int, last: int) -> int:
        """How many rows from `first` to before `last` are among them."""
        if (first, last) not in self._counts:
            self._counts[first, last] = int(np.count_nonzero(self.mask[first:last]))
        return self._counts[first, last]

    @cached_property
    def bits(self) -> NDArray[np.uint8]:
        """One bit for each row, the lowest of a byte first."""
        return np.packbits(self.mask, bitorder="little")

    def of(self, rows: Rows) -> Rows:
        """Those of these rows that are among them, in the order given."""
        kept: Rows = rows[self.mask[rows]]
        return kept

    def __and__(self, other: Mask) -> "Allowed":
        return Allowed(self.mask & other)
