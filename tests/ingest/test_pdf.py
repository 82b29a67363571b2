"""PDF files: tables over pages, running heads, rotated pages, columns, and what cannot be read."""

import io
import time
from collections.abc import Sequence

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from ingest.blocks import SourceText
from ingest.errors import DamagedFile, NeedsOcr, TooLarge, UnsupportedFormat
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read
from tests.ingest.documents import HEADING, ROWS
from tests.ingest.fonts import needs_chinese_font

FONT = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(FONT))
WIDTHS = (60, 80, 80, 110, 60, 80)
LIMITS = Limits()


def draw_row(
    canvas: Canvas, y: float, cells: Sequence[str], widths: Sequence[int] = WIDTHS
) -> float:
    """A ruled row below y, text broken to the width of its column; returns its lower edge."""
    broken = [
        [text[i : i + (width - 8) // 10] for i in range(0, len(text), (width - 8) // 10)]
        for text, width in zip(cells, widths, strict=True)
    ]
    low = y - 13 * max(1, *map(len, broken)) - 4
    x = 60
    for lines, width in zip(broken, widths, strict=True):
        canvas.rect(x, low, width, y - low)
        for number, line in enumerate(lines):
            canvas.drawString(x + 4, y - 12 - 13 * number, line)
        x += width
    return low


def begin(canvas: Canvas, number: int) -> None:
    canvas.setFont(FONT, 10)
    canvas.drawCentredString(A4[0] / 2, 30, f"- {number} -")
    canvas.drawString(60, A4[1] - 30, "青禾县部门预算")


def pdf_of(*pages: Sequence[Sequence[str]], title: str = "") -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for number, rows in enumerate(pages, start=1):
        begin(canvas, number)
        y = A4[1] - 90
        if title and number == 1:
            for line in title.splitlines():
                canvas.drawString(60, y, line)
                y -= 18
        for row in rows:
            widths = WIDTHS if len(row) == len(WIDTHS) else (60, 160, 110, 140)
            y = draw_row(canvas, y, row, widths)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def source_of(content: bytes, limits: Limits = LIMITS) -> SourceText:
    return read(content, "甲.pdf", "document:a", limits)


def texts(source: SourceText) -> list[list[tuple[str, ...]]]:
    return [
        [tuple(source.text[c.start : c.end] for c in row) for row in table.rows]
        for table in source.tables
    ]


@needs_chinese_font
def test_a_table_over_two_pages_is_one_and_knows_its_pages() -> None:
    source = source_of(pdf_of([HEADING, *ROWS[:2]], [HEADING, *ROWS[2:]], [], title="绩效目标表"))
    assert texts(source) == [[HEADING, *ROWS]]
    assert source.text.startswith("绩效目标表\n")
    assert "- 1 -" not in source.text and "青禾县部门预算" not in source.text
    pages = [source.evidence(row[0].start, row[0].end).page for row in source.tables[0].rows]
    assert pages == [1, 1, 1, 2, 2]


def test_a_row_broken_by_the_page_is_joined() -> None:
    whole = ("产出指标", "数量指标", "改造公厕数量", "本年改造公厕的座数", "≥12座", "年初安排")
    rest = ("", "", "", "和管护的间数", "", "")
    source = source_of(pdf_of([HEADING, ROWS[0], whole], [HEADING, rest, ROWS[3]]))
    joined = (*whole[:3], "本年改造公厕的座数和管护的间数", *whole[4:])
    assert texts(source) == [[HEADING, ROWS[0], joined, ROWS[3]]]


@needs_chinese_font
def test_a_project_comes_out_with_exact_cells() -> None:
    code, name = "99012125P000010110001X", "2025年公厕改造经费"
    head = "青禾县城市管理局\n2025年部门预算绩效文本\n1.2025年公厕改造经费绩效目标表"
    top = ("项目编码", code, "项目名称", name)
    source = source_of(pdf_of([top, HEADING, *ROWS[:2]], [HEADING, *ROWS[2:]], title=head))
    assert [row[4] for row in texts(source)[0][2:]] == [row[4] for row in ROWS]
    found = extract(source, "a" * 64, "甲.pdf")
    cells = [
        tuple(t.value for t in (i.level1, i.level2, i.name, i.description, i.value, i.basis))
        for project in found.projects
        for i in project.indicators
    ]
    assert cells == list(ROWS)
    assert {i.value.evidence.page for p in found.projects for i in p.indicators} == {1, 2}


def test_merged_cells_are_covered() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(FONT, 10)
    for x, y, width, height, text in (
        (60, 600, 80, 60, "产出指标"),
        (140, 630, 160, 30, "数量指标"),
        (140, 600, 80, 30, "≥12座"),
        (220, 600, 80, 30, "年初安排"),
    ):
        canvas.rect(x, y, width, height)
        canvas.drawString(x + 4, y + height / 2, text)
    canvas.save()
    source = source_of(out.getvalue())
    assert texts(source) == [[("产出指标", "数量指标", ""), ("", "≥12座", "年初安排")]]
    assert [[c.covered for c in row] for row in source.tables[0].rows] == [
        ["", "", "left"],
        ["above", "", ""],
    ]


@needs_chinese_font
@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_reads_as_an_upright_one(angle: int) -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(700, 700))
    canvas.translate(350, 350)
    canvas.rotate(angle)
    canvas.translate(-300, -300)
    canvas.setFont(FONT, 10)
    y = draw_row(canvas, 500, HEADING)
    draw_row(canvas, y, ROWS[0])
    canvas.save()
    assert texts(source_of(out.getvalue())) == [[HEADING, ROWS[0]]]


def test_two_columns_are_read_one_after_the_other() -> None:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont(FONT, 10)
    for number in range(8):
        canvas.drawString(60, 700 - 16 * number, f"左栏第{number}行文字一直写到栏边为止。")
        canvas.drawString(320, 700 - 16 * number, f"右栏第{number}行文字一直写到栏边为止。")
    canvas.save()
    lines = source_of(out.getvalue()).text.splitlines()
    assert [line[:1] for line in lines] == ["左"] * 8 + ["右"] * 8


def test_what_cannot_be_read_says_why() -> None:
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.rect(60, 60, 100, 100, fill=1)
    canvas.save()
    with pytest.raises(NeedsOcr, match=r"甲\.pdf：1 页都没有能读出的文字"):
        source_of(out.getvalue())
    content = pdf_of([HEADING], [HEADING])
    with pytest.raises(TooLarge, match="max_pages"):
        source_of(content, Limits(max_pages=1))
    with pytest.raises(DamagedFile, match="已损坏"):
        source_of(content[:300])
    locked = io.BytesIO()
    secret = Canvas(locked, encrypt="qinghe")
    secret.drawString(60, 60, "x")
    secret.save()
    with pytest.raises(UnsupportedFormat, match="密码"):
        source_of(locked.getvalue())


def test_pages_are_read_fast_enough() -> None:
    content = pdf_of(*[[HEADING, *ROWS * 4]] * 20)
    began = time.perf_counter()
    assert len(source_of(content).pages) == 20
    assert 20 / (time.perf_counter() - began) > 5
