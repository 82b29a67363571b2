"""What a run learns from: triples, words, graded pairs."""

import random
from dataclasses import replace

import numpy as np
import pytest

from training.asked import like_answers, of_answers, of_projects
from training.data import Ladder, read_training_data
from training.graded import NEAR, Pair, cost_of, graded_pairs, kinds, overlap, turned
from training.groups import Groups, group
from training.mix import LADDER, columns, ladders, triples, words
from training.questions import read_questions
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


def test_ladders_stand_in_columns() -> None:
    rows = ladders(LEARNED)
    assert list(rows) == [*LADDER, "label"]
    assert len({len(column) for column in rows.values()}) == 1
    record = LEARNED.records[int(str(rows["label"][5]))]
    assert isinstance(record, Ladder)
    assert [rows[f"related_{at}"][5] for at in range(3)] == [*record.related]
    short = replace(record, related=("甲", "乙"))
    assert ladders(Groups((short,), np.ones((1, 1), np.bool_)))["related_2"] == ["甲"]
    assert ladders(LEARNED.only([])) == {}


def test_questions_lead_to_projects_and_to_answers() -> None:
    asked = read_questions()[:9]
    questions = {question for one in asked for question, _ in one.questions}
    for row in of_projects(asked):
        assert row.positive.startswith(asked[row.group].project)
        assert not row.negative.startswith(asked[row.group].project)
    names = [row["name"] for one in asked for row in one.indicators]
    for row in of_answers(asked):
        assert row.anchor in questions
        assert row.positive.startswith(names[row.group])
        assert row.negative != row.positive
    assert like_answers([]).shape == (0, 0)
    touching = like_answers(asked)
    levels = [row["level2"] for one in asked for row in one.indicators]
    assert touching.shape == (len(names), len(names))
    for one, first in enumerate(levels):
        for other, second in enumerate(levels):
            alike = first == second and not first.startswith("数量")
            assert touching[one, other] == (alike or one == other)


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
