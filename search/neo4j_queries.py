"""Every statement of the search index on a Neo4j server.

    (:_Row_g {key, number, id, type, name, name_hash, hash})   a search document, and
        {terms_name, terms_text, terms_around}    the terms of its fields
    (:_Row_g)-[:_HAS {county, department, year, level2, kind}]->(:_Node)   a member of it
    (:_Term_g {term, name, text, around})    in how many rows' fields it stands: no index tells
    (:_Embedding:_Vector_h_t {row, vector})   the store's vector of row `row`, of one model and type
    (:_Sample_g {type, vectors})    fp16 bytes that cosines are compared with
    (:_Index {name: 'search', …})   which generation `g` is searched, and what it shows

A generation is made aside and swapped, as a version of files is; it is caught up in place.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from search.index import FACETS, FIELDS, Selection
from search.query import INDEXED_TYPES

FULLTEXT_CLAUSES = 1024
"""Terms, types and rows that one full-text query may name: Lucene refuses more."""
_TERMS = {field: f"terms_{field}" for field in FIELDS}
"""The property with the terms of each field."""
# Not quantised: what the index calls likeness is then the cosine of the vectors themselves.
_VECTOR_OPTIONS = (
    "OPTIONS {{indexConfig: {{`vector.dimensions`: {dimension},"
    " `vector.similarity_function`: 'cosine', `vector.quantization.enabled`: false}}}}"
)

READ_INDEX = "MATCH (i:_Index {name: 'search'}) RETURN properties(i)"
INDEX_UNIQUE = "CREATE CONSTRAINT jipu_index IF NOT EXISTS FOR (i:_Index) REQUIRE i.name IS UNIQUE"
MAKE_INDEX = "MERGE (i:_Index {name: 'search'}) ON CREATE SET i.generation = 0"
# The first SET takes the lock, so that two builders do not both read that nobody builds.
TAKE_LEASE = (
    "MATCH (i:_Index {name: 'search'}) SET i.lock = true WITH i"
    " WHERE i.builder IS NULL OR i.builder = $me OR i.until < timestamp()"
    " SET i.builder = $me, i.until = timestamp() + $milliseconds RETURN i.generation"
)
END_LEASE = (
    "MATCH (i:_Index {name: 'search'}) WHERE i.builder = $me REMOVE i.builder, i.until, i.lock"
)
SET_INDEX = "MATCH (i:_Index {name: 'search'}) SET i += $properties"
INDEX_NAMES = "SHOW INDEXES YIELD name WHERE name STARTS WITH 'jipu_' RETURN name"
DROP_INDEX = "DROP INDEX `{name}` IF EXISTS"
DROP_CONSTRAINT = "DROP CONSTRAINT `{name}` IF EXISTS"
AWAIT = "CALL db.awaitIndexes(300)"


@dataclass(frozen=True, slots=True)
class Names:
    """Labels and indexes of one generation, and of the vectors of one model."""

    generation: int
    model_hash: str = ""

    @property
    def row(self) -> str:
        return f"_Row_{self.generation}"

    @property
    def term(self) -> str:
        return f"_Term_{self.generation}"

    @property
    def sample(self) -> str:
        return f"_Sample_{self.generation}"

    @property
    def text(self) -> str:
        return f"jipu_search_text_{self.generation}"

    def vector_label(self, type: str) -> str:
        return f"_Vector_{self.model_hash}_{type}"

    def vector(self, type: str) -> str:
        return f"jipu_search_vector_{self.model_hash}_{type}"

    def constraints(self) -> dict[str, str]:
        unique = "CREATE CONSTRAINT {} IF NOT EXISTS FOR (n:`{}`) REQUIRE (n.`{}`) IS UNIQUE"
        row, term = f"jipu_search_row_{self.generation}", f"jipu_search_term_{self.generation}"
        return {
            row: unique.format(row, self.row, "key"),
            term: unique.format(term, self.term, "term"),
        }

    def own_indexes(self) -> dict[str, str]:
        """Those that go with the generation."""
        text, label = self.text, self.row
        name = f"jipu_search_name_{self.generation}"
        type = f"jipu_search_type_{self.generation}"
        return {
            text: (
                f"CREATE FULLTEXT INDEX {text} IF NOT EXISTS FOR (r:`{label}`)"
                f" ON EACH [{_listed('r', _TERMS.values())}, r.type, r.number]"
                " OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}}"
            ),
            name: f"CREATE RANGE INDEX {name} IF NOT EXISTS FOR (r:`{label}`) ON (r.name_hash)",
            type: f"CREATE RANGE INDEX {type} IF NOT EXISTS FOR (r:`{label}`) ON (r.type, r.key)",
        }

    def indexes(self, dimension: int) -> dict[str, str]:
        """All but the constraints' own; `dimension` 0 makes none for vectors."""
        found = self.own_indexes()
        for field in ("county", "department"):
            name = f"jipu_search_{field}"
            found[name] = (
                f"CREATE RANGE INDEX {name} IF NOT EXISTS FOR ()-[m:_HAS]-() ON (m.{field})"
            )
        for type in INDEXED_TYPES if dimension else ():
            found[self.vector(type)] = (
                f"CREATE VECTOR INDEX {self.vector(type)} IF NOT EXISTS"
                f" FOR (e:`{self.vector_label(type)}`) ON (e.vector) "
                + _VECTOR_OPTIONS.format(dimension=dimension)
            )
        return found

    # --- writing

    def known_rows(self) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})"
            f" RETURN key, r.hash, {_listed('r', _TERMS.values())}"
        )

    def write_rows(self) -> str:
        return f"UNWIND $rows AS row MERGE (r:`{self.row}` {{key: row.key}}) SET r = row"

    def count_terms(self) -> str:
        counted = ", ".join(f"t.{f} = coalesce(t.{f}, 0) + told.{f}" for f in FIELDS)
        return f"UNWIND $terms AS told MERGE (t:`{self.term}` {{term: told.term}}) SET {counted}"

    def mark_vectors(self, type: str) -> str:
        return (
            "UNWIND $rows AS row MATCH (e:_Embedding {node: row.id, model: $model})"
            f" SET e:`{self.vector_label(type)}`, e.row = row.key"
        )

    def remove_rows(self) -> str:
        return f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}}) DETACH DELETE r"

    def remove_members(self) -> str:
        return f"UNWIND $ids AS id MATCH (:_Node {{id: id}})<-[m:_HAS]-(:`{self.row}`) DELETE m"

    def add_members(self) -> str:
        return (
            f"UNWIND $rows AS row MATCH (r:`{self.row}` {{key: row.key}})"
            " MATCH (n:_Node {id: row.id}) CREATE (r)-[m:_HAS]->(n) SET m = row.member"
        )

    def count_rows(self) -> str:
        return " UNION ALL ".join(
            f"MATCH (r:`{self.row}`) WHERE r.type = '{type}' AND r.key >= 0"
            f" RETURN '{type}' AS type, count(r) AS rows"
            for type in INDEXED_TYPES
        )

    def first_rows(self) -> str:
        return (
            f"MATCH (r:`{self.row}`) WHERE r.type = $type AND r.key >= 0"
            " RETURN r.id, r.hash ORDER BY r.type, r.key LIMIT $most"
        )

    def write_sample(self) -> str:
        return (
            f"MERGE (s:`{self.sample}` {{type: $type}})"
            " SET s.digest = $digest, s.vectors = $vectors, s.rows = $rows"
        )

    def any_row(self) -> str:
        return f"MATCH (r:`{self.row}`) RETURN r.key LIMIT 1"

    def delete_some(self, label: str) -> str:
        return f"MATCH (n:`{label}`) WITH n LIMIT $most DETACH DELETE n RETURN count(*)"

    # --- reading

    def samples(self) -> str:
        return f"MATCH (s:`{self.sample}`) RETURN s.type, s.rows, s.vectors"

    def sample_digests(self) -> str:
        return f"MATCH (s:`{self.sample}`) RETURN s.type, s.digest"

    def term_counts(self) -> str:
        return (
            f"UNWIND $terms AS term MATCH (t:`{self.term}` {{term: term}})"
            f" RETURN term, {_listed('t', FIELDS)}"
        )

    def text_leg(self, filtered: str) -> str:
        return (
            f"CALL db.index.fulltext.queryNodes('{self.text}', $query, {{limit: $depth}})"
            f" YIELD node AS r, score {_kept('r.key, score', filtered)}"
        )

    def vector_leg(self, type: str, filtered: str) -> str:
        return (
            f"CALL db.index.vector.queryNodes('{self.vector(type)}', $depth, $vector)"
            f" YIELD node AS e, score MATCH (r:`{self.row}` {{key: e.row}})"
            f" {_kept('r.key, score', filtered)}"
        )

    def likeness(self) -> str:
        """The nearest of these rows, by looking at every one."""
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})"
            " MATCH (e:_Embedding {node: r.id, model: $model})"
            " RETURN key, vector.similarity.cosine(e.vector, $vector) AS likeness"
            " ORDER BY likeness DESC LIMIT $limit"
        )

    def named(self, filtered: str) -> str:
        return (
            f"MATCH (r:`{self.row}`) WHERE r.name_hash = $name AND r.type IN $types"
            f"{_and(filtered)} RETURN r.key"
        )

    def those(self, filtered: str) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}`) USING INDEX r:`{self.row}`(key)"
            f" WHERE r.key = key AND r.type IN $types{_and(filtered)} RETURN key"
        )

    def described(self) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})"
            " RETURN key, r.type, r.id, r.name"
        )

    def measuring(self) -> str:
        """Of each project what measures it, and the row of its wording."""
        return (
            f"UNWIND $keys AS key MATCH (p:`{self.row}` {{key: key}})"
            " MATCH (:_Node {id: p.id})-[:MEASURED_BY]->(n:_Node)"
            f" MATCH (n)<-[:_HAS]-(r:`{self.row}`) WHERE r.type = 'indicator'"
            " RETURN key, r.key, n.id"
        )

    def weighed(self) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})"
            " RETURN key, r.type, r.name, COUNT { (r)-[:_HAS]->() }"
        )

    def vectors_of(self) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})"
            " MATCH (e:_Embedding {node: r.id, model: $model}) RETURN key, e.vector"
        )

    def everything(self, filtered: str) -> str:
        return (
            f"MATCH (r:`{self.row}`) WHERE r.type IN $types AND r.key >= 0{_and(filtered)}"
            " RETURN r.key, COUNT { (r)-[:_HAS]->() }"
        )

    def meeting(self, selection: Selection) -> str:
        """Some of the rows that a selection by nodes, counties or departments leaves, found from
        the member's side."""
        nodes = "UNWIND $nodes AS id MATCH (n:_Node {id: id})<-[m:_HAS]-"
        relations = "MATCH (n)<-[m:_HAS]-"
        return (
            f"{relations if selection.nodes is None else nodes}(r:`{self.row}`)"
            f" WHERE {member_condition(selection)} AND r.type IN $types{_and(_own(selection))}"
            " RETURN DISTINCT r.key LIMIT $most"
        )

    def members(self, member: str) -> str:
        found = f"(r)-[m:_HAS]->(n) {_where(member)}"
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}}) CALL (r) {{ MATCH {found}"
            " WITH n.id AS id ORDER BY id LIMIT $most RETURN collect(id) AS ids }"
            f" RETURN key, COUNT {{ MATCH {found} }}, ids"
        )

    def by_county(self, member: str) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})-[m:_HAS]->(n)"
            f" {_where(member)} WITH key, m.county AS county, n.id AS id ORDER BY id"
            " WITH key, county, collect(id) AS ids RETURN key, county, size(ids), ids[..$most]"
        )

    def having(self, facet: str, member: str) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}}) WHERE EXISTS {{"
            f" MATCH (r)-[m:_HAS]->(n) WHERE m.`{facet}` IN $values{_and(member)} }} RETURN key"
        )

    def newest(self, member: str) -> str:
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})-[m:_HAS]->(n)"
            f" {_where(member)} RETURN key, max(m.year)"
        )

    def years_of_documents(self) -> str:
        return (
            # Without the hint a small index is now and then read through by its keys.
            f"MATCH (r:`{self.row}`)-[m:_HAS]->() USING INDEX r:`{self.row}`(type, key)"
            " WHERE r.type = 'document' AND r.key >= 0 AND m.year > 0"
            " RETURN min(m.year), max(m.year)"
        )

    def facets(self, fields: Iterable[str], member: str) -> str:
        pairs = ", ".join(f"['{field}', m.`{field}`]" for field in fields)
        return (
            f"UNWIND $keys AS key MATCH (r:`{self.row}` {{key: key}})-[m:_HAS]->(n)"
            f" {_where(member)} UNWIND [{pairs}] AS said"
            " RETURN said[0] AS field, said[1] AS value, count(DISTINCT key)"
        )


def member_condition(selection: Selection) -> str:
    """What a member `m` of node `n` must meet; "" where anything may."""
    parts = [f"m.`{field}` IN $`{field}`" for field in FACETS if field in (selection.facets or {})]
    if selection.years is not None:
        parts.append("m.year IN $years")
    if selection.nodes is not None:
        parts.append("n.id IN $nodes")
    if selection.outside:
        parts.append("m.county <> $outside")
    return " AND ".join(parts)


def parameters(selection: Selection) -> dict[str, object]:
    """The values of `member_condition` and `row_condition`."""
    return {
        **{field: sorted(values) for field, values in (selection.facets or {}).items()},
        "types": list(selection.types),
        "years": sorted(selection.years or ()),
        "nodes": sorted(selection.nodes or ()),
        "outside": selection.outside,
        "policies": sorted(selection.policies or ()),
    }


def row_condition(selection: Selection) -> str:
    """What a row `r` must meet besides its type; "" where anything may."""
    member = member_condition(selection)
    exists = f"EXISTS {{ MATCH (r)-[m:_HAS]->(n) WHERE {member} }}" if selection.filtered else ""
    return " AND ".join(part for part in (_own(selection), exists) if part)


def _own(selection: Selection) -> str:
    return "" if selection.policies is None else "(r.type <> 'policy' OR r.id IN $policies)"


def fulltext(
    terms: Mapping[str, Sequence[tuple[str, float]]], types: Iterable[str], rows: Iterable[int]
) -> str:
    """A Lucene query: some of the weighted terms of each field, in rows of these types, and among
    `rows` if any.

    The conditions weigh nothing. Terms hold no character that Lucene reserves.
    """
    said = " ".join(
        f"{_TERMS[field]}:({' '.join(f'{term}^{weight:g}' for term, weight in weighted)})"
        for field, weighted in terms.items()
        if weighted
    )
    parts = [f"+({said})", f"+type:({' '.join(types)})^0"]
    if numbers := " ".join(map(str, rows)):
        parts.append(f"+number:({numbers})^0")
    return " ".join(parts)


def _listed(variable: str, names: Iterable[str]) -> str:
    return ", ".join(f"{variable}.`{name}`" for name in names)


def _kept(values: str, condition: str) -> str:
    """Of what a procedure yields: the rows that meet the condition, and how many it has seen."""
    kept = f"CASE WHEN {condition} THEN [{values}] END" if condition else f"[{values}]"
    return f"RETURN collect({kept}), count(*)"


def _and(condition: str) -> str:
    return f" AND {condition}" if condition else ""


def _where(condition: str) -> str:
    return f"WHERE {condition}" if condition else ""
