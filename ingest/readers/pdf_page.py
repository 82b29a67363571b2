"""What PDFium sees on a page: characters with their places, and the lines that are drawn.

Places are turned so that text runs to the right and `y` grows downwards, whatever way the page
or its text is rotated. Units are points.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_THIN = 3.0  # a filled box not thicker than this is a drawn line
_STRAIGHT = 1.0
_MOST_EDGES = 20_000  # a page with more is a drawing, not a table
_MOST_NESTED = 8
_FLAT = 0.005  # of the font's size: 一 is ten times as high
_ASKED = 8  # characters that tell whether their font is there
_QUARTERS = 4
_REPLACEMENT = 0xFFFD
_SYMBOLS = {0xF0A3: "≤", 0xF0B3: "≥", 0xF0B1: "±", 0xF0B4: "×", 0xF0B9: "≠"}
"""What the font Symbol draws for codes of the private use area. Others there are bullets."""
_SLANT = 0.1  # of a quarter turn; what leans more is a stamp or a watermark
_TWICE = 0.15  # of the size of a character: bold by drawing it again
_MOST_UNREADABLE = 0.3  # of the characters of a page
_PICTURE = 0.3  # of a page


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: from `x0` to `x1` on the baseline `y`; `size` is its height.

    Of a `turned` one, which runs up or down the page, it is the box that stands here.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turned: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, self.y - self.size * (0.5 if self.turned else 0.35)


@dataclass(frozen=True, slots=True)
class Edge:
    """A horizontal (y0 == y1) or vertical (x0 == x1) line."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def flat(self) -> bool:
        return self.y0 == self.y1


@dataclass(frozen=True, slots=True)
class Page:
    """`glyphs` stand in the order of the content stream. `top` and `bottom` bound the page.

    `pictured` is True where pictures or drawings may hold text that nobody can read as such;
    `unreadable` where the fonts do not tell which characters they draw; `fontless` where the file
    leaves a Chinese font to the machine, and the machine has none.
    """

    glyphs: list[Glyph]
    edges: list[Edge]
    top: float
    bottom: float
    pictured: bool = False
    unreadable: bool = False
    fontless: bool = False


def read_page(raw: Any, page: Any) -> Page:
    """The page of a pypdfium2 document; `raw` is pypdfium2.raw."""
    left, low, right, high = page.get_bbox()
    textpage = page.get_textpage()
    found, quarter, unreadable = _glyphs(raw, textpage, (left, low, right, high))
    fontless = _lacks_font(raw, textpage)
    textpage.close()
    _, y0 = _turn(left, low, quarter)
    _, y1 = _turn(right, high, quarter)
    drawn = _Drawn([], abs((right - left) * (high - low)) * _PICTURE)
    _collect(raw, page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, [], drawn)
    edges = drawn.edges if len(drawn.edges) <= _MOST_EDGES else []
    turned = [_turn_edge(edge, quarter) for edge in edges]
    pictured = drawn.pictured or (not found and bool(drawn.paths))
    return Page(found, turned, min(y0, y1), max(y0, y1), pictured, unreadable, fontless)


def _lacks_font(raw: Any, textpage: Any) -> bool:
    """Whether the first Chinese characters have no shape. PDFium leaves out some such characters,
    those at the end of a line and turned ones, so that what is read may lack them."""
    sides = [ctypes.c_double() for _ in range(4)]
    asked = 0
    for index in range(textpage.count_chars()):
        if not 0x4E00 <= raw.FPDFText_GetUnicode(textpage, index) <= 0x9FFF:
            continue
        raw.FPDFText_GetCharBox(textpage, index, *sides)
        _, _, bottom, top = (side.value for side in sides)
        shape = top - bottom > _FLAT * raw.FPDFText_GetFontSize(textpage, index)
        asked += 1
        if shape or asked == _ASKED:
            return not shape
    return asked > 0


def _turn(x: float, y: float, quarter: int) -> tuple[float, float]:
    """Page space (y upwards) to reading space, for text turned clockwise by quarters."""
    return ((x, -y), (-y, -x), (-x, y), (y, x))[quarter]


