"""Whether a second stage pays: a small cross-encoder that reads question and text together, over
the first thirty hits.

python -m training.second_stage --base DIR --out DIR --store URL --index FOLDER --cases FILE.jsonl …

Trained on the ladders and indicators of training/data/; mixed with the first stage's score by the
weight that is best on the questions to learn from, and judged on the others. Nothing of it is
shipped.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from datasets import Dataset
from sentence_transformers.cross_encoder import (
    CrossEncoder,
    CrossEncoderTrainer,
    CrossEncoderTrainingArguments,
)
from sentence_transformers.cross_encoder.losses import BinaryCrossEntropyLoss

from graph.opening import open_store
from search.engine import Engine, open_engine
from search.evaluate import Case, evaluate
from search.query import Hit, SearchQuery
from training.data import Indicator, Ladder, read_training_data
from training.ranking import cases_of
from training.train import quick_bfloat16

FIRST = 30
MIXTURES = (0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
"""What the cross-encoder's standardised score counts beside the first stage's."""
SAME, COMPARABLE, RELATED, OTHER = 1.0, 0.6, 0.2, 0.0

Row = tuple[str, str, float]


def rows(seed: int) -> list[Row]:
    """What is asked or said, a text, and how near they are."""
    data, chance = read_training_data(), random.Random(seed)
    passages = [indicator.passage for indicator in data.indicators]
    found: list[Row] = []
    for ladder in data.ladders:
        found += _of_ladder(ladder)
    for indicator in data.indicators:
        found += _of_indicator(indicator, chance.choice(passages))
    chance.shuffle(found)
    return found


def _of_ladder(ladder: Ladder) -> Iterator[Row]:
    for turn, text in enumerate((*ladder.queries, *ladder.same)):
        yield text, ladder.text, SAME
        yield text, ladder.related[turn % len(ladder.related)], RELATED
    for text in ladder.comparable:
        yield ladder.queries[0], text, COMPARABLE
    for text in ladder.other:
        yield ladder.queries[-1], text, OTHER


def _of_indicator(indicator: Indicator, stranger: str) -> Iterator[Row]:
    for turn, text in enumerate(indicator.queries):
        yield text, indicator.passage, SAME
        yield text, indicator.negatives[turn % len(indicator.negatives)], RELATED
    yield indicator.queries[0], stranger, OTHER


def train(base: Path, out: Path, epochs: float, seed: int) -> CrossEncoder:
    model: CrossEncoder = CrossEncoder(str(base), num_labels=1, max_length=96)
    first, second, near = zip(*rows(seed), strict=True)
    columns = {"query": list(first), "text": list(second), "label": list(near)}
    trainer = CrossEncoderTrainer(
        model=model,
        args=CrossEncoderTrainingArguments(
            output_dir=str(out / "steps"),
            num_train_epochs=epochs,
            per_device_train_batch_size=64,
            learning_rate=1e-4,
            warmup_steps=0.1,
            seed=seed,
            bf16=quick_bfloat16(),
            use_cpu=not torch.cuda.is_available(),
            save_strategy="no",
            report_to="none",
            disable_tqdm=True,
            logging_steps=50,
        ),
        train_dataset=Dataset.from_dict(columns),
        loss=BinaryCrossEntropyLoss(model),
    )
    trainer.train()
    model.save_pretrained(str(out / "model"))
    return model


def first_stage(engine: Engine, cases: Sequence[Case]) -> dict[Case, Sequence[Hit]]:
    return {
        case: engine.search(SearchQuery(case.query, type=case.type, limit=FIRST)).hits
        for case in cases
    }


def second_stage(
    model: CrossEncoder, found: Mapping[Case, Sequence[Hit]]
) -> tuple[dict[Case, np.ndarray], float]:
    """Scores of each question's hits, and milliseconds a question."""
    began = time.perf_counter()
    scores = {
        case: np.asarray(
            model.predict([(case.query, f"{hit.title} {hit.text}"[:200]) for hit in hits])
        )
        for case, hits in found.items()
        if hits
    }
    return scores, (time.perf_counter() - began) / max(len(scores), 1) * 1000


def ndcg(
    found: Mapping[Case, Sequence[Hit]], scores: Mapping[Case, np.ndarray], mixture: float
) -> float:
    """Of the questions, their first hits ordered by both stages."""
    ordered: dict[tuple[str, str], list[Hit]] = {}
    for case, hits in found.items():
        first = np.array([hit.score for hit in hits])
        mixed = _standard(first)
        if len(hits):
            mixed = mixed + mixture * _standard(scores[case])
        order = np.argsort(-mixed, kind="stable")
        ordered[case.query, case.type] = [hits[place] for place in order]
    return evaluate(list(found), lambda text, type, limit: ordered[text, type][:limit]).ndcg


def _standard(scores: np.ndarray) -> np.ndarray:
    return (scores - scores.mean()) / max(float(scores.std()), 1e-6) if len(scores) else scores


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.second_stage", description=__doc__)
    parser.add_argument("--base", type=Path, required=True, help="起点模型目录")
    parser.add_argument("--out", type=Path, required=True, help="目标目录")
    parser.add_argument("--store", required=True, help="图谱地址，装有问题所问的文件")
    parser.add_argument("--index", type=Path, required=True, help="索引目录")
    parser.add_argument("--cases", type=Path, nargs="+", required=True, help="标注好的问题")
    parser.add_argument("--epochs", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    model = train(given.base, given.out, given.epochs, given.seed)
    with open_store(given.store) as store:
        engine = open_engine(store, given.index)
        parts = {
            split: first_stage(engine, list(cases_of(given.cases, split)))
            for split in ("learn", "judge")
        }
    stages = {split: second_stage(model, found) for split, found in parts.items()}
    tried = {m: ndcg(parts["learn"], stages["learn"][0], m) for m in MIXTURES}
    best = max(tried, key=lambda mixture: tried[mixture])
    judged, milliseconds = stages["judge"]
    before, after = (ndcg(parts["judge"], judged, m) for m in (0.0, best))
    sys.stdout.write(
        f"learned on: {tried}\nmixture {best}; judged: {before:.3f} to {after:.3f}; "
        f"{milliseconds:.0f} ms a question in torch\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
