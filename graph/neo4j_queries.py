"""Every statement of the store on Neo4j, by what it is for.

Nodes, relationships and their properties are those of `graph.schema`, for whoever writes Cypher.
What begins with an underscore is the store's own: the label _Node on every node of the graph,
_evidence, _turn and _revision on it, and nodes labelled _Contribution (what one document says of
a node or edge that several speak of), _Document, _Said (all that one says, compressed),
_Tombstone, _Embedding, _State and _Gate.
"""

from collections.abc import Collection

from graph.schema import EDGES, NODE_TYPES, NODES

SCHEMA = 1
"""Raised with every change of what this module keeps; older versions refuse a newer number."""


def _unique(name: str, label: str, *properties: str) -> tuple[str, str]:
    keys = ", ".join(f"n.`{key}`" for key in properties)
    return name, (
        f"CREATE CONSTRAINT {name} IF NOT EXISTS FOR (n:`{label}`) REQUIRE ({keys}) IS UNIQUE"
    )


def _index(name: str, label: str, key: str) -> tuple[str, str]:
    return name, f"CREATE RANGE INDEX {name} IF NOT EXISTS FOR (n:`{label}`) ON (n.`{key}`)"


def _counted(what: str, name: str) -> str:
    return f"WITH count({what}) AS amount RETURN '{name}' AS name, amount"


INDEXES = dict(
    (
        _unique("jipu_node", "_Node", "id"),
        _unique("jipu_applied", "_Document", "id"),
        _unique("jipu_tombstone", "_Tombstone", "id"),
        _unique("jipu_state", "_State", "name"),
        _unique("jipu_gate", "_Gate", "name"),
        _unique("jipu_contribution", "_Contribution", "key", "turn"),
        _unique("jipu_said", "_Said", "document", "part"),
        _unique("jipu_embedding", "_Embedding", "node", "model"),
        _index("jipu_node_revision", "_Node", "_revision"),
        _index("jipu_tombstone_revision", "_Tombstone", "revision"),
        *(_unique(f"jipu_{kind.prefix}", kind.label, "id") for kind in NODE_TYPES),
        *(
            _index(f"jipu_{kind.prefix}_{prop.name}", kind.label, prop.name)
            for kind in NODE_TYPES
            for prop in kind.properties
            if prop.indexed
        ),
    )
)
"""Constraints and indexes by name; a constraint's index has its name."""

SERVER = (
    "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel'"
    " RETURN versions[0], edition"
)
SHOW_INDEXES = "SHOW INDEXES YIELD name, state RETURN name, state"
ANY_NODE = "MATCH (n) RETURN 1 LIMIT 1"
READ_STATE = "MATCH (s:_State {name: 'graph'}) RETURN s.schema, s.revision"
CREATE_STATE = (
    "MERGE (g:_Gate {name: 'graph'}) ON CREATE SET g.closing = 0, g.opened = 0"
    " MERGE (s:_State {name: 'graph'}) ON CREATE SET s.schema = $schema, s.revision = 0"
)
LOCK_STATE = "MATCH (s:_State {name: 'graph'}) SET s.lock = true RETURN s.revision"
SET_REVISION = "MATCH (s:_State {name: 'graph'}) SET s.revision = $revision"

READ_GATE = "MATCH (g:_Gate {name: 'graph'}) RETURN g.closing, g.opened"
CLOSE_GATE = "MATCH (g:_Gate {name: 'graph'}) SET g.closing = g.closing + 1 RETURN g.closing"
# Locked before it is compared: an opener that comes late must not set it back.
OPEN_GATE = (
    "MATCH (g:_Gate {name: 'graph'}) SET g.lock = true"
    " WITH g WHERE g.opened < $ticket SET g.opened = $ticket"
)
HEAL_GATE = "MATCH (g:_Gate {name: 'graph'}) SET g.opened = g.closing RETURN g.closing"

# --- reading

