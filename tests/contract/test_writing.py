"""What `graph.store.Writer` promises, sentence by sentence, asked of every backend."""

import pytest

from graph.elements import Edge, Node
from graph.errors import InvalidGraph
from graph.merge import MERGED_CONTRIBUTIONS
from graph.store import Embedding, Writer
from tests.contract.conftest import NewStore, Opener
from tests.contract.graphs import (
    CITY,
    COUNTY,
    NOTICE,
    OFFICE,
    OTHER_NOTICE,
    ROAD,
    ROW,
    SCHOOL,
    TITLE,
    WORDING,
    A,
    B,
    C,
    batch,
    county,
    dump,
    edge,
    evidence,
    node,
)

# --- apply: merge


def test_a_document_that_owns_the_node_goes_first(store: Writer) -> None:
    store.apply(batch(A, [node(A, NOTICE, title="被引用的写法", year=2024)]))
    store.apply(batch(B, [node(B, NOTICE, title="原文的标题", status="ingested")], own=[NOTICE]))
    found = store.get([NOTICE])[NOTICE]
    assert found.properties["title"] == "原文的标题"
    assert found.properties["status"] == "ingested"
    # what only the other says stays
    assert found.properties["year"] == 2024
    assert [e.document for e in found.evidence] == [B, A]


def test_then_the_smallest_document_id(store: Writer) -> None:
    for document, title in ((B, "乙"), (C, "丙"), (A, "甲")):
        store.apply(batch(document, [node(document, NOTICE, title=title)]))
    found = store.get([NOTICE])[NOTICE]
    assert found.properties["title"] == "甲"
    assert [e.document for e in found.evidence] == [A, B, C]


def test_edges_merge_like_nodes(store: Writer) -> None:
    def said(document: str, raw: str, **more: str) -> Edge:
        properties = {"field": "name", "raw": raw, **more}
        return Edge(ROAD, "CITES", NOTICE, properties, (evidence(document, raw),))

    store.apply(batch(A, [ROAD, NOTICE], [said(A, "甲", passage="甲段")]))
    store.apply(batch(C, [ROAD, NOTICE], [said(C, "丙", passage="丙段")]))
    store.apply(batch(B, [ROAD, NOTICE], [said(B, "乙")], own=[ROAD]))
    (found,) = store.edges([ROAD])
    assert found.properties == {"field": "name", "raw": "乙", "passage": "甲段"}
    assert [e.raw for e in found.evidence] == ["乙", "甲", "丙"]
    store.delete_document(B)
    store.delete_document(C)
    assert store.edges([ROAD]) == [said(A, "甲", passage="甲段")]


def test_only_the_first_contributions_make_a_popular_node(new_store: NewStore) -> None:
    documents = [f"document:{n:016x}" for n in range(MERGED_CONTRIBUTIONS + 5)]
    says = [batch(d, [node(d, WORDING, description=d), COUNTY, CITY]) for d in documents]
    forward, backward = new_store()(), new_store()()
    for one in says:
        forward.apply(one)
    for one in reversed(says):
        backward.apply(one)
    for store in (forward, backward):
        found = store.get([WORDING])[WORDING]
        assert found.properties["description"] == documents[0]
        assert [e.document for e in found.evidence] == documents[:MERGED_CONTRIBUTIONS]
        assert store.contributors([WORDING])[WORDING] == tuple(documents)
    # one that goes makes room for the next
    forward.delete_document(documents[3])
    kept = [e.document for e in forward.get([WORDING])[WORDING].evidence]
    assert kept == [*documents[:3], *documents[4 : MERGED_CONTRIBUTIONS + 1]]
    # an owner goes to the front, however late and however large its id
    forward.apply(batch("document:ffffffffffffffff", [WORDING], own=[WORDING]))
    assert forward.contributors([WORDING])[WORDING][0] == "document:ffffffffffffffff"
    assert forward.get([WORDING])[WORDING].evidence[0].document == "document:ffffffffffffffff"


def test_a_node_named_twice_in_one_batch_is_one(store: Writer) -> None:
    twice: list[Node | str] = [node(A, OFFICE, name="交通局"), node(A, OFFICE, name="别名"), ROAD]
    runs = [edge(A, OFFICE, "RUNS", ROAD), edge(A, OFFICE, "RUNS", ROAD)]
    store.apply(batch(A, twice, runs))
    found = store.get([OFFICE])[OFFICE]
    assert found.properties["name"] == "交通局"
    assert len(found.evidence) == 2
    (run,) = store.edges([OFFICE])
    assert len(run.evidence) == 2


# --- apply: again, changed, replacing


