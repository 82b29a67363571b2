"""条 that a citation names, in one spelling."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values.article import articles_behind, key, label, labels, read_article, spell


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("第十二条", ("第十二条",)),
        ("第12条第二款", ("第十二条",)),  # Arabic numerals, a 款
        ("第八条、第十五条规定", ("第八条", "第十五条")),  # a list
        ("第三条至第五条", ("第三条", "第四条", "第五条")),  # a stretch
        ("第十条之一", ("第十条之一",)),
        ("第三章第九条", ("第九条",)),  # behind its chapter
        ("（以下简称《办法》）第九条", ("第九条",)),  # behind a bracket
        ("中第九条", ("第九条",)),
        ("第三章", ()),
        ("，第九条", ()),  # another clause
        ("第零条", ()),
        ("", ()),
    ],
)
def test_articles_behind(text: str, wanted: tuple[str, ...]) -> None:
    assert articles_behind(f"《甲办法》{text}", 5) == wanted


@given(st.integers(1, 999), st.sampled_from([None, "一", "二", "十"]))
def test_a_label_keeps_its_number(number: int, sub: str | None) -> None:
    assert read_article(spell(number)) == number == read_article(str(number))
    assert labels(label(number, sub)) == (label(number, sub),)
    numbers = {None: "", "一": "-1", "二": "-2", "十": "-10"}
    assert key(label(number, sub)) == f"{number}{numbers[sub]}"


def test_no_article_has_no_key() -> None:
    assert key("附件一") is None
