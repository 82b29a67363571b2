"""Which kind of index an engine searches: the only place that knows them all."""

from pathlib import Path

from graph.opening import server_of
from graph.store import Writer
from search.errors import SearchError
from search.keeper import Keeper
from search.model_slot import ModelSlot

LOCAL = "local"
SERVER = "server"


def keeper_of(store: Writer, directory: Path, model: ModelSlot, index: str) -> Keeper:
    """`index` is LOCAL (files under `directory`), SERVER (the indexes of the store's own server),
    or "" for the server where the store has one. Raises SearchError where it has none."""
    # Imported here so that a process loads only the index that it uses.
    server = None if index == LOCAL else server_of(store)
    if server is not None:
        from search.neo4j_keeper import Neo4jKeeper

        return Neo4jKeeper(store, server, model)
    if index == SERVER:
        raise SearchError(
            "JIPU_INDEX=server 要求图谱在 Neo4j 上（JIPU_STORE=neo4j://…）；"
            "SQLite 的图谱请用 JIPU_INDEX=local 或不设"
        )
    from search.local_keeper import LocalKeeper

    return LocalKeeper(store, directory, model)
