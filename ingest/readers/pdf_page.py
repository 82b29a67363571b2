"""What PDFium sees on a page: characters with their places, and the lines that are drawn.

Places are turned so that text runs to the right and `y` grows downwards, whatever way the page
or its text is rotated. Units are points.
"""

import ctypes
import math
import unicodedata
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

_THIN = 3.0  # a filled box not thicker than this is a drawn line
_STRAIGHT = 1.0
_MOST_EDGES = 20_000  # a page with more is a drawing, not a table
_MOST_NESTED = 8
_QUARTERS = 4


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: from `x0` to `x1` on the baseline `y`; `size` is its height."""

    text: str
    x0: float
    x1: float
    y: float
    size: float

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, self.y - self.size * 0.35


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
    """`glyphs` stand in the order of the content stream. `top` and `bottom` bound the page."""

    glyphs: list[Glyph]
    edges: list[Edge]
    top: float
    bottom: float


def read_page(raw: Any, page: Any) -> Page:
    """The page of a pypdfium2 document; `raw` is pypdfium2.raw."""
    found, quarter = _glyphs(raw, page.get_textpage())
    left, low, right, high = page.get_mediabox()
    _, y0 = _turn(left, low, quarter)
    _, y1 = _turn(right, high, quarter)
    edges: list[Edge] = []
    _collect(raw, page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, [], edges)
    if len(edges) > _MOST_EDGES:
        edges = []
    return Page(found, [_turn_edge(edge, quarter) for edge in edges], min(y0, y1), max(y0, y1))


def _turn(x: float, y: float, quarter: int) -> tuple[float, float]:
    """Page space (y upwards) to reading space, for text turned clockwise by quarters."""
    return ((x, -y), (-y, -x), (-x, y), (y, x))[quarter]


def _turn_edge(edge: Edge, quarter: int) -> Edge:
    ax, ay = _turn(edge.x0, edge.y0, quarter)
    bx, by = _turn(edge.x1, edge.y1, quarter)
    return Edge(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by))


def _glyphs(raw: Any, textpage: Any) -> tuple[list[Glyph], int]:
    """The characters that run the way most do, and that way in clockwise quarters."""
    box, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    found = []
    for index in range(textpage.count_chars()):
        code = raw.FPDFText_GetUnicode(textpage, index)
        if not code or raw.FPDFText_IsGenerated(textpage, index) == 1:
            continue
        raw.FPDFText_GetLooseCharBox(textpage, index, box)
        raw.FPDFText_GetCharOrigin(textpage, index, x, y)
        angle = raw.FPDFText_GetCharAngle(textpage, index)
        quarter = round(angle / (math.pi / 2)) % _QUARTERS
        a, b = _turn(box.left, box.bottom, quarter), _turn(box.right, box.top, quarter)
        size = abs(a[1] - b[1])
        base = _turn(x.value, y.value, quarter)[1]
        text = _character(code)
        if text:
            glyph = Glyph(text, min(a[0], b[0]), max(a[0], b[0]), base, size)
            found.append((quarter, glyph))
    ways = Counter(quarter for quarter, glyph in found)
    if not ways:
        return [], 0
    main = ways.most_common(1)[0][0]
    return [glyph for quarter, glyph in found if quarter == main], main


def _character(code: int) -> str:
    """Radicals and compatibility forms that fonts map to stand for the usual character."""
    if code in (0x02, 0xFFFE, 0xAD):  # PDFium's marks for a hyphen at the end of a line
        return "-"
    if 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
        return ""
    text = chr(code)
    if 0x2E80 <= code <= 0x2FDF or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", text)
    if text in "\r\n\f\v":
        return ""
    return " " if text in "\t\xa0" else text


_Matrix = tuple[float, float, float, float, float, float]


def _collect(
    raw: Any, owner: Any, count: Any, get: Any, matrices: list[_Matrix], edges: list[Edge]
) -> None:
    for index in range(max(0, count(owner))):
        item = get(owner, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            _path(raw, item, [_matrix(raw, item), *matrices], edges)
        elif kind == raw.FPDF_PAGEOBJ_FORM and len(matrices) < _MOST_NESTED:
            inner = [_matrix(raw, item), *matrices]
            _collect(
                raw, item, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, edges
            )
        if len(edges) > _MOST_EDGES:
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
