"""A run with the library's own trainer over a tiny model: it learns, logs, and repeats itself."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("accelerate", reason="group training is not installed")
pytest.importorskip("datasets", reason="group training is not installed")

import torch
from datasets import Dataset
from sentence_transformers import SentenceTransformer

from tests.training.tiny import tiny_model
from training.corpus import corpus_pairs, halves
from training.data import BadLine, read_training_data
from training.evaluate import held_out, measure
from training.groups import group
from training.losses import (
    ORDER,
    SCALE,
    LadderLoss,
    LengthBatchSampler,
    MaskedRankingLoss,
    OrderLoss,
    disorder,
)
from training.mix import LADDER
from training.questions import read_questions
from training.train import Recipe, reviewed, train

ALL = read_training_data()
DATA = replace(
    ALL,
    indicators=ALL.indicators[:40],
    families=ALL.families[:6],
    projects=ALL.projects[:6],
    ladders=ALL.ladders[:8],
    terms=ALL.terms[:20],
)
ASKED = read_questions()[:4]
RECIPE = Recipe(epochs=3, batch=32, rate=1e-3, held_out=0.3, corpus_pairs=8)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """So small a model is slower on several threads."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def test_a_run_learns_and_logs_and_can_be_repeated(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = "各级财政部门应当加强资金管理，确保专款专用，不得截留、挪用。\n" * 9
    (corpus / "a.txt").write_text(text, encoding="utf-8")
    first, second = (
        train(
            tiny_model(tmp_path / name),
            DATA,
            tmp_path / name / "out",
            RECIPE,
            corpus,
            asked=ASKED,
        )
        for name in ("one", "two")
    )
    again = second.state_dict()
    assert all(torch.equal(value, again[name]) for name, value in first.state_dict().items())
    lines = (tmp_path / "one" / "out" / "log.jsonl").read_text(encoding="utf-8").splitlines()
    log = [json.loads(line) for line in lines]
    assert [log[0]["event"], log[-1]["event"]] == ["start", "end"]
    kinds = {"meaning", "words", "grades", "ladders", "projects", "answers", "corpus"}
    assert set(log[0]["rows"]) == kinds
    steps = [line["loss"] for line in log if "loss" in line]
    assert len(steps) > 1 and steps[-1] < steps[0]
    saved = SentenceTransformer(str(tmp_path / "one" / "out" / "model"), device="cpu")
    figures = measure(saved, held_out(DATA, share=RECIPE.held_out))
    assert {"ndcg@10", "spearman", "auc", "p@3", "auc, negative"} <= set(figures)


def test_what_is_new_is_learned_whole_and_the_rest_reviewed() -> None:
    groups = group(DATA)
    known = replace(DATA, ladders=DATA.ladders[:3])
    some = reviewed(groups, known, replace(RECIPE, review=0.25))
    new = DATA.ladders[3:]
    assert [one for one in some.records if one in new] == list(new)
    old = len(some.records) - len(new)
    assert 0.1 < old / (len(groups.records) - len(new)) < 0.4
    assert some.touching.shape == (len(some.records), len(some.records))
    assert reviewed(groups, known, RECIPE).records == groups.records
    numbers = {record: number for number, record in enumerate(groups.records)}
    for one, first in enumerate(some.records[:30]):
        for other, second in enumerate(some.records[:30]):
            assert some.touching[one, other] == groups.touching[numbers[first], numbers[second]]


def test_what_touches_is_no_negative(tmp_path: Path) -> None:
    anchors = torch.eye(3)
    # the second text is as near to the first anchor as its own
    positives = torch.tensor([[1.0, 0, 0], [1.0, 0, 0], [0, 0, 1.0]])
    apart, touching = torch.eye(3, dtype=torch.bool), torch.eye(3, dtype=torch.bool)
    touching[0, 1] = touching[1, 0] = True
    model = tiny_model(tmp_path)
    numbers = torch.arange(3)

    def loss(mask: torch.Tensor) -> float:
        made = MaskedRankingLoss(model, mask)
        return float(made.compute_loss_from_embeddings([anchors, positives], numbers))

    assert loss(touching) < loss(apart)


STEPS = {"text": 0.0, "same": 0.1, "queries": 0.1, "comparable": 0.4, "related": 0.8, "other": 1.2}
"""Angles between a text and each step of its ladder, in the right order."""


def ladder_loss(
    model: SentenceTransformer, steps: dict[str, float], touching: bool = False
) -> float:
    """Of two ladders at these angles, the second a little aside of the first."""
    angles = torch.tensor([steps[column.partition("_")[0]] for column in LADDER])
    texts = [
        torch.stack([torch.cos(angles + aside), torch.sin(angles + aside)], dim=1)
        for aside in (0.0, 0.3)
    ]
    mask = torch.eye(2, dtype=torch.bool) | touching
    made = LadderLoss(model, mask, LADDER)
    return float(made.compute_loss_from_embeddings([*torch.stack(texts, dim=1)], torch.arange(2)))


