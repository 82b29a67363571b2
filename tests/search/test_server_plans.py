"""How the server answers the statements of `search.neo4j_queries`: by an index, never by looking at
every row."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import neo4j
import pytest

from bench.synthetic import batches
from graph.opening import open_store
from search import neo4j_queries as queries
from search.engine import open_engine
from search.index import Selection
from search.neo4j_index import model_hash
from tests.neo4j_servers import servers
from tests.plans import operators, reads_all, unserved

NAMES = queries.Names(1, model_hash("any"))
INDEXES = {**NAMES.constraints(), **NAMES.indexes(0)}
ROW, NAME, TYPE = "jipu_search_row_1", "jipu_search_name_1", "jipu_search_type_1"

COUNTY = Selection(("indicator",), facets={"county": frozenset({"region:990121"})})
UNIT = Selection(("indicator",), facets={"department": frozenset({"department:990121-301"})})
NODES = Selection(("indicator", "policy"), nodes=frozenset({"indicator:a"}), policies=frozenset())
YEAR = Selection(("indicator",), years=frozenset({2024}))
ASKED = {
    **{name: [] for name in ("keys", "ids", "terms", "types", "nodes", "county", "department")},
    **{"years": [], "policies": [], "outside": "", "limit": 10, "most": 10, "depth": 10},
    **{"query": "terms_name:a", "vector": [0.5], "model": "m", "name": 1, "rows": [], "values": []},
    "type": "indicator",
}
MEMBER = queries.member_condition(YEAR)
FILTERED = queries.row_condition(YEAR)

STATEMENTS: list[tuple[str, set[str]]] = [
    (NAMES.term_counts(), {"jipu_search_term_1"}),
    (NAMES.text_leg(FILTERED), set()),
    (NAMES.likeness(), {ROW}),
    (NAMES.named(FILTERED), {NAME}),
    (NAMES.described(), {ROW}),
    (NAMES.those(FILTERED), {ROW}),
    (NAMES.weighed(), {ROW}),
    (NAMES.measuring(), {ROW}),
    (NAMES.vectors_of(), {ROW}),
    (NAMES.everything(FILTERED), {TYPE}),
    (NAMES.meeting(COUNTY), {"jipu_search_county"}),
    (NAMES.meeting(UNIT), {"jipu_search_department"}),
    (NAMES.meeting(NODES), set()),
    (NAMES.members(MEMBER), {ROW}),
    (NAMES.by_county(MEMBER), {ROW}),
    (NAMES.having("level2", MEMBER), {ROW}),
    (NAMES.newest(MEMBER), {ROW}),
    (NAMES.years_of_documents(), {TYPE}),
    (NAMES.facets(("county", "year"), MEMBER), {ROW}),
    # --- writing
    (NAMES.known_rows(), {ROW}),
    (NAMES.write_rows(), {ROW}),
    (NAMES.count_terms(), {"jipu_search_term_1"}),
    (NAMES.mark_vectors("indicator"), set()),
    (NAMES.remove_rows(), {ROW}),
    (NAMES.remove_members(), set()),
    (NAMES.add_members(), {ROW}),
    (NAMES.count_rows(), {TYPE}),
    (NAMES.first_rows(), {TYPE}),
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[neo4j.Session]:
    url = servers().empty(0)
    with open_store(url) as store:
        for said in batches(600):
            store.apply(said)
        nowhere = tmp_path_factory.mktemp("plans")
        open_engine(store, nowhere, str(Path(nowhere / "no-model"))).refresh()
    login, _, place = url.partition("://")[2].rpartition("@")
    user, _, password = login.partition(":")
    address = f"bolt://{place.partition('/')[0]}"
    with (
        neo4j.GraphDatabase.driver(address, auth=(user, password)) as driver,
        driver.session(database="neo4j") as opened,
    ):
        opened.run("CALL db.resampleOutdatedIndexes()").consume()
        yield opened


@pytest.mark.parametrize(("statement", "indexes"), STATEMENTS)
def test_an_index_answers(session: neo4j.Session, statement: str, indexes: set[str]) -> None:
    asked: dict[str, Any] = dict(ASKED)
    found = operators(session, statement, **asked)
    assert not reads_all(found), found
    assert not unserved(found, {name: INDEXES[name] for name in indexes}), found


def test_a_missing_index_is_seen(session: neo4j.Session) -> None:
    session.run("DROP INDEX jipu_search_county").consume()
    try:
        assert reads_all(operators(session, NAMES.meeting(COUNTY), **ASKED))
    finally:
        session.run(INDEXES["jipu_search_county"]).consume()
        session.run("CALL db.awaitIndexes(60)").consume()
