"""Born-digital PDF through PDFium: ruled tables as grids, other text as lines, page by page."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, TypeAlias

from ingest.blocks import RawTable, SourceText
from ingest.errors import DamagedFile, NeedsOcr, TooLarge, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.pdf_grid import Grid, find_grids
from ingest.readers.pdf_page import Glyph, Page, read_page
from ingest.readers.pdf_text import Line, cell_text, reading_order, stream_lines
from ingest.readers.writing import ABOVE, EMPTY, LEFT, GridCell, SourceWriter, check_cells

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
See: TypeAlias = Callable[[Any, int, Page], Page]
"""What a page without text shows: of pypdfium2's page, its number from 1, and what it holds."""


@dataclass(slots=True)
class _Table:
    """Rows of one width between the column lines `xs`."""

    xs: tuple[float, ...]
    rows: list[list[GridCell]]


@dataclass(slots=True)
class _Sheet:
    """What stands on one page from the top down; `margin` are lines at its edges."""

    blocks: list[Line | _Table] = field(default_factory=list)
    margin: list[Line] = field(default_factory=list)


def read_pdf(
    content: bytes, name: str, document: str, limits: Limits, see: See | None = None
) -> SourceText:
    """Raises NeedsOcr for scans, TooLarge (max_pages), DamagedFile, and UnsupportedFormat for a
    file behind a password."""
    sheets, empty = [], 0
    with _PDFIUM:
        cells = 0
        for page in _pages(content, name, limits, see):
            empty += not page.glyphs
            sheet = _sheet(page)
            cells += sum(len(b.rows) * len(b.xs) for b in sheet.blocks if isinstance(b, _Table))
            check_cells(cells, name, limits)
            sheets.append(sheet)
    if empty == len(sheets):
        raise NeedsOcr(
            f"{name}：{len(sheets)} 页都没有文字，是扫描件；请先用文字识别（OCR）"
            "软件转成文本再入库。"
        )
    _leave_out_running_heads(sheets)
    return _write(sheets, document)


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
    sheet = _Sheet()
    grids = find_grids(page.edges)
    cells: list[dict[tuple[int, int], list[Glyph]]] = [{} for _ in grids]
    free = [glyph for glyph in page.glyphs if not _into_cell(glyph, grids, cells)]
    lines: list[Line] = []
    for line in stream_lines(free):
        high = line.y - line.size < page.top + _MARGIN
        (sheet.margin if high or line.y > page.bottom - _MARGIN else lines).append(line)
    for grid, texts in zip(grids, cells, strict=True):
        middle = (grid.ys[0] + grid.ys[-1]) / 2
        sheet.blocks.extend(reading_order([line for line in lines if line.y < middle]))
        lines = [line for line in lines if line.y >= middle]
        if texts:
            sheet.blocks.append(_Table(grid.xs, _rows(grid, texts)))
    sheet.blocks.extend(reading_order(lines))
    return sheet


def _into_cell(
    glyph: Glyph, grids: Sequence[Grid], cells: list[dict[tuple[int, int], list[Glyph]]]
) -> bool:
    for grid, texts in zip(grids, cells, strict=True):
        place = grid.at(*glyph.middle)
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
                row.append(GridCell(cell_text(texts.get(owner, ()))))
            else:
                row.append(LEFT if owner[1] < column else ABOVE)
        rows.append(row)
    return rows


def _leave_out_running_heads(sheets: list[_Sheet]) -> None:
    """Lines at the edge that are page numbers or stand on most pages; others go to the body."""
    seen = Counter(_DIGITS.sub("#", line.text) for sheet in sheets for line in {*sheet.margin})
    enough = max(_FEWEST_HEADS, len(sheets) // 2)
    for sheet in sheets:
        kept = [
            line
            for line in sheet.margin
            if not _PAGE_NUMBER.fullmatch(line.text) and seen[_DIGITS.sub("#", line.text)] < enough
        ]
        first = next((b.y for b in sheet.blocks if isinstance(b, Line)), None)
        middle = first if first is not None else (kept[0].y + 1 if kept else 0.0)
        sheet.blocks[:0] = [line for line in kept if line.y < middle]
        sheet.blocks.extend(line for line in kept if line.y >= middle)


def _write(sheets: list[_Sheet], document: str) -> SourceText:
    writer = _Writer(document)
    open_table: _Table | None = None
    for sheet in sheets:
        blocks = list(sheet.blocks)
        if open_table is not None and blocks:
            first = blocks[0]
            if isinstance(first, _Table) and _continues(open_table, first):
                writer.page(len(open_table.rows))
                open_table.rows.extend(_continuation(open_table, first))
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
        if isinstance(last, _Table):
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

    def block(self, block: "Line | _Table") -> None:
        if isinstance(block, _Table):
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


def _continues(table: _Table, following: _Table) -> bool:
    return len(table.xs) == len(following.xs) and all(
        abs(a - b) <= _NEAR for a, b in zip(table.xs, following.xs, strict=True)
    )


def _continuation(table: _Table, following: _Table) -> list[list[GridCell]]:
    """The rows that the following page adds; a broken one is joined to the last row."""
    rows = following.rows
    for start in range(len(table.rows)):
        again = 0
        while (
            again < min(_MOST_HEADINGS, len(rows))
            and start + again < len(table.rows)
            and rows[again] == table.rows[start + again]
            and sum(bool(cell.text) for cell in rows[again]) > 1
        ):
            again += 1
        if again:
            rows = rows[again:]
            break
    if not rows:
        return []
    above, first = table.rows[-1], rows[0]
    if _is_broken(above, first):
        table.rows[-1] = [_joined(a, b) for a, b in zip(above, first, strict=True)]
        return rows[1:]
    leading = next((i for i, cell in enumerate(first) if cell.text), len(first))
    return [[*[ABOVE] * leading, *first[leading:]], *rows[1:]]


def _is_broken(above: Sequence[GridCell], first: Sequence[GridCell]) -> bool:
    """The first cells are empty, and so is one that every row fills, or most of them are."""
    leading = next((i for i, cell in enumerate(first) if cell.text), len(first))
    if not leading:
        return False
    missing = any(
        a.text and not b.text for a, b in zip(above[leading:], first[leading:], strict=True)
    )
    return missing or leading * 2 >= len(first)


def _joined(above: GridCell, below: GridCell) -> GridCell:
    if not below.text:
        return above
    return GridCell(above.text + below.text) if above.text or above == EMPTY else below
