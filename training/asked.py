"""What questions about projects teach the encoder: whose project is meant, and which of its
indicators."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from training.mix import Triple
from training.questions import Asked

_MANY = "数量"
_TIMES = 3
"""These questions are few beside all the rest: a run learns each so many times."""


def of_projects(asked: Sequence[Asked]) -> list[Triple]:
    """Questions to their project as search encodes it; the others take turns to mislead."""
    passages = [f"{one.project}\n{one.purpose}" for one in asked]
    others = len(asked) - 1
    return _TIMES * [
        Triple(
            question, passages[number], passages[(number + 1 + turn % others) % len(asked)], number
        )
        for number, one in enumerate(asked)
        for turn, (question, _) in enumerate(one.questions)
        if others
    ]


def of_answers(asked: Sequence[Asked]) -> list[Triple]:
    """Questions to the indicators that answer them; others of the same project mislead."""
    rows = []
    number = 0
    for one in asked:
        passages = [f"{row['name']} {row['description']}".strip() for row in one.indicators]
        for turn, (question, answers) in enumerate(one.questions):
            wrong = [at for at in range(len(passages)) if at not in answers]
            for answer in answers:
                if wrong:
                    other = passages[wrong[turn % len(wrong)]]
                    rows.append(Triple(question, passages[answer], other, number + answer))
        number += len(passages)
    return _TIMES * rows


def like_answers(asked: Sequence[Asked]) -> NDArray[np.bool_]:
    """Which indicators touch, by their numbers over all projects: those of one category, but for
    quantities, which differ by what is counted."""
    levels = np.asarray(list(_levels(asked)), dtype=np.str_)
    same = levels[:, None] == levels[None, :]
    many = np.char.startswith(levels, _MANY)
    touching: NDArray[np.bool_] = (same & ~many[None, :]) | np.eye(len(levels), dtype=np.bool_)
    return touching


def _levels(asked: Sequence[Asked]) -> Iterator[str]:
    for one in asked:
        for row in one.indicators:
            yield row["level2"]
