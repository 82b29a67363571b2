"""The rows that a search may find, with what both legs ask of them."""

import numpy as np

from search.index import Mask, Rows


class Allowed:
    """Some rows of an index, and how many they are: counted once, however
    many questions ask for the same. `mask` has one entry for each row of the index."""

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

    def of(self, rows: Rows) -> Rows:
        """Those of these rows that are among them, in the order given."""
        kept: Rows = rows[self.mask[rows]]
        return kept

    def __and__(self, other: Mask) -> "Allowed":
        return Allowed(self.mask & other)
