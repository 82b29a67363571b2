"""Terms, folding and highlights."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import analyze

TERMS = [
    # single characters and bigrams of a Han run
    ("满意度", ["满", "满意", "意", "意度", "度"]),
    # a number and a Latin word are one term each, whatever their width and case
    ("≥９５％ ＧＤＰ", ["95", "gdp"]),
    # a decimal is one number; thousands separators go
    ("2.5公里1,000万", ["2.5", "公", "公里", "里", "1000", "万"]),
    # punctuation parts two runs: no bigram over it
    ("路，桥", ["路", "桥"]),
    # traditional characters are the simplified ones
    ("財預", ["财", "财预", "预"]),
    # letters directly after digits are words of their own
    ("5g网络", ["5", "g", "网", "网络", "络"]),
    ("", []),
    ("、。！", []),
]


@pytest.mark.parametrize(("text", "expected"), TERMS)
def test_terms(text: str, expected: list[str]) -> None:
    assert list(analyze.terms(text)) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("（一）群众满意度", "(一)群众 满意度"),  # width and blanks
        ("ＧＤＰ增长", "gdp增长"),  # case
        ("1,000人", "1000人"),  # thousands
    ],
)
def test_key_is_shared_by_spellings(one: str, other: str) -> None:
    assert analyze.key(one) == analyze.key(other)


HIGHLIGHTS = [
    # runs of two characters or more are marked, joined where they touch
    ("受益群众满意度", "群众满意吗", "受益<em>群众满意</em>度"),
    # what is not marked is escaped, and so is what is marked
    ("<b>满意</b>&满意", "满意", "&lt;b&gt;<em>满意</em>&lt;/b&gt;&amp;<em>满意</em>"),
    # one shared character is no match
    ("路灯", "公路", ""),
    # a number is
    ("达到９５％", "95", "达到<em>９５</em>％"),
    # bigrams with 的 say nothing
    ("学生的满意", "的满", ""),
]


@pytest.mark.parametrize(("text", "query", "expected"), HIGHLIGHTS)
def test_highlight(text: str, query: str, expected: str) -> None:
    assert analyze.highlight(text, query) == expected


def test_highlight_shows_the_richest_stretch() -> None:
    text = "满意" + "无" * 300 + "群众满意度高" + "无" * 300
    found = analyze.highlight(text, "群众满意度", width=60)
    assert "<em>群众满意度</em>" in found
    assert found.startswith("…") and found.endswith("…")
    assert len(found) < 60 + 20


@given(
    st.text(alphabet="满意度<>&95％ 群众abÄßİ", max_size=80), st.text("满意群众95a", max_size=10)
)
def test_highlight_never_changes_the_text(text: str, query: str) -> None:
    found = analyze.highlight(text, query)
    if found:
        assert html.unescape(re.sub(r"</?em>", "", found)) == text
