"""Born-digital PDF through PDFium: ruled tables as grids, other text as lines, page by page."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from threading import Lock
from typing import Any, TypeAlias

from graph.model import Warning
from ingest.blocks import CellRows, SourceText
from ingest.errors import DamagedFile, NeedsOcr, TooLarge, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.pdf_columns import with_tables
from ingest.readers.pdf_grid import Grid, find_grids
from ingest.readers.pdf_joining import Table, continues, heading_again, join
from ingest.readers.pdf_page import Glyph, Page, read_page
from ingest.readers.pdf_text import Line, by_columns, cell_text, stream_lines, visual_rows
from ingest.readers.writing import ABOVE, LEFT, GridCell, SourceWriter, check_cells

# - 12 -  ·  第 3 页 共 9 页  ·  3/9  ·  12  ·  not: 2025年
_PAGE_NUMBER = re.compile(
    r"[-—–·]?\s*\d{1,4}\s*[-—–·]?|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}"
)
_DIGITS = re.compile(r"\d+")
_MARGIN = 57.0  # points, 2 cm: no text of the body stands nearer to the edge of the paper
_FEWEST_HEADS = 2
_FEWEST_CHARACTERS = 20  # of a page with a large picture
_END_MARK, _TAIL = b"%%EOF", 4096
_NEAR = 4.0
_MOST_HEADINGS = 5  # rows of a heading that is printed again
_PDFIUM = Lock()
"""PDFium serves one thread at a time."""
See: TypeAlias = Callable[[Any, int, Page], Page]
"""What a page without text shows: of pypdfium2's page, its number from 1, and what it holds."""


@dataclass(slots=True)
class _Sheet:
    """What stands on one page from the top down; `head` and `foot` are lines at its edges.

    `pictured` is True where there may be text that cannot be read as such.
    """

    blocks: list[Line | Table] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    foot: list[Line] = field(default_factory=list)
    pictured: bool = False
    fontless: bool = False

    def needs_ocr(self) -> bool:
        """A page number over a picture is no text of the page."""
        return self.pictured and sum(map(_characters, self.blocks)) < _FEWEST_CHARACTERS


def read_pdf(
    content: bytes, name: str, document: str, limits: Limits, see: See | None = None
) -> SourceText:
    """Raises NeedsOcr for scans, TooLarge (max_pages), DamagedFile, and UnsupportedFormat for a
    file behind a password."""
    sheets: list[_Sheet] = []
    with _PDFIUM:
        cells = 0
        for page in _pages(content, name, limits, see):
            sheet = _sheet(page)
            cells += sum(len(b.rows) * len(b.xs) for b in sheet.blocks if isinstance(b, Table))
            check_cells(cells, name, limits)
            sheets.append(sheet)
    _leave_out_running_heads(sheets)
    scanned = [number for number, sheet in enumerate(sheets, start=1) if sheet.needs_ocr()]
    if len(scanned) == len(sheets) or not any(sheet.blocks for sheet in sheets):
        raise NeedsOcr(
            f"{name}：{len(sheets)} 页都没有能读出的文字，是扫描件，或字体没有附字符对照；"
            "请先用文字识别（OCR）软件转成文本再入库。"
        )
    fontless = any(sheet.fontless for sheet in sheets)
    warnings = tuple(_warnings(content, name, scanned, fontless))
    return replace(_write(sheets, document), warnings=warnings)


def _warnings(
    content: bytes, name: str, scanned: Sequence[int], fontless: bool
) -> Iterator[Warning]:
    if fontless:
        message = (
            f"{name}：文件没有嵌入中文字体，这台机器上也没有中文字体，个别字可能漏读；请安装中文字体"
            "（如 sudo apt install fonts-noto-cjk）后删除这份文件重新入库。"
        )
        yield Warning(code="font_missing", message=message)
    if scanned:
        message = (
            f"{name}：第 {'、'.join(map(str, scanned))} 页没有能读出的文字，是扫描的图片，或字体"
            "没有附字符对照；请先用文字识别（OCR）软件把这几页转成文本。"
        )
        yield Warning(code="pages_need_ocr", message=message)
    if _END_MARK not in content[-_TAIL:]:
        message = f"{name}：文件没有结尾，可能没有下载完整，缺少后面的页；请与原件核对。"
        yield Warning(code="cut_off", message=message)


def _pages(content: bytes, name: str, limits: Limits, see: See | None) -> Iterator[Page]:
    import pypdfium2

    raw = pypdfium2.raw
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if raw.FPDF_GetLastError() == raw.FPDF_ERR_PASSWORD:
            raise UnsupportedFormat(
                f"{name}：PDF 有打开密码，不能读取；请用阅读器去掉密码后另存。"
            ) from error
        raise DamagedFile(f"{name}：PDF 已损坏或不完整；请重新下载。") from error
    try:
        if len(pdf) > limits.max_pages:
            raise TooLarge(
                f"{name}：有 {len(pdf)} 页，超过上限 {limits.max_pages} 页"
                "（max_pages）；请拆分文件。"
            )
        for number in range(len(pdf)):
            try:
                page = pdf[number]
                found = read_page(raw, page)
            except pypdfium2.PdfiumError as error:
                raise DamagedFile(
                    f"{name}：第 {number + 1} 页已损坏，不能读取；请重新下载。"
                ) from error
            if see is not None and not found.glyphs:
                found = see(page, number + 1, found)
            page.close()
            yield found
    finally:
        pdf.close()


