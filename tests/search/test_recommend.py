"""Indicators for a described project, over the small graph of three fictional counties."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.elements import Node
from graph.store import Writer
from graph.values.target import parse_target
from search.engine import MAX_TEXT, Engine, open_engine
from search.errors import InvalidQuery
from search.query import RecommendedIndicator, RecommendResult
from search.recommend import LEAST_SHARE, usual_place
from search.recommended import typical_target
from tests.search.graphs import BAISHI, INVEST_BEFORE, QINGHE, ROADS, Paper, Plan, Row

ROAD_TEXT = "对县乡农村公路进行日常保养，修补破损路面，保障群众出行安全"
INVEST_TEXT = "组织外出洽谈和参加展会，引进企业到本县落户，做好招商引资"
UNLIKE = "量子纠缠是粒子之间的一种关联现象，测量其中一个粒子会影响另一个"


def named(result: RecommendResult) -> dict[str, list[str]]:
    return {
        category.level2: [indicator.name for indicator in category.indicators]
        for category in result.categories
    }


def one(result: RecommendResult, name: str) -> RecommendedIndicator:
    every = [i for category in result.categories for i in category.indicators]
    return next(indicator for indicator in every if indicator.name == name)


def test_the_indicators_of_a_like_project_by_category(shared: Engine) -> None:
    result = shared.recommend(ROAD_TEXT)
    assert (result.text, result.degraded, result.hint) == (ROAD_TEXT, "", "")
    first = result.projects[0]
    assert (first.title, first.context["county"]) == ("农村公路养护", "云岭县")
    assert first.similarity is not None and first.evidence
    found = named(result)
    usual = ["数量指标", "质量指标", "时效指标", "成本指标", "满意度指标"]
    assert list(found) == [level2 for level2 in usual if level2 in found]
    assert found["数量指标"][0] == "养护公路里程"
    assert found["质量指标"] == ["路面完好率"]
    assert found["成本指标"] == ["每公里养护成本"]
    assert "群众满意度" in found["满意度指标"]


def test_what_is_told_of_an_indicator(shared: Engine) -> None:
    indicator = one(shared.recommend(ROAD_TEXT), "群众满意度")
    assert indicator.text == "群众满意度：受益群众的满意程度"
    assert (indicator.count, indicator.county_count) == (4, 3)
    assert indicator.counties[0].value == "青禾县"
    assert {target.value for target in indicator.targets} == {"≥88%", "≥90%", "≥92%", "≥96%"}
    assert indicator.typical is not None
    # All differ: the one in the middle, of two the lower.
    assert (indicator.typical.value, indicator.typical.operator) == ("≥90%", ">=")
    assert (indicator.typical.count, indicator.typical.of) == (1, 4)
    project = indicator.projects[0]
    assert (project.name, project.county, project.year) == ("农村公路养护", "云岭县", 2025)
    # The like project's own goes first, then another county's.
    first, second = indicator.examples
    assert (first.project_id, first.value, first.county) == (project.id, "≥92%", "云岭县")
    assert first.indicator.startswith("indicator:99012225P000020110002@2025#")
    assert second.county != "云岭县"
    assert first.evidence and second.evidence


def test_examples_are_of_different_counties(shared: Engine) -> None:
    """The two nearest uses are of two years of one project."""
    indicator = one(shared.recommend(INVEST_TEXT), "群众满意度")
    assert [project.county for project in indicator.projects[:2]] == ["青禾县", "青禾县"]
    first, second = indicator.examples
    assert first.county == "青禾县" != second.county


def test_features_add_up_to_the_score_and_order_a_category(shared: Engine) -> None:
    for category in shared.recommend(INVEST_TEXT).categories:
        scores = [indicator.score for indicator in category.indicators]
        assert min(scores) >= LEAST_SHARE * max(scores)
        for indicator in category.indicators:
            assert sum(indicator.features.values()) == pytest.approx(indicator.score, abs=1e-3)
            assert indicator.projects or indicator.similarity is not None


def test_what_only_comes_next_is_left_out(shared: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    every = shared.recommend(INVEST_TEXT)
    assert any(len(names) > 1 for names in named(every).values())
    monkeypatch.setattr("search.recommend.LEAST_SHARE", 1.0)
    best = shared.recommend(INVEST_TEXT)
    assert {len(names) for names in named(best).values()} == {1}
    assert len(one(every, "引进企业数量").projects) == 2
    monkeypatch.setattr("search.description.LEAST_LIKE", 1.0)
    assert len(one(shared.recommend(INVEST_TEXT), "引进企业数量").projects) == 1


def test_a_project_of_two_years_is_listed_once(shared: Engine) -> None:
    result = shared.recommend(INVEST_TEXT)
    assert [hit.title for hit in result.projects].count("招商引资工作经费") == 1
    years = {project.year for project in one(result, "引进企业数量").projects}
    assert years == {2024, 2025}


def test_categories_and_how_many_can_be_chosen(shared: Engine) -> None:
    assert list(named(shared.recommend(ROAD_TEXT, level2=("成本",)))) == ["成本指标"]
    both = shared.recommend(ROAD_TEXT, level2=("满意度指标", "质量"))
    assert list(named(both)) == ["质量指标", "满意度指标"]
    few = shared.recommend(INVEST_TEXT, limit=1)
    assert {len(indicators) for indicators in named(few).values()} == {1}


def test_an_unknown_category_names_those_there_are(shared: Engine) -> None:
    result = shared.recommend(ROAD_TEXT, level2=("速度",))
    assert result.categories == ()
    assert "速度" in result.hint
    assert result.hint.index("数量指标") < result.hint.index("满意度指标")


def test_a_text_like_nothing_gets_a_hint_and_nothing_else(shared: Engine) -> None:
    result = shared.recommend(UNLIKE)
    assert (result.projects, result.categories) == ((), ())
    assert "没有与这段描述相近的" in result.hint


@pytest.mark.parametrize(
    ("text", "limit", "said"),
    [
        ("", 5, "项目描述"),
        (" \n", 5, "项目描述"),
        ("路" * (MAX_TEXT + 1), 5, "最多"),
        (ROAD_TEXT, 0, "条数"),
        (ROAD_TEXT, 101, "条数"),
    ],
)
def test_what_cannot_be_answered_is_refused(
    shared: Engine, text: str, limit: int, said: str
) -> None:
    with pytest.raises(InvalidQuery, match=said):
        shared.recommend(text, limit=limit)


@pytest.mark.parametrize("text", ["，。！", "\x00", "'; DROP TABLE", "😀", "的", "《》", "90%以上"])
def test_odd_texts_are_answered(shared: Engine, text: str) -> None:
    result = shared.recommend(text)
    assert bool(result.categories) or result.hint


def test_an_empty_store_answers_with_a_hint(store: Writer, tmp_path: Path) -> None:
    result = open_engine(store, tmp_path / "index").recommend(ROAD_TEXT)
    assert (result.projects, result.categories) == ((), ())
    assert "读入" in result.hint


def test_without_vectors_the_words_alone_answer(filled: Writer, tmp_path: Path) -> None:
    engine = open_engine(filled, tmp_path / "index", model=str(tmp_path / "no model"))
    result = engine.recommend(ROAD_TEXT)
    assert result.degraded
    assert result.projects[0].title == "农村公路养护"
    assert result.projects[0].similarity is None
    assert named(result)["数量指标"][0] == "养护公路里程"
    assert engine.recommend(UNLIKE).categories == ()


def test_a_goal_makes_its_project_a_like_one(engine: Engine, filled: Writer) -> None:
    """The name and the purpose of the project say nothing of what it is for."""
    plan = Plan(
        "99010325P000040110004",
        "专项工作经费",
        "用于专项工作",
        5.0,
        (Row("数量指标", "采购疫苗数量", "", "≥3万头份"), Row("", "应免尽免率", "", "100%")),
        "对猪牛羊禽开展强制免疫，防控动物疫病",
    )
    filled.apply(Paper("vets", BAISHI, "366001", "白石区农业农村局", 2025, (plan,)).batch())
    result = engine.recommend("动物疫病防控：采购疫苗，对牲畜和家禽开展强制免疫")
    assert result.projects[0].title == "专项工作经费"
    found = named(result)
    assert found["数量指标"][0] == "采购疫苗数量"
    # What stands in no category comes last.
    assert list(found)[-1] == "" and "应免尽免率" in found[""]


def test_two_names_of_satisfaction_are_one_category(engine: Engine, filled: Writer) -> None:
    rows = (Row("服务对象满意度指标", "沿线居民满意度", "沿线居民的满意程度", "≥95%"),)
    plan = replace(ROADS.plans[0], code="99012125P000060110006", rows=rows)
    paper = replace(ROADS, key="more-roads", county=QINGHE, plans=(plan,))
    filled.apply(paper.batch())
    found = named(engine.recommend(ROAD_TEXT))
    [satisfaction] = [names for level2, names in found.items() if "满意度" in level2]
    assert {"群众满意度", "沿线居民满意度"} <= set(satisfaction)


def test_forgotten_documents_are_not_recommended(engine: Engine, filled: Writer) -> None:
    assert one(engine.recommend(INVEST_TEXT), "引进企业数量").count == 2
    filled.delete_document(INVEST_BEFORE.id)
    indicator = one(engine.recommend(INVEST_TEXT), "引进企业数量")
    assert (indicator.count, [project.year for project in indicator.projects]) == (1, [2025])


CATEGORIES = [
    ("数量指标", "质量指标"),
    ("时效指标", "经济成本指标"),
    # the three kinds of cost stay apart, before every benefit
    ("经济成本指标", "社会成本指标"),
    ("生态环境成本指标", "经济效益指标"),
    ("经济效益指标", "社会效益指标"),
    ("可持续影响指标", "满意度指标"),
    # of another form: after the usual ones; none at all: last
    ("服务对象满意度指标", "其他指标"),
    ("其他指标", ""),
]


@pytest.mark.parametrize(("before", "after"), CATEGORIES)
def test_the_order_of_categories(before: str, after: str) -> None:
    assert usual_place(before) < usual_place(after)


TYPICAL = [
    # the commonest, whatever its spelling
    (["≥500元", "≥0.05万元", "≥600元"], ("≥0.05万元", ">=", 2, 3)),
    # none is commoner: the one in the middle
    (["≥20个", "≥5个", "≥900个"], ("≥20个", ">=", 1, 3)),
    # of several units the commonest
    (["≥3个", "≥4个", "≥95%"], ("≥3个", ">=", 1, 3)),
    # a target that compares goes before one that does not
    (["明显提升", "明显提升", "≥95%"], ("≥95%", ">=", 1, 3)),
    (["明显提升", "明显提升", "有所提升"], ("明显提升", "none", 2, 3)),
    (["12月31日前", "11月底前", "12月31日前"], ("12月31日前", "<=", 2, 3)),
    # an empty cell is no target
    (["", "≥95%"], ("≥95%", ">=", 1, 1)),
    ([""], None),
    ([], None),
]


@pytest.mark.parametrize(("values", "expected"), TYPICAL)
def test_the_typical_target(values: list[str], expected: tuple[str, str, int, int] | None) -> None:
    found = typical_target([_indicator(n, value) for n, value in enumerate(values)])
    told = found and (found.value, found.operator, found.count, found.of)
    assert told == expected


def _indicator(number: int, value: str) -> Node:
    target = parse_target(value)
    return Node(
        f"indicator:{number}",
        "Indicator",
        {
            "value": value,
            "operator": target.operator,
            "numbers": list(target.numbers),
            "unit": target.unit,
            "value_kind": target.kind,
        },
    )
