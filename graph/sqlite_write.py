"""How one document enters and leaves the tables, inside a transaction that the caller holds."""

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable
from itertools import groupby, starmap
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from graph.derive import DEPENDS
from graph.elements import Edge, GraphBatch, PropertyValue
from graph.merge import MERGED_CONTRIBUTIONS, first_wins
from graph.rows import (
    Digest,
    DocumentRows,
    EdgeRow,
    NodeRow,
    PropertyRow,
    batch_of_rows,
    merged_text,
    property_rows,
)
from graph.schema import label_of

_Said: TypeAlias = tuple[str | int, str, str, str]
"""A contribution's row: node or edge, document, properties, evidence."""


def known(connection: sqlite3.Connection, documents: Collection[str]) -> list[str]:
    """Those of the documents that the store has."""
    return _column(
        connection,
        "SELECT id FROM document WHERE id IN (SELECT value FROM json_each(?))",
        documents,
    )


def unchanged(connection: sqlite3.Connection, rows: DocumentRows) -> bool:
    """Whether the store already holds exactly this of the document."""
    stored = connection.execute(
        "SELECT digest FROM document WHERE id = ?", (rows.document,)
    ).fetchone()
    return stored is not None and bool(stored == (rows.digest(),))


def stored_batch(connection: sqlite3.Connection, document: str) -> GraphBatch | None:
    """All that the document says; None where it is unknown."""
    if not known(connection, [document]):
        return None
    nodes = connection.execute(
        "SELECT c.node, node.label, c.rank, c.properties, c.evidence"
        " FROM contribution AS c JOIN node ON node.id = c.node WHERE c.document = ?",
        (document,),
    )
    edges = connection.execute(
        "SELECT source, type, target, field, c.rank, c.properties, c.evidence"
        " FROM edge_contribution AS c JOIN edge ON edge.number = c.edge WHERE c.document = ?",
        (document,),
    )
    return batch_of_rows(document, starmap(NodeRow, nodes), starmap(EdgeRow, edges))


def nodes_of(connection: sqlite3.Connection, documents: Collection[str]) -> list[str]:
    return _column(
        connection,
        "SELECT DISTINCT node FROM contribution WHERE document IN (SELECT value FROM json_each(?))",
        documents,
    )


def _edges_of(connection: sqlite3.Connection, documents: Collection[str]) -> list[int]:
    rows = connection.execute(
        "SELECT edge FROM edge_contribution WHERE document IN (SELECT value FROM json_each(?))",
        (json.dumps(list(documents)),),
    )
    return [number for (number,) in rows]


def write(
    connection: sqlite3.Connection,
    rows: DocumentRows | None,
    leaving: Collection[str],
    revision: int,
) -> set[str]:
    """Take out what the `leaving` documents said, put in the new rows, merge what is shared.

    Returns the ids of all nodes that either touches, removed ones included.
    """
    nodes = set(nodes_of(connection, leaving))
    edges = set(_edges_of(connection, leaving))
    for removal in (
        "DELETE FROM contribution WHERE document = ?",
        "DELETE FROM edge_contribution WHERE document = ?",
        "DELETE FROM document WHERE id = ?",
    ):
        connection.executemany(removal, [(document,) for document in leaving])
    touched = set(nodes)
    if rows is not None:
        _insert(connection, rows, revision)
        nodes.update(_shared_nodes(connection, rows.document))
        edges.update(_shared_edges(connection, rows.document))
        touched.update(rows.ids)
    _remerge_edges(connection, edges)
    _remerge_nodes(connection, nodes, revision)
    connection.execute(
        "UPDATE node SET revision = ? WHERE id IN (SELECT value FROM json_each(?))",
        (revision, json.dumps(sorted(touched))),
    )
    return touched


