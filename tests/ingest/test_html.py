"""Web pages: encodings, grids, what is read of a page and what is left out."""

from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.blocks import SourceText
from ingest.errors import DamagedFile, EmptyFile, TooLarge, UnsupportedFormat
from ingest.extract import extract
from ingest.limits import Limits
from ingest.readers.html import is_html
from ingest.reading import read
from tests.ingest.documents import HEADING, ROWS
from tests.ingest.web_layouts import KEPT, NOISE, OTHERS, PAGES, RELATED, TITLE

LONG = "青禾县财政局安排资金用于改造城区老旧公厕，各单位要加强管理，专款专用。" * 5
TABLE = "<table><tr><td>项目<td>金额<tr><td>公厕改造<td>60.00</table>"


def page(html: str | bytes, **limits: int) -> SourceText:
    content = html.encode() if isinstance(html, str) else html
    return read(content, "a.html", "document:a", Limits(**limits))


def rows(source: SourceText, table: int = 0) -> list[list[str]]:
    """Texts of a table; "<" is covered from the left, "^" from above."""
    marks = {"left": "<", "above": "^", "": ""}
    return [
        [marks[cell.covered] or source.text[cell.start : cell.end] for cell in row]
        for row in source.tables[table].rows
    ]


TRADITIONAL = "青禾縣二〇二五年部門預算績效目標，改造公廁數量不少於十二座。"
SIMPLIFIED = "青禾县二〇二五年部门预算绩效目标，改造公厕数量不少于十二座。"


@pytest.mark.parametrize("declared", ["utf-8", "gb2312", "big5", "iso-8859-1", ""])
@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SIMPLIFIED, "gb18030"),
        (SIMPLIFIED.replace("〇", "零"), "gb2312"),
        (TRADITIONAL.replace("〇", "零"), "big5"),
        (TRADITIONAL, "gbk"),
        (SIMPLIFIED, "utf-8"),
        (SIMPLIFIED, "utf-8-sig"),
        (SIMPLIFIED, "utf-16"),
        (SIMPLIFIED, "utf-16-be"),
    ],
)
def test_the_bytes_decide_the_encoding_and_not_the_declaration(
    text: str, encoding: str, declared: str
) -> None:
    meta = f'<meta charset="{declared}">' if declared else ""
    html = f"<html><head>{meta}</head><body><p>{text}</p></body></html>"
    assert page(html.encode(encoding)).text == text + "\n"


def test_an_xml_declaration_decides_nothing() -> None:
    html = f'<?xml version="1.0" encoding="utf-8"?><html><p>{SIMPLIFIED}</html>'
    assert page(html.encode("gb18030")).text == SIMPLIFIED + "\n"


def test_a_damaged_byte_in_a_page_is_told_and_the_rest_is_read() -> None:
    source = page(f"<p>{LONG}</p><p>".encode() + b"\xe9\x9d" + f"禾{LONG}".encode())
    assert "\ufffd禾青禾县" in source.text
    assert [warning.code for warning in source.warnings] == ["bytes_damaged"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<!DOCTYPE html><p>x", True),
        (b" \n<!-- saved --> <?xml version='1.0'?>\n<TABLE border=1>", True),
        (b"\xef\xbb\xbf<div class=a>", True),
        ("<html>".encode("utf-16"), True),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n", True),
        ("青禾县<table>".encode(), False),  # text that speaks of a tag
        (b"<w:wordDocument>", False),  # Word's XML
        (b"<tablet>", False),
        (b"<!--a-->" * 300, False),  # must not take for ever
        (b"<!--" * 500, False),
    ],
)
def test_content_tells_a_page(content: bytes, expected: bool) -> None:
    assert is_html(content) is expected


def mhtml(*parts: tuple[str, str, str]) -> bytes:
    """Pages as browsers save them in one file: content type, encoding of characters, text."""
    message = MIMEMultipart("related")
    message["From"] = "<Saved by Blink>"
    for kind, charset, text in parts:
        message.attach(MIMEText(text, kind, charset))
    return message.as_bytes()


