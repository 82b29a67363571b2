"""`jipu ingest` as a person meets it: reports, Ctrl-C, nothing to read."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from api.settings import Settings
from graph.opening import open_store
from graph.store import Writer
from tests.api.conftest import Jipu, indexed
from tests.ingest.documents import document, tabbed

PAGE = "第一部分\n部门整体绩效目标\n一、总体绩效目标\n做好工作。\n"


def test_ingest(jipu: Jipu, tmp_path: Path, store: Writer, settings: Settings) -> None:
    folder = tmp_path / "文件"
    folder.mkdir()
    (folder / "好.txt").write_text(PAGE, encoding="utf-8")
    dry = jipu("ingest", str(folder), "--dry-run")
    assert (dry.status, store.counts()["Document"]) == (0, 0)
    assert "没有写入" in dry.out
    (folder / "坏.txt").write_bytes(b"\x00\x01\x02")
    ran = jipu("ingest", str(folder), "--json")
    assert ran.status == 1
    assert [Path(file["file"]).name for file in ran.json["files"]] == ["坏.txt", "好.txt"]
    assert (ran.json["totals"]["failed"], ran.json["totals"]["files"]) == (1, 2)
    shown = jipu("ingest", str(folder))
    assert shown.status == 1
    assert "未变 1" in shown.out
    assert "坏.txt" in shown.out
    assert indexed(settings)


def test_an_interrupt_ends_the_workers_quietly(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    for number in range(400):
        text = document(tabbed(code=f"99012125P0000101{number:05}X"))
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    places = ["--store", settings.store, "--data", str(settings.data)]
    with subprocess.Popen(
        [sys.executable, "-m", "api", *places, "ingest", "--workers", "2", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as running:
        with open_store(settings.store) as store:
            while running.poll() is None and not store.counts()["Document"]:
                time.sleep(0.05)
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
    assert running.returncode == 130
    assert err.decode().strip() == "已中断；已经写入的文件都是完整的。"


def test_ingest_leaves_the_index_alone_when_told(
    jipu: Jipu, tmp_path: Path, settings: Settings
) -> None:
    (tmp_path / "好.txt").write_text(PAGE, encoding="utf-8")
    assert jipu("ingest", str(tmp_path / "好.txt"), "--no-index").status == 0
    assert not indexed(settings)


def test_ingest_of_nothing(jipu: Jipu, tmp_path: Path) -> None:
    ran = jipu("ingest", str(tmp_path / "没有.txt"))
    assert ran.status == 1
    # A long path is broken at the width of the terminal.
    assert "没有.txt" in "".join(ran.out.split())
