"""`jipu ingest --explain`: how each block of a file was read."""

import json
from pathlib import Path

from tests.api.conftest import Jipu
from tests.ingest.documents import document, tabbed


def test_explain_says_what_became_of_each_block_and_writes_nothing(
    jipu: Jipu, tmp_path: Path
) -> None:
    path = tmp_path / "城管.txt"
    path.write_text(document(tabbed()) + "一行没有人认得的话\n", encoding="utf-8")
    ran = jipu("ingest", "--explain", str(path), str(tmp_path / "没有.txt"))
    assert ran.status == 1
    assert "没有.txt" in ran.err
    assert "预算项目·项目编码" in ran.out
    assert "一行没有人认得的话" in ran.out
    assert "没有读出内容" in ran.out
    counted = json.loads(jipu("stats", "--json").out)
    assert counted["nodes"]["Project"] == 0


def test_explain_as_json(jipu: Jipu, tmp_path: Path) -> None:
    path = tmp_path / "城管.txt"
    path.write_text(document(tabbed()), encoding="utf-8")
    answer = json.loads(jipu("ingest", "--explain", "--json", str(path)).out)[str(path)]
    assert answer["kind"] == "performance_text"
    assert {"evidence", "facts"} == set(answer["blocks"][0])
