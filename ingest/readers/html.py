"""Web pages through lxml: the article's paragraphs and data tables, in their order.

A block element or <br> ends a line; blanks collapse as in a browser, and a line break of the
source between two Chinese characters is none. What of a page is read, `html_page` says.
"""

import re
from dataclasses import replace

from lxml import etree
from lxml.etree import _Element as Element

from graph.model import Warning
from ingest.blocks import SourceText
from ingest.clean import is_furniture, without_imprint
from ingest.encoding import decode, decode_leniently
from ingest.errors import DamagedFile, EmptyFile, UnknownEncoding
from ingest.limits import Limits
from ingest.readers.html_grid import RowCells, Spanning, grid, span
from ingest.readers.html_page import Page, frames, is_attachment, is_telling, look
from ingest.readers.mhtml import is_mhtml, pages
from ingest.readers.writing import SourceWriter

_HEAD = 2048
_LONGEST_ADDRESS = 100
# White space, comments and an XML declaration, then <!DOCTYPE html · <table width=…
# not: <w:wordDocument · 青禾县<table>
_FIRST_TAG = re.compile(
    rb"(?>\s|\xef\xbb\xbf|\xff\xfe|\xfe\xff|<!--.*?-->|<\?xml[^>]*>)*+"
    rb"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|base|style|script|table|div|p|span|font"
    rb"|center|section|article|main|h[1-6]|ul|ol)\b)",
    re.IGNORECASE | re.DOTALL,
)
# <?xml version="1.0" encoding="gb2312"?>  ·  not: <?mso-application?>
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
# 公厕改造</t at the end of the file                                    not: <td>
_CUT_TAG = re.compile(r"<(?:[/!A-Za-z][^<>]{0,2000})?\Z")
_RUN = re.compile(r"[ \t\n\r\f]+|[^ \t\n\r\f]+")

_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "body", "br", "caption", "center", "dd", "div"}
    | {"dl", "dt", "fieldset", "figure", "figcaption", "footer", "form", "h1", "h2", "h3", "h4"}
    | {"h5", "h6", "header", "hr", "html", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"}
)
_GROUPS = frozenset({"thead", "tbody", "tfoot"})


def is_html(content: bytes) -> bool:
    """Whether the first thing in it is a tag of a web page, or it is one saved as MHTML."""
    head = content[:_HEAD].replace(b"\0", b"")
    return bool(_FIRST_TAG.match(head)) or is_mhtml(content)


