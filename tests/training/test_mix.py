"""What a run learns from: triples, words, graded pairs."""

import random

import pytest

from training.data import read_training_data
from training.graded import NEAR, Pair, cost_of, graded_pairs, kinds, overlap, turned
from training.groups import group
from training.mix import columns, triples, words
from training.split import split

LEARNED = group(split(read_training_data()).learned)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("游客人数增长率", "游客人数下降率"),
        ("新建农村公路里程", "养护农村公路里程"),
        # no word of the table
        ("群众满意度", None),
    ],
)
def test_a_direction_is_turned(text: str, expected: str | None) -> None:
    assert turned(text) == expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("危房修缮户数", "危房修缮户均成本"),
        ("公路养护里程", "公路养护每公里成本"),
        # counted words inside a name do not count
        ("人数统计准确率", None),
    ],
)
def test_what_is_counted_has_a_cost(name: str, expected: str | None) -> None:
    assert cost_of(name) == expected


def test_triples_say_what_they_mean() -> None:
    rows = triples(LEARNED)
    assert len(rows) > 10_000
    for row in random.Random(7).sample(rows, 200):
        assert row.anchor != row.positive
        assert row.negative != row.positive
        assert LEARNED.touching[row.group, row.group]


def test_columns_end_with_the_label_the_trainer_knows() -> None:
    assert list(columns(triples(LEARNED)[:2])) == ["anchor", "positive", "negative", "label"]
    assert list(columns(words(LEARNED)[:2])) == ["anchor", "positive", "label"]
    assert columns([Pair("甲", "乙", 2, "family")]) == {
        "first": ["甲"],
        "second": ["乙"],
        "score": [2.0],
    }
    assert columns([]) == {}


def test_graded_pairs_have_every_kind_and_grade() -> None:
    pairs = graded_pairs(LEARNED, 7)
    assert pairs == graded_pairs(LEARNED, 7)
    assert {pair.grade for pair in pairs} == {0, 1, 2, 3}
    assert min(kinds(pairs).values()) > 50
    assert all(pair.first != pair.second for pair in pairs)


def test_hard_pairs_are_those_that_words_get_wrong() -> None:
    def likeness(hard: bool, near: bool) -> float:
        chosen = [
            overlap(pair.first, pair.second)
            for pair in graded_pairs(LEARNED, 7, hard)
            if (pair.grade >= NEAR) is near
        ]
        return sum(chosen) / len(chosen)

    assert likeness(True, near=True) < likeness(False, near=True)
    assert likeness(True, near=False) > likeness(False, near=False)
