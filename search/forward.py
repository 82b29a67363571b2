"""The forward index: what each row says, so that any rows can be scored by BM25 at once.

An inverted index answers which rows are best; asked for the scores of given rows, it walks through
every row that has one of the terms: 70 ms among 300,000 texts. The terms of a thousand rows are
read from here in one.
"""

import json
import re
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from search import analyze
from search.errors import IndexMismatch
from search.index import FIELDS, Rows, Scores
from search.segments import Segments, mapped, ranges

K1 = 1.2
B = 0.75
"""The constants of BM25, as in tantivy and Lucene."""
_BREAK = 0
_WORDS = 0x3000
"""Characters are their own tokens; words and rare characters share those below this, by hash: one
pair in twelve thousand is taken for the same."""
_EXACT = 24
_Amount = TypeVar("_Amount", int, NDArray[np.int64])
_NAME = re.compile(r"forward-(\d{5})\.tokens")


class ForwardWriter:
    """Appends rows to one segment: tokens (little-endian uint16) of its fields one after another,
    a break after each run, and where each field ends (int64). Raises OSError."""

    def __init__(self, folder: Path) -> None:
        known = [int(match[1]) for path in folder.iterdir() if (match := _NAME.match(path.name))]
        self._stem = folder / f"forward-{max(known, default=-1) + 1:05d}"
        self._tokens, self._ends = array("H"), array("q")
        self._written = 0
        self._terms = dict.fromkeys(FIELDS, 0)

    def add(self, texts: Mapping[str, str]) -> None:
        for field in FIELDS:
            before = len(self._tokens)
            runs = 0
            for piece in analyze.pieces(texts[field]):
                self._tokens.extend(_tokens(piece))
                self._tokens.append(_BREAK)
                runs += 1
            added = len(self._tokens) - before
            self._terms[field] += _terms(added - runs, runs)
            self._ends.append(self._written + len(self._tokens))
        if len(self._tokens) > 1 << 20:
            self._flush()

    def finish(self) -> None:
        if self._written or self._ends:
            self._flush()
            told = json.dumps(self._terms)
            self._stem.with_suffix(".json").write_text(told, encoding="utf-8")

    def _flush(self) -> None:
        for numbers, suffix in ((self._tokens, ".tokens"), (self._ends, ".ends")):
            with self._stem.with_suffix(suffix).open("ab") as stream:
                numbers.tofile(stream)
        self._written += len(self._tokens)
        del self._tokens[:], self._ends[:]


class ForwardIndex:
    """One opened version, read-only. Raises IndexMismatch where a file is damaged."""

    def __init__(self, folder: Path) -> None:
        try:
            stems = sorted(p.with_suffix("") for p in folder.iterdir() if _NAME.match(p.name))
            self._tokens = [mapped(stem.with_suffix(".tokens"), "<u2") for stem in stems]
            self._ends = [
                mapped(stem.with_suffix(".ends"), "<i8").reshape(-1, len(FIELDS)) for stem in stems
            ]
            told = [json.loads(stem.with_suffix(".json").read_text("utf-8")) for stem in stems]
            terms = {field: sum(int(one[field]) for one in told) for field in FIELDS}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexMismatch(f"文字索引 {folder} 不完整（{error}），将重建") from error
        if any(e[-1, -1] != len(t) for e, t in zip(self._ends, self._tokens, strict=True)):
            raise IndexMismatch(f"文字索引 {folder} 的各部分对不上，将重建")
        self._segments = Segments([len(ends) for ends in self._ends])
        self._mean = {field: terms[field] / max(1, len(self)) for field in FIELDS}

    def __len__(self) -> int:
        return int(self._segments.firsts[-1])

    def scores(self, field: str, weights: Mapping[str, float], rows: Rows) -> Scores:
        """BM25 of each of these rows in a field; `weights` are those of the terms asked for, their
        rarity in them."""
        if not len(rows) or not weights:
            return np.zeros(len(rows))
        tokens, owners = self._read(FIELDS.index(field), rows)
        asked = _Asked(list(weights))
        counts = asked.count(tokens, owners, len(rows))
        breaks = np.bincount(owners[tokens == _BREAK], minlength=len(rows))
        spoken = np.bincount(owners, minlength=len(rows)) - breaks
        length = _kept(_terms(spoken, breaks) + 1)
        mean = self._mean[field] + 1
        norm = K1 * (1 - B + B * length / mean)
        shares = counts / (counts + norm[:, None])
        return np.asarray(shares @ np.array(list(weights.values()))) * (K1 + 1)

    def _read(self, field: int, rows: Rows) -> tuple[NDArray[np.uint16], NDArray[np.int64]]:
        """The tokens of a field of these rows, and the position of the row that each is from."""
        tokens, owners = [np.zeros(0, np.uint16)], [np.zeros(0, np.int64)]
        for number, where, local in self._segments.parts(rows):
            ends = self._ends[number].reshape(-1)
            last = local * len(FIELDS) + field
            starts = np.where(last > 0, ends[last - 1], 0)
            lengths = ends[last] - starts
            tokens.append(self._tokens[number][ranges(starts, lengths)])
            owners.append(np.repeat(where, lengths))
        return np.concatenate(tokens), np.concatenate(owners)


