"""What a notice hands out, as people see it: show, trace, stats, export."""

from pathlib import Path

import pytest

from tests.api.conftest import Jipu
from tests.ingest import notice_files

POLICY = "policy:云财农〔2024〕9031号"
ROWS = (
    ("单位", "下达金额", "人数"),
    ("乐亭县", "120.5", "12"),
    ("青禾县", "80", "3"),
)


@pytest.fixture
def given(jipu: Jipu, tmp_path: Path) -> Jipu:
    path = tmp_path / "通知.xlsx"
    path.write_bytes(notice_files.excel(rows=ROWS))
    assert jipu("ingest", str(path)).status == 0
    return jipu


def test_show_lists_the_sums_of_a_policy(given: Jipu) -> None:
    shown = given("show", POLICY).out
    assert "分配 ALLOCATES  乐亭县 120.5万元（下达金额）" in shown
    assert "其他列" in given("show", "allocation:云财农〔2024〕9031号#1").out


def test_trace_has_them_in_order(given: Jipu) -> None:
    found = given("trace", "云财农〔2024〕9031号", "--json").json["allocations"]
    assert [(item["recipient"], item["amount"], item["to"]) for item in found] == [
        ("乐亭县", 120.5, "region:130225"),
        ("青禾县", 80.0, None),
    ]
    assert "它分出的资金 2 笔" in given("trace", "云财农〔2024〕9031号").out


def test_they_are_counted_and_exported(given: Jipu) -> None:
    assert given("stats", "--json").json["nodes"]["Allocation"] == 2
    assert given("export", "--label", "Allocation").out.count('"label": "Allocation"') == 2
