"""The index's own table: one row for each search document, one member for each filterable fact.

Columns are flat arrays read through the page cache, about 40 bytes and an id for a member, so that
a province of five million indicators needs no memory of its own. A row number names a document in
every part of the index; rows are never changed, a changed document gets a new row.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.allowed import Allowed
from search.errors import IndexMismatch
from search.index import FACETS, Mask, Measuring, Rows, Selection
from search.query import INDEXED_TYPES
from search.segments import loaded, ranges
from search.strings import Strings

Columns: TypeAlias = Mapping[str, NDArray[Any]]

DEAD = 255
SORTED_MEMBERS = 5000
ROW_COLUMNS = {"type": "u1", "key": "u8", "id": "i4", "name": "i4", "hash": "u8"}
ENDS, BY_KEY = "ends", "by_key"
"""Of each row, where its members end in their table; and all rows in the order of their keys."""
_MADE_COLUMNS = (ENDS, BY_KEY)
MEMBER_COLUMNS = {"row": "i4", "id": "i4", "key": "u8", "project": "u8", "year": "i2"}
MEMBER_COLUMNS |= dict.fromkeys(FACETS, "i4")
BY_PROJECT = "by_project"
"""All members in the order of the hashes of their projects, 0 for those of none."""
_VOCABULARY = "vocabulary.json"
_STRINGS = ("strings", "keys")
"""Ids and names; and the name of each row as `analyze.key` folds it."""
YEARS = 10_000
_KEPT = 4
"""Filters whose masks are kept, some bytes for each row and member."""
_FEW_CODES = 4
"""So many codes are compared one by one sooner than looked up."""


def hash_of(text: str) -> int:
    """64 bits of BLAKE2b: names a node or a text in a column of integers."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def hashes_of(texts: Iterable[str]) -> NDArray[np.uint64]:
    return np.fromiter((hash_of(text) for text in texts), dtype=np.uint64)


