"""The export: order, completeness, parts."""

import json
from pathlib import Path
from typing import Any

import pytest

from api.export import Part, export_lines
from graph.opening import open_store
from graph.schema import NODES
from graph.store import Writer
from tests.api.conftest import Jipu
from tests.api.graphs import (
    NEXT_ROAD,
    POLICY,
    QINGHE,
    ROAD,
    ROW,
    SCHOOL,
    YUNLING,
    fill,
    fill_next_year,
)


def lines(store: Writer, **part: Any) -> list[Any]:
    return [json.loads(line) for line in export_lines(store, Part(**part))]


def ids(exported: list[Any]) -> set[str]:
    return {line["id"] for line in exported if line["kind"] == "node"}


def test_nodes_by_label_then_id_then_edges_by_key(filled: Writer) -> None:
    exported = lines(filled)
    nodes = [line for line in exported if line["kind"] == "node"]
    edges = [line for line in exported if line["kind"] == "edge"]
    assert exported == nodes + edges
    assert [(n["label"], n["id"]) for n in nodes] == sorted((n["label"], n["id"]) for n in nodes)
    keys = [(e["source"], e["type"], e["target"], e["properties"].get("field", "")) for e in edges]
    assert keys == sorted(keys)
    counts = filled.counts()
    assert len(nodes) == sum(counts[label] for label in NODES)
    assert len(nodes) + len(edges) == sum(counts.values())


def test_a_line_has_the_contract_s_fields(filled: Writer) -> None:
    row = next(line for line in lines(filled) if line.get("id") == ROW)
    assert list(row) == ["kind", "id", "label", "properties", "evidence"]
    place = ["document", "page", "line", "table", "row", "column", "start", "end", "raw"]
    assert list(row["evidence"][0]) == place
    assert row["properties"]["numbers"] == ["95"]


def test_the_order_of_arrival_does_not_show(filled: Writer, tmp_path: Path) -> None:
    with open_store(f"sqlite:///{tmp_path / 'other.db'}") as other:
        fill(other)
        other.delete_document(QINGHE)
        fill(other)
        assert list(export_lines(other, Part())) == list(export_lines(filled, Part()))


@pytest.mark.parametrize(
    ("part", "inside", "outside"),
    [
        ({"counties": ("青禾县",)}, {QINGHE, ROAD, ROW, POLICY, "region:9901"}, {SCHOOL, YUNLING}),
        ({"counties": ("青禾",)}, {ROAD}, {SCHOOL}),  # the short name
        ({"counties": ("990122",)}, {SCHOOL}, {ROAD}),
        ({"counties": ("青禾县", "云岭县")}, {ROAD, SCHOOL}, set()),
        ({"cities": ("云州市",)}, {ROAD, SCHOOL}, set()),
        ({"cities": ("云州市",), "counties": ("云岭县",)}, {SCHOOL}, {ROAD}),
        ({"years": (2024,)}, {ROAD, SCHOOL, "department:990121-322001"}, set()),
        ({"years": (2023,)}, set(), {ROAD, SCHOOL, QINGHE, "department:990121-322001"}),
        ({"departments": ("云岭县交通",)}, {SCHOOL}, {ROAD}),
        ({"labels": ("Project",)}, {ROAD, SCHOOL}, {POLICY, ROW}),
        ({"counties": ("没有这个县",)}, set(), {ROAD, SCHOOL, POLICY}),
    ],
)
def test_a_part(filled: Writer, part: Any, inside: set[str], outside: set[str]) -> None:
    exported = lines(filled, **part)
    assert inside <= ids(exported)
    assert not outside & ids(exported)
    for edge in exported:
        if edge["kind"] == "edge":
            assert {edge["source"], edge["target"]} <= ids(exported)


def test_no_edge_leads_out_of_a_part(filled: Writer) -> None:
    fill_next_year(filled)
    whole = lines(filled)
    assert NEXT_ROAD in ids(whole)
    part = lines(filled, years=(2024,))
    assert ROAD in ids(part)
    assert NEXT_ROAD not in ids(part)
    ends = {
        end for line in part if line["kind"] == "edge" for end in (line["source"], line["target"])
    }
    assert ends <= ids(part)
    assert {ROAD, NEXT_ROAD} <= ids(lines(filled, years=(2024, 2025)))


def test_export_to_a_file(filled: Writer, jipu: Jipu, tmp_path: Path) -> None:
    target = tmp_path / "图谱.jsonl"
    ran = jipu("export", "-o", str(target), "--county", "青禾县")
    assert (ran.status, ran.out) == (0, "")
    assert str(target) in ran.err
    screen = jipu("export", "--county", "青禾县")
    assert target.read_text(encoding="utf-8") == screen.out
    assert [path.name for path in tmp_path.glob(".图谱*")] == []


def test_export_where_nothing_can_be_written(filled: Writer, jipu: Jipu, tmp_path: Path) -> None:
    ran = jipu("export", "-o", str(tmp_path / "没有这个文件夹" / "x.jsonl"))
    assert ran.status == 2
    assert "读写失败" in ran.err


def test_an_export_of_nothing_says_so(filled: Writer, jipu: Jipu) -> None:
    ran = jipu("export", "--county", "没有县")
    assert (ran.status, ran.out) == (0, "")
    assert "没有符合这些条件的内容" in ran.err
