"""What lies around a node, and the way between two."""

from itertools import pairwise

from graph.elements import Edge, GraphBatch
from graph.store import Reader, Writer
from graph.traverse import HUB_DEGREE, neighbourhood, path
from tests.contract.graphs import batch
from tests.graph.counties import (
    BRIDGE,
    CITY,
    CLINIC,
    MINISTRY,
    PROVINCE,
    QINGHE,
    QINGHE_OFFICE,
    ROAD,
    ROAD_GOAL,
    SCHEME,
    SCHOOL,
    YUNLING_OFFICE,
    row,
)

# --- neighbourhood


def test_a_neighbourhood_grows_with_depth(store: Writer) -> None:
    near = neighbourhood(store, ROAD, 1, 100)
    ids = [n.id for n in near.nodes]
    assert ids[0] == ROAD
    assert set(ids) == {ROAD, QINGHE, QINGHE_OFFICE, ROAD_GOAL, row(ROAD, 1), row(ROAD, 2)}
    assert not near.truncated
    # every edge between any two of them, none that leads out
    keys = {e.key for e in near.edges}
    assert (QINGHE, "PUBLISHED_BY", QINGHE_OFFICE, "") in keys
    assert all(e.source in ids and e.target in ids for e in near.edges)
    far = neighbourhood(store, ROAD, 2, 100)
    assert set(ids) < {n.id for n in far.nodes}


def test_a_neighbourhood_is_cut_visibly(store: Writer) -> None:
    cut = neighbourhood(store, ROAD, 3, 4)
    assert len(cut.nodes) == 4
    assert cut.nodes[0].id == ROAD
    assert cut.truncated
    whole = neighbourhood(store, ROAD, 0, 4)
    assert ([n.id for n in whole.nodes], whole.edges, whole.truncated) == ([ROAD], (), False)
    assert neighbourhood(store, "project:unknown@2024", 2, 10).nodes == ()


# --- path


def ids_of(store: Reader, source: str, target: str, depth: int = 6) -> list[str] | None:
    found = path(store, source, target, depth)
    if found is None:
        return None
    ids = [n.id for n in found.nodes]
    # each edge joins the nodes beside it
    for pair, joined in zip(pairwise(ids), found.edges, strict=True):
        assert {joined.source, joined.target} == set(pair)
    return ids


def test_the_shortest_path_in_either_direction(store: Writer) -> None:
    assert ids_of(store, BRIDGE, ROAD) == [BRIDGE, QINGHE_OFFICE, ROAD]
    assert ids_of(store, row(ROAD, 2), MINISTRY) == [row(ROAD, 2), CITY, PROVINCE, MINISTRY]
    assert ids_of(store, MINISTRY, row(ROAD, 2)) == [MINISTRY, PROVINCE, CITY, row(ROAD, 2)]
    assert ids_of(store, ROAD, ROAD) == [ROAD]
    # derived edges are edges
    assert ids_of(store, CLINIC, CITY) == [CLINIC, SCHEME, CITY]


def test_a_path_is_no_longer_than_allowed(store: Writer) -> None:
    assert ids_of(store, row(ROAD, 2), MINISTRY, 3) is not None
    assert ids_of(store, row(ROAD, 2), MINISTRY, 2) is None
    assert ids_of(store, ROAD, BRIDGE, 0) is None


def test_unknown_ends_have_no_path(store: Writer) -> None:
    assert path(store, ROAD, "project:unknown@2024", 6) is None
    assert path(store, "project:unknown@2024", "project:unknown@2024", 6) is None


def test_a_path_leads_through_no_region(store: Writer) -> None:
    lone = "department:990122-200001"
    store.apply(
        batch("document:00000000000000cc", [lone, "region:990122"], [(lone, "IN", "region:990122")])
    )
    assert ids_of(store, lone, YUNLING_OFFICE) is None
    # but it may begin or end with one
    assert ids_of(store, lone, "region:990122") == [lone, "region:990122"]
    assert ids_of(store, "region:990122", SCHOOL) == ["region:990122", YUNLING_OFFICE, SCHOOL]


def test_a_path_leads_through_no_wording_that_all_share(store: Writer) -> None:
    def rows(document: str, count: int) -> GraphBatch:
        ids = [f"indicator:{document}#{n}" for n in range(count)]
        edges: list[Edge | tuple[str, str, str] | tuple[str, str, str, str]] = [
            (id, "WORDED_AS", "wording:2") for id in ids
        ]
        return batch(document, ["wording:2", *ids], edges)

    document = "document:00000000000000dd"
    first, second = f"indicator:{document}#0", f"indicator:{document}#1"
    store.apply(rows(document, HUB_DEGREE))
    assert ids_of(store, first, second) == [first, "wording:2", second]
    store.apply(rows("document:00000000000000ee", 1))
    assert ids_of(store, first, second) is None
    assert ids_of(store, first, "wording:2") == [first, "wording:2"]
    assert ids_of(store, "wording:2", second) == ["wording:2", second]
    # nor does a neighbourhood go on from it, and says so
    around = neighbourhood(store, first, 2, 10_000)
    assert [n.id for n in around.nodes] == [first, "wording:2"]
    assert around.truncated
    assert len(neighbourhood(store, "wording:2", 1, 10_000).nodes) == HUB_DEGREE + 2
