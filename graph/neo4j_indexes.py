"""What a database needs before the store works on it, made once and looked at on every opening."""

from graph import neo4j_queries as queries
from graph.errors import StoreUnavailable, StoreVersionError
from graph.neo4j_connection import Connection


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
        raise StoreUnavailable(
            f"数据库 {connection.place} 里已有别的程序的数据，不是绩谱的图谱：请换一个空的数据库"
        )
    _make_indexes(connection)
    if schema is None:
        connection.write(lambda run: run(queries.CREATE_STATE, schema=queries.SCHEMA))


def _schema(connection: Connection) -> int | None:
    found = connection.read(lambda run: run(queries.READ_STATE))
    return int(found[0][0]) if found else None


def _make_indexes(connection: Connection) -> None:
    """Create what is missing; wait until all of it may be used."""
    states = dict(map(tuple, connection.read(lambda run: run(queries.SHOW_INDEXES))))
    for name, statement in queries.INDEXES.items():
        if name not in states:
            connection.write(lambda run, statement=statement: run(statement))  # type: ignore[misc]
    if any(states.get(name) != "ONLINE" for name in queries.INDEXES):
        connection.read(lambda run: run(queries.AWAIT_INDEXES))
