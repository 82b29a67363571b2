"""Weights of the ranking's features, learned on labelled questions, put into search/weights.json.

python -m training.ranking --store URL --index FOLDER --cases FILE.jsonl …
    --made-store URL --made-index FOLDER --made-cases FILE.jsonl

The store holds the documents that the questions are about. Questions on made documents, those of
`training.questions`, may be learned from besides. Every feature is read at the weight 1; weights
are then changed one at a time, that which gains most first. How many changes pay is chosen by
five-fold cross-validation, in which questions with a common answer are never on both sides. (A
softmax over the rows was fitted first: it lowered nDCG by 0.004 across the folds.)
"""

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.opening import open_store
from search.engine import Engine, open_engine
from search.evaluate import Case, evaluate, read_cases
from search.query import MAX_LIMIT, Hit, SearchQuery
from search.rank import WEIGHTS, Weights, usual_weights

DEPTH = 300
"""Rows of a question that weights are fitted on."""
FOLDS = 5
ROUNDS = 16
KEPT = 0.1
"""Of a weight so much stays: the questions are not of every kind that people ask."""
MOST = 12.0
"""No weight grows beyond it: where one field counts for so much more than what the question means,
a question of one common word is answered by whatever says that word most often."""
STEPS = (0.5, 0.7, 1.4, 2.0)
"""What is tried for a weight, in shares of what it is."""
WORTH = 1e-4
"""A change that gains less is none."""
LEAST = 5
"""A feature that fewer questions have keeps its weight."""

REAL = 4
"""A question on real documents counts for so many on made ones."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with its rows: `features` of shape (rows, features), `right` those that answer."""

    case: Case
    hits: tuple[Hit, ...]
    features: Numbers
    right: NDArray[np.bool_]


def read_features(engine: Engine, case: Case, names: Sequence[str]) -> Asked:
    """`engine` must rank with all weights at 1: a contribution is then the feature itself."""
    hits: list[Hit] = []
    cursor = None
    while len(hits) < DEPTH:
        query = SearchQuery(case.query, type=case.type, limit=MAX_LIMIT, cursor=cursor)
        found = engine.search(query)
        hits += found.hits
        cursor = found.next
        if cursor is None:
            break
    features = np.array([[hit.features.get(name, 0.0) for name in names] for hit in hits])
    wanted = set(case.relevant)
    right = np.array([not wanted.isdisjoint((hit.id, *hit.members)) for hit in hits], dtype=bool)
    return Asked(case, tuple(hits), features.reshape(len(hits), len(names)), right)


def path(asked: Sequence[Asked], present: Numbers, rounds: int) -> list[Numbers]:
    """The present weights, and after each round the weights with the one change that gains most;
    the first weight never changes."""
    weights, least = present.copy(), KEPT * present
    found = [weights]
    best = _nearness(asked, weights)
    for _ in range(rounds):
        tried = []
        for place in range(1, len(weights)):
            for step in STEPS:
                changed = weights.copy()
                changed[place] = np.clip(weights[place] * step, least[place], MOST)
                tried.append((_nearness(asked, changed), changed))
        gained, changed = max(tried, key=lambda one: one[0])
        if gained > best + WORTH:
            weights, best = changed, gained
        found.append(weights)
    return found


def _nearness(asked: Sequence[Asked], weights: Numbers) -> float:
    """nDCG over the whole list, which moves before the first ten do."""
    total = 0.0
    for one in asked:
        scores = one.features @ weights
        ranks = np.sort((scores[None, :] > scores[one.right][:, None]).sum(axis=1))
        ideal = np.arange(len(ranks))
        total += float((1 / np.log2(ranks + 2)).sum() / max((1 / np.log2(ideal + 2)).sum(), 1e-9))
    return total / len(asked)


def ndcg(asked: Sequence[Asked], weights: Numbers) -> float:
    """nDCG@10 of the questions when their rows are ordered by these weights."""
    ordered = {
        (one.case.query, one.case.type): [
            one.hits[place] for place in np.argsort(-(one.features @ weights), kind="stable")
        ]
        for one in asked
    }
    cases = [one.case for one in asked]
    return evaluate(cases, lambda text, type, limit: ordered[text, type][:limit]).ndcg


def folds(asked: Sequence[Asked]) -> list[list[int]]:
    """Numbers of the questions in FOLDS parts; those that share an answer are in one part."""
    part: dict[str, int] = {}
    parts: list[list[int]] = [[] for _ in range(FOLDS)]
    for number, one in enumerate(asked):
        known = [part[answer] for answer in one.case.relevant if answer in part]
        chosen = known[0] if known else min(range(FOLDS), key=lambda fold: len(parts[fold]))
        parts[chosen].append(number)
        part |= dict.fromkeys(one.case.relevant, chosen)
    return parts


