"""The schema table holds together, and its check tells good batches from bad ones."""

import pytest

from graph import ids
from graph.elements import Edge, GraphBatch, Node
from graph.errors import InvalidGraph
from graph.schema import (
    DERIVED_EDGES,
    EDGE_TYPES,
    EDGES,
    NODE_TYPES,
    NODES,
    PREFIXES,
    check,
    indexed_properties,
    label_of,
)
from graph.values.document_number import DocumentNumber

PROJECT = Node("project:1@2024", "Project", {"name": "路", "fiscal_year": 2024})
POLICY = Node("policy:《甲》", "Policy", {"status": "cited"})


def test_names_are_unique_and_ends_are_known() -> None:
    assert len(NODES) == len(NODE_TYPES) == len(PREFIXES)
    assert len(EDGES) == len(EDGE_TYPES)
    assert not NODES.keys() & EDGES.keys(), "counts() names both in one mapping"
    for kind in EDGE_TYPES:
        assert kind.endpoints
        assert {label for ends in kind.endpoints for label in ends} <= NODES.keys()
    assert EDGES.keys() >= DERIVED_EDGES


def test_every_type_and_property_explains_itself() -> None:
    assert all(kind.title for kind in NODE_TYPES)
    assert all(kind.title for kind in EDGE_TYPES)
    for properties in [kind.properties for kind in NODE_TYPES] + [k.properties for k in EDGE_TYPES]:
        names = [prop.name for prop in properties]
        assert len(names) == len(set(names))
        assert all(prop.meaning for prop in properties)


def test_only_texts_are_indexed() -> None:
    indexed = [prop for kind in NODE_TYPES for prop in kind.properties if prop.indexed]
    assert indexed
    assert {prop.type for prop in indexed} == {"text"}
    assert indexed_properties("Project") == ("code",)


@pytest.mark.parametrize(
    ("id", "label"),
    [
        (ids.region("990121"), "Region"),
        (ids.department("990121", "322001"), "Department"),
        (ids.document("00" * 32), "Document"),
        (ids.project("99012124P00001", 2024), "Project"),
        (ids.goal("project:1@2024", 1), "Goal"),
        (ids.project_indicator("project:1@2024", 1), "Indicator"),
        (ids.department_indicator("department:990121-322001", 2024, 1), "Indicator"),
        (ids.wording("甲"), "Wording"),
        (ids.policy(None, "甲"), "Policy"),
        ("planet:1", None),
        ("project", "Project"),
        ("", None),
    ],
)
def test_the_label_of_an_id(id: str, label: str | None) -> None:
    assert label_of(id) == label


def test_a_number_gives_the_id_of_a_policy() -> None:
    number = DocumentNumber(prefix="云财建", year=2024, serial="9001")
    assert ids.policy(number, "甲") == f"policy:{number.canonical}"


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        # nothing at all
        ((), ()),
        # both ends in the batch, required properties there
        (
            (PROJECT, POLICY),
            (Edge(PROJECT.id, "CITES", POLICY.id, {"field": "name", "raw": "甲"}),),
        ),
        # an integer is a number too
        ((Node("project:1@2024", "Project", {**PROJECT.properties, "budget": 5}),), ()),
    ],
)
def test_a_good_batch_passes(nodes: tuple[Node, ...], edges: tuple[Edge, ...]) -> None:
    check(GraphBatch("document:1", nodes, edges))


@pytest.mark.parametrize(
    ("nodes", "edges", "named"),
    [
        # the message names what is wrong: id and label
        ((Node("planet:1", "Planet", {}),), (), "Planet"),
        ((Node("policy:《甲》", "Project", PROJECT.properties),), (), "policy:《甲》"),
        # missing, unknown and mistyped properties
        ((Node(PROJECT.id, "Project", {"name": "路"}),), (), "fiscal_year"),
        ((Node(PROJECT.id, "Project", {**PROJECT.properties, "colour": "x"}),), (), "colour"),
        ((Node(PROJECT.id, "Project", {**PROJECT.properties, "budget": "5"}),), (), "budget"),
        # an edge without its required property
        ((PROJECT, POLICY), (Edge(PROJECT.id, "CITES", POLICY.id, {"field": "name"}),), "raw"),
        # against the table of endpoints
        ((PROJECT, POLICY), (Edge(POLICY.id, "RUNS", PROJECT.id),), "RUNS"),
        # its other end is not in the batch
        ((PROJECT,), (Edge(PROJECT.id, "DECLARED_IN", "document:1"),), "DECLARED_IN"),
        # derived by the store only
        ((PROJECT,), (Edge(PROJECT.id, "CONTINUES", PROJECT.id),), "CONTINUES"),
    ],
)
def test_a_bad_batch_names_its_fault(
    nodes: tuple[Node, ...], edges: tuple[Edge, ...], named: str
) -> None:
    with pytest.raises(InvalidGraph, match=named):
        check(GraphBatch("document:1", nodes, edges))
