"""How one document enters and leaves the database, inside a transaction that the caller holds.

What a document says is kept twice: whole, compressed, for the day it leaves or is copied; and as
the nodes and relationships themselves. Those that one document says alone bear its `_turn`; only
what several say, a wording or a policy, has a _Contribution of each, to be merged from again.
"""

import hashlib
import json
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeAlias, TypeVar

from graph import neo4j_queries as queries
from graph.elements import Edge, Properties, PropertyValue
from graph.errors import InvalidGraph
from graph.merge import MERGED_CONTRIBUTIONS, first_wins
from graph.neo4j_connection import Run
from graph.rows import DocumentRows, EdgeRow, NodeRow, encoded, evidence_text
from graph.schema import indexed_properties, label_of

EdgeKey: TypeAlias = tuple[str, str, str, str]
Key = TypeVar("Key", str, EdgeKey)
"""A node by its id, or an edge by its key."""
Held: TypeAlias = Mapping[Key, tuple[str | None, Properties | None]]
"""What is in the database already: its turn, None where several documents say it; its properties
where it is the only word of another document."""
Row: TypeAlias = dict[str, Any]
T = TypeVar("T")

CHUNK = 5000
"""Rows that one statement carries."""
_INTEGERS = range(-(2**63), 2**63)
_LONGEST = 7000
"""Bytes of an id or an indexed text: an index takes 8167 for all of its properties together."""


class _Said(NamedTuple):
    """What one document says of one node or edge. `turn` is rank and document: the merge order."""

    turn: str
    properties: str
    evidence: str


def write(
    run: Run,
    rows: DocumentRows | None,
    digest: str,
    leaving: Sequence[str],
    revision: int,
) -> None:
    """Take out what the `leaving` documents said, put in the new rows, merge what is shared.

    `digest` is that of the rows, which cost too much to go through for it once more.
    """
    nodes: dict[str, list[str]] = {}
    edges: dict[EdgeKey, list[str]] = {}
    for document in leaving:
        said_nodes, said_edges = stored_rows(run, document)
        for node in said_nodes:
            nodes.setdefault(node.id, []).append(f"{node.rank}{document}")
        for edge in said_edges:
            edges.setdefault(edge[:4], []).append(f"{edge.rank}{document}")
    run(queries.FORGET_DOCUMENTS, documents=list(leaving))
    exchange = _Exchange(run, leaving, revision)
    if rows is not None:
        run(queries.KEEP_DOCUMENT, id=rows.document, digest=digest)
        exchange.put_in(rows, nodes, edges)
    for some_edges in chunks(edges):
        exchange.edges({}, {key: edges[key] for key in some_edges})
    for some_nodes in chunks(nodes):
        exchange.nodes({}, {id: nodes[id] for id in some_nodes})


def write_derived(run: Run, gone: Collection[Edge], new: Collection[Edge], revision: int) -> None:
    """Replace derived edges; the nodes at their ends count as written."""
    for query, edges in ((queries.remove_edges, gone), (queries.create_edges, new)):
        for type, rows in _by_type((edge.key, {}) for edge in edges).items():
            run(query(type), rows=rows)
    if ends := sorted({end for edge in (*gone, *new) for end in (edge.source, edge.target)}):
        run(queries.SEE_WRITTEN, ids=ends, revision=revision)


def stored_rows(run: Run, document: str) -> tuple[list[NodeRow], list[EdgeRow]]:
    """All that a document says."""
    nodes: list[NodeRow] = []
    edges: list[EdgeRow] = []
    for (part,) in run(queries.SAID_BY, document=document):
        some_nodes, some_edges = json.loads(zlib.decompress(part))
        nodes += map(NodeRow._make, some_nodes)
        edges += map(EdgeRow._make, some_edges)
    return nodes, edges


