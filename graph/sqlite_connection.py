"""Connections to one SQLite file: one a thread, its transactions, and errors made readable."""

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import StoreError, StoreUnavailable, reason
from graph.sqlite_migrations import migrate, pending

BUSY_SECONDS = 30.0
"""How long a write waits for another process's write before it gives up."""

CACHE_KIB = 65_536
"""Page cache of each connection."""


class Connections:
    """The connections of one store. Threads that ended leave theirs to be closed by the next."""

    def __init__(self, path: Path, read_only: bool, busy_seconds: float) -> None:
        self.path = path
        self._read_only = read_only
        self._busy_seconds = busy_seconds
        self._lock = threading.Lock()
        self._open: dict[threading.Thread, sqlite3.Connection] = {}
        self._closed = False

    def prepare(self) -> None:
        """Create or migrate the database; for a read-only store only look that it is one."""
        if os.path.isdir(self.path):
            raise StoreUnavailable(f"{self.path} 是文件夹，不是图谱文件：请检查路径")
        if not self._read_only:
            _make_folder(self.path.parent)
        elif not os.path.exists(self.path):
            raise StoreUnavailable(f"没有图谱 {self.path}：请先用 jipu ingest 入库，或检查路径")
        with self.use() as connection:
            if not self._read_only:
                _switch_to_wal(connection, self._busy_seconds)
                migrate(connection, str(self.path))
            elif pending(connection, str(self.path)):
                raise StoreUnavailable(
                    f"图谱 {self.path} 是旧版格式：请先以可写方式打开一次（如 jipu stats）以升级"
                )

    @contextmanager
    def use(self) -> Iterator[sqlite3.Connection]:
        """This thread's connection; its errors come out as StoreError."""
        try:
            yield self._here()
        except sqlite3.Error as error:
            raise _explained(error, self.path, self._busy_seconds) from error

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The same, seeing one state of the database over several statements."""
        with self.use() as connection:
            if connection.in_transaction:
                yield connection
                return
            with _transaction(connection, "BEGIN"):
                yield connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """The same in a write transaction: committed at the end, undone by any exception."""
        with self.use() as connection, _transaction(connection, "BEGIN IMMEDIATE"):
            yield connection

    def close(self) -> None:
        with self._lock:
            self._closed = True
            for connection in self._open.values():
                connection.close()
            self._open.clear()

    def _here(self) -> sqlite3.Connection:
        thread = threading.current_thread()
        connection = self._open.get(thread)
        if connection is not None:
            return connection
        with self._lock:
            if self._closed:
                raise StoreError(f"图谱 {self.path} 已经关闭：请重新打开")
            for ended in [t for t in self._open if not t.is_alive()]:
                self._open.pop(ended).close()
            self._open[thread] = connection = self._connect()
            return connection

    def _connect(self) -> sqlite3.Connection:
        mode = "ro" if self._read_only else "rwc"
        connection = sqlite3.connect(
            f"{self.path.absolute().as_uri()}?mode={mode}",
            uri=True,
            timeout=self._busy_seconds,
            isolation_level=None,
            # `close` may come from another thread than the one that opened.
            check_same_thread=False,
        )
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        return connection


@contextmanager
def _transaction(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        # A full disk has already undone it.
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreUnavailable(
            f"无法建立图谱所在的文件夹 {folder}（{reason(error)}）：请检查路径和写权限"
        ) from error


def _switch_to_wal(connection: sqlite3.Connection, patience: float) -> None:
    """Turn on the write-ahead log, once in a database's life.

    SQLite does not wait by itself when two processes create one database at the same moment.
    """
    deadline = time.monotonic() + patience
    while True:
        try:
            (mode,) = connection.execute("PRAGMA journal_mode").fetchone()
            if mode != "wal":
                connection.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _code(error: sqlite3.Error) -> int | None:
    """SQLite's primary result code: the low byte of an extended one."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    return None if code is None else code & 0xFF


def _explained(error: sqlite3.Error, path: Path, waited: float) -> StoreError:
    sentences = {
        sqlite3.SQLITE_BUSY: f"另一个进程正在写它，等了 {waited:g} 秒：请稍后再试，或结束那个进程",
        sqlite3.SQLITE_LOCKED: "同一进程的另一处正在写它：请稍后再试",
        sqlite3.SQLITE_FULL: "磁盘已满，这份文件没有写入：请腾出空间后重试",
        sqlite3.SQLITE_CANTOPEN: "无法打开：请检查路径是否存在、是否为文件、有无读写权限",
        sqlite3.SQLITE_PERM: "没有权限：请检查文件的读写权限",
        sqlite3.SQLITE_READONLY: "只能读，不能写：请检查文件和所在文件夹的写权限"
        "（读取时也要能在旁边建立临时文件），或复制到自己的文件夹",
        sqlite3.SQLITE_NOTADB: "不是数据库文件：请检查路径，或换一个文件名",
        sqlite3.SQLITE_CORRUPT: "已经损坏：请从备份恢复，或删除后重新入库",
        sqlite3.SQLITE_IOERR: "读写磁盘出错：请检查磁盘，必要时换到本地磁盘",
    }
    sentence = sentences.get(_code(error) or 0)
    if sentence is None:
        return StoreError(f"图谱 {path} 出错：{error}")
    return StoreUnavailable(f"图谱 {path} {sentence}")