@pytest.mark.parametrize(
    ("near", "far"),
    [("same", "comparable"), ("comparable", "related"), ("related", "other"), ("queries", "other")],
)
def test_a_ladder_in_the_wrong_order_loses(tmp_path: Path, near: str, far: str) -> None:
    model = tiny_model(tmp_path)
    turned = {**STEPS, near: STEPS[far], far: STEPS[near]}
    assert ladder_loss(model, STEPS) < ladder_loss(model, turned)


def test_ladders_that_touch_are_not_held_apart(tmp_path: Path) -> None:
    model = tiny_model(tmp_path)
    assert ladder_loss(model, STEPS, touching=True) < ladder_loss(model, STEPS)


@pytest.mark.parametrize(
    ("alike", "lost"),
    [
        ([0.0, 40.0, 80.0], 0.0),
        # as near as can be: the logarithm of two for each
        ([0.0, 0.0, 0.0], 0.6931),
        # two of three wrong by 40
        ([0.0, 80.0, 40.0], 40 / 3),
        ([80.0, 40.0, 0.0], 160 / 3),
    ],
)
def test_pairs_in_the_wrong_order_lose_by_their_distance(alike: list[float], lost: float) -> None:
    found = disorder(torch.tensor(alike), torch.tensor([0.0, 1.0, 2.0]))
    assert float(found) == pytest.approx(lost, abs=1e-3)


def test_grades_count_alike_however_many_pairs_they_have() -> None:
    alike = torch.tensor([[0.0, 1.0, 2.0], [0.0, 2.0, 1.0]])
    few = disorder(alike, torch.tensor([0, 1, 2]))
    many = disorder(alike[:, [0, 0, 0, 1, 2]], torch.tensor([0, 0, 0, 1, 2]))
    assert float(few) == pytest.approx(float(many))
    assert float(disorder(alike, torch.tensor([1, 1, 1]))) == 0


def test_columns_encoded_together_are_as_encoded_alone(tmp_path: Path) -> None:
    model = tiny_model(tmp_path).eval()
    texts = [f"{'村道养护里程' * (n % 5 + 1)}{n}" for n in range(60)]
    columns = [texts[:30], texts[30:]]
    features = [model.preprocess(column) for column in columns]
    labels = torch.arange(30) % 4
    with torch.no_grad():
        together = float(OrderLoss(model)(features, labels))
        alone = [torch.from_numpy(model.encode(column, batch_size=1)) for column in columns]
        cosines = (alone[0] * alone[1]).sum(dim=-1)
    assert together == pytest.approx(ORDER * float(disorder(SCALE * cosines, labels)), rel=1e-4)


def test_a_batch_of_ladders_is_as_many_texts() -> None:
    rows = Dataset.from_dict({f"text_{n}": ["字"] * 100 for n in range(14)})
    sampler = LengthBatchSampler(rows, batch_size=28, drop_last=False)
    assert {len(batch) for batch in sampler} <= {8, 4}


def test_batches_hold_every_row_once_and_like_lengths_together() -> None:
    texts = ["字" * (n % 50 + 1) for n in range(1000)]
    rows = Dataset.from_dict({"anchor": texts, "positive": texts, "label": list(range(1000))})
    sampler = LengthBatchSampler(rows, batch_size=10, drop_last=False, seed=7)
    batches = list(sampler)
    assert sorted(n for batch in batches for n in batch) == list(range(1000))
    assert len(batches) == len(sampler) == 100
    spread = [max(len(texts[n]) for n in b) - min(len(texts[n]) for n in b) for b in batches]
    assert sum(spread) / len(spread) < 10
    assert batches == list(LengthBatchSampler(rows, batch_size=10, drop_last=False, seed=7))
    assert batches != list(LengthBatchSampler(rows, batch_size=10, drop_last=False, seed=8))


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "健全资金监管的长效机制，保障各项资金安全",
            ("健全资金监管的长效机制", "保障各项资金安全"),
        ),
        # nowhere to cut, and a half that says nothing
        ("健全资金监管的长效机制保障各项资金安全", None),
        ("其中，健全资金监管的长效机制保障各项资金", None),
    ],
)
def test_sentences_are_halved(sentence: str, expected: tuple[str, str] | None) -> None:
    assert halves(sentence) == expected


def test_a_folder_without_a_corpus_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadLine, match="没有"):
        corpus_pairs(tmp_path, 3, 7)
