"""Rows, members, exact filters, and tables built on top of older ones."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.errors import IndexMismatch
from search.index import Member, Selection
from search.table import Table, save
from search.table_builder import TableBuilder

COUNTIES = ("", "region:1", "region:2")
YEARS = (0, 2024, 2025)
LEVELS = ("", "时效指标")

members = st.builds(
    Member,
    id=st.sampled_from([f"indicator:{n}" for n in range(8)]),
    county=st.sampled_from(COUNTIES),
    year=st.sampled_from(YEARS),
    level2=st.sampled_from(LEVELS),
)
rows = st.lists(st.tuples(st.sampled_from(["indicator", "policy"]), st.lists(members, max_size=4)))


def built(described: list[tuple[str, list[Member]]]) -> Table:
    builder = TableBuilder()
    for number, (type, of_row) in enumerate(described):
        row = builder.add_row(type, f"node:{number}", f"名{number}", number)
        for member in of_row:
            builder.add_member(row, member)
    return builder.build()


@given(
    rows,
    st.none() | st.frozensets(st.sampled_from(YEARS)),
    st.none() | st.frozensets(st.sampled_from(COUNTIES)),
    st.none() | st.frozensets(st.sampled_from(LEVELS)),
    st.none() | st.frozensets(st.sampled_from([f"indicator:{n}" for n in range(8)])),
)
def test_a_row_is_selected_when_one_member_meets_every_filter(
    described: list[tuple[str, list[Member]]],
    years: frozenset[int] | None,
    counties: frozenset[str] | None,
    levels: frozenset[str] | None,
    nodes: frozenset[str] | None,
) -> None:
    facets = {"county": counties, "level2": levels}
    selection = Selection(
        ("indicator",), years, {k: v for k, v in facets.items() if v is not None}, nodes
    )

    def meets(member: Member) -> bool:
        return (
            (years is None or member.year in years)
            and (counties is None or member.county in counties)
            and (levels is None or member.level2 in levels)
            and (nodes is None or member.id in nodes)
        )

    table = built(described)
    chosen, allowed = table.select(selection)
    expected = [
        type == "indicator" and (not selection.filtered or any(map(meets, of_row)))
        for type, of_row in described
    ]
    assert chosen.mask.tolist() == expected
    for row, (_, of_row) in enumerate(described):
        kept = [ids for _, _, _, ids in table.parted(np.array([row]), allowed, 9)]
        wanted = sorted(member.id for member in of_row if meets(member))
        assert kept == ([wanted] if wanted else [])


@given(rows, st.integers(0, 3), st.integers(0, 8))
def test_members_are_parted_by_what_they_have_of_a_facet(
    described: list[tuple[str, list[Member]]], most: int, sorted_members: int
) -> None:
    table = built(described)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("search.table.SORTED_MEMBERS", sorted_members)
        asked = np.arange(len(described))[::-1]
        told = [*table.parted(asked, None, most, "county")]
    found = {(owner, county): (count, ids) for owner, county, count, ids in told}
    assert len(found) == len(told)
    for owner, row in enumerate(asked.tolist()):
        for county in COUNTIES:
            own = [member.id for member in described[row][1] if member.county == county]
            count, ids = found.pop((owner, county), (0, []))
            assert (count, len(ids)) == (len(own), min(most, len(own)))
            assert ids == (sorted(own) if len(own) <= max(most, sorted_members) else own)[:most]
    assert not found


def test_filters_that_were_asked_before_answer_the_same() -> None:
    described = [
        (type, [Member(f"indicator:{n}", county=COUNTIES[n % 3], year=2020 + n % 7)])
        for n in range(40)
        for type in ("indicator", "policy")
    ]
    table = built(described)
    asked = [
        Selection((type,), frozenset({year}), {"county": frozenset({county})})
        for year in range(2020, 2027)
        for county in COUNTIES
        for type in ("indicator", "policy")
    ]
    for selection in asked * 2:
        chosen, allowed = table.select(selection)
        fresh_rows, fresh_members = built(described).select(selection)
        assert allowed is not None and fresh_members is not None
        assert (chosen.mask == fresh_rows.mask).all() and (allowed == fresh_members).all()


def test_a_county_and_a_year_of_different_members_do_not_meet() -> None:
    # Facets gathered on the row would wrongly join 2024 of one county to the other county.
    table = built(
        [("indicator", [Member("a", county="region:1", year=2024), Member("b", "region:2")])]
    )
    wanted = Selection(("indicator",), frozenset({2024}), {"county": frozenset({"region:2"})})
    assert not table.select(wanted)[0].count


def test_facets_count_rows_not_members() -> None:
    table = built(
        [
            ("indicator", [Member("a", year=2024), Member("b", year=2024)]),
            ("indicator", [Member("c", year=2025), Member("d")]),
        ]
    )
    everything = np.ones(4, dtype=np.bool_)
    both, second = (table.chosen(np.array(rows), everything) for rows in ([0, 1], [1]))
    assert table.facet_counts(both, ["year"])["year"] == {"2024": 1, "2025": 1}
    assert table.facet_counts(second, ["year"])["year"] == {"2025": 1}


def test_indicators_of_projects() -> None:
    """A policy that an indicator cites is none of its project's wordings."""
    one, other = "node:3", "node:4"
    old = built(
        [
            ("indicator", [Member("a", project=one), Member("b", project=other)]),
            ("indicator", [Member("c", project=one), Member("d")]),
            ("policy", [Member("a")]),
            ("project", [Member(one)]),
            ("project", [Member(other)]),
        ]
    )
    builder = TableBuilder(old)
    row = builder.add_row("indicator", "node:5", "新名", 7)
    builder.drop_members(["b", "c"])
    builder.add_member(row, Member("c", project=other))
    for table, expected in (
        (old, {("a", 0, 1), ("c", 1, 1), ("b", 0, 0)}),
        (builder.build(), {("a", 0, 1), ("c", row, 0)}),
    ):
        found = table.measuring(np.array([4, 3]))
        told = zip(found.indicators, found.rows.tolist(), found.projects.tolist(), strict=True)
        assert {*told} == expected
        assert table.measuring(np.array([2])).indicators == []
    assert table.measuring(np.zeros(0, np.int64)).indicators == []


