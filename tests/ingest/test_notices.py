"""Funding notices and measures: the notices of notices.jsonl, and the labelled ones."""

import json
import time

import pytest

from bench.labelled import OWN, labelled_folder, score_notices
from graph.evidence import Evidence
from graph.model import Policy
from ingest.blocks import SourceText
from ingest.notice_dates import signature_date
from ingest.notices import read_policy

TABLE = OWN / "ingest" / "notices.jsonl"
TEXTS = [json.loads(line)["text"] for line in TABLE.read_text(encoding="utf-8").splitlines()]


def test_own_notices() -> None:
    score = score_notices(TABLE)
    assert score.failures == []
    assert score.recall == score.precision == 1
    assert all(right == rows for right, rows in score.fields.values()), score.fields


def test_labelled_notices() -> None:
    folder = labelled_folder()
    if folder is None:
        pytest.skip("neither JIPU_CASES nor JIPU_SEEDS names a folder with labelled cases")
    score = score_notices(folder / "funding_notices.jsonl")
    assert score.share("number") >= 0.95, score.failures
    assert score.recall >= 0.95, score.failures
    assert score.precision >= 0.97, score.failures
    assert score.share("date") >= 0.95, score.failures


@pytest.mark.parametrize("text", TEXTS)
def test_every_span_is_the_source(text: str) -> None:
    policy = read_policy(SourceText("document:1", text))
    if policy is None:
        return
    for evidence in _evidence(policy):
        assert text[evidence.start : evidence.end] == evidence.raw
        assert evidence.line == text.count("\n", 0, evidence.start) + 1
        assert evidence.document == "document:1"


def _evidence(policy: Policy) -> list[Evidence]:
    spans = [policy.evidence, *(c.evidence for c in policy.citations)]
    spans += [amount.evidence for amount in policy.amounts]
    return [*spans, policy.title.evidence] if policy.title else spans


@pytest.mark.parametrize("text", ["", "\n\n", "你好", "关于" * 1000, "第一章\n" * 100])
def test_other_texts_are_no_policy(text: str) -> None:
    assert read_policy(SourceText("document:1", text)) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("某县财政局\n2024年6月12日\n", "2024-06-12"),  # the signature
        ("某县财政局\n二〇二三年十二月二十一日\n", "2023-12-21"),  # Chinese numerals
        ("某县财政局\n2018年1月17\n", "2018-01-17"),  # 日 lost
        ("于2024年6月12日前报送\n某县财政局\n", None),  # a deadline
        ("成文日期：2023年03月08日\n正文\n", "2023-03-08"),  # metadata
        ("发布时间：2023-03-09\n正文\n", None),  # the page's day
        ("2026-01-30\n某市财政局\n2026123\n", "2026-01-23"),  # 年月日 lost, not after the page
        ("某市财政局\n2026123\n", None),  # 1月23日 or 12月3日
        ("某县财政局\n2024年13月12日\n", None),  # no such day
        ("办公室 2024年6月13日印发\n", None),  # the printer's note
        ("某县财政局\n2024.6.5\n", "2024-06-05"),  # figures under an office
        ("某县财政局\n2024-06-05\n", "2024-06-05"),
        ("打印\n2024-06-05\n", None),  # figures under anything else
        ("某县财政局\n２０２４年６月５日\n", "2024-06-05"),  # full width
        ("二Ｏ一六年五月三日\n", "2016-05-03"),  # a letter for the zero
        ("二0一七年十二月十一日\n", "2017-12-11"),  # a figure for it
        ("请于\n2024年7月31日\n前报送\n2024年6月5日\n", "2024-06-05"),  # broken deadline
    ],
)
def test_signature_date(text: str, day: str | None) -> None:
    found = signature_date(text, 0)
    assert (found and found.day) == day


def test_hostile_texts_take_bounded_time() -> None:
    start = time.process_time()
    for piece in (
        "关于",
        "《关于下达",
        "根据《某办法》（财建〔2024〕1号）下达1万元。\n",
        "附件：\n",
        "局 ",
    ):
        text = "某县财政局关于下达资金的通知\n县教育局：\n" + piece * 20_000
        read_policy(SourceText("document:1", text))
    assert time.process_time() - start < 30
