"""Regions by code and name, issuers by prefix, and the tables behind them."""

import pytest

from graph.values import tables
from graph.values.issuer import certain_issuer, finance_bureau, issuer_of, province_of
from graph.values.region import (
    find_region,
    parents,
    region_level,
    region_name,
    short_name,
    successor,
)
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
        ("曹妃甸", ("130209",)),  # a district of late
        ("唐海", ("130230",)),  # abolished in 2012
        ("丰南", ("130207",)),  # a district, before it a city, before it a county
        ("丰南市", ("130282",)),  # the full name that is gone
        ("滦县", ("130223",)),  # not that of the prefecture that ended in 1983
        ("襄樊", ("420600",)),  # an earlier name of a code in force
        ("唐山高新技术产业开发区", ("130273",)),  # a zone that the statistical office numbers
        ("无此地", ()),  # unknown
        ("县", ()),  # too short to mean one
    ],
)
def test_names(name: str, codes: tuple[str, ...]) -> None:
    assert find_region(name) == codes


@pytest.mark.parametrize(
    ("code", "heir"),
    [
        ("130282", "130207"),  # 丰南市 → 丰南区
        ("130226", "130283"),  # 迁安县 → 迁安市
        ("130223", "130284"),  # 滦县 → 滦州市
        ("130230", None),  # 唐海县: no later code bears the name
        ("130503", None),  # in force, under another name than 桥西区
        ("132203", None),  # 桥西区 of another city is no heir
        ("130225", None),  # in force
    ],
)
def test_the_code_that_took_over_a_name(code: str, heir: str | None) -> None:
    assert successor(code) == heir


def test_every_row_says_which_state_it_is_in() -> None:
    rows = tables.rows("regions")
    in_force = {code for code, _, state, *_ in rows if state in ("current", "zone")}
    for code, name, state, until, heir in rows:
        assert state in ("current", "zone", "abolished", "renamed"), name
        assert (until == "") == (state in ("current", "zone")), name
        assert code in in_force or state in ("abolished", "renamed"), name
        assert not heir or (heir in in_force and state == "abolished"), name


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
        ("财办建", ("财政部",)),  # the ministry's office for a department
        ("国卫办基层函", ("国家卫生健康委办公厅",)),  # the longer beginning wins
        ("国卫财务发", ("国家卫生健康委",)),
        ("粤府办", ("广东省人民政府办公厅",)),  # a province that writes 府 for 政
        ("穗财规字", ("广州市财政局",)),  # a city by its other name
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
        ("regions", 5),
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


@pytest.mark.parametrize(
    ("prefix", "province"),
    [
        ("冀林发", "河北省"),
        ("宁林发", "宁夏回族自治区"),
        ("青农", "青海省"),  # 青岛 is no province
        ("龘农", None),
        ("", None),
    ],
)
def test_the_province_of_a_prefix(prefix: str, province: str | None) -> None:
    assert province_of(prefix) == province


@pytest.mark.parametrize(
    ("prefix", "office", "bureau"),
    [
        ("唐财预指字", "唐山市乡村振兴局", "唐山市财政局"),
        ("冀财农", "唐山市商务局", None),  # another place's prefix
        ("唐农字", "唐山市商务局", None),  # no finance bureau's
        ("唐财农", "商务局", None),  # no place
        ("财农", "财政部", None),
    ],
)
def test_the_bureau_of_a_place(prefix: str, office: str, bureau: str | None) -> None:
    assert finance_bureau(prefix, office) == bureau
