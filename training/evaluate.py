"""Models beside each other on what no training run has seen.

python -m training.evaluate BASE TUNED …      sentence-transformers folders

nDCG@10 of held-out questions over all indicators and the held-out families; Spearman and AUC
(grade ≥ 2 against ≤ 1) on held-out pairs that words alone get wrong; P@3 of projects among twelve.
"""

import argparse
import random
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import (
    EmbeddingSimilarityEvaluator,
    InformationRetrievalEvaluator,
)
from sklearn.metrics import roc_auc_score

from search.analyze import key
from training.data import Project, TrainingData, read_training_data
from training.graded import NEAR, Pair, graded_pairs, overlap
from training.groups import group
from training.split import SEED, SHARE, Split, split

CANDIDATES = 12
BATCH = 64


@dataclass(frozen=True, slots=True)
class Questions:
    """Questions, texts to be found, and which of these answer which question: all by id."""

    queries: Mapping[str, str]
    corpus: Mapping[str, str]
    relevant: Mapping[str, set[str]]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question and names of projects, those that answer it first."""

    query: str
    names: tuple[str, ...]
    right: int


@dataclass(frozen=True, slots=True)
class HeldOut:
    """All that a model is asked."""

    questions: Questions
    pairs: Sequence[Pair]
    scenarios: Sequence[Scenario]


def held_out(data: TrainingData, seed: int = SEED, share: float = SHARE) -> HeldOut:
    """The same for the same data and seed."""
    parts = split(data, seed, share)
    return HeldOut(
        _questions(data, parts),
        graded_pairs(group(parts.held_out), seed, hard=True),
        _scenarios(data.projects, parts.held_out.projects, seed),
    )


def measure(model: SentenceTransformer, asked: HeldOut) -> dict[str, float]:
    """Figures by name: ndcg@10, spearman, auc, p@3, and auc of each kind of pair."""
    figures = {"ndcg@10": _ndcg(model, asked.questions)}
    figures |= _graded(model, asked.pairs)
    figures["p@3"] = _precision(model, asked.scenarios)
    return figures


def _ndcg(model: SentenceTransformer, asked: Questions) -> float:
    evaluator = InformationRetrievalEvaluator(
        dict(asked.queries),
        dict(asked.corpus),
        {name: set(found) for name, found in asked.relevant.items()},
        ndcg_at_k=[10],
        batch_size=BATCH,
        write_csv=False,
    )
    return float(evaluator(model)["cosine_ndcg@10"])


def _graded(model: SentenceTransformer, pairs: Sequence[Pair]) -> dict[str, float]:
    """Spearman and AUC over all, and for each kind of pair that is no match the AUC of all that
    are against it: where the model is taken in."""
    first, second = [pair.first for pair in pairs], [pair.second for pair in pairs]
    evaluator = EmbeddingSimilarityEvaluator(
        first, second, [float(pair.grade) for pair in pairs], batch_size=BATCH, write_csv=False
    )
    figures = {"spearman": float(evaluator(model)["spearman_cosine"])}
    scores = _cosines(model, first, second)
    near = np.asarray([pair.grade >= NEAR for pair in pairs])
    figures["auc"] = float(roc_auc_score(near, scores))
    for kind in dict.fromkeys(pair.kind for pair in pairs if pair.grade < NEAR):
        chosen = near | np.asarray([pair.kind == kind for pair in pairs])
        figures[f"auc, {kind}"] = float(roc_auc_score(near[chosen], scores[chosen]))
    return figures


def _cosines(
    model: SentenceTransformer, first: Sequence[str], second: Sequence[str]
) -> NDArray[np.float32]:
    texts = list(dict.fromkeys((*first, *second)))
    vectors = model.encode_document(texts, batch_size=BATCH, normalize_embeddings=True)
    place = {text: number for number, text in enumerate(texts)}
    one, other = (vectors[[place[text] for text in side]] for side in (first, second))
    return np.asarray((one * other).sum(axis=1), dtype=np.float32)


def _precision(model: SentenceTransformer, scenarios: Sequence[Scenario]) -> float:
    """The share of right names among as many first ones as there are right ones."""
    asked = model.encode_query([one.query for one in scenarios], batch_size=BATCH)
    names = list(dict.fromkeys(name for one in scenarios for name in one.names))
    vectors = dict(zip(names, model.encode_document(names, batch_size=BATCH), strict=True))
    shares = []
    for query, scenario in zip(asked, scenarios, strict=True):
        scores = np.stack([vectors[name] for name in scenario.names]) @ query
        first = np.argsort(-scores, kind="stable")[: scenario.right]
        shares.append(np.count_nonzero(first < scenario.right) / scenario.right)
    return float(np.mean(shares))


def _questions(data: TrainingData, parts: Split) -> Questions:
    """Questions of held-out records over the passages of all indicators, held out or not, and the
    wordings of held-out families. Indicators of one name answer for each other."""
    corpus: dict[str, str] = {}
    named: dict[str, set[str]] = defaultdict(set)
    for number, indicator in enumerate(data.indicators):
        corpus[f"i{number}"] = indicator.passage
        named[key(indicator.name)].add(f"i{number}")
    queries: dict[str, str] = {}
    relevant: dict[str, set[str]] = {}
    for indicator in parts.held_out.indicators:
        for query in indicator.queries:
            name = f"q{len(queries)}"
            queries[name], relevant[name] = query, named[key(indicator.name)]
    for number, family in enumerate(parts.held_out.families):
        wordings = {f"f{number}.{n}": text for n, text in enumerate(family.wordings)}
        corpus |= wordings
        found = set(wordings).union(*(named[key(text)] for text in family.wordings))
        for query in family.queries:
            name = f"q{len(queries)}"
            queries[name], relevant[name] = query, found
    return Questions(queries, corpus, relevant)


def _scenarios(projects: Sequence[Project], tested: Sequence[Project], seed: int) -> list[Scenario]:
    """Each question with its project and those like it, then its negatives and, up to twelve, the
    names most like its own of a random fifty."""
    chance = random.Random(seed)
    made = []
    for project in tested:
        right = (project.name, *project.similar)
        others = [other.name for other in projects if other.name != project.name]
        drawn = chance.sample(others, min(50, len(others)))
        drawn.sort(key=lambda name: -overlap(name, project.name))
        names = tuple(dict.fromkeys((*right, *project.negatives, *drawn)))[:CANDIDATES]
        made += [Scenario(query, names, len(right)) for query in project.queries]
    return made


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.evaluate", description=__doc__)
    parser.add_argument("models", type=Path, nargs="+", help="sentence-transformers 模型目录")
    parser.add_argument("--seed", type=int, default=SEED, help="与训练时相同")
    parser.add_argument("--held-out", type=float, default=SHARE, help="与训练时相同")
    given = parser.parse_args()
    asked = held_out(read_training_data(), given.seed, given.held_out)
    sizes = (len(asked.questions.queries), len(asked.pairs), len(asked.scenarios))
    sys.stdout.write("{} questions, {} pairs, {} scenarios\n\n".format(*sizes))
    rows: list[dict[str, float]] = []
    for path in given.models:
        rows.append(measure(SentenceTransformer(str(path)), asked))
    head = ["", *(path.parent.name if path.name == "model" else path.name for path in given.models)]
    lines = [head, ["---"] * len(head)]
    lines += [[name, *(f"{row[name]:.3f}" for row in rows)] for name in rows[0]]
    sys.stdout.writelines(f"| {' | '.join(line)} |\n" for line in lines)
    return 0


if __name__ == "__main__":
    sys.exit(main())
