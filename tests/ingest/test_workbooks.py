"""Odd and hostile workbooks, written part by part: what no ordinary program would write, too."""

import io
import zipfile
from collections.abc import Iterable

import pytest

from ingest.blocks import SourceText
from ingest.errors import DamagedFile, EmptyFile, IngestError, TooLarge, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.number_formats import display
from ingest.reading import read

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT = (
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
    "http://purl.oclc.org/ooxml/officeDocument/relationships",
)
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATION = '<Relationship Id="{0}" Type="{1}/{0}" Target="{2}"/>'


def book(
    *sheets: str | Iterable[str],
    strings: str = "",
    styles: str = "",
    states: tuple[str, ...] = (),
    spaces: tuple[str, str] = (_MAIN, _OFFICE),
    main: str = "xl/workbook.xml",
) -> bytes:
    """A workbook with these bodies of <worksheet>; a piece may be as long as it likes."""
    space, office = spaces
    listed = "".join(
        f'<sheet name="表{n}" sheetId="{n}" r:id="s{n}" state="{state}"/>'
        for n, state in enumerate((*states, *["visible"] * (len(sheets) - len(states))), 1)
    )
    relations = "".join(
        _RELATION.format(kind, office, f"{kind}.xml") for kind in ("sharedStrings", "styles")
    ) + "".join(
        f'<Relationship Id="s{n}" Type="{office}/worksheet" Target="/xl/sheet{n}.xml"/>'
        for n in range(1, len(sheets) + 1)
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}">'
            + _RELATION.format("officeDocument", office, main)
            + "</Relationships>",
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}'
            "</Relationships>",
            main: f'<workbook xmlns="{space}" xmlns:r="{office}"><sheets>{listed}</sheets>'
            "</workbook>",
            "xl/sharedStrings.xml": f'<sst xmlns="{space}">{strings}</sst>',
            "xl/styles.xml": f'<styleSheet xmlns="{space}">{styles}</styleSheet>',
        }.items():
            file.writestr(name, content)
        for n, body in enumerate(sheets, 1):
            with file.open(f"xl/sheet{n}.xml", "w") as part:
                part.write(f'<worksheet xmlns="{space}">'.encode())
                for piece in [body] if isinstance(body, str) else body:
                    part.write(piece.encode())
                part.write(b"</worksheet>")
    return out.getvalue()


