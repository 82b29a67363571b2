"""金额 in 万元 and 年度."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values.money import parse_money
from graph.values.year import find_years


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("1,000.00", "万元", "1000"),  # thousands separator
        ("1，000", "万元", "1000"),  # full-width comma
        ("150万元", "万元", "150"),  # printed unit
        ("3亿元", "万元", "30000"),  # printed unit wins
        ("25000", "元", "2.5"),  # the heading's unit
        ("25000元", "万元", "2.5"),  # printed unit wins over the heading
        ("0", "万元", "0"),  # zero is an amount
        ("-3.5", "万元", "-3.5"),  # taken back
        ("１２．５", "万元", "12.5"),  # full-width
        ("3,000萬元", "万元", "3000"),  # traditional
        (" 12 . 5 ", "万元", "12.5"),  # blanks of a converter
        ("100万元整", "万元", "100"),  # 整
        ("", "万元", None),  # empty cell
        ("—", "万元", None),  # dash
        ("3个", "万元", None),  # no money
        ("100万美元", "万元", None),  # no exchange rate
        ("约定", "万元", None),  # words
    ],
)
def test_parse_money(text: str, unit: str, value: str | None) -> None:
    assert parse_money(text, unit) == (None if value is None else Decimal(value))


@given(st.decimals(0, 10**9, places=2))
def test_amounts_are_exact(value: Decimal) -> None:
    assert parse_money(f"{value:,}") == value


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年度部门预算", [2024]),  # 年度
        ("二〇二四年和2025 年", [2024, 2025]),  # Chinese numerals, a blank
        ("２０２３年", [2023]),  # full-width
        ("1024年、12024年、2024号", []),  # implausible, part of a number, no year
        ("财建〔2024〕1号", []),  # a number's year is no fiscal year
    ],
)
def test_find_years(text: str, years: list[int]) -> None:
    found = find_years(text)
    assert [year for year, _, _ in found] == years
    assert all("年" in text[start:end] for _, start, end in found)
