"""The tables of the embedded store, as forward-only named steps.

A released step is never edited; a change is a new step at the end.
"""

import sqlite3

from graph.errors import StoreUnavailable, StoreVersionError

TABLES = (
    # `merged` holds properties and evidence as JSON where several documents contribute, and is
    # NULL where one does: then its contribution is the node, and nothing is stored twice.
    """CREATE TABLE node (
        id TEXT PRIMARY KEY,
        label TEXT NOT NULL,
        document TEXT NOT NULL,
        merged TEXT,
        revision INTEGER NOT NULL
    ) WITHOUT ROWID""",
    "CREATE INDEX node_label ON node (label, id)",
    "CREATE INDEX node_revision ON node (revision)",
    # `rank` is 0 for the documents that own the node: (rank, document) is the merge order.
    """CREATE TABLE contribution (
        number INTEGER PRIMARY KEY,
        node TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
        rank INTEGER NOT NULL,
        document TEXT NOT NULL,
        properties TEXT NOT NULL,
        evidence TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX contribution_order ON contribution (node, rank, document)",
    "CREATE INDEX contribution_document ON contribution (document)",
    # A derived edge has no contribution and the document "".
    """CREATE TABLE edge (
        number INTEGER PRIMARY KEY,
        source TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
        type TEXT NOT NULL,
        target TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
        field TEXT NOT NULL,
        document TEXT NOT NULL,
        merged TEXT
    )""",
    "CREATE UNIQUE INDEX edge_key ON edge (source, type, target, field)",
    "CREATE INDEX edge_target ON edge (target, type)",
    """CREATE TABLE edge_contribution (
        number INTEGER PRIMARY KEY,
        edge INTEGER NOT NULL REFERENCES edge (number) ON DELETE CASCADE,
        rank INTEGER NOT NULL,
        document TEXT NOT NULL,
        properties TEXT NOT NULL,
        evidence TEXT NOT NULL
    )""",
    "CREATE UNIQUE INDEX edge_contribution_order ON edge_contribution (edge, rank, document)",
    "CREATE INDEX edge_contribution_document ON edge_contribution (document)",
    # The merged values of the properties that the schema calls indexed. `value` has no type, so
    # that SQLite compares it as it is and 1 never equals '1'.
    """CREATE TABLE property (
        node TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
        name TEXT NOT NULL,
        label TEXT NOT NULL,
        value NOT NULL,
        PRIMARY KEY (node, name)
    ) WITHOUT ROWID""",
    "CREATE INDEX property_value ON property (label, name, value, node)",
    """CREATE TABLE embedding (
        node TEXT NOT NULL REFERENCES node (id) ON DELETE CASCADE,
        model TEXT NOT NULL,
        text_hash TEXT NOT NULL,
        vector BLOB NOT NULL
    )""",
    "CREATE UNIQUE INDEX embedding_key ON embedding (node, model)",
    # `digest` is over all that the document says: the same batch again is seen without writing.
    "CREATE TABLE document (id TEXT PRIMARY KEY, digest TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE tombstone (id TEXT PRIMARY KEY, revision INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX tombstone_revision ON tombstone (revision)",
    "CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    "INSERT INTO state VALUES ('revision', 0)",
    # Counting three million edges takes seconds, keeping the count nothing.
    "CREATE TABLE total (name TEXT PRIMARY KEY, amount INTEGER NOT NULL) WITHOUT ROWID",
    """CREATE TRIGGER node_added AFTER INSERT ON node BEGIN
        INSERT INTO total VALUES (NEW.label, 1)
            ON CONFLICT (name) DO UPDATE SET amount = amount + 1;
    END""",
    """CREATE TRIGGER node_removed AFTER DELETE ON node BEGIN
        UPDATE total SET amount = amount - 1 WHERE name = OLD.label;
    END""",
    """CREATE TRIGGER edge_added AFTER INSERT ON edge BEGIN
        INSERT INTO total VALUES (NEW.type, 1)
            ON CONFLICT (name) DO UPDATE SET amount = amount + 1;
    END""",
    """CREATE TRIGGER edge_removed AFTER DELETE ON edge BEGIN
        UPDATE total SET amount = amount - 1 WHERE name = OLD.type;
    END""",
)

# A trigger on every insert took a third of the time of writing a large document: the writer counts.
# What is removed goes by cascades too, which only a trigger sees.
COUNTED_BY_WRITER = ("DROP TRIGGER node_added", "DROP TRIGGER edge_added")

MIGRATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("0001-tables", TABLES),
    ("0002-counted-by-writer", COUNTED_BY_WRITER),
)


def pending(connection: sqlite3.Connection, place: str) -> list[str]:
    """Names of the steps that this database still lacks.

    Raises StoreVersionError where it has steps that this version does not know, StoreUnavailable
    where it is a database of something else.
    """
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not tables:
        return [name for name, _ in MIGRATIONS]
    if "schema_migrations" not in tables:
        raise StoreUnavailable(f"{place} 是别的程序的数据库，不是绩谱的图谱：请换一个文件名")
    applied = {name for (name,) in connection.execute("SELECT name FROM schema_migrations")}
    unknown = applied.difference(name for name, _ in MIGRATIONS)
    if unknown:
        raise StoreVersionError(
            f"{place} 由更新版本的绩谱写成（含 {'、'.join(sorted(unknown))}）：请升级绩谱后再打开"
        )
    return [name for name, _ in MIGRATIONS if name not in applied]


def migrate(connection: sqlite3.Connection, place: str) -> None:
    """Bring the database to this version in one transaction, whoever else opens it meanwhile.

    The connection must be in autocommit mode. Raises what `pending` raises.
    """
    if not pending(connection, place):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have migrated while this one waited for the lock.
        missing = pending(connection, place)
        connection.execute("CREATE TABLE IF NOT EXISTS schema_migrations (name TEXT PRIMARY KEY)")
        for name, statements in MIGRATIONS:
            if name in missing:
                for statement in statements:
                    connection.execute(statement)
                connection.execute("INSERT INTO schema_migrations VALUES (?)", (name,))
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
