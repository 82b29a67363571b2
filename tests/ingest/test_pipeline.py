"""From files to the store: what is written, what is reported, what survives."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_all_start_methods
from pathlib import Path

import pytest

from graph.elements import Edge, Node
from graph.opening import open_store
from graph.schema import NODES
from graph.store import Reader, Writer, scan_all
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, _context, count_files, ingest_paths
from ingest.report import FileReport, totals
from tests.ingest.documents import document, tabbed

OPTIONS = IngestOptions()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Writer]:
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents of one county: two projects in the first, one in each of the others."""
    path = tmp_path / "文件"
    path.mkdir()
    second = tabbed(code="99012125P000010110002X", name="2025年垃圾清运经费", budget="8.50")
    write(path / "城管.txt", document(tabbed(), second))
    for number, unit in ((3, "301001青禾县教育局本级"), (4, "302001青禾县水利局本级")):
        project = tabbed(code=f"99012125P00001011000{number}X", unit=unit)
        write(path / f"{number}.txt", document(project))
    return path


def write(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.encode(encoding))
    return path


def dump(reader: Reader) -> tuple[list[Node], list[Edge]]:
    """The whole graph, but for the time of ingest."""
    nodes = [
        Node(
            n.id, n.label, {k: v for k, v in n.properties.items() if k != "ingested_at"}, n.evidence
        )
        for label in NODES
        for n in scan_all(reader, label)
    ]
    return nodes, reader.edges([node.id for node in nodes])


def statuses(reports: list[FileReport]) -> list[str]:
    return [report.status for report in reports]


def test_a_folder_is_ingested_and_a_second_time_nothing_changes(
    store: Writer, folder: Path
) -> None:
    reports = ingest_paths([folder], store, OPTIONS)
    assert statuses(reports) == ["ingested"] * 3
    assert (totals(reports).projects, totals(reports).indicators) == (4, 16)
    assert count_files([folder], Limits()) == 3
    before, revision = dump(store), store.revision()
    again = ingest_paths([folder], store, OPTIONS)
    assert statuses(again) == ["unchanged"] * 3
    assert (dump(store), store.revision()) == (before, revision)
    assert (totals(again).projects, totals(again).indicators) == (4, 16)
    assert [r.citations for r in again] == [r.citations for r in reports]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-16-be", "utf-8-sig"])
def test_the_encoding_makes_no_difference(tmp_path: Path, encoding: str) -> None:
    found = []
    for name in ("utf-8", encoding):
        with open_store(f"sqlite:///{tmp_path / name}.db") as store:
            path = write(tmp_path / "a.txt", document(tabbed()), name)
            assert statuses(ingest_paths([path], store, OPTIONS)) == ["ingested"]
            found.append(
                [n.id for label in ("Project", "Indicator") for n in scan_all(store, label)]
            )
    assert found[0] == found[1]


def test_targets_stand_in_their_base_unit_beside_what_is_printed(
    store: Writer, tmp_path: Path
) -> None:
    values = ("≤0.05万元/人", "50～80公顷", "12月31日前", "明显改善", "≥**人")
    rows = tuple(("产出指标", "数量指标", f"指标{v}", "说明", v, "计划") for v in values)
    ingest_paths([write(tmp_path / "a.txt", document(tabbed(rows=rows)))], store, OPTIONS)
    found = {node.properties["value"]: node.properties for node in scan_all(store, "Indicator")}
    names = ("unit", "numbers", "canonical_unit", "canonical_numbers")
    assert [[found[value].get(name) for name in names] for value in values] == [
        ["万元/人", ["0.05"], "元/人", ["500"]],
        ["公顷", ["50", "80"], "亩", ["750", "1200"]],
        ["", ["12-31"], "", ["12-31"]],
        ["", [], None, None],
        ["人", [], None, None],
    ]


