"""One self-written notice with an allocation table, as files of every format."""

import io
from collections.abc import Callable, Sequence
from typing import Any

import docx
import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

TITLE = "云山省财政厅关于下达2024年农业生产发展资金的通知"
HEAD = (TITLE, "云财农〔2024〕9031号", "各市财政局：")
BODY = (
    "根据《财政部关于下达农业生产发展资金预算的通知》（财农〔2024〕9003号），现下达资金（见附件），"
    "列2024年政府收支分类科目“2130122 农业生产发展”。",
)
SIGNATURE = ("云山省财政厅", "2024年6月5日")
CAPTION = ("附件", "2024年农业生产发展资金分配表", "单位：万元")
ROWS = (
    ("序号", "县（市、区）", "项目名称", "下达金额", "备注"),
    ("1", "青禾县", "良种推广", "120.5", "第一批"),
    ("2", "云岭县", "农机补贴", "1,080", ""),
    ("", "合计", "", "1,200.5", ""),
)
PARAGRAPHS = (*HEAD, *BODY, *SIGNATURE, *CAPTION)
Rows = Sequence[Sequence[str]]

_FONT = "STSong-Light"


def txt(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    table = "\n".join("\t".join(row) for row in rows)
    return "\n".join((*paragraphs, table, "")).encode()


def markdown(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    rule = "|" + "---|" * len(rows[0])
    return "\n\n".join((*paragraphs, "\n".join((lines[0], rule, *lines[1:])))).encode()


def html(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    cells = ("".join(f"<td>{cell}</td>" for cell in row) for row in rows)
    table = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<html><meta charset=utf-8><body>{body}<table>{table}</table></body></html>".encode()


def word(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    file: Any = docx.Document()
    for text in paragraphs:
        file.add_paragraph(text)
    table = file.add_table(rows=len(rows), cols=len(rows[0]))
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def excel(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    """The notice in the first column, its table below: figures are numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for text in paragraphs:
        sheet.append([text])
    for row in rows:
        sheet.append([_figure(cell) for cell in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _figure(text: str) -> str | float | None:
    plain = text.replace(",", "")
    return float(plain) if plain.replace(".", "", 1).isdigit() else text or None


def pdf(paragraphs: Sequence[str] = PARAGRAPHS, rows: Rows = ROWS) -> bytes:
    """Paragraphs broken at the margin, then a ruled table."""
    pdfmetrics.registerFont(UnicodeCIDFont(_FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4)
    canvas.setFont(_FONT, 11)
    y = A4[1] - 70
    for text in paragraphs:
        for at in range(0, len(text), 40):
            canvas.drawString(60, y, text[at : at + 40])
            y -= 18
    width = 470 / len(rows[0])
    for row in rows:
        for number, cell in enumerate(row):
            canvas.rect(60 + number * width, y - 6, width, 20)
            canvas.drawString(64 + number * width, y, cell)
        y -= 20
    canvas.save()
    return buffer.getvalue()


FORMATS: dict[str, Callable[[], bytes]] = {
    "txt": txt,
    "md": markdown,
    "html": html,
    "docx": word,
    "xlsx": excel,
    "pdf": pdf,
}
