"""How the server answers the statements of `graph.neo4j_queries`: by an index, never by looking at
every node. Asked of a server with a few thousand nodes, so that its planner has something to
count."""

from collections.abc import Iterator
from typing import Any

import neo4j
import pytest

from bench.synthetic import batches
from graph import neo4j_queries as queries
from graph.opening import open_store
from tests.neo4j_servers import servers
from tests.plans import operators, reads_all, unserved

IDS = ["indicator:a", "indicator:b"]
ENDS = [
    {"source": "indicator:a", "target": "wording:b", "field": "basis", "properties": {"field": "a"}}
]
NODE = [{"id": "indicator:new", "name": "道路完好率", "_revision": 1, "_turn": "0document:a"}]
SAID = [{"key": "a", "turn": "0document:a", "properties": "{}", "evidence": "[]"}]
VECTOR = [{"node": "indicator:a", "text_hash": "a", "vector": [0.5]}]

STATEMENTS: list[tuple[str, dict[str, Any], set[str]]] = [
    # --- reading: the statement, its parameters, the indexes that serve it
    (queries.READ_STATE, {}, {"jipu_state"}),
    (queries.LOCK_STATE, {}, {"jipu_state"}),
    (queries.SET_REVISION, {"revision": 1}, {"jipu_state"}),
    (queries.GET, {"ids": IDS}, {"jipu_node"}),
    (queries.CONTRIBUTORS, {"ids": IDS}, {"jipu_node", "jipu_contribution"}),
    (queries.KNOWN, {"ids": IDS}, {"jipu_applied"}),
    (queries.DIGEST, {"id": "document:a"}, {"jipu_applied"}),
    (queries.SAID_BY, {"document": "document:a"}, {"jipu_said"}),
    (queries.WRITTEN_SINCE, {"since": 1}, {"jipu_node_revision"}),
    (queries.REMOVED_SINCE, {"since": 1}, {"jipu_tombstone_revision"}),
    (queries.EMBEDDINGS, {"ids": IDS, "model": "m"}, {"jipu_embedding"}),
    (queries.edges_from(["CITES", "WORDED_AS"]), {"ids": IDS}, {"jipu_node"}),
    (queries.edges_to(["CITES", "WORDED_AS"]), {"ids": IDS}, {"jipu_node"}),
    (queries.degree("CITES", "out"), {"ids": IDS}, {"jipu_node"}),
    (queries.degree("CITES", "in"), {"ids": IDS}, {"jipu_node"}),
    (queries.degree("CITES", "both"), {"ids": IDS}, {"jipu_node"}),
    (
        queries.scan("Indicator", None),
        {"where": {}, "indexed": None, "after": "", "size": 5},
        {"jipu_indicator"},
    ),
    (
        queries.scan("Department", "name"),
        {"where": {"name": ["青禾县"]}, "indexed": "name", "after": "", "size": 5},
        {"jipu_department_name"},
    ),
    # --- writing
    (queries.FORGET_DOCUMENTS, {"documents": IDS}, {"jipu_said", "jipu_applied"}),
    (queries.HELD_NODES, {"ids": IDS, "leaving": IDS}, {"jipu_node"}),
    (queries.FIRST_CONTRIBUTIONS, {"keys": IDS, "most": 20}, {"jipu_contribution"}),
    (queries.CROWDED, {"rows": SAID, "most": 20}, {"jipu_contribution"}),
    (queries.REMOVE_CONTRIBUTIONS, {"rows": SAID}, {"jipu_contribution"}),
    (queries.KEEP_CONTRIBUTIONS, {"rows": SAID}, set()),
    (queries.REMOVE_NODES, {"ids": IDS, "revision": 1}, {"jipu_node", "jipu_tombstone"}),
    (queries.REMOVE_EMBEDDINGS, {"ids": IDS}, {"jipu_embedding"}),
    (queries.REMOVE_TOMBSTONES, {"ids": IDS}, {"jipu_tombstone"}),
    (queries.SEE_WRITTEN, {"ids": IDS, "revision": 1}, {"jipu_node"}),
    (queries.SET_EMBEDDINGS, {"rows": VECTOR, "model": "m"}, {"jipu_node", "jipu_embedding"}),
    (queries.create_nodes("Indicator"), {"rows": NODE}, set()),
    (queries.change_nodes("Indicator"), {"rows": NODE}, {"jipu_indicator"}),
    (queries.create_edges("CITES"), {"rows": ENDS}, {"jipu_node"}),
    (queries.held_edges("CITES"), {"rows": ENDS, "leaving": IDS}, {"jipu_node"}),
    (queries.held_edges("WORDED_AS"), {"rows": ENDS, "leaving": IDS}, {"jipu_node"}),
    (queries.change_edges("CITES"), {"rows": ENDS}, {"jipu_node"}),
    (queries.remove_edges("CITES"), {"rows": ENDS}, {"jipu_node"}),
]


@pytest.fixture(scope="module")
def session() -> Iterator[neo4j.Session]:
    url = servers().empty(0)
    with open_store(url) as store:
        for said in batches(600):
            store.apply(said)
    address = f"bolt://{url.rpartition('@')[2].partition('/')[0]}"
    with neo4j.GraphDatabase.driver(address, auth=_login(url)) as driver:
        driver.execute_query("CALL db.resampleOutdatedIndexes()", database_="neo4j")
        with driver.session(database="neo4j") as opened:
            yield opened


def _login(url: str) -> tuple[str, str]:
    user, _, password = url.partition("://")[2].rpartition("@")[0].partition(":")
    return user, password


@pytest.mark.parametrize(("statement", "parameters", "indexes"), STATEMENTS)
def test_an_index_answers(
    session: neo4j.Session, statement: str, parameters: dict[str, Any], indexes: set[str]
) -> None:
    found = operators(session, statement, **parameters)
    assert not reads_all(found), found
    assert not unserved(found, {name: queries.INDEXES[name] for name in indexes}), found


def test_counts_come_from_the_counters(session: neo4j.Session) -> None:
    names = {name.partition("@")[0] for name, _ in operators(session, queries.COUNTS)}
    assert {"NodeCountFromCountStore", "RelationshipCountFromCountStore"} <= names
    assert not [name for name in names if "Scan" in name or "Expand" in name]


def test_a_missing_index_is_seen(session: neo4j.Session) -> None:
    session.run("DROP INDEX jipu_node_revision").consume()
    try:
        found = operators(session, queries.WRITTEN_SINCE, since=1)
        assert any("NodeByLabelScan" in name for name, _ in found)
    finally:
        session.run(queries.INDEXES["jipu_node_revision"]).consume()
        session.run("CALL db.awaitIndexes(60)").consume()