class _Exchange:
    """The nodes and edges of documents that come and go, a chunk at a time.

    Every chunk comes with the turns that leave, by what they spoke of.
    """

    def __init__(self, run: Run, leaving: Sequence[str], revision: int) -> None:
        self._run = run
        self._leaving = list(leaving)
        self._revision = revision
        self._created: set[str] = set()

    def put_in(
        self, rows: DocumentRows, nodes: dict[str, list[str]], edges: dict[EdgeKey, list[str]]
    ) -> None:
        """Write the rows, and take what they speak of out of `nodes` and `edges`."""
        document, part = rows.document, 0
        for some_nodes, _ in rows.nodes():
            self._keep(document, part, some_nodes, ())
            own = {r.id: _Said(f"{r.rank}{document}", *r[3:]) for r in some_nodes}
            self.nodes(own, {id: nodes.pop(id) for id in own if id in nodes})
            part += 1
        for some_edges in rows.edges():
            self._keep(document, part, (), some_edges)
            said = {r[:4]: _Said(f"{r.rank}{document}", *r[5:]) for r in some_edges}
            self.edges(said, {key: edges.pop(key) for key in said if key in edges})
            part += 1

    def nodes(self, own: Mapping[str, _Said], left: Mapping[str, list[str]]) -> None:
        ids = list({**own, **left})
        asked = self._run(queries.HELD_NODES, ids=ids, leaving=self._leaving)
        held: Held[str] = {id: (turn, properties) for id, turn, properties in asked}
        gone: list[str] = []
        rows: dict[tuple[str, bool], list[Row]] = {}
        same = set(ids)
        for id, said in self._settled(own, left, held):
            same.discard(id)
            if said is None:
                gone.append(id)
            else:
                row = {**said, "id": id, "_revision": self._revision}
                rows.setdefault((label_of(id) or "", id in held), []).append(row)
        for (label, known), some in rows.items():
            self._run((queries.change_nodes if known else queries.create_nodes)(label), rows=some)
        if same:
            self._run(queries.SEE_WRITTEN, ids=sorted(same), revision=self._revision)
        if new := [id for id in own if id not in held]:
            self._created.update(new)
            self._run(queries.REMOVE_TOMBSTONES, ids=new)
        if gone:
            self._run(queries.REMOVE_NODES, ids=gone, revision=self._revision)
            self._run(queries.REMOVE_EMBEDDINGS, ids=gone)

    def edges(self, own: Mapping[EdgeKey, _Said], left: Mapping[EdgeKey, list[str]]) -> None:
        # A node that was not there before has no edges yet.
        may_be = [k for k in {**own, **left} if not self._created.intersection((k[0], k[2]))]
        held: dict[EdgeKey, tuple[str | None, Properties | None]] = {}
        for type, asked in _by_type((key, {}) for key in may_be).items():
            found = self._run(queries.held_edges(type), rows=asked, leaving=self._leaving)
            for source, target, field, turn, properties in found:
                held[source, type, target, field] = turn, properties
        writes: dict[bool | None, list[tuple[EdgeKey, Row]]] = {}
        for key, said in self._settled(own, left, held):
            fate = None if said is None else key in held
            writes.setdefault(fate, []).append((key, said or {}))
        for fate, query in _EDGE_WRITES.items():
            for type, rows in _by_type(writes.get(fate, ())).items():
                self._run(query(type), rows=rows)

    def _settled(
        self, own: Mapping[Key, _Said], left: Mapping[Key, list[str]], held: Held[Key]
    ) -> Iterator[tuple[Key, Row | None]]:
        """What every one of them is from now on; None where no document says it any more. Those
        that stay as they are do not come."""
        others, crowded = self._others(own, left, held)
        kept: list[Row] = []
        settled: list[tuple[Key, Row | None]] = []
        for key in {**own, **left}:
            if key in crowded:
                kept += [_contribution(key, own[key])] if key in own else []
                continue
            said: list[_Said] = others.get(key, [])
            turn, properties = held.get(key, (None, None))
            if turn is not None and properties is not None:
                said = [_only(turn, properties, key)]
                kept.append(_contribution(key, said[0]))
            mine = own.get(key)
            if mine is None:
                settled.append((key, _merged(said, key) if said else None))
            elif said:
                kept.append(_contribution(key, mine))
                settled.append((key, _merged([*said, mine], key)))
            else:
                settled.append((key, {**_merged([mine], key), "_turn": mine.turn}))
        if kept:
            self._run(queries.KEEP_CONTRIBUTIONS, rows=kept)
        return iter(settled)

    def _others(
        self, own: Mapping[Key, _Said], left: Mapping[Key, list[str]], held: Held[Key]
    ) -> tuple[dict[Key, list[_Said]], set[Key]]:
        """The first that stays of what documents say of what several speak of; and those where so
        many go before the ones that come or leave that nothing changes, however popular."""
        others: dict[Key, list[_Said]] = {}
        shared = {_name(key): key for key, (turn, _) in held.items() if turn is None}
        if not shared:
            return others, set()
        turns = {name: list(left.get(key, ())) for name, key in shared.items()}
        gone = [{"key": name, "turn": turn} for name, some in turns.items() for turn in some]
        if gone:
            self._run(queries.REMOVE_CONTRIBUTIONS, rows=gone)
        for name, key in shared.items():
            turns[name] += [own[key].turn] if key in own else []
        firsts = [{"key": name, "turn": min(some)} for name, some in turns.items()]
        asked = self._run(queries.CROWDED, rows=firsts, most=MERGED_CONTRIBUTIONS)
        crowded = {name for (name,) in asked}
        asked = self._run(
            queries.FIRST_CONTRIBUTIONS,
            keys=[name for name in shared if name not in crowded],
            most=MERGED_CONTRIBUTIONS,
        )
        for name, *said in asked:
            others.setdefault(shared[name], []).append(_Said(*said))
        return others, {shared[name] for name in crowded}

    def _keep(
        self, document: str, part: int, nodes: Collection[NodeRow], edges: Collection[EdgeRow]
    ) -> None:
        text = json.dumps([list(nodes), list(edges)], ensure_ascii=False, separators=(",", ":"))
        packed = zlib.compress(text.encode(), 1)
        self._run(queries.KEEP_PART, document=document, part=part, rows=packed)


