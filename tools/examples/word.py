"""A Word document with the tables of the original form: merged cells, seven columns."""

import io
import zipfile
from collections.abc import Iterable
from datetime import datetime

from docx import Document
from docx.document import Document as WordDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml.ns import qn
from docx.table import Table

from tools.examples.headings import COLUMNS, PARTS, PLAN, SECTIONS, UNIT, counted, table_title
from tools.examples.source import Notice, Project, Row, Statement

_CREATED = datetime(2025, 1, 1)
_ZIP_DATE = (2025, 1, 1, 0, 0, 0)
_FONT = "宋体"
_TABLE_STYLES = ("Normal Table", "Table Grid")
_UNUSED_PARTS = ("/stylesWithEffects", "/thumbnail", "/customXml")


def statement(document: Statement) -> bytes:
    word = _new(f"{document.department}{document.year}年部门预算绩效文本")
    word.add_heading(f"{document.department}{document.year}年部门预算绩效文本", 0)
    word.add_heading(f"{PARTS[0]} {PARTS[1]}", 1)
    word.add_heading(SECTIONS[0], 2)
    _paragraphs(word, document.overall)
    word.add_heading(SECTIONS[1], 2)
    for position, goal in enumerate(document.goals, 1):
        word.add_heading(counted(position, goal.title), 3)
        _paragraphs(word, (f"绩效目标：{goal.goal}", f"绩效指标：{goal.indicator}"))
    word.add_heading(SECTIONS[2], 2)
    for position, (title, text) in enumerate(document.safeguards, 1):
        _paragraphs(word, (counted(position, f"{title}。{text}"),))
    word.add_heading(f"{PARTS[2]} {PARTS[3]}", 1)
    for position, project in enumerate(document.projects, 1):
        word.add_heading(table_title(position, project.name), 2)
        _header(word, document, project)
        word.add_paragraph()
        _indicators(word, project.rows)
    return _bytes(word)


def notice(document: Notice) -> bytes:
    year, month, day = document.date.split("-")
    word = _new(document.title)
    _paragraphs(word, (f"{document.issuer}文件", document.number))
    word.add_heading(document.title, 1)
    _paragraphs(word, (f"{document.addressee}：", *document.paragraphs))
    for position, name in enumerate(document.attachments, 1):
        _paragraphs(word, (f"{'附件：' if position == 1 else ''}{position}.{name}",))
    _paragraphs(word, (document.issuer, f"{year}年{int(month)}月{int(day)}日"))
    return _bytes(word)


def _new(title: str) -> WordDocument:
    word = Document()
    properties = word.core_properties
    properties.title, properties.author, properties.comments = title, "", ""
    properties.created = properties.modified = _CREATED
    style = word.styles["Normal"]
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONT)
    return word


def _paragraphs(word: WordDocument, texts: Iterable[str]) -> None:
    for text in texts:
        word.add_paragraph(text)


def _header(word: WordDocument, document: Statement, project: Project) -> None:
    table = word.add_table(rows=7, cols=7, style="Table Grid")
    _fill(table, 0, [(0, 4, "".join(document.unit)), (5, 6, UNIT)])
    _fill(
        table,
        1,
        [(0, 0, "项目编码"), (1, 2, project.code), (3, 3, "项目名称"), (4, 6, project.name)],
    )
    amounts = (
        "预算数",
        project.budget,
        "其中：财政资金",
        project.fiscal,
        "其他资金",
        project.other,
    )
    _fill(table, 2, [(column, column, text) for column, text in enumerate(amounts, 1)])
    _fill(table, 3, [(1, 6, project.purpose)])
    quarters = ((1, 2), (3, 3), (4, 4), (5, 6))
    for row, texts in ((4, PLAN), (5, project.plan)):
        _fill(table, row, [(*span, text) for span, text in zip(quarters, texts, strict=True)])
    _fill(table, 6, [(0, 0, "绩效目标"), (1, 6, "\n".join(project.goals))])
    table.cell(2, 0).merge(table.cell(3, 0)).text = "预算规模及资金用途"
    table.cell(4, 0).merge(table.cell(5, 0)).text = "资金支出计划（%）"


def _fill(table: Table, row: int, cells: list[tuple[int, int, str]]) -> None:
    """Write texts into one row, each over the columns from its first to its last number."""
    for first, last, text in cells:
        cell = table.cell(row, first)
        if last > first:
            cell = cell.merge(table.cell(row, last))
        cell.text = text


def _indicators(word: WordDocument, rows: tuple[Row, ...]) -> None:
    table = word.add_table(rows=1 + len(rows), cols=len(COLUMNS), style="Table Grid")
    _fill(table, 0, [(column, column, text) for column, text in enumerate(COLUMNS)])
    first = 0
    for number, row in enumerate(rows):
        _fill(table, number + 1, [(c, c, text) for c, text in enumerate(row.cells) if c > 0])
        if row.level1 != rows[first].level1:
            first = number
        if number + 1 == len(rows) or rows[number + 1].level1 != row.level1:
            table.cell(first + 1, 0).merge(table.cell(number + 1, 0)).text = row.level1


def _lighten(word: WordDocument) -> None:
    """Drop what the library's template carries and these documents never use: nine tenths."""
    for style in list(word.styles):
        if style.type == WD_STYLE_TYPE.TABLE and style.name not in _TABLE_STYLES:
            style.delete()
    for relations in (word.part.rels, word.part.package.rels):
        unused = [key for key, rel in relations.items() if rel.reltype.endswith(_UNUSED_PARTS)]
        for key in unused:
            del relations[key]


def _bytes(word: WordDocument) -> bytes:
    """The container with fixed dates and without compression: equal bytes on every machine."""
    _lighten(word)
    buffer = io.BytesIO()
    word.save(buffer)
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _ZIP_DATE)
            info.create_system = 3
            target.writestr(info, source.read(name))
    return out.getvalue()
