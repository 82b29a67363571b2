"""Born-digital PDF through PDFium: ruled tables as grids, other text as lines, page by page."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from threading import Lock

from ingest.blocks import RawTable, SourceText
from ingest.errors import DamagedFile, NeedsOcr, TooLarge, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.pdf_grid import Grid, find_grids
from ingest.readers.pdf_joining import Table, continues, join
from ingest.readers.pdf_page import Glyph, Page, read_page
from ingest.readers.pdf_text import Line, cell_text, reading_order, stream_lines
from ingest.readers.writing import ABOVE, LEFT, GridCell, SourceWriter, check_cells

# - 12 -  ·  第 3 页 共 9 页  ·  3/9  ·  12  ·  not: 2025年
_PAGE_NUMBER = re.compile(
    r"[-—–·]?\s*\d{1,4}\s*[-—–·]?|第\s*\d{1,4}\s*页.{0,12}|\d{1,4}\s*/\s*\d{1,4}"
)
_DIGITS = re.compile(r"\d+")
_MARGIN = 57.0  # points, 2 cm: no text of the body stands nearer to the edge of the paper
_FEWEST_HEADS = 2
_NEAR = 4.0
_MOST_HEADINGS = 5  # rows of a heading that is printed again
_PDFIUM = Lock()
"""PDFium serves one thread at a time."""


@dataclass(slots=True)
class _Sheet:
    """What stands on one page from the top down; `head` and `foot` are lines at its edges."""

    blocks: list[Line | Table] = field(default_factory=list)
    head: list[Line] = field(default_factory=list)
    foot: list[Line] = field(default_factory=list)


def read_pdf(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Raises NeedsOcr for scans, TooLarge (max_pages), DamagedFile, and UnsupportedFormat for a
    file behind a password."""
    sheets, empty = [], 0
    with _PDFIUM:
        cells = 0
        for page in _pages(content, name, limits):
            empty += not page.glyphs
            sheet = _sheet(page)
            cells += sum(len(b.rows) * len(b.xs) for b in sheet.blocks if isinstance(b, Table))
            check_cells(cells, name, limits)
            sheets.append(sheet)
    if empty == len(sheets):
        raise NeedsOcr(
            f"{name}：{len(sheets)} 页都没有文字，是扫描件；请先用文字识别（OCR）"
            "软件转成文本再入库。"
        )
    _leave_out_running_heads(sheets)
    return _write(sheets, document)


def _pages(content: bytes, name: str, limits: Limits) -> Iterator[Page]:
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
            page.close()
            yield found
    finally:
        pdf.close()


def _sheet(page: Page) -> _Sheet:
    sheet = _Sheet()
    sizes = [glyph.size for glyph in page.glyphs]
    grids = find_grids(page.edges, median(sizes) if sizes else 0.0)
    cells: list[dict[tuple[int, int], list[Glyph]]] = [{} for _ in grids]
    free = [glyph for glyph in page.glyphs if not _into_cell(glyph, grids, cells)]
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
        sheet.blocks.extend(reading_order([line for line in lines if line.y < middle]))
        lines = [line for line in lines if line.y >= middle]
        if texts:
            sheet.blocks.append(Table(grid.xs, _rows(grid, texts), grid.open_top, grid.open_bottom))
    sheet.blocks.extend(reading_order(lines))
    return sheet


def _into_cell(
    glyph: Glyph, grids: Sequence[Grid], cells: list[dict[tuple[int, int], list[Glyph]]]
) -> bool:
    for grid, texts in zip(grids, cells, strict=True):
        place = grid.at(glyph)
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
        sheet.blocks[:0] = reading_order([line for line in sheet.head if belongs(line)])
        sheet.blocks.extend(reading_order([line for line in sheet.foot if belongs(line)]))


def _alike(line: Line) -> str:
    return _DIGITS.sub("#", line.text)


def _write(sheets: list[_Sheet], document: str) -> SourceText:
    writer = _Writer(document)
    open_table: Table | None = None
    for sheet in sheets:
        blocks = list(sheet.blocks)
        if open_table is not None and blocks:
            first = blocks[0]
            if isinstance(first, Table) and continues(open_table, first):
                writer.page(len(open_table.rows))
                join(open_table, first)
                blocks = blocks[1:]
                if not blocks:
                    continue
                writer.whole_table(open_table.rows)
            else:
                writer.whole_table(open_table.rows)
                writer.page(None)
            open_table = None
        else:
            writer.page(len(open_table.rows) if open_table else None)
        for block in blocks[:-1]:
            writer.block(block)
        last = blocks[-1] if blocks else None
        if isinstance(last, Table):
            open_table = last
        elif last is not None:
            writer.block(last)
    if open_table is not None:
        writer.whole_table(open_table.rows)
    return writer.done()


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
        written = []
        for number, row in enumerate(rows):
            while self._waiting and (self._waiting[0] or 0) <= number:
                self._waiting.pop(0)
                self._pages.append(self._length)
            written.append(self._row(row))
        self._begin_pages()
        if written:
            self._tables.append(RawTable(len(self._tables) + 1, tuple(written)))

    def _begin_pages(self, upto_rows: bool = False) -> None:
        while self._waiting and not (upto_rows and self._waiting[0] is not None):
            self._waiting.pop(0)
            self._pages.append(self._length)

    def done(self) -> SourceText:
        self._begin_pages()
        return replace(self.finish(), pages=tuple(self._pages))
