"""Makes the table of an index version, from nothing or on top of an older one."""

from array import array
from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search.analyze import key
from search.index import FACETS, Member
from search.query import INDEXED_TYPES
from search.strings import StringsBuilder
from search.table import (
    BY_KEY,
    BY_PROJECT,
    DEAD,
    ENDS,
    MEMBER_COLUMNS,
    ROW_COLUMNS,
    YEARS,
    Table,
    hash_of,
    hashes_of,
)

_ARRAY = {"u1": "B", "u8": "Q", "i4": "i", "i2": "h"}


class TableBuilder:
    """Collects rows and members, from nothing or on top of an older table."""

    def __init__(self, base: Table | None = None) -> None:
        self._base = base
        self._first_row = len(base) if base else 0
        self._first_string = len(base.strings) if base else 0
        self._rows = {name: array(_ARRAY[kind]) for name, kind in ROW_COLUMNS.items()}
        self._members = {name: array(_ARRAY[kind]) for name, kind in MEMBER_COLUMNS.items()}
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
        self._members["project"].append(hash_of(member.project) if member.project else 0)
        self._members["year"].append(member.year if 0 < member.year < YEARS else 0)
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
        rows = {n: np.frombuffer(c, ROW_COLUMNS[n]) for n, c in self._rows.items()}
        members = {n: np.frombuffer(c, MEMBER_COLUMNS[n]) for n, c in self._members.items()}
        strings, keys = self._strings.build(), self._keys.build()
        if self._base is not None:
            rows, members = self._joined(self._base, rows, members)
            strings = self._base.strings.and_then(strings)
            keys = self._base.folded.and_then(keys)
        order = np.argsort(members["row"], kind="stable")
        members = {name: column[order] for name, column in members.items()}
        members[BY_PROJECT] = np.argsort(members["project"], kind="stable").astype("i8")
        sizes = np.bincount(members["row"], minlength=len(rows["type"]))
        rows[ENDS] = np.cumsum(sizes, dtype="i4")
        rows[BY_KEY] = np.argsort(rows["key"], kind="stable").astype("i8")
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
        old_members = {name: base.members[name][keep] for name in members}
        old_members["row"] = target[keep]
        return (
            {name: np.concatenate([old_rows[name], rows[name]]) for name in rows},
            {name: np.concatenate([old_members[name], members[name]]) for name in members},
        )

    def _string(self, text: str) -> int:
        return self._first_string + self._strings.add(text)
