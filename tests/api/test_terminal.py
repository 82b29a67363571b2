"""Columns of a terminal in which Chinese characters are two wide."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.terminal import display_width, one_line, pad, shorten, table, wrap


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("abc", 3),
        ("满意度", 6),
        ("≥95%", 4),
        ("e\u0301", 1),  # a combining accent takes no column
        ("〔2024〕", 8),
    ],
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


def test_pad_fills_columns_not_characters() -> None:
    assert pad("县", 4) == "县  "
    assert pad("青禾县", 4) == "青禾县"


def test_a_document_cannot_command_the_terminal() -> None:
    assert one_line("a\x1b[31mb\r\nc\u202ed") == "a [31mb c d"


def test_shorten_marks_the_cut() -> None:
    assert shorten("青禾县财政局", 12) == "青禾县财政局"
    assert shorten("青禾县财政局", 11) == "青禾县财政…"


def test_wrap_does_not_begin_a_line_with_a_closing_mark() -> None:
    lines = wrap("一二三四五六七八九，十", 18)
    assert lines == ["一二三四五六七八", "九，十"]


def test_table_aligns_numbers_to_the_right() -> None:
    assert table([("县", "1"), ("青禾县", "100")], frozenset({1})) == ["县        1", "青禾县  100"]
    assert table([]) == []


def test_one_endless_cell_does_not_widen_its_column_for_all() -> None:
    short, long = table([("县", "1"), ("县" * 200, "100")])
    assert display_width(short) < 110
    assert long == "县" * 200 + "  100"


@given(st.text(), st.integers(min_value=20, max_value=80))
def test_wrap_keeps_every_character_and_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(one_line(text).split())
    assert all(display_width(line) <= width for line in lines)