class Table:
    """Rows and members of one index version, read-only."""

    def __init__(
        self,
        rows: Columns,
        members: Columns,
        vocabulary: Mapping[str, Sequence[str]],
        strings: Strings,
        keys: Strings,
    ) -> None:
        self.rows = rows
        self.members = members
        self.vocabulary = vocabulary
        self.strings = strings
        self.folded = keys
        self._of_types: dict[tuple[str, ...], Allowed] = {}
        self._last: dict[object, _Met] = {}

    @classmethod
    def open(cls, folder: Path) -> "Table":
        """Raises IndexMismatch where a file is missing or damaged."""
        try:
            of_rows, of_members = (*ROW_COLUMNS, *_MADE_COLUMNS), (*MEMBER_COLUMNS, BY_PROJECT)
            rows = {name: loaded(folder / f"row_{name}.npy") for name in of_rows}
            members = {name: loaded(folder / f"member_{name}.npy") for name in of_members}
            vocabulary = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
            strings, keys = (Strings.open(folder, name) for name in _STRINGS)
        except (OSError, EOFError, ValueError) as error:
            raise IndexMismatch(f"检索索引 {folder} 不完整（{error}），将重建") from error
        table = cls(rows, members, vocabulary, strings, keys)
        lengths = {len(keys), *(len(column) for column in rows.values())}
        if len(lengths) != 1 or len({len(column) for column in members.values()}) != 1:
            raise IndexMismatch(f"检索索引 {folder} 的各列长短不一，将重建")
        return table

    def __len__(self) -> int:
        return len(self.rows["type"])

    def id(self, row: int) -> str:
        return self.strings[int(self.rows["id"][row])]

    def names(self, rows: Rows) -> list[tuple[str, str]]:
        """Id and name of each of these rows."""
        ids, names = (self.strings.many(self.rows[part][rows]) for part in ("id", "name"))
        return [*zip(ids, names, strict=True)]

    def keys(self, rows: Rows) -> list[str]:
        """The names of these rows, each as `analyze.key` folds it."""
        return self.folded.many(rows)

    def type(self, row: int) -> str:
        return INDEXED_TYPES[int(self.rows["type"][row])]

    def rows_of(self, nodes: Collection[str]) -> dict[str, int]:
        """The living rows of these node ids (wordings for indicators); unknown ids are absent."""
        # In order, each begins to look near where the one before was found.
        asked = np.sort(hashes_of(nodes))
        found, _ = _equal(self.rows["key"], self.rows[BY_KEY], asked)
        found = found[self.rows["type"][found] != DEAD]
        ids = self.strings.many(self.rows["id"][found])
        living = dict(zip(ids, found.tolist(), strict=True))
        return {node: living[node] for node in nodes if node in living}

    def counts(self) -> dict[str, int]:
        """Living rows of each type."""
        count = np.bincount(self.rows["type"], minlength=DEAD + 1)
        return {name: int(count[code]) for code, name in enumerate(INDEXED_TYPES)}

    def select(self, selection: Selection) -> tuple[Allowed, Mask | None]:
        """Rows that meet the selection through at least one member, and the members that do: None
        where all of them count."""
        rows = self._having_type(selection.types)
        if selection.policies is not None:
            own = np.zeros(len(self), dtype=np.bool_)
            own[list(self.rows_of(selection.policies).values())] = True
            rows = rows & ((self.rows["type"] != INDEXED_TYPES.index("policy")) | own)
        if not selection.filtered:
            return rows, None
        met = self._filtered(selection)
        if selection.policies is not None:
            return rows & met.rows, met.members
        if selection.types not in met.of_types:
            met.of_types[selection.types] = rows & met.rows
        return met.of_types[selection.types], met.members

    def _filtered(self, selection: Selection) -> "_Met":
        """One question asks the same of several types, the next page of it again, and many ask for
        this year: the last few are kept."""
        asked = (
            selection.years,
            selection.nodes,
            frozenset((selection.facets or {}).items()),
            selection.outside,
        )
        known = self._last.pop(asked, None)
        if known is not None:
            # The longest unasked goes first.
            self._last[asked] = known
            return known
        members = self._members_meeting(selection)
        rows = np.zeros(len(self), dtype=np.bool_)
        rows[self.members["row"].take(np.flatnonzero(members))] = True
        for old in [*self._last][: 1 - _KEPT]:
            self._last.pop(old, None)
        met = self._last[asked] = _Met(rows, members, {})
        return met

    def _members_meeting(self, selection: Selection) -> Mask:
        met: list[Mask] = []
        if selection.years is not None:
            years = [year for year in selection.years if 0 <= year < YEARS]
            met.append(_chosen(self.members["year"], years, YEARS))
        if selection.nodes is not None:
            met.append(_among(self.members["key"], hashes_of(selection.nodes)))
        met += [self._meeting(field, wanted) for field, wanted in (selection.facets or {}).items()]
        if selection.outside:
            met.append(~self._meeting("county", {selection.outside}))
        members = met[0]
        for mask in met[1:]:
            members &= mask
        return members

    def _having_type(self, types: tuple[str, ...]) -> Allowed:
        """Living rows of these types. Most questions ask for the same few: these are kept."""
        if types not in self._of_types:
            codes = [INDEXED_TYPES.index(name) for name in types]
            self._of_types[types] = Allowed(_chosen(self.rows["type"], codes, DEAD + 1))
        return self._of_types[types]

    def _meeting(self, field: str, wanted: Collection[str]) -> Mask:
        """Members with one of these values of a facet."""
        words = self.vocabulary[field]
        codes = [code for code, value in enumerate(words) if value in wanted]
        return _chosen(self.members[field], codes, len(words))

    def _spans(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the members of each row begin, and how many they are."""
        ends = self.rows[ENDS]
        starts = np.where(rows > 0, ends[rows - 1], 0).astype(np.int64)
        return starts, ends[rows] - starts

    def chosen(self, rows: Rows, allowed: Mask | None) -> "Chosen":
        """The members of these rows that `allowed` keeps."""
        starts, lengths = self._spans(rows)
        positions = ranges(starts, lengths)
        owners = np.repeat(np.arange(len(rows)), lengths)
        if allowed is not None:
            kept = np.flatnonzero(allowed[positions])
            positions, owners = positions[kept], owners[kept]
        return Chosen(len(rows), positions, owners)

    def sizes(self, rows: Rows) -> NDArray[np.int64]:
        """How many members each row has, filters aside."""
        return self._spans(rows)[1]

    def parted(
        self, rows: Rows, allowed: Mask | None, most: int, field: str = ""
    ) -> Iterator[tuple[int, str, int, list[str]]]:
        """The members of these rows that `allowed` keeps: whose they are, by its place among
        `rows`, what they have of a facet ("" where none is asked for), how many they are, and the
        ids of the `most` first of them in order.

        The first of more than SORTED_MEMBERS are those in the order of the table, which follows ids
        as well but for what came after the last build.
        """
        _, positions, owners = self.chosen(rows, allowed)
        words = self.vocabulary[field] if field else [""]
        parts = owners * len(words)
        if field:
            parts += self.members[field][positions]
        order = np.argsort(parts, kind="stable")
        parts = parts[order]
        starts = np.flatnonzero(np.diff(parts, prepend=-1))
        sizes = np.diff(starts, append=len(parts))
        read = (
            np.where(sizes > SORTED_MEMBERS, np.minimum(sizes, most), sizes)
            if most
            else np.zeros_like(sizes)
        )
        ids = iter(self.member_ids(positions[order[ranges(starts, read)]]))
        told = zip(parts[starts].tolist(), sizes.tolist(), read.tolist(), strict=True)
        for part, size, some in told:
            owner, code = divmod(part, len(words))
            first = [*islice(ids, some)]
            yield owner, words[code], size, first if some < size else sorted(first)[:most]

    def having(self, chosen: "Chosen", field: str, values: Collection[str]) -> Mask:
        """Which of the rows have a chosen member with one of the values of a facet."""
        amount, positions, owners = chosen
        words = self.vocabulary[field]
        codes = [code for code, value in enumerate(words) if value in values]
        found = np.zeros(amount, dtype=np.bool_)
        found[owners[_chosen(self.members[field][positions], codes, len(words))]] = True
        return found

    def newest(self, chosen: "Chosen") -> NDArray[np.int64]:
        """The newest year of each row's chosen members; 0 where none is known."""
        amount, positions, owners = chosen
        found = np.zeros(amount, dtype=np.int64)
        firsts = np.flatnonzero(np.diff(owners, prepend=-1))
        if len(firsts):
            years = self.members["year"][positions].astype(np.int64)
            found[owners[firsts]] = np.maximum.reduceat(years, firsts)
        return found

    def measuring(self, projects: Rows) -> Measuring:
        """See `search.index.Index`."""
        members = self.members
        positions, owners = _equal(
            members["project"], members[BY_PROJECT], self.rows["key"][projects]
        )
        return Measuring(owners, members["row"][positions], self.member_ids(positions))

    def member_ids(self, positions: NDArray[np.int64]) -> list[str]:
        return self.strings.many(self.members["id"][positions])

    def facet_counts(self, chosen: "Chosen", fields: Collection[str]) -> dict[str, dict[str, int]]:
        """How many of the rows have each value of each facet (or "year") in a chosen member.
        Values that are unknown are left out."""
        _, positions, owners = chosen
        alone = (np.diff(owners, prepend=-1) != 0) & (np.diff(owners, append=-1) != 0)
        together = owners[~alone] << 32
        found: dict[str, dict[str, int]] = {}
        for field in fields:
            values = self.members[field][positions].astype(np.int64)
            # A row counts once for each of its values.
            pairs = np.sort(together | values[~alone])
            first = np.diff(pairs, prepend=-1) != 0
            of_each = np.bincount(np.concatenate([values[alone], pairs[first] & 0xFFFFFFFF]))
            numbers = np.flatnonzero(of_each)
            counts = of_each[numbers]
            words = (
                map(str, numbers.tolist())
                if field == "year"
                else map(self.vocabulary[field].__getitem__, numbers.tolist())
            )
            known = zip(words, numbers.tolist(), counts.tolist(), strict=True)
            found[field] = {word: count for word, number, count in known if word and number}
        return found


class Chosen(NamedTuple):
    """Some members of so many rows: their positions, and whose each is, by its place among the
    rows, in order."""

    rows: int
    positions: NDArray[np.int64]
    owners: NDArray[np.int64]


class _Met(NamedTuple):
    """What meets a filter: rows of whichever type, and members; and the rows of some types alone,
    counted and packed but once."""

    rows: Mask
    members: Mask
    of_types: dict[tuple[str, ...], Allowed]


def save(table: Table, folder: Path) -> None:
    """Write every column into `folder`."""
    for name, column in table.rows.items():
        np.save(folder / f"row_{name}.npy", column)
    for name, column in table.members.items():
        np.save(folder / f"member_{name}.npy", column)
    for name, strings in zip(_STRINGS, (table.strings, table.folded), strict=True):
        strings.save(folder, name)
    text = json.dumps(table.vocabulary, ensure_ascii=False)
    (folder / _VOCABULARY).write_text(text, encoding="utf-8")


def _chosen(column: NDArray[Any], codes: Collection[int], size: int) -> Mask:
    """Where a column of small numbers, all below `size`, has one of these."""
    if len(codes) <= _FEW_CODES:
        found = np.zeros(len(column), dtype=np.bool_)
        for code in codes:
            found |= column == code
        return found
    wanted = np.zeros(size, dtype=np.bool_)
    wanted[list(codes)] = True
    return np.take(wanted, column)


def _equal(
    column: NDArray[np.uint64], order: NDArray[Any], asked: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where a column, read in the `order` that sorts it, has each of the numbers asked for, and
    which of these it is, by its place."""
    left, right = (np.searchsorted(column, asked, side, order) for side in ("left", "right"))
    lengths = right - left
    return order[ranges(left, lengths)], np.repeat(np.arange(len(asked)), lengths)


def _among(column: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> Mask:
    """Where a column of hashes has one of these: few have the low bits of one."""
    low = np.zeros(1 << 16, dtype=np.bool_)
    low[hashes & np.uint64(0xFFFF)] = True
    near: Mask = low[column & np.uint64(0xFFFF)]
    near[near] = np.isin(column[near], hashes)
    return near
