"""Weights that are learned: what tells answers from others gains, and nothing falls below 0."""

import json
from pathlib import Path

import numpy as np
import pytest

from search.evaluate import Case
from search.query import Hit
from search.rank import WEIGHTS, Weights, usual_weights
from training.ranking import Asked, Learned, cross_validated, folds, learn, ndcg, path, write

NAMES = ("dense", "lexical", "noise", "rare")
GIVEN = Weights({"dense": 1.0, "lexical": 0.1, "noise": 1.0, "rare": 0.7}, 1.0, 0.3, 1.0, 10)
PRESENT = np.array([1.0, 0.1, 1.0])


def _asked(count: int, rows: int = 12) -> list[Asked]:
    """Questions whose answer is told by `lexical`, a little by `dense`, and never by `noise`."""
    chance = np.random.default_rng(7)
    made = []
    for number in range(count):
        right = np.zeros(rows, dtype=bool)
        right[chance.integers(rows)] = True
        features = chance.normal(0, 1, (rows, len(NAMES)))
        features[right, :2] += [0.8, 2.5]
        features[:, 3] = 0.0
        hits = tuple(Hit(f"{number}:{row}", "indicator", 0.0, "", "") for row in range(rows))
        answer = hits[int(np.flatnonzero(right)[0])].id
        made.append(Asked(Case(f"问{number}", (answer,)), hits, features, right))
    return made


def test_a_feature_that_tells_gains_and_noise_goes() -> None:
    asked = [Asked(one.case, one.hits, one.features[:, :3], one.right) for one in _asked(120)]
    weights = path(asked, PRESENT, 8)[-1]
    assert weights[0] == pytest.approx(1.0)
    assert weights[1] > weights[0] > 0
    assert 0 < weights[2] < PRESENT[2]
    assert ndcg(asked, weights) > ndcg(asked, PRESENT) + 0.1
    assert cross_validated(asked, PRESENT, 8)[-1] > ndcg(asked, PRESENT) + 0.1


def test_a_feature_that_no_question_has_keeps_its_weight() -> None:
    found = learn(_asked(40), NAMES, GIVEN)
    assert found.weights["rare"] == 0.7
    assert found.validated > found.before
    assert list(found.weights) == list(NAMES)


def test_made_questions_are_learned_from_too() -> None:
    alone = learn(_asked(40), NAMES, GIVEN)
    misled = [
        Asked(one.case, one.hits, one.features * [1, -1, 1, 1], one.right) for one in _asked(400)
    ]
    found = learn(_asked(40), NAMES, GIVEN, misled)
    assert found.weights["lexical"] < alone.weights["lexical"]


def test_questions_with_a_common_answer_are_in_one_part() -> None:
    asked = _asked(11)
    shared = Asked(
        Case("又问", asked[4].case.relevant), asked[4].hits, asked[4].features, asked[4].right
    )
    parts = folds([*asked, shared])
    assert sorted(number for part in parts for number in part) == list(range(12))
    assert any({4, 11} <= set(part) for part in parts)


def test_the_file_keeps_its_form(tmp_path: Path) -> None:
    file = tmp_path / "weights.json"
    file.write_text(WEIGHTS.read_text(encoding="utf-8"), encoding="utf-8")
    usual = usual_weights()
    weights = {**usual.features, "dense": 0.25}
    write(Learned(weights, 2, 0.8, 0.85, 0.9), 137, 1000, file)
    before = json.loads(WEIGHTS.read_text(encoding="utf-8"))
    after = json.loads(file.read_text(encoding="utf-8"))
    assert after["features"]["dense"] == {**before["features"]["dense"], "weight": 0.25}
    assert after["match"] == before["match"]
    assert after["learned"]["questions"] == 137
    assert after["learned"]["made questions"] == 1000
    lines = file.read_text(encoding="utf-8").splitlines()
    assert sum('"meaning"' in line for line in lines) == len(weights)
