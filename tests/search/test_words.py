"""Everyday words and their official ones; slips in a question and what was meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine import Engine
from search.query import SearchQuery
from search.spelling import respelt
from search.thesaurus import official_words, widened


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("老百姓满不满意", ("群众满意度",)),
        # two meanings of one word
        ("按时", ("如期", "按期", "及时")),
        # what is said officially already is not said again
        ("群众 老百姓", ("公众", "居民")),
        ("公路里程", ("道路里程",)),
        # what it costs is no number of things
        ("钱花了多少", ("费用",)),
        ("每个县多少钱", ("费用",)),
        ("甲乙丙丁", ()),
        ("", ()),
    ],
)
def test_widened(text: str, expected: tuple[str, ...]) -> None:
    assert set(widened(text)) == set(expected)


@given(st.text(alphabet="老百姓满不意钱多少家发给的政策按时办", max_size=200))
def test_a_question_is_widened_by_a_few_official_words(text: str) -> None:
    found = widened(text)
    assert len(found) <= 12
    assert set(found) <= set(official_words())
    assert not any(word in text for word in found)


SLIPS = [
    # sounds alike, anywhere in the question
    ("满易度", "满意度"),
    ("看看群众满意渡怎么样", "看看群众满意度怎么样"),
    ("资金拨付及时律", "资金拨付及时率"),
    ("资今到位率", "资金到位率"),
    # looks alike or is another character, in a word that stands apart
    ("资金拔付及时率", "资金拨付及时率"),
    ("公路 预算执牛率", "公路 预算执行率"),
    # exchanged
    ("意满度", "满意度"),
    # near misses: words of their own
    ("完好率", ""),
    ("及格率", ""),
    ("补贴发放率", ""),
    # 监测 and 检测 sound alike, and both are words
    ("监测合格率", ""),
    ("社会满意", ""),
    ("老百姓满不满意", ""),
    ("满音度", ""),
    # a wrong character in the middle of a sentence may be a word of its own
    ("看看预算执牛率如何", ""),
    ("", ""),
    ("abc 123 ，。", ""),
]


@pytest.mark.parametrize(("text", "meant"), SLIPS)
def test_slips(text: str, meant: str) -> None:
    found = respelt(text, ())
    assert [text.replace(*pair) for pair in found[:1]] == ([meant] if meant else [])


def test_what_was_found_is_no_slip_and_a_name_to_mend_to() -> None:
    assert respelt("满易度", ["对满易度的评价"]) == ()
    assert respelt("驾桥里程", []) == ()
    assert respelt("驾桥里程", ["架桥里程"]) == (("驾桥里程", "架桥里程"),)


@pytest.mark.parametrize(
    ("text", "suggested"),
    [
        ("满易度", ("满意度",)),
        ("青禾县2025年群众满易度", ("青禾县2025年群众满意度",)),
        ("群众滿易度", ("群众满意度",)),
        ("群众满意度", ()),
        ("路面完好率", ()),
        ("引进企业数量", ()),
    ],
)
def test_an_answer_suggests_what_was_meant(
    shared: Engine, text: str, suggested: tuple[str, ...]
) -> None:
    result = shared.search(SearchQuery(text))
    assert result.did_you_mean == suggested
    assert result.hits


def test_official_words_count_beside_the_question(shared: Engine) -> None:
    result = shared.search(SearchQuery("老百姓满不满意"))
    assert result.understood.official == ("群众满意度",)
    assert result.understood.text == "老百姓满不满意"
    assert result.hits[0].features["thesaurus"] > 0
    for query in (
        SearchQuery("老百姓满不满意", literal=True),
        SearchQuery("老百姓满不满意", without_understanding=("official",)),
    ):
        assert not any("thesaurus" in hit.features for hit in shared.search(query).hits)
