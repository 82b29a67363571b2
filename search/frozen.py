"""A run kept as lines, and which questions a later run answers better or worse."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from search.errors import InvalidQuery
from search.evaluate import Case, CaseScore, Evaluation

NOTABLE = 0.05
"""A question is gained or lost where its nDCG differs by more."""

Key = tuple[str, str]
Frozen = Mapping[Key, float]
"""nDCG by question and type."""


@dataclass(frozen=True, slots=True)
class Change:
    """nDCG of one question, in the frozen run and now."""

    case: Case
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Changes:
    """Those with the largest difference first. `new` questions are not in the frozen run, `gone`
    ones only there."""

    gained: Sequence[Change]
    lost: Sequence[Change]
    new: int
    gone: int


def frozen_lines(found: Evaluation) -> Iterator[str]:
    """One JSON object a question: query, type, ndcg, and first, its first rank or null."""
    for score in found.scores:
        line = {
            "query": score.case.query,
            "type": score.case.type,
            "ndcg": round(score.ndcg, 4),
            "first": score.first,
        }
        yield json.dumps(line, ensure_ascii=False) + "\n"


def read_frozen(lines: Iterable[str]) -> Frozen:
    """What `frozen_lines` wrote. Raises InvalidQuery with the line's number."""
    frozen = {}
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                data = json.loads(line)
                frozen[(str(data["query"]), str(data["type"]))] = float(data["ndcg"])
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidQuery(
                    f'第 {number} 行不是 {{"query", "type", "ndcg", "first"}}（{error!r}）；'
                    "请用 jipu eval --save 重新写出"
                ) from error
    return frozen


def changes(found: Evaluation, frozen: Frozen) -> Changes:
    """What the run gained and lost against the frozen one."""
    known = [score for score in found.scores if _key(score) in frozen]
    moved = [Change(score.case, frozen[_key(score)], score.ndcg) for score in known]
    moved.sort(key=lambda one: -abs(one.after - one.before))
    return Changes(
        gained=[one for one in moved if one.after - one.before > NOTABLE],
        lost=[one for one in moved if one.before - one.after > NOTABLE],
        new=len(found.scores) - len(known),
        gone=len(frozen.keys() - {_key(score) for score in found.scores}),
    )


def _key(score: CaseScore) -> Key:
    return (score.case.query, score.case.type)
