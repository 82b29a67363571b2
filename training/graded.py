"""Pairs of texts with how near they are in meaning, and names that only look alike.

3 says the same, 2 compares, 1 is a near miss (like words, other meaning), 0 is another topic. The
kind says where the grade comes from.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from search.analyze import terms
from training.data import FOLDER, Family, Indicator, Ladder
from training.groups import Groups

NEAR = 2
"""The least grade that counts as the same meaning."""
TRIES = 40


@dataclass(frozen=True, slots=True)
class Pair:
    first: str
    second: str
    grade: int
    kind: str


def graded_pairs(groups: Groups, seed: int, hard: bool = False) -> list[Pair]:
    """Pairs of the groups' indicators and families; the same for the same seed.

    `hard` looks for the pairs that words alone get wrong: the two wordings of a family that share
    least, and the indicator of another domain that shares most.
    """
    chance = random.Random(seed)
    pairs: list[Pair] = []
    for number, record in enumerate(groups.records):
        if isinstance(record, Indicator):
            pairs += _of_indicator(record)
            pairs += _far(groups, number, record, chance, hard)
        elif isinstance(record, Family):
            pairs += _of_family(record, chance, hard)
        elif isinstance(record, Ladder):
            pairs += _of_ladder(record)
    return pairs


def turned(text: str) -> str | None:
    """The text with its direction or its deed turned round: 增长率 → 下降率; None without one."""
    for word, opposite in _table("contrast"):
        if word in text:
            return text.replace(word, opposite, 1)
    return None


def cost_of(name: str) -> str | None:
    """What one of the things counted costs: 修缮户数 → 修缮户均成本; None where none are."""
    for count, cost in _table("costs"):
        if name.endswith(count):
            return name.removesuffix(count) + cost
    return None


def overlap(first: str, second: str) -> float:
    """The share of common terms of two texts, by which words alone would compare them."""
    one, other = frozenset(terms(first)), frozenset(terms(second))
    return len(one & other) / max(len(one | other), 1)


def _of_indicator(record: Indicator) -> Iterator[Pair]:
    for text in record.paraphrases:
        yield Pair(record.name, text, 3, "paraphrase")
    for text in record.negatives:
        yield Pair(record.name, text, 1, "negative")
    for kind, other in (("direction", turned(record.name)), ("cost", cost_of(record.name))):
        if other is not None and other not in record.paraphrases:
            yield Pair(record.name, other, 1, kind)


def _far(
    groups: Groups, number: int, record: Indicator, chance: random.Random, hard: bool
) -> Iterator[Pair]:
    """An indicator of another domain that does not touch this one; without any, nothing."""
    others = [
        other.name
        for other, touches in (
            (groups.records[n], groups.touching[number, n])
            for n in chance.sample(range(len(groups.records)), min(TRIES, len(groups.records)))
        )
        if isinstance(other, Indicator) and other.domain != record.domain and not touches
    ]
    if others:
        other = max(others, key=lambda name: overlap(record.name, name)) if hard else others[0]
        yield Pair(record.name, other, 0, "other domain")


def _of_family(record: Family, chance: random.Random, hard: bool) -> Iterator[Pair]:
    wordings = list(record.wordings)
    chance.shuffle(wordings)
    near = list(zip(wordings[::2], wordings[1::2], strict=False))
    if hard:
        near = sorted(
            ((a, b) for at, a in enumerate(wordings) for b in wordings[at + 1 :]),
            key=lambda pair: overlap(*pair),
        )[: len(near)]
    for first, second in near:
        yield Pair(first, second, 2, "family")
    for text in record.near_misses:
        like = max(wordings, key=lambda wording: overlap(wording, text)) if hard else wordings[0]
        yield Pair(like, text, 1, "near miss")


def _of_ladder(record: Ladder) -> Iterator[Pair]:
    steps = (
        (record.same, 3, "same"),
        (record.comparable, 2, "comparable"),
        (record.related, 1, "related"),
        (record.other, 0, "other"),
    )
    for texts, grade, kind in steps:
        for text in texts:
            yield Pair(record.text, text, grade, kind)
    for first, second in zip(record.same, record.same[1:], strict=False):
        yield Pair(first, second, 3, "same")
    # what is said otherwise is as far from what only looks like it
    for first, second in zip(record.same, record.related, strict=False):
        yield Pair(first, second, 1, "related")


@cache
def _table(name: str) -> Sequence[tuple[str, str]]:
    lines = (FOLDER / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [(first, second) for first, second in (line.split("\t") for line in lines)]


def kinds(pairs: Sequence[Pair]) -> Mapping[str, int]:
    """How many pairs there are of each kind."""
    counts: dict[str, int] = {}
    for pair in pairs:
        counts[pair.kind] = counts.get(pair.kind, 0) + 1
    return counts
