"""What a database needs before the store works on it, made once and looked at on every opening."""

import time
from contextlib import suppress

from graph import neo4j_queries as queries
from graph.errors import StoreUnavailable, StoreVersionError
from graph.neo4j_connection import AlreadyThere, Connection

ONLINE, FAILED = "ONLINE", "FAILED"
INDEX_SECONDS = 60.0
"""How long opening waits for an index that the server is still filling."""
_PAUSE = 0.2


def prepare(connection: Connection, read_only: bool) -> None:
    """Constraints, indexes and the node that holds the revision; for a read-only store only look.

    Raises StoreVersionError where a newer version wrote the database, StoreUnavailable where it
    cannot be reached, or holds something else.
    """
    connection.check_server()
    schema = _schema(connection)
    if schema is not None and schema > queries.SCHEMA:
        raise StoreVersionError(
            f"图谱 {connection.place} 由更新版本的绩谱写成（格式 {schema}）：请升级绩谱后再打开"
        )
    if read_only:
        if schema is None:
            raise StoreUnavailable(
                f"数据库 {connection.place} 里还没有图谱：请先用 jipu ingest 入库，或检查地址"
            )
        return
    if schema is None and connection.read(lambda run: run(queries.ANY_NODE)):
        # Unless another process of ours has just made it.
        schema = _schema(connection)
        if schema is None:
            raise StoreUnavailable(
                f"数据库 {connection.place} 里已有别的程序的数据，不是绩谱的图谱："
                "请换一个空的数据库"
            )
    _make_indexes(connection)
    if schema is None:
        connection.write(lambda run: run(queries.CREATE_STATE, schema=queries.SCHEMA))


def _schema(connection: Connection) -> int | None:
    found = connection.read(lambda run: run(queries.READ_STATE))
    return int(found[0][0]) if found else None


def _make_indexes(connection: Connection) -> None:
    """Create what is missing; wait until all of it may be used.

    Raises StoreUnavailable where that takes too long, or the server could not build one.
    """
    there = _states(connection)
    for name, statement in queries.INDEXES.items():
        if name not in there:
            # Of several processes that open a new store at once, one is first.
            with suppress(AlreadyThere):
                connection.write(lambda run, statement=statement: run(statement))  # type: ignore[misc]
    until = time.monotonic() + INDEX_SECONDS
    while waiting := {n: s for n, s in _states(connection).items() if s != ONLINE}:
        names = "、".join(sorted(waiting))
        if FAILED in waiting.values():
            raise StoreUnavailable(
                f"图谱 {connection.place} 的索引 {names} 没有建成：请在服务器上删除它"
                "（DROP INDEX 或 DROP CONSTRAINT 加名称），再打开一次就会重建"
            )
        if time.monotonic() > until:
            raise StoreUnavailable(
                f"图谱 {connection.place} 的索引还在建立（{names}），要等它建好才能用：请稍后再试"
            )
        time.sleep(_PAUSE)


def _states(connection: Connection) -> dict[str, str]:
    """The state of each index of ours that is there."""
    rows = connection.read(lambda run: run(queries.SHOW_INDEXES))
    return {name: state for name, state in rows if name in queries.INDEXES}
