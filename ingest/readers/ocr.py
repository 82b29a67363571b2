"""Pictures of text (scanned pdf, png, jpg, tif) through RapidOCR, which the group `ocr` brings.

A page that is a picture becomes what PDFium gives of any other: characters with their places and
drawn lines. So tables, columns and pages are found as in every PDF, and a picture is a PDF itself.
Letters may be misread: nobody gets this without asking, and a warning names the pages.
"""

import importlib.util
import io
import math
import struct
import unicodedata
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median
from threading import Lock
from typing import Any, TypeAlias

from ingest.errors import DamagedFile, NeedsOcr, TooLarge
from ingest.limits import Limits
from ingest.readers.ocr_lines import edges
from ingest.readers.pdf_page import Edge, Glyph, Page

_Image: TypeAlias = Any
_Point = tuple[float, float]
_Quad = Sequence[_Point]

_PACKAGE = "rapidocr"
_POINTS = 72.0
_DPI = 200.0
_A4 = 842.0  # points, the longer side
_MOST_PIXELS = 9_000_000  # of a page as it is looked at, A3 at 200 dpi; a larger one is shrunk
_BASELINE = 0.18  # of the height of a line of text
_LEANS = 0.003  # radians from which on a page is turned
_UPRIGHT = 0.3  # radians; a line of text that leans more says nothing about its page
_FEWEST_LETTERS = 5
_INSIDE = 1.0  # points by which a stroke may leave the box of its line
_MODEL = Lock()
_models: list[Any] = []  # one for the process, made when it is first needed

INSTALL = ".venv/bin/pip install -e '.[ocr]'"


@dataclass(frozen=True, slots=True)
class _Box:
    """Where a line of text stands."""

    left: float
    top: float
    right: float
    bottom: float

    @classmethod
    def around(cls, corners: _Quad) -> "_Box":
        xs, ys = [x for x, _ in corners], [y for _, y in corners]
        return cls(min(xs), min(ys), max(xs), max(ys))

    def holds(self, edge: Edge) -> bool:
        """Whether it is a stroke of a character: a line of a table goes on beyond its text."""
        across = self.left - _INSIDE <= edge.x0 and edge.x1 <= self.right + _INSIDE
        return across and self.top - _INSIDE <= edge.y0 and edge.y1 <= self.bottom + _INSIDE


def installed() -> bool:
    return importlib.util.find_spec(_PACKAGE) is not None


def needs_ocr(what: str, asked: bool) -> NeedsOcr:
    """The error for a file whose text is a picture: a sentence that names the file and says so,
    and the step that comes next."""
    if not installed():
        way = f"绩谱也能识别：先安装识别程序（{INSTALL}），再用 jipu ingest --ocr 读入。"
    elif not asked:
        way = "绩谱也能识别：用 jipu ingest --ocr（或设置 JIPU_OCR=true）读入。"
    else:
        way = "已经识别过，没有认出文字；请换清晰的扫描件。"
    return NeedsOcr(f"{what}{way}")