def deciding_properties(
    connection: sqlite3.Connection, nodes: Collection[str]
) -> set[tuple[str, str, PropertyValue]]:
    """(node, name, value) of the merged properties that decide derived edges."""
    concerned = [node for node in nodes if label_of(node) in DEPENDS]
    names = {name for properties in DEPENDS.values() for name in properties}
    query = (
        "SELECT node.id, said.key, said.value"
        " FROM node LEFT JOIN contribution AS c"
        " ON c.node = CASE WHEN node.merged IS NULL THEN node.id END,"
        " json_each(coalesce(json_extract(node.merged, '$[0]'), c.properties)) AS said"
        " WHERE node.id IN (SELECT value FROM json_each(?))"
        " AND said.key IN (SELECT value FROM json_each(?))"
    )
    return set(connection.execute(query, (json.dumps(concerned), json.dumps(sorted(names)))))


def write_derived(
    connection: sqlite3.Connection, gone: Collection[Edge], new: Collection[Edge], revision: int
) -> None:
    """Replace derived edges; the nodes at their ends count as written."""
    connection.executemany(
        "DELETE FROM edge WHERE source = ? AND type = ? AND target = ? AND field = ?",
        [edge.key for edge in gone],
    )
    _insert_counted(
        connection,
        "INSERT INTO edge (source, type, target, field, document) VALUES (?, ?, ?, ?, '')",
        [edge.key for edge in new],
    )
    connection.executemany(
        "UPDATE node SET revision = ? WHERE id IN (?, ?)",
        [(revision, edge.source, edge.target) for edge in (*gone, *new)],
    )


def _insert(connection: sqlite3.Connection, rows: DocumentRows, revision: int) -> None:
    digest = Digest(rows.document)
    for nodes, properties in rows.nodes():
        digest.add(nodes)
        _insert_nodes(connection, rows.document, nodes, revision)
        # A node that was there keeps its values until it is merged.
        connection.executemany("INSERT OR IGNORE INTO property VALUES (?, ?, ?, ?)", properties)
    for edges in rows.edges():
        digest.add(edges)
        _insert_edges(connection, rows.document, edges)
    connection.execute("INSERT INTO document VALUES (?, ?)", (rows.document, digest.hex()))


def _insert_nodes(
    connection: sqlite3.Connection, document: str, rows: list[NodeRow], revision: int
) -> None:
    _insert_counted(
        connection,
        "INSERT OR IGNORE INTO node (id, label, document, revision) VALUES (?, ?, ?, ?)",
        ((row.id, row.label, document, revision) for row in rows),
    )
    connection.executemany("DELETE FROM tombstone WHERE id = ?", ((row.id,) for row in rows))
    connection.executemany(
        "INSERT INTO contribution (node, rank, document, properties, evidence)"
        " VALUES (?, ?, ?, ?, ?)",
        ((row.id, row.rank, document, row.properties, row.evidence) for row in rows),
    )


def _insert_edges(connection: sqlite3.Connection, document: str, rows: list[EdgeRow]) -> None:
    _insert_counted(
        connection,
        "INSERT OR IGNORE INTO edge (source, type, target, field, document) VALUES (?, ?, ?, ?, ?)",
        ((*row[:4], document) for row in rows),
    )
    connection.executemany(
        "INSERT INTO edge_contribution (edge, rank, document, properties, evidence)"
        " SELECT number, ?, ?, ?, ? FROM edge"
        " WHERE source = ? AND type = ? AND target = ? AND field = ?",
        ((row.rank, document, row.properties, row.evidence, *row[:4]) for row in rows),
    )


def _insert_counted(
    connection: sqlite3.Connection, query: str, rows: Iterable[tuple[str | int, ...]]
) -> None:
    """Insert nodes or edges, whose second column is the label or type that `total` counts them
    by. They come sorted by the first, which is of one kind for long runs."""
    added: Counter[str | int] = Counter()
    for name, same in groupby(rows, key=itemgetter(1)):
        added[name] += connection.executemany(query, same).rowcount
    connection.executemany(
        "INSERT INTO total VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET amount = amount + excluded.amount",
        added.items(),
    )


