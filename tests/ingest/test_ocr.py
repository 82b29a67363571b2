"""Scans and photographs: told without the group `ocr`, read like any page with it."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from graph.mapping import to_batch
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, NeedsOcr, TooLarge
from ingest.extract import extract
from ingest.limits import Limits
from ingest.pipeline import IngestOptions
from ingest.readers import ocr
from ingest.readers.ocr_lines import edges
from ingest.reading import read

LIMITS = Limits()
FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/System/Library/Fonts/PingFang.ttc",
    "C:/Windows/Fonts/simsun.ttc",
)
ROWS = (
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "改造公厕数量", "≥12座"),
    ("", "时效指标", "完工时限", "12月31日前"),
    ("满意度指标", "服务对象满意度", "群众满意度", "≥90%"),
)
TITLE = "青禾县2025年公厕改造绩效目标表"
COLUMNS = (100, 330, 620, 900, 1140)
TOP, HEIGHT = 300, 70
Boxes = list[tuple[list[tuple[float, float]], str]]


def boxes() -> Boxes:
    """Where the texts of the page stand, as the model tells them."""
    found: list[tuple[float, float, str]] = [(300, 120, TITLE)]
    for number, row in enumerate(ROWS):
        top = TOP + number * HEIGHT
        found += [(COLUMNS[i] + 10.0, top + 18.0, text) for i, text in enumerate(row) if text]
    quads: Boxes = []
    for x, y, text in found:
        right = x + 17 * len(text)
        quads.append(([(x, y), (right, y), (right, y + 34), (x, y + 34)], text))
    return quads


def page(write: Callable[[ImageDraw.ImageDraw], None] = lambda draw: None) -> Image.Image:
    """A sheet with a ruled table in which the first cell of two rows is one, and a red stamp."""
    image = Image.new("RGB", (1240, 1754), "white")
    draw = ImageDraw.Draw(image)
    low = TOP + len(ROWS) * HEIGHT
    for number in range(len(ROWS) + 1):
        left = COLUMNS[1] if number == 2 else COLUMNS[0]
        draw.line((left, TOP + number * HEIGHT, COLUMNS[-1], TOP + number * HEIGHT), "black", 3)
    for x in COLUMNS:
        draw.line((x, TOP, x, low), "black", 3)
    draw.rectangle((150, 1200, 500, 1210), fill="red")
    draw.rectangle((150, 1100, 160, 1300), fill="red")
    draw.rectangle((600, 1100, 800, 1300), fill="black")  # a dark area is no line
    write(draw)
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def scan(*images: Image.Image, text: str = "") -> bytes:
    """A PDF of pictures; behind them a page with text, if there is any."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    for image in images:
        canvas.drawImage(ImageReader(image), 0, 0, *A4)
        canvas.showPage()
    if text:
        canvas.drawString(100, 600, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Image.Image]]:
    """A model that always sees the same page; what it was shown."""
    shown: list[Image.Image] = []

    def recognise(image: Image.Image) -> Boxes:
        shown.append(image)
        scale = image.width / 1240
        return [([(x * scale, y * scale) for x, y in quad], text) for quad, text in boxes()]

    monkeypatch.setattr(ocr, "_recognise", recognise)
    monkeypatch.setattr(ocr, "installed", lambda: True)
    monkeypatch.setattr("ingest.reading.installed", lambda: True)
    yield shown


def rows(source: SourceText) -> list[list[str]]:
    return [
        [source.text[cell.start : cell.end] for cell in row]
        for table in source.tables
        for row in table.rows
    ]


CONTENTS: list[tuple[str, Callable[[], bytes]]] = [
    ("图.png", lambda: encoded(page(), "PNG")),
    ("图.jpg", lambda: encoded(page(), "JPEG")),
    ("图.tif", lambda: encoded(page(), "TIFF")),
    ("图.gif", lambda: encoded(page(), "GIF")),
    ("扫描.pdf", lambda: scan(page())),
]


