"""How well the engine answers labelled questions: nDCG@10, Recall@10, MRR@10."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.errors import InvalidQuery
from search.interval import Interval, mean_interval
from search.matching import ALL
from search.query import INDEXED_TYPES, Hit

DEPTH = 10
_SHAPE = '{"query": …, "relevant": [编号, …]}'


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the ids that answer it; `type` as in SearchQuery. `split` names the part of
    the questions that it belongs to, "" where they are not parted."""

    query: str
    relevant: tuple[str, ...]
    type: str = "indicator"
    split: str = ""


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

    scores: tuple[CaseScore, ...]

    @property
    def cases(self) -> int:
        return len(self.scores)

    @property
    def ndcg(self) -> float:
        return self._mean("ndcg")

    @property
    def recall(self) -> float:
        return self._mean("recall")

    @property
    def mrr(self) -> float:
        return self._mean("mrr")

    @property
    def lost(self) -> tuple[CaseScore, ...]:
        return tuple(score for score in self.scores if score.first is None)

    def values(self, measure: str) -> list[float]:
        """One value for each case; `measure` is ndcg, recall or mrr."""
        return [float(getattr(score, measure)) for score in self.scores]

    def interval(self, measure: str) -> Interval:
        """Between what bounds the mean would stay with other questions of the kind (95 %)."""
        return mean_interval(self.values(measure))

    def splits(self) -> Mapping[str, "Evaluation"]:
        """Each split for itself, in the order of the cases; nothing where no case names one."""
        if not any(score.case.split for score in self.scores):
            return {}
        parts: dict[str, list[CaseScore]] = {}
        for score in self.scores:
            parts.setdefault(score.case.split, []).append(score)
        return {name: Evaluation(tuple(part)) for name, part in parts.items()}

    def _mean(self, measure: str) -> float:
        return sum(self.values(measure)) / max(self.cases, 1)


def read_cases(lines: Iterable[str]) -> list[Case]:
    """One JSON object a line: query, relevant, type where it is not indicator, and split where
    the questions are parted. Raises InvalidQuery with the line's number."""
    cases = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                cases.append(_case(json.loads(line)))
            except (ValueError, KeyError, TypeError) as error:
                raise InvalidQuery(f"第 {number} 行{_fault(error)}") from error
    if not cases:
        raise InvalidQuery(f"没有一个问题；请每行写一个 {_SHAPE}")
    return cases


class _Fault(ValueError):
    """What is wrong with a line, as the end of a sentence."""


def _fault(error: Exception) -> str:
    """The end of a sentence about the line."""
    if isinstance(error, _Fault):
        return str(error)
    if isinstance(error, json.JSONDecodeError):
        return f"不是 {_SHAPE}（读到第 {error.colno} 个字符，不合 JSON 的写法）；请改正"
    missing = f"（缺少 {error.args[0]}）" if isinstance(error, KeyError) else ""
    return f"不是 {_SHAPE}{missing}；请改正"


def _case(data: Mapping[str, object]) -> Case:
    query, relevant = data["query"], data["relevant"]
    type_, split = data.get("type", "indicator"), data.get("split", "")
    if not isinstance(query, str) or not query.strip():
        raise _Fault("的 query 不是文字或为空；请写上问题")
    if not isinstance(relevant, list) or not all(isinstance(name, str) for name in relevant):
        raise _Fault("的 relevant 不是编号的列表；请写成 [编号, …]")
    if not relevant:
        raise _Fault("的 relevant 为空；请写上应当找到的编号")
    if type_ not in (*INDEXED_TYPES, ALL):
        raise _Fault(f"的 type 是 {type_}；可用：{'、'.join((*INDEXED_TYPES, ALL))}")
    if not isinstance(split, str):
        raise _Fault("的 split 不是文字；请写上这一部分的名称")
    return Case(query, tuple(relevant), str(type_), split)


def evaluate(cases: Sequence[Case], search: Callable[[str, str, int], Sequence[Hit]]) -> Evaluation:
    """`search(query, type, limit)` gives hits, best first. A hit of several indicators is relevant
    when any member is; recall counts relevant ids among all members of the first hits."""
    return Evaluation(
        tuple(_score(case, search(case.query, case.type, DEPTH)) for case in cases),
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
