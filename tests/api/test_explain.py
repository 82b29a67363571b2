"""`jipu ingest --explain`: how each block of a file was read; and what needs recognition."""

import json
import zipfile
from pathlib import Path

import pytest

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
    assert {"evidence", "facts", "paragraph"} == set(answer["blocks"][0])


def test_places_kinds_and_facts_read_as_sentences(jipu: Jipu, tmp_path: Path) -> None:
    notice = "青禾县财政局关于下达公厕改造资金的通知\n县城市管理局：\n现下达资金60万元。\n"
    path = tmp_path / "通知.html"
    path.write_text("".join(f"<p>{line}</p>" for line in notice.split()), encoding="utf-8")
    out = jipu("ingest", "--explain", str(path)).out
    assert f"{path}：资金通知，3 块" in out
    assert "第 2 段：县城市管理局：\n" in out
    assert "→ 政策文件·主送机关；资金分配·分到的地区或单位\n" in out


def packed(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as target:
        target.writestr("2025/城管.txt", document(tabbed()))
        target.writestr("2025/说明.txt", "一行没有人认得的话\n")
    return path


def test_an_archive_is_explained_member_by_member(jipu: Jipu, tmp_path: Path) -> None:
    path = packed(tmp_path / "下载!.zip")
    answer = json.loads(jipu("ingest", "--explain", "--json", str(path)).out)
    assert list(answer) == [f"{path}!2025/城管.txt", f"{path}!2025/说明.txt"]
    assert answer[f"{path}!2025/城管.txt"]["kind"] == "performance_text"


def test_one_member_is_explained_alone(jipu: Jipu, tmp_path: Path) -> None:
    path = packed(tmp_path / "下载!.zip")
    ran = jipu("ingest", "--explain", f"{path}!2025/城管.txt")
    assert ran.status == 0
    assert "预算项目·项目编码" in ran.out
    assert "没有人认得" not in ran.out


def test_a_member_that_is_not_there_is_told_with_those_that_are(jipu: Jipu, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip")
    ran = jipu("ingest", "--explain", f"{path}!城管.txt")
    assert ran.status == 1
    assert f"{path}!城管.txt" in ran.err
    assert "2025/城管.txt、2025/说明.txt" in ran.err
    (tmp_path / "b.txt").write_text("x", encoding="utf-8")
    assert "不是 zip 压缩包" in jipu("ingest", "--explain", f"{tmp_path / 'b.txt'}!x").err


def test_a_member_can_be_ingested_alone(jipu: Jipu, tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip")
    ran = jipu("ingest", "--no-index", "--json", f"{path}!2025/城管.txt")
    (report,) = json.loads(ran.out)["files"]
    assert report["file"] == f"{path}!2025/城管.txt"
    assert report["status"] == "ingested"


def test_what_needs_recognition_is_counted(
    jipu: Jipu, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.readers.ocr.installed", lambda: False)
    path = tmp_path / "扫描.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n")
    ran = jipu("ingest", "--no-index", str(path))
    assert ran.status == 1
    assert "（OCR）才能读的 1 个" in ran.out
    answer = json.loads(jipu("ingest", "--no-index", "--ocr", "--json", str(path)).out)
    assert answer["files"][0]["error"]["code"] == "needs_ocr"
