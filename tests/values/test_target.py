"""指标值: every form as a row of targets.tsv, and what must hold for any text."""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labelled import OWN, labelled_folder, score_targets
from graph.values import tables
from graph.values.comparable import comparable
from graph.values.target import Target, parse_target
from graph.values.target_units import is_unit, kind_of, read_unit, written_unit

OPERATORS = {"≥": ">=", "≤": "<=", "=": "=", "＞": ">", "<": "<", "不少于": ">=", "": "="}
UNITS = {"%": "percent", "个": "number", "万元": "money", "万人次": "number", "元/人·年": "money"}
NUMERALS = re.compile("[零〇○一二三四五六七八九十百千两成]")
TENTHS = re.compile("成$")  # nine tenths are read as 90%
KINDS = {"number", "percent", "money", "date", "qualitative", "empty"}


def test_own_rows() -> None:
    score = score_targets(OWN / "values" / "targets.tsv")
    assert score.failures == []
    assert score.fields["all four"][1] > 200


def test_labelled_rows() -> None:
    folder = labelled_folder()
    if folder is None:
        pytest.skip("neither JIPU_CASES nor JIPU_SEEDS names a folder with labelled cases")
    score = score_targets(folder / "target_values.tsv")
    assert score.share("operator, numbers, kind") >= 0.97, score.failures
    assert score.share("all four") >= 0.93, score.failures


@given(
    st.sampled_from(sorted(OPERATORS)),
    st.decimals(0, 10**7, places=2),
    st.sampled_from(sorted(UNITS)),
    st.sampled_from(("", " ")),
)
def test_operator_number_unit_are_read_back(
    sign: str, number: object, unit: str, blank: str
) -> None:
    raw = f"{sign}{blank}{number}{blank}{unit}"
    assert parse_target(raw) == Target(raw, OPERATORS[sign], (str(number),), unit, UNITS[unit])


@pytest.mark.parametrize("number", ["7", "7.50"])
@pytest.mark.parametrize("sign", ["≥", ""])
def test_every_unit_of_the_table_is_read_back(sign: str, number: str) -> None:
    for unit, kind, *_ in tables.rows("units"):
        raw = f"{sign}{number}{unit}"
        expected = "number" if kind == "noun" else kind
        wanted = Target(raw, OPERATORS[sign], (number,), written_unit(unit), expected)
        found = parse_target(raw)
        assert found == wanted or found.kind == "date" or TENTHS.search(raw), raw


PIECES = st.one_of(
    st.sampled_from([row[0] for row in tables.rows("units")]),
    st.sampled_from([row[0] for row in tables.rows("operators")]),
    st.sampled_from(
        ["年", "月", "日前", "底", "-", "~", "至", "/", ".", ",", " ", "\n", "**", "X"]
    ),
    st.integers(0, 3000).map(str),
    st.text(max_size=4),
)


@given(st.lists(PIECES, max_size=9).map("".join))
def test_numbers_are_printed_in_the_text(raw: str) -> None:
    target = parse_target(raw)
    assert target.kind in KINDS
    found = comparable(target)
    assert found is None or len(found.numbers) == len(target.numbers)
    if target.kind == "date" or NUMERALS.search(raw):
        return
    printed = [unicodedata.normalize("NFKC", c) for c in raw]
    digits = "".join(c for c in printed if c.isdecimal())
    for number in target.numbers:
        assert "".join(c for c in number if c.isdecimal()).lstrip("0") in digits


@given(st.text(max_size=60))
def test_any_text_is_read(raw: str) -> None:
    target = parse_target(raw)
    assert target.raw == raw
    assert target.kind in KINDS
    assert target.operator in {*OPERATORS.values(), "range", "none"}


def test_range_has_its_low_end_first() -> None:
    assert parse_target("100-80%").numbers == ("80", "100")


@pytest.mark.parametrize(
    ("text", "whole", "unit"),
    [
        ("万人次以上", False, "万人次"),  # 万 belongs to the count
        ("万元整", False, "万元"),  # the longest money word
        ("个项目按期完成", False, "个"),  # the rest is a sentence
        ("个村", True, "个村"),  # all that stands behind the number
        ("台（套）", True, "台（套）"),  # bracket kept as written
        ("按时完成", True, ""),  # a sentence is no unit
        ("/10万", True, "/10万"),  # a rate
    ],
)
def test_read_unit(text: str, whole: bool, unit: str) -> None:
    assert read_unit(text, whole=whole)[0] == unit


def test_units_know_their_kind() -> None:
    assert [kind_of(u) for u in ("元/亩", "万", "万件", "‰", "天")] == [
        "money",
        "money",
        "number",
        "percent",
        "number",
    ]
    assert written_unit("百分比") == "%"
    assert is_unit("万平方米")
    assert not is_unit("效果明显")


def test_hostile_values_are_cut_short() -> None:
    start = time.process_time()
    for piece in ("9", "≥", "1-", "1月", "百分之", "2024年", "元/", "( "):
        parse_target(piece * 100_000)
    assert time.process_time() - start < 10
