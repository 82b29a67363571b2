"""The queries of docs/cypher, on the examples: each runs, finds something, and finds what the same
question to the Reader finds."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

import neo4j
import pytest

from bench.measure import EXAMPLES
from graph.elements import Node
from graph.evidence import Evidence
from graph.opening import open_store
from graph.rows import evidence_of
from graph.store import Reader, scan_all
from ingest.pipeline import IngestOptions, ingest_paths
from tests.neo4j_servers import servers
from tools.data_model import QUERIES

NOTICE = "policy:州财建〔2024〕9021号"
COUNTY_NOTICE = "policy:云岭财建〔2024〕9005号"
NAME = "群众满意度"
Rows: TypeAlias = list[list[Any]]


@pytest.fixture(scope="module")
def filled() -> Iterator[tuple[Reader, neo4j.Session]]:
    url = servers().empty(0)
    login, _, place = url.partition("://")[2].rpartition("@")
    user, _, password = login.partition(":")
    with (
        open_store(url) as store,
        neo4j.GraphDatabase.driver(
            f"bolt://{place.partition('/')[0]}", auth=(user, password)
        ) as driver,
        driver.session(database="neo4j") as session,
    ):
        ingest_paths([EXAMPLES], store, IngestOptions())
        yield store, session


def _values(nodes: dict[str, Node], id: str, *names: str) -> tuple[Any, ...]:
    return tuple(nodes[id].properties.get(name) for name in names)


def _all(reader: Reader, label: str) -> dict[str, Node]:
    return {node.id: node for node in scan_all(reader, label)}


def _runs(reader: Reader) -> dict[str, str]:
    """The unit of every project."""
    return {e.target: e.source for e in reader.edges(_all(reader, "Department"), ["RUNS"])}


def _measured(reader: Reader) -> dict[str, str]:
    """The project of every indicator that has one."""
    return {e.target: e.source for e in reader.edges(_all(reader, "Project"), ["MEASURED_BY"])}


def citing(reader: Reader, rows: Rows) -> None:
    sources = {edge.source for edge in reader.edges([NOTICE], ["CITES"], "in")}
    owners = {e.source for e in reader.edges(sources, ["MEASURED_BY", "HAS_GOAL"], "in")}
    projects = _all(reader, "Project")
    found = {
        _values(projects, id, "name", "fiscal_year", "budget")
        for id in sources | owners
        if id in projects
    }
    assert {tuple(row[1:]) for row in rows} == found


def upstream(reader: Reader, rows: Rows) -> None:
    met: set[str] = set()
    waiting = {COUNTY_NOTICE}
    while waiting:
        edges = reader.edges(waiting, ["CITES", "SAME_AS"])
        waiting = {edge.target for edge in edges} - met
        met |= waiting
    assert {row[0][-1] for row in rows} == met


def counties(reader: Reader, rows: Rows) -> None:
    indicators, projects = _all(reader, "Indicator"), _all(reader, "Project")
    units, unit_of = _all(reader, "Department"), _runs(reader)
    named = [
        (
            *_values(units, unit_of[project], "name"),
            *_values(projects, project, "fiscal_year"),
            *_values(indicators, id, "value"),
        )
        for id, project in _measured(reader).items()
        if indicators[id].properties["name"] == NAME
    ]
    assert Counter(tuple(row[1:]) for row in rows) == Counter(named)


def reused(reader: Reader, rows: Rows) -> None:
    wordings = _all(reader, "Wording")
    uses = reader.degree(wordings, "WORDED_AS", "in")
    assert [row[1] for row in rows] == sorted(uses.values(), reverse=True)[:20]
    by_text = {wordings[id].properties["text"]: amount for id, amount in uses.items()}
    assert all(by_text[text] == amount for text, amount in rows)


def targets(reader: Reader, rows: Rows) -> None:
    said = [
        (str(node.properties.get("operator")), str(node.properties.get("canonical_numbers")))
        for node in scan_all(reader, "Indicator")
        if node.properties["name"] == NAME
    ]
    found: Counter[tuple[str, str]] = Counter()
    for operator, numbers, _, amount in rows:
        found[str(operator), str(numbers)] += amount
    assert found == Counter(said)


def continued(reader: Reader, rows: Rows) -> None:
    projects = _all(reader, "Project")
    pairs = [
        (
            *_values(projects, e.target, "fiscal_year"),
            *_values(projects, e.source, "fiscal_year"),
            *_values(projects, e.target, "budget"),
            *_values(projects, e.source, "budget"),
        )
        for e in reader.edges(projects, ["CONTINUES"])
    ]
    assert Counter(tuple(row[1:5]) for row in rows) == Counter(pairs)


def missing(reader: Reader, rows: Rows) -> None:
    stubs = {
        id for id, node in _all(reader, "Policy").items() if node.properties["status"] == "cited"
    }
    stubs -= {edge.source for edge in reader.edges(stubs, ["SAME_AS"])}
    assert {str(row[0]): int(row[1]) for row in rows} == reader.degree(stubs, "CITES", "in")


def without_basis(reader: Reader, rows: Rows) -> None:
    indicators = _all(reader, "Indicator")
    kinds = Counter(indicators[id].properties.get("basis_kind") for id in _measured(reader))
    assert sum(row[1] for row in rows) == kinds["empty"] > 0
    assert sum(row[2] for row in rows) == kinds.total()


def budgets(reader: Reader, rows: Rows) -> None:
    projects, indicators = _all(reader, "Project"), _all(reader, "Indicator")
    total = sum(float(str(p.properties.get("budget", 0))) for p in projects.values())
    levels = ("level1", "level2")
    cost = [id for id in _measured(reader) if "成本指标" in _values(indicators, id, *levels)]
    assert sum(row[2] for row in rows) == pytest.approx(total)
    assert sum(row[3] for row in rows) == len(cost) > 0


def proof(reader: Reader, rows: Rows) -> None:
    found: dict[str, tuple[Evidence, ...]] = {row[0]: evidence_of(row[3]) for row in rows}
    edges = reader.edges([NOTICE], ["CITES"], "in")
    assert found == {e.source: e.evidence for e in edges if e.source.startswith("indicator:")}


ANSWERS: dict[str, Callable[[Reader, Rows], None]] = {
    "01-citing-projects": citing,
    "02-upstream-chain": upstream,
    "03-counties-of-an-indicator": counties,
    "04-reused-wordings": reused,
    "05-targets-of-a-wording": targets,
    "06-continued-projects": continued,
    "07-missing-policies": missing,
    "08-without-basis": without_basis,
    "09-budget-and-cost": budgets,
    "10-evidence": proof,
}


def test_every_query_has_its_answer() -> None:
    assert {path.stem for path in QUERIES.glob("*.cypher")} == set(ANSWERS)


@pytest.mark.parametrize("path", sorted(QUERIES.glob("*.cypher")), ids=lambda path: path.stem)
def test_a_query_finds_what_the_reader_finds(
    path: Path, filled: tuple[Reader, neo4j.Session]
) -> None:
    reader, session = filled
    rows = session.run(path.read_text(encoding="utf-8")).values()
    assert rows
    ANSWERS[path.stem](reader, rows)
