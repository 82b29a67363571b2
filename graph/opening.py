"""Which store an address means: the only place that knows the backends."""

from pathlib import Path
from typing import TYPE_CHECKING

from graph.errors import StoreError
from graph.store import Reader, ServerReport, Writer

if TYPE_CHECKING:
    from graph.neo4j_connection import Connection

_SQLITE = "sqlite:///"
_NEO4J = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})


PATIENCE = 60.0


def open_store(url: str, *, read_only: bool = False, patience: float = PATIENCE) -> Writer:
    """The store at `sqlite:///relative.db`, `sqlite:////absolute.db` or
    `neo4j://user:password@host:7687/database` (`+s`, `+ssc`, `bolt` too), made where missing.

    With `read_only` it must exist and every write raises StoreUnavailable. `patience` is how many
    seconds every later call waits for a server that went away to come back. Raises StoreError for
    an address that names no known store, StoreUnavailable where it cannot be opened and
    StoreVersionError where a newer version wrote it. No message repeats an address with a scheme
    that can hold a password.
    """
    # Imported here so that a command loads only the backend that it uses.
    if on_server(url):
        from graph.neo4j_store import Neo4jStore

        return Neo4jStore(url, read_only=read_only, patience=patience)
    path = url.removeprefix(_SQLITE)
    if path == url or not path or path == ":memory:":
        raise StoreError(
            "图谱的地址应写成 sqlite:///相对路径 或 sqlite:////绝对路径（如 sqlite:///data/jipu.db），"
            "或 neo4j://用户名:密码@主机:7687/数据库：请检查 JIPU_STORE 或 --store"
        )
    from graph.sqlite_store import SqliteStore

    return SqliteStore(Path(path), read_only=read_only)


def server_of(store: Reader) -> "Connection | None":
    """The connection to the server that a store lives on; None for one in files."""
    return getattr(store, "connection", None)


def on_server(url: str) -> bool:
    return url.partition("://")[0].lower() in _NEO4J


def inspect_server(url: str) -> ServerReport:
    """For an address that is `on_server`; nothing is made there. Raises StoreUnavailable."""
    from graph.neo4j_report import server_report

    return server_report(url)