def test_a_page_saved_as_one_file_is_read() -> None:
    content = mhtml(("css", "utf-8", "p{}"), ("html", "gb18030", f"<p>{SIMPLIFIED}</p>{TABLE}"))
    source = page(content)
    assert source.text.startswith(SIMPLIFIED + "\n")
    assert rows(source) == [["项目", "金额"], ["公厕改造", "60.00"]]


def test_a_frame_of_a_page_saved_as_one_file_is_read() -> None:
    frame = "<html><frameset><frame src='cid:a'></frameset></html>"
    assert (
        page(mhtml(("html", "utf-8", frame), ("html", "utf-8", f"<p>{LONG}"))).text == LONG + "\n"
    )


def test_one_file_without_a_page_is_refused() -> None:
    with pytest.raises(DamagedFile, match=r"a\.html：.*另存为"):
        page(mhtml(("css", "utf-8", "p{}")))


@pytest.mark.parametrize(
    ("html", "why"),
    [
        ("<div id=app></div><script src=app.js></script>", "由脚本载入"),
        ("<frameset cols=20,80><frame src=nav.html><frame src=text.html></frameset>", "框架 nav"),
        ("<body><iframe src='/att/1.pdf'></iframe></body>", "框架 /att/1.pdf"),
    ],
)
def test_a_page_that_shows_nothing_by_itself_says_why(html: str, why: str) -> None:
    with pytest.raises(EmptyFile, match=why):
        page(f"<html>{html}</html>")


@pytest.mark.parametrize("layout", PAGES)
def test_nothing_of_a_notice_is_lost_and_no_noise_is_read(layout: str) -> None:
    text = page(PAGES[layout]).text
    assert [part for part in KEPT if part not in text] == []
    assert [part for part in NOISE if part in text] == []
    assert text.count(TITLE) == 1


@pytest.mark.parametrize("layout", ["xxgk_fields", "field_list"])
def test_the_fields_above_a_notice_are_kept(layout: str) -> None:
    text = page(PAGES[layout]).text
    assert all(part in text for part in ("索引号", "发文字号", "成文日期", "2025-04-02"))


def test_a_page_of_links_alone_is_read() -> None:
    assert page(f"<html><body>{RELATED}</body></html>").text.splitlines() == list(OTHERS)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>甲</p><p>乙</p>", "甲\n乙\n"),  # blocks end a line
        ("<div>甲<br>乙<br><br/>丙</div>", "甲\n乙\n丙\n"),  # <br> too, blank lines do not count
        ("<p>绩效\n  目标 ≥\n90%</p>", "绩效目标 ≥ 90%\n"),  # a source line break in Chinese
        ("<p>绩<b>效</b>目<span>标</span></p>", "绩效目标\n"),  # inline elements join
        ("<p>≥90&#37;&nbsp;&lt;青禾&gt;&amp;</p>", "≥90% <青禾>&\n"),  # entities
        ("<p>甲\t乙</p>", "甲 乙\n"),  # a tab would be a cell
        ("<div><pre>甲\n乙</pre></div>", "甲\n乙\n"),
        ("<p>甲</p><script>var 乙</script><style>丙</style><!-- 丁 --><p>戊", "甲\n戊\n"),
        ('<p>甲<span style="DISPLAY : none">乙</span>丙<i hidden>丁</i></p>', "甲丙\n"),
        ('<p style="overflow:hidden">甲</p>', "甲\n"),
        ("<div>甲<noscript>乙</noscript><select><option>丙</select></div>", "甲\n"),
    ],
)
def test_running_text(html: str, text: str) -> None:
    assert page(html).text == text


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        # colspan and rowspan together
        (
            "<tr><td rowspan=2 colspan=2>甲<td>乙<tr><td>丙<tr><td>丁<td>戊<td>己",
            [["甲", "<", "乙"], ["^", "<", "丙"], ["丁", "戊", "己"]],
        ),
        # a colspan wider than the table covers the table
        ("<tr><td colspan=100000>甲<tr><td>乙<td>丙", [["甲", "<"], ["乙", "丙"]]),
        # rowspan 0 and rowspan too long end with their row group
        (
            "<tbody><tr><td rowspan=0>甲<td>乙<tr><td>丙</tbody>"
            "<tbody><tr><td rowspan=9>丁<td>戊</tbody><tbody><tr><td>己<td>庚</tbody>",
            [["甲", "乙"], ["^", "丙"], ["丁", "戊"], ["己", "庚"]],
        ),
        # short rows are filled up, rows without cells are none
        ("<tr><td>甲<td>乙<td>丙<tr><tr><td>丁", [["甲", "乙", "丙"], ["丁", "", ""]]),
        # cells without a row; attributes that are no numbers
        ("<td>甲<td colspan=x rowspan=-1>乙", [["甲", "乙"]]),
        # lines of a cell, and a tab in it
        ("<tr><td><p>甲</p><p>乙&#9;丙</p><td>丁", [["甲\n乙 丙", "丁"]]),
        # hidden cells and rows take no place
        (
            "<tr><td>甲<td style='display:none'>x<td>乙<tr style='display:none'><td>y<td>z",
            [["甲", "乙"]],
        ),
        # a small table inside a cell of a larger one stays in its cell
        (
            "<tr><td>甲<td>乙<td>丙<tr><td>丁<td>戊<td><table><tr><td>己<td>庚</table>",
            [["甲", "乙", "丙"], ["丁", "戊", "己\n庚"]],
        ),
    ],
)
def test_grids(table: str, expected: list[list[str]]) -> None:
    source = page(f"<table>{table}</table>")
    assert rows(source) == expected
    assert len(source.tables) == 1


