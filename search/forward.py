"""The forward index: what each row says, so that any rows can be scored by BM25 at once.

An inverted index answers which rows are best; asked for the scores of given rows, it walks through
every row that has one of the terms: 70 ms among 300,000 texts. The terms of a thousand rows are
read from here in one.
"""

import re
from array import array
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from search import analyze
from search.errors import IndexMismatch
from search.index import FIELDS, Rows, Scores
from search.segments import Segments, mapped, ranges

TermWeights: TypeAlias = Mapping[str, Mapping[str, float]]
"""For each of FIELDS the terms of a question, the same in each, and what each weighs there."""
K1 = 1.2
B = 0.75
"""The constants of BM25, as in tantivy and Lucene."""
_BREAK = 0
_WORDS = 0x3000
"""Characters are their own tokens; words and rare characters share those below this, by hash: one
pair in twelve thousand is taken for the same."""
_EXACT = 24
_FILES = (".tokens", ".ends", ".terms")
_NAME = re.compile(r"forward-(\d{5})\.ends")


class ForwardWriter:
    """Appends rows to one segment: tokens (little-endian uint16) of its fields one after another,
    a break after each run, where each field ends (int64) and how many terms it has (int32). Raises
    OSError."""

    def __init__(self, folder: Path) -> None:
        known = [int(match[1]) for path in folder.iterdir() if (match := _NAME.match(path.name))]
        self._stem = folder / f"forward-{max(known, default=-1) + 1:05d}"
        self._tokens, self._ends, self._terms = array("H"), array("q"), array("i")
        self._written = 0

    def add(self, texts: Mapping[str, str]) -> None:
        for field in FIELDS:
            # A mark that every field has, as in `analyze.field_terms`.
            terms = 1
            for line in texts[field].split("\n"):
                tokens, own = _line_tokens(line)
                self._tokens.extend(tokens)
                terms += own
            self._ends.append(self._written + len(self._tokens))
            self._terms.append(terms)
        if len(self._tokens) > 1 << 20:
            self._flush()

    def finish(self) -> None:
        if self._ends:
            self._flush()

    def _flush(self) -> None:
        parts = (self._tokens, self._ends, self._terms)
        for numbers, suffix in zip(parts, _FILES, strict=True):
            with self._stem.with_suffix(suffix).open("ab") as stream:
                numbers.tofile(stream)
        self._written += len(self._tokens)
        for numbers in parts:
            del numbers[:]