def test_the_same_batch_again_changes_nothing(store: Writer) -> None:
    store.apply(county(A))
    store.set_embeddings("m", {WORDING: Embedding("h", b"\x00\x00\x80\x3f")})
    before, revision = dump(store), store.revision()
    store.apply(county(A))
    store.apply(county(A), replacing=[A, C])
    assert dump(store) == before
    assert store.revision() == revision
    assert store.changes(revision) is not None
    assert store.embeddings("m", [WORDING])


def test_a_changed_batch_of_the_same_document_takes_the_place_of_the_old(
    new_store: NewStore,
) -> None:
    store, fresh = new_store()(), new_store()()
    changed = batch(A, [A, node(A, ROAD, budget=5), NOTICE], [(ROAD, "CITES", NOTICE, "name")])
    store.apply(county(A))
    store.apply(changed)
    fresh.apply(changed)
    assert dump(store) == dump(fresh)
    # ownership alone is a change too
    store.apply(batch(B, [node(B, NOTICE, title="乙")]))
    store.apply(batch(B, [node(B, NOTICE, title="乙")], own=[NOTICE]))
    assert store.contributors([NOTICE])[NOTICE] == (B, A)


def test_replacing_removes_other_documents_in_the_same_step(new_store: NewStore) -> None:
    store, fresh = new_store()(), new_store()()
    store.apply(county(A))
    store.apply(county(B, SCHOOL))
    revision = store.revision()
    store.apply(county(C, SCHOOL), replacing=[A, B, "document:unknown"])
    fresh.apply(county(C, SCHOOL))
    assert dump(store) == dump(fresh)
    assert store.revision() == revision + 1
    assert store.delete_document(A) is False
    # an unchanged batch that replaces another document is not "the same again"
    store.apply(county(A))
    store.apply(county(C, SCHOOL), replacing=[A])
    assert dump(store) == dump(fresh)


# --- delete


def test_delete_leaves_the_graph_as_if_the_document_never_came(new_store: NewStore) -> None:
    store, fresh = new_store()(), new_store()()
    for one in (county(A), county(B, SCHOOL), batch(C, [NOTICE, OTHER_NOTICE], own=[NOTICE])):
        store.apply(one)
    fresh.apply(county(B, SCHOOL))
    assert store.delete_document(C) is True
    assert store.delete_document(A) is True
    assert dump(store) == dump(fresh)
    assert store.delete_document(B) is True
    assert set(store.counts().values()) == {0}


def test_delete_of_an_unknown_document(store: Writer) -> None:
    store.apply(county(A))
    revision = store.revision()
    assert store.delete_document(B) is False
    # a node of the graph that is no document that wrote
    assert store.delete_document(ROAD) is False
    assert store.revision() == revision


def test_a_document_that_says_nothing_is_known(store: Writer) -> None:
    store.apply(batch(A, []))
    assert store.delete_document(A) is True
    assert store.delete_document(A) is False


# --- schema


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        # no such label
        ([Node("planet:1", "Planet", {})], []),
        # the id says another label
        ([Node(ROAD, "Goal", {"scope": "project"})], []),
        # a required property is missing
        ([Node(ROW, "Indicator", {})], []),
        # a property of the wrong type, and one that nobody knows
        ([node(A, ROAD, budget="十万元")], []),
        ([node(A, ROAD, colour="red")], []),
        # what JSON cannot say, and half a character
        ([node(A, ROAD, budget=float("nan"))], []),
        ([node(A, ROAD, purpose="\ud83d")], []),
        # an edge between the wrong labels, of no known type, and to a node outside the batch
        ([ROAD, NOTICE], [(NOTICE, "RUNS", ROAD)]),
        ([ROAD, NOTICE], [(ROAD, "LIKES", NOTICE)]),
        ([OFFICE], [(OFFICE, "RUNS", ROAD)]),
        # edges that no document may write
        (
            [ROAD, "project:99012124P00001@2023"],
            [(ROAD, "CONTINUES", "project:99012124P00001@2023")],
        ),
        ([TITLE, NOTICE], [(TITLE, "SAME_AS", NOTICE)]),
    ],
)
def test_a_batch_that_breaks_the_schema_writes_nothing(
    store: Writer, nodes: list[Node | str], edges: list[tuple[str, str, str]]
) -> None:
    store.apply(county(B))
    before, revision = dump(store), store.revision()
    with pytest.raises(InvalidGraph) as raised:
        store.apply(batch(A, [A, CITY, *nodes], edges), replacing=[B])
    assert any("\u4e00" <= c <= "\u9fff" for c in str(raised.value)), "a Chinese sentence"
    assert dump(store) == before
    assert store.revision() == revision


# --- revision and changes


def test_revision_grows_with_every_write(store: Writer) -> None:
    assert store.revision() == 0
    store.apply(county(A))
    first = store.revision()
    store.apply(county(B, SCHOOL))
    second = store.revision()
    store.delete_document(A)
    assert 0 < first < second < store.revision()


