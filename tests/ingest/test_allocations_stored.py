"""Allocations in the graph: whichever came first, and gone with their document."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.schema import NODES
from graph.store import Writer, scan_all
from ingest.explain import explain
from ingest.files import Found
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, ingest_paths
from tests.ingest import notice_files
from tests.ingest.documents import document, tabbed

POLICY = "policy:云财农〔2024〕9031号"
OPTIONS = IngestOptions()
ROWS = (
    ("单位", "项目名称", "下达金额", "人数"),
    ("乐亭县", "良种推广", "120.5", "12"),
    ("青禾县", "农机补贴", "80", "3"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Writer]:
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as opened:
        yield opened


@pytest.fixture
def notice(tmp_path: Path) -> Path:
    path = tmp_path / "通知.docx"
    path.write_bytes(notice_files.word(rows=ROWS))
    return path


@pytest.fixture
def citing(tmp_path: Path) -> Path:
    """A county's text that cites the notice."""
    path = tmp_path / "城管.txt"
    text = document(tabbed()).replace("云财建[2025]9001号", "云财农[2024]9031号")
    path.write_text(text, encoding="utf-8")
    return path


def graph_of(store: Writer) -> tuple[object, object]:
    nodes = [
        (node.id, {k: v for k, v in node.properties.items() if k != "ingested_at"})
        for label in NODES
        for node in scan_all(store, label)
    ]
    return nodes, store.edges([id for id, _ in nodes])


def test_the_notice_s_sums_hang_on_its_policy(store: Writer, notice: Path) -> None:
    (report,) = ingest_paths([notice], store, OPTIONS)
    assert [warning.code for warning in report.warnings] == []
    sums = [edge.target for edge in store.edges([POLICY], {"ALLOCATES"})]
    assert sums == ["allocation:云财农〔2024〕9031号#1", "allocation:云财农〔2024〕9031号#2"]
    first = store.get(sums)[sums[0]]
    assert dict(first.properties) == {
        "recipient": "乐亭县",
        "amount": 120.5,
        "printed": "120.5",
        "unit": "万元",
        "purpose": "下达金额",
        "project": "良种推广",
        "function_code": "2130122",
        "function_name": "农业生产发展",
        "extra": '{"人数": "12"}',
    }
    fields = {evidence.field: evidence for evidence in first.evidence}
    assert set(fields) == {"recipient", "amount", "project", "function_code", "extra"}
    assert fields["extra"].raw == "12"
    assert (fields["amount"].raw, fields["amount"].table, fields["amount"].row) == ("120.5", 1, 2)


def test_only_a_certain_recipient_has_an_edge(store: Writer, notice: Path) -> None:
    ingest_paths([notice], store, OPTIONS)
    sums = [node.id for node in scan_all(store, "Allocation")]
    (edge,) = store.edges(sums, {"TO"})
    assert (edge.source, edge.target) == (sums[0], "region:130225")


@pytest.mark.parametrize("notice_first", [True, False])
def test_the_text_fills_the_stub_whichever_came_first(
    store: Writer, notice: Path, citing: Path, tmp_path: Path, notice_first: bool
) -> None:
    order = [notice, citing] if notice_first else [citing, notice]
    for path in order:
        ingest_paths([path], store, OPTIONS)
    policy = store.get([POLICY])[POLICY]
    assert (policy.properties["status"], policy.properties["title"]) == (
        "ingested",
        notice_files.TITLE,
    )
    assert len(store.edges([POLICY], {"ALLOCATES"})) == 2
    assert store.edges([POLICY], {"CITES"}, "in")
    with open_store(f"sqlite:///{tmp_path / 'other.db'}") as other:
        ingest_paths(order[::-1], other, OPTIONS)
        assert graph_of(other) == graph_of(store)


def test_deleting_the_notice_takes_its_sums_away(store: Writer, notice: Path, citing: Path) -> None:
    ingest_paths([citing], store, OPTIONS)
    before = graph_of(store)
    (report,) = ingest_paths([notice], store, OPTIONS)
    assert report.document is not None and store.delete_document(report.document)
    assert graph_of(store) == before
    assert store.counts().get("Allocation", 0) == 0


def test_explain_shows_rows_as_what_they_became(notice: Path) -> None:
    said = {
        block.evidence.raw.split()[0]: block.facts
        for block in explain(Found(notice), Limits()).blocks
    }
    assert said["乐亭县"] == (
        "资金分配·分到的地区或单位",
        "资金分配·金额",
        "资金分配·项目名称",
        "资金分配·其他列·人数",
        "行政区划",
    )
    assert said["单位"] == ()
