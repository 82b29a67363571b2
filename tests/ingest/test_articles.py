"""Articles of measures, in every format that has lines."""

import time

import pytest

from graph.mapping import to_batch
from ingest.articles import read_articles
from ingest.blocks import SourceText
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read
from tests.ingest.test_docx import par, run, word
from tests.ingest.test_pdf import pdf_of

HEAD = """青禾县财政局关于印发《青禾县公厕管护资金管理办法》的通知
青财建〔2024〕9031号

各乡镇财政所：
现将《青禾县公厕管护资金管理办法》印发给你们，请遵照执行。
青禾县财政局
2024年5月6日
"""
MEASURE = """青禾县公厕管护资金管理办法
第一章 总则
第一条 为规范资金，根据《云山省公厕资金管理办法》第三条，制定本办法。
第二条 资金用于：
（一）管护；
（二）维修。
第二章 分配
第3条 按座数分配，权重见
第五条规定。
第四条　按季拨付。
第四条之一 例外另定。
第五条 自印发之日起施行。
附件：1.申报表
第六条 表中各栏如实填写
"""
WANTED = [
    ("第一条", "第一章总则"),
    ("第二条", "第一章总则"),
    ("第三条", "第二章分配"),
    ("第四条", "第二章分配"),
    ("第四条之一", "第二章分配"),
    ("第五条", "第二章分配"),
]


def html(text: str) -> bytes:
    lines = "".join(f"<p>{line}</p>" for line in text.splitlines())
    return (
        f"<!DOCTYPE html><html><head><title>办法</title></head><body>{lines}</body></html>".encode()
    )


def docx(text: str) -> bytes:
    return word("".join(par(run(line)) for line in text.splitlines() if line))


def markdown(text: str) -> bytes:
    return "\n\n".join(text.splitlines()).encode()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("办法.txt", (HEAD + MEASURE).encode()),
        ("办法.html", html(HEAD + MEASURE)),
        ("办法.docx", docx(HEAD + MEASURE)),
        ("办法.md", markdown(HEAD + MEASURE)),
        ("办法.pdf", pdf_of([], title=HEAD + MEASURE)),
    ],
)
def test_articles_of_each_format(name: str, content: bytes) -> None:
    source = read(content, name, "document:1", Limits())
    policy = extract(source, "0" * 64, name).policy
    assert policy is not None
    assert [(a.label, a.chapter) for a in policy.articles] == WANTED
    second, third = policy.articles[1:3]
    assert second.text.value.splitlines()[1:] == ["（一）管护；", "（二）维修。"]
    assert third.text.value.endswith("权重见第五条规定。")
    for article in policy.articles:
        evidence = article.text.evidence
        assert source.text[evidence.start : evidence.end] == evidence.raw


def test_word_numbers_the_articles_itself() -> None:
    level = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/>'
        '<w:lvlText w:val="第%1条"/></w:lvl>'
    )
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    numbering = (
        f"<w:numbering {space}><w:abstractNum w:abstractNumId='1'>{level}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='1'/></w:num></w:numbering>"
    )
    listed = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'
    body = "".join(par(run(line)) for line in HEAD.splitlines() if line)
    body += "".join(par(run(line), listed) for line in ("为规范资金。", "按座数分配。"))
    source = read(
        word(body, {"word/numbering.xml": numbering}), "办法.docx", "document:1", Limits()
    )
    assert [a.label for a in read_articles(source)] == ["第一条", "第二条"]


def test_nodes_and_edges() -> None:
    source = read((HEAD + MEASURE).encode(), "办法.txt", "document:1", Limits())
    batch = to_batch(extract(source, "0" * 64, "办法.txt"), "")
    policy = "policy:青财建〔2024〕9031号"
    ids = [edge.target for edge in batch.edges if edge.type == "HAS_ARTICLE"]
    assert ids == [f"article:青财建〔2024〕9031号#{n}" for n in ("1", "2", "3", "4", "4-1", "5")]
    (node,) = [node for node in batch.nodes if node.id == ids[4]]
    assert node.properties == {
        "number": 4,
        "label": "第四条之一",
        "chapter": "第二章分配",
        "text": "第四条之一例外另定。",
    }
    (cited,) = [e for e in batch.edges if e.type == "CITES"]
    assert (cited.source, cited.properties["article"]) == (policy, ["第三条"])


@pytest.mark.parametrize(
    ("text", "series"),
    [
        (
            "第一条 甲。\n第二条 乙。\n丙办法\n第一条 丙。\n第二条 丁。",
            [1, 1, 2, 2],
        ),  # two measures
        ("第一条 甲。", []),  # one alone is none
        ("第一条 甲。\n第九条 乙。", []),  # far ahead
        ("第一条 甲。\n第二条规定的乙。", []),  # a broken sentence
        ("第一条 甲。\n第四条 乙。", [1, 1]),  # lines lost between
    ],
)
def test_counts(text: str, series: list[int]) -> None:
    assert [a.series for a in read_articles(SourceText("document:1", text))] == series


def test_time_is_linear() -> None:
    start = time.process_time()
    for text in ("第一条 甲\n" * 100_000, "第一条" * 200_000, "第一章 " * 100_000):
        read_articles(SourceText("document:1", text))
    assert time.process_time() - start < 15
