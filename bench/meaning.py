"""How well encoders tell what means the same, on pairs and questions that no model has seen.

python -m bench.meaning [-v] [MODEL …]     the bundled model unless others are named

meaning_pairs.jsonl holds pairs of wordings with a grade: 3 the same, 2 the same measure of another
group, place or level, 1 another measure of the same matter, 0 another matter; `why` says what makes
the pair hard. meaning_scenarios.jsonl holds questions with right and wrong wordings. Both are
written by hand for this bench. They judge: no training run may read them.
"""

import argparse
import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bench.agreement import Column, auc, ranks, spearman
from bench.measure import between, footer, table
from search import analyze
from search.encoder import open_encoder
from search.interval import interval, mean_interval

PAIRS = Path(__file__).parent / "meaning_pairs.jsonl"
NATURAL = Path(__file__).parent / "meaning_natural.jsonl"
"""Pairs as counties really differ, on which the model is calibrated (`training.calibrate`)."""
SCENARIOS = Path(__file__).parent / "meaning_scenarios.jsonl"
NEAR = 2
FEWEST = 5
"""Kinds of fewer pairs count in the whole only."""
WORST = 20

Texts = Sequence[tuple[str, str]]
Encode = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Pair:
    first: str
    second: str
    grade: int
    why: str


@dataclass(frozen=True, slots=True)
class Scenario:
    query: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judge:
    """Scores of pairs of texts, higher is nearer: two wordings, or a question and a wording."""

    name: str
    alike: Callable[[Texts], Column]
    answers: Callable[[Texts], Column]


def read_pairs(path: Path = PAIRS) -> list[Pair]:
    return [Pair(**line) for line in _lines(path)]


def read_scenarios() -> list[Scenario]:
    lines = _lines(SCENARIOS)
    return [Scenario(line["query"], tuple(line["right"]), tuple(line["wrong"])) for line in lines]


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    return map(json.loads, path.read_text(encoding="utf-8").splitlines())


def encoder_judge(model: str) -> Judge:
    """Cosines of the encoder that `model` names; "" is the bundled one."""
    encoder = open_encoder(model)
    path = Path(model)
    name = (path.parent.name if path.name == "model" else path.name) if model else "bundled"
    return Judge(
        name,
        lambda texts: _cosines(encoder.encode_passages, encoder.encode_passages, texts),
        lambda texts: _cosines(encoder.encode_queries, encoder.encode_passages, texts),
    )


def _cosines(first: Encode, second: Encode, texts: Texts) -> Column:
    one = _vectors(first, [text for text, _ in texts])
    other = _vectors(second, [text for _, text in texts])
    return np.asarray((one * other).sum(axis=1), dtype=np.float64)


def _vectors(encode: Encode, texts: Sequence[str]) -> NDArray[np.float32]:
    """One row for each text; equal texts are encoded once."""
    distinct = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return encode(list(distinct))[[distinct[text] for text in texts]]


def word_judge(name: str, score: Callable[[str, str], float]) -> Judge:
    def scores(texts: Texts) -> Column:
        return np.asarray([score(*pair) for pair in texts], dtype=np.float64)

    return Judge(name, scores, scores)


def overlap(first: str, second: str) -> float:
    """The share of characters and bigrams in common (Jaccard).

    >>> overlap("满意度", "满意率")
    0.42857142857142855
    """
    one, other = set(analyze.terms(first)), set(analyze.terms(second))
    return len(one & other) / max(len(one | other), 1)


BASELINES = (word_judge("n-grams", overlap), word_judge("rapidfuzz", fuzz.ratio))