class Recogniser:
    """Reads pages of one PDF by what they show; `pages` are the numbers of those it read."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.pages: list[int] = []
        self._name = name
        self._limits = limits
        self._seen = 0

    def __call__(self, page: Any, number: int, empty: Page) -> Page:
        """What stands on the page. Raises TooLarge over `max_ocr_pages` or `max_ocr_pixels`."""
        import pypdfium2

        # A small file may hold a picture of any size: PDFium says which before it unpacks one.
        pictures = list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]))
        for picture in pictures:
            across, down = picture.get_px_size()
            _check_pixels(across * down, f"{self._name}：第 {number} 页的图片", self._limits)
        if not pictures:
            return empty
        self._seen += 1
        if self._seen > self._limits.max_ocr_pages:
            raise _too_many_pages(self._name, self._limits)
        width, height = page.get_size()
        scale = min(_DPI / _POINTS, math.sqrt(_MOST_PIXELS / max(width * height, 1.0)))
        found = read_picture(page.render(scale=scale).to_pil().convert("RGB"))
        if found.glyphs:
            self.pages.append(number)
        return found


def _check_pixels(count: int, what: str, limits: Limits) -> None:
    if count > limits.max_ocr_pixels:
        raise TooLarge(
            f"{what}有 {count} 个像素，超过上限 {limits.max_ocr_pixels}（max_ocr_pixels）；"
            "请缩小后再入库，或在设置 JIPU_MAX_OCR_PIXELS 中放宽。"
        )


def _too_many_pages(name: str, limits: Limits) -> TooLarge:
    return TooLarge(
        f"{name}：要识别的页超过 {limits.max_ocr_pages} 页（max_ocr_pages）；"
        "请拆分文件，或在设置 JIPU_MAX_OCR_PAGES 中放宽。"
    )


def read_picture(image: _Image) -> Page:
    """A picture of a page as the characters and lines on it, in points as if it were A4: scanners
    write any size into a PDF."""
    scale = max(image.size) / _A4
    boxes = _recognise(image)
    lean = _lean([box for box, text in boxes if len(text) >= _FEWEST_LETTERS])
    if abs(lean) < _LEANS:
        lean = 0.0
    # Red stamps lie over tables: in red light there are none.
    drawn = image.getchannel("R")
    if lean:
        drawn = drawn.rotate(math.degrees(lean), fillcolor=255)
    middle = image.width / 2, image.height / 2
    lines = [
        (_Box.around([_turned(point, middle, lean, scale) for point in corners]), text)
        for corners, text in boxes
    ]
    glyphs = [glyph for box, text in lines for glyph in _glyphs(box, text)]
    strokes = [edge for edge in edges(drawn, scale) if not any(b.holds(edge) for b, _ in lines)]
    return Page(glyphs, strokes, 0.0, image.height / scale)


def _recognise(image: _Image) -> list[tuple[_Quad, str]]:
    """Lines of text with their corners, clockwise from the top left."""
    import numpy
    import rapidocr

    with _MODEL:
        if not _models:
            _models.append(rapidocr.RapidOCR(params={"Global.log_level": "error"}))
        # It wants the order of OpenCV: blue, green, red.
        found = _models[0](numpy.ascontiguousarray(numpy.asarray(image)[:, :, ::-1]))
    if found.boxes is None or found.txts is None:
        return []
    corners = ([(float(x), float(y)) for x, y in box] for box in found.boxes)
    return list(zip(corners, found.txts, strict=True))


def _lean(boxes: Sequence[_Quad]) -> float:
    """By how much lines of text fall to the right, in radians; that of most of them."""
    leans = [math.atan2(b[1] - a[1], b[0] - a[0]) for a, b, *_ in boxes]
    upright = [lean for lean in leans if abs(lean) < _UPRIGHT]
    return median(upright) if upright else 0.0


def _turned(point: _Point, middle: _Point, lean: float, scale: float) -> _Point:
    """A place in pixels on the straightened page, in points."""
    x, y = point[0] - middle[0], point[1] - middle[1]
    across = x * math.cos(lean) + y * math.sin(lean) + middle[0]
    down = y * math.cos(lean) - x * math.sin(lean) + middle[1]
    return across / scale, down / scale


def _glyphs(box: _Box, text: str) -> Iterator[Glyph]:
    """The characters of a line of text, which share its width: a Han character takes two parts."""
    size = box.bottom - box.top
    widths = [2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text]
    part = (box.right - box.left) / max(1, sum(widths))
    left = box.left
    for char, width in zip(text, widths, strict=True):
        yield Glyph(char, left, left + width * part, box.bottom - _BASELINE * size, size)
        left += width * part


def as_pdf(content: bytes, name: str, limits: Limits) -> bytes:
    """A picture as a PDF: one page, or as many as a tif holds. Raises DamagedFile or TooLarge."""
    from PIL import Image

    try:
        # Pillow warns of damage that it then fails at, and of sizes by a limit of its own.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(content)) as image:
                return _pdf_of(image, name, limits)
    except Image.DecompressionBombError as error:
        raise TooLarge(f"{name}：图片太大，可能是解压炸弹；请缩小后再入库。") from error
    except (OSError, ValueError, SyntaxError, EOFError, struct.error) as error:
        raise DamagedFile(f"{name}：图片已损坏或不完整；请重新扫描或下载。") from error


def _pdf_of(image: _Image, name: str, limits: Limits) -> bytes:
    import pypdfium2

    frames = getattr(image, "n_frames", 1)
    if frames > limits.max_ocr_pages:
        raise _too_many_pages(name, limits)
    whole = pypdfium2.PdfDocument.new()
    try:
        for frame in range(frames):
            image.seek(frame)
            _check_pixels(image.width * image.height, f"{name}：图片", limits)
            # As if it lay on a sheet of A4: margins and lines are measured in points.
            scale = _A4 / max(image.size)
            width, height = image.width * scale, image.height * scale
            picture = pypdfium2.PdfImage.new(whole)
            picture.set_bitmap(pypdfium2.PdfBitmap.from_pil(_on_white(image)))
            picture.set_matrix(pypdfium2.PdfMatrix().scale(width, height))
            page = whole.new_page(width, height)
            page.insert_obj(picture)
            page.gen_content()
            page.close()
        buffer = io.BytesIO()
        whole.save(buffer)
        return buffer.getvalue()
    finally:
        whole.close()


def _on_white(image: _Image) -> _Image:
    """What is transparent shows the paper."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = layer.copy()
    paper.paste((255, 255, 255, 255), (0, 0, *layer.size))
    paper.alpha_composite(layer)
    return paper.convert("RGB")
