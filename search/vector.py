"""The vector leg: exact inner products over fp16 vectors by FAISS, filtered inside the scan."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from search.errors import IndexMismatch
from search.index import Mask, Rows

_PATTERN = "vectors-*.f16"


class VectorWriter:
    """Appends rows to one segment file: little-endian fp16, shape (n, dimension)."""

    def __init__(self, folder: Path, number: int) -> None:
        self._path = folder / f"vectors-{number:05d}.f16"

    def append(self, vectors: NDArray[np.float32]) -> None:
        with self._path.open("ab") as stream:
            stream.write(vectors.astype("<f2").tobytes())


def segments(folder: Path) -> list[Path]:
    return sorted(folder.glob(_PATTERN))


class VectorIndex:
    """Vectors of one opened version by row number; safe to share between threads.

    A row without a vector holds zeros. fp16 changes an inner product of unit vectors by less than
    0.001, and halves memory.
    """

    def __init__(self, folder: Path, dimension: int, rows: int) -> None:
        parts = [np.fromfile(path, dtype="<f2") for path in segments(folder)]
        count = sum(len(part) for part in parts)
        if count != rows * dimension:
            raise IndexMismatch(f"向量索引 {folder} 有 {count} 个数，与 {rows} 行不符，将重建")
        self.dimension = dimension
        self._vectors = np.concatenate([np.zeros(0, "<f2"), *parts]).reshape(rows, dimension)
        self._index = faiss.IndexScalarQuantizer(
            dimension, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        if rows:
            # The codes of this quantiser are the fp16 values themselves: nothing to convert.
            self._index.add_sa_codes(self._vectors.view(np.uint8).reshape(rows, dimension * 2))

    def __len__(self) -> int:
        return len(self._vectors)

    def search(
        self, query: NDArray[np.float32], allowed: Mask, limit: int
    ) -> tuple[Rows, NDArray[np.float64]]:
        """The `limit` nearest of the allowed rows and their cosines, nearest first."""
        count = min(limit, int(np.count_nonzero(allowed)))
        if count == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        bits = np.packbits(allowed, bitorder="little")
        # The type stubs show the C++ constructors, not the Python ones that FAISS puts over them.
        chosen = cast(Any, faiss.IDSelectorBitmap)(bits)
        cosines, rows = self._index.search(
            np.ascontiguousarray(query[None, :]),
            count,
            params=cast(Any, faiss.SearchParameters)(sel=chosen),
        )
        found = rows[0] >= 0
        return rows[0][found].astype(np.int64), cosines[0][found].astype(np.float64)

    def scores(self, query: NDArray[np.float32], rows: Rows | Sequence[int]) -> NDArray[np.float64]:
        """Cosine of each of these rows."""
        return np.asarray(self._vectors[rows].astype(np.float32) @ query, dtype=np.float64)

    def vectors(self, rows: Rows) -> NDArray[Any]:
        """The stored vectors of these rows, fp16, shape (len(rows), dimension)."""
        return self._vectors[rows]