def test_a_changed_file_of_the_same_document_replaces_it(store: Writer, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", document(tabbed(), tabbed(code="99012125P000010110002X")))
    ingest_paths([path], store, OPTIONS)
    write(path, document(tabbed(budget="66.00")))
    assert statuses(ingest_paths([path], store, OPTIONS)) == ["replaced"]
    (project,) = scan_all(store, "Project")
    assert project.properties["budget"] == 66.0
    with open_store(f"sqlite:///{tmp_path / 'fresh.db'}") as fresh:
        ingest_paths([path], fresh, OPTIONS)
        assert dump(store) == dump(fresh)


def test_a_file_overwritten_with_another_county_replaces_nothing(
    store: Writer, tmp_path: Path
) -> None:
    path = write(tmp_path / "下载.txt", document(tabbed()))
    ingest_paths([path], store, OPTIONS)
    other = tabbed(code="99012225P000010110001X", unit="322001云岭县城市管理局本级")
    write(path, document(other))
    assert statuses(ingest_paths([path], store, OPTIONS)) == ["ingested"]
    assert len(list(scan_all(store, "Document"))) == 2


def test_a_dry_run_reports_and_writes_nothing(store: Writer, folder: Path) -> None:
    reports = ingest_paths([folder], store, IngestOptions(dry_run=True))
    assert statuses(reports) == ["ingested"] * 3
    assert totals(reports).indicators == 16
    assert (store.revision(), store.counts()["Document"]) == (0, 0)


def test_workers_make_the_same_graph(store: Writer, folder: Path, tmp_path: Path) -> None:
    parallel = ingest_paths([folder], store, IngestOptions(workers=2))
    with open_store(f"sqlite:///{tmp_path / 'single.db'}") as single:
        alone = ingest_paths([folder], single, OPTIONS)
        assert dump(store) == dump(single)
    assert [asdict(r) for r in parallel] == [asdict(r) for r in alone]
    assert statuses(ingest_paths([folder], store, IngestOptions(workers=2))) == ["unchanged"] * 3


@pytest.mark.skipif("forkserver" not in get_all_start_methods(), reason="no fork on this system")
def test_a_worker_never_hears_an_interrupt() -> None:
    """Not even before its first line has run; the process that starts it hears it as before."""
    with ProcessPoolExecutor(1, mp_context=_context()) as pool:
        blocked = pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, []).result()
    assert signal.SIGINT in blocked
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_one_bad_file_never_stops_the_rest(store: Writer, folder: Path) -> None:
    bad = {
        "空.txt": b"",
        "图.txt": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "程序.txt": b"\x7fELF" + bytes(range(32)) * 9,
        "坏.docx": b"PK\x03\x04 word/document.xml" + b"\x00" * 60,
        "旧.doc": b"\xd0\xcf\x11\xe0" + bytes(100),
        "表.pdf": b"%PDF-1.7\n",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    (folder / "设备.txt").symlink_to("/dev/zero")
    (folder / "圈").symlink_to(folder)
    (folder / "断.txt").symlink_to(folder / "没有")
    write(folder / "闲话.txt", "今天天气晴。")
    reports = ingest_paths([folder], store, OPTIONS)
    by_name = {Path(r.file).name: r for r in reports}
    for name in (*bad, "设备.txt", "圈", "断.txt"):
        report = by_name[name]
        assert report.status == "failed", name
        assert report.error is not None and name in report.error.message
        assert "；" in report.error.message or "已跳过" in report.error.message, "no way out named"
    assert by_name["闲话.txt"].status == "empty"
    assert [w.code for w in by_name["闲话.txt"].warnings] == ["nothing_found"]
    assert totals(reports).projects == 4
    assert totals(reports).failed == len(bad) + 3


def test_deleting_leaves_the_graph_as_if_it_had_never_been_there(
    store: Writer, folder: Path, tmp_path: Path
) -> None:
    ingest_paths([folder / "3.txt"], store, OPTIONS)
    before = dump(store)
    (report,) = ingest_paths([folder / "城管.txt"], store, OPTIONS)
    assert report.document is not None
    assert dump(store) != before
    assert store.delete_document(report.document)
    assert dump(store) == before


_INGEST = """
import sys
from pathlib import Path
from graph.opening import open_store
from ingest.pipeline import IngestOptions, ingest_paths
with open_store(sys.argv[1]) as store:
    ingest_paths([Path(sys.argv[2])], store, IngestOptions(), lambda r: print(r.file, flush=True))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_killed_at_any_moment_only_whole_documents_stay(tmp_path: Path) -> None:
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(40):
        project = tabbed(
            code=f"99012125P000010{number:03}001X", unit=f"{300 + number}001青禾县某局本级"
        )
        write(folder / f"{number:02}.txt", document(project))
    url = f"sqlite:///{tmp_path / 'graph.db'}"
    for wait in (0.0, 0.02, 0.05):
        process = subprocess.Popen(
            [sys.executable, "-c", _INGEST, url, str(folder)],
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": os.getcwd()},
        )
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(wait)
        process.kill()
        process.wait()
        process.stdout.close()
        with open_store(url) as store:
            written = [node.id for node in scan_all(store, "Document")]
            assert 0 < len(written) < 40
            projects = store.edges(written, ["DECLARED_IN"], "in")
            assert len(projects) == len(written)
            degrees = store.degree([edge.source for edge in projects], "MEASURED_BY", "out")
            assert set(degrees.values()) == {4}
            for document_id in written:
                store.delete_document(document_id)
            assert not any(store.counts().values())


def test_reports_are_plain_data(store: Writer, folder: Path) -> None:
    shutil.copy(folder / "3.txt", folder / "again.txt")
    reports = ingest_paths([folder], store, OPTIONS)
    assert statuses(reports).count("unchanged") == 1, "the same bytes under another name"
    assert json.dumps(asdict(totals(reports)))


def test_a_document_that_is_not_understood_is_kept_with_its_text(
    store: Writer, tmp_path: Path
) -> None:
    path = write(tmp_path / "闲话.txt", "今天天气晴，适合外出。")
    assert statuses(ingest_paths([path], store, OPTIONS)) == ["empty"]
    (node,) = scan_all(store, "Document")
    assert node.properties["kind"] == "unknown"
    assert node.properties["text"] == "今天天气晴，适合外出。"