class ForwardIndex:
    """One opened version, read-only. Raises IndexMismatch where a file is damaged."""

    def __init__(self, folder: Path) -> None:
        shape = (-1, len(FIELDS))
        try:
            stems = sorted(p.with_suffix("") for p in folder.iterdir() if _NAME.match(p.name))
            self._tokens = [mapped(stem.with_suffix(".tokens"), "<u2") for stem in stems]
            self._ends = [mapped(s.with_suffix(".ends"), "<i8").reshape(shape) for s in stems]
            self._terms = [mapped(s.with_suffix(".terms"), "<i4").reshape(shape) for s in stems]
        except (OSError, ValueError) as error:
            raise IndexMismatch(f"文字索引 {folder} 不完整（{error}），将重建") from error
        for tokens, ends, terms in zip(self._tokens, self._ends, self._terms, strict=True):
            if len(ends) != len(terms) or not len(ends) or ends[-1, -1] != len(tokens):
                raise IndexMismatch(f"文字索引 {folder} 的各部分对不上，将重建")
        self._segments = Segments([len(ends) for ends in self._ends])
        told = [terms.sum(axis=0, dtype=np.int64) for terms in self._terms]
        self._mean = np.sum(told, axis=0) / max(1, len(self)) if told else np.ones(len(FIELDS))
        longest = max((int(terms.max()) for terms in self._terms), default=0)
        self._kept = _kept(np.arange(longest + 1))

    def __len__(self) -> int:
        return int(self._segments.firsts[-1])

    def scores(self, asked: Sequence[TermWeights], rows: Rows) -> list[dict[str, Scores]]:
        """For each question BM25 of each of these rows in each of FIELDS."""
        terms = list(dict.fromkeys(term for one in asked for term in one[FIELDS[0]]))
        if not len(rows) or not terms:
            return [{field: np.zeros(len(rows)) for field in FIELDS} for _ in asked]
        tokens, ends, owners, lengths = self._read(rows)
        # Every field of every row counts for itself.
        owner, term, count = _Asked(terms).counted(tokens, ends, owners)
        field = owner % len(FIELDS)
        length = self._kept[lengths.ravel()[owner]]
        shares = (K1 + 1) * count / (count + K1 * (1 - B + B * length / self._mean[field]))
        found = []
        for one in asked:
            weights = np.array([[one[name].get(t, 0.0) for t in terms] for name in FIELDS])
            sums = np.bincount(owner, shares * weights[field, term], lengths.size)
            found.append(dict(zip(FIELDS, sums.reshape(lengths.shape).T, strict=True)))
        return found

    def _read(
        self, rows: Rows
    ) -> tuple[NDArray[np.uint16], NDArray[np.int64], NDArray[np.int64], NDArray[np.int32]]:
        """The tokens of these rows, field after field; where each field ends among them, and its
        number where all fields of all rows are counted; and how many terms each field has, shape
        (len(rows), fields)."""
        tokens = [np.zeros(0, np.uint16)]
        lengths, owners = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
        terms = np.zeros((len(rows), len(FIELDS)), dtype=np.int32)
        for number, where, local in self._segments.parts(rows):
            ends = self._ends[number].take(local, axis=0)
            starts = np.where(local > 0, self._ends[number][local - 1, -1], 0)
            tokens.append(self._tokens[number].take(ranges(starts, ends[:, -1] - starts)))
            lengths.append(np.diff(ends, axis=1, prepend=starts[:, None]).ravel())
            owners.append((where[:, None] * len(FIELDS) + np.arange(len(FIELDS))).ravel())
            terms[where] = self._terms[number].take(local, axis=0)
        ends = np.cumsum(np.concatenate(lengths))
        return np.concatenate(tokens), ends, np.concatenate(owners), terms


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
        # A question has few tokens: small numbers are looked up several times as fast.
        self._number = np.zeros(1 << 16, dtype=np.uint8 if self._size < 1 << 8 else np.int32)
        self._number[list(singles)] = list(singles.values())
        self._single = np.full(self._size, -1)
        self._pair = np.full(self._size * self._size, -1)
        for column, numbers in enumerate(columns):
            if len(numbers) == 1:
                self._single[numbers[0]] = column
            else:
                self._pair[numbers[0] * self._size + numbers[1]] = column

    def counted(
        self, tokens: NDArray[np.uint16], ends: NDArray[np.int64], owners: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Which owner has which term (its place among the terms), and how often. `ends` tells where
        the tokens of each owner end."""
        numbers = self._number.take(tokens)
        at = np.flatnonzero(numbers != 0)
        found = numbers[at].astype(np.int64)
        owned = np.repeat(owners, np.diff(np.searchsorted(at, ends), prepend=0))
        # A break ends each field, so that no pair reaches from one row into the next.
        beside = np.flatnonzero(np.diff(at) == 1)
        pairs = self._pair[found[beside] * self._size + found[beside + 1]]
        columns = np.concatenate([self._single[found], pairs])
        owned = np.concatenate([owned, owned[beside]])
        known = columns >= 0
        pairs = np.sort(owned[known] * self._amount + columns[known])
        first = np.flatnonzero(np.diff(pairs, prepend=-1))
        owner, term = np.divmod(pairs[first], self._amount)
        return owner, term, np.diff(first, append=len(pairs))


def _tokens(piece: str) -> list[int]:
    """The tokens of a word, or of a run of Han characters."""
    if not analyze.is_han(piece):
        return [_hashed(piece)]
    return [code if _WORDS <= (code := ord(char)) < 1 << 16 else _hashed(char) for char in piece]


@lru_cache(analyze.KEPT_LINES)
def _line_tokens(line: str) -> tuple["array[int]", int]:
    """The tokens of a line, a break after each run, and how many terms they are."""
    found, terms = array("H"), 0
    for piece in analyze.pieces(line):
        tokens = _tokens(piece)
        found.extend(tokens)
        found.append(_BREAK)
        # Of a run of n characters n single ones and n - 1 pairs; a word itself.
        terms += 2 * len(tokens) - 1
    return found, terms


def _hashed(word: str) -> int:
    return crc32(word.encode()) % (_WORDS - 1) + 1


def _kept(length: NDArray[np.int64]) -> NDArray[np.float64]:
    """Lengths as tantivy and Lucene keep them, in one byte: from 40 on with four bits."""
    over = np.maximum(length - _EXACT, 0)
    _, bits = np.frexp(over.astype(np.float64))
    step = 2.0 ** np.maximum(bits - 4, 0)
    return np.where(length < _EXACT, length, _EXACT + np.floor(over / step) * step)
