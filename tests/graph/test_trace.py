"""Who cites a policy, over which others, and how much money hangs on it."""

from graph.store import Reader, Writer
from graph.traverse import chain, trace
from tests.contract.graphs import batch, node
from tests.graph.counties import (
    BRIDGE,
    CITY,
    CLINIC,
    COUNTY,
    GOAL,
    MINISTRY,
    NOTICES,
    PROVINCE,
    QINGHE,
    QINGHE_OFFICE,
    ROAD,
    ROAD_GOAL,
    SCHEME,
    SCHOOL,
    TABLE_ROW,
    county,
    row,
)


class Counting:
    """A reader that counts its queries."""

    def __init__(self, reader: Reader) -> None:
        self.reader, self.queries = reader, 0

    def __getattr__(self, name: str) -> object:
        self.queries += 1
        return getattr(self.reader, name)


# --- trace


def test_a_trace_from_the_middle_of_the_chain(store: Writer) -> None:
    found = trace(store, CITY)
    assert found is not None
    assert (found.policy.id, found.policy.title) == (CITY, "云州市乡村道路方案")
    # by budget, the largest first, those without one last
    assert [p.id for p in found.projects] == [SCHOOL, BRIDGE, ROAD, CLINIC]
    # what cites directly has nothing between, even if it also cites a policy further down
    assert [p.through for p in found.projects] == [(), (COUNTY,), (), ()]
    assert [p.id for p in found.cites] == [PROVINCE, MINISTRY]
    assert [p.depth for p in found.cites] == [1, 2]
    assert [p.id for p in found.cited_by] == [COUNTY]
    assert found.goals == ()
    assert not found.truncated


def test_totals_count_everything_once(store: Writer) -> None:
    found = trace(store, CITY)
    assert found is not None
    totals, direct = found.totals, found.direct
    assert (totals.indicators, totals.projects, totals.departments, totals.counties) == (3, 4, 2, 2)
    assert (direct.indicators, direct.projects, direct.departments, direct.counties) == (3, 3, 2, 2)
    # tenths add up as people add them: 0.1 + 0.2 + 300
    assert totals.budget == 300.3
    assert direct.budget == 300.1


def test_a_traced_project_says_where_it_is_and_what_it_quotes(store: Writer) -> None:
    found = trace(store, CITY)
    assert found is not None
    road = found.projects[2]
    assert (road.name, road.year, road.budget) == ("乡村道路", 2024, 0.1)
    assert (road.county, road.city, road.department) == ("青禾县", "云州市", "青禾县交通运输局")
    assert (road.county_id, road.department_id) == ("region:990121", QINGHE_OFFICE)
    assert road.document == QINGHE
    assert road.indicators == (row(ROAD, 1), row(ROAD, 2))
    # direct citations first
    quotes = [(via.source, via.policy) for via in road.via]
    assert quotes[-1] == (row(ROAD, 1), COUNTY)
    assert {source for source, policy in quotes if policy == CITY} == {
        row(ROAD, 1),
        row(ROAD, 2),
        ROAD_GOAL,
    }
    assert road.via[0].field == "basis"
    assert road.via[0].raw == CITY
    assert road.via[0].evidence[0].document == QINGHE


def test_a_title_traces_like_its_number(store: Writer) -> None:
    by_title, by_number = trace(store, SCHEME), trace(store, CITY)
    assert by_title is not None
    assert by_number is not None
    assert by_title.policy.id == SCHEME
    assert by_title.projects == by_number.projects
    assert by_title.totals == by_number.totals
    assert by_title.cited_by == by_number.cited_by
    assert by_title.cites == by_number.cites
    # without the notice that tells the number, the title stands alone
    store.delete_document(NOTICES)
    alone = trace(store, SCHEME)
    assert alone is not None
    assert [p.id for p in alone.projects] == [SCHOOL, CLINIC]


def test_a_trace_from_the_top_reaches_the_counties(store: Writer) -> None:
    found = trace(store, MINISTRY)
    assert found is not None
    assert [p.id for p in found.projects] == [SCHOOL, BRIDGE, ROAD, CLINIC]
    throughs = {p.id: p.through for p in found.projects}
    assert throughs[ROAD] == (PROVINCE, CITY)
    assert throughs[BRIDGE] == (PROVINCE, CITY, COUNTY)
    assert [(p.id, p.depth, p.through) for p in found.cited_by] == [
        (PROVINCE, 1, ()),
        (CITY, 2, (PROVINCE,)),
        (COUNTY, 3, (PROVINCE, CITY)),
    ]
    assert (found.direct.projects, found.direct.budget, found.direct.departments) == (0, 0.0, 0)
    # the office's own goal hangs on the province
    (goal,) = found.goals
    assert (goal.id, goal.title, goal.county) == (GOAL, "总体目标", "青禾县")
    assert (goal.department_id, goal.document, goal.through) == (
        QINGHE_OFFICE,
        QINGHE,
        (PROVINCE,),
    )


