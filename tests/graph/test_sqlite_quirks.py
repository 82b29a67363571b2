"""What is only true of the embedded store: files, locks, other programs, and a sudden end."""

import multiprocessing
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from graph.errors import StoreError, StoreUnavailable, StoreVersionError
from graph.opening import open_store
from graph.sqlite_store import SqliteStore
from tests.contract.graphs import COUNTY, OFFICE, ROAD, SCHOOL, WORDING, A, B, batch, county, dump

_CHINESE = re.compile("[\u4e00-\u9fff]{4}")


def url(path: Path) -> str:
    return f"sqlite:///{path}"


# --- addresses


@pytest.mark.parametrize(
    "address",
    [
        # no such scheme, no scheme, no path, two slashes only
        "postgres://user:geheim@host/db",
        "data/jipu.db",
        "",
        "sqlite:///",
        "sqlite://jipu.db",
        "sqlite:///:memory:",
    ],
)
def test_addresses_that_name_no_store(address: str) -> None:
    with pytest.raises(StoreError) as raised:
        open_store(address)
    assert _CHINESE.search(str(raised.value))
    assert "geheim" not in str(raised.value)
    assert "sqlite:///" in str(raised.value), "says what to write instead"


def test_relative_and_absolute_paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for address in ("sqlite:///new/folder/a.db", url(tmp_path / "带 空格%20#?.db")):
        with open_store(address) as store:
            store.apply(county(A))
    assert (tmp_path / "new/folder/a.db").is_file()
    assert (tmp_path / "带 空格%20#?.db").is_file()


# --- what cannot be opened


def _nothing(path: Path) -> None:
    """No file at all."""


def _folder(path: Path) -> None:
    path.mkdir()


def _text(path: Path) -> None:
    path.write_text("这不是数据库。" * 100, encoding="utf-8")


def _foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")


@pytest.mark.parametrize(
    ("make", "read_only", "words"),
    [
        (_nothing, True, "jipu ingest"),
        (_folder, False, "请检查路径"),
        (_folder, True, "请检查路径"),
        (_text, False, "换一个文件名"),
        (_text, True, "换一个文件名"),
        (_foreign, False, "不是绩谱的图谱"),
        (_foreign, True, "不是绩谱的图谱"),
    ],
)
def test_what_is_no_store_says_so(
    tmp_path: Path, make: Callable[[Path], None], read_only: bool, words: str
) -> None:
    path = tmp_path / "jipu.db"
    make(path)
    with pytest.raises(StoreUnavailable) as raised:
        open_store(url(path), read_only=read_only)
    assert words in str(raised.value)
    assert str(path) in str(raised.value)
    if make is _foreign:
        with closing(sqlite3.connect(path)) as connection:
            tables = connection.execute("SELECT name FROM sqlite_master").fetchall()
        assert tables == [("bookmarks",)], "another program's database stays as it is"


def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    with pytest.raises(StoreUnavailable, match="无法建立"):
        open_store(url(tmp_path / "data" / "jipu.db"))


def test_a_folder_without_permission(tmp_path: Path) -> None:
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o500)
    try:
        (folder / "probe").touch()
    except PermissionError:
        with pytest.raises(StoreUnavailable, match="请检查"):
            open_store(url(folder / "jipu.db"))
    else:
        pytest.skip("this user may write everywhere")
    finally:
        folder.chmod(0o700)


def test_a_store_of_a_newer_version(tmp_path: Path) -> None:
    path = tmp_path / "jipu.db"
    open_store(url(path)).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO schema_migrations VALUES ('9999-of-the-future')")
    for read_only in (False, True):
        with pytest.raises(StoreVersionError, match=r"9999-of-the-future.*请升级"):
            open_store(url(path), read_only=read_only)


def test_a_full_disk_leaves_the_last_whole_document(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "jipu.db") as store:
        store.apply(county(A))
        before = dump(store)
        with store._connections.use() as connection:
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        many = [f"project:99012124P{n:05}@2024" for n in range(2000)]
        with pytest.raises(StoreUnavailable, match=r"磁盘已满.*请腾出空间"):
            store.apply(batch(B, many))
        assert dump(store) == before


def test_a_lock_that_lasts(tmp_path: Path) -> None:
    path = tmp_path / "jipu.db"
    with SqliteStore(path, busy_seconds=0.1) as store:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(StoreUnavailable, match=r"另一个进程.*0\.1 秒.*请稍后再试"):
                store.apply(county(A))
            assert store.get([ROAD]) == {}, "reading goes on"
        store.apply(county(A))


# --- read-only