def _shared_nodes(connection: sqlite3.Connection, document: str) -> list[str]:
    """Nodes of the document that another one made, unless so many go before this one that it does
    not count: then they stay as they are, however popular."""
    rows = connection.execute(
        "SELECT c.node FROM contribution AS c JOIN node ON node.id = c.node"
        " WHERE c.document = ? AND node.document <> c.document AND c.number IN"
        " (SELECT number FROM contribution WHERE node = c.node ORDER BY rank, document LIMIT ?)",
        (document, MERGED_CONTRIBUTIONS),
    )
    return [node for (node,) in rows]


def _shared_edges(connection: sqlite3.Connection, document: str) -> list[int]:
    rows = connection.execute(
        "SELECT c.edge FROM edge_contribution AS c JOIN edge ON edge.number = c.edge"
        " WHERE c.document = ? AND edge.document <> c.document AND c.number IN"
        " (SELECT number FROM edge_contribution WHERE edge = c.edge ORDER BY rank, document"
        " LIMIT ?)",
        (document, MERGED_CONTRIBUTIONS),
    )
    return [number for (number,) in rows]


def _remerge_nodes(connection: sqlite3.Connection, nodes: Collection[str], revision: int) -> None:
    """Merge these nodes anew; one without any contribution goes, and leaves a tombstone."""
    rows = connection.execute(
        "SELECT c.node, c.document, c.properties, c.evidence"
        " FROM json_each(?) AS touched CROSS JOIN contribution AS c"
        " WHERE c.number IN (SELECT number FROM contribution WHERE node = touched.value"
        " ORDER BY rank, document LIMIT ?)"
        " ORDER BY c.node, c.rank, c.document",
        (json.dumps(sorted(nodes)), MERGED_CONTRIBUTIONS),
    ).fetchall()
    merged: list[_Merged] = []
    indexed: list[PropertyRow] = []
    for node, said in groupby(rows, key=itemgetter(0)):
        row, properties = _merged(list(said))
        merged.append(row)
        indexed += property_rows(node, properties)
    kept = [(row.key,) for row in merged]
    gone = sorted(set(nodes).difference(row.key for row in merged))
    connection.executemany("DELETE FROM node WHERE id = ?", [(node,) for node in gone])
    connection.executemany(
        "INSERT INTO tombstone VALUES (?, ?)", [(node, revision) for node in gone]
    )
    connection.executemany("UPDATE node SET document = ?, merged = ? WHERE id = ?", merged)
    connection.executemany("DELETE FROM property WHERE node = ?", kept)
    connection.executemany("INSERT INTO property VALUES (?, ?, ?, ?)", indexed)


def _remerge_edges(connection: sqlite3.Connection, edges: Collection[int]) -> None:
    rows = connection.execute(
        "SELECT c.edge, c.document, c.properties, c.evidence"
        " FROM json_each(?) AS touched CROSS JOIN edge_contribution AS c"
        " WHERE c.number IN (SELECT number FROM edge_contribution WHERE edge = touched.value"
        " ORDER BY rank, document LIMIT ?)"
        " ORDER BY c.edge, c.rank, c.document",
        (json.dumps(sorted(edges)), MERGED_CONTRIBUTIONS),
    ).fetchall()
    merged = [_merged(list(said))[0] for _, said in groupby(rows, key=itemgetter(0))]
    gone = set(edges).difference(row.key for row in merged)
    connection.executemany("DELETE FROM edge WHERE number = ?", [(edge,) for edge in gone])
    connection.executemany("UPDATE edge SET document = ?, merged = ? WHERE number = ?", merged)


class _Merged(NamedTuple):
    """The winning document, and the merged text where there is more than one."""

    document: str
    text: str | None
    key: str | int


def _merged(said: list[_Said]) -> tuple[_Merged, dict[str, PropertyValue]]:
    """One answer of the contributions to one node or edge, which come in merge order."""
    key, document, _, _ = said[0]
    properties = first_wins(json.loads(row[2]) for row in said)
    if len(said) == 1:
        return _Merged(document, None, key), properties
    evidence = [(row[1], row[3]) for row in said]
    return _Merged(document, merged_text(properties, evidence, str(key)), key), properties


def _column(connection: sqlite3.Connection, query: str, values: Collection[str]) -> list[str]:
    return [value for (value,) in connection.execute(query, (json.dumps(list(values)),))]
