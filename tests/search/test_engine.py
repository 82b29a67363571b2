"""Questions and answers over a small graph of three fictional counties, with the bundled model."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph.elements import Edge, Node
from graph.errors import NotFound
from graph.evidence import Evidence
from graph.store import Writer
from search.engine import Engine, open_engine
from search.errors import InvalidQuery
from search.query import INDEXED_TYPES, Hit, SearchQuery
from search.rank import usual_weights
from tests.search.graphs import INVEST, ROADS, SCHOOL

NUMBER = "云财建〔2024〕9143号"
PUBLIC = "indicator:99012125P000010110001@2025#4"


def titles(hits: tuple[Hit, ...]) -> list[str]:
    return [hit.title for hit in hits]


BY_MEANING = [
    # colloquial words share hardly a character with the name
    ("老百姓满不满意", "indicator", "群众满意度"),
    ("学生家长高不高兴", "indicator", "师生满意度"),
    ("钱有没有按时发下去", "indicator", "资金拨付及时率"),
    ("修路", "project", "农村公路养护"),
    ("翻新教室", "project", "中小学校舍维修改造"),
    ("招商", "policy", "关于下达招商引资专项资金的通知"),
    ("管公路的单位", "department", "云岭县交通运输局"),
    ("让企业来落户", "goal", "围绕产业链开展招商，促成一批项目签约落地"),
    ("交通局的绩效文本", "document", "云岭县交通运输局2025年部门预算绩效文本"),
]


@pytest.mark.parametrize(("text", "type", "first"), BY_MEANING)
def test_every_type_is_found_by_meaning(shared: Engine, text: str, type: str, first: str) -> None:
    result = shared.search(SearchQuery(text, type=type))
    assert result.degraded == ""
    assert titles(result.hits)[0] == first
    assert {hit.type for hit in result.hits} == {type}


def test_equal_wordings_are_one_hit_with_all_its_members(shared: Engine) -> None:
    hit = shared.search(SearchQuery("群众满意度")).hits[0]
    assert hit.count == len(hit.members) == 4
    assert hit.id == hit.members[0] == min(hit.members)
    assert hit.evidence


def test_features_add_up_to_the_score(shared: Engine) -> None:
    for hit in shared.search(SearchQuery("群众满意度 2025年")).hits:
        assert sum(hit.features.values()) == pytest.approx(hit.score, abs=1e-3)


def test_a_filter_keeps_exactly_the_members_that_meet_it(shared: Engine) -> None:
    query = SearchQuery("群众满意度", counties=("青禾县",), years=(2024,))
    hit = shared.search(query).hits[0]
    assert hit.members == ("indicator:99012125P000010110001@2024#2",)
    assert (hit.count, hit.context["county"], hit.context["year"]) == (1, "青禾县", 2024)
    # 白石区 has the wording in 2024, 云岭县 in 2025: no indicator is both.
    both = replace(query, counties=("云岭县",))
    assert "群众满意度" not in titles(shared.search(both).hits)


OF_MEMBERS = ("level2", "kind", "freshness", "project", "project_words", "aspect")
FILTERS = [
    SearchQuery("满意度", counties=("云岭县", "白石区")),
    SearchQuery("满意度", cities=("云州市",)),
    SearchQuery("满意度", years=(2024,)),
    SearchQuery("满意度", departments=("教育局",)),
    SearchQuery("满意度", level2=("满意度指标",)),
    SearchQuery("满意度", level2=("满意度",), years=(2025,), departments=("交通运输局",)),
]


@pytest.mark.parametrize("query", FILTERS)
def test_filters_lose_no_match_and_change_no_score(shared: Engine, query: SearchQuery) -> None:
    free = shared.search(SearchQuery(query.text, limit=100))
    filtered = shared.search(replace(query, limit=100))
    before = {hit.title: hit for hit in free.hits}
    assert filtered.hits
    for hit in filtered.hits:
        known = before[hit.title]
        assert set(hit.members) <= set(known.members)
        # Category, kind, newest year and projects are those of the members that are left.
        same = {k: v for k, v in hit.features.items() if k not in OF_MEMBERS}
        assert same == {k: v for k, v in known.features.items() if k not in OF_MEMBERS}
    kept = {member for hit in filtered.hits for member in hit.members}
    for hit in free.hits:
        for member in hit.members:
            assert (member in kept) == _meets(shared, member, query)


def _meets(shared: Engine, member: str, query: SearchQuery) -> bool:
    node = shared._store.get([member])[member]
    county = {"21": "青禾县", "22": "云岭县", "03": "白石区"}[member[14:16]]
    department = {"21": "招商服务中心", "22": "交通运输局", "03": "教育局"}[member[14:16]]
    year = int(member.partition("@")[2][:4])
    return (
        (not query.counties or county in query.counties)
        and (not query.years or year in query.years)
        and (not query.departments or department in query.departments)
        and (not query.level2 or str(node.properties["level2"]).startswith(query.level2[0][:3]))
    )


BETTER = "indicator:99010324P000030110003@2024#3"
"""群众满意度 of 白石区, ≥96%."""


def test_a_target_that_meets_the_condition_ranks_first(shared: Engine) -> None:
    result = shared.search(SearchQuery("满意度 96%以上"))
    assert result.understood.targets == ("≥96%",)
    assert result.degraded == ""
    first = result.hits[0]
    assert {hit.title for hit in result.hits[:2]} == {"群众满意度", "师生满意度"}
    # the wording is not parted: those that meet it come first
    public = next(hit for hit in result.hits if hit.title == "群众满意度")
    assert (public.members[0], public.id, public.count) == (BETTER, BETTER, 4)
    assert public.context["value"] == "≥96%"
    # it gains with the best score: half of that, or its weight where scores are low
    best = max(hit.score - hit.features.get("target", 0.0) for hit in result.hits)
    least = usual_weights().features["target"]
    assert first.features["target"] == pytest.approx(max(best / 2, least), abs=0.001)
    others = [hit for hit in result.hits if hit.title == "企业满意度"]
    assert others and "target" not in others[0].features


@pytest.mark.parametrize("text", ["96%以上", "2024年 白石区 96%以上的指标"])
def test_a_condition_alone_is_a_filter(shared: Engine, text: str) -> None:
    result = shared.search(SearchQuery(text))
    assert set(titles(result.hits)) == {"群众满意度", "师生满意度"}
    assert result.total == 2
    public = next(hit for hit in result.hits if hit.title == "群众满意度")
    assert (public.members, public.count) == ((BETTER,), 1)
    assert [(v.value, v.count) for v in result.facets["county"]] == [("白石区", 2)]


def test_a_condition_that_nothing_meets_finds_nothing(shared: Engine) -> None:
    assert shared.search(SearchQuery("99%以上")).total == 0
    beside = shared.search(SearchQuery("满意度 99%以上"))
    assert beside.total and beside.understood.notes == ("找到的指标里没有满足 ≥99% 的",)


@pytest.mark.parametrize("type", ["project", "policy"])
def test_what_only_indicators_have_is_no_condition_of_others(shared: Engine, type: str) -> None:
    said = shared.search(SearchQuery("公路 100万元以上 不要时效", type=type)).understood
    assert said.targets == ()
    assert said.notes == ("只有指标有目标值和二级指标，没有用上：≥100万元、不要时效",)


def test_a_policy_that_nothing_of_the_kind_cites_is_no_misspelling(shared: Engine) -> None:
    result = shared.search(SearchQuery(NUMBER, type="goal"))
    assert (result.total, result.did_you_mean) == (0, ())
    assert "图谱中有这份文件" in result.understood.notes[0]


def test_wordings_say_what_was_understood(shared: Engine) -> None:
    found = shared.wordings("青禾县 满易度")
    assert found.understood.counties == ("青禾县",)
    assert found.did_you_mean == ("青禾县 满意度",)
    assert shared.wordings("zzz").understood.notes
    with pytest.raises(InvalidQuery, match="名称或说法"):
        shared.wordings(" ")


def test_targets_that_were_not_looked_at_are_told(
    shared: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.wanted.MOST_OF_ROW", 1)
    assert "前 1 个" in shared.search(SearchQuery("96%以上")).degraded
    monkeypatch.setattr("search.wanted._PAGE", 2)
    monkeypatch.setattr("search.wanted.MOST_READ", 1)
    assert "没有比对目标值" in shared.search(SearchQuery("满意度 96%以上")).degraded


def test_what_is_not_wanted_is_left_out(shared: Engine) -> None:
    everything = shared.search(SearchQuery("", limit=100))
    without = shared.search(SearchQuery("不要满意度", limit=100))
    levels = {hit.context["level2"] for hit in without.hits}
    assert without.understood.without == ("满意度",)
    assert levels == {hit.context["level2"] for hit in everything.hits} - {"满意度指标"}
    elsewhere = shared.search(SearchQuery("除了青禾县的群众满意度"))
    assert {value.value for value in elsewhere.facets["county"]} == {"云岭县", "白石区"}
    assert elsewhere.hits[0].count == 2
    others = shared.search(SearchQuery("除了教育局的群众满意度"))
    assert {value.value for value in others.facets["county"]} == {"云岭县", "青禾县"}
    later = shared.search(SearchQuery("不要2024年的群众满意度"))
    assert {value.value for value in later.facets["year"]} == {"2025"}
    words = shared.search(SearchQuery("公路 不要里程"))
    assert "养护公路里程" in titles(shared.search(SearchQuery("公路")).hits)
    assert words.hits and "养护公路里程" not in titles(words.hits)
    none = SearchQuery("除了满意度的指标", level2=("满意度",))
    assert shared.search(none).total == 0


def test_relative_years_count_from_the_newest_of_the_graph(shared: Engine) -> None:
    result = shared.search(SearchQuery("去年 群众满意度"))
    assert result.understood.years == (2024,)
    assert "2025" in result.understood.notes[0]


def test_a_literal_question_has_no_conditions(shared: Engine) -> None:
    result = shared.search(SearchQuery("青禾县2024年群众满意度", literal=True, limit=100))
    assert {value.value for value in result.facets["county"]} == {"青禾县", "云岭县", "白石区"}
    kept = SearchQuery("青禾县2024年群众满意度", without_understanding=("years",))
    assert shared.search(kept).understood.text == "2024年群众满意度"


def test_an_unknown_county_finds_nothing_and_suggests(shared: Engine) -> None:
    result = shared.search(SearchQuery("满意度", counties=("青何县",)))
    assert (result.total, result.hits) == (0, ())
    assert "青禾县" in result.did_you_mean


def test_a_number_finds_what_cites_it_and_the_policy_itself(shared: Engine) -> None:
    assert titles(shared.search(SearchQuery("云财建【2024】9143号")).hits) == ["引进企业数量"]
    policies = shared.search(SearchQuery(NUMBER, type="policy")).hits
    assert [hit.context["number"] for hit in policies] == [NUMBER]
    mixed = shared.search(SearchQuery(NUMBER, type="all")).hits
    assert mixed[0].type == "policy"
    assert {hit.type for hit in mixed} == {
        "policy",
        "indicator",
        "project",
        "department",
        "document",
    }


def test_a_policy_cited_beside_the_named_one_is_not_it(engine: Engine, filled: Writer) -> None:
    plan = ROADS.plans[0]
    both = replace(plan.rows[0], cites=(INVEST, SCHOOL))
    filled.apply(replace(ROADS, plans=(replace(plan, rows=(both,)),)).batch())
    hits = engine.search(SearchQuery(NUMBER, type="policy")).hits
    assert [hit.context["number"] for hit in hits] == [NUMBER]


def test_an_unknown_number_suggests_near_ones(shared: Engine) -> None:
    result = shared.search(SearchQuery("云财建〔2024〕9145号"))
    assert result.total == 0
    assert result.understood.policies == ("云财建〔2024〕9145号",)
    assert result.did_you_mean[0] == NUMBER


def test_a_project_code_finds_its_project_and_indicators(shared: Engine) -> None:
    code = "99012225P000020110002"
    projects = shared.search(SearchQuery(code, type="project")).hits
    assert titles(projects) == ["农村公路养护"]
    assert shared.search(SearchQuery(code)).total == 4


def test_facets_count_what_each_filter_would_leave(shared: Engine) -> None:
    result = shared.search(SearchQuery("满意度"))
    assert set(result.facets) == {"county", "year", "level2", "department", "kind"}
    for facet in result.facets["county"]:
        filtered = shared.search(SearchQuery("满意度", counties=(facet.value,)))
        assert filtered.total >= facet.count
    browsed = shared.search(SearchQuery("", limit=100))
    for facet in browsed.facets["county"]:
        assert shared.search(SearchQuery("", counties=(facet.value,))).total == facet.count


def test_pages_follow_each_other_without_gap_or_repeat(shared: Engine) -> None:
    query = SearchQuery("满意度", type="all", limit=3)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        page = shared.search(replace(query, cursor=cursor))
        seen += [hit.id for hit in page.hits]
        cursor = page.next
        if cursor is None:
            break
    everything = shared.search(replace(query, limit=100))
    assert seen == [hit.id for hit in everything.hits]
    assert len(seen) == len(set(seen)) == everything.total


def test_a_cursor_of_another_search_is_refused(shared: Engine) -> None:
    query = SearchQuery("满意度", limit=2)
    cursor = shared.search(query).next
    with pytest.raises(InvalidQuery, match="另一次检索"):
        shared.search(replace(query, text="及时率", cursor=cursor))
    for damaged in ("x", "!!", "bnVsbA", ""):
        with pytest.raises(InvalidQuery, match="翻页标记"):
            shared.search(replace(query, cursor=damaged))


def test_a_cursor_ends_with_the_index_it_was_made_from(engine: Engine, filled: Writer) -> None:
    query = SearchQuery("满意度", limit=1)
    cursor = engine.search(query).next
    filled.delete_document(next(iter(filled.scan("Document").nodes)).id)
    with pytest.raises(InvalidQuery, match="变化"):
        engine.search(replace(query, cursor=cursor))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (SearchQuery("满意", type="village"), "类型"),
        (SearchQuery("满意", limit=0), "每页条数"),
        (SearchQuery("满意", limit=101), "每页条数"),
        (SearchQuery("满" * 1001), "检索词"),
        (SearchQuery("满意", without_understanding=("moons",)), "policies、projects"),
        (SearchQuery("满意", counties=("青禾县", "")), "不能为空"),
        (SearchQuery("满意", cities=(" ",)), "不能为空"),
        (SearchQuery("满意", departments=("",)), "不能为空"),
        (SearchQuery("满意", level2=("",)), "不能为空"),
        (SearchQuery("满意", counties=("\ud83d",)), "不是有效的文字"),
    ],
)
def test_invalid_queries_are_named(shared: Engine, query: SearchQuery, said: str) -> None:
    with pytest.raises(InvalidQuery, match=said):
        shared.search(query)


@pytest.mark.parametrize(
    "text", ["，。！", "\x00", "'; DROP TABLE", "😀", "的", " ", "《》", "〔〕号"]
)
@pytest.mark.parametrize("type", ["all", *INDEXED_TYPES])
def test_odd_questions_are_answered(shared: Engine, text: str, type: str) -> None:
    result = shared.search(SearchQuery(text, type=type))
    assert result.total >= len(result.hits)


def test_similar_groups_other_counties_with_comparable_targets(shared: Engine) -> None:
    result = shared.similar(indicator=PUBLIC)
    assert result.source.id == PUBLIC
    counties = {group.county for group in result.groups}
    assert counties == {"云岭县", "白石区"}
    for group in result.groups:
        assert group.hits[0].title == "群众满意度"
        assert {hit.context["county"] for hit in group.hits} == {group.county}
    assert (result.targets.unit, result.targets.kind) == ("%", "percent")
    assert {"≥92%", "≥96%"} <= {target.value for target in result.targets.values}
    assert all(target.county != "青禾县" for target in result.targets.values)


def test_similar_over_all_counties_leaves_the_source_out(shared: Engine) -> None:
    result = shared.similar(indicator=PUBLIC, scope="all")
    members = [m for group in result.groups for hit in group.hits for m in hit.members]
    assert PUBLIC not in members
    assert "indicator:99012125P000010110001@2024#2" in members


def test_similar_to_a_text_compares_the_usual_kind(shared: Engine) -> None:
    result = shared.similar(text="群众满意程度")
    assert result.groups[0].hits[0].title == "群众满意度"
    assert (result.targets.unit, result.targets.kind) == ("%", "percent")


def test_similar_names_what_is_wrong(shared: Engine) -> None:
    with pytest.raises(NotFound, match="图谱中没有指标"):
        shared.similar(indicator="indicator:none#1")
    with pytest.raises(InvalidQuery, match="范围"):
        shared.similar(text="满意", scope="moon")
    with pytest.raises(InvalidQuery, match="指标编号"):
        shared.similar(text=" ")


def test_wordings_tell_how_a_wording_is_used(shared: Engine) -> None:
    first = shared.wordings("群众满不满意").wordings[0]
    assert first.text == "群众满意度：受益群众的满意程度"
    assert (first.name, first.count) == ("群众满意度", 4)
    assert [(c.value, c.count) for c in first.counties] == [
        ("青禾县", 2),
        ("云岭县", 1),
        ("白石区", 1),
    ]
    assert {target.value for target in first.targets} == {"≥88%", "≥90%", "≥92%", "≥96%"}
    assert first.examples[0].indicator


def test_wordings_of_one_category(shared: Engine) -> None:
    found = shared.wordings("及时", level2=("时效指标",)).wordings
    assert [group.name for group in found] == ["资金拨付及时率"]


def test_near_names(shared: Engine) -> None:
    assert shared.near("青禾县招商服务中新")[0] == "青禾县招商服务中心"


def test_an_empty_store_answers_with_nothing(store: Writer, tmp_path: Path) -> None:
    engine = open_engine(store, tmp_path / "index")
    for text in ("满意", "", NUMBER):
        result = engine.search(SearchQuery(text, type="all"))
        assert (result.total, result.hits, result.next) == (0, (), None)
    assert engine.wordings("满意").wordings == ()
    assert engine.similar(text="满意").groups == ()


def test_a_goal_of_a_whole_department_has_the_year_of_its_document(
    engine: Engine, filled: Writer
) -> None:
    document = ROADS.id
    goal = f"goal:{document}#1"
    batch = ROADS.batch()
    proof = Evidence(document=document, raw="目标", start=0, end=2)
    node = Node(goal, "Goal", {"scope": "overall", "text": "全县道路状况总体良好"}, (proof,))
    unit = "department:990122-311001"
    edges = (Edge(document, "HAS_GOAL", goal), Edge(unit, "HAS_GOAL", goal))
    filled.apply(replace(batch, nodes=(*batch.nodes, node), edges=(*batch.edges, *edges)))
    hit = engine.search(SearchQuery("全县道路状况", type="goal", years=(2025,))).hits[0]
    assert hit.id == goal
    assert (hit.context["year"], hit.context["county"]) == (2025, "云岭县")


def test_a_question_that_is_a_name_says_what_it_says(store: Writer, tmp_path: Path) -> None:
    """The year of its name is not that of its document."""
    name = "2031年县道养护奖励资金"
    plan = replace(ROADS.plans[0], name=name)
    store.apply(replace(ROADS, plans=(plan,)).batch())
    engine = open_engine(store, tmp_path / "index")
    assert titles(engine.search(SearchQuery(name, type="project")).hits) == [name]
    beside = engine.search(SearchQuery(f"{name} 公路", type="project"))
    assert (beside.understood.years, beside.total) == ((2031,), 0)