def _sheet(page: Page) -> _Sheet:
    sheet = _Sheet(pictured=page.pictured or page.unreadable, fontless=page.fontless)
    sizes = [glyph.size for glyph in page.glyphs]
    grids = find_grids(page.edges, median(sizes) if sizes else 0.0)
    cells: list[dict[tuple[int, int], list[Glyph]]] = [{} for _ in grids]
    free = [g for g in page.glyphs if not _into_cell(g, grids, cells) and not g.turned]
    lines: list[Line] = []
    for line in stream_lines(free):
        if line.y - line.size < page.top + _MARGIN:
            sheet.head.append(line)
        elif line.y > page.bottom - _MARGIN:
            sheet.foot.append(line)
        else:
            lines.append(line)
    for grid, texts in zip(grids, cells, strict=True):
        middle = (grid.ys[0] + grid.ys[-1]) / 2
        sheet.blocks.extend(_flow([line for line in lines if line.y < middle]))
        lines = [line for line in lines if line.y >= middle]
        if texts:
            sheet.blocks.append(Table(grid.xs, _rows(grid, texts), grid.open_top, grid.open_bottom))
    sheet.blocks.extend(_flow(lines))
    return sheet


def _flow(lines: list[Line]) -> Sequence[Line | Table]:
    columns = by_columns(lines)
    return with_tables(visual_rows(lines)) if columns is None else columns


def _into_cell(
    glyph: Glyph, grids: Sequence[Grid], cells: list[dict[tuple[int, int], list[Glyph]]]
) -> bool:
    for grid, texts in zip(grids, cells, strict=True):
        place = grid.at(glyph, first=grid is grids[0], last=grid is grids[-1])
        if place is not None:
            texts.setdefault(place, []).append(glyph)
            return True
    return False


def _rows(grid: Grid, texts: dict[tuple[int, int], list[Glyph]]) -> list[list[GridCell]]:
    rows = []
    for number, owners in enumerate(grid.owner):
        row = []
        for column, owner in enumerate(owners):
            if owner == (number, column):
                width = grid.right(owner) - grid.xs[column]
                row.append(GridCell(cell_text(texts.get(owner, ()), width)))
            else:
                row.append(LEFT if owner[1] < column else ABOVE)
        rows.append(row)
    return rows


def _leave_out_running_heads(sheets: list[_Sheet]) -> None:
    """Lines at the edge that are page numbers or stand on most pages; others go to the body."""
    seen = Counter(text for sheet in sheets for text in {*map(_alike, sheet.head + sheet.foot)})
    enough = max(_FEWEST_HEADS, len(sheets) // 2)

    def belongs(line: Line) -> bool:
        return not _PAGE_NUMBER.fullmatch(line.text) and seen[_alike(line)] < enough

    for sheet in sheets:
        sheet.blocks[:0] = _flow([line for line in sheet.head if belongs(line)])
        sheet.blocks.extend(_flow([line for line in sheet.foot if belongs(line)]))


def _characters(block: Line | Table) -> int:
    if isinstance(block, Line):
        return len(block.text)
    return sum(len(cell.text) for row in block.rows for cell in row)


def _alike(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _write(sheets: list[_Sheet], document: str) -> SourceText:
    writer = _Writer(document)
    open_table: Table | None = None
    title: list[str] = []  # lines above the open table
    for sheet in sheets:
        blocks = list(sheet.blocks)
        if open_table is None or not blocks:
            writer.page(len(open_table.rows) if open_table else None)
        else:
            following = _next_part(open_table, title, blocks)
            if following is None:
                writer.whole_table(open_table.rows)
                writer.page(None)
            else:
                writer.page(len(open_table.rows))
                join(open_table, following)
                blocks = blocks[blocks.index(following) + 1 :]
                if not blocks:
                    continue
                writer.whole_table(open_table.rows)
            open_table = None
        for block in blocks[:-1]:
            writer.block(block)
        last = blocks[-1] if blocks else None
        if isinstance(last, Table):
            open_table = last
            title = [block.text for block in blocks[:-1] if isinstance(block, Line)]
        elif last is not None:
            writer.block(last)
    if open_table is not None:
        writer.whole_table(open_table.rows)
    return writer.done()


def _next_part(table: Table, title: Sequence[str], blocks: Sequence[Line | Table]) -> Table | None:
    """The table on the next page that goes on with this one; its title may be printed again."""
    above: list[str] = []
    for block in blocks:
        if isinstance(block, Table):
            if not continues(table, block):
                return None
            again = above == title[-len(above) :] and heading_again(table, block) > 0
            return block if again or not above else None
        above.append(block.text)
    return None


class _Writer(SourceWriter):
    """Notes where pages begin; a page may begin at a row of a table that is still open."""

    def __init__(self, document: str) -> None:
        super().__init__(document)
        self._pages: list[int] = []
        self._waiting: list[int | None] = []

    def page(self, row: int | None) -> None:
        """The next page begins at a row of the open table, or after it where there is none."""
        self._waiting.append(row)

    def block(self, block: "Line | Table") -> None:
        if isinstance(block, Table):
            self.whole_table(block.rows)
        else:
            self._begin_pages()
            self.paragraphs(block.text)

    def whole_table(self, rows: list[list[GridCell]]) -> None:
        if self._waiting and self._waiting[0] is None:
            self._begin_pages(upto_rows=True)
        written = CellRows()
        for number, row in enumerate(rows):
            while self._waiting and (self._waiting[0] or 0) <= number:
                self._waiting.pop(0)
                self._pages.append(self._length)
            self._row(row, written)
        self._begin_pages()
        self._end_table(written)

    def _begin_pages(self, upto_rows: bool = False) -> None:
        while self._waiting and not (upto_rows and self._waiting[0] is not None):
            self._waiting.pop(0)
            self._pages.append(self._length)

    def done(self) -> SourceText:
        self._begin_pages()
        return replace(self.finish(), pages=tuple(self._pages))
