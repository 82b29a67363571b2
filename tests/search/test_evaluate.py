"""The measure of ranking: figures, their intervals, and a run against a frozen one."""

import json
import math

import pytest

from search.errors import InvalidQuery
from search.evaluate import Case, CaseScore, Evaluation, evaluate, read_cases
from search.frozen import changes, frozen_lines, read_frozen
from search.interval import interval, mean_interval
from search.query import Hit


def hit(*members: str) -> Hit:
    return Hit(id=members[0], type="indicator", score=1.0, title="", text="", members=members)


@pytest.mark.parametrize(
    ("hits", "relevant", "ndcg", "recall", "mrr"),
    [
        # the answer first, alone
        ([hit("a")], ("a",), 1.0, 1.0, 1.0),
        # any member of a hit counts
        ([hit("x", "a")], ("a",), 1.0, 1.0, 1.0),
        # second place
        ([hit("x"), hit("a")], ("a",), 1 / math.log2(3), 1.0, 0.5),
        # one hit with both answers is as good as it gets
        ([hit("a", "b")], ("a", "b"), 1.0, 1.0, 1.0),
        # one of two found
        ([hit("a")], ("a", "b"), 1 / (1 + 1 / math.log2(3)), 0.5, 1.0),
        # nothing found
        ([hit("x")], ("a",), 0.0, 0.0, 0.0),
        # beyond the depth
        ([hit(str(n)) for n in range(10)] + [hit("a")], ("a",), 0.0, 0.0, 0.0),
    ],
)
def test_measures(
    hits: list[Hit], relevant: tuple[str, ...], ndcg: float, recall: float, mrr: float
) -> None:
    found = evaluate([Case("q", relevant)], lambda *_: hits)
    assert (found.ndcg, found.recall, found.mrr) == pytest.approx((ndcg, recall, mrr))
    assert len(found.lost) == (0 if mrr else 1)


def test_cases_are_read() -> None:
    lines = ['{"query": "问", "relevant": ["a"]}', ""]
    assert read_cases(lines) == [Case("问", ("a",))]
    parted = '{"query": "问", "relevant": ["a"], "type": "all", "split": "judge"}'
    assert read_cases([parted]) == [Case("问", ("a",), "all", "judge")]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "读到第 2 个字符"),
        ("[1]", "不是 {"),
        ('{"query": "问"}', "缺少 relevant"),
        ('{"query": " ", "relevant": ["a"]}', "query 不是文字或为空"),
        ('{"query": 1, "relevant": ["a"]}', "query 不是文字或为空"),
        # a text is no list of its characters
        ('{"query": "问", "relevant": "indicator:1"}', "不是编号的列表"),
        ('{"query": "问", "relevant": [1]}', "不是编号的列表"),
        ('{"query": "问", "relevant": []}', "relevant 为空"),
        ('{"query": "问", "relevant": ["a"], "type": "指标"}', "type 是 指标；可用：indicator"),
        ('{"query": "问", "relevant": ["a"], "split": 1}', "split 不是文字"),
    ],
)
def test_a_bad_case_is_named_with_its_line(line: str, words: str) -> None:
    with pytest.raises(InvalidQuery, match="第 2 行") as caught:
        read_cases(['{"query": "问", "relevant": ["a"]}', line])
    assert words in str(caught.value)


def test_no_case_is_no_measure() -> None:
    with pytest.raises(InvalidQuery, match="没有一个问题"):
        read_cases(["", " "])


def scored(query: str, ndcg: float, split: str = "") -> CaseScore:
    case = Case(query, ("a",), split=split)
    return CaseScore(case, ndcg, recall=1.0, mrr=ndcg, first=1 if ndcg else None, top=())


def test_splits_are_measured_apart() -> None:
    found = Evaluation((scored("甲", 1.0, "judge"), scored("乙", 0.0, "learn"), scored("丙", 0.5)))
    parts = found.splits()
    assert {name: part.ndcg for name, part in parts.items()} == {"judge": 1, "learn": 0, "": 0.5}
    assert Evaluation((scored("甲", 1.0),)).splits() == {}


def test_an_interval_holds_the_mean_and_narrows_with_more_questions() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 250
    for values in (few, many):
        low, high = mean_interval(values)
        assert 0 < low < 0.5 < high < 1
        assert (low, high) == mean_interval(values), "the same draws each time"
    # 1.96 standard errors of a fair coin, roughly
    low, high = mean_interval(many)
    assert high - low == pytest.approx(2 * 1.96 * 0.5 / math.sqrt(500), rel=0.1)
    assert mean_interval([]) == (0.0, 0.0)


def test_draws_without_a_figure_are_left_out() -> None:
    assert interval(lambda chosen: 1.0 if 0 in chosen else math.nan, 3) == (1.0, 1.0)


def test_a_run_is_compared_with_a_frozen_one() -> None:
    before = Evaluation(
        tuple(scored(query, ndcg) for query, ndcg in (("甲", 0.5), ("乙", 0.5), ("丙", 0.5)))
    )
    frozen = read_frozen(frozen_lines(before))
    # 丁 is new, 丙 gone; a difference of 0.05 is none, and the type is part of the question
    after = Evaluation((scored("甲", 0.6), scored("乙", 0.2), scored("丁", 1.0)))
    moved = changes(after, frozen)
    assert [(one.case.query, one.before, one.after) for one in moved.gained] == [("甲", 0.5, 0.6)]
    assert [(one.case.query, one.before, one.after) for one in moved.lost] == [("乙", 0.5, 0.2)]
    assert (moved.new, moved.gone) == (1, 1)
    still = changes(Evaluation((scored("甲", 0.54), scored("乙", 0.46))), frozen)
    assert (still.gained, still.lost) == ([], [])


def test_a_frozen_run_keeps_the_first_rank() -> None:
    [line] = frozen_lines(Evaluation((scored("甲", 0.0),)))
    assert json.loads(line) == {"query": "甲", "type": "indicator", "ndcg": 0.0, "first": None}
    with pytest.raises(InvalidQuery, match="第 2 行"):
        read_frozen([line, '{"query": "甲"}'])
