"""What is only true of the store on a Neo4j server: addresses, servers, versions, limits."""

import logging
import socket
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NoReturn

import neo4j
import pytest
from fastapi.testclient import TestClient
from neo4j.exceptions import ClientError, Neo4jError

from api import checks
from api.app import create_app
from api.checks import Check
from api.settings import Settings
from graph.errors import InvalidGraph, StoreError, StoreUnavailable, StoreVersionError
from graph.neo4j_connection import NotAllowed, explained, parse_address
from graph.opening import open_store
from tests.contract.graphs import OFFICE, ROAD, A, B, batch, county, dump, node
from tests.neo4j_servers import servers
from tools.neo4j_server import PASSWORD, Server

SECRET = "ge@heim/#?"
ENCODED = "ge%40heim%2F%23%3F"


@pytest.fixture(scope="module")
def server() -> Server:
    return servers().own(0)


@pytest.fixture
def url(server: Server) -> str:
    return servers().empty(0) if server.url else ""


# --- addresses

ADDRESSES = (
    ("neo4j://u:p@host:7687/db", "neo4j://host:7687", "db", "u", "p"),
    # no database, no port, no login
    ("bolt+s://host", "bolt+s://host", "neo4j", None, ""),
    ("neo4j+ssc://[::1]:7687/", "neo4j+ssc://[::1]:7687", "neo4j", None, ""),
    # what an address would take for its own is written percent-encoded
    (f"neo4j://us%3Aer:{ENCODED}@host/a.b-c", "neo4j://host", "a.b-c", "us:er", SECRET),
    # an @ alone is understood: the last one ends the login
    ("neo4j://u:p@w@host/db", "neo4j://host", "db", "u", "p@w"),
)


@pytest.mark.parametrize(("url", "uri", "database", "user", "password"), ADDRESSES)
def test_an_address_is_read(
    url: str, uri: str, database: str, user: str | None, password: str
) -> None:
    found = parse_address(url)
    assert (found.uri, found.database, found.user, found.password) == (
        uri,
        database,
        user,
        password,
    )
    assert not password or password not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "neo4j://",
        "neo4j://u:geheim@",
        "neo4j://u:geheim@host:port/db",
        "neo4j://u:geheim@host/db/more",
        # a bare / ? # in a password, also where what stands before it could be a port
        "neo4j://u:12/geheim@host:7687/db",
        "neo4j://u:12/geheim@host",
        "neo4j://u:12?geheim@host/db",
        "neo4j://u:12#geheim@host/db",
    ],
)
def test_a_wrong_address_is_told_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreError, match="neo4j://用户名:密码@主机:7687/数据库") as raised:
        open_store(url)
    assert "geheim" not in str(raised.value)


# --- opening: what is wrong, and what to do


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


CANNOT_OPEN: tuple[tuple[str, Callable[[int], str], str], ...] = (
    ("wrong password", lambda port: f"bolt://neo4j:{ENCODED}@127.0.0.1:{port}", "用户名或密码不对"),
    ("no password", lambda port: f"bolt://127.0.0.1:{port}", "用户名或密码不对"),
    (
        "wrong database",
        lambda port: f"bolt://neo4j:{PASSWORD}@127.0.0.1:{port}/other",
        "没有这个数据库",
    ),
    (
        "nothing listens",
        lambda port: f"bolt://neo4j:{PASSWORD}@127.0.0.1:{_unused_port()}",
        "连不上：请检查主机和端口",
    ),
    (
        "nothing listens, routed",
        lambda port: f"neo4j://neo4j:{PASSWORD}@127.0.0.1:{_unused_port()}",
        "连不上：请检查主机和端口",
    ),
    (
        "no such host",
        lambda port: f"bolt://neo4j:{PASSWORD}@no-such-host.invalid:{port}",
        "连不上：请检查主机和端口",
    ),
    (
        "encrypted address, server without",
        lambda port: f"bolt+s://neo4j:{PASSWORD}@127.0.0.1:{port}",
        "是否要加密",
    ),
)


