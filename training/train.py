"""Fine-tune the published encoder on our data.

python -m training.train --out DIR      the model in DIR/model, what happened in DIR/log.jsonl

One seed decides everything: what is held out, the order of the rows. On a CPU it computes
in bfloat16 where the processor can; a GPU is used where there is one.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset, DatasetDict
from sentence_transformers import (
    SentenceTransformer,
    SentenceTransformerTrainer,
    SentenceTransformerTrainingArguments,
)
from sentence_transformers.sentence_transformer.losses import (
    MatryoshkaLoss,
    MultipleNegativesRankingLoss,
)
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from tools.maven import NotHere
from training.asked import like_answers, of_answers, of_projects
from training.base import build
from training.corpus import corpus_pairs
from training.data import NOTHING, BadLine, Ladder, TrainingData, learned_before, read_training_data
from training.graded import graded_pairs
from training.groups import Groups, group
from training.losses import (
    SCALE,
    LadderLoss,
    LengthBatchSampler,
    MaskedRankingLoss,
    OrderLoss,
)
from training.mix import LADDER, columns, ladders, triples, words
from training.questions import Asked, for_the_encoder, read_questions
from training.split import SHARE, split


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a run depends on besides data and base. `held_out` is the share of domains kept back;
    `corpus_pairs` are drawn from the corpus, if there is one; `review` is the share that is
    repeated of the records which the base has learned before."""

    seed: int = 7
    epochs: float = 1.0
    batch: int = 64
    rate: float = 5e-5
    warmup: float = 0.1
    held_out: float = SHARE
    corpus_pairs: int = 20_000
    longest: int = 96
    review: float = 1.0


class LogLines(TrainerCallback):
    """What the trainer logs, one JSON object a line, with the seconds since the start."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._began = time.monotonic()

    def write(self, event: str, fields: Mapping[str, object]) -> None:
        line = {"event": event, "seconds": round(time.monotonic() - self._began, 1), **fields}
        with self._path.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: Mapping[str, object] | None = None,
        **others: Any,
    ) -> None:
        self.write("step", {"step": state.global_step, **(logs or {})})


def datasets_of(
    groups: Groups, asked: Sequence[Asked], recipe: Recipe, corpus: Path | None
) -> DatasetDict:
    """`meaning` with negatives, `words` of the thesaurus, `grades` of pairs, `ladders` whole,
    questions to `projects` and to their `answers`, `corpus` halves; those that have rows."""
    others = [n for n, one in enumerate(groups.records) if not isinstance(one, Ladder)]
    made = {
        "meaning": columns(triples(groups)),
        "words": columns(words(groups)),
        "grades": columns(graded_pairs(groups.only(others), recipe.seed)),
        "ladders": ladders(groups),
        "projects": columns(of_projects(asked)),
        "answers": columns(of_answers(asked)),
    }
    if corpus is not None:
        drawn = corpus_pairs(corpus, recipe.corpus_pairs, recipe.seed)
        made["corpus"] = {"anchor": [a for a, _ in drawn], "positive": [b for _, b in drawn]}
    return DatasetDict({name: Dataset.from_dict(rows) for name, rows in made.items() if rows})


def reviewed(groups: Groups, learned: TrainingData, recipe: Recipe) -> Groups:
    """What is new, and a share of what was learned before, without which it would be forgotten."""
    known = frozenset(learned.records)
    chance = random.Random(recipe.seed)
    return groups.only(
        [
            number
            for number, record in enumerate(groups.records)
            if record not in known or chance.random() < recipe.review
        ]
    )


def losses_of(
    model: SentenceTransformer, groups: Groups, asked: Sequence[Asked]
) -> dict[str, torch.nn.Module]:
    """One loss for each dataset, each at the full dimension, its half and its quarter."""
    full = model.get_embedding_dimension()
    assert full is not None
    touching = torch.from_numpy(groups.touching)
    masked = MaskedRankingLoss(model, touching)
    kinds = {
        "meaning": masked,
        "words": masked,
        "grades": OrderLoss(model),
        "ladders": LadderLoss(model, touching, LADDER),
        "projects": MaskedRankingLoss(model, torch.eye(len(asked), dtype=torch.bool)),
        "answers": MaskedRankingLoss(model, torch.from_numpy(like_answers(asked))),
        "corpus": MultipleNegativesRankingLoss(model, scale=SCALE),
    }
    dimensions = [full, full // 2, full // 4]
    return {name: MatryoshkaLoss(model, loss, dimensions) for name, loss in kinds.items()}


def train(
    model: SentenceTransformer,
    data: TrainingData,
    out: Path,
    recipe: Recipe,
    corpus: Path | None = None,
    learned: TrainingData = NOTHING,
    asked: Sequence[Asked] = (),
) -> SentenceTransformer:
    """The model, tuned in place on what `recipe` does not hold out, and saved in out/model.
    `learned` is what it has learned before; `asked` are learned from whatever is held out.

    Questions are learned without a prompt: half the tokens of a short question would be prompt.
    """
    out.mkdir(parents=True, exist_ok=True)
    log = LogLines(out / "log.jsonl")
    groups = reviewed(group(split(data, recipe.seed, recipe.held_out).learned), learned, recipe)
    rows = datasets_of(groups, asked, recipe, corpus)
    log.write("start", {**asdict(recipe), "rows": {name: len(part) for name, part in rows.items()}})
    losses = losses_of(model, groups, asked)
    model.prompts = {"query": "", "document": ""}
    _without_dropout(model)
    model.max_seq_length, longest = recipe.longest, model.max_seq_length
    with tempfile.TemporaryDirectory() as place:
        trainer = SentenceTransformerTrainer(
            model=model,
            args=_arguments(place, recipe),
            train_dataset=rows,
            loss={name: losses[name] for name in rows},
            callbacks=[log],
        )
        trainer.train()
    model.max_seq_length = longest
    model.save(str(out / "model"), create_model_card=False)
    log.write("end", {})
    return model


def _without_dropout(model: SentenceTransformer) -> None:
    """In so few passes nothing is learned by heart, and what is left out is not learned at all."""
    for module in model.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0


def quick_bfloat16() -> bool:
    """Whether this machine computes in bfloat16: one that only imitates it takes many times as
    long as in single precision."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    # torch has no public name for what a CPU can.
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())