def test_a_changed_row_takes_its_other_members_along() -> None:
    old = built([("policy", [Member("x"), Member("y")]), ("indicator", [Member("y")])])
    builder = TableBuilder(old)
    row = builder.add_row("policy", "node:0", "新名", 7)
    builder.drop_row(0, successor=row)
    builder.drop_members(["y"])
    builder.add_member(row, Member("z", county="region:9"))
    new = builder.build()
    assert new.counts() == dict.fromkeys(new.counts(), 0) | {"policy": 1, "indicator": 1}
    assert new.rows_of(["node:0", "node:1", "node:2"]) == {"node:0": row, "node:1": 1}
    assert [*new.parted(np.array([1, row]), None, 9, "county")] == [
        (1, "", 1, ["x"]),
        (1, "region:9", 1, ["z"]),
    ]
    assert new.names(np.array([row])) == [("node:0", "新名")]


def test_a_saved_table_is_the_same(tmp_path: Path) -> None:
    table = built([("indicator", [Member("a", "region:1", "d", 2024, "时效指标", "percent")])])
    save(table, tmp_path)
    again = Table.open(tmp_path)
    assert again.counts() == table.counts()
    assert again.id(0) == "node:0"
    told = [
        ("county", "region:1"),
        ("department", "d"),
        ("level2", "时效指标"),
        ("kind", "percent"),
    ]
    first = again.chosen(np.array([0]), None)
    for field, word in told:
        assert again.facet_counts(first, [field]) == {field: {word: 1}}
    (tmp_path / "member_year.npy").write_bytes(b"")
    with pytest.raises(IndexMismatch):
        Table.open(tmp_path)


def test_an_empty_table_can_be_saved_and_searched(tmp_path: Path) -> None:
    save(TableBuilder().build(), tmp_path)
    table = Table.open(tmp_path)
    assert len(table) == 0
    assert table.select(Selection(("indicator",), frozenset({2024})))[0].mask.tolist() == []