@pytest.mark.parametrize(("name", "make"), CONTENTS)
def test_without_the_group_each_is_told(
    name: str, make: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    monkeypatch.setattr("ingest.reading.installed", lambda: False)
    for asked in (False, True):
        with pytest.raises(NeedsOcr, match=rf"^{name}：.*pip install -e .*ocr.*--ocr") as caught:
            read(make(), name, "document:a", LIMITS, asked)
        assert caught.value.code == "needs_ocr"


@pytest.mark.parametrize(("name", "make"), CONTENTS)
def test_with_the_group_nothing_is_recognised_unless_asked(
    name: str, make: Callable[[], bytes], model: list[Image.Image]
) -> None:
    with pytest.raises(NeedsOcr, match=rf"^{name}：.*--ocr"):
        read(make(), name, "document:a", LIMITS)
    assert model == []


@pytest.mark.parametrize(("name", "make"), CONTENTS)
def test_a_ruled_table_comes_out_as_of_any_page(
    name: str, make: Callable[[], bytes], model: list[Image.Image]
) -> None:
    source = read(make(), name, "document:a", LIMITS, True)
    assert rows(source) == [list(row) for row in ROWS]
    assert [row[0].covered for row in source.tables[0].rows] == ["", "", "above", ""]
    assert TITLE in source.text
    assert source.by_ocr
    assert [w.code for w in source.warnings] == ["read_by_ocr"]
    assert f"{name}：第 1 页" in source.warnings[0].message


def test_the_document_says_that_it_was_recognised(model: list[Image.Image]) -> None:
    source = read(scan(page()), "扫描.pdf", "document:a", LIMITS, True)
    document = extract(source, "a" * 64, "扫描.pdf")
    batch = to_batch(document, "")
    (node,) = [node for node in batch.nodes if node.label == "Document"]
    assert node.properties["by_ocr"] is True
    assert "read_by_ocr" in [w.code for w in document.warnings]


def test_only_pages_without_text_are_recognised(model: list[Image.Image]) -> None:
    content = scan(page(), page(), text="budget")
    source = read(content, "混合.pdf", "document:a", LIMITS, True)
    assert len(model) == 2
    assert "budget" in source.text
    assert len(source.pages) == 3
    assert "第 1–2 页" in source.warnings[-1].message
    plain = read(scan(text="budget"), "文字.pdf", "document:a", LIMITS, True)
    assert not plain.by_ocr


def test_a_page_that_leans_is_straightened(
    model: list[Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    import math

    lean = 0.01
    middle = 620, 877

    def turned(x: float, y: float) -> tuple[float, float]:
        x, y = x - middle[0], y - middle[1]
        return (
            x * math.cos(lean) - y * math.sin(lean) + middle[0],
            x * math.sin(lean) + y * math.cos(lean) + middle[1],
        )

    leaning = [([turned(*corner) for corner in quad], text) for quad, text in boxes()]
    monkeypatch.setattr(ocr, "_recognise", lambda image: leaning)
    image = page().rotate(-math.degrees(lean), fillcolor="white", resample=Image.Resampling.BICUBIC)
    found = ocr.read_picture(image)
    monkeypatch.setattr(ocr, "_recognise", lambda image: boxes())
    straight = ocr.read_picture(page())
    for one, other in zip(found.glyphs, straight.glyphs, strict=True):
        assert (one.text, one.x0, one.y) == pytest.approx((other.text, other.x0, other.y), abs=2)
    assert {round(e.y0 / 34) for e in found.edges if e.flat} == {
        round(e.y0 / 34) for e in straight.edges if e.flat
    }


def test_lines_are_long_thin_and_black() -> None:
    found = list(edges(page().getchannel("R"), 1.0))
    flat = {round(e.y0 / HEIGHT - TOP / HEIGHT, 1) for e in found if e.flat}
    assert all(min(abs(y - n) for n in range(5)) <= 0.1 for y in flat), flat
    assert {round(y) for y in flat} == {0, 1, 2, 3, 4}
    upright = {min(COLUMNS, key=lambda x: abs(x - e.x0)) for e in found if not e.flat}
    assert upright == set(COLUMNS)
    assert all(e.y1 < 1000 for e in found), "the stamp and the area are no lines"


def test_a_tif_has_pages(model: list[Image.Image]) -> None:
    content = encoded(page(), "TIFF", save_all=True, append_images=[page(), page()])
    source = read(content, "三页.tif", "document:a", LIMITS, True)
    assert len(source.pages) == 3
    assert "第 1–3 页" in source.warnings[0].message
    with pytest.raises(TooLarge, match=r"三页\.tif.*max_ocr_pages.*JIPU_MAX_OCR_PAGES"):
        read(content, "三页.tif", "document:a", replace(LIMITS, max_ocr_pages=2), True)
    with pytest.raises(TooLarge, match="max_ocr_pages"):
        read(scan(page(), page()), "二.pdf", "document:a", replace(LIMITS, max_ocr_pages=1), True)


def test_transparent_paper_is_white(model: list[Image.Image]) -> None:
    clear = Image.new("RGBA", (1240, 1754), (0, 0, 0, 0))
    read(encoded(clear, "PNG"), "透明.png", "document:a", LIMITS, True)
    assert model[0].getextrema() == ((255, 255),) * 3


def test_a_picture_too_large_to_unpack_is_not_unpacked(model: list[Image.Image]) -> None:
    small = replace(LIMITS, max_ocr_pixels=1_000_000)
    for name, make in CONTENTS:
        with pytest.raises(TooLarge, match=rf"{name}.*max_ocr_pixels.*JIPU_MAX_OCR_PIXELS"):
            read(make(), name, "document:a", small, True)
    bomb = encoded(Image.new("1", (20_000, 20_000)), "PNG")
    with pytest.raises(TooLarge, match="图片太大"):
        read(bomb, "弹.png", "document:a", LIMITS, True)
    assert model == []


@pytest.mark.parametrize(("name", "make"), CONTENTS[:4])
def test_a_damaged_picture_is_told(
    name: str, make: Callable[[], bytes], model: list[Image.Image]
) -> None:
    for length in (12, 60, len(make()) // 2):
        with pytest.raises(DamagedFile, match=f"{name}.*已损坏"):
            read(make()[:length], name, "document:a", LIMITS, True)


def test_a_page_on_which_nothing_is_recognised(
    model: list[Image.Image], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "_recognise", lambda image: [])
    with pytest.raises(NeedsOcr, match=r"空\.pdf.*没有认出文字"):
        read(scan(page()), "空.pdf", "document:a", LIMITS, True)


def test_it_is_off_until_asked_for() -> None:
    assert not IngestOptions().ocr


@pytest.mark.skipif(not ocr.installed(), reason="the group ocr is not installed here")
def test_a_real_page_is_read() -> None:
    font_file = next((name for name in FONTS if Path(name).is_file()), None)
    if font_file is None:
        pytest.skip("no font with Chinese characters is installed here")
    font = ImageFont.truetype(font_file, 30)

    def write(draw: ImageDraw.ImageDraw) -> None:
        for (corner, *_), text in boxes():
            draw.text(corner, text, "black", ImageFont.truetype(font_file, 26))
        draw.text((100, 700), "依据云财建〔2025〕9001号文件落实管护。", "black", font)

    source = read(scan(page(write)), "真.pdf", "document:a", LIMITS, True)
    assert rows(source) == [list(row) for row in ROWS]
    assert "云财建〔2025〕9001号" in source.text
