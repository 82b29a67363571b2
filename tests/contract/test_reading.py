"""What `graph.store.Reader` promises, sentence by sentence, asked of every backend."""

import pytest

from graph.elements import Edge, Node, Scalar
from graph.store import Writer, scan_all
from tests.contract.graphs import (
    COUNTY,
    NOTICE,
    OFFICE,
    ROAD,
    ROW,
    SCHOOL,
    WORDING,
    A,
    B,
    C,
    batch,
    county,
    evidence,
    node,
)

# --- get


def test_get_answers_what_was_written(store: Writer) -> None:
    road = Node(
        ROAD,
        "Project",
        {
            "code": "99012124P00001",
            "name": "乡村道路“\u3000”\x00",
            "fiscal_year": 2024,
            "budget": 1000.25,
            "fiscal_budget": 0,
            "spending_plan_values": ["30", "", "100"],
        },
        (
            evidence(A),
            evidence(A, "1,000.25", start=90),
        ),
    )
    store.apply(batch(A, [road]))
    found = store.get([ROAD])[ROAD]
    assert found == road
    # a number stays the kind of number that it was
    assert type(found.properties["budget"]) is float
    assert type(found.properties["fiscal_budget"]) is int


def test_get_leaves_out_unknown_ids(store: Writer) -> None:
    store.apply(county(A))
    assert set(store.get([ROAD, "project:unknown@2024", ""])) == {ROAD}
    assert store.get([]) == {}
    # any iterable will do, read once
    assert set(store.get(i for i in (ROAD, ROAD))) == {ROAD}


def test_every_field_of_evidence_comes_back(store: Writer) -> None:
    full = [
        evidence(A),
        *(
            type(evidence(A))(
                document=document, raw="a", start=0, end=1, field=field, page=page, column=column
            )
            # another document's evidence keeps its own name; gaps between fields stay gaps
            for document, field, page, column in (
                (A, "name", 7, 4),
                (B, None, None, 4),
                (B, None, 1, None),
            )
        ),
    ]
    store.apply(batch(A, [Node(ROW, "Indicator", {"name": "x"}, tuple(full))]))
    assert store.get([ROW])[ROW].evidence == tuple(full)


# --- edges


def test_edges_by_direction_and_type(store: Writer) -> None:
    store.apply(county(A))
    keys = [e.key for e in store.edges([ROAD])]
    assert keys == [(ROAD, "DECLARED_IN", A, ""), (ROAD, "MEASURED_BY", ROW, "")]
    assert [e.source for e in store.edges([ROAD], direction="in")] == [OFFICE]
    assert len(store.edges([ROAD], direction="both")) == 3
    assert [e.target for e in store.edges([ROAD], ["MEASURED_BY"])] == [ROW]
    assert store.edges([ROAD], []) == []
    assert store.edges([ROAD], {"NO_SUCH_TYPE"}) == []
    assert store.edges([]) == []


def test_edges_come_once_and_in_order(store: Writer) -> None:
    store.apply(county(A))
    found = store.edges([ROAD, OFFICE, ROW, ROAD], direction="both")
    keys = [e.key for e in found]
    assert keys == sorted(set(keys))
    assert (OFFICE, "RUNS", ROAD, "") in keys


def test_citations_in_two_fields_are_two_edges(store: Writer) -> None:
    cites = [(ROAD, "CITES", NOTICE, "purpose"), (ROAD, "CITES", NOTICE, "name")]
    store.apply(batch(A, [ROAD, NOTICE], cites))
    assert [e.field for e in store.edges([ROAD])] == ["name", "purpose"]
    assert store.degree([ROAD], "CITES", "out") == {ROAD: 2}


def test_an_edge_keeps_properties_and_evidence(store: Writer) -> None:
    said = Edge(
        ROAD,
        "CITES",
        NOTICE,
        {"field": "name", "raw": "云财建【2024】9001号", "passage": "依据…"},
        (evidence(A, "云财建【2024】9001号", 40), evidence(A, "云财建【2024】9001号", 90)),
    )
    store.apply(batch(A, [ROAD, NOTICE], [said]))
    assert store.edges([ROAD]) == [said]


# --- scan


def test_scan_pages_in_id_order(store: Writer) -> None:
    # ids that sort by code point, not by length or language
    ids = [f"wording:{name}" for name in ("1", "10", "2", "a", "一", "𠀀")]
    store.apply(batch(A, [*reversed(ids), ROAD]))
    page = store.scan("Wording", limit=4)
    assert [n.id for n in page.nodes] == ids[:4]
    assert page.next is not None
    rest = store.scan("Wording", after=page.next, limit=2)
    assert ([n.id for n in rest.nodes], rest.next) == (ids[4:], None)
    assert [n.id for n in scan_all(store, "Wording")] == ids


