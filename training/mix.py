"""The datasets of a training run: questions to what they find, words, and graded pairs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from training.data import Family, Indicator, Ladder, Project, Term
from training.graded import Pair
from training.groups import Groups


@dataclass(frozen=True, slots=True)
class Triple:
    """What is asked or said otherwise, what it means, and what only looks like it.

    `group` is the number of the record, by which the loss knows what touches it.
    """

    anchor: str
    positive: str
    negative: str
    group: int


@dataclass(frozen=True, slots=True)
class Words:
    """Two words of one row of the thesaurus."""

    anchor: str
    positive: str
    group: int


def triples(groups: Groups) -> list[Triple]:
    """Of every record but ladders and the thesaurus; its negatives take turns."""
    return [
        Triple(anchor, positive, negatives[turn % len(negatives)], number)
        for number, record in enumerate(groups.records)
        if not isinstance(record, Term | Ladder)
        for negatives in (_negatives(record),)
        for turn, (anchor, positive) in enumerate(_matches(record))
    ]


STEPS = (("same", 3), ("comparable", 2), ("related", 3), ("other", 2), ("queries", 3))
"""How many texts of each step of a ladder are learned side by side."""
LADDER = ("text", *(f"{step}_{at}" for step, count in STEPS for at in range(count)))


def ladders(groups: Groups) -> dict[str, list[object]]:
    """Every ladder as one row: its text, and a column for each text of each step; the label is the
    number of the record. A step of fewer texts repeats them."""
    rows = [
        (number, record)
        for number, record in enumerate(groups.records)
        if isinstance(record, Ladder)
    ]
    if not rows:
        return {}
    made: dict[str, list[object]] = {"text": [record.text for _, record in rows]}
    for step, count in STEPS:
        for at in range(count):
            texts = [getattr(record, step) for _, record in rows]
            made[f"{step}_{at}"] = [some[at % len(some)] for some in texts]
    made["label"] = [number for number, _ in rows]
    return made


def words(groups: Groups) -> list[Words]:
    """Each term with the first of its synonyms, which is the nearest."""
    return [
        Words(record.term, synonym, number)
        for number, record in enumerate(groups.records)
        if isinstance(record, Term)
        for synonym in record.synonyms[:1]
    ]


def columns(rows: Sequence[Triple] | Sequence[Words] | Sequence[Pair]) -> dict[str, list[object]]:
    """The rows as columns under the names that the trainer gives a meaning: the label comes last,
    and nothing but the texts and the label is there."""
    if not rows:
        return {}
    names = {"group": "label", "grade": "score"}
    fields = [name for name in type(rows[0]).__dataclass_fields__ if name != "kind"]
    made = {names.get(name, name): [getattr(row, name) for row in rows] for name in fields}
    if "score" in made:
        made["score"] = [float(grade) for grade in made["score"]]
    return made


def _negatives(record: Indicator | Family | Project) -> tuple[str, ...]:
    return record.near_misses if isinstance(record, Family) else record.negatives


def _matches(record: Indicator | Family | Project) -> Iterator[tuple[str, str]]:
    """Anchors with what they should find."""
    if isinstance(record, Indicator):
        for text in (*record.queries, *record.paraphrases):
            yield text, record.passage
    elif isinstance(record, Family):
        wordings = record.wordings
        for turn, text in enumerate(record.queries):
            yield text, wordings[turn % len(wordings)]
        # each wording with the next, so that all of them hang together
        yield from zip(wordings, (*wordings[1:], wordings[0]), strict=True)
    else:
        for text in (*record.queries, *record.similar):
            yield text, record.name