def test_a_table_around_tables_is_no_table() -> None:
    source = page(
        "<table><tr><td>青禾县<td><table><tr><td>"
        f"第一部分{TABLE}第二部分{TABLE}</table><tr><td>版权</table>"
    )
    assert [table.number for table in source.tables] == [1, 2]
    assert rows(source) == [["项目", "金额"], ["公厕改造", "60.00"]]
    cells = "\t项目\n\t金额\n\n\t公厕改造\n\t60.00\n\n"
    assert source.text == f"青禾县\n第一部分\n{cells}第二部分\n{cells}版权\n"


def test_one_cell_or_column_is_running_text() -> None:
    source = page("<table><tr><td>甲<tr><td>乙</table>")
    assert (source.text, source.tables) == ("甲\n乙\n", ())


NAVIGATION = (
    '<div class="header"><a href="/">首页</a><a href="/x">政务公开</a></div>'
    '<ul><li><a href="/1">机构</a><li><a href="/2">新闻</a><li><a href="/3">服务</a></ul>'
)


@pytest.mark.parametrize(
    "attribute", ['class="TRS_Editor"', 'id="zoom"', 'class="pages_content x"', 'id="newsArticle"']
)
def test_the_article_is_read_with_its_title_and_the_rest_is_not(attribute: str) -> None:
    source = page(
        f"<html><head><title>关于下达资金的通知_青禾县人民政府</title></head><body>{NAVIGATION}"
        f"<div>来源：网站</div><div {attribute}><p>{LONG}</p>{TABLE}</div><p>主办：办公室</p>"
    )
    cells = "\t项目\n\t金额\n\n\t公厕改造\n\t60.00\n\n"
    assert source.text == f"关于下达资金的通知\n{LONG}\n{cells}"


def test_a_table_outside_the_article_is_kept_and_one_of_links_is_not() -> None:
    links = '<table><tr><td><a href="/">首页</a><td><a href="/x">公开</a></table>'
    source = page(f"{links}<div id=zoom>{LONG}</div>附件{TABLE}<p>主办</p>")
    assert [rows(source, i) for i in range(len(source.tables))] == [
        [["项目", "金额"], ["公厕改造", "60.00"]]
    ]
    assert "首页" not in source.text and "主办" not in source.text


def test_without_an_article_only_navigation_is_left_out() -> None:
    source = page(
        f"<body>{NAVIGATION}<div>{LONG}</div><div class=wrap>{LONG}</div><footer>备案</footer>"
    )
    assert source.text == f"{LONG}\n{LONG}\n"