def test_nothing_is_more_than_unknown(store: Writer) -> None:
    """A project with a budget of 0 stands before one whose budget nobody printed."""
    unknown, nothing = "project:1@2024", "project:2@2024"
    paid = node("document:f", nothing, budget=0)
    other = "policy:云财建〔2024〕9999号"
    cites = [(unknown, "CITES", other), (nothing, "CITES", other)]
    store.apply(batch("document:f", [unknown, paid, other], cites))
    found = trace(store, other)
    assert found is not None
    assert [(p.id, p.budget) for p in found.projects] == [(nothing, 0.0), (unknown, None)]
    # neither has a department, so none is counted
    assert (found.totals.projects, found.totals.departments, found.totals.budget) == (2, 0, 0.0)


def test_a_goal_alone_counts_its_department_andcounty(store: Writer) -> None:
    found = trace(store, PROVINCE)
    assert found is not None
    assert [goal.id for goal in found.goals] == [GOAL]
    assert (found.direct.projects, found.direct.departments, found.direct.counties) == (0, 1, 1)


def test_depth_is_a_limit_that_shows(store: Writer) -> None:
    for depth, projects, below in (
        (0, [], []),
        (1, [], [PROVINCE]),
        (2, [SCHOOL, ROAD, CLINIC], [PROVINCE, CITY]),
        (3, [SCHOOL, BRIDGE, ROAD, CLINIC], [PROVINCE, CITY, COUNTY]),
    ):
        found = trace(store, MINISTRY, max_depth=depth)
        assert found is not None
        assert [p.id for p in found.projects] == projects
        assert [p.id for p in found.cited_by] == below
        assert found.truncated is (depth < 3)
    upward = trace(store, COUNTY, max_depth=2)
    assert upward is not None
    assert [p.id for p in upward.cites] == [CITY, PROVINCE]
    assert upward.truncated


def test_the_number_of_citations_is_a_limit_that_shows(store: Writer) -> None:
    found = trace(store, PROVINCE, max_citations=2)
    assert found is not None
    assert [goal.id for goal in found.goals] == [GOAL], "what is direct is always read"
    assert found.projects == ()
    assert found.truncated


def test_circles_and_self_citations_end(store: Writer) -> None:
    store.apply(
        batch(
            "document:000000000000000f",
            [MINISTRY, CITY],
            [(MINISTRY, "CITES", CITY), (CITY, "CITES", CITY)],
        )
    )
    found = trace(store, CITY)
    assert found is not None
    assert [p.id for p in found.cited_by] == [MINISTRY, COUNTY, PROVINCE]
    assert {p.id for p in found.cites} == {PROVINCE, MINISTRY}
    assert not found.truncated
    around = chain(store, PROVINCE)
    assert around is not None
    links = [link for level in around.downstream for link in level.links]
    assert (CITY, PROVINCE) in {(link.source, link.target) for link in links}
    assert all(link.source != link.target for link in links)


def test_only_policies_are_traced(store: Writer) -> None:
    assert trace(store, "policy:无此文") is None
    assert trace(store, ROAD) is None
    assert chain(store, "policy:无此文") is None


def test_a_trace_asks_for_sets(store: Writer) -> None:
    """Forty more projects are no more queries."""
    first = Counting(store)
    trace(first, MINISTRY)  # type: ignore[arg-type]
    more = {f"project:99012324P{n:05}@2024": 1.0 for n in range(40)}
    document = "document:00000000000000aa"
    nodes, edges = county(document, "region:990123", "新县", "department:990123-1", 2024, more)
    edges += [(project, "CITES", CITY) for project in more]
    store.apply(batch(document, [*nodes, CITY], edges))
    second = Counting(store)
    found = trace(second, MINISTRY)  # type: ignore[arg-type]
    assert found is not None
    assert len(found.projects) == 44
    assert second.queries == first.queries


# --- chain


def test_a_chain_has_levels_with_links(store: Writer) -> None:
    found = chain(store, CITY)
    assert found is not None
    assert [(level.depth, [p.id for p in level.policies]) for level in found.upstream] == [
        (1, [PROVINCE]),
        (2, [MINISTRY]),
    ]
    assert [[(link.source, link.target) for link in level.links] for level in found.upstream] == [
        [(CITY, PROVINCE)],
        [(PROVINCE, MINISTRY)],
    ]
    (below,) = found.downstream
    (link,) = below.links
    assert (link.source, link.target) == (COUNTY, CITY)
    # it is a row of the county notice's table that cites
    assert [via.source for via in link.via] == [TABLE_ROW]
    assert not found.truncated
    cut = chain(store, CITY, 1)
    assert cut is not None
    assert [level.depth for level in cut.upstream] == [1]
    assert cut.truncated