GET = "UNWIND $ids AS id MATCH (n:_Node {id: id}) RETURN properties(n)"
CONTRIBUTORS = (
    "UNWIND $ids AS id MATCH (n:_Node {id: id})"
    " OPTIONAL MATCH (c:_Contribution {key: id}) WHERE c.turn > ''"
    " WITH id, n._turn AS turn, c.turn AS one ORDER BY id, one"
    " WITH id, turn, collect(substring(one, 1)) AS several"
    " RETURN id, CASE WHEN turn IS NULL THEN several ELSE [substring(turn, 1)] END"
)
DOCUMENTS = "MATCH (d:_Document) RETURN d.id ORDER BY d.id"
SAID_BY = "MATCH (s:_Said {document: $document}) WHERE s.part >= 0 RETURN s.rows ORDER BY s.part"
MODELS = "MATCH (e:_Embedding) RETURN DISTINCT e.model AS model ORDER BY model"
WRITTEN_SINCE = "MATCH (n:_Node) WHERE n._revision > $since RETURN n.id"
REMOVED_SINCE = "MATCH (t:_Tombstone) WHERE t.revision > $since RETURN t.id"
EMBEDDINGS = (
    "UNWIND $ids AS id MATCH (e:_Embedding {node: id, model: $model})"
    " RETURN id, e.text_hash, e.vector"
)
COUNTS = " UNION ALL ".join(
    [
        *(f"MATCH (n:`{name}`) {_counted('n', name)}" for name in NODES),
        *(f"MATCH ()-[r:`{name}`]->() {_counted('r', name)}" for name in EDGES),
    ]
)
"""Answered from the server's own counters, without reading a node."""


def edges_from(types: Collection[str]) -> str:
    """Edges of nodes by id, with the types written out: a popular node keeps its chains apart."""
    return (
        f"UNWIND $ids AS id MATCH (n:_Node {{id: id}})-[r:{_either(types)}]->(other:_Node)"
        " RETURN n.id, type(r), other.id, properties(r)"
    )


def edges_to(types: Collection[str]) -> str:
    return (
        f"UNWIND $ids AS id MATCH (n:_Node {{id: id}})<-[r:{_either(types)}]-(other:_Node)"
        " RETURN other.id, type(r), n.id, properties(r)"
    )


def scan(label: str, indexed: str | None) -> str:
    """A stretch of a label in id order; `where` is a map of values by property name.

    With the name of an indexed property, found by that and sorted; else walked by id.
    """
    hint, by = "", "id"
    if indexed is not None:
        hint, by = f"n.`{indexed}` IN $where[$indexed] AND ", indexed
    return (
        f"MATCH (n:`{label}`) USING INDEX n:`{label}`(`{by}`) WHERE {hint}n.id > $after"
        " AND all(name IN keys($where) WHERE n[name] IN $where[name])"
        " RETURN properties(n) ORDER BY n.id LIMIT $size"
    )


def degree(type: str, direction: str) -> str:
    out, into = f"COUNT {{ (n)-[:`{type}`]->() }}", f"COUNT {{ (n)<-[:`{type}`]-() }}"
    # An edge from a node to itself is one edge.
    loops = f"COUNT {{ (n)-[:`{type}`]->(n) }}"
    amount = {"out": out, "in": into, "both": f"{out} + {into} - {loops}"}[direction]
    return f"UNWIND $ids AS id MATCH (n:_Node {{id: id}}) RETURN id, {amount}"


# --- writing

