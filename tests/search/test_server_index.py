"""The index on a Neo4j server: the same answers as from files, kept in step by many at once."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from graph.neo4j_connection import Connection, NotAllowed
from graph.opening import open_store, server_of
from graph.store import Writer
from search import filling, neo4j_index, neo4j_keeper, neo4j_queries
from search.engine import Engine, open_engine
from search.errors import SearchError
from search.index import FIELDS
from search.keeper import STALE
from search.opening import LOCAL, SERVER
from search.query import Hit, SearchQuery
from tests.backends import NEO4J, SQLITE, Backend
from tests.search.graphs import (
    DEPARTMENT_RENAMED,
    INVESTMENT,
    PAPERS,
    PROJECT_RENAMED,
    ROADS,
    SCHOOLS,
    Paper,
)

NEAR = 0.05
"""Files keep vectors of 16 bits, the server of 32: scores differ by less than this."""


@pytest.fixture(scope="module")
def backend() -> Backend:
    return NEO4J


@pytest.fixture(scope="module")
def in_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    folder = tmp_path_factory.mktemp("files")
    with open_store(SQLITE.url(folder, 0)) as store:
        for paper in PAPERS:
            store.apply(paper.batch())
        yield open_engine(store, folder / "index")


QUESTIONS = [
    SearchQuery(text, type=type, counties=counties, years=years, level2=level2, limit=50)
    for text in ("老百姓满不满意", "道路养护里程", "云财建〔2024〕9143号", "[a] (b) 招商/OR:~", "")
    for type in ("indicator", "all", "policy")
    for counties, years, level2 in (
        ((), (), ()),
        (("青禾县",), (), ()),
        (("青禾县", "云岭县"), (2025,), ()),
        ((), (2024,), ("满意度",)),
    )
] + [
    SearchQuery(text, limit=50)
    for text in (
        "满意度 92%以上",
        "92%以上",
        "公路 不要满意度",
        "除了青禾县",
        "近两年 公路 不要里程",
    )
]


@pytest.mark.parametrize("query", QUESTIONS, ids=lambda q: f"{q.text}-{q.type}-{q.counties}")
def test_a_server_answers_as_files_do(query: SearchQuery, shared: Engine, in_files: Engine) -> None:
    found, wanted = shared.search(query), in_files.search(query)
    assert found.understood == wanted.understood
    assert (found.total, found.facets) == (wanted.total, wanted.facets)
    same(found.hits, wanted.hits)


@pytest.mark.parametrize("text", ["服务对象满意度", "新建道路", "没有这样的指标"])
def test_similar_and_wordings_are_the_same(text: str, shared: Engine, in_files: Engine) -> None:
    found, wanted = shared.similar(text=text), in_files.similar(text=text)
    assert {g.county: {h.id for h in g.hits} for g in found.groups} == {
        g.county: {h.id for h in g.hits} for g in wanted.groups
    }
    assert sorted(map(str, found.targets.values)) == sorted(map(str, wanted.targets.values))
    named = {group.text: group for group in in_files.wordings(text).wordings}
    assert {group.text: group for group in shared.wordings(text).wordings} == named


def same(found: tuple[Hit, ...], wanted: tuple[Hit, ...]) -> None:
    """Hits alike, and in the same order but where two have nearly the same score."""
    known = {hit.id: hit for hit in wanted}
    assert {hit.id for hit in found} == known.keys()
    for hit in found:
        other = known[hit.id]
        assert hit.score == pytest.approx(other.score, abs=NEAR)
        # A feature that gives next to nothing may be left out on one side.
        for name in hit.features.keys() | other.features.keys():
            given = other.features.get(name, 0)
            assert hit.features.get(name, 0) == pytest.approx(given, abs=NEAR), name
        assert replace(hit, score=0, features={}) == replace(other, score=0, features={})
    scores = [known[hit.id].score for hit in found]
    assert all(later <= earlier + NEAR for earlier, later in pairwise(scores))


def test_a_filter_loses_no_match_however_deep_it_lies(
    shared: Engine, in_files: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery("满意度", type="all", counties=("云岭县",), limit=50)
    wanted = in_files.search(query).hits
    # Too many to be named, and one more look each time.
    monkeypatch.setattr(neo4j_index, "EXACT_ROWS", 0)
    monkeypatch.setattr("search.matching.CANDIDATES", 1)
    monkeypatch.setattr(neo4j_index, "_DEEPER", 2)
    found = shared.search(query).hits
    assert found and {hit.id for hit in found} <= {hit.id for hit in wanted}
    assert found[0].id == wanted[0].id


@pytest.mark.parametrize("text", ["招商引资满意度", "农村公路养护的群众"])
def test_fields_score_as_in_files(
    text: str, shared: Engine, in_files: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = SearchQuery(text, type="all", limit=50)
    wanted = {hit.id: hit.features for hit in in_files.search(query).hits}
    # A query that may name a few rows only, so that they are asked for in parts.
    monkeypatch.setattr(neo4j_queries, "FULLTEXT_CLAUSES", 60)
    lexical = [f"lexical_{field}" for field in FIELDS]
    for hit in shared.search(query).hits:
        for name in lexical:
            known = wanted[hit.id].get(name, 0)
            assert hit.features.get(name, 0) == pytest.approx(known, abs=0.001), (hit, name)


STEPS: list[list[Paper]] = [
    [ROADS],
    [ROADS, SCHOOLS],
    [replace(ROADS, plans=()), SCHOOLS, INVESTMENT],
    [INVESTMENT],
    [INVESTMENT, DEPARTMENT_RENAMED],
    [INVESTMENT, PROJECT_RENAMED],
]


def test_catching_up_equals_building_anew(store: Writer, tmp_path: Path) -> None:
    followed = open_engine(store, tmp_path)
    there: dict[str, Paper] = {}
    for papers in STEPS:
        for paper in papers:
            store.apply(paper.batch())
        for gone in there.keys() - {paper.id for paper in papers}:
            store.delete_document(gone)
        there = {paper.id: paper for paper in papers}
        followed.refresh()
    caught_up = contents(store)
    followed.rebuild()
    assert contents(store) == caught_up


def contents(store: Writer) -> list[list[str]]:
    """Rows with their members, terms and samples of the generation that is searched."""
    connection = server(store)
    ((told,),) = connection.read(lambda run: run(neo4j_queries.READ_INDEX))
    names = neo4j_queries.Names(told["generation"])
    asked = (
        f"MATCH (r:{names.row}) RETURN properties(r)",
        f"MATCH (r:{names.row})-[m:_HAS]->(n) RETURN r.id, properties(m), n.id",
        f"MATCH (t:{names.term}) WHERE t.name + t.text + t.around <> 0 RETURN properties(t)",
        f"MATCH (s:{names.sample}) WHERE s.rows <> 0 RETURN s.type, s.digest, s.vectors",
    )
    # A row that is written anew may tell its properties in another order.
    told = partial(json.dumps, sort_keys=True, default=str)
    return connection.read(lambda run: [sorted(map(told, run(query))) for query in asked])


def server(store: Writer) -> Connection:
    connection = server_of(store)
    assert connection is not None
    return connection


def test_two_processes_build_once_and_both_see_it(filled: Writer, tmp_path: Path) -> None:
    one, other = open_engine(filled, tmp_path / "one"), open_engine(filled, tmp_path / "other")
    threads = [threading.Thread(target=engine.refresh) for engine in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ((told,),) = server(filled).read(lambda run: run(neo4j_queries.READ_INDEX))
    assert (told["generation"], told["serial"]) == (1, 1)
    assert one.search(SearchQuery("满意度")).hits == other.search(SearchQuery("满意度")).hits


def test_while_another_builds_the_older_state_answers(
    engine: Engine, filled: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = engine.search(SearchQuery("满意度"))
    lease = {"me": "another", "milliseconds": 60_000}
    server(filled).write(lambda run: run(neo4j_queries.TAKE_LEASE, **lease))
    filled.delete_document(SCHOOLS.id)
    monkeypatch.setattr(neo4j_keeper, "IMPATIENT_SECONDS", 0.2)
    assert engine.search(SearchQuery("满意度")).degraded == STALE
    monkeypatch.setattr(neo4j_keeper, "LOCK_SECONDS", 0.2)
    with pytest.raises(SearchError, match="另一个进程正在更新"):
        engine.refresh()
    server(filled).write(lambda run: run(neo4j_queries.END_LEASE, me="another"))
    after = engine.search(SearchQuery("满意度"))
    assert not after.degraded and after.total <= before.total


def test_who_may_only_read_is_answered_from_what_there_is(
    engine: Engine, filled: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.refresh()
    filled.delete_document(SCHOOLS.id)

    def refused(work: object) -> None:
        raise NotAllowed("这个用户没有权限")

    monkeypatch.setattr(server(filled), "write", refused)
    result = engine.search(SearchQuery("满意度"))
    assert result.hits and result.degraded == STALE


def test_a_builder_that_died_is_taken_over(engine: Engine, filled: Writer) -> None:
    engine.refresh()
    lease = {"me": "dead", "milliseconds": -1}
    server(filled).write(lambda run: run(neo4j_queries.TAKE_LEASE, **lease))
    filled.delete_document(SCHOOLS.id)
    assert not engine.search(SearchQuery("满意度")).degraded
    assert not engine.status().stale


def test_a_builder_that_lost_its_lease_stops(
    engine: Engine, filled: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.refresh()
    connection = server(filled)
    fill = filling.fill

    def late(*arguments: object) -> None:
        # As if it had slept longer than its lease, and another had begun.
        connection.write(
            lambda run: run("MATCH (i:_Index) SET i.builder = 'another', i.until = 9e15")
        )
        fill(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(filling, "fill", late)
    with pytest.raises(SearchError, match="接手"):
        engine.rebuild()


def test_an_old_generation_goes_once_nobody_reads_it(
    engine: Engine, filled: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.refresh()
    engine.rebuild()
    assert labels(filled) >= {"_Row_1", "_Row_2"}
    monkeypatch.setattr(neo4j_keeper, "GRACE_MILLISECONDS", -1000)
    filled.delete_document(SCHOOLS.id)
    engine.refresh()
    assert "_Row_2" in labels(filled)
    assert not labels(filled) & {"_Row_1", "_Term_1", "_Sample_1"}
    assert engine.search(SearchQuery("满意度")).total


def labels(store: Writer) -> set[str]:
    asked = "MATCH (n) UNWIND labels(n) AS label RETURN DISTINCT label"
    return {label for (label,) in server(store).read(lambda run: run(asked))}


def test_without_its_model_the_text_leg_answers(filled: Writer, tmp_path: Path) -> None:
    engine = open_engine(filled, tmp_path, str(tmp_path / "no-model"))
    result = engine.search(SearchQuery("满意度"))
    assert result.hits and "语义模型不可用" in result.degraded
    again = open_engine(filled, tmp_path)
    assert "jipu reindex" in again.search(SearchQuery("满意度")).degraded
    again.refresh()
    found = again.search(SearchQuery("满意度"))
    assert not found.degraded and "dense" in found.hits[0].features


def test_files_may_stand_beside_a_server(filled: Writer, tmp_path: Path) -> None:
    local = open_engine(filled, tmp_path / "index", index=LOCAL)
    other = open_engine(filled, tmp_path / "other", index=LOCAL)
    assert ids(local) == ids(other)
    assert (tmp_path / "index" / "CURRENT").exists()
    filled.delete_document(SCHOOLS.id)
    assert ids(local) == ids(other)


def ids(engine: Engine) -> set[str]:
    return {hit.id for hit in engine.search(SearchQuery("满意度", limit=50)).hits}


def test_a_store_in_files_has_no_server(tmp_path: Path) -> None:
    with open_store(SQLITE.url(tmp_path, 0)) as store, pytest.raises(SearchError, match="Neo4j"):
        open_engine(store, tmp_path, index=SERVER)
