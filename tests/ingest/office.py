"""Writes a layout as Word, Excel and web pages, and prints them to PDF by the office programs."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl.styles import Alignment, Border, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from tests.ingest.pdf_layouts import ABOVE, LEFT, Layout, Rows, Ruled

SOFFICE = shutil.which("soffice")
FONT = "Noto Sans CJK SC"


def spans(rows: Rows) -> Iterator[tuple[int, int, int, int, str]]:
    """Row, column, rows down, columns right and text of every cell that is not covered."""
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            right = 1
            while j + right < len(row) and row[j + right] == LEFT:
                right += 1
            down = 1
            while (
                i + down < len(rows)
                and rows[i + down][j] == ABOVE
                and _same(rows, i + down, j, right)
            ):
                down += 1
            yield i, j, down, right, text


def _same(rows: Rows, row: int, column: int, width: int) -> bool:
    return all(rows[row][column + k] == LEFT for k in range(1, width))


def write_docx(layout: Layout, path: Path) -> None:
    document = docx.Document()
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    if layout.landscape:
        section.orientation = WD_ORIENT.LANDSCAPE
        width, height = height, width
    section.page_width, section.page_height = width, height
    section.left_margin = section.right_margin = Mm(20)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(10)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    if layout.head:
        section.header.paragraphs[0].text = layout.head
    _page_field(section.footer.paragraphs[0])
    for block in layout.blocks:
        if isinstance(block, Ruled):
            _docx_table(document, block)
        else:
            document.add_paragraph(block)
    document.save(str(path))


def _page_field(paragraph: object) -> None:
    run = paragraph.add_run("- ")  # type: ignore[attr-defined]
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), "PAGE")
    run._r.addnext(field)
    paragraph.add_run(" -")  # type: ignore[attr-defined]


def _docx_table(document: object, block: Ruled) -> None:
    rows = block.rows
    table = document.add_table(len(rows), len(rows[0]))  # type: ignore[attr-defined]
    table.style = "Table Grid"
    table.autofit = False
    grid = [list(row.cells) for row in table.rows]
    for j, width in enumerate(block.widths):
        table.columns[j].width = Mm(width)
        for row in grid:
            row[j].width = Mm(width)
    for i, j, down, right, text in spans(rows):
        cell = grid[i][j]
        if down > 1 or right > 1:
            cell = cell.merge(grid[i + down - 1][j + right - 1])
        cell.text = text
    for row in table.rows[: block.heading]:
        mark = OxmlElement("w:tblHeader")
        row._tr.get_or_add_trPr().append(mark)


def write_xlsx(layout: Layout, path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    side = Side(style="thin")
    line = 1
    for block in layout.blocks:
        if isinstance(block, str):
            sheet.cell(line, 1, block)
            line += 1
            continue
        for i, row in enumerate(block.rows):
            for j in range(len(row)):
                sheet.cell(line + i, j + 1).border = Border(side, side, side, side)
        for i, j, down, right, text in spans(block.rows):
            cell = sheet.cell(line + i, j + 1, text)
            cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
            if down > 1 or right > 1:
                sheet.merge_cells(
                    start_row=line + i,
                    start_column=j + 1,
                    end_row=line + i + down - 1,
                    end_column=j + right,
                )
        for j, width in enumerate(block.widths):
            sheet.column_dimensions[get_column_letter(j + 1)].width = width / 2
        for i, row in enumerate(block.rows):
            sheet.row_dimensions[line + i].height = 15 * max(_lines(block, row))
        if block.heading:
            sheet.print_title_rows = f"{line}:{line + block.heading - 1}"
        line += len(block.rows)
    sheet.page_setup.orientation = "landscape" if layout.landscape else "portrait"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter = HeaderFooterItem(center=_HeaderFooterPart("第 &P 页，共 &N 页"))
    if layout.head:
        sheet.oddHeader = HeaderFooterItem(center=_HeaderFooterPart(layout.head))
    book.save(path)


def _lines(block: Ruled, row: list[str]) -> Iterator[int]:
    for j, text in enumerate(row):
        right = j + 1
        while right < len(row) and row[right] == LEFT:
            right += 1
        room = sum(block.widths[j:right]) / 4.2
        yield max(1, round(len(text) / max(1.0, room) + 0.5)) + text.count("\n")


def html_of(layout: Layout) -> str:
    size = "A4 landscape" if layout.landscape else "A4"
    parts = [
        "<!DOCTYPE html><meta charset=utf-8><style>"
        f"@page{{size:{size};margin:20mm}}body{{font:10pt '{FONT}'}}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed}"
        "td{border:1px solid black;padding:2px 4px;white-space:pre-line;word-break:break-all}"
        "</style>"
    ]
    for block in layout.blocks:
        if isinstance(block, str):
            parts.append(f"<p>{block}</p>")
            continue
        columns = "".join(f"<col style='width:{width}mm'>" for width in block.widths)
        parts.append(f"<table>{columns}")
        cells = {(i, j): (down, right, text) for i, j, down, right, text in spans(block.rows)}
        for i, row in enumerate(block.rows):
            if block.heading and i in (0, block.heading):
                parts.append("<thead>" if i == 0 else "</thead><tbody>")
            parts.append("<tr>")
            for j in range(len(row)):
                if (i, j) in cells:
                    down, right, text = cells[i, j]
                    parts.append(f"<td rowspan={down} colspan={right}>{text}</td>")
            parts.append("</tr>")
        parts.append("</table>")
    return "".join(parts)


def print_pdf(sources: list[Path], folder: Path) -> None:
    """By LibreOffice, all at once: a start takes seconds."""
    assert SOFFICE
    subprocess.run(
        [
            SOFFICE,
            f"-env:UserInstallation=file://{folder}/profile",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            *map(str, sources),
        ],
        check=True,
        capture_output=True,
        timeout=240,
    )
