"""Many processes on one Neo4j server, some of which die, and a server that goes away."""

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from neo4j import ManagedTransaction
from neo4j.exceptions import IncompleteCommit

from api.export import Part, export_lines
from graph.errors import StoreUnavailable
from graph.neo4j_gate import PATIENCE
from graph.opening import open_store
from graph.store import Reader
from ingest.pipeline import IngestOptions, ingest_paths
from tests.contract.graphs import SCHOOL, A, B, county, dump
from tests.ingest.documents import document, tabbed
from tests.neo4j_servers import servers
from tools.neo4j_server import Server

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITERS = 8
SLOW_START = 300.0
"""Seconds that a server may take to come back on a machine that has much else to do."""


@pytest.fixture
def url() -> str:
    return servers().empty(0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The examples, and small documents that share a county, a department and wordings."""
    made = tmp_path / "files"
    shutil.copytree(EXAMPLES, made)
    for number in range(24):
        code, unit = f"99012125P000010{number:03}001X", f"{300 + number % 5}001青禾县某局本级"
        text = document(tabbed(code=code, unit=unit))
        (made / f"{number:02}.txt").write_text(text, encoding="utf-8")
    return made


def exported(reader: Reader) -> list[str]:
    """Line by line, without the moment of the ingest."""
    lines = []
    for line in export_lines(reader, Part()):
        said = json.loads(line)
        said["properties"].pop("ingested_at", None)
        lines.append(json.dumps(said, ensure_ascii=False, sort_keys=True))
    return lines


def by_one_writer(folder: Path, tmp_path: Path) -> list[str]:
    with open_store(f"sqlite:///{tmp_path / 'one.db'}") as store:
        ingest_paths([folder], store, IngestOptions())
        return exported(store)


def test_eight_processes_make_the_graph_of_one(url: str, folder: Path, tmp_path: Path) -> None:
    files = sorted(folder.iterdir())
    assert len(files) > 30
    ran = []
    for number in range(WRITERS):
        # three quarters of the files each, every writer begins somewhere else
        own = tmp_path / f"folder{number}"
        own.mkdir()
        first = number * len(files) // WRITERS
        for place in range(first, first + len(files) * 3 // 4):
            shutil.copy(files[place % len(files)], own)
        command = [sys.executable, "-m", "api", "--store", url, "--data", str(tmp_path / "data")]
        command += ["ingest", "--no-index", str(own)]
        ran.append(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE))
    said = [process.communicate(timeout=120) for process in ran]
    for process, (out, err) in zip(ran, said, strict=True):
        assert (process.returncode, err) == (0, b""), (out + err).decode()
    with open_store(url) as store:
        assert exported(store) == by_one_writer(folder, tmp_path)


# --- writers that die

_DIES = """
import os, signal, sys
from graph.opening import open_store
from tests.contract.graphs import A, county
store = open_store(sys.argv[1])
once = store.connection.once
def dies(work):
    once(work)
    os.kill(os.getpid(), signal.SIGKILL)
store.connection.once = dies
store.apply(county(A))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no SIGKILL on this system")
def test_a_writer_killed_before_its_commit_holds_up_nobody(url: str) -> None:
    with open_store(url) as early, open_store(url, read_only=True) as only_reads:
        early.apply(county(B, SCHOOL))
        before = dump(early)
        killed = subprocess.run(
            [sys.executable, "-c", _DIES, url],
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            check=False,
        )
        assert killed.returncode == -signal.SIGKILL
        started = time.monotonic()
        # one waits, takes the lock and opens the gate for all
        assert dump(early) == before
        assert PATIENCE < time.monotonic() - started < PATIENCE + 5
        started = time.monotonic()
        assert dump(only_reads) == before
        assert time.monotonic() - started < PATIENCE


def test_the_next_writer_opens_the_gate_of_a_dead_one(url: str) -> None:
    with open_store(url) as store:
        subprocess.run(
            [sys.executable, "-c", _DIES, url],
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            check=False,
        )
        store.apply(county(B, SCHOOL))
        started = time.monotonic()
        assert store.documents() == [B]
        assert time.monotonic() - started < PATIENCE


def test_whoever_may_not_take_the_lock_goes_on_after_a_while(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph.neo4j_gate.PATIENCE_READ_ONLY", 0.3)
    with open_store(url) as store, open_store(url, read_only=True) as only_reads:
        store.apply(county(B, SCHOOL))
        subprocess.run(
            [sys.executable, "-c", _DIES, url],
            env={**os.environ, "PYTHONPATH": os.getcwd()},
            check=False,
        )
        assert only_reads.documents() == [B]
        started = time.monotonic()
        assert only_reads.documents() == [B], "the gate is taken for open from now on"
        assert time.monotonic() - started < 0.3


# --- a server that goes away


@pytest.fixture
def away() -> Iterator[Callable[[float], None]]:
    """Kills the server at once, and brings it back after so many seconds."""
    server, threads = servers().own(0), []

    def kill(seconds: float) -> None:
        server.kill()
        thread = threading.Timer(seconds, server.start)
        threads.append(thread)
        thread.start()

    yield kill
    for thread in threads:
        thread.join()


def _own_server(url: str) -> Server:
    server = servers().own(0)
    if url != server.url:
        pytest.skip("a named server is never killed")
    return server


def test_an_ingest_waits_for_a_killed_server(
    url: str,
    folder: Path,
    tmp_path: Path,
    away: Callable[[float], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    _own_server(url)
    seen: list[str] = []

    def on_file(report: object) -> None:
        seen.append(str(report))
        if len(seen) in (5, 20):
            away(3.0)

    with open_store(url, patience=SLOW_START) as store:
        reports = ingest_paths([folder], store, IngestOptions(), on_file)
        assert {report.status for report in reports} == {"ingested"}
        assert exported(store) == by_one_writer(folder, tmp_path)
    said = [record.getMessage() for record in caplog.records if record.name == "jipu.store"]
    assert any("暂时连不上，正在等它回来" in message for message in said)
    assert any("又连上了" in message for message in said)


def test_a_commit_whose_answer_is_lost_is_tried_again(
    url: str, away: Callable[[float], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has committed and dies before it says so; the document must not come twice."""
    _own_server(url)
    with open_store(url, patience=SLOW_START) as store:
        store.apply(county(B, SCHOOL))
        commit = _commits_then(monkeypatch, lambda: away(0.5))
        store.apply(county(A))
        assert commit == ["lost"]
        assert store.documents() == [A, B]
        assert store.revision() == 2
        commit.clear()
        assert store.delete_document(A) is True
        assert commit == ["lost"]
        assert store.documents() == [B]


def _commits_then(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], None]) -> list[str]:
    """The next managed commit is done, then `happens`, then the connection breaks. The list it
    gives says whether that was; emptied, it happens once more."""
    done: list[str] = []
    # The driver has no public place between a commit and its answer.
    original = ManagedTransaction._commit

    def lost(self: ManagedTransaction) -> None:
        original(self)  # type: ignore[no-untyped-call]
        if not done and threading.current_thread() is threading.main_thread():
            done.append("lost")
            happens()
            raise IncompleteCommit("Connection lost while committing")

    monkeypatch.setattr(ManagedTransaction, "_commit", lost)
    return done


def test_a_server_that_stays_away_is_told_within_the_patience(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    server = _own_server(url)
    caplog.set_level(logging.WARNING, "jipu.store")
    store = open_store(url, patience=5)
    server.kill()
    started = time.monotonic()
    try:
        with pytest.raises(StoreUnavailable, match="连不上"):
            store.apply(county(A))
        assert 5 < time.monotonic() - started < 30
        assert len([r for r in caplog.records if "正在等它回来" in r.getMessage()]) == 1
        started = time.monotonic()
        with pytest.raises(StoreUnavailable, match="连不上"):
            store.probe(2.0)
        assert time.monotonic() - started < 3
    finally:
        server.start()
    assert store.probe(2.0) == 0
    store.close()
