"""What PDF files do to text: each case is one small page that once was read wrongly."""

import io
from collections.abc import Callable, Sequence

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.limits import Limits
from ingest.reading import read
from tests.ingest.fonts import needs_chinese_font
from tests.ingest.test_pdf import FONT, source_of, texts

TABLE = (("项目名称", "公厕改造"), ("金额", "110.00"))
AMOUNTS = (
    ("地区", "中央资金", "省级资金"),
    ("青禾县", "110.5", "20"),
    ("云岭县", "1,220", "30"),
    ("白石区", "330", "40"),
)


def drawn(draw: Callable[[Canvas], None], encrypt: StandardEncryption | None = None) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=encrypt)
    canvas.setFont(FONT, 10)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def ruled(canvas: Canvas, rows: Sequence[Sequence[str]] = TABLE, x: float = 60) -> None:
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            canvas.rect(x + 100 * j, 680 - 20 * i, 100, 20)
            canvas.drawString(x + 100 * j + 4, 686 - 20 * i, text)


def bold(canvas: Canvas) -> None:
    ruled(canvas)
    ruled(canvas, x=60.3)


def beyond(canvas: Canvas) -> None:
    ruled(canvas)
    canvas.drawString(60, -90, "页外文字")
    canvas.drawString(60, 5000, "页外文字")


def stamped(canvas: Canvas) -> None:
    ruled(canvas)
    canvas.translate(80, 600)
    canvas.rotate(45)
    canvas.setFont(FONT, 40)
    canvas.drawString(0, 0, "青禾县财政局")


def double(canvas: Canvas) -> None:
    for shift in (0, 4):
        for y in (700, 680, 660):
            canvas.line(60, y - shift, 264, y - shift)
        for x in (60, 160, 260):
            canvas.line(x + shift, 700, x + shift, 656)
    for i, row in enumerate(TABLE):
        for j, text in enumerate(row):
            canvas.drawString(66 + 100 * j, 685 - 20 * i, text)


def spread(canvas: Canvas) -> None:
    ruled(canvas, (("项 目 名 称", "公厕改造"), ("金     额", "110.00")))


def unruled(canvas: Canvas) -> None:
    for i, row in enumerate(AMOUNTS):
        for j, text in enumerate(row):
            canvas.drawString(60 + 90 * j, 700 - 18 * i, text)


@pytest.mark.parametrize(
    ("draw", "rows"),
    [
        (bold, TABLE),  # drawn twice to look bold; 11 in 110 stays
        (beyond, TABLE),  # nobody sees what stands outside the page
        (stamped, TABLE),  # a watermark is no text of a cell
        (double, TABLE),  # double lines make no empty columns
        (spread, TABLE),  # characters set apart
        (unruled, AMOUNTS),  # columns without lines
    ],
)
def test_a_table_is_read(draw: Callable[[Canvas], None], rows: Sequence[tuple[str, ...]]) -> None:
    source = source_of(drawn(draw))
    assert texts(source) == [list(rows)]
    assert "页外" not in source.text and "财政局" not in source.text


@needs_chinese_font
@pytest.mark.parametrize("angle", [0, 90])
def test_a_label_that_runs_downwards_is_one(angle: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(60, 500, 60, 200)
        for low, text in ((600, "数量指标名称"), (500, "质量指标名称")):
            canvas.rect(120, low, 100, 100)
            canvas.drawString(124, low + 50, text)
        if angle:
            canvas.translate(94, 560)
            canvas.rotate(angle)
            canvas.drawString(0, 0, "产出指标")
        else:
            for number, char in enumerate("产出指标"):
                canvas.drawString(85, 640 - 12 * number, char)

    assert texts(source_of(drawn(draw)))[0][0] == ("产出指标", "数量指标名称")


def test_lines_are_read_from_the_top_down_however_they_were_written() -> None:
    def draw(canvas: Canvas) -> None:
        for number in (3, 0, 2, 1):
            canvas.drawString(60, 700 - 20 * number, f"第{number}段文字在这里。")

    lines = source_of(drawn(draw)).text.splitlines()
    assert [line[1] for line in lines] == ["0", "1", "2", "3"]


def test_two_forms_of_one_shape_are_two_tables() -> None:
    def draw(canvas: Canvas) -> None:
        ruled(canvas)
        canvas.showPage()
        canvas.setFont(FONT, 10)
        ruled(canvas, (("项目名称", "农村饮水"), ("金额", "60.00")))

    assert len(source_of(drawn(draw)).tables) == 2


@needs_chinese_font
def test_a_page_without_text_among_others_is_named() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(60, 700, "第一页有文字。")
        canvas.showPage()
        canvas.rect(50, 50, 400, 600, fill=1)
        canvas.showPage()
        canvas.showPage()  # a blank one needs nothing
        canvas.setFont(FONT, 10)
        canvas.drawString(60, 700, "第四页有文字。")

    (warning,) = source_of(drawn(draw)).warnings
    assert warning.code == "pages_need_ocr" and "第 2 页" in warning.message


def test_a_file_that_anybody_may_open_is_read() -> None:
    content = drawn(ruled, encrypt=StandardEncryption("", ownerPassword="x"))
    assert texts(source_of(content)) == [list(TABLE)]


@pytest.mark.parametrize(
    "front", [b"\r\n", b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n", b"<html>" + b" " * 1000]
)
def test_lines_in_front_of_a_pdf_are_passed_over(front: bytes) -> None:
    content = drawn(ruled)
    source = read(front + content, "a.pdf", "document:a", Limits())
    assert source.text == source_of(content).text and source.pages


def test_a_text_that_speaks_of_a_pdf_is_a_text() -> None:
    assert read("文件以 %PDF-1.7 开头\n".encode(), "a.txt", "document:a", Limits()).text