class _Asked:
    """Terms to be counted among tokens: single ones, and pairs of neighbours."""

    def __init__(self, terms: Sequence[str]) -> None:
        self._amount = len(terms)
        singles: dict[int, int] = {}
        columns: list[tuple[int, ...]] = []
        for term in terms:
            # A pair of Han characters is two tokens side by side, every other term is one.
            found = _tokens(term)
            columns.append(tuple(singles.setdefault(token, len(singles) + 1) for token in found))
        self._size = len(singles) + 1
        self._number = np.zeros(1 << 16, dtype=np.int32)
        self._number[list(singles)] = list(singles.values())
        self._single = np.full(self._size, -1)
        self._pair = np.full(self._size * self._size, -1)
        for column, numbers in enumerate(columns):
            if len(numbers) == 1:
                self._single[numbers[0]] = column
            else:
                self._pair[numbers[0] * self._size + numbers[1]] = column

    def count(
        self, tokens: NDArray[np.uint16], owners: NDArray[np.int64], rows: int
    ) -> NDArray[np.float64]:
        """How often each row has each term, shape (rows, terms)."""
        numbers = self._number[tokens]
        at = np.flatnonzero(numbers)
        # A break ends each field, so that no pair reaches from one row into the next.
        before = at[:-1][np.diff(at) == 1]
        pairs = self._pair[numbers[before] * self._size + numbers[before + 1]]
        columns = np.concatenate([self._single[numbers[at]], pairs])
        owned = np.concatenate([owners[at], owners[before]])
        known = columns >= 0
        flat = owned[known] * self._amount + columns[known]
        counted = np.bincount(flat, minlength=rows * self._amount)
        return counted.reshape(rows, self._amount).astype(np.float64)


def _tokens(piece: str) -> list[int]:
    """The tokens of a word, or of a run of Han characters."""
    if not analyze.is_han(piece):
        return [_hashed(piece)]
    return [code if _WORDS <= (code := ord(char)) < 1 << 16 else _hashed(char) for char in piece]


def _hashed(word: str) -> int:
    return crc32(word.encode()) % (_WORDS - 1) + 1


def _terms(spoken: _Amount, runs: _Amount) -> _Amount:
    """How many terms: of a run of n characters n single ones and n - 1 pairs; a word itself."""
    return spoken + spoken - runs


def _kept(length: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lengths as tantivy and Lucene keep them, in one byte: from 40 on with four bits."""
    over = np.maximum(length - _EXACT, 0)
    _, bits = np.frexp(over.astype(np.float64))
    step = 2.0 ** np.maximum(bits - 4, 0)
    return np.where(length < _EXACT, length, _EXACT + np.floor(over / step) * step)