def test_changes_tell_written_and_removed(store: Writer) -> None:
    store.apply(county(A))
    first = store.revision()
    store.apply(batch(B, [SCHOOL, OFFICE]))
    changes = store.changes(first)
    assert changes is not None
    assert (changes.revision, changes.removed) == (store.revision(), frozenset())
    assert changes.written == {SCHOOL, OFFICE}
    store.delete_document(A)
    changes = store.changes(first)
    assert changes is not None
    assert changes.removed == {A, CITY, COUNTY, ROAD, ROW, WORDING, NOTICE}
    assert {SCHOOL, OFFICE} <= changes.written
    assert not changes.written & changes.removed
    nothing = store.changes(store.revision())
    assert nothing is not None
    assert not nothing.written | nothing.removed


def test_changes_of_a_node_that_comes_back(store: Writer) -> None:
    store.apply(batch(A, [ROAD]))
    first = store.revision()
    store.delete_document(A)
    store.apply(batch(B, [ROAD]))
    changes = store.changes(first)
    assert changes is not None
    assert changes.written == {ROAD}
    assert not changes.removed


def test_changes_since_a_revision_of_another_store(store: Writer) -> None:
    store.apply(county(A))
    assert store.changes(store.revision() + 1) is None


# --- embeddings

ONE, TWO = b"\x00\x00\x80\x3f", b"\x00\x00\x00\x40"


def test_embeddings_are_kept_by_model(store: Writer) -> None:
    store.apply(county(A))
    store.set_embeddings("m", {WORDING: Embedding("h1", ONE), ROAD: Embedding("h2", TWO)})
    store.set_embeddings("other", {WORDING: Embedding("h3", TWO)})
    assert store.embeddings("m", [WORDING, ROAD, ROW]) == {
        WORDING: Embedding("h1", ONE),
        ROAD: Embedding("h2", TWO),
    }
    assert store.embeddings("other", [WORDING, ROAD]) == {WORDING: Embedding("h3", TWO)}
    assert store.embeddings("unknown", [WORDING]) == {}


def test_embeddings_replace_and_pass_over_what_is_gone(store: Writer) -> None:
    store.apply(county(A))
    store.set_embeddings("m", {WORDING: Embedding("h1", ONE)})
    gone = "wording:gone"
    store.set_embeddings("m", {WORDING: Embedding("h2", TWO), gone: Embedding("h", ONE)})
    assert store.embeddings("m", [WORDING, gone]) == {WORDING: Embedding("h2", TWO)}


def test_embeddings_leave_the_revision_and_go_with_their_node(store: Writer) -> None:
    store.apply(county(A))
    store.apply(county(B, SCHOOL))
    revision = store.revision()
    store.set_embeddings("m", {WORDING: Embedding("h", ONE), ROAD: Embedding("h", ONE)})
    assert store.revision() == revision
    store.delete_document(A)
    # the wording is still said by the other document, the project by none
    assert set(store.embeddings("m", [WORDING, ROAD])) == {WORDING}
    store.apply(county(A))
    assert set(store.embeddings("m", [WORDING, ROAD])) == {WORDING}


def test_embeddings_stay_while_a_document_is_replaced(store: Writer) -> None:
    store.apply(county(A))
    store.set_embeddings("m", {WORDING: Embedding("h", ONE)})
    store.apply(county(B), replacing=[A])
    assert set(store.embeddings("m", [WORDING])) == {WORDING}


# --- what each document said


def test_the_batches_of_a_store_make_an_equal_one(new_store: NewStore) -> None:
    store, other = new_store()(), new_store()()
    says = [
        county(B, SCHOOL),
        county(A),
        batch(C, [node(C, NOTICE, title="丙"), OTHER_NOTICE], own=[NOTICE]),
    ]
    for said in says:
        store.apply(said)
    store.set_embeddings("m", {WORDING: Embedding("h", ONE)})
    assert store.documents() == [A, B, C]
    assert store.models() == ["m"]
    assert store.batch_of("document:unknown") is None
    for document in store.documents():
        said_again = store.batch_of(document)
        assert said_again is not None
        revision = store.revision()
        store.apply(said_again)
        assert store.revision() == revision, "the same batch"
        other.apply(said_again)
    assert dump(store) == dump(other)
    # deleting goes on as if the documents had come here first
    for one in (store, other):
        one.delete_document(C)
    assert dump(store) == dump(other)


# --- keeping


def test_what_was_written_is_there_when_opened_again(opener: Opener) -> None:
    first = opener()
    first.apply(county(A))
    before, revision = dump(first), first.revision()
    first.close()
    second = opener()
    assert dump(second) == before
    assert second.revision() == revision
