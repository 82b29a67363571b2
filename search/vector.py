"""The vector leg: inner products over eight-bit vectors by FAISS, filtered inside the scan.

Rows of one type stand in segments of their own, so that a search for one type reads no others. A
small segment is read whole. A large one is parted into cells when it is written, and a search reads
those nearest to the question: the more of them, the fewer of their rows the filters let through,
and all of them where it takes that. So a filter may cost time, but never a match.
"""

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, cast

import faiss
import numpy as np
from numpy.typing import NDArray

from search import cells, quantiser
from search.allowed import Allowed
from search.cells import Cells
from search.errors import IndexMismatch
from search.index import Rows, Scores, Vector, Vectors
from search.segments import Segments, mapped

CELL_ROWS = 50_000
"""A segment from so many rows on has cells; as many are read whole in half a millisecond."""
READ_CELLS = 48
"""So many cells are read, more where filters let but some of their rows through: where these are a
fourth, twice as many. They hold 0.999 of the ten nearest of 200,000 texts, or of some by chance."""
FEW_ROWS, FEW_SHARE = 20_000, 1 / 8
"""Up to so many allowed rows of a segment, and no more of it, are looked up one by one."""
_CODES, _NINTH, _CELLS = ".codes", ".ninth", (".order", ".places", ".centres", ".ends")
_CHUNK = 1 << 16
_PATIENCE = 16
"""Cells that are read between two looks at whether enough was found."""


class VectorWriter:
    """Appends rows to a segment, or to several one after another: codes (n, dimension) and ninth
    bits of `quantiser.encode`. `number` is that of the first segment.

    With cells, they stand in the order of the cells: `.order` tells the row at each position, and
    `.places` the position of each row (both int32). Raises OSError.
    """

    def __init__(self, folder: Path, number: int) -> None:
        self._folder = folder
        self._number = number
        self._dimension = 0

    @property
    def _stem(self) -> Path:
        return self._folder / f"vectors-{self._number:05d}"

    def append(self, vectors: Vectors) -> None:
        self._dimension = vectors.shape[1]
        for numbers, suffix in zip(quantiser.encode(vectors), (_CODES, _NINTH), strict=True):
            with self._stem.with_suffix(suffix).open("ab") as stream:
                stream.write(numbers.tobytes())

    def finish(self) -> None:
        """Part the segment into cells, where it is large."""
        path = self._stem.with_suffix(_CODES)
        rows = path.stat().st_size // self._dimension if self._dimension else 0
        self._dimension = 0
        if rows >= CELL_ROWS:
            self._part(path, rows)

    def next(self) -> None:
        """Finish this segment, if anything was written, and begin another."""
        if self._dimension:
            self.finish()
            self._number += 1

    def _part(self, path: Path, rows: int) -> None:
        codes = mapped(path, "u1").reshape(rows, -1)
        ninth = mapped(self._stem.with_suffix(_NINTH), "u1").reshape(rows, -1)
        chosen = np.linspace(0, rows - 1, min(rows, cells.sample_size(rows)), dtype=np.int64)
        sample = quantiser.decode_rotated(codes[chosen], ninth[chosen])
        centres = cells.learned(sample, rows)
        owners = np.concatenate(
            [
                cells.assigned(quantiser.decode_rotated(codes[part], ninth[part]), centres)
                for part in _slices(rows)
            ]
        )
        order = np.argsort(owners, kind="stable").astype("<i4")
        places = np.empty_like(order)
        places[order] = np.arange(rows, dtype="<i4")
        ends = np.cumsum(np.bincount(owners, minlength=len(centres)), dtype="<i8")
        for suffix, numbers in zip(_CELLS, (order, places, centres, ends), strict=True):
            numbers.tofile(self._stem.with_suffix(suffix))
        for suffix, numbers in ((_CODES, codes), (_NINTH, ninth)):
            self._reorder(suffix, numbers, order)

    def _reorder(self, suffix: str, numbers: NDArray[np.uint8], order: NDArray[np.int32]) -> None:
        aside = self._stem.with_suffix(".new")
        with aside.open("wb") as stream:
            for part in _slices(len(order)):
                stream.write(numbers[order[part]].tobytes())
        aside.replace(self._stem.with_suffix(suffix))


