"""Which store an address means: the only place that knows the backends."""

from pathlib import Path

from graph.errors import StoreError
from graph.store import Writer

_SQLITE = "sqlite:///"
_NEO4J = frozenset({"neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc"})


def open_store(url: str, *, read_only: bool = False) -> Writer:
    """The store at `sqlite:///relative.db` or `sqlite:////absolute.db`, created where missing.

    With `read_only` it must exist and every write raises StoreUnavailable. Raises StoreError for
    an address that names no known store, StoreUnavailable where it cannot be opened and
    StoreVersionError where a newer version wrote it. No message repeats an address with a scheme
    that can hold a password.
    """
    scheme = url.partition("://")[0].lower()
    if scheme in _NEO4J:
        raise StoreError(
            f"这个版本还不支持 Neo4j（地址以 {scheme}:// 开头）：请用 sqlite:///路径，"
            "例如 JIPU_STORE=sqlite:///data/jipu.db"
        )
    path = url.removeprefix(_SQLITE)
    if path == url or not path or path == ":memory:":
        raise StoreError(
            "图谱的地址应写成 sqlite:///相对路径 或 sqlite:////绝对路径，"
            "例如 sqlite:///data/jipu.db：请检查 JIPU_STORE 或 --store"
        )
    # Imported here so that a command loads only the backend that it uses.
    from graph.sqlite_store import SqliteStore

    return SqliteStore(Path(path), read_only=read_only)
