"""The index's own table: one row for each search document, one member for each filterable fact.

Columns are flat arrays read through the page cache, about 40 bytes and an id for a member, so that
a province of five million indicators needs no memory of its own. A row number names a document in
every part of the index; rows are never changed, a changed document gets a new row.
"""

import hashlib
import json
from array import array
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from search.analyze import key
from search.errors import IndexMismatch
from search.index import FACETS, Mask, Member, Rows, Selection
from search.query import INDEXED_TYPES
from search.segments import loaded, ranges
from search.strings import Strings, StringsBuilder

Columns: TypeAlias = Mapping[str, NDArray[Any]]

DEAD = 255
SORTED_MEMBERS = 5000
_ROW_COLUMNS = {"type": "u1", "key": "u8", "id": "i4", "name": "i4", "hash": "u8"}
_ENDS, _BY_KEY = "ends", "by_key"
"""Of each row, where its members end in their table; and all rows in the order of their keys."""
_MADE_COLUMNS = (_ENDS, _BY_KEY)
_MEMBER_COLUMNS = {"row": "i4", "id": "i4", "key": "u8", "year": "i2"} | dict.fromkeys(FACETS, "i4")
_VOCABULARY = "vocabulary.json"
_STRINGS = ("strings", "keys")
"""Ids and names; and the name of each row as `analyze.key` folds it."""
_YEARS = 10_000


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
        self._of_types: dict[tuple[str, ...], Mask] = {}

    @classmethod
    def open(cls, folder: Path) -> "Table":
        """Raises IndexMismatch where a file is missing or damaged."""
        try:
            columns = (*_ROW_COLUMNS, *_MADE_COLUMNS)
            rows = {name: loaded(folder / f"row_{name}.npy") for name in columns}
            members = {name: loaded(folder / f"member_{name}.npy") for name in _MEMBER_COLUMNS}
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

    def name(self, row: int) -> str:
        return self.strings[int(self.rows["name"][row])]

    def keys(self, rows: Rows) -> list[str]:
        """The names of these rows, each as `analyze.key` folds it."""
        return self.folded.many(rows)

    def type(self, row: int) -> str:
        return INDEXED_TYPES[int(self.rows["type"][row])]

    def rows_of(self, nodes: Collection[str]) -> dict[str, int]:
        """The living rows of these node ids (wordings for indicators); unknown ids are absent."""
        keys, order, asked = self.rows["key"], self.rows[_BY_KEY], hashes_of(nodes)
        left, right = (np.searchsorted(keys, asked, side, order) for side in ("left", "right"))
        found = order[ranges(left, right - left)].tolist()
        living = {self.id(row): row for row in found if self.rows["type"][row] != DEAD}
        return {node: living[node] for node in nodes if node in living}

    def counts(self) -> dict[str, int]:
        """Living rows of each type."""
        count = np.bincount(self.rows["type"], minlength=DEAD + 1)
        return {name: int(count[code]) for code, name in enumerate(INDEXED_TYPES)}

    def select(self, selection: Selection) -> tuple[Mask, Mask | None]:
        """Rows that meet the selection through at least one member, and the members that do: None
        where all of them count."""
        rows = self._having_type(selection.types)
        if selection.policies is not None:
            own = np.zeros(len(self), dtype=np.bool_)
            own[list(self.rows_of(selection.policies).values())] = True
            rows = rows & ((self.rows["type"] != INDEXED_TYPES.index("policy")) | own)
        if not selection.filtered:
            return rows, None
        members = np.ones(len(self.members["row"]), dtype=np.bool_)
        if selection.years is not None:
            years = [year for year in selection.years if 0 <= year < _YEARS]
            members &= _chosen(self.members["year"], years, _YEARS)
        if selection.nodes is not None:
            members &= _among(self.members["key"], hashes_of(selection.nodes))
        for field, wanted in (selection.facets or {}).items():
            members &= self._meeting(field, wanted)
        if selection.outside:
            members &= ~self._meeting("county", {selection.outside})
        met = np.zeros(len(self), dtype=np.bool_)
        met[self.members["row"][members]] = True
        return rows & met, members

    def _having_type(self, types: tuple[str, ...]) -> Mask:
        """Living rows of these types. Most questions ask for the same few: these are kept."""
        if types not in self._of_types:
            codes = [INDEXED_TYPES.index(name) for name in types]
            self._of_types[types] = _chosen(self.rows["type"], codes, DEAD + 1)
        return self._of_types[types]

    def _meeting(self, field: str, wanted: Collection[str]) -> Mask:
        """Members with one of these values of a facet."""
        words = self.vocabulary[field]
        codes = [code for code, value in enumerate(words) if value in wanted]
        return _chosen(self.members[field], codes, len(words))

    def _spans(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the members of each row begin, and how many they are."""
        ends = self.rows[_ENDS]
        starts = np.where(rows > 0, ends[rows - 1], 0).astype(np.int64)
        return starts, ends[rows] - starts

    def chosen(
        self, rows: Rows, allowed: Mask | None
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Positions of the members of these rows that `allowed` keeps, and whose each is, by its
        place among `rows`."""
        starts, lengths = self._spans(rows)
        positions = ranges(starts, lengths)
        owners = np.repeat(np.arange(len(rows)), lengths)
        if allowed is None:
            return positions, owners
        kept = allowed[positions]
        return positions[kept], owners[kept]

    def sizes(self, rows: Rows) -> NDArray[np.int64]:
        """How many members each row has, filters aside."""
        return self._spans(rows)[1]

    def members_of(self, row: int, allowed: Mask | None = None) -> list[int]:
        """Positions of a row's members that `allowed` keeps, ordered by member id.

        More than SORTED_MEMBERS stand in the order of the table, which follows ids as well but for
        what came after the last build.
        """
        (left,), (length,) = self._spans(np.array([row]))
        kept = np.arange(left, left + length)
        if allowed is not None:
            kept = kept[allowed[left : left + length]]
        return self._in_order(kept.tolist())

    def _in_order(self, kept: list[int]) -> list[int]:
        if len(kept) > SORTED_MEMBERS:
            return kept
        ids = dict(zip(kept, self.member_ids(kept), strict=True))
        return sorted(kept, key=ids.__getitem__)

    def by_facet(self, row: int, allowed: Mask | None, field: str) -> dict[int, list[int]]:
        """A row's allowed members parted by the code of a facet, each part in their order."""
        positions = np.array(self.members_of(row, allowed), dtype=np.int64)
        codes = self.members[field][positions]
        return {code: positions[codes == code].tolist() for code in np.unique(codes).tolist()}

    def having(self, rows: Rows, allowed: Mask | None, field: str, values: Collection[str]) -> Mask:
        """Which of these rows have an allowed member with one of the values of a facet."""
        positions, owners = self.chosen(rows, allowed)
        words = self.vocabulary[field]
        codes = [code for code, value in enumerate(words) if value in values]
        found = np.zeros(len(rows), dtype=np.bool_)
        found[owners[_chosen(self.members[field][positions], codes, len(words))]] = True
        return found

    def newest(self, rows: Rows, allowed: Mask | None) -> NDArray[np.int64]:
        """The newest year of each row's allowed members; 0 where none is known."""
        positions, owners = self.chosen(rows, allowed)
        found = np.zeros(len(rows), dtype=np.int64)
        np.maximum.at(found, owners, self.members["year"][positions])
        return found

    def member_id(self, position: int) -> str:
        return self.strings[int(self.members["id"][position])]

    def member_ids(self, positions: Sequence[int]) -> list[str]:
        return self.strings.many(self.members["id"][np.array(positions, dtype=np.int64)])

    def facet(self, position: int, field: str) -> str:
        return self.vocabulary[field][int(self.members[field][position])]

    def facet_counts(
        self, rows: Rows, allowed: Mask | None, fields: Collection[str]
    ) -> dict[str, dict[str, int]]:
        """Of these rows, how many have each value of each facet (or "year") in an allowed member.
        Values that are unknown are left out."""
        positions, owners = self.chosen(rows, allowed)
        found: dict[str, dict[str, int]] = {}
        for field in fields:
            values = self.members[field][positions].astype(np.int64)
            # A row counts once for each of its values.
            pairs = np.sort(owners << 32 | values)
            first = np.diff(pairs, prepend=-1) != 0
            of_each = np.bincount(pairs[first] & 0xFFFFFFFF)
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


class TableBuilder:
    """Collects rows and members, from nothing or on top of an older table."""

    def __init__(self, base: Table | None = None) -> None:
        self._base = base
        self._first_row = len(base) if base else 0
        self._first_string = len(base.strings) if base else 0
        self._rows = {name: array(_ARRAY[kind]) for name, kind in _ROW_COLUMNS.items()}
        self._members = {name: array(_ARRAY[kind]) for name, kind in _MEMBER_COLUMNS.items()}
        self._words: dict[str, dict[str, int]] = {
            field: {w: i for i, w in enumerate(base.vocabulary[field])} if base else {"": 0}
            for field in FACETS
        }
        self._strings, self._keys = StringsBuilder(), StringsBuilder()
        self._moved: dict[int, int] = {}
        self._dropped: set[int] = set()
        self._dropped_members: list[NDArray[np.uint64]] = []

    def add_row(self, type: str, node: str, name: str, text_hash: int) -> int:
        """The number of the new row."""
        self._rows["type"].append(INDEXED_TYPES.index(type))
        self._rows["key"].append(hash_of(node))
        self._rows["id"].append(self._string(node))
        self._rows["name"].append(self._string(name))
        self._rows["hash"].append(text_hash)
        self._keys.add(key(name))
        return self._first_row + len(self._rows["type"]) - 1

    def add_member(self, row: int, member: Member) -> None:
        self._members["row"].append(row)
        self._members["id"].append(self._string(member.id))
        self._members["key"].append(hash_of(member.id))
        self._members["year"].append(member.year if 0 < member.year < _YEARS else 0)
        for field in FACETS:
            words = self._words[field]
            self._members[field].append(words.setdefault(getattr(member, field), len(words)))

    def drop_row(self, row: int, successor: int | None = None) -> None:
        """Take a base row out; members that are not dropped follow to its successor, if any."""
        self._dropped.add(row)
        if successor is not None:
            self._moved[row] = successor

    def drop_members(self, nodes: Collection[str]) -> None:
        """Take every base member with one of these ids out."""
        self._dropped_members.append(hashes_of(nodes))

    def build(self) -> Table:
        rows = {n: np.frombuffer(c, _ROW_COLUMNS[n]) for n, c in self._rows.items()}
        members = {n: np.frombuffer(c, _MEMBER_COLUMNS[n]) for n, c in self._members.items()}
        strings, keys = self._strings.build(), self._keys.build()
        if self._base is not None:
            rows, members = self._joined(self._base, rows, members)
            strings = self._base.strings.and_then(strings)
            keys = self._base.folded.and_then(keys)
        order = np.argsort(members["row"], kind="stable")
        members = {name: column[order] for name, column in members.items()}
        sizes = np.bincount(members["row"], minlength=len(rows["type"]))
        rows[_ENDS] = np.cumsum(sizes, dtype="i4")
        rows[_BY_KEY] = np.argsort(rows["key"], kind="stable").astype("i8")
        vocabulary = {field: list(words) for field, words in self._words.items()}
        return Table(rows, members, vocabulary, strings, keys)

    def _joined(
        self, base: Table, rows: dict[str, NDArray[Any]], members: dict[str, NDArray[Any]]
    ) -> tuple[dict[str, NDArray[Any]], dict[str, NDArray[Any]]]:
        old_rows = {name: np.array(column) for name, column in base.rows.items()}
        moved = np.arange(len(base), dtype=np.int32)
        for row in self._dropped:
            old_rows["type"][row] = DEAD
            moved[row] = self._moved.get(row, -1)
        gone = np.concatenate([np.zeros(0, np.uint64), *self._dropped_members])
        target = moved[base.members["row"]]
        keep = (target >= 0) & ~np.isin(base.members["key"], gone)
        old_members = {name: column[keep] for name, column in base.members.items()}
        old_members["row"] = target[keep]
        return (
            {name: np.concatenate([old_rows[name], rows[name]]) for name in rows},
            {name: np.concatenate([old_members[name], members[name]]) for name in members},
        )

    def _string(self, text: str) -> int:
        return self._first_string + self._strings.add(text)


_ARRAY = {"u1": "B", "u8": "Q", "i4": "i", "i2": "h"}


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
    wanted = np.zeros(size, dtype=np.bool_)
    wanted[list(codes)] = True
    chosen: Mask = wanted[column]
    return chosen


def _among(column: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> Mask:
    """Where a column of hashes has one of these: few have the low bits of one."""
    low = np.zeros(1 << 16, dtype=np.bool_)
    low[hashes & np.uint64(0xFFFF)] = True
    near: Mask = low[column & np.uint64(0xFFFF)]
    near[near] = np.isin(column[near], hashes)
    return near
