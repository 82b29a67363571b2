"""What a likeness means: by thresholds of the model, in similar and in wordings, on every store."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from search.calibration import RELATIONS, Calibration, likeness
from search.encoder import BUNDLED, open_encoder
from search.engine import Engine
from search.errors import ModelUnavailable
from search.index import Rows, Scores
from search.model_options import ModelOptions
from search.model_slot import ModelSlot
from search.onnx_encoder import MANIFEST

GIVEN = Calibration(same=0.9, comparable=0.7, related=0.5)


@pytest.mark.parametrize(
    ("cosine", "expected"),
    [
        (1.0, "same"),
        (0.9, "same"),
        (0.8999, "comparable"),
        (0.7, "comparable"),
        (0.5, "related"),
        (0.4999, "other"),
        # a row without a vector holds zeros
        (0.0, "other"),
        (-1.0, "other"),
    ],
)
def test_a_cosine_has_a_meaning(cosine: float, expected: str) -> None:
    assert RELATIONS[GIVEN.steps(np.array([cosine]), [("满意度", "满意率")])[0]] == expected


def test_likeness_of_rows_to_a_text() -> None:
    vectors = np.array([[1, 0], [0, 1], [0.8, 0.6]], dtype=np.float32)
    names = ("群众满意率", "公路里程", "群众满意程度")
    vector = np.array([1, 0], dtype=np.float32)
    told = likeness(vectors, names, vector, "群众满意度", GIVEN)
    np.testing.assert_allclose(told.cosines, [1, 0, 0.8], atol=1e-6)
    assert [RELATIONS[step] for step in told.steps] == ["same", "other", "comparable"]
    assert told.take(np.array([2, 0])).steps.tolist() == [1, 0]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    copied = tmp_path_factory.mktemp("model") / "copied"
    shutil.copytree(BUNDLED, copied)
    return copied


def _write(folder: Path, calibration: object) -> None:
    told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    told["calibration"] = calibration
    (folder / MANIFEST).write_text(json.dumps(told), encoding="utf-8")


def test_a_manifest_tells_what_cosines_mean(folder: Path) -> None:
    _write(folder, {"same": 0.9, "comparable": 0.7, "related": 0.5, "pairs": 400})
    assert open_encoder(str(folder)).calibration == GIVEN
    # with another prompt every vector is another, and nobody measured what their cosines mean
    prompted = open_encoder(str(folder), ModelOptions(passage_prompt="指标："))
    assert prompted.calibration is None
    _write(folder, None)
    assert open_encoder(str(folder)).calibration is None


@pytest.mark.parametrize(
    "broken", [{"same": 0.9}, "0.9", {"same": "高", "comparable": 0, "related": 0}]
)
def test_a_broken_calibration_is_a_broken_manifest(folder: Path, broken: object) -> None:
    _write(folder, broken)
    with pytest.raises(ModelUnavailable, match=r"manifest\.json 无法读取"):
        open_encoder(str(folder))


def _calibrated(monkeypatch: pytest.MonkeyPatch, given: Calibration | None) -> None:
    monkeypatch.setattr(ModelSlot, "calibration_of", lambda slot, index: given)


def test_similar_tells_relations_the_nearest_first(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _calibrated(monkeypatch, Calibration(same=0.98, comparable=0.7, related=0.45))
    result = shared.similar(text="群众满意度", scope="all")
    steps = []
    for group in result.groups:
        told = [RELATIONS.index(hit.relation) for hit in group.hits]
        assert told == sorted(told)
        steps.append(told[0])
        for hit in group.hits:
            assert hit.similarity is not None
            pair = ("群众满意度", hit.title)
            step = Calibration(0.98, 0.7, 0.45).steps(np.array([hit.similarity]), [pair])[0]
            assert hit.relation == RELATIONS[step]
    assert steps == sorted(steps)
    assert "other" not in {hit.relation for group in result.groups for hit in group.hits}


def test_targets_of_what_is_only_related_are_not_compared(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _calibrated(monkeypatch, Calibration(same=1.1, comparable=0.2, related=0.1))
    compared = shared.similar(text="群众满意度", scope="all").targets.values
    _calibrated(monkeypatch, Calibration(same=1.2, comparable=1.1, related=0.1))
    assert compared
    assert shared.similar(text="群众满意度", scope="all").targets.values == ()


def test_a_text_of_name_and_description_is_compared_as_an_indicator_is(shared: Engine) -> None:
    [group] = shared.similar(text="群众满意度", scope="all").groups[:1]
    found = group.hits[0]
    text = f"{found.title}：{found.text}"
    by_id = shared.similar(indicator=found.members[0], scope="all")
    by_text = shared.similar(text=text, scope="all")
    relations = [
        {hit.title: hit.relation for one in result.groups for hit in one.hits}
        for result in (by_id, by_text)
    ]
    assert relations[1][found.title] == "same"
    assert relations[0].items() <= relations[1].items()


@pytest.mark.parametrize(("same", "unit"), [("每公里养护成本", "万元"), ("群众满意度", "%")])
def test_a_text_is_compared_in_the_unit_of_what_is_the_same(
    shared: Engine, monkeypatch: pytest.MonkeyPatch, same: str, unit: str
) -> None:
    def steps(_: Calibration, cosines: Scores, pairs: Sequence[tuple[str, str]]) -> Rows:
        return np.array([int(other != same) for _, other in pairs])

    monkeypatch.setattr(Calibration, "steps", steps)
    assert shared.similar(text="群众满意度和每公里养护成本", scope="all").targets.unit == unit


def test_nothing_similar_is_an_answer(shared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    _calibrated(monkeypatch, Calibration(same=1.2, comparable=1.1, related=1.05))
    assert shared.similar(text="群众满意度", scope="all").groups == ()


def test_without_a_calibration_hits_carry_scores_alone(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _calibrated(monkeypatch, None)
    hits = [hit for group in shared.similar(text="群众满意度").groups for hit in group.hits]
    assert hits
    assert {(hit.similarity, hit.relation) for hit in hits} == {(None, "")}


def test_wordings_join_what_the_model_calls_the_same(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    _calibrated(monkeypatch, Calibration(same=1.1, comparable=0.5, related=0.4))
    apart = shared.wordings("群众满意度").wordings
    _calibrated(monkeypatch, Calibration(same=-1.0, comparable=-1.0, related=-1.0))
    together = shared.wordings("群众满意度").wordings
    assert all(not group.variants for group in apart)
    assert len(together) < len(apart)
    assert sum(group.count for group in together) == sum(group.count for group in apart)
    # 企业满意度 is no form of 群众满意度, however near: a part is swapped
    (public,) = (group for group in together if group.name == "群众满意度")
    assert not any(text.startswith("企业满意度") for text in public.variants)
