"""Which records mean nearly the same: none of them is ever a negative of another.

Records touch where a wording of one is a wording, or a negative, of the other (a near miss of one
family may well be another's wording), and where both speak of one theme.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.analyze import key
from training.data import Family, Ladder, Term, TrainingData
from training.split import Asked, meant

Record = Asked | Term

THEMES: tuple[tuple[str, ...], ...] = (
    ("满意", "认可", "好评"),
    ("及时", "时限", "按时", "按期", "如期"),
    ("会议", "参会", "开会"),
    ("外资", "招商", "引资"),
)
"""Words of one theme: their records differ by whom or what, and too finely for a negative."""


@dataclass(frozen=True, slots=True)
class Groups:
    """Every record with its number, and what touches what: a symmetric matrix, true on the
    diagonal."""

    records: tuple[Record, ...]
    touching: NDArray[np.bool_]

    def only(self, numbers: Sequence[int]) -> "Groups":
        """Some of the records, with new numbers in this order."""
        records = tuple(self.records[number] for number in numbers)
        return Groups(records, self.touching[np.ix_(numbers, numbers)])


def group(data: TrainingData) -> Groups:
    """The records of all kinds, in the order of the files."""
    records: tuple[Record, ...] = data.records
    touching = np.eye(len(records), dtype=np.bool_)
    for members in _meetings(records):
        touching[np.ix_(members, members)] = True
    meaning = _places(records)
    for number, record in enumerate(records):
        for text in _like(record):
            others = meaning.get(key(text), [])
            touching[number, others] = True
            touching[others, number] = True
    return Groups(records, touching)


def _meetings(records: Sequence[Record]) -> Iterator[list[int]]:
    """Numbers of records with a common wording, or of a common theme."""
    yield from _places(records).values()
    for words in THEMES:
        yield [n for n, record in enumerate(records) if any(w in _title(record) for w in words)]


def _places(records: Sequence[Record]) -> dict[str, list[int]]:
    places: dict[str, list[int]] = defaultdict(list)
    for number, record in enumerate(records):
        for text in {key(text) for text in _meanings(record)}:
            places[text].append(number)
    return places


def _meanings(record: Record) -> Iterator[str]:
    if isinstance(record, Term):
        yield record.term
        yield from record.synonyms
    else:
        yield from meant(record)


def _like(record: Record) -> tuple[str, ...]:
    """Texts that are no wording of the record, and too near to it for a negative drawn at random:
    who means one of them may mean the record."""
    if isinstance(record, Term):
        return ()
    if isinstance(record, Ladder):
        return (*record.comparable, *record.related)
    return record.near_misses if isinstance(record, Family) else record.negatives


def _title(record: Record) -> str:
    if isinstance(record, Term):
        return record.term
    if isinstance(record, Ladder):
        return record.text
    return record.family if isinstance(record, Family) else record.name
