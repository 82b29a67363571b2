"""What a search document says of what surrounds it: bounded, and the same in whatever order."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest

from graph.opening import open_store
from graph.store import Reader, Writer, scan_all
from search import around
from search.documents import SearchDocument, search_documents
from search.engine import Engine
from search.query import SearchQuery
from search.reach import reached
from tests.backends import SQLITE
from tests.search.graphs import (
    DEPARTMENT_RENAMED,
    INVEST_BEFORE,
    INVESTMENT,
    PAPERS,
    ROADS,
    Paper,
    Plan,
    Row,
)

PUBLIC, COMPANIES = "群众满意度", "企业满意度"


@pytest.fixture
def papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Writer]:
    with open_store(SQLITE.url(tmp_path_factory.mktemp("papers"), 0)) as store:
        for paper in PAPERS:
            store.apply(paper.batch())
        yield store


def document(store: Reader, label: str, name: str) -> SearchDocument:
    nodes = list(scan_all(store, label))
    return next(d for d in search_documents(store, label, nodes) if d.name == name)


SAYS = [
    # a wording: project, department, county, category, target, goal, basis of its indicator
    (
        "Wording",
        COMPANIES,
        "招商引资工作经费 青禾县招商服务中心 青禾县 满意度指标 ≥95%"
        " 围绕产业链开展招商，促成一批项目签约落地 工作计划",
    ),
    # the commonest first: two of its four indicators stand in projects of one name
    ("Wording", PUBLIC, "招商引资工作经费 中小学校舍维修改造 农村公路养护"),
    (
        "Project",
        "农村公路养护",
        "云岭县交通运输局 云岭县 保障道路畅通，改善出行条件"
        " 养护公路里程 路面完好率 每公里养护成本 群众满意度",
    ),
    ("Goal", "", "招商引资工作经费 青禾县招商服务中心 青禾县"),
    ("Department", "白石区教育局", "白石区 中小学校舍维修改造"),
]


@pytest.mark.parametrize(("label", "name", "said"), SAYS)
def test_what_is_around(papers: Writer, label: str, name: str, said: str) -> None:
    if label == "Goal":
        papers.delete_document(ROADS.id)
    found = document(papers, label, name)
    assert found.around.split("\n")[: len(said.split(" "))] == said.split(" ")
    assert not name or name not in found.text


def test_a_popular_wording_is_known_by_itself(
    papers: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(around, "POPULAR_WORDING", 3)
    assert document(papers, "Wording", PUBLIC).around == ""
    assert document(papers, "Wording", COMPANIES).around


def test_it_is_bounded(papers: Writer) -> None:
    rows = tuple(Row("数量指标", f"第{n}项指标", "同样的", "≥95%") for n in range(60))
    plans = tuple(Plan(f"99012125P00001011{n:04}", "长" * 500, rows=rows) for n in range(3))
    papers.apply(replace(INVESTMENT, plans=plans).batch())
    for label in ("Wording", "Project"):
        for found in search_documents(papers, label, list(scan_all(papers, label))):
            most = {"Wording": around.AROUND_CHARACTERS, "Project": around.PROJECT_CHARACTERS}
            assert len(found.around) <= most[label]


@pytest.mark.parametrize(
    ("paper", "wordings"),
    [
        # A document more of a known department and county reaches nothing that it does not name.
        (INVEST_BEFORE, set()),
        # One that renames them reaches every wording of theirs.
        (DEPARTMENT_RENAMED, {row.name for row in INVESTMENT.plans[0].rows}),
    ],
)
def test_a_change_reaches_as_far_as_it_must(
    papers: Writer, paper: Paper, wordings: set[str]
) -> None:
    papers.delete_document(paper.id)
    labels = ("Wording", "Project", "Goal", "Department")
    before = {d.node: d.hash for d in everything(papers, labels)}

    class Before:
        def shows(self, documents: Sequence[SearchDocument]) -> list[bool]:
            return [before.get(d.node) == d.hash for d in documents]

    papers.apply(paper.batch())
    named = [node.id for node in paper.batch().nodes]
    found = reached(papers, list(papers.get(named).values()), Before()) - set(named)
    names = {str(node.properties.get("name")) for node in papers.get(found).values()}
    assert wordings <= names
    assert wordings or not found
    changed = {d.node for d in everything(papers, labels) if before.get(d.node) != d.hash}
    assert changed <= found | set(named)


def everything(store: Reader, labels: tuple[str, ...]) -> list[SearchDocument]:
    return [d for x in labels for d in search_documents(store, x, list(scan_all(store, x)))]


def test_the_project_tells_equal_names_apart(engine: Engine, filled: Writer) -> None:
    plan = Plan(
        "99012125P000010110007",
        "外贸企业出口信用保险补助",
        rows=(Row("满意度指标", "服务对象满意度", "对补助工作满意"),),
    )
    other = replace(plan, code="99012125P000010110008", name="图书馆免费开放补助")
    other = replace(other, rows=(replace(plan.rows[0], description="对补助工作很满意"),))
    filled.apply(replace(INVESTMENT, plans=(plan, other)).batch())
    for asked, project in (("外贸", plan.name), ("图书馆", other.name)):
        hits = engine.search(SearchQuery(f"{asked}补助的满意度")).hits
        first, second = (hit for hit in hits if hit.title == "服务对象满意度")
        assert first.context["project"] == project
        assert first.features["lexical_around"] > second.features.get("lexical_around", 0)


def test_newer_indicators_weigh_a_little_more(engine: Engine) -> None:
    hits = {hit.title: hit.features for hit in engine.search(SearchQuery("满意度")).hits}
    assert hits[COMPANIES]["freshness"] == pytest.approx(2 * hits["师生满意度"]["freshness"])
    filtered = engine.search(SearchQuery(PUBLIC, years=(2024,))).hits[0]
    assert filtered.features["freshness"] == hits["师生满意度"]["freshness"]


@pytest.mark.parametrize(
    ("text", "named", "other"),
    [
        ("公路的成本要多少钱", "每公里养护成本", "养护公路里程"),
        ("公路完好的比例", "路面完好率", "养护公路里程"),
    ],
)
def test_the_kind_of_target_that_is_asked_for(
    engine: Engine, text: str, named: str, other: str
) -> None:
    hits = {hit.title: hit.features for hit in engine.search(SearchQuery(text)).hits}
    assert hits[named]["kind"] > 0
    assert "kind" not in hits[other]