def test_read_only_reads_and_never_writes(tmp_path: Path) -> None:
    path = tmp_path / "jipu.db"
    with open_store(url(path)) as writer:
        writer.apply(county(A))
        with open_store(url(path), read_only=True) as reader:
            assert dump(reader) == dump(writer)
            with pytest.raises(StoreUnavailable, match="只能读"):
                reader.apply(county(B, SCHOOL))
            with pytest.raises(StoreUnavailable, match="只能读"):
                reader.delete_document(A)
            writer.apply(county(B, SCHOOL))
            assert dump(reader) == dump(writer), "a reader sees what was written since"
    with open_store(url(path), read_only=True) as reader:
        assert reader.counts()["Project"] == 2


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(url(tmp_path / "jipu.db"))
    store.close()
    store.close()
    with pytest.raises(StoreError, match="已经关闭"):
        store.revision()


# --- threads and processes


def test_connections_of_ended_threads_are_closed(tmp_path: Path) -> None:
    with SqliteStore(tmp_path / "jipu.db") as store:
        for _ in range(20):
            thread = threading.Thread(target=store.revision)
            thread.start()
            thread.join()
        assert len(store._connections._open) <= 2


def _write(path: Path, first: int) -> None:
    with open_store(url(path)) as store:
        for n in range(first, first + 10):
            store.apply(county(f"document:{n:016x}", f"project:990121240{n:05}@2024"))


def test_several_processes_create_and_fill_one_store(tmp_path: Path) -> None:
    path = tmp_path / "new" / "jipu.db"
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_write, args=(path, 100 * n)) for n in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    with open_store(url(path)) as store:
        assert store.counts()["Project"] == 30
        assert len(store.contributors([OFFICE])[OFFICE]) == 30


_ENDLESS = """
import sys
from graph.opening import open_store
from tests.contract.graphs import OFFICE, batch
store = open_store(sys.argv[1])
documents = [f"document:{n:016x}" for n in range(6)]
print("ready", flush=True)
while True:
    for n, document in enumerate(documents):
        projects = [f"project:99012124P{n}{i:04}@2024" for i in range(200)]
        store.apply(batch(document, [OFFICE, *projects], [(OFFICE, "RUNS", p) for p in projects]))
    for document in documents:
        store.delete_document(document)
"""


@pytest.mark.parametrize("after", [0.05, 0.15, 0.3])
def test_a_kill_at_any_moment_leaves_whole_documents(tmp_path: Path, after: float) -> None:
    path = tmp_path / "jipu.db"
    command = [sys.executable, "-c", _ENDLESS, url(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        threading.Event().wait(after)
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    with open_store(url(path)) as store:
        documents = store.contributors([OFFICE]).get(OFFICE, ())
        runs = store.edges([OFFICE], ["RUNS"])
        assert len(runs) == store.counts()["Project"] == 200 * len(documents)
        for document in documents:
            assert store.delete_document(document)
        assert set(store.counts().values()) == {0}


# --- work done


def _steps(store: SqliteStore, action: Callable[[], object]) -> int:
    """How many virtual machine instructions SQLite needs, in hundreds."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    with store._connections.use() as connection:
        connection.set_progress_handler(tick, 100)
        action()
        connection.set_progress_handler(None, 0)
    return count


def test_a_popular_node_costs_a_document_no_more(tmp_path: Path) -> None:
    """What a document costs must not grow with how many others share its wording and county."""

    def said(number: int) -> Callable[[], None]:
        document = f"document:{number:016x}"
        return lambda: store.apply(batch(document, [WORDING, COUNTY]))

    with SqliteStore(tmp_path / "jipu.db") as store:
        for number in range(100, 200):
            said(number)()
        before = [_steps(store, said(n)) for n in (1, 300)]
        for number in range(1000, 3000):
            said(number)()
        # one that goes to the front of the merge order, and one at the end
        after = [_steps(store, said(n)) for n in (2, 4000)]
        assert max(after) <= 1.5 * max(before)
        read = _steps(store, lambda: store.get([WORDING]))
        assert read <= 5


def test_scan_by_an_indexed_property_reads_only_what_fits(tmp_path: Path) -> None:
    projects = [f"project:99012124P{n:05}@2024" for n in range(3000)]
    with SqliteStore(tmp_path / "jipu.db") as store:
        store.apply(batch(A, projects))
        one = {"code": [projects[2500].partition(":")[2].partition("@")[0]]}
        assert _steps(store, lambda: store.scan("Project", one)) <= 5
        everything = _steps(store, lambda: store.scan("Project", {"purpose": ["x"]}))
        assert everything > 100, "the measure sees a full scan"
