"""Ranking as data."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from search.analyze import key
from search.rank import name_match, rank, usual_weights


def test_every_weight_is_named_and_used() -> None:
    assert set(usual_weights().features) == {
        "dense",
        "lexical_name",
        "lexical_text",
        "lexical_around",
        "project",
        "project_words",
        "aspect",
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
    assert name_match(key(query), key(name)) == pytest.approx(expected)
