"""Ranking as data, and its measure."""

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.errors import InvalidQuery
from search.evaluate import Case, evaluate, read_cases
from search.query import Hit
from search.rank import name_match, rank, usual_weights


def test_every_weight_is_named_and_used() -> None:
    assert set(usual_weights().features) == {
        "dense",
        "lexical_name",
        "lexical_text",
        "lexical_around",
        "exact_name",
        "level2",
        "kind",
        "freshness",
        "number",
        "popularity",
        "target",
        "thesaurus",
    }


def test_every_feature_is_explained() -> None:
    page = (Path(__file__).parents[2] / "docs" / "concepts.md").read_text(encoding="utf-8")
    assert [name for name in usual_weights().features if f"`{name}`" not in page] == []


def test_contributions_add_up_and_order() -> None:
    rows = np.array([3, 5, 9], dtype=np.int64)
    values = {"dense": np.array([1.0, 3.0, 2.0]), "lexical_name": np.array([0.5, 0.0, 0.5])}
    given = replace(usual_weights(), features={"dense": 1.0, "lexical_name": 3.0})
    ranked = rank(rows, values, np.ones(3, dtype=np.bool_), given)
    assert ranked.rows.tolist() == [9, 5, 3]
    for position, score in enumerate(ranked.scores):
        assert sum(ranked.features(position).values()) == pytest.approx(score)


def test_the_best_stay_though_nothing_matches() -> None:
    rows = np.arange(5, dtype=np.int64)
    none = np.zeros(5, dtype=np.bool_)
    for least in (0, 2):
        given = replace(usual_weights(), least=least)
        assert len(rank(rows, {"dense": np.arange(5.0)}, none, given).rows) == least


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("群众满意度", "群众 满意度", 1.0),  # the same, spelling aside
        ("满意度", "群众满意度", 0.3),  # contained: half of three fifths
        ("群众满意度指标", "群众满意度", 0.5 * 5 / 7),
        ("度", "群众满意度", 0.0),  # one character says nothing
        ("", "群众满意度", 0.0),
        ("及时率", "满意度", 0.0),
    ],
)
def test_name_match(query: str, name: str, expected: float) -> None:
    assert name_match(query, name) == pytest.approx(expected)


def hit(*members: str) -> Hit:
    return Hit(id=members[0], type="indicator", score=1.0, title="", text="", members=members)


@pytest.mark.parametrize(
    ("hits", "relevant", "ndcg", "recall", "mrr"),
    [
        # the answer first, alone
        ([hit("a")], ("a",), 1.0, 1.0, 1.0),
        # any member of a hit counts
        ([hit("x", "a")], ("a",), 1.0, 1.0, 1.0),
        # second place
        ([hit("x"), hit("a")], ("a",), 1 / math.log2(3), 1.0, 0.5),
        # one hit with both answers is as good as it gets
        ([hit("a", "b")], ("a", "b"), 1.0, 1.0, 1.0),
        # one of two found
        ([hit("a")], ("a", "b"), 1 / (1 + 1 / math.log2(3)), 0.5, 1.0),
        # nothing found
        ([hit("x")], ("a",), 0.0, 0.0, 0.0),
        # beyond the depth
        ([hit(str(n)) for n in range(10)] + [hit("a")], ("a",), 0.0, 0.0, 0.0),
    ],
)
def test_measures(
    hits: list[Hit], relevant: tuple[str, ...], ndcg: float, recall: float, mrr: float
) -> None:
    found = evaluate([Case("q", relevant)], lambda *_: hits)
    assert (found.ndcg, found.recall, found.mrr) == pytest.approx((ndcg, recall, mrr))
    assert len(found.lost) == (0 if mrr else 1)


def test_cases_are_read_and_errors_name_the_line() -> None:
    lines = ['{"query": "问", "relevant": ["a"]}', "", '{"query": "x", "relevant": []}']
    assert read_cases(lines[:2]) == [Case("问", ("a",))]
    with pytest.raises(InvalidQuery, match="第 3 行"):
        read_cases(lines)
    with pytest.raises(InvalidQuery, match="第 1 行"):
        read_cases(["{"])