@pytest.mark.parametrize(
    ("address", "sentence"), [row[1:] for row in CANNOT_OPEN], ids=[row[0] for row in CANNOT_OPEN]
)
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_what_is_wrong_is_said_and_no_password(
    server: Server,
    address: Callable[[int], str],
    sentence: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "neo4j")
    with pytest.raises(StoreUnavailable, match=sentence) as raised:
        open_store(address(server.port))
    everything = caplog.text + "".join(traceback.format_exception(raised.value))
    for secret in (SECRET, ENCODED, PASSWORD):
        assert secret not in everything


def test_the_first_password_must_be_changed(server: Server) -> None:
    address = f"bolt://127.0.0.1:{server.port}"
    with neo4j.GraphDatabase.driver(address, auth=("neo4j", PASSWORD)) as driver:
        make = "CREATE USER fresh IF NOT EXISTS SET PASSWORD 'first-password' CHANGE REQUIRED"
        driver.execute_query(make, database_="system")
        with pytest.raises(StoreUnavailable, match="请先在服务器上改密码"):
            open_store(f"bolt://fresh:first-password@127.0.0.1:{server.port}")
        driver.execute_query("DROP USER fresh", database_="system")


def test_an_old_server(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.neo4j_connection.LEAST_SERVER", (9999, 0))
    with pytest.raises(StoreUnavailable, match=r"是 Neo4j/5.*要 Neo4j 9999.0 或更新的版本"):
        open_store(url)


def test_a_newer_schema_and_a_database_of_others(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    host = f"bolt://127.0.0.1:{url.rpartition(':')[2].partition('/')[0]}"
    with neo4j.GraphDatabase.driver(host, auth=("neo4j", PASSWORD)) as driver:
        driver.execute_query("CREATE (:Movie)", database_="neo4j")
        with pytest.raises(StoreUnavailable, match="已有别的程序的数据"):
            open_store(url)
        with pytest.raises(StoreUnavailable, match="里还没有图谱"):
            open_store(url, read_only=True)
        driver.execute_query("MATCH (n:Movie) DELETE n", database_="neo4j")
        open_store(url).close()
        driver.execute_query("MATCH (s:_State) SET s.schema = 99", database_="neo4j")
    with pytest.raises(StoreVersionError, match="请升级绩谱"):
        open_store(url)


@pytest.mark.parametrize(
    ("state", "sentence"), [("POPULATING", "还在建立"), ("FAILED", "没有建成")]
)
def test_an_index_that_is_not_ready(
    url: str, monkeypatch: pytest.MonkeyPatch, state: str, sentence: str
) -> None:
    open_store(url).close()
    monkeypatch.setattr("graph.neo4j_indexes.INDEX_SECONDS", 0.3)
    monkeypatch.setattr(
        "graph.neo4j_queries.SHOW_INDEXES",
        "SHOW INDEXES YIELD name, state"
        f" RETURN name, CASE name WHEN 'jipu_node' THEN '{state}' ELSE state END AS state",
    )
    with pytest.raises(StoreUnavailable, match=f"jipu_node.*{sentence}|{sentence}.*jipu_node"):
        open_store(url)


# --- writing: what the server cannot hold


def test_a_store_for_reading_only(url: str) -> None:
    with open_store(url) as store:
        store.apply(county(A))
    with open_store(url, read_only=True) as store:
        with pytest.raises(StoreUnavailable, match="只能读"):
            store.delete_document(A)
        assert store.documents() == [A]


TOO_MUCH = (
    # longer than an index takes, as an id and as an indexed text
    (node(A, "policy:" + "长" * 3000), r"policy:长.*的 id 有 9,007 字节"),
    (node(A, OFFICE, name="长" * 3000), r"department:.*的 name 有 9,000 字节"),
)


@pytest.mark.parametrize(("said", "sentence"), TOO_MUCH)
def test_more_than_an_index_takes(url: str, said: object, sentence: str) -> None:
    with open_store(url) as store:
        store.apply(county(B))
        before = dump(store)
        with pytest.raises(InvalidGraph, match=sentence):
            store.apply(batch(A, [ROAD, said]))  # type: ignore[list-item]
        assert dump(store) == before
        store.apply(county(A))


# --- errors that no test server can be brought to

INJECTED = (
    ("Neo.ClientError.Security.Forbidden", "not allowed", NotAllowed, "没有权限"),
    (
        "Neo.DatabaseError.Transaction.TransactionCommitFailed",
        "No space left on device",
        StoreUnavailable,
        "磁盘已满",
    ),
    (
        "Neo.TransientError.General.MemoryPoolOutOfMemoryError",
        "x",
        InvalidGraph,
        "db.memory.transaction.max",
    ),
    ("Neo.ClientError.General.ReadOnly", "read only", StoreUnavailable, "只读"),
    ("Neo.TransientError.Transaction.DeadlockDetected", "x", StoreUnavailable, "互相等待"),
    ("Neo.ClientError.Cluster.NotALeader", "x", StoreUnavailable, "更换主节点"),
    ("Neo.ClientError.Security.AuthenticationRateLimit", "x", StoreUnavailable, "请等几秒"),
)


@pytest.mark.parametrize(("code", "message", "kind", "sentence"), INJECTED)
def test_an_error_of_the_server_is_explained(
    code: str, message: str, kind: type[StoreError], sentence: str
) -> None:
    error = Neo4jError._hydrate_neo4j(code=code, message=message)
    said = explained(error, "neo4j://host/neo4j")
    assert isinstance(said, kind)
    assert sentence in str(said)


def test_half_a_node_is_read_again(url: str) -> None:
    """Where a node goes while it is read, the server or the reader fails; the gate says why."""
    with open_store(url) as store:
        store.apply(county(A))
        failing: Iterator[Exception] = iter([KeyError("id"), ClientError("EntityNotFound")])

        def work(run: object) -> str:
            for error in failing:
                store._gate._seen -= 1  # type: ignore[attr-defined]
                raise error
            return "whole"

        assert store._gate.read(work) == "whole"  # type: ignore[attr-defined]

        def broken(run: object) -> NoReturn:
            raise KeyError("a mistake of ours")

        with pytest.raises(KeyError, match="of ours"):
            store._gate.read(broken)  # type: ignore[attr-defined]


# --- the service and its check-up


def test_doctor_names_what_is_not_there(url: str, tmp_path: Path) -> None:
    settings = Settings(store=url, data=tmp_path)

    def said() -> Check:
        (found,) = (check for check in checks.run(settings) if check.name == "Neo4j")
        assert PASSWORD not in str(found)
        return found

    assert (said().ok, "还没有图谱" in said().detail) == (True, False), "the second finds one"
    assert "Neo4j 5." in said().detail
    assert "community" in said().detail
    assert "都在线" in said().detail
    host = f"bolt://127.0.0.1:{url.rpartition(':')[2].partition('/')[0]}"
    with neo4j.GraphDatabase.driver(host, auth=("neo4j", PASSWORD)) as driver:
        driver.execute_query("DROP INDEX jipu_node_revision", database_="neo4j")
    missing = said()
    assert not missing.ok
    assert "jipu_node_revision（缺）" in missing.detail
    assert "自己补建" in missing.advice
    assert said().ok, "opening the store has made it again"


def test_the_service_says_that_its_store_is_away(url: str, server: Server, tmp_path: Path) -> None:
    settings = Settings(store=url, data=tmp_path)
    with TestClient(create_app(settings), client=("127.0.0.1", 1)) as client:
        assert client.get("/readyz").json()["status"] == "ready"
        server.kill()
        try:
            answer = client.get("/readyz")
            assert answer.status_code == 503
            assert answer.json()["status"] == "degraded"
            assert answer.json()["code"] == "store_unavailable"
            assert "连不上" in answer.json()["detail"]
            assert answer.elapsed.total_seconds() < 4
            assert PASSWORD not in answer.text
            assert client.get("/healthz").json() == {"status": "ok"}
            other = client.get("/api/stats")
            assert (other.status_code, other.json()["code"]) == (503, "store_unavailable")
            assert PASSWORD not in other.text
        finally:
            server.start()
        assert client.get("/readyz").json()["status"] == "ready"
        assert client.get("/api/stats").status_code == 200
