"""Regions by code and name, issuers by prefix, and the tables behind them."""

import pytest

from graph.values import tables
from graph.values.issuer import certain_issuer, issuer_of
from graph.values.region import find_region, parents, region_level, region_name, short_name
from graph.values.traditional import plain, simplify


@pytest.mark.parametrize(
    ("code", "name", "level", "above"),
    [
        ("130209", "曹妃甸区", "county", ("130200", "130000")),
        ("130208", "丰润区", "county", ("130200", "130000")),
        ("130225", "乐亭县", "county", ("130200", "130000")),
        ("130803", "双滦区", "county", ("130800", "130000")),
        ("130200", "唐山市", "city", ("130000",)),
        ("130000", "河北省", "province", ()),
        ("110101", "东城区", "county", ("110000",)),  # no city stands between
        ("130223", "滦县", "county", ("130200", "130000")),  # abolished, still printed
        ("990121", None, "county", ("990100", "990000")),  # the examples' province
        ("13022", None, None, ()),  # no code
        ("1302AB", None, None, ()),
    ],
)
def test_codes(code: str, name: str | None, level: str | None, above: tuple[str, ...]) -> None:
    assert region_name(code) == name
    assert region_level(code) == level
    assert parents(code) == above


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("乐亭", ("130225",)),  # short
        ("乐亭县", ("130225",)),  # full
        ("阜新", ("210900", "210921")),  # city and autonomous county
        ("定州", ("130682",)),  # the code in force, not the abolished one
        ("无此地", ()),  # unknown
        ("县", ()),  # too short to mean one
    ],
)
def test_names(name: str, codes: tuple[str, ...]) -> None:
    assert find_region(name) == codes


def test_a_shared_name_has_several_owners() -> None:
    assert len(find_region("朝阳")) > 2


def test_short_names() -> None:
    assert [short_name(n) for n in ("乐亭县", "延边朝鲜族自治州", "吉林省", "东区")] == [
        "乐亭",
        "延边",
        "吉林",
        "东区",
    ]


def test_every_region_has_parents_that_exist_or_are_left_out() -> None:
    codes = {row[0] for row in tables.rows("regions")}
    assert len(codes) > 3000
    assert all(parents(code)[-1] in codes for code in codes if not code.endswith("0000"))


@pytest.mark.parametrize(
    ("prefix", "issuers"),
    [
        ("冀财建", ("河北省财政厅",)),  # a province's short name
        ("财建", ("财政部",)),  # the ministry's department
        ("国办发", ("国务院办公厅",)),
        ("青财农", ("青海省财政厅", "青岛市财政局")),  # not certain
        ("乐亭财建", ("乐亭县财政局",)),  # a county's whole short name
        ("唐政发", ()),  # no finance bureau's series
        ("唐财政", ()),  # 财政 is the bureau's name, no series
        ("龘财建", ()),  # no such place
    ],
)
def test_issuers(prefix: str, issuers: tuple[str, ...]) -> None:
    assert issuer_of(prefix) == issuers


def test_a_city_shares_its_character_with_counties_that_come_after_it() -> None:
    owners = issuer_of("唐财建")
    assert owners[0] == "唐山市财政局"
    assert {"唐县财政局", "唐河县财政局"} <= set(owners)
    assert len(owners) == len(set(owners))


def test_every_table_has_its_columns_and_no_row_twice() -> None:
    for name, columns in (
        ("prefix_words", 3),
        ("units", 4),
        ("units_below", 3),
        ("unit_like_words", 1),
        ("operators", 3),
        ("policy_kinds", 3),
        ("issuers", 4),
        ("regions", 3),
        ("traditional", 2),
    ):
        rows = tables.rows(name)
        assert {len(row) for row in rows} == {columns}, name
        assert len(set(rows)) == len(rows), name


def test_simplify_keeps_offsets() -> None:
    text = "財預〔2021〕101號"
    assert simplify(text) == "财预〔2021〕101号"
    assert all(len(row[0]) == len(row[1]) == 1 for row in tables.rows("traditional"))
    assert plain("皖發(fā)〔2016〕30號") == "皖发〔2016〕30号"
    assert plain("台(套) 米(kg)") == "台(套) 米(kg)"


@pytest.mark.parametrize(
    ("prefix", "issuer"),
    [
        ("冀财建", "河北省财政厅"),  # the table says so
        ("乐亭财建", "乐亭县财政局"),  # two characters of one place
        ("唐财建", None),  # a city and two counties
        ("肇财农", None),  # a city and counties of one first character
        ("云岭财建", None),  # a place that the standard does not know
    ],
)
def test_an_issuer_is_certain_or_none(prefix: str, issuer: str | None) -> None:
    assert certain_issuer(prefix) == issuer