def cross_validated(asked: Sequence[Asked], present: Numbers, rounds: int) -> Numbers:
    """Mean nDCG@10 of questions after each round, under weights that were found without them."""
    totals = np.zeros(rounds + 1)
    for part in folds(asked):
        tried = [asked[number] for number in part]
        others = [one for number, one in enumerate(asked) if number not in set(part)]
        if tried:
            weights = path(others, present, rounds)
            totals += np.array([ndcg(tried, one) for one in weights]) * len(tried)
    return np.asarray(totals / len(asked))


@dataclass(frozen=True, slots=True)
class Learned:
    """New weights by feature, and nDCG@10 of all questions before, across the folds and on what
    they saw."""

    weights: Mapping[str, float]
    rounds: int
    before: float
    validated: float
    after: float


def learn(
    asked: Sequence[Asked], names: Sequence[str], given: Weights, besides: Sequence[Asked] = ()
) -> Learned:
    """The first name is the feature that keeps its weight; rare ones keep theirs too. `besides` are
    questions on made documents."""
    common = [
        place
        for place in range(len(names))
        if sum(bool(np.any(one.features[:, place])) for one in asked) >= LEAST
    ]
    present = np.array([given.features[names[place]] for place in common])
    narrowed = [replace(one, features=one.features[:, common]) for one in asked]
    made = [replace(one, features=one.features[:, common]) for one in besides]
    everything = [*narrowed * REAL, *made]
    tried = cross_validated(everything, present, ROUNDS)
    rounds = int(np.argmax(tried))
    found = path(everything, present, rounds)[-1]
    weights = {names[place]: round(float(w), 3) for place, w in zip(common, found, strict=True)}
    return Learned(
        {**given.features, **weights},
        rounds,
        ndcg(everything, present),
        float(tried[rounds]),
        ndcg(everything, found),
    )


def write(learned: Learned, questions: int, made: int, path: Path = WEIGHTS) -> None:
    """The same file with the new weights, and how they were come by."""
    data = json.loads(path.read_text(encoding="utf-8"))
    for name, weight in learned.weights.items():
        data["features"][name]["weight"] = weight
    data["learned"] = {
        "questions": questions,
        "made questions": made,
        "rounds": learned.rounds,
        "ndcg@10 before": round(learned.before, 3),
        "ndcg@10 cross-validated": round(learned.validated, 3),
        "ndcg@10 after": round(learned.after, 3),
    }
    path.write_text(_lines(data), encoding="utf-8")


def _lines(data: Mapping[str, object]) -> str:
    """A feature a line, as people read and compare the file."""
    text = json.dumps(data, ensure_ascii=False, indent=2)
    features = data["features"]
    assert isinstance(features, dict)
    for entry in features.values():
        wide = json.dumps(entry, ensure_ascii=False, indent=2).replace("\n", "\n    ")
        text = text.replace(wide, json.dumps(entry, ensure_ascii=False), 1)
    return text + "\n"


def cases_of(paths: Sequence[Path], split: str) -> Iterator[Case]:
    """The questions of the files; of those with a "split", only this one's."""
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        yield from read_cases(
            line for line in lines if json.loads(line).get("split", split) == split
        )


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.ranking", description=__doc__)
    parser.add_argument("--store", required=True, help="图谱地址，装有问题所问的文件")
    parser.add_argument("--index", type=Path, required=True, help="索引目录")
    parser.add_argument("--cases", type=Path, nargs="+", required=True, help="标注好的问题")
    parser.add_argument("--model", help="语义模型，同 JIPU_MODEL")
    parser.add_argument("--split", default="learn", help="只学这一部分")
    parser.add_argument("--made-store", help="另一个图谱，装有编写的文件")
    parser.add_argument("--made-index", type=Path, help="它的索引目录")
    parser.add_argument("--made-cases", type=Path, help="问它们的问题")
    parser.add_argument("--write", action="store_true", help="写入 search/weights.json")
    given = parser.parse_args()
    usual = usual_weights()
    names = list(usual.features)
    ones = replace(usual, features=dict.fromkeys(names, 1.0))

    def asked(store: str, index: Path, cases: Sequence[Path]) -> list[Asked]:
        with open_store(store) as opened:
            engine = open_engine(opened, index, given.model, ones)
            return [read_features(engine, case, names) for case in cases_of(cases, given.split)]

    real = asked(given.store, given.index, given.cases)
    made: list[Asked] = []
    if given.made_store:
        made = asked(given.made_store, given.made_index, [given.made_cases])
    learned = learn(real, names, usual, made)
    if given.write:
        write(learned, len(real), len(made))
    sys.stdout.write(f"{learned}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
