"""How well the engine answers labelled questions: nDCG@10, Recall@10, MRR@10."""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from search.errors import InvalidQuery
from search.query import Hit

DEPTH = 10


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the ids that answer it; `type` as in SearchQuery."""

    query: str
    relevant: tuple[str, ...]
    type: str = "indicator"


@dataclass(frozen=True, slots=True)
class CaseScore:
    """`first` is the rank of the first relevant hit, from 1; None where none is in the depth."""

    case: Case
    ndcg: float
    recall: float
    mrr: float
    first: int | None
    top: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Means over all cases, each from 0 to 1; `lost` are the cases without a relevant hit."""

    cases: int
    ndcg: float
    recall: float
    mrr: float
    scores: tuple[CaseScore, ...]

    @property
    def lost(self) -> tuple[CaseScore, ...]:
        return tuple(score for score in self.scores if score.first is None)


def read_cases(lines: Iterable[str]) -> list[Case]:
    """One JSON object a line: query, relevant, and type where it is not indicator. Raises
    InvalidQuery with the line's number."""
    cases = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
            relevant = tuple(data["relevant"])
            cases.append(Case(str(data["query"]), relevant, data.get("type", "indicator")))
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidQuery(
                f'第 {number} 行不是 {{"query": …, "relevant": [编号, …]}}（{error!r}）；请改正'
            ) from error
        if not relevant:
            raise InvalidQuery(f"第 {number} 行的 relevant 为空；请写上应当找到的编号")
    return cases


def evaluate(cases: Sequence[Case], search: Callable[[str, str, int], Sequence[Hit]]) -> Evaluation:
    """`search(query, type, limit)` gives hits, best first. A hit of several indicators is relevant
    when any member is; recall counts relevant ids among all members of the first hits."""
    scores = tuple(_score(case, search(case.query, case.type, DEPTH)) for case in cases)
    count = max(len(scores), 1)
    return Evaluation(
        cases=len(scores),
        ndcg=sum(score.ndcg for score in scores) / count,
        recall=sum(score.recall for score in scores) / count,
        mrr=sum(score.mrr for score in scores) / count,
        scores=scores,
    )


def _score(case: Case, hits: Sequence[Hit]) -> CaseScore:
    wanted = set(case.relevant)
    found: set[str] = set()
    gains = []
    for hit in hits[:DEPTH]:
        answers = wanted.intersection((hit.id, *hit.members))
        gains.append(1.0 if answers - found else 0.0)
        found |= answers
    # One hit may answer for several ids: the ideal list has a hit for each id not found together.
    ideal = min(DEPTH, max(int(sum(gains)) + len(wanted - found), 1))
    best = sum(1 / math.log2(rank + 2) for rank in range(ideal))
    gained = sum(gain / math.log2(rank + 2) for rank, gain in enumerate(gains))
    first = next((rank for rank, gain in enumerate(gains, start=1) if gain), None)
    return CaseScore(
        case,
        ndcg=gained / best,
        recall=len(found) / len(wanted),
        mrr=1 / first if first else 0.0,
        first=first,
        top=tuple(hit.id for hit in hits[:3]),
    )
