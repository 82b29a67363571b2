"""Many short strings in one block of bytes, read through the page cache."""

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.segments import loaded, ranges

_END = 0
"""A character that no string holds, or hardly any."""


class Strings:
    """Many short strings in one block of UTF-8 bytes."""

    def __init__(self, blob: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self._blob = blob
        self._ends = ends

    def __len__(self) -> int:
        return len(self._ends)

    def __getitem__(self, index: int) -> str:
        start = int(self._ends[index - 1]) if index else 0
        return self._blob[start : int(self._ends[index])].tobytes().decode()

    def many(self, indexes: NDArray[np.integer[Any]]) -> list[str]:
        """Several at once."""
        starts = np.where(indexes > 0, self._ends[indexes - 1], 0)
        lengths = self._ends[indexes] - starts + 1
        # With the byte after each, in whose place the string ends; there is none after the last.
        text = self._blob.take(ranges(starts, lengths), mode="clip")
        text[np.cumsum(lengths) - 1] = _END
        found = text.tobytes().decode().split(chr(_END))[:-1]
        return found if len(found) == len(indexes) else [self[i] for i in indexes.tolist()]

    def and_then(self, more: "Strings") -> "Strings":
        """These, then the others."""
        last = self._ends[-1:].sum()
        return Strings(
            np.concatenate([self._blob, more._blob]),
            np.concatenate([self._ends, more._ends + last]),
        )

    def save(self, folder: Path, name: str) -> None:
        np.save(folder / f"{name}.npy", self._blob)
        np.save(folder / f"{name}_ends.npy", self._ends)

    @classmethod
    def open(cls, folder: Path, name: str) -> "Strings":
        return cls(loaded(folder / f"{name}.npy"), loaded(folder / f"{name}_ends.npy"))


class StringsBuilder:
    def __init__(self) -> None:
        self._blob = bytearray()
        self._ends = array("q")

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, text: str) -> int:
        """Its index among those added."""
        self._blob += text.encode()
        self._ends.append(len(self._blob))
        return len(self._ends) - 1

    def build(self) -> Strings:
        return Strings(
            np.frombuffer(bytes(self._blob), np.uint8), np.frombuffer(self._ends, np.int64)
        )