def _turn_edge(edge: Edge, quarter: int) -> Edge:
    ax, ay = _turn(edge.x0, edge.y0, quarter)
    bx, by = _turn(edge.x1, edge.y1, quarter)
    return Edge(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


_Box = tuple[float, float, float, float]


def _glyphs(raw: Any, textpage: Any, page: _Box) -> tuple[list[Glyph], int, bool]:
    """The characters on the page, the way most of them run in clockwise quarters, and whether
    too many of them are unreadable (none are returned then)."""
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    found: list[tuple[int, str, _Box, tuple[float, float]]] = []
    unknown = 0
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        if raw.FPDFText_HasUnicodeMapError(textpage, index) == 1 or not code:
            unknown += 1
            code = _REPLACEMENT
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        place = (box.left, box.bottom, box.right, box.top)
        turn = raw.FPDFText_GetCharAngle(textpage, index) / (math.pi / 2)
        text = _character(code)
        if not text or abs(turn - round(turn)) > _SLANT:
            continue
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        found.append((round(turn) % _QUARTERS, text, place, (x.value, y.value)))
    if unknown > _MOST_UNREADABLE * len(found):
        return [], 0, True
    found = [one for one in found if _stands_on(page, one[2])] or found
    ways = Counter(quarter for quarter, *_ in found)
    main = ways.most_common(1)[0][0] if ways else 0
    return _once(_placed(one, main) for one in found), main, False


def _stands_on(page: _Box, place: _Box) -> bool:
    x, y = (place[0] + place[2]) / 2, (place[1] + place[3]) / 2
    return page[0] <= x <= page[2] and page[1] <= y <= page[3]


def _placed(found: tuple[int, str, _Box, tuple[float, float]], main: int) -> Glyph:
    quarter, text, box, origin = found
    a, b = _turn(box[0], box[1], main), _turn(box[2], box[3], main)
    low = max(a[1], b[1])
    turned = quarter != main
    base = low if turned else _turn(*origin, main)[1]
    return Glyph(text, min(a[0], b[0]), max(a[0], b[0]), base, abs(a[1] - b[1]), turned)


def _once(glyphs: Iterable[Glyph]) -> list[Glyph]:
    """Without characters that are drawn again in the same place to look bold."""
    seen: set[tuple[str, int, int]] = set()
    result = []
    for glyph in glyphs:
        step = max(_TWICE * min(glyph.size, 2 * (glyph.x1 - glyph.x0)), 0.01)
        column, row = int(glyph.x0 / step), int(glyph.y / step)
        near = ((glyph.text, column + i, row + j) for i in (0, -1, 1) for j in (0, -1, 1))
        if glyph.text.isspace() or not any(place in seen for place in near):
            result.append(glyph)
        seen.add((glyph.text, column, row))
    return result


def _character(code: int) -> str:
    """Radicals and compatibility forms that fonts map to stand for the usual character."""
    if code in (0x02, 0xFFFE, 0xAD):  # PDFium's marks for a hyphen at the end of a line
        return "-"
    if 0xE000 <= code <= 0xF8FF:
        return _SYMBOLS.get(code, "")
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    text = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    if text in "\r\n\f\v":
        return ""
    return " " if text in "\t\xa0" else text


_Matrix = tuple[float, float, float, float, float, float]


@dataclass(slots=True)
class _Drawn:
    """What is drawn on a page; a picture counts from the area `large`."""

    edges: list[Edge]
    large: float
    paths: int = 0
    pictured: bool = False


def _collect(
    raw: Any, owner: Any, count: Any, get: Any, matrices: list[_Matrix], drawn: _Drawn
) -> None:
    for index in range(max(0, count(owner))):
        item = get(owner, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            drawn.paths += 1
            _path(raw, item, [_matrix(raw, item), *matrices], drawn.edges)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            a, b, c, d, _, _ = _matrix(raw, item)
            drawn.pictured |= bool(matrices) or abs(a * d - b * c) >= drawn.large
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(matrices) < _MOST_NESTED:
            inner = [_matrix(raw, item), *matrices]
            _collect(
                raw, item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, drawn
            )
        if len(drawn.edges) > _MOST_EDGES:
            return


def _matrix(raw: Any, item: Any) -> _Matrix:
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _path(raw: Any, item: Any, matrices: list[_Matrix], edges: list[Edge]) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(item, fill, stroke)
    if not (fill.value or stroke.value):
        return
    for points in _subpaths(raw, item, matrices):
        if stroke.value:
            for (ax, ay), (bx, by) in pairwise(points):
                _add(ax, ay, bx, by, _STRAIGHT, edges)
        elif points:
            xs, ys = [p[0] for p in points], [p[1] for p in points]
            _add(min(xs), min(ys), max(xs), max(ys), _THIN, edges)


def _subpaths(raw: Any, item: Any, matrices: list[_Matrix]) -> list[list[tuple[float, float]]]:
    paths: list[list[tuple[float, float]]] = []
    px, py = ctypes.c_float(), ctypes.c_float()
    for index in range(min(raw.FPDFPath_CountSegments(item), _MOST_EDGES)):
        segment = raw.FPDFPath_GetPathSegment(item, index)
        raw.FPDFPathSegment_GetPoint(segment, px, py)
        x, y = px.value, py.value
        for a, b, c, d, e, f in matrices:
            x, y = a * x + c * y + e, b * x + d * y + f
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_MOVETO or not paths:
            paths.append([])
        paths[-1].append((x, y))
        if raw.FPDFPathSegment_GetClose(segment):
            paths[-1].append(paths[-1][0])
    return paths


def _add(ax: float, ay: float, bx: float, by: float, thin: float, edges: list[Edge]) -> None:
    width, height = abs(bx - ax), abs(by - ay)
    if not all(map(math.isfinite, (ax, ay, bx, by))):
        return
    if height <= thin and width > thin:
        y = (ay + by) / 2
        edges.append(Edge(min(ax, bx), y, max(ax, bx), y))
    elif width <= thin and height > thin:
        x = (ax + bx) / 2
        edges.append(Edge(x, min(ay, by), x, max(ay, by)))