def test_a_small_element_of_an_articles_name_is_no_article() -> None:
    assert page(f"<div class=content>云岭县</div><div>{LONG}</div>").text == f"云岭县\n{LONG}\n"


def test_noise_by_name_that_holds_a_table_is_kept() -> None:
    source = page(f'<div>{LONG}{LONG}</div><div class="footer">{TABLE}</div>')
    assert len(source.tables) == 1


def test_a_goal_table_of_a_page_becomes_indicators() -> None:
    cells = "".join(f"<td>{cell}" for cell in ("项目编码", "99012125P000010110001X"))
    named = "".join(f"<td>{cell}" for cell in ("项目名称", "公厕改造经费"))
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}" for cell in row) for row in (HEADING, *ROWS[:1], *ROWS[2:])
    )
    html = (
        "<html><body><p>青禾县城市管理局</p><p>2025年部门预算绩效文本</p>"
        "<p>第二部分</p><p>预算项目绩效目标</p><p>1.公厕改造经费绩效目标表</p>"
        f"<table><tr><td colspan=6>322001青禾县城市管理局本级<tr>{cells}{named}{body}</table>"
    )
    source = page(html)
    (project,) = extract(source, "a" * 64, "a.html").projects
    assert [i.name.value for i in project.indicators] == ["改造公厕数量", "环境改善", "群众满意度"]
    evidence = project.indicators[0].name.evidence
    assert source.text[evidence.start : evidence.end] == evidence.raw
    assert evidence.line is None


@pytest.mark.parametrize("html", ["<html></html>", "<div> &nbsp;</div>", "<!doctype html>"])
def test_a_page_without_text_is_empty(html: str) -> None:
    with pytest.raises(EmptyFile):
        page(html)


def test_grids_over_the_limit_are_refused_before_they_are_built() -> None:
    wide = "<tr>" + "<td>x" * 3000
    with pytest.raises(TooLarge, match="max_table_cells"):
        page(f"<table>{wide}{'<tr><td>x' * 3000}</table>")
    hanging = "<tr>" + "<td rowspan=65534>x" * 2000
    with pytest.raises(TooLarge, match="max_table_cells"):
        page(f"<table>{hanging}{'<tr>' * 3000}</table>")
    with pytest.raises(TooLarge):
        page(TABLE * 3, max_table_cells=8)


@pytest.mark.timeout(20)
def test_hostile_pages_stay_cheap() -> None:
    spans = "<tr><td colspan=100000 rowspan=100000>甲<td>乙" * 300
    assert len(page(f"<table>{spans}</table>").tables) == 1
    assert page("<table><tr><td>" * 600 + TABLE).tables
    with pytest.raises(DamagedFile, match="嵌套"):
        page("<div>" * 100_000 + "青禾县")
    assert page("<p hidden>x</p>青" * 50_000).text


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), min_size=1, max_size=4),
        min_size=1,
        max_size=5,
    )
)
def test_every_cell_of_any_grid_stands_once(spans: list[list[tuple[int, int]]]) -> None:
    number = 0
    html = ""
    for row in spans:
        html += "<tr>"
        for down, right in row:
            html += f"<td rowspan={down} colspan={right}>格{number}</td>"
            number += 1
    source = page(f"<table>{html}</table>")
    if not source.tables:
        return  # a single column
    grid = rows(source)
    assert len({len(row) for row in grid}) == 1
    stands = [cell for row in grid for cell in row if cell not in ("<", "^", "")]
    assert stands == [f"格{i}" for i in range(number)]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2000))
def test_a_page_cut_anywhere_is_read_or_refused(cut: int) -> None:
    content = f"<html><body>{NAVIGATION}<div id=zoom><p>{LONG}</p>{TABLE}</div></body>".encode()[
        :cut
    ]
    try:
        source = page(content)
    except (EmptyFile, UnsupportedFormat):
        return
    for table in source.tables:
        assert all(cell.end <= len(source.text) for row in table.rows for cell in row)
