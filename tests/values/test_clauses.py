"""Targets in the sentences of 分项目标."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.values.clauses import clause_targets


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("全年培训不少于2次。", [(">=", "2", "次")]),
        # three targets in one sentence
        (
            "新签约项目20个以上，投资额120亿元以上，进出口额达到50亿元以上。",
            [(">=", "20", "个"), (">=", "120", "亿元"), (">=", "50", "亿元")],
        ),
        # the subject stands before the comma
        ("参加展会次数（次），全年参加展会次数等于2次。", [("=", "2", "次")]),
        ("零售额，全年较上年增长率等于5%；限上单位10家", [("=", "5", "%"), ("=", "10", "家")]),
        # a year is no target, nor is what has no number
        ("建立长效机制；2025年整治道路两侧杂草，规范摆放。", []),
        ("确保不发生安全事故。", []),
        ("", []),
    ],
)
def test_each_clause_with_a_number(text: str, wanted: list[tuple[str, str, str]]) -> None:
    found = clause_targets(text)
    assert [(t.operator, ";".join(t.numbers), t.unit) for t in found] == wanted


@given(st.text("全年不少于12次，。；,%95 \n", max_size=80))
def test_any_text_is_read(text: str) -> None:
    for target in clause_targets(text):
        assert target.numbers