def _arguments(place: str, recipe: Recipe) -> SentenceTransformerTrainingArguments:
    return SentenceTransformerTrainingArguments(
        output_dir=place,
        num_train_epochs=recipe.epochs,
        per_device_train_batch_size=recipe.batch,
        learning_rate=recipe.rate,
        warmup_steps=recipe.warmup,
        seed=recipe.seed,
        data_seed=recipe.seed,
        bf16=quick_bfloat16(),
        use_cpu=not torch.cuda.is_available(),
        batch_sampler=LengthBatchSampler,
        logging_steps=10,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )


def main() -> int:
    usual = Recipe()
    parser = argparse.ArgumentParser(prog="training.train", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="目标目录")
    parser.add_argument("--base", type=Path, help="起点模型目录；不给则取已发布的基础模型")
    parser.add_argument(
        "--learned", type=Path, help="起点模型的 manifest.json：其中列出的数据文件已经学过"
    )
    parser.add_argument("--again", default="", help="已经学过、仍要全部再学的文件，如 'ladders_*'")
    parser.add_argument("--corpus", type=Path, help="语料目录（*.txt、*.txt.zst），只读")
    for name, kind in Recipe.__annotations__.items():
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=kind, default=getattr(usual, name), dest=name)
    given = vars(parser.parse_args())
    out, base, corpus = given.pop("out"), given.pop("base"), given.pop("corpus")
    manifest, again = given.pop("learned"), given.pop("again")
    try:
        data = read_training_data()
        asked = [one for one in read_questions() if for_the_encoder(one)]
        learned = learned_before(manifest, again) if manifest else NOTHING
        with tempfile.TemporaryDirectory() as place:
            model = SentenceTransformer(str(base)) if base else build(Path(place))
            train(model, data, out, Recipe(**given), corpus, learned, asked)
    except (BadLine, NotHere) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"模型已存入 {out / 'model'}，过程见 {out / 'log.jsonl'}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