def read_html(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Raises EmptyFile where a page shows nothing without its frames or scripts, UnknownEncoding,
    DamagedFile, or TooLarge."""
    if not is_mhtml(content):
        return _read_page(content, name, document, limits)
    empty: EmptyFile | None = None
    for page in pages(content, name):
        try:
            return _read_page(page, name, document, limits)
        except EmptyFile as error:
            empty = empty or error  # a page of frames: each is another part
    raise empty or EmptyFile(f"{name}：网页存档里没有文字。")


def _read_page(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    text, warnings = _decode(content, name)
    root = _parse(text, name)
    if root is None:
        raise EmptyFile(f"{name}：网页里没有文字。")
    shown = frames(root)
    scripted = root.find(".//script") is not None
    page = look(root, name)
    source = _Emitter(page, SourceWriter(document), name, limits).read(root, warnings)
    if not source.text.strip():
        # A page of links alone, as all of them are somewhere else.
        page = replace(page, article=None, noise=frozenset())
        source = _Emitter(page, SourceWriter(document), name, limits).read(root, warnings)
    if source.text.strip():
        return source
    raise EmptyFile(f"{name}：{_why_empty(shown, scripted)}")


def _why_empty(shown: list[str], scripted: bool) -> str:
    if shown:
        return (
            f"网页本身没有文字，内容在框架 {shown[0][:_LONGEST_ADDRESS]} 里；"
            "请在浏览器中单独打开那个框架，另存后再入库。"
        )
    if scripted:
        return (
            "网页里没有文字，内容要由脚本载入；请用浏览器打开，等正文出现后另存为 mhtml，"
            "或把正文复制到 Word 中另存为 docx。"
        )
    return "网页里没有文字。"


def _decode(content: bytes, name: str) -> tuple[str, tuple[Warning, ...]]:
    """What the page declares decides nothing: servers convert pages and leave the declaration."""
    try:
        text, cut = decode(content, name)
    except UnknownEncoding:
        lenient = decode_leniently(content)
        if lenient is None:
            raise
        damaged = lenient.count("\ufffd")
        message = f"{name}：有 {damaged} 处字节损坏，读作“\ufffd”；请与原网页核对。"
        return lenient, (Warning(code="bytes_damaged", message=message),)
    if cut:
        message = f"{name}：文件在一个汉字中间断开，末尾可能缺失内容。"
        return text, (Warning(code="cut_off", message=message),)
    if (tag := _CUT_TAG.search(text)) is not None:
        message = f"{name}：网页在一个标签中间断开，末尾可能缺失内容。"
        return text[: tag.start()], (Warning(code="cut_off", message=message),)
    return text, ()


def _parse(text: str, name: str) -> Element | None:
    body = _XML_DECLARATION.sub("", text.removeprefix("\ufeff")).replace("\0", "")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True, no_network=True
    )
    try:
        return etree.fromstring(body.encode("utf-8", errors="replace"), parser)
    except etree.LxmlError as error:
        raise DamagedFile(f"{name}：网页已损坏；请重新下载，或用浏览器打开后另存。") from error


class _Flow:
    """Text as it is laid out: blanks collapsed, lines ended by `end_line`."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._last = ""
        self._gap = ""
        self._ended = False

    def add(self, text: str, preformatted: bool = False) -> None:
        for run in _RUN.findall(text):
            if not run.isspace() or "\xa0" in run or "\u3000" in run:
                self._word(run.replace("\xa0", " "))
            elif preformatted and "\n" in run:
                self.end_line()
            else:
                self._gap = "\n" if "\n" in run else self._gap or " "

    def end_line(self) -> None:
        self._ended = True
        self._gap = ""

    def take(self) -> str:
        """The lines so far, and begin anew."""
        text = "".join(self._parts)
        self._parts, self._last = [], ""
        self._gap, self._ended = "", False
        return text

    def _word(self, word: str) -> None:
        if self._last and self._ended:
            self._parts.append("\n")
        elif self._last and self._gap and not self._joins(word):
            self._parts.append(" ")
        self._parts.append(word)
        self._last, self._gap, self._ended = word[-1], "", False

    def _joins(self, word: str) -> bool:
        return self._gap == "\n" and _is_wide(self._last) and _is_wide(word[0])


def _is_wide(char: str) -> bool:
    return "\u2e80" <= char <= "\uffef"


class _Emitter:
    """Writes a page in one walk. Inside a data table, tables are lines of their cell."""

    def __init__(self, page: Page, writer: SourceWriter, name: str, limits: Limits) -> None:
        self._page = page
        self._writer = writer
        self._name = name
        self._limits = limits
        self._unseen = 0 if page.article is None else 1
        self._in_links = 0
        self._title = ""
        self._main = _Flow()
        self._cell: _Flow | None = None
        self._table: Element | None = None
        self._nested = 0
        self._rows: list[RowCells] = []
        self._group = 0
        self._in_row = False
        self._preformatted = 0
        self._cells = 0

    def read(self, root: Element, warnings: tuple[Warning, ...]) -> SourceText:
        self._write_title()
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
            else:
                self._end(element)
        self._write_lines(last=True)
        return self._writer.finish(warnings)

    def _write_title(self) -> None:
        """The title often stands above the article, among what is left out."""
        article, title = self._page.article, self._page.title
        if article is not None and _squeeze(title) not in _squeeze("".join(article.itertext())):
            self._writer.paragraphs(title)
            self._title = _squeeze(title)

    def _write_lines(self, last: bool = False) -> None:
        """The lines so far. A title that is written already stands where the page tells it."""
        lines = [line for line in self._main.take().split("\n") if not is_furniture(line)]
        if self._unseen:
            lines = [line for line in lines if is_telling(line) and _squeeze(line) != self._title]
        self._writer.paragraphs("\n".join(without_imprint(lines) if last else lines))

    def _turn(self, step: int) -> None:
        """Into (1) or out of (-1) what is not read but for its telling lines."""
        if not self._unseen or not self._unseen + step:
            self._write_lines()
        self._unseen += step

    def _text(self, text: str | None) -> None:
        if not text:
            return
        if self._cell is not None:
            self._cell.add(text, self._preformatted > 0)
        elif not self._unseen or not self._in_links:
            self._main.add(text, self._preformatted > 0)

    def _end_line(self) -> None:
        (self._main if self._cell is None else self._cell).end_line()

    def _start(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._end_line()
            self._preformatted += tag == "pre"
        if self._cell is None:
            if element is self._page.article:
                self._turn(-1)
            elif element in self._page.noise:
                self._turn(1)
        if tag == "a" and element.get("href") and not is_attachment(element):
            self._in_links += 1
        if tag == "table":
            self._start_table(element)
        elif self._table is not None and not self._nested:
            self._start_part(tag)
        self._text(element.text)

    def _start_table(self, element: Element) -> None:
        if self._table is not None:
            self._nested += 1
        elif element in (self._page.kept if self._unseen else self._page.tables):
            self._table, self._rows, self._in_row = element, [], False

    def _start_part(self, tag: object) -> None:
        if tag in _GROUPS:
            self._group += 1
        elif tag == "tr":
            self._rows.append(RowCells(self._group))
            self._in_row = True
        elif tag in ("td", "th"):
            if not self._in_row:
                self._rows.append(RowCells(self._group))
                self._in_row = True
            self._cell = _Flow()

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._end_line()
            self._preformatted -= tag == "pre"
        if element is self._table:
            self._end_table()
        elif tag == "table" and self._table is not None:
            self._nested -= 1
        elif self._table is not None and not self._nested:
            self._end_part(element)
        if tag == "a" and element.get("href") and not is_attachment(element):
            self._in_links -= 1
        if self._cell is None:
            if element is self._page.article:
                self._turn(1)
            elif element in self._page.noise:
                self._turn(-1)
        self._text(element.tail)

    def _end_part(self, element: Element) -> None:
        if element.tag in ("td", "th") and self._cell is not None:
            rows, columns = span(element.get("rowspan"), True), span(element.get("colspan"), False)
            self._rows[-1].cells.append(Spanning(self._cell.take().strip(), rows, columns))
            self._cell = None
        elif element.tag == "tr":
            self._in_row = False
        elif element.tag in _GROUPS:
            self._group += 1

    def _end_table(self) -> None:
        self._write_lines()
        rows = grid(self._rows, self._name, self._limits, self._cells)
        self._cells += len(rows) * len(rows[0]) if rows else 0
        self._writer.table(rows)
        self._table, self._rows = None, []


def _squeeze(text: str) -> str:
    return "".join(text.split())
