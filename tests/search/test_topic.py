"""What a question is about: its projects bring their indicators forward, whatever these say."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from graph.store import Writer
from search import matching
from search.engine import Engine, open_engine
from search.errors import ModelUnavailable
from search.index import Selection
from search.intents import LEAST, Intents, read_intents
from search.model_slot import ModelSlot
from search.query import SearchQuery
from search.rank import usual_weights
from search.topic import NOTHING, PROJECTS, Topic, topic
from tests.search.graphs import INVESTMENT, ROADS, Paper, Plan, Row


def test_values_of_rows() -> None:
    gains = np.array([[1.5, 0.2]])
    found = Topic(["indicator:甲"], gains, np.array([3]), gains)
    values = found.values(np.array([2, 3, 5]))
    assert {name: column.tolist() for name, column in values.items()} == {
        "project": [0.0, 1.5, 0.0],
        "project_words": [0.0, 0.2, 0.0],
    }
    assert {name: column.tolist() for name, column in NOTHING.values(np.array([7])).items()} == {
        "project": [0.0],
        "project_words": [0.0],
    }
    weights = replace(usual_weights(), features={"project": 2.0, "project_words": 10.0})
    assert found.foremost(weights) == {"indicator:甲": 5.0}


def test_indicators_of_the_project_asked_for_come_first(shared: Engine) -> None:
    """Both counties have 群众满意度 in the same words: whose roads are meant stands first."""
    hit = shared.search(SearchQuery("修路这件事大家满意吗")).hits[0]
    assert hit.title == "群众满意度"
    assert hit.context["county"] == ROADS.county[1]
    assert hit.features["project"] > 0
    hit = shared.search(SearchQuery("招商引资大家满意吗")).hits[0]
    assert hit.context["county"] == INVESTMENT.county[1]


def test_a_filter_holds_for_projects_too(shared: Engine) -> None:
    found = shared.search(SearchQuery("修路 满意", counties=(INVESTMENT.county[1],)))
    assert {hit.context["county"] for hit in found.hits} == {INVESTMENT.county[1]}


def test_members_of_a_project_are_ranked_however_far_down_they_lie(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "CANDIDATES", 1)
    hits = shared.search(SearchQuery("修路这件事大家满意吗")).hits
    assert sum("project" in hit.features for hit in hits) > 3
    limited = shared.search(SearchQuery("修路 满意", counties=(INVESTMENT.county[1],)))
    assert {hit.context["county"] for hit in limited.hits} == {INVESTMENT.county[1]}


@pytest.mark.parametrize("type", ["project", "goal", "policy", "department", "document"])
def test_only_indicators_stand_in_projects(shared: Engine, type: str) -> None:
    for hit in shared.search(SearchQuery("修路", type=type)).hits:
        assert "project" not in hit.features


def test_so_many_projects_count_and_no_more(store: Writer, tmp_path: Path) -> None:
    plans = tuple(
        Plan(
            f"99012125P0000103{n:05d}",
            f"道路养护工程第{n}标段",
            rows=(Row("质量指标", f"合格率{n}"),),
        )
        for n in range(PROJECTS + 15)
    )
    paper = Paper("many", INVESTMENT.county, "322009", "青禾县交通局", 2025, plans)
    store.apply(paper.batch())
    engine = open_engine(store, tmp_path / "index")
    found = [
        "project" in hit.features for hit in engine.search(SearchQuery("道路养护", limit=100)).hits
    ]
    assert len(found) == PROJECTS + 15
    assert 0 < sum(found) <= PROJECTS


def test_a_project_is_known_by_what_any_of_its_parts_says(shared: Engine) -> None:
    """养护 stands in the project's name and goal; its satisfaction indicator says 群众满意度."""
    hits = shared.search(SearchQuery("养护 满意度")).hits
    told = {hit.title: hit.features.get("project_words", 0.0) for hit in hits}
    assert hits[0].context["county"] == ROADS.county[1]
    assert told["群众满意度"] > told["企业满意度"]


def test_without_vectors_words_tell_the_topic(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(slot: ModelSlot, text: str, index: object) -> tuple[None, str]:
        return None, "语义模型不可用"

    monkeypatch.setattr(ModelSlot, "query_vector", broken)
    found = shared.search(SearchQuery("养护 群众满意度"))
    assert found.degraded
    first = found.hits[0]
    assert first.context["county"] == ROADS.county[1]
    assert "project" not in first.features
    assert first.features["project_words"] > 0


def test_a_question_without_text_has_no_topic(shared: Engine) -> None:
    state, _ = shared._keeper.ready()
    scope = state.index.scope(Selection(("project",)))
    assert topic(state.index, scope, "", None)() is NOTHING


MATRIX = Intents(("满意度", "时效", "成本"), np.array([[4.0, 0, 0], [0, 4.0, 0], [0, 0, 0.0]]))


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        ([1.0, 0.0], ["满意度"]),
        ([0.0, 1.0], ["时效"]),
        # two are as likely, the third is not enough so
        ([0.7, 0.7], ["满意度", "时效"]),
    ],
)
def test_a_vector_tells_categories(vector: list[float], expected: list[str]) -> None:
    likely = MATRIX.likely(np.array(vector, dtype=np.float32))
    assert list(likely) == expected
    assert all(LEAST <= share <= 1 for share in likely.values())


@pytest.mark.parametrize("broken", ["{", "[]", '{"满意度": 1}', '{"满意度": [1], "时效": [1, 2]}'])
def test_a_broken_file_is_a_broken_model(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "intents.json"
    path.write_text(broken, encoding="utf-8")
    with pytest.raises((ValueError, AttributeError)):
        read_intents(path)
    with pytest.raises(OSError, match="none"):
        read_intents(tmp_path / "none.json")


def test_what_the_model_tells_counts_less_than_a_word(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ModelSlot, "likely", lambda slot, vector, index: {"满意度": 0.5})
    told = shared.search(SearchQuery("乡亲们有没有怨言"))
    contributions = {hit.context["level2"]: hit.features.get("level2", 0.0) for hit in told.hits}
    assert contributions["满意度指标"] > 0
    worded = shared.search(SearchQuery("乡亲们满意吗")).hits[0]
    assert worded.features["level2"] == pytest.approx(2 * contributions["满意度指标"], rel=1e-3)
    literal = shared.search(SearchQuery("乡亲们有没有怨言", literal=True))
    assert not any("level2" in hit.features for hit in literal.hits)


def test_a_model_without_its_intents_is_named(tmp_path: Path) -> None:
    import json
    import shutil

    from search.encoder import BUNDLED, open_encoder

    folder = tmp_path / "model"
    shutil.copytree(BUNDLED, folder)
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    told["files"]["intents"] = {"name": "intents.json", "sha256": "0"}
    (folder / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (folder / "intents.json").unlink(missing_ok=True)
    with pytest.raises(ModelUnavailable, match=r"intents\.json"):
        _ = open_encoder(str(folder)).intents