def text(place: str, words: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'


def data(*rows: str, first: int = 1) -> str:
    numbered = "".join(
        row if row.startswith("<row") else f'<row r="{n}">{row}</row>'
        for n, row in enumerate(rows, first)
    )
    return f"<sheetData>{numbered}</sheetData>"


def parse(content: bytes, **limits: int) -> SourceText:
    return read(content, "表.xlsx", "document:a", Limits(**limits))


def grid(source: SourceText) -> list[list[str]]:
    (table,) = source.tables
    return [
        [source.text[c.start : c.end] + {"left": "<", "above": "^"}.get(c.covered, "") for c in row]
        for row in table.rows
    ]


FOUR = data(
    text("A1", "甲") + text("B1", "乙") + text("C1", "丙"),
    text("A2", "丁") + text("B2", "戊") + text("C2", "己"),
)
CELLS = [
    # shared strings: runs are joined, a reading is left out, an escaped character comes back
    (
        '<c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>',
        "<si><r><t>青禾</t></r><r><t>县_x000D_&#10;</t></r><rPh><t>qing</t></rPh></si><si/>",
        [["青禾县\n"]],
    ),
    # an inline string of runs; an error; a truth; a text that is called a number
    (
        '<c t="inlineStr"><is><r><t>一</t></r><r><t xml:space="preserve"> 二</t></r></is></c>'
        '<c t="e"><v>#DIV/0!</v></c><c t="b"><v>1</v></c><c><v>≥12座</v></c>',
        "",
        [["一 二", "#DIV/0!", "TRUE", "≥12座"]],
    ),
    # formulas with a result; a result that is a text, and one that is empty
    (
        '<c><f>1+1</f><v>2</v></c><c t="str"><f>A1</f><v>文</v></c><c t="str"><f>A1</f><v></v></c>',
        "",
        [["2", "文"]],
    ),
    # a number as text keeps its zeros; no sign in front of a zero; no exponent
    (
        '<c t="str"><v>007</v></c><c><v>-0</v></c><c><v>1E-7</v></c><c><v>322001</v></c>',
        "",
        [["007", "0", "0.0000001", "322001"]],
    ),
    # a line break and a tab in a cell
    ('<c t="inlineStr"><is><t>上&#10;下&#9;右</t></is></c>', "", [["上\n下 右"]]),
]


@pytest.mark.parametrize(("cells", "strings", "expected"), CELLS)
def test_what_a_cell_displays(cells: str, strings: str, expected: list[list[str]]) -> None:
    assert grid(parse(book(data(cells), strings=strings))) == expected


def test_a_strict_workbook_is_read_alike() -> None:
    assert parse(book(FOUR, spaces=_STRICT)).text == parse(book(FOUR)).text


HIDDEN = [
    # a row; its neighbours stand together
    (
        data(text("A1", "甲"), f'<row r="2" hidden="1">{text("A2", "乙")}</row>', text("A3", "丙")),
        [["甲"], ["丙"]],
        "第 2 行",
    ),
    # columns
    (f'<cols><col min="2" max="3" hidden="1"/></cols>{FOUR}', [["甲"], ["丁"]], "第 B、C 列"),
    # what is empty hides nothing
    (f'<cols><col min="9" max="16384" hidden="1"/></cols>{FOUR}', None, None),
    # a merged cell that begins in a hidden column, and one in a hidden row, are seen
    (
        f'<cols><col min="1" max="1" hidden="1"/></cols>{FOUR}'
        '<mergeCells><mergeCell ref="A1:B1"/></mergeCells>',
        [["甲", "丙"], ["戊", "己"]],
        "第 A 列",
    ),
    (
        data(f'<row r="1" hidden="1">{text("A1", "甲")}</row>', text("B2", "乙"), text("B3", "丙"))
        + '<mergeCells><mergeCell ref="A1:A3"/></mergeCells>',
        [["甲", "乙"], ["^", "丙"]],
        None,
    ),
]


@pytest.mark.parametrize(("sheet", "expected", "said"), HIDDEN)
def test_what_is_hidden_is_named_and_not_read(
    sheet: str, expected: list[list[str]] | None, said: str | None
) -> None:
    source = parse(book(sheet))
    assert grid(source) == (expected or grid(parse(book(FOUR))))
    assert [w.code for w in source.warnings] == ["hidden_cells"] * (said is not None)
    assert said is None or said in source.warnings[0].message


def test_a_hidden_sheet_is_named() -> None:
    source = parse(book(FOUR, data(text("A1", "草稿")), data(""), states=("visible", "veryHidden")))
    assert "草稿" not in source.text
    assert ["表2" in w.message for w in source.warnings] == [True]
    with pytest.raises(EmptyFile, match=r"表1.*隐藏"):
        parse(book(FOUR, states=("hidden",)))


def test_rows_in_parts_and_in_any_order() -> None:
    body = data(
        f'<row r="3">{text("A3", "丙")}</row><row r="1">{text("B1", "乙")}</row>',
        f'<row r="1">{text("A1", "甲")}</row><row r="2">{text("A2", "丁")}</row>',
    )
    assert grid(parse(book(body))) == [["甲", "乙"], ["丁", ""], ["丙", ""]]


def test_merged_cells_bridge_empty_rows() -> None:
    merges = '<mergeCells><mergeCell ref="A1:A3"/></mergeCells>'
    body = data(text("A1", "甲") + text("B1", "1"), "", text("B3", "2"), "", "", text("A6", "尾"))
    assert grid(parse(book(body + merges))) == [["甲", "1"], ["^", "2"], ["", ""], ["尾", ""]]


CHEAP = [
    # a million formatted rows without text
    [
        "<sheetData>",
        f'<row r="1">{text("A1", "甲")}</row>',
        *('<row s="1" customFormat="1"><c s="0"/></row>' * 1000 for _ in range(400)),
        "</sheetData>",
    ],
    # a sheet that says it is as large as can be, with a cell in each corner
    [
        '<dimension ref="A1:XFD1048576"/>',
        data(text("A1", "甲"), f'<row r="1048576">{text("XFD1048576", "末")}</row>'),
    ],
    # one merged cell over everything
    [data(text("A1", "甲")), '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'],
    # the same merged cell again and again
    [data(text("A1", "甲")), "<mergeCells>", *['<mergeCell ref="A1:C9"/>' * 1000] * 30],
    # all columns hidden many times over, far from the text
    ["<cols>", *['<col min="9" max="16384" hidden="1"/>' * 1000] * 30, "</cols>", FOUR],
    # a million elements that mean nothing
    [FOUR, "<extLst>", *["<x/>" * 10000] * 100, "</extLst>"],
    # one row of a million cells in one place
    ["<sheetData><row>", *['<c r="A1"><v>1</v></c>' * 1000] * 400, "</row></sheetData>"],
]


@pytest.mark.timeout(30)
@pytest.mark.parametrize("pieces", CHEAP)
def test_what_looks_huge_stays_small(pieces: list[str]) -> None:
    closing = "</mergeCells>" if "<mergeCells>" in pieces else ""
    source = parse(book([*pieces, closing]))
    assert sum(len(row) for table in source.tables for row in table.rows) < 10


REFUSED = [
    # a string of 32,767 characters that stands in every row
    (
        book(
            data(*['<c t="s"><v>0</v></c>'] * 20_000),
            strings=f"<si><t>{'长' * 32_767}</t></si>",
        ),
        TooLarge,
        "max_expanded_bytes",
    ),
    # what is no row, no column, no place, no string
    (book('<sheetData><row r="1048577"/></sheetData>'), DamagedFile, "1048577"),
    (book(data('<c r="XFE1"><v>1</v></c>')), DamagedFile, "XFE1"),
    (book(data("<c><v>1</v></c>" * 16_385)), DamagedFile, "16385"),
    (book(data('<c r="1A"><v>1</v></c>')), DamagedFile, "单元格"),
    (book(data('<c t="s"><v>7</v></c>')), DamagedFile, "第 7 条"),
    # more styles than there can be; a sheet that is not closed
    (book(FOUR, styles=f"<cellXfs>{'<xf/>' * 200_001}</cellXfs>"), DamagedFile, "200000"),
    (book("<sheetData>"), DamagedFile, "损坏"),
    # a binary workbook
    (book(FOUR, main="xl/workbook.bin"), UnsupportedFormat, "xlsb.*另存为 xlsx"),
]


@pytest.mark.parametrize(("content", "kind", "said"), REFUSED)
def test_what_cannot_be_is_told(content: bytes, kind: type[IngestError], said: str) -> None:
    with pytest.raises(kind, match=said):
        parse(content)


def test_entities_do_not_multiply() -> None:
    laughs = "".join(f'<!ENTITY e{n + 1} "{f"&e{n};" * 10}">' for n in range(9))
    head = f'<!DOCTYPE w [<!ENTITY e0 "哈"><!ENTITY f SYSTEM "file:///etc/hostname">{laughs}]>'
    for cell in ("甲&e9;", "甲&f;乙"):
        body = f'{head}<worksheet xmlns="{_MAIN}">{data(text("A1", cell))}</worksheet>'
        try:
            assert len(parse(_with_part(book(FOUR), "xl/sheet1.xml", body)).text) < 1000
        except DamagedFile as error:
            assert "损坏" in str(error)


def _with_part(content: bytes, part: str, body: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            new.writestr(name, body if name == part else old.read(name))
    return out.getvalue()


FORMATS = [
    (0.95, "0%", "95%"),
    (0.9555, "0.00%", "95.55%"),
    (46022, 'yyyy"年"m"月"d"日"', "2025年12月31日"),
    (46022, "[$-F800]yyyy/m/d", "2025/12/31"),
    (1860.5, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "1,860.50"),
    (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
    (-0.0, "General", "0"),
    (12, '0"座"', "12座"),
    (12000, "0!.0,万元", "1.2万元"),
    (1e22, "General", "10000000000000000000000"),
]


@pytest.mark.parametrize(("value", "code", "expected"), FORMATS)
def test_a_number_as_it_is_displayed(value: float, code: str, expected: str) -> None:
    assert display(value, code) == expected
