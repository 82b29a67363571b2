"""Thresholds from labelled pairs, and what is said of them."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnxruntime", reason="no model can run")

from search.onnx_encoder import read_manifest
from training.calibrate import PRECISE, Grades, Judged, Numbers, calibrate, cross_validated, fit
from training.data import BadLine

CHANCE = np.random.default_rng(7)
GRADES = np.repeat([0, 1, 2, 3], 200).astype(np.int64)
APART = GRADES / 3 + CHANCE.normal(0, 0.02, 800)
MIXED = GRADES / 3 + CHANCE.normal(0, 0.25, 800)


def judged(cosines: Numbers, grades: Grades = GRADES) -> Judged:
    """Pairs whose texts say nothing of each other."""
    return Judged([("甲", "乙丙")] * len(cosines), cosines, grades)


def test_grades_that_lie_apart_are_told_apart() -> None:
    found = fit(judged(APART))
    assert 2 / 3 < found.same < 1
    assert 1 / 3 < found.comparable < 2 / 3 + 0.1
    assert 0 < found.related < 1 / 3 + 0.1
    for figures in cross_validated(judged(APART))[0].values():
        assert min(figures.values()) > 0.94


def test_the_same_is_precise_whatever_it_costs() -> None:
    found = fit(judged(MIXED))
    called = found.same <= MIXED
    assert np.mean(GRADES[called] == 3) >= PRECISE
    assert 0 < np.mean(called[GRADES == 3]) < 0.9
    assert found.related <= found.comparable <= found.same


def test_cosines_that_say_nothing_call_nothing_the_same() -> None:
    backwards = -APART
    assert fit(judged(backwards)).same >= float(backwards.max())


def test_every_grade_is_needed() -> None:
    with pytest.raises(ValueError, match="每个等级"):
        fit(judged(APART[:400], GRADES[:400]))


@pytest.mark.parametrize("line", ["{", '{"first": "甲"}', "[]"])
def test_a_bad_line_is_named(tmp_path: Path, line: str) -> None:
    pairs = tmp_path / "pairs.jsonl"
    good = json.dumps({"first": "甲", "second": "乙", "grade": 1}, ensure_ascii=False)
    pairs.write_text(f"{good}\n{line}\n", encoding="utf-8")
    with pytest.raises(BadLine, match="第 2 行"):
        calibrate(tmp_path, pairs)


def test_the_manifest_keeps_what_it_said_before(tmp_path: Path) -> None:
    import shutil

    from search.encoder import BUNDLED

    folder = tmp_path / "model"
    shutil.copytree(BUNDLED, folder)
    before = read_manifest(folder)
    texts = ["群众满意度", "受益群众满意程度", "群众投诉件数", "公路养护里程", "道路养护公里数"]
    pairs = tmp_path / "pairs.jsonl"
    rows = [
        {"first": first, "second": second, "grade": (at + other) % 4}
        for at, first in enumerate(texts * 2)
        for other, second in enumerate(texts * 2)
    ]
    pairs.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    told = calibrate(folder, pairs)
    after = read_manifest(folder)
    assert after.calibration is not None
    assert after.calibration.same == told["same"]
    assert (after.name, after.sha256, after.checksum) == (
        before.name,
        before.sha256,
        before.checksum,
    )
