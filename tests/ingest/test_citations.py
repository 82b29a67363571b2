"""Citations: numbers, titles, and a title with its number as one."""

import pytest

from graph.evidence import Evidence
from graph.model import Text
from graph.values.text import fold
from ingest.citations import MAX_PASSAGE, citations_in, find_all

ONE, TWO = "财建〔2024〕9001号", "财建〔2024〕9002号"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"《甲管理办法》（{ONE}）", [("甲管理办法", ONE)]),  # title with its number
        (f"《甲管理办法》{ONE}文件", [("甲管理办法", ONE)]),  # without brackets
        (f"{ONE}《甲管理办法》", [("甲管理办法", ONE)]),  # number first
        (f"《甲管理办法》（财政部 {ONE}）", [("甲管理办法", ONE)]),  # issuer in the bracket
        (f"财政部《关于甲的通知》（{ONE}）", [("关于甲的通知", ONE)]),  # issuer before
        (f"{ONE}、《甲管理办法》", [(None, ONE), ("甲管理办法", None)]),  # two of a list
        (f"《甲管理办法》和{ONE}", [("甲管理办法", None), (None, ONE)]),  # two of a sentence
        (f"《甲办法》（{ONE}）《乙办法》（{TWO}）", [("甲办法", ONE), ("乙办法", TWO)]),
        (f"（{ONE}）《乙办法》", [(None, ONE), ("乙办法", None)]),  # the bracket ends it
        (f"《关于甲的通知（{ONE}）》", [(f"关于甲的通知（{ONE}）", ONE)]),  # inside the marks
        (
            f"《关于转发{ONE}的通知》",  # a notice about a notice cites both
            [(f"关于转发{ONE}的通知", None), (None, ONE)],
        ),
        (f"根据省财政厅关于甲资金的通知（{ONE}）", [("省财政厅关于甲资金的通知", ONE)]),  # no marks
        (f"关于印发《甲办法》的通知（{ONE}）", [("关于印发《甲办法》的通知", ONE)]),  # half marked
        (f"《甲管理办法》（（{ONE}））", [("甲管理办法", ONE)]),  # doubled brackets
        ("《绩效目标表》和《商务知识手册》", []),  # no policies
    ],
)
def test_find(text: str, wanted: list[tuple[str | None, str | None]]) -> None:
    found, _ = find_all(text)
    assert [(c.title, c.number.canonical if c.number else None) for c in found] == wanted
    assert all(text[c.start : c.end] == c.raw for c in found)


def cell(source: str, raw: str) -> Text:
    start = source.index(raw)
    line = source.count("\n", 0, start) + 1
    evidence = Evidence(
        document="document:1", raw=raw, start=start, end=start + len(raw), line=line, row=3
    )
    return Text(value=fold(raw), evidence=evidence)


def test_evidence_is_the_mention_in_the_source() -> None:
    source = "第一行\n表格\t执行唐财建\n【2024】\n9143号和《某县\n管理办法》\t下一格"
    number, title = citations_in(cell(source, source.split("\t")[1]), "basis")
    assert number.number is not None
    assert number.number.canonical == "唐财建〔2024〕9143号"
    assert title.title == "某县管理办法"
    for citation, line in ((number, 2), (title, 4)):
        evidence = citation.evidence
        assert source[evidence.start : evidence.end] == evidence.raw
        assert (evidence.line, evidence.row, evidence.field) == (line, 3, "basis")
        assert citation.field == "basis"
    assert number.passage == "执行唐财建 【2024】 9143号和《某县管理办法》"


def test_passage_of_a_long_text_is_its_sentence() -> None:
    source = "前文。" * 100 + f"按照{ONE}执行。" + "后文。" * 100
    (citation,) = citations_in(cell(source, source), "text")
    assert citation.passage == f"按照{ONE}执行。"
    endless = "长" * 500 + ONE + "长" * 500
    (citation,) = citations_in(cell(endless, endless), "text")
    assert len(citation.passage) <= MAX_PASSAGE
    assert "财建〔2024〕9001号" in citation.passage