_EDGE_WRITES = {
    None: queries.remove_edges,
    True: queries.change_edges,
    False: queries.create_edges,
}
"""By what becomes of edges: they go, they were there, they are new."""


def _name(key: str | EdgeKey) -> str:
    """What a contribution is found by: an edge's own key could be too long for an index."""
    if isinstance(key, str):
        return key
    return hashlib.sha256("\x1f".join(key).encode()).hexdigest()[:32]


def _contribution(key: str | EdgeKey, said: _Said) -> Row:
    return {"key": _name(key), **said._asdict()}


def _only(turn: str, stored: Properties, key: str | EdgeKey) -> _Said:
    """The contribution that a node or edge of one document is."""
    own = {n: v for n, v in stored.items() if not n.startswith("_")}
    if isinstance(key, str):
        del own["id"]
    ((_, evidence),) = json.loads(str(stored["_evidence"]))
    return _Said(turn, encoded(own, str(key)), encoded(evidence, str(key)))


def _merged(said: list[_Said], key: str | EdgeKey) -> dict[str, PropertyValue]:
    """One answer of all contributions to a node or edge, with its evidence."""
    first = sorted(said)[:MERGED_CONTRIBUTIONS]
    properties = first_wins(json.loads(one.properties) for one in first)
    _check_fits(key if isinstance(key, str) else key[0], properties)
    return {**properties, "_evidence": evidence_text((one.turn[1:], one.evidence) for one in first)}


def _check_fits(owner: str, properties: Mapping[str, PropertyValue]) -> None:
    """What this server cannot hold, and SQLite can. Raises InvalidGraph that names the node."""
    for name, value in properties.items():
        if isinstance(value, int) and value not in _INTEGERS:
            raise InvalidGraph(f"{owner} 的属性 {name}={value} 太大，Neo4j 无法保存")
    indexed = {name: properties.get(name) for name in indexed_properties(label_of(owner) or "")}
    for name, text in {"id": owner, **indexed}.items():
        if isinstance(text, str) and len(text.encode()) > _LONGEST:
            raise InvalidGraph(
                f"{owner[:80]}… 的 {name} 有 {len(text.encode()):,} 字节，Neo4j 最多能为 "
                f"{_LONGEST:,} 字节建索引；这份文件没有写入：请核对原文"
            )


def _by_type(edges: Iterable[tuple[EdgeKey, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for (source, type, target, field), properties in edges:
        row = {"source": source, "target": target, "field": field, "properties": properties}
        found.setdefault(type, []).append(row)
    return found


def chunks(values: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    rest = iter(values)
    while chunk := list(islice(rest, size)):
        yield chunk
