"""What is learned and what is held out: whole domains and whole families, never single lines.

A domain is on one side by a hash of its name and a seed, so that a line that is added moves no
other. What is learned then gives up every group that shares a wording with what is held out.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from search.analyze import key
from training.data import Family, Indicator, Ladder, Project, TrainingData

SEED = 7
SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Split:
    """Two sides without a common wording. Terms of the thesaurus belong to what is learned."""

    learned: TrainingData
    held_out: TrainingData


def held_out(name: str, seed: int = SEED, share: float = SHARE) -> bool:
    """Whether a domain, a family without a domain or a department is held out."""
    head = hashlib.sha256(f"{seed}:{name}".encode()).digest()[:8]
    return int.from_bytes(head) < share * 2**64


def split(data: TrainingData, seed: int = SEED, share: float = SHARE) -> Split:
    """Both sides in the order of the files."""

    def on_side(side: bool) -> TrainingData:
        def kept(name: str) -> bool:
            return held_out(name, seed, share) is side

        return TrainingData(
            indicators=tuple(one for one in data.indicators if kept(one.domain)),
            families=tuple(one for one in data.families if kept(one.domain or one.family)),
            projects=tuple(one for one in data.projects if kept(one.department)),
            ladders=tuple(one for one in data.ladders if kept(one.domain)),
            terms=() if side else data.terms,
        )

    tested = on_side(True)
    return Split(_without(on_side(False), set(_wordings(tested))), tested)


Asked = Indicator | Family | Project | Ladder


def meant(record: Asked) -> Iterator[str]:
    """Texts that mean the record, questions included."""
    if isinstance(record, Family):
        yield record.family
        yield from record.wordings
    elif isinstance(record, Indicator):
        yield record.name
        yield from record.paraphrases
    elif isinstance(record, Ladder):
        yield record.text
        yield from record.same
    else:
        yield record.name
        yield from record.similar
    yield from record.queries


def _wordings(data: TrainingData) -> Iterator[str]:
    records: Iterable[Asked] = (
        *data.indicators,
        *data.families,
        *data.projects,
        *data.ladders,
    )
    return (key(text) for record in records for text in meant(record))


def _without(data: TrainingData, wordings: set[str]) -> TrainingData:
    def free(record: Asked) -> bool:
        return wordings.isdisjoint(key(text) for text in meant(record))

    return TrainingData(
        indicators=tuple(one for one in data.indicators if free(one)),
        families=tuple(one for one in data.families if free(one)),
        projects=tuple(one for one in data.projects if free(one)),
        ladders=tuple(one for one in data.ladders if free(one)),
        terms=data.terms,
    )