def test_scan_of_nothing(store: Writer) -> None:
    assert store.scan("Wording") == store.scan("NoSuchLabel")
    store.apply(county(A))
    assert store.scan("Wording", after="wording:zzz").nodes == ()
    assert store.scan("NoSuchLabel", {"name": ["x"]}).nodes == ()


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        # an indexed property, one value and several
        ({"code": ["c1"]}, ["1", "3"]),
        ({"code": ["c1", "c2", "c9"]}, ["1", "2", "3"]),
        # a property without an index, alone and with an indexed one
        ({"fiscal_year": [2024]}, ["1", "2"]),
        ({"code": ["c1"], "fiscal_year": [2025]}, ["3"]),
        ({"fiscal_year": [2024], "name": ["乙"]}, ["2"]),
        # no value at all matches nothing, whatever else matches
        ({"code": []}, []),
        ({"fiscal_year": [2024], "code": []}, []),
        # a text is no number, a truth value no number, 10 is 10.0
        ({"fiscal_year": ["2024"]}, []),
        ({"fiscal_year": [True]}, []),
        ({"budget": [10.0]}, ["1"]),
        ({"budget": [1]}, ["2"]),
        ({"budget": [True]}, []),
        ({"code": [1]}, []),
        # a list equals no value; a property that no node has matches nothing
        ({"spending_plan_values": ["30"]}, []),
        ({"no_such_property": ["x"]}, []),
        # no condition at all
        ({}, ["1", "2", "3"]),
    ],
)
def test_scan_where(store: Writer, where: dict[str, list[Scalar]], expected: list[str]) -> None:
    rows = [
        node(A, "project:1@2024", code="c1", name="甲", budget=10, spending_plan_values=["30"]),
        node(A, "project:2@2024", code="c2", name="乙", budget=1),
        node(A, "project:3@2025", code="c1", name="乙"),
    ]
    store.apply(batch(A, rows))
    found = [n.id.removeprefix("project:")[0] for n in scan_all(store, "Project", where)]
    assert found == expected


def test_scan_where_pages(store: Writer) -> None:
    rows = [
        node(A, f"project:{n:03}@2024", code="odd" if n % 2 else "even", budget=n % 3)
        for n in range(30)
    ]
    store.apply(batch(A, rows))
    cases: list[tuple[dict[str, list[Scalar]], list[int]]] = [
        ({"code": ["odd"]}, [n for n in range(30) if n % 2]),
        ({"budget": [0]}, [n for n in range(30) if n % 3 == 0]),
        ({"budget": [0], "code": ["odd"]}, [n for n in range(30) if n % 6 == 3]),
    ]
    for where, expected in cases:
        found: list[int] = []
        after = None
        while True:
            page = store.scan("Project", where, after, limit=2)
            found += [int(n.id[8:11]) for n in page.nodes]
            if page.next is None:
                break
            assert len(page.nodes) == 2
            after = page.next
        assert found == expected


def test_scan_finds_by_the_merged_value_only(store: Writer) -> None:
    store.apply(batch(B, [node(B, OFFICE, name="交通局")]))
    store.apply(batch(A, [node(A, OFFICE, name="交通运输局")]))
    assert store.scan("Department", {"name": ["交通局"]}).nodes == ()
    assert len(store.scan("Department", {"name": ["交通运输局"]}).nodes) == 1
    store.delete_document(A)
    assert len(store.scan("Department", {"name": ["交通局"]}).nodes) == 1
    assert store.scan("Department", {"name": ["交通运输局"]}).nodes == ()


# --- degree, counts, contributors


def test_degree(store: Writer) -> None:
    store.apply(county(A))
    store.apply(county(B, SCHOOL))
    asked = [OFFICE, WORDING, "wording:unknown"]
    assert store.degree(asked, "RUNS", "out") == {OFFICE: 2, WORDING: 0, "wording:unknown": 0}
    assert store.degree([WORDING], "WORDED_AS", "in") == {WORDING: 2}
    assert store.degree([WORDING], "WORDED_AS", "out") == {WORDING: 0}
    assert store.degree([COUNTY], "PART_OF", "both") == {COUNTY: 1}
    assert store.degree([], "RUNS", "out") == {}


def test_an_edge_to_itself_is_one_edge(store: Writer) -> None:
    store.apply(batch(A, [NOTICE], [(NOTICE, "CITES", NOTICE)]))
    assert store.degree([NOTICE], "CITES", "both") == {NOTICE: 1}
    assert len(store.edges([NOTICE], direction="both")) == 1


def test_counts_name_every_label_and_type(store: Writer) -> None:
    assert set(store.counts().values()) == {0}
    store.apply(county(A))
    store.apply(county(B, SCHOOL))
    counts = store.counts()
    assert (counts["Project"], counts["Region"], counts["RUNS"]) == (2, 2, 2)
    assert counts["Goal"] == counts["HAS_GOAL"] == counts["CONTINUES"] == 0
    store.delete_document(B)
    assert (store.counts()["Project"], store.counts()["RUNS"]) == (1, 1)


def test_contributors_in_merge_order(store: Writer) -> None:
    store.apply(batch(B, [NOTICE]))
    store.apply(batch(C, [NOTICE], own=[NOTICE]))
    store.apply(batch(A, [NOTICE, ROAD]))
    assert store.contributors([NOTICE, ROAD, "policy:unknown"]) == {NOTICE: (C, A, B), ROAD: (A,)}
