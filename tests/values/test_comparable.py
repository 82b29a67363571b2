"""Base units: what compares with what, and that no number is rounded on the way."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values import tables
from graph.values.comparable import Comparable, base_unit, comparable, in_base
from graph.values.target import parse_target

UNITS = tables.rows("units")
COUNTED = [row for row in UNITS if row[1] != "percent"]

SAME = (
    # The same in other units or another spelling; each row is one amount.
    ("500元", "0.05万元", "0.5千元", "500.00 元"),  # money
    ("3亿元", "30000万元", "3亿", "30000万"),  # a bare 万 is money
    ("3公顷", "45亩", "30000平方米", "3万㎡", "0.03平方公里"),  # area
    ("2.5公里", "2500米", "2.5千米", "5里", "2.5km"),  # length
    ("1.2吨", "1200公斤", "1200千克", "2400斤"),  # mass
    ("1万立方米", "10000m³", "10000方", "1万方"),  # volume
    ("24小时", "1天", "1440分钟", "1日"),  # time
    ("2万千瓦时", "20000kWh", "2万度"),  # 万度 is energy
    ("3万人", "30000人"),  # a multiplier
    ("120人次", "120人（次）", "120人(次)", "120人/次"),  # spellings
    ("6台（套）", "6台(套)", "6台套"),  # spellings
    ("12个工作日", "12工作日"),  # spellings
    ("5‰", "0.5%", "0.5百分比"),  # shares
    ("600元/人", "0.06万元/人"),  # a denominator
    ("450元/亩", "6750元/公顷", "0.675元/平方米"),  # a denominator in another unit
    ("90元/人·月", "90元/月·人", "90元/人/月"),  # order of the denominators
    ("0.5mg/L", "0.5毫克/升", "500毫克/立方米", "500000微克/立方米"),  # concentrations
    ("10/10万", "1/万"),  # rates
    ("0.6元/度", "0.6元/千瓦时"),  # a price of energy
    ("第一季度", "一季度"),  # dates stay as they are read
)
APART = (
    ("5%", "5个百分点"),  # a share is no difference of shares
    ("100元/人", "100元/户"),  # denominators
    ("100元", "100元/人"),  # with and without one
    ("1年", "12个月"),  # told apart by what they are used for
    ("10天", "10个工作日"),  # working days
    ("30人", "30名"),  # 名 may be a rank
    ("20场", "20场次"),  # only exact equivalents
    ("18度", "18千瓦时"),  # 度 may be a temperature
    ("18度", "18℃"),  # or none
    ("100美元", "100元"),  # no rate of exchange
    ("3个", "3个村"),  # a unit that the table does not know
    ("2GB", "2G"),  # may mean something else
    ("3%", "3"),  # no unit
    ("55dB", "55dB(A)"),  # weighted
)


@pytest.mark.parametrize("values", SAME)
def test_the_same_in_other_units(values: tuple[str, ...]) -> None:
    found = {comparable(parse_target(value)) for value in values}
    assert len(found) == 1, found
    assert None not in found


@pytest.mark.parametrize("values", APART)
def test_what_stays_apart(values: tuple[str, str]) -> None:
    first, second = (comparable(parse_target(value)) for value in values)
    assert first is not None
    assert second is not None
    assert first != second


@pytest.mark.parametrize(
    ("value", "unit", "numbers"),
    [
        ("≤0.05万元/人", "元/人", ("500",)),  # money by person
        ("50-100万元", "元", ("500000", "1000000")),  # a range
        ("-0.50%", "%", ("-0.5",)),  # zeros behind the point say nothing
        ("0.00%", "%", ("0",)),  # nothing
        ("12月31日前", "", ("12-31",)),  # a date
        ("3万画幅", "画幅", ("30000",)),  # 万 multiplies any unit
        ("1/3", "/3", ("1",)),  # a third is no decimal
        ("≥95", "", ("95",)),  # no unit
    ],
)
def test_base(value: str, unit: str, numbers: tuple[str, ...]) -> None:
    assert comparable(parse_target(value)) == Comparable(unit, numbers)


@pytest.mark.parametrize("value", ["显著提高", "≥**人", " %", "", "1及时完成"])
def test_nothing_to_compare(value: str) -> None:
    assert comparable(parse_target(value)) is None


def test_fields_that_no_reader_wrote_are_not_compared() -> None:
    assert in_base("number", "个", ("许多",)) is None
    assert in_base("other", "个", ("1",)) is None


def test_every_base_is_its_own_base() -> None:
    for unit, _, base, factor in UNITS:
        assert base_unit(unit) == (base, Fraction(factor))
        assert base_unit(base) == (base, Fraction(1)), unit
    for unit, base, factor in tables.rows("units_below"):
        assert base_unit(f"个/{unit}") == (f"个/{base}", Fraction(factor))
        assert base_unit(f"个/{base}") == (f"个/{base}", Fraction(1))


@given(st.sampled_from(UNITS), st.decimals(0, 10**9, places=3), st.decimals(0, 10**9, places=3))
def test_scaling_keeps_comparisons(row: tuple[str, ...], a: Decimal, b: Decimal) -> None:
    unit, kind, base, factor = row
    kind = "number" if kind == "noun" else kind
    first, second = in_base(kind, unit, (str(a),)), in_base(kind, unit, (str(b),))
    assert first is not None
    assert second is not None
    assert first.unit == second.unit == base
    scaled = [Decimal(found.numbers[0]) for found in (first, second)]
    with localcontext(prec=60):
        assert scaled == [a * Decimal(factor), b * Decimal(factor)]
    assert (scaled[0] < scaled[1], scaled[0] == scaled[1]) == (a < b, a == b)


@given(
    st.sampled_from([(x, y) for x in COUNTED for y in COUNTED if x[2] == y[2] and x != y]),
    st.decimals(0, 10**6, places=2),
)
def test_units_of_one_base_convert_into_each_other(
    pair: tuple[tuple[str, ...], tuple[str, ...]], number: Decimal
) -> None:
    (unit, kind, _, factor), (other, _, _, into) = pair
    kind = "money" if kind == "money" else "number"
    converted = Fraction(number) * Fraction(factor) / Fraction(into)
    with localcontext(prec=60):
        printed = Decimal(converted.numerator) / Decimal(converted.denominator)
        if Fraction(printed) == converted:
            assert in_base(kind, unit, (str(number),)) == in_base(
                kind, other, (format(printed, "f"),)
            )


@given(st.text(max_size=40))
def test_any_unit_has_a_base(unit: str) -> None:
    base, factor = base_unit(unit)
    assert factor > 0
    assert base_unit(base)[0] == base