KNOWN = "UNWIND $ids AS id MATCH (d:_Document {id: id}) RETURN d.id"
DIGEST = "MATCH (d:_Document {id: $id}) RETURN d.digest"
FORGET_DOCUMENTS = (
    "UNWIND $documents AS id OPTIONAL MATCH (s:_Said {document: id}) WHERE s.part >= 0 DELETE s"
    " WITH DISTINCT id MATCH (d:_Document {id: id}) DELETE d"
)
KEEP_DOCUMENT = "CREATE (:_Document {id: $id, digest: $digest})"
KEEP_PART = "CREATE (:_Said {document: $document, part: $part, rows: $rows})"
_IF_OTHER = "CASE WHEN NOT substring({0}._turn, 1) IN $leaving THEN properties({0}) END"
HELD_NODES = (
    f"UNWIND $ids AS id MATCH (n:_Node {{id: id}}) RETURN id, n._turn, {_IF_OTHER.format('n')}"
)
# In the order of the index, so that a popular node costs no more than any other.
FIRST_CONTRIBUTIONS = (
    "UNWIND $keys AS key CALL (key) {"
    " MATCH (c:_Contribution {key: key}) WHERE c.turn > ''"
    " RETURN c ORDER BY c.key, c.turn LIMIT $most }"
    " RETURN key, c.turn, c.properties, c.evidence"
)
CROWDED = (
    "UNWIND $rows AS row CALL (row) {"
    " MATCH (c:_Contribution {key: row.key}) WHERE c.turn < row.turn RETURN c LIMIT $most }"
    " WITH row.key AS key, count(c) AS before WHERE before = $most RETURN key"
)
KEEP_CONTRIBUTIONS = "UNWIND $rows AS row CREATE (c:_Contribution) SET c = row"
REMOVE_CONTRIBUTIONS = (
    "UNWIND $rows AS row MATCH (c:_Contribution {key: row.key, turn: row.turn}) DELETE c"
)
REMOVE_NODES = (
    "UNWIND $ids AS id MATCH (n:_Node {id: id}) DETACH DELETE n"
    " MERGE (t:_Tombstone {id: id}) SET t.revision = $revision"
)
REMOVE_EMBEDDINGS = "UNWIND $ids AS id MATCH (e:_Embedding {node: id}) WHERE e.model > '' DELETE e"
REMOVE_TOMBSTONES = "UNWIND $ids AS id MATCH (t:_Tombstone {id: id}) DELETE t"
SEE_WRITTEN = "UNWIND $ids AS id MATCH (n:_Node {id: id}) SET n._revision = $revision"
SET_EMBEDDINGS = (
    "UNWIND $rows AS row MATCH (:_Node {id: row.node})"
    " MERGE (e:_Embedding {node: row.node, model: $model})"
    " SET e.text_hash = row.text_hash"
    # A list would take 64 bits for each number; this takes 32.
    " WITH e, row CALL db.create.setNodeVectorProperty(e, 'vector', row.vector)"
)


def create_nodes(label: str) -> str:
    return f"UNWIND $rows AS row CREATE (n:_Node:`{label}`) SET n = row"


def change_nodes(label: str) -> str:
    return f"UNWIND $rows AS row MATCH (n:`{label}` {{id: row.id}}) SET n = row"


def create_edges(type: str) -> str:
    return f"{_ENDS} CREATE (a)-[r:`{type}`]->(b) SET r = row.properties"


def held_edges(type: str) -> str:
    said = _IF_OTHER.format("r")
    return f"{_between(type)} RETURN row.source, row.target, row.field, r._turn, {said}"


def change_edges(type: str) -> str:
    return f"{_between(type)} SET r = row.properties"


def remove_edges(type: str) -> str:
    return f"{_between(type)} DELETE r"


_ENDS = "UNWIND $rows AS row MATCH (a:_Node {id: row.source}) MATCH (b:_Node {id: row.target})"


def _between(type: str) -> str:
    # Only citations differ by field: it is a required property of theirs, and of no other type.
    field = " {field: row.field}" if any(p.name == "field" for p in EDGES[type].properties) else ""
    return f"{_ENDS} MATCH (a)-[r:`{type}`{field}]->(b)"


def _either(types: Collection[str]) -> str:
    return "|".join(f"`{type}`" for type in sorted(types))
