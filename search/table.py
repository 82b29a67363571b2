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

from search.errors import IndexMismatch
from search.index import FACETS, Mask, Member, Rows, Selection
from search.query import INDEXED_TYPES

Columns: TypeAlias = Mapping[str, NDArray[Any]]

DEAD = 255
SORTED_MEMBERS = 5000
_ROW_COLUMNS = {"type": "u1", "key": "u8", "id": "i4", "name": "i4", "hash": "u8"}
_MEMBER_COLUMNS = {"row": "i4", "id": "i4", "key": "u8", "year": "i2"} | dict.fromkeys(FACETS, "i4")
_VOCABULARY = "vocabulary.json"


def hash_of(text: str) -> int:
    """64 bits of BLAKE2b: names a node or a text in a column of integers."""
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")


def hashes_of(texts: Iterable[str]) -> NDArray[np.uint64]:
    return np.fromiter((hash_of(text) for text in texts), dtype=np.uint64)


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


class Table:
    """Rows and members of one index version, read-only."""

    def __init__(
        self,
        rows: Columns,
        members: Columns,
        vocabulary: Mapping[str, Sequence[str]],
        strings: Strings,
    ) -> None:
        self.rows = rows
        self.members = members
        self.vocabulary = vocabulary
        self.strings = strings

    @classmethod
    def open(cls, folder: Path) -> "Table":
        """Raises IndexMismatch where a file is missing or damaged."""
        try:
            rows = {name: _load(folder / f"row_{name}.npy") for name in _ROW_COLUMNS}
            members = {name: _load(folder / f"member_{name}.npy") for name in _MEMBER_COLUMNS}
            vocabulary = json.loads((folder / _VOCABULARY).read_text(encoding="utf-8"))
            strings = Strings(_load(folder / "strings.npy"), _load(folder / "string_ends.npy"))
        except (OSError, EOFError, ValueError) as error:
            raise IndexMismatch(f"检索索引 {folder} 不完整（{error}），将重建") from error
        table = cls(rows, members, vocabulary, strings)
        lengths = {len(column) for column in rows.values()}
        if len(lengths) != 1 or len({len(column) for column in members.values()}) != 1:
            raise IndexMismatch(f"检索索引 {folder} 的各列长短不一，将重建")
        return table

    def __len__(self) -> int:
        return len(self.rows["type"])

    def id(self, row: int) -> str:
        return self.strings[int(self.rows["id"][row])]

    def name(self, row: int) -> str:
        return self.strings[int(self.rows["name"][row])]

    def type(self, row: int) -> str:
        return INDEXED_TYPES[int(self.rows["type"][row])]

    def rows_of(self, nodes: Collection[str]) -> dict[str, int]:
        """The living rows of these node ids (wordings for indicators); unknown ids are absent."""
        found = np.flatnonzero(np.isin(self.rows["key"], hashes_of(nodes))).tolist()
        living = {self.id(row): row for row in found if self.rows["type"][row] != DEAD}
        return {node: living[node] for node in nodes if node in living}

    def counts(self) -> dict[str, int]:
        """Living rows of each type."""
        count = np.bincount(self.rows["type"], minlength=DEAD + 1)
        return {name: int(count[code]) for code, name in enumerate(INDEXED_TYPES)}

    def select(self, selection: Selection) -> tuple[Mask, Mask]:
        """Rows that meet the selection through at least one member, and the members that do."""
        codes = [INDEXED_TYPES.index(name) for name in selection.types]
        rows = np.isin(self.rows["type"], codes)
        members = np.ones(len(self.members["row"]), dtype=np.bool_)
        if selection.policies is not None:
            own = np.zeros(len(self), dtype=np.bool_)
            own[list(self.rows_of(selection.policies).values())] = True
            rows &= (self.rows["type"] != INDEXED_TYPES.index("policy")) | own
        if not selection.filtered:
            return rows, members
        if selection.years is not None:
            members &= np.isin(self.members["year"], sorted(selection.years))
        if selection.nodes is not None:
            members &= np.isin(self.members["key"], hashes_of(selection.nodes))
        for field, wanted in (selection.facets or {}).items():
            members &= np.isin(self.members[field], self._codes(field, wanted))
        if selection.outside:
            members &= ~np.isin(self.members["county"], self._codes("county", {selection.outside}))
        met = np.zeros(len(self), dtype=np.bool_)
        met[self.members["row"][members]] = True
        return rows & met, members

    def _codes(self, field: str, wanted: Collection[str]) -> list[int]:
        return [code for code, value in enumerate(self.vocabulary[field]) if value in wanted]

    def sizes(self, rows: Rows) -> NDArray[np.int64]:
        """How many members each row has, filters aside."""
        column = self.members["row"]
        left = np.searchsorted(column, rows, side="left")
        return np.asarray(np.searchsorted(column, rows, side="right") - left, dtype=np.int64)

    def members_of(self, row: int, allowed: Mask | None = None) -> list[int]:
        """Positions of a row's members that `allowed` keeps, ordered by member id.

        More than SORTED_MEMBERS stand in the order of the table, which follows ids as well but for
        what came after the last build.
        """
        column = self.members["row"]
        left = int(np.searchsorted(column, row, side="left"))
        right = int(np.searchsorted(column, row, side="right"))
        if allowed is None:
            kept = list(range(left, right))
        else:
            kept = (np.flatnonzero(allowed[left:right]) + left).tolist()
        return sorted(kept, key=self.member_id) if len(kept) <= SORTED_MEMBERS else kept

    def by_facet(self, row: int, allowed: Mask, field: str) -> dict[int, list[int]]:
        """A row's allowed members parted by the code of a facet, each part in their order."""
        positions = np.array(self.members_of(row, allowed), dtype=np.int64)
        codes = self.members[field][positions]
        return {code: positions[codes == code].tolist() for code in np.unique(codes).tolist()}

    def having(self, rows: Rows, allowed: Mask, field: str, values: Collection[str]) -> Mask:
        """Which of these rows have an allowed member with one of the values of a facet."""
        found = np.zeros(len(self), dtype=np.bool_)
        members = allowed & np.isin(self.members[field], self._codes(field, values))
        found[self.members["row"][members]] = True
        return found[rows]

    def newest(self, rows: Rows, allowed: Mask) -> NDArray[np.int64]:
        """The newest year of each row's allowed members; 0 where none is known."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        chosen[rows] = True
        where = np.flatnonzero(allowed & chosen[self.members["row"]])
        found = np.zeros(len(self), dtype=np.int64)
        np.maximum.at(found, self.members["row"][where], self.members["year"][where])
        return found[rows]

    def member_id(self, position: int) -> str:
        return self.strings[int(self.members["id"][position])]

    def facet(self, position: int, field: str) -> str:
        return self.vocabulary[field][int(self.members[field][position])]

    def facet_counts(self, rows: Rows, allowed: Mask, field: str) -> dict[str, int]:
        """Of these rows, how many have each value of a facet (or "year") in an allowed member."""
        chosen = np.zeros(len(self), dtype=np.bool_)
        chosen[rows] = True
        where = np.flatnonzero(allowed & chosen[self.members["row"]])
        values = self.members[field][where].astype(np.int64)
        pairs = np.unique(self.members["row"][where].astype(np.int64) << 32 | values)
        numbers, counts = np.unique(pairs & 0xFFFFFFFF, return_counts=True)
        named = (
            (str(number) if number else "")
            if field == "year"
            else self.vocabulary[field][int(number)]
            for number in numbers
        )
        return {name: int(count) for name, count in zip(named, counts, strict=True) if name}


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
        self._blob = bytearray()
        self._ends = array("q")
        self._offset = base.strings._ends[-1] if base and len(base.strings) else 0
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
        return self._first_row + len(self._rows["type"]) - 1

    def add_member(self, row: int, member: Member) -> None:
        self._members["row"].append(row)
        self._members["id"].append(self._string(member.id))
        self._members["key"].append(hash_of(member.id))
        self._members["year"].append(member.year if 0 < member.year < 10000 else 0)
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
        blob = np.frombuffer(bytes(self._blob), np.uint8)
        ends = np.frombuffer(self._ends, np.int64)
        if self._base is not None:
            rows, members = self._joined(self._base, rows, members)
            blob = np.concatenate([self._base.strings._blob, blob])
            ends = np.concatenate([self._base.strings._ends, ends])
        order = np.argsort(members["row"], kind="stable")
        members = {name: column[order] for name, column in members.items()}
        vocabulary = {field: list(words) for field, words in self._words.items()}
        return Table(rows, members, vocabulary, Strings(blob, ends))

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
        self._blob += text.encode()
        self._ends.append(self._offset + len(self._blob))
        return self._first_string + len(self._ends) - 1


_ARRAY = {"u1": "B", "u8": "Q", "i4": "i", "i2": "h"}


def save(table: Table, folder: Path) -> None:
    """Write every column into `folder`."""
    for name, column in table.rows.items():
        np.save(folder / f"row_{name}.npy", column)
    for name, column in table.members.items():
        np.save(folder / f"member_{name}.npy", column)
    np.save(folder / "strings.npy", table.strings._blob)
    np.save(folder / "string_ends.npy", table.strings._ends)
    text = json.dumps(table.vocabulary, ensure_ascii=False)
    (folder / _VOCABULARY).write_text(text, encoding="utf-8")


def _load(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
