"""What a Word document shows is read, and what it hides is not."""

import io
import zipfile
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.blocks import SourceText
from ingest.errors import DamagedFile, TooLarge
from ingest.limits import Limits
from ingest.readers.docx_numbering import spell
from ingest.reading import read

LIMITS = Limits()
_W = nsdecls("w")
_NAMES = (
    f"{_W} xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006' "
    "xmlns:m='http://schemas.openxmlformats.org/officeDocument/2006/math' "
    "xmlns:v='urn:schemas-microsoft-com:vml' "
    "xmlns:wps='http://schemas.microsoft.com/office/word/2010/wordprocessingShape'"
)


def run(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def par(inner: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inner}</w:p>"


def cell(inner: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{inner}</w:tc>"


def grid(*rows: str) -> str:
    return "<w:tbl><w:tblPr/>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"


def word(body: str, parts: dict[str, str] | None = None) -> bytes:
    """A document with this XML in its body, and further parts in its container."""
    file: Any = docx.Document()
    body_element = file.element.body
    wrapped = parse_xml(f"<w:body {_NAMES}>{body}</w:body>")
    for element in reversed(list(wrapped)):
        body_element.insert(0, element)
    buffer = io.BytesIO()
    file.save(buffer)
    replaced = parts or {}
    out = io.BytesIO()
    with zipfile.ZipFile(buffer) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name not in replaced:
                new.writestr(name, old.read(name))
        for name, content in replaced.items():
            new.writestr(name, content)
    return out.getvalue()


def source(body: str, parts: dict[str, str] | None = None) -> SourceText:
    return read(word(body, parts), "a.docx", "document:a", LIMITS)


def lines(body: str, parts: dict[str, str] | None = None) -> list[str]:
    return source(body, parts).text.splitlines()


def tables(found: SourceText) -> list[list[list[str]]]:
    return [
        [
            [
                found.text[c.start : c.end] + {"left": "<", "above": "^"}.get(c.covered, "")
                for c in row
            ]
            for row in table.rows
        ]
        for table in found.tables
    ]


BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx><w:txbxContent>"
    "{0}</w:txbxContent></wps:txbx></w:drawing></mc:Choice><mc:Fallback><w:pict><v:textbox>"
    "<w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    "</w:r>"
)

PARAGRAPHS = [
    # inserted text counts, deleted text does not
    (
        par(
            f"{run('预算')}<w:ins>{run('60')}</w:ins>"
            "<w:del><w:r><w:delText>50</w:delText></w:r></w:del>"
        ),
        ["预算60"],
    ),
    # moved text stands where it went
    (
        par(f"<w:moveFrom>{run('旧')}</w:moveFrom>") + par(f"<w:moveTo>{run('新')}</w:moveTo>"),
        ["", "新"],
    ),
    # a paragraph whose end was deleted goes on in the next
    (par(run("青禾"), "<w:rPr><w:del/></w:rPr>") + par(run("县")), ["青禾县"]),
    # hidden text is left out; turned off it is not hidden
    (par(run("甲") + run("藏", "<w:vanish/>") + run("乙", "<w:vanish w:val='0'/>")), ["甲乙"]),
    # content controls, links and simple fields around runs, and around paragraphs
    (
        par(
            f"<w:sdt><w:sdtPr/><w:sdtContent>{run('控')}</w:sdtContent></w:sdt>"
            f"<w:hyperlink>{run('链')}</w:hyperlink>"
        ),
        ["控链"],
    ),
    ("<w:sdt><w:sdtContent>" + par(run("段")) + "</w:sdtContent></w:sdt>", ["段"]),
    # the code of a field is no text
    (par("<w:r><w:instrText>PAGE</w:instrText></w:r>" + run("1")), ["1"]),
    # the base of a gloss, without its reading; a formula; a sign of the font Symbol
    (
        par(
            f"<w:r><w:ruby><w:rt>{run('tang')}</w:rt>"
            f"<w:rubyBase>{run('唐')}</w:rubyBase></w:ruby></w:r>"
        ),
        ["唐"],
    ),
    (par("<m:oMath><m:r><m:t>≥90%</m:t></m:r></m:oMath>"), ["≥90%"]),
    (par("<w:r><w:sym w:font='Symbol' w:char='F0B3'/></w:r>" + run("12座")), ["≥12座"]),
    # tabs and line breaks are text, page breaks are not
    (
        par(
            "<w:r><w:t>一</w:t><w:tab/><w:t>1</w:t><w:br/><w:t>二</w:t><w:br w:type='page'/></w:r>"
        ),
        ["一\t1", "二"],
    ),
    # a text box is read once, behind its paragraph, or alone
    (par(run("正文") + BOX.format(par(run("框内")))) + par(run("后文")), ["正文", "框内", "后文"]),
    (par(BOX.format(par(run("框内")))), ["框内"]),
]


@pytest.mark.parametrize(("body", "expected"), PARAGRAPHS)
def test_what_stands_in_a_paragraph(body: str, expected: list[str]) -> None:
    assert lines(body) == expected


def test_headers_and_footers_are_no_part() -> None:
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "页眉"
    file.sections[0].footer.paragraphs[0].text = "第1页"
    file.add_paragraph("正文")
    buffer = io.BytesIO()
    file.save(buffer)
    assert read(buffer.getvalue(), "a.docx", "document:a", LIMITS).text == "正文\n"


def test_notes_stand_at_the_end_in_the_order_of_the_text() -> None:
    def notes(kind: str, *texts: str) -> str:
        inner = "".join(
            f"<w:{kind} w:id='{n}'>{par(run(text))}</w:{kind}>" for n, text in enumerate(texts)
        )
        return f"<w:{kind}s {_W}>{inner}</w:{kind}s>"

    body = par(
        run("甲")
        + "<w:r><w:footnoteReference w:id='2'/></w:r>"
        + run("乙")
        + "<w:r><w:footnoteReference w:id='1'/><w:endnoteReference w:id='0'/></w:r>"
        + "<w:del><w:r><w:footnoteReference w:id='3'/></w:r></w:del>"
    )
    parts = {
        "word/footnotes.xml": notes("footnote", "分隔线", "其二", "其一", "已删"),
        "word/endnotes.xml": notes("endnote", "见云财建〔2025〕9001号"),
    }
    assert lines(body, parts) == [
        "甲乙",
        "脚注1：其一",
        "脚注2：其二",
        "尾注1：见云财建〔2025〕9001号",
    ]


def test_merged_cells_and_rows_of_unequal_width() -> None:
    found = source(
        grid(
            cell(par(run("一")), "<w:gridSpan w:val='2'/><w:vMerge w:val='restart'/>")
            + cell(par(run("二"))),
            cell(par(""), "<w:gridSpan w:val='2'/><w:vMerge/>") + cell(par(run("三"))),
            "<w:trPr><w:gridBefore w:val='1'/></w:trPr>" + cell(par(run("四"))),
            # continues nothing: its own text stands
            cell(par(run("五")), "<w:vMerge/>") + cell(par(run("六")) + par(run("七"))),
        )
    )
    assert tables(found) == [
        [["一", "<", "二"], ["^", "<", "三"], ["", "四", ""], ["五", "六\n七", ""]]
    ]


def test_deleted_and_hidden_rows_are_left_out() -> None:
    found = source(
        grid(
            cell(par(run("留"))) + cell(par(run("1"))),
            "<w:trPr><w:del/></w:trPr>" + cell(par(run("删"))) + cell(par(run("2"))),
            "<w:trPr><w:hidden/></w:trPr>" + cell(par(run("藏"))) + cell(par(run("3"))),
        )
    )
    assert tables(found) == [[["留", "1"]]]


def test_a_table_in_a_cell_comes_after_the_one_around_it() -> None:
    inner = grid(cell(par(run("内"))) + cell(par(run("表"))))
    found = source(grid(cell(par(run("外"))) + cell(par(run("格")) + inner + par(""))))
    assert tables(found) == [[["外", "格\n"]], [["内", "表"]]]


def test_a_table_of_one_cell_around_a_table_is_none() -> None:
    inner = grid(cell(par(run("内"))) + cell(par(run("表"))))
    found = source(grid(cell(par(run("题")) + grid(cell(inner + par(""))) + par(run("尾")))))
    assert tables(found) == [[["内", "表"]]]
    assert found.text == "题\n\t内\n\t表\n\n\n尾\n"


def test_one_cell_with_text_only_stays_a_table_and_boxes_belong_to_their_cell() -> None:
    assert tables(source(grid(cell(par(run("框")))))) == [[["框"]]]
    boxed = cell(par(run("格") + BOX.format(par(run("框内")))))
    assert tables(source(grid(boxed + cell(par(""))))) == [[["格\n框内", ""]]]


def test_a_tall_merged_column_takes_linear_time() -> None:
    first = cell(par(run("产出指标")), "<w:vMerge w:val='restart'/>") + cell(par(run("1")))
    below = cell(par(""), "<w:vMerge/>") + cell(par(run("1")))
    (table,) = source(grid(first, *[below] * 5000)).tables
    assert sum(row[0].covered == "above" for row in table.rows) == 5000


def _numbering(*levels: tuple[str, str]) -> str:
    inner = "".join(
        f"<w:lvl w:ilvl='{n}'><w:start w:val='1'/><w:numFmt w:val='{form}'/>"
        f"<w:lvlText w:val='{text}'/></w:lvl>"
        for n, (form, text) in enumerate(levels)
    )
    return (
        f"<w:numbering {_W}><w:abstractNum w:abstractNumId='0'>{inner}</w:abstractNum>"
        "<w:num w:numId='1'><w:abstractNumId w:val='0'/></w:num>"
        "<w:num w:numId='2'><w:abstractNumId w:val='0'/><w:lvlOverride w:ilvl='0'>"
        "<w:startOverride w:val='1'/></w:lvlOverride></w:num></w:numbering>"
    )


def _item(text: str, level: int, identity: int = 1) -> str:
    place = f"<w:ilvl w:val='{level}'/><w:numId w:val='{identity}'/>"
    return par(run(text), f"<w:numPr>{place}</w:numPr>")


def test_automatic_numbers_are_printed() -> None:
    levels = _numbering(
        ("chineseCounting", "%1、"),
        ("chineseCounting", "（%2）"),
        ("decimal", "%3"),
        ("bullet", "•"),
    )
    body = "".join(
        [
            *(_item("总体绩效目标", 0), _item("甲", 1), _item("乙", 1), _item("丙", 2)),
            *(_item("分项绩效目标", 0), _item("丁", 1), _item("点", 3), _item("重来", 0, 2)),
            _item("不编号", 0, 0),
        ]
    )
    assert lines(body, {"word/numbering.xml": levels}) == [
        *("一、总体绩效目标", "（一）甲", "（二）乙", "1 丙", "二、分项绩效目标", "（一）丁", "点"),
        *("一、重来", "不编号"),
    ]


def test_a_style_may_number() -> None:
    styles = (
        f"<w:styles {_W}><w:style w:styleId='A'><w:pPr><w:numPr><w:numId w:val='1'/></w:numPr>"
        "</w:pPr></w:style><w:style w:styleId='B'><w:basedOn w:val='A'/></w:style></w:styles>"
    )
    body = "".join(par(run(text), "<w:pStyle w:val='B'/>") for text in ("甲", "乙"))
    parts = {"word/numbering.xml": _numbering(("decimal", "%1.")), "word/styles.xml": styles}
    assert lines(body, parts) == ["1.甲", "2.乙"]


def test_a_style_may_hide() -> None:
    styles = (
        f"<w:styles {_W}><w:style w:type='character' w:styleId='A'><w:rPr><w:vanish/></w:rPr>"
        "</w:style><w:style w:type='character' w:styleId='B'><w:basedOn w:val='A'/></w:style>"
        "</w:styles>"
    )
    named = "<w:rStyle w:val='B'/>"
    body = par(run("甲") + run("藏", named) + run("乙", f"{named}<w:vanish w:val='0'/>"))
    assert lines(body, {"word/styles.xml": styles}) == ["甲乙"]


def test_an_embedded_document_is_told() -> None:
    found = source(par(run("前")) + "<w:altChunk/>" + par(run("后")))
    assert found.text == "前\n后\n"
    assert [w.code for w in found.warnings] == ["embedded_document"]


@pytest.mark.parametrize(
    ("count", "form", "expected"),
    [
        *((10, "chineseCounting", "十"), (20, "japaneseCounting", "二十")),
        *((99, "chineseCountingThousand", "九十九"), (100, "chineseCounting", "100")),
        *((20, "decimalEnclosedCircle", "⑳"), (21, "decimalEnclosedCircle", "21")),
        *((4, "lowerRoman", "iv"), (39, "upperRoman", "XXXIX"), (27, "upperLetter", "AA")),
        *((7, "decimalZero", "07"), (12, "decimalFullWidth", "１２"), (5, "没有这种", "5")),
    ],
)
def test_a_count_is_spelled(count: int, form: str, expected: str) -> None:
    assert spell(count, form) == expected


def test_hostile_documents_are_refused() -> None:
    wide = grid(cell(par(run("宽")), "<w:gridSpan w:val='99999999'/>") + cell(par("")))
    with pytest.raises(TooLarge, match="max_table_cells"):
        source(wide)
    with pytest.raises(TooLarge, match="max_expanded_bytes"):
        read(word(par(run("长" * 1000))), "a.docx", "document:a", Limits(max_expanded_bytes=900))
    deep = f"<w:document {_W}><w:body>{'<w:tbl><w:tr><w:tc>' * 3000}"
    entity = (
        "<!DOCTYPE w [<!ENTITY a '文'><!ENTITY b '&a;&a;&a;&a;'>]>"
        f"<w:document {_W}><w:body>{par(run('正&b;文'))}</w:body></w:document>"
    )
    with pytest.raises(DamagedFile, match="损坏"):
        source("", {"word/document.xml": deep})
    assert "文文" not in source("", {"word/document.xml": entity}).text
    deep += "</w:tc></w:tr></w:tbl>" * 3000 + "</w:body></w:document>"
    with pytest.raises(DamagedFile, match="损坏"):
        source("", {"word/document.xml": deep})
