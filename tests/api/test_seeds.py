"""The command line over the real documents, where they are at hand."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SEEDS = os.environ.get("JIPU_SEEDS")
pytestmark = pytest.mark.skipif(not SEEDS, reason="JIPU_SEEDS names no folder of seed documents")


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[str]]:
    folder = tmp_path_factory.mktemp("seeds")
    yield ["--store", f"sqlite:///{folder / 'jipu.db'}", "--data", str(folder / "data")]


def jipu(places: list[str], *arguments: str) -> Any:
    command = [sys.executable, "-m", "api", *places, *arguments, "--json"]
    ran = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return json.loads(ran.stdout)


def test_from_documents_to_answers(places: list[str]) -> None:
    assert SEEDS is not None
    first = jipu(places, "ingest", SEEDS, "--workers", "2")
    assert (first["totals"]["projects"], first["totals"]["indicators"]) == (39, 258)
    assert first["totals"]["failed"] == 0
    again = jipu(places, "ingest", SEEDS)
    assert {file["status"] for file in again["files"]} == {"unchanged"}

    traced = jipu(places, "trace", "唐财建【2024】143号")
    assert traced["totals"] == {
        "indicators": 6,
        "projects": 1,
        "departments": 1,
        "counties": 1,
        "budget": 1000.0,
    }
    for via in traced["projects"][0]["via"]:
        for place in via["evidence"]:
            source = (Path(SEEDS) / place["file"]).read_text(encoding="utf-8-sig")
            assert source[place["start"] : place["end"]] == place["raw"]

    hits = jipu(places, "search", "老百姓满不满意")["hits"]
    assert "满意" in hits[0]["title"]
    counties = {group["county"] for group in jipu(places, "similar", hits[0]["id"])["groups"]}
    assert len(counties) >= 2

    text = "跨境电商补助，支持企业开展跨境电子商务，培育外贸新业态"
    found = jipu(places, "recommend", text)
    carried = {
        category["level2"]: {p["name"] for i in category["indicators"] for p in i["projects"]}
        for category in found["categories"]
    }
    for level2 in ("数量", "满意度"):
        names = [name for key in carried if level2 in key for name in carried[key]]
        assert any("电子商务" in name or "外经贸" in name for name in names), (level2, carried)
    for category in found["categories"]:
        for indicator in category["indicators"]:
            assert indicator["examples"][0]["evidence"]