def grade_figures(pairs: Sequence[Pair], scores: Column) -> dict[str, str]:
    """Spearman, AUC of grade ≥ 2 against ≤ 1, and of each kind of pair against the whole other
    side, a kind being on the side where most of its pairs are; each with its interval."""
    grades = np.asarray([pair.grade for pair in pairs], dtype=np.float64)
    near = grades >= NEAR
    figures = {
        "Spearman": between(
            spearman(scores, grades),
            interval(lambda chosen: spearman(scores[chosen], grades[chosen]), len(pairs)),
        ),
        "AUC": _auc(scores, near),
    }
    for side, sign in ((True, "≥ 2"), (False, "≤ 1")):
        for kind, count in Counter(pair.why for pair in pairs).most_common():
            own = np.asarray([pair.why == kind for pair in pairs]) & (near == side)
            if np.count_nonzero(own) >= max(FEWEST, count / 2):
                against = own | (near != side)
                name = f"AUC {kind} {sign} ({np.count_nonzero(own)})"
                figures[name] = _auc(scores[against], near[against])
    return figures


def _auc(scores: Column, near: NDArray[np.bool_]) -> str:
    bounds = interval(lambda chosen: auc(scores[chosen], near[chosen]), len(near))
    return between(auc(scores, near), bounds)


def precisions(scenarios: Sequence[Scenario], answers: Callable[[Texts], Column]) -> list[float]:
    """For each question the share of right wordings among the k first, k being how many are right.
    Equal scores share the places that are left."""
    asked = [(one.query, text) for one in scenarios for text in (*one.right, *one.wrong)]
    ends = np.cumsum([len(one.right) + len(one.wrong) for one in scenarios])[:-1]
    shares = []
    for one, scores in zip(scenarios, np.split(answers(asked), ends), strict=True):
        right = np.arange(len(scores)) < len(one.right)
        cut = np.sort(scores)[-len(one.right)]
        above, tied = scores > cut, scores == cut
        left = len(one.right) - np.count_nonzero(above)
        found = np.count_nonzero(right & above) + left * right[tied].mean()
        shares.append(float(found / len(one.right)))
    return shares


def worst(pairs: Sequence[Pair], scores: Column) -> Iterator[str]:
    """Where the score's rank is farthest from the grade's."""
    grades = np.asarray([pair.grade for pair in pairs], dtype=np.float64)
    off = ranks(scores) - ranks(grades)
    for place in np.argsort(-np.abs(off), kind="stable")[:WORST]:
        pair = pairs[place]
        side = "high" if off[place] > 0 else "low"
        yield (
            f"{scores[place]:.3f} too {side} for {pair.grade}"
            f"  {pair.first} — {pair.second}  {pair.why}"
        )


def figures(judge: Judge, scores: Column) -> Mapping[str, str]:
    shares = precisions(read_scenarios(), judge.answers)
    precision = between(float(np.mean(shares)), mean_interval(shares))
    hard, natural = read_pairs(), read_pairs(NATURAL)
    usual = judge.alike([(pair.first, pair.second) for pair in natural])
    told = {"P@k": precision, **grade_figures(hard, scores)}
    beside = {
        "natural": grade_figures(natural, usual),
        "both together": grade_figures([*hard, *natural], np.concatenate([scores, usual])),
    }
    for of_which, more in beside.items():
        told |= {f"{of_which} {name}": more[name] for name in ("Spearman", "AUC")}
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.meaning", description=__doc__)
    parser.add_argument("models", nargs="*", metavar="MODEL", help="folder of an encoder")
    parser.add_argument("-v", "--verbose", action="store_true", help="the worst twenty pairs")
    given = parser.parse_args()
    judges = [*map(encoder_judge, given.models or [""]), *BASELINES]
    pairs = read_pairs()
    scores = [judge.alike([(pair.first, pair.second) for pair in pairs]) for judge in judges]
    columns = [figures(judge, column) for judge, column in zip(judges, scores, strict=True)]
    rows = [[name, *(column[name] for column in columns)] for name in columns[0]]
    table(["", *(judge.name for judge in judges)], rows)
    if given.verbose:
        sys.stdout.writelines(f"{line}\n" for line in worst(pairs, scores[0]))
    footer(
        "bench.meaning", f"{len(pairs)} pairs, {len(read_scenarios())} questions; 95 % bootstrap"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
