"""Whatever comes and goes, in whatever order, the graph equals one freshly built."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.elements import Edge, GraphBatch, Node, PropertyValue
from graph.schema import EDGES, NODES
from graph.values.short_title import title_tail
from tests.backends import Backend
from tests.contract.conftest import NewStore
from tests.contract.graphs import (
    CITY,
    COUNTY,
    NOTICE,
    OFFICE,
    OTHER_NOTICE,
    ROAD,
    ROAD_NEXT,
    ROW,
    SCHOOL,
    TITLE,
    WORDING,
    dump,
    edge,
    evidence,
    node,
)

DOCUMENTS = [f"document:{n:016x}" for n in range(5)]
OTHER_TITLE = "policy:《另一方案》"
THIRD_TITLE = "policy:《第三方案》"
NODES_SAID = (
    *(CITY, COUNTY, OFFICE, ROAD, ROAD_NEXT, SCHOOL, ROW),
    *(WORDING, NOTICE, OTHER_NOTICE, TITLE, OTHER_TITLE, THIRD_TITLE),
)
SHORT_AND_WHOLE = (
    "乡村道路补助资金管理办法",
    "云山省乡村道路补助资金管理办法",
    "中央财政支持乡村道路补助资金管理办法",
)
LABELS = {kind.prefix: kind.label for kind in NODES.values()}
EDGES_SAID = tuple(
    (source, kind.type, target)
    for kind in EDGES.values()
    for source in NODES_SAID
    for target in NODES_SAID
    if (LABELS[source.partition(":")[0]], LABELS[target.partition(":")[0]]) in kind.endpoints
    and kind.type not in ("CONTINUES", "SAME_AS")
)
VARIABLE = {
    "Region": "name",
    "Department": "name",
    "Project": "purpose",
    "Indicator": "basis",
    "Wording": "description",
    "Policy": "title_key",
}


@dataclass(frozen=True)
class Apply:
    batch: GraphBatch
    replacing: Sequence[str] = field(default=())


@dataclass(frozen=True)
class Delete:
    document: str


@st.composite
def nodes(draw: st.DrawFn, document: str, id: str) -> Node:
    """One of two values, or none, for a property that documents may disagree on."""
    made = node(document, id)
    value = draw(st.sampled_from(["甲", "乙", None]))
    properties: dict[str, PropertyValue] = dict(made.properties)
    if value is not None:
        properties[VARIABLE[made.label]] = value
    if made.label == "Policy":
        # the issuer in a title decides which policy of that title key is meant
        issuer = draw(st.sampled_from(["", "云州市财政局", "青禾县财政局"]))
        properties["title"] = f"{issuer}关于修路的通知"
        properties["status"] = draw(st.sampled_from(["cited", "ingested"]))
        if draw(st.booleans()):
            # of one tail: the first is short for each of the others, or for the one that is there
            properties["title_key"] = draw(st.sampled_from(SHORT_AND_WHOLE))
        # A document that says the key says its tail as well: neither is ever merged alone.
        properties.pop("title_tail", None)
        if key := properties.get("title_key"):
            properties["title_tail"] = title_tail(str(key))
    said = draw(st.lists(st.integers(0, 3), max_size=2))
    return Node(id, made.label, properties, tuple(evidence(document, start=n) for n in said))


@st.composite
def batches(draw: st.DrawFn) -> GraphBatch:
    document = draw(st.sampled_from(DOCUMENTS))
    ids = draw(st.sets(st.sampled_from(NODES_SAID), max_size=8))
    possible = [e for e in EDGES_SAID if e[0] in ids and e[2] in ids]
    said = draw(st.sets(st.sampled_from(possible), max_size=8)) if possible else set()
    edges: list[Edge] = []
    for source, type, target in sorted(said):
        field_ = draw(st.sampled_from(["name", "basis"])) if type == "CITES" else ""
        edges.append(edge(document, source, type, target, field_))
    return GraphBatch(
        document,
        tuple(draw(nodes(document, id)) for id in sorted(ids)),
        tuple(edges),
        frozenset(draw(st.sets(st.sampled_from(sorted(ids)), max_size=4))) if ids else frozenset(),
    )


STEPS = st.one_of(
    st.builds(Apply, batches(), st.lists(st.sampled_from(DOCUMENTS), max_size=2)),
    st.builds(Apply, batches()),
    st.builds(Delete, st.sampled_from(DOCUMENTS)),
)


def test_only_what_documents_say_now_counts(new_store: NewStore, backend: Backend) -> None:
    @settings(
        max_examples=backend.examples, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    @given(steps=st.lists(STEPS, min_size=1, max_size=8), data=st.data())
    def holds(steps: list[Apply | Delete], data: st.DataObject) -> None:
        says: dict[str, GraphBatch] = {}
        with new_store()() as store, new_store()() as fresh:
            for step in steps:
                if isinstance(step, Delete):
                    assert store.delete_document(step.document) is (step.document in says)
                    says.pop(step.document, None)
                else:
                    store.apply(step.batch, step.replacing)
                    for gone in step.replacing:
                        says.pop(gone, None)
                    says[step.batch.document] = step.batch
            for document in data.draw(st.permutations(sorted(says))):
                fresh.apply(says[document])
            assert dump(store) == dump(fresh)
            for document in says:
                assert store.delete_document(document)
            assert set(store.counts().values()) == {0}
            assert dump(store).nodes == {}

    holds()


def test_changes_tell_all_that_differs(new_store: NewStore, backend: Backend) -> None:
    """Whoever follows `changes` step by step never holds a node that is not so any more."""

    @settings(
        max_examples=backend.examples // 2,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(steps=st.lists(st.builds(Apply, batches()), min_size=1, max_size=5))
    def holds(steps: list[Apply]) -> None:
        with new_store()() as store:
            seen, revision = dump(store), 0
            for step in steps:
                store.apply(step.batch)
                now, changes = dump(store), store.changes(revision)
                assert changes is not None
                assert changes.removed == seen.nodes.keys() - now.nodes.keys()
                differ = {id for id, n in now.nodes.items() if seen.nodes.get(id) != n}
                ends = {
                    end
                    for e in [*now.edges, *seen.edges]
                    if (e in now.edges) != (e in seen.edges)
                    for end in (e.source, e.target)
                }
                assert (differ | ends) & now.nodes.keys() <= changes.written
                assert changes.written <= now.nodes.keys()
                seen, revision = now, changes.revision

    holds()
