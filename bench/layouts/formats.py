"""From an abstract document to the bytes of a file."""

import csv
import html
import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import docx
import openpyxl
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, LongTable, Paragraph, SimpleDocTemplate, TableStyle

from bench.layouts.grid import Area, Grid, Paper

# 1860.00, 18                                              not: 322001 (a code), 1.2万亩, 0
_AMOUNT = re.compile(r"\d+\.\d\d")
_COUNT = re.compile(r"[1-9]\d{0,4}")
_FONT = "STSong-Light"
_WIDE = 9
"""Tables of more columns are printed on landscape pages."""


def to_docx(paper: Paper) -> bytes:
    file = docx.Document()
    for block in paper.blocks:
        if isinstance(block, str):
            file.add_paragraph(block)
            continue
        table = file.add_table(rows=len(block.rows), cols=block.width)
        cells = table._cells
        for area in block.areas:
            first = cells[area.row * block.width + area.column]
            last_row, last_column = area.row + area.rows - 1, area.column + area.columns - 1
            if (area.rows, area.columns) != (1, 1):
                first = first.merge(cells[last_row * block.width + last_column])
            first.text = area.text
    return _saved(file.save)


def to_xlsx(paper: Paper) -> bytes:
    """Amounts and small counts are numbers, all else is text, as people type them."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for sheet in paper.sheets:
        page = book.create_sheet(sheet.name)
        top = 1
        for block in sheet.blocks:
            if isinstance(block, str):
                page.cell(top, 1, block)
                top += 1
                continue
            for area in block.areas:
                _write_cell(page.cell(top + area.row, 1 + area.column), area.text)
                if (area.rows, area.columns) != (1, 1):
                    page.merge_cells(
                        start_row=top + area.row,
                        start_column=1 + area.column,
                        end_row=top + area.row + area.rows - 1,
                        end_column=area.column + area.columns,
                    )
            top += len(block.rows)
    return _saved(book.save)


def _write_cell(cell: openpyxl.cell.Cell, text: str) -> None:
    if _AMOUNT.fullmatch(text):
        cell.value, cell.number_format = float(text), "0.00"
    elif _COUNT.fullmatch(text):
        cell.value = int(text)
    elif text:
        cell.value = text


def to_html(paper: Paper) -> bytes:
    parts = ["<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title></title></head><body>"]
    for block in paper.blocks:
        if isinstance(block, str):
            parts.append(f"<p>{_escaped(block)}</p>")
            continue
        rows: list[list[Area]] = [[] for _ in block.rows]
        for area in block.areas:
            rows[area.row].append(area)
        lines = ("".join(map(_html_cell, row)) for row in rows)
        parts.append("<table border='1'>" + "".join(f"<tr>{line}</tr>\n" for line in lines))
        parts.append("</table>")
    return "\n".join([*parts, "</body></html>"]).encode()


def _html_cell(area: Area) -> str:
    spans = (("rowspan", area.rows), ("colspan", area.columns))
    attributes = "".join(f' {name}="{count}"' for name, count in spans if count > 1)
    return f"<td{attributes}>{_escaped(area.text)}</td>"


def _escaped(text: str) -> str:
    return html.escape(text).replace("\n", "<br/>")


def to_csv(paper: Paper) -> bytes:
    """Covered cells stand empty; a paragraph is a row of one cell; UTF-8 with a mark, as Excel."""
    out = io.StringIO()
    writer = csv.writer(out)
    for block in paper.blocks:
        if isinstance(block, str):
            writer.writerow([block])
        else:
            writer.writerows([[cell or "" for cell in row] for row in block.filled()])
    return out.getvalue().encode("utf-8-sig")


def to_md(paper: Paper) -> bytes:
    """Pipe tables: covered cells stand empty, the first row is the head."""
    parts = []
    for block in paper.blocks:
        if isinstance(block, str):
            parts.append(block)
            continue
        rows = [[_piped(cell or "") for cell in row] for row in block.filled()]
        lines = [f"| {' | '.join(row)} |" for row in rows]
        parts.append("\n".join([lines[0], "|" + " --- |" * block.width, *lines[1:]]))
    return ("\n\n".join(parts) + "\n").encode()


def _piped(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")


def to_txt(paper: Paper) -> bytes:
    """As Word's text comes out of converters: a tab before each cell, a line for each, an empty
    line after each row. A cell covered from above stands empty, one covered from the left does not.
    """
    parts = []
    for block in paper.blocks:
        if isinstance(block, str):
            parts.append(f"{block}\n")
            continue
        for row in block.filled():
            parts.append("".join(f"\t{cell or ' '}\n" for cell in row if cell is not None) + "\n")
    return "".join(parts).encode()


def to_pdf(paper: Paper) -> bytes:
    """Ruled tables, cells wrapped at their column's width; heading rows repeat as `repeat` says."""
    _register()
    wide = any(isinstance(b, Grid) and b.width > _WIDE for b in paper.blocks)
    size = landscape(A4) if wide else A4
    out = io.BytesIO()
    file = SimpleDocTemplate(out, pagesize=size, leftMargin=40, rightMargin=40)
    style = ParagraphStyle("text", fontName=_FONT, fontSize=8, leading=11, wordWrap="CJK")
    flow: list[Flowable] = []
    for block in paper.blocks:
        if isinstance(block, str):
            flow.append(Paragraph(_escaped(block), style))
        else:
            flow.append(_pdf_table(block, style, (size[0] - 80) / block.width))
    file.build(flow)
    return out.getvalue()


def _pdf_table(block: Grid, style: ParagraphStyle, width: float) -> LongTable:
    cells = [[Paragraph(_escaped(cell or ""), style) for cell in row] for row in block.filled()]
    commands: list[tuple[str, tuple[int, int], tuple[int, int], *tuple[Any, ...]]] = [
        ("GRID", (0, 0), (-1, -1), 0.5, colors.black)
    ]
    for area in block.areas:
        end = (area.column + area.columns - 1, area.row + area.rows - 1)
        if (area.rows, area.columns) != (1, 1):
            commands.append(("SPAN", (area.column, area.row), end))
    return LongTable(
        cells, colWidths=[width] * block.width, repeatRows=block.repeat, style=TableStyle(commands)
    )


@cache
def _register() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))


def _saved(save: Callable[[io.BytesIO], object]) -> bytes:
    buffer = io.BytesIO()
    save(buffer)
    return buffer.getvalue()


FORMATS: dict[str, Callable[[Paper], bytes]] = {
    "csv": to_csv,
    "docx": to_docx,
    "html": to_html,
    "md": to_md,
    "pdf": to_pdf,
    "txt": to_txt,
    "xlsx": to_xlsx,
}
