"""A Neo4j address, the driver for it, managed transactions, and errors made readable."""

import logging
import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

import neo4j
from neo4j.exceptions import (
    AuthConfigurationError,
    AuthError,
    ConfigurationError,
    DriverError,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph.errors import InvalidGraph, StoreError, StoreUnavailable

LEAST_SERVER = (5, 26)
READ_SECONDS = 120.0
WRITE_SECONDS = 600.0
"""How long the server lets one transaction run; a writer's waiting for its turn counts."""
RETRY_SECONDS = 4.0
"""How long the driver tries a transaction again: a dead-lock, another leader, a short break."""
ONCE_SECONDS = 30.0
"""The same for a transaction inside another, whose waiting for each other no server notices."""
CONNECT_SECONDS = 10.0
CLOSE_SECONDS = 10.0
"""How long closing waits for other threads' conversations to end."""
_PAUSE = 0.2
_WAITING = "图谱服务器 %s 暂时连不上，正在等它回来（最多 %.0f 秒）…"
POOL_SIZE = 100
POOL_SECONDS = 60.0
"""How long a thread waits for one of them."""
DEFAULT_DATABASE = "neo4j"
_LOG = logging.getLogger("jipu.store")
_FORM = "neo4j://用户名:密码@主机:7687/数据库"
# matches `Neo4j/5.26.31`, `Neo4j/2026.09.0` and `Neo4j/5.27-aura`; not `Memgraph/3.1`
_AGENT = re.compile(r"Neo4j/(\d+)\.(\d+)")

# matches `neo4j` and `county.2025-a`; not `w@host`, the rest of a password with a bare slash
_DATABASE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")

T = TypeVar("T")


class NotAllowed(StoreUnavailable):
    """The user lacks a right."""


class EntityGone(StoreUnavailable):
    """Another transaction took away what this one was reading."""


class AlreadyThere(StoreError):
    """Another process made the same index at the same time."""


class Run(Protocol):
    """Runs one statement in the transaction at hand; its rows as lists of values."""

    def __call__(self, query: str, /, **parameters: object) -> list[list[Any]]: ...


@dataclass(frozen=True, slots=True)
class Address:
    """`place` is what messages may show: no user, no password."""

    uri: str
    database: str
    user: str | None = field(repr=False)
    password: str = field(repr=False)

    @property
    def place(self) -> str:
        return f"{self.uri}/{self.database}"


def parse_address(url: str) -> Address:
    """`scheme://user:password@host:port/database`; what the parts hold of `@:/#?%` is written
    percent-encoded. Raises StoreError that repeats nothing of the address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port = None, None
    database = (unquote(parts.path.strip("/")) if host else "") or DEFAULT_DATABASE
    # What stands behind a bare / ? # of a password is no part of an address.
    if not host or not _DATABASE.fullmatch(database) or parts.query or parts.fragment:
        raise StoreError(
            f"Neo4j 的地址应写成 {_FORM}；密码里的 @ : / # ? % 要写成 %40 %3A %2F %23 %3F %25："
            "请检查 JIPU_STORE 或 --store"
        )
    shown = f"[{host}]" if ":" in host else host
    uri = f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else "")
    user = unquote(parts.username) if parts.username is not None else None
    return Address(uri, database, user, unquote(parts.password or ""))


class Connection:
    """One driver, with its pool of connections; safe for threads.

    What was written through it is seen by every later read through it, on whichever server of a
    cluster that lands. Raises StoreUnavailable for what server or network are the reason of.
    """

    def __init__(self, address: Address, patience: float, seconds: float | None = None) -> None:
        """`patience`: seconds to wait for a server that is away; `seconds`: for one connection."""
        self.place = address.place
        self._patience = patience
        self._database = address.database
        self._closed = False
        self._conversations = 0
        self._ended = threading.Condition()
        with self._explained():
            # A wrong scheme or parameter comes out as ConfigurationError.
            self._driver = neo4j.GraphDatabase.driver(
                address.uri,
                auth=None if address.user is None else (address.user, address.password),
                user_agent="jipu",
                max_connection_pool_size=POOL_SIZE,
                connection_timeout=seconds or CONNECT_SECONDS,
                connection_acquisition_timeout=seconds or POOL_SECONDS,
                max_transaction_retry_time=RETRY_SECONDS,
                notifications_min_severity="OFF",
            )
            self._bookmarks = neo4j.GraphDatabase.bookmark_manager()

    def check_server(self) -> None:
        """Reach it once, without trying again. Raises StoreUnavailable."""
        with self._explained(), self._session(neo4j.READ_ACCESS) as session:
            agent = session.run("RETURN 1").consume().server.agent
        version = _AGENT.match(agent)
        if version is None or (int(version[1]), int(version[2])) < LEAST_SERVER:
            least = ".".join(map(str, LEAST_SERVER))
            raise StoreUnavailable(
                f"{self.place} 的服务器是 {agent}，要 Neo4j {least} 或更新的版本：请升级服务器"
            )

    def read(self, work: Callable[[Run], T]) -> T:
        """`work` runs again from the start after a transient error: it must change nothing else."""
        timed = neo4j.unit_of_work(timeout=READ_SECONDS)(_with_run(work))

        def attempt() -> T:
            with self._session(neo4j.READ_ACCESS) as session:
                return session.execute_read(timed)

        return self._patiently(attempt)

    def write(self, work: Callable[[Run], T]) -> T:
        """As `read`. A commit whose answer was lost is tried again as well: `work` must see for
        itself that all is there already."""
        timed = neo4j.unit_of_work(timeout=WRITE_SECONDS)(_with_run(work))

        def attempt() -> T:
            with self._session(neo4j.WRITE_ACCESS) as session:
                return session.execute_write(timed)

        return self._patiently(attempt)

    def _patiently(self, attempt: Callable[[], T]) -> T:
        """The driver has tried for a few seconds before a server counts as away."""
        until: float | None = None
        while True:
            try:
                answer = attempt()
            except (DriverError, Neo4jError) as error:
                now = time.monotonic()
                if until is None and _is_away(error):
                    until = now + self._patience
                    if self._patience:
                        _LOG.warning(_WAITING, self.place, self._patience)
                if until is None or now >= until or not _is_away(error):
                    raise explained(error, self.place) from error
                time.sleep(_PAUSE)
            else:
                if until is not None:
                    _LOG.warning("图谱服务器 %s 又连上了，接着做", self.place)
                return answer

    def once(self, work: Callable[[Run], T]) -> T:
        """A transaction that is not tried again, for use inside `write`, which tries all of it
        again. Raises what the driver raises."""
        with (
            self._session(neo4j.WRITE_ACCESS) as session,
            session.begin_transaction(timeout=ONCE_SECONDS) as opened,
        ):
            answer = work(_run_in(opened))
            opened.commit()
        return answer

    def probe(self, work: Callable[[Run], T]) -> T:
        """One read that is not tried again."""
        with (
            self._explained(),
            self._session(neo4j.READ_ACCESS) as session,
            session.begin_transaction(timeout=CONNECT_SECONDS) as opened,
        ):
            return work(_run_in(opened))

    def close(self) -> None:
        """Conversations that go on may end; new ones are refused at once."""
        with self._ended:
            self._closed = True
            # Closed amid an answer, a driver leaves its connections open.
            self._ended.wait_for(lambda: not self._conversations, CLOSE_SECONDS)
        try:
            self._driver.close()
        except (DriverError, Neo4jError, BufferError, OSError) as error:
            # Another thread was still asking: it is told that the store is closed.
            _LOG.debug("%s: %s", self.place, error)

    def check_open(self) -> None:
        """Raises StoreError after `close`."""
        if self._closed:
            raise StoreError(f"图谱 {self.place} 已经关闭：请重新打开")

    @contextmanager
    def _conversation(self) -> Iterator[None]:
        with self._ended:
            self.check_open()
            self._conversations += 1
        try:
            yield
        finally:
            with self._ended:
                self._conversations -= 1
                self._ended.notify_all()

    @contextmanager
    def _session(self, access: str) -> Iterator[neo4j.Session]:
        with (
            self._conversation(),
            _interrupts_held(),
            self._driver.session(
                database=self._database,
                default_access_mode=access,
                bookmark_manager=self._bookmarks,
            ) as session,
        ):
            yield session

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (DriverError, Neo4jError) as error:
            raise explained(error, self.place) from error


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold one Ctrl-C back until the end; a second one comes through.

    Amid a conversation it would leave half an answer read, and the driver, which still ends its
    transaction and session in order, then waits for ever or fails with an error of its own.
    """
    if (
        threading.current_thread() is not threading.main_thread()
        or signal.getsignal(signal.SIGINT) is not signal.default_int_handler
    ):
        yield
        return
    held = False

    def hold(number: int, frame: FrameType | None) -> None:
        nonlocal held
        if held:
            raise KeyboardInterrupt
        held = True

    signal.signal(signal.SIGINT, hold)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if held:
            raise KeyboardInterrupt


def _with_run(work: Callable[[Run], T]) -> Callable[[neo4j.ManagedTransaction], T]:
    def in_transaction(transaction: neo4j.ManagedTransaction) -> T:
        return work(_run_in(transaction))

    return in_transaction


def _run_in(transaction: neo4j.ManagedTransaction | neo4j.Transaction) -> Run:
    def run(query: str, /, **parameters: object) -> list[list[Any]]:
        return transaction.run(query, parameters).values()

    return run


_FULL = "服务器的磁盘已满，这份文件没有写入：请腾出空间后重试"
_MEMORY = (
    "服务器的内存不够一次写入或读出这么多，没有写入任何内容："
    "请调大 db.memory.transaction.max 和 server.memory.heap.max_size"
)


def _is_away(error: DriverError | Neo4jError) -> bool:
    starting = "DatabaseUnavailable" in (getattr(error, "code", None) or "")
    return starting or isinstance(error, ServiceUnavailable | SessionExpired)


_MEANINGS: tuple[tuple[str, type[StoreError], str], ...] = (
    # Words of the server's code or message, and what to do. The first that fits is taken.
    (
        "AuthenticationRateLimit",
        StoreUnavailable,
        "密码错了太多次，服务器暂时不再接受：请等几秒，改对密码再试",
    ),
    (
        "CredentialsExpired",
        StoreUnavailable,
        "密码已过期或还是初始密码：请先在服务器上改密码（ALTER CURRENT USER SET PASSWORD）",
    ),
    ("Security.Forbidden", NotAllowed, "这个用户没有权限：请让管理员授予读写和建立索引的权限"),
    (
        "Neo.ClientError.Security",
        StoreUnavailable,
        "用户名或密码不对：请检查 JIPU_STORE 或 --store 里的用户名和密码",
    ),
    (
        "DatabaseNotFound",
        StoreUnavailable,
        "没有这个数据库：请检查地址最后的数据库名（社区版只有 neo4j）",
    ),
    (
        "DatabaseUnavailable",
        StoreUnavailable,
        "数据库还没有启动好，或已停止：请稍后再试，或请管理员启动它",
    ),
    ("No space left", StoreUnavailable, _FULL),
    ("not enough space", StoreUnavailable, _FULL),
    ("ReadOnly", StoreUnavailable, "数据库是只读的：请检查服务器的磁盘空间和设置"),
    ("NotALeader", StoreUnavailable, "集群正在更换主节点：请稍后再试"),
    ("TransactionTimedOut", StoreUnavailable, "等得太久，服务器停止了这次操作：请稍后再试"),
    ("MemoryPool", InvalidGraph, _MEMORY),
    ("TransactionOutOfMemory", InvalidGraph, _MEMORY),
    (
        "OutOfMemory",
        StoreUnavailable,
        "服务器内存不够：请调大 server.memory.heap.max_size",
    ),
    ("Deadlock", StoreUnavailable, "几个进程同时在写，互相等待：请稍后再试"),
    ("EntityNotFound", EntityGone, "正在被别的进程改写：请稍后再试"),
    ("AlreadyExists", AlreadyThere, "已有同样的索引或约束"),
)


def explained(error: DriverError | Neo4jError, place: str) -> StoreError:
    """The error as one sentence. What the driver says is shown only where nothing fits: it names
    hosts, never passwords."""
    text = f"{getattr(error, 'code', None) or ''} {error}"
    for words, kind, sentence in _MEANINGS:
        if words in text:
            return kind(f"图谱 {place} {sentence}")
    if isinstance(error, AuthError | AuthConfigurationError):
        return StoreUnavailable(f"图谱 {place} 用户名或密码不对：请检查 JIPU_STORE 或 --store")
    if isinstance(error, ServiceUnavailable | SessionExpired):
        return StoreUnavailable(
            f"图谱 {place} 连不上：请检查主机和端口、服务器是否已启动、是否要加密"
            "（neo4j+s://，自签证书用 neo4j+ssc://）"
        )
    if isinstance(error, ConfigurationError):
        return StoreError(f"Neo4j 的地址应写成 {_FORM}：请检查 JIPU_STORE 或 --store（{error}）")
    return StoreError(f"图谱 {place} 出错：{error}")