def segments(folder: Path) -> list[Path]:
    """The first file of every segment, in order."""
    return sorted(folder.glob(f"vectors-*{_CODES}"))


def files(folder: Path) -> list[Path]:
    """Every file of every segment."""
    return sorted(folder.glob("vectors-*"))


class VectorIndex:
    """Vectors of one opened version by row number, mapped into memory; safe to share between
    threads. A row without a vector holds zeros."""

    def __init__(self, folder: Path, dimension: int, rows: int) -> None:
        self.parts: list[_Part] = []
        try:
            for path in segments(folder):
                self.parts.append(_Part(path, dimension, sum(map(len, self.parts))))
        except (OSError, ValueError) as error:
            raise IndexMismatch(f"向量索引 {folder} 不完整（{error}），将重建") from error
        self._segments = Segments([len(part) for part in self.parts])
        if len(self) != rows:
            raise IndexMismatch(f"向量索引 {folder} 有 {len(self)} 行，应为 {rows} 行，将重建")
        self.dimension = dimension

    def __len__(self) -> int:
        return int(self._segments.firsts[-1])

    def search(self, query: Vector, allowed: Allowed, limit: int) -> tuple[Rows, Scores]:
        """The `limit` nearest of the allowed rows and their cosines, nearest first: all that are
        nearest where every row is read, nearly all where cells are left out."""
        count = allowed.count
        # Eight bits find, nine put in order: a few more are found than are asked for.
        depth = min(count, limit + limit // 8 + 16)
        if depth == 0:
            return np.zeros(0, np.int64), np.zeros(0)
        asked = quantiser.rotated(query)
        scan = Scan(asked, depth, allowed)
        for part in self.parts:
            part.read(scan, asked, allowed)
        rows = scan.rows()
        cosines = self.scores(query, rows)
        best = np.lexsort((rows, -cosines))[:limit]
        return rows[best], cosines[best]

    def scores(self, query: Vector, rows: Rows | Sequence[int]) -> Scores:
        """Cosine of each of these rows."""
        chosen = np.asarray(rows, dtype=np.int64)
        asked = quantiser.rotated(query)
        found = np.zeros(len(chosen))
        for number, where, local in self._segments.parts(chosen):
            found[where] = quantiser.products(*self.parts[number].bits(local), asked)
        return found

    def vectors(self, rows: Rows) -> Vectors:
        """The stored vectors of these rows, shape (len(rows), dimension)."""
        found = np.zeros((len(rows), self.dimension), dtype=np.float32)
        for number, where, local in self._segments.parts(rows):
            found[where] = quantiser.decode(*self.parts[number].bits(local))
        return found


class _Part:
    """One segment, whose first row is `first` of the index."""

    def __init__(self, path: Path, dimension: int, first: int) -> None:
        self._first = first
        self.codes = mapped(path, "u1").reshape(-1, dimension)
        self._ninth = mapped(path.with_suffix(_NINTH), "u1").reshape(len(self), -1)
        if self._ninth.shape[1] != -(-dimension // 8):
            raise ValueError(f"{path.name}: {self._ninth.shape}")
        self.cells: Cells | None = None
        self._places: NDArray[np.int32] | None = None
        if not path.with_suffix(_CELLS[-1]).exists():
            self._rows = np.arange(first, first + len(self))
            return
        order, self._places, centres, ends = (
            mapped(path.with_suffix(suffix), kind)
            for suffix, kind in zip(_CELLS, ("<i4", "<i4", "<f4", "<i8"), strict=True)
        )
        self.cells = Cells(centres.reshape(len(ends), dimension), ends)
        # FAISS reads what these say without looking.
        whole = len(order) == len(self._places) == len(self)
        if not whole or not self.cells.covers(len(self)):
            raise ValueError(f"{path.name}: {len(order)}, {len(self._places)}, {len(ends)}")
        self._rows = order.astype(np.int64) + first

    def __len__(self) -> int:
        return len(self.codes)

    def bits(self, local: Rows) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        """Codes and ninth bits of rows of this segment."""
        at = local if self._places is None else self._places[local]
        return self.codes[at], self._ninth[at]

    def read(self, scan: "Scan", asked: Vector, allowed: Allowed) -> None:
        """Compare the allowed rows of this segment with the question: one by one where they are
        few, else all of them; of cells the nearest, the more the fewer rows are allowed, and on
        until the scan has all it wants."""
        end = self._first + len(self)
        count = allowed.between(self._first, end)
        if count == 0:
            return
        some = count < len(self)
        if some and count <= min(FEW_ROWS, len(self) * FEW_SHARE):
            few = np.flatnonzero(allowed.mask[self._first : end])
            scan.read(self.bits(few)[0], few + self._first)
        elif self.cells is None:
            scan.read(self.codes, self._rows, filtered=some)
        else:
            least = int(READ_CELLS * np.sqrt(len(self) / count))
            self._read_cells(self.cells, scan, asked, some, least)

    def _read_cells(
        self, cells: Cells, scan: "Scan", asked: Vector, filtered: bool, least: int
    ) -> None:
        for turn, cell in enumerate(cells.nearest(asked).tolist()):
            if turn >= least and turn % _PATIENCE == 0 and scan.full:
                return
            begin, end = cells.span(cell)
            scan.read(self.codes[begin:end], self._rows[begin:end], filtered)


class Scan:
    """The nearest of all the rows that were read, by FAISS: its kernel over memory of our own.

    A thread has one at a time.
    """

    def __init__(self, asked: Vector, depth: int, allowed: Allowed) -> None:
        # FAISS multiplies whole numbers of eight bits, and would cut the fractions off.
        self._asked = whole(asked)
        self._depth = depth
        self._found = np.full(depth, -1, dtype=np.int64)
        self._products = np.full(depth, -np.inf, dtype=np.float32)
        self._answer = _pointer(self._products), _pointer(self._found)
        self._allowed = allowed
        self._scanners: dict[bool, Any] = {}

    def _scanner(self, filtered: bool) -> Any:
        if filtered not in self._scanners:
            # The type stubs show the C++ signatures, not what the Python module makes of them.
            library = cast(Any, faiss)
            scanner = self._scanners[filtered] = _scanner(len(self._asked), filtered)
            if filtered:
                self._selector = library.IDSelectorBitmap(self._allowed.bits)
                scanner.sel = self._selector
            scanner.set_query(_pointer(self._asked))
            scanner.set_list(0, 0.0)
        return self._scanners[filtered]

    @property
    def full(self) -> bool:
        """Whether as many rows were found as are wanted."""
        return bool(self._found.min() >= 0)

    def read(self, codes: NDArray[np.uint8], rows: Rows, filtered: bool = False) -> None:
        """Compare these rows, codes of shape (len(rows), dimension), or the allowed ones of
        them."""
        if len(rows):
            self._scanner(filtered).scan_codes(
                len(rows), _pointer(codes), _pointer(rows), *self._answer, self._depth
            )

    def rows(self) -> Rows:
        """The nearest, in no order."""
        return self._found[self._found >= 0]


def whole(asked: Vector) -> Vector:
    """A rotated question in whole numbers of eight bits."""
    largest = max(float(np.abs(asked).max()), 1e-6)
    return np.asarray(np.rint(asked * np.float32(127 / largest)), dtype=np.float32)


def _pointer(numbers: NDArray[Any]) -> Any:
    return cast(Any, faiss).swig_ptr(numbers)


_own = threading.local()


def _scanner(size: int, selecting: bool) -> Any:
    """This thread's own, with a selector that is to be set or without any.

    FAISS hands scanners out to be kept: freed from Python, they take their class along.
    """
    known: dict[tuple[int, bool], tuple[Any, ...]] = _own.__dict__.setdefault("scanners", {})
    if (size, selecting) not in known:
        library = cast(Any, faiss)
        codes = library.ScalarQuantizer(size, library.ScalarQuantizer.QT_8bit_direct_signed)
        coarse, selector = library.IndexFlatIP(size), library.IDSelectorAll()
        scanner = codes.select_InvertedListScanner(
            library.METRIC_INNER_PRODUCT, coarse, False, selector if selecting else None, False
        )
        # What the scanner points to lives as long.
        known[size, selecting] = (scanner, codes, coarse, selector)
    return known[size, selecting][0]


def _slices(rows: int) -> Iterator[slice]:
    return (slice(start, min(start + _CHUNK, rows)) for start in range(0, rows, _CHUNK))
