"""What is what on a web page, before a word is read: hidden parts, noise, the article, tables.

CASE 1  <div class="TRS_Editor">…</div> with most of the text: the article; the rest is left out
CASE 2  no such element: all but what is named or shaped like navigation
CASE 3  a table of three cells around one of forty: laid out, not data; the inner one is a table
CASE 4  a table outside the article that holds more than links: kept
CASE 5  索引号：… ⏎ 发文字号：… ⏎ 附件1.xlsx outside the article: these lines are kept
"""

import re
from dataclasses import dataclass, field

from lxml import etree
from lxml.etree import _Element as Element

from ingest.errors import DamagedFile

# class="TRS_Editor" · id="zoom" · class="pages_content"  ·  not: class="wrap"
_ARTICLE = re.compile(r"content|article|trs_u?editor|zoom|detail|正文", re.IGNORECASE)
# class="footer" · class="main-nav" · id="breadcrumb2"  ·  not: class="renavation"
_NOISE = re.compile(
    r"(?:^|[-_\s])(?:nav|navbar|navigation|menu|foot|footer|header|breadcrumbs?|crumbs?|location"
    r"|position|sidebar|copyright|share|toolbar|search|login|banner|pagination)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
# display: none · VISIBILITY:hidden  ·  not: overflow:hidden
_HIDDEN = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
# 索 引 号：9901 · 青财建〔2025〕9031号 · 附件1：分配表 · 青禾县关于下达资金的通知  ·  not: 首页
_TELLING = re.compile(
    r"索\s*引\s*号|文\s*号\s*[:：]|发文(?:字号|机关|机构|单位)|(?:成文|发布|生成|公开|印发)(?:日期|时间|机构)"
    r"|主题分类|有效性|(?:信息)?名\s*称\s*[:：]|附\s*件|[〔\[【（(]20\d\d[〕\]】）)]\s*第?\d+\s*号"
    r"|关于.{2,80}(?:通知|通报|意见|办法|方案|公示|公告|批复|函|决定|规定|报告|说明)$"
    r"|(?:绩效文本|目标表|自评表|评价表|分配表|汇总表|明细表|申报表|预算表)$"
)
# 2025-04-02 · [10]  ·  not: 4月
_DATES = re.compile(r"[\d\s\-./:\[\]()（）>|·•年月日]+")
# /att/9031.XLSX · a.pdf?x=1  ·  not: /content/a.html
_FILE = re.compile(
    r"\.(?:docx?|wps|xlsx?|et|pdf|ofd|zip|rar|7z|csv|txt|jpe?g|png)(?:$|[?#])", re.IGNORECASE
)
# 关于下达资金的通知_青禾县人民政府 is cut at the mark  ·  not: 2024-2025年
_SITE = re.compile(r"\s*(?:[_|]|\s[-–—]\s).*", re.DOTALL)

_ARTICLE_TAGS = frozenset({"article", "main"})
_NOISE_TAGS = frozenset({"nav", "footer", "aside"})
_UNSEEN_TAGS = frozenset(
    {"head", "script", "style", "noscript", "template", "iframe", "object", "svg", "xml"}
    | {"select", "textarea", "button", "canvas", "audio", "video"}
)
_LISTS = frozenset({"div", "ul", "ol", "section", "td", "dl", "aside"})
_NAMED = _LISTS | {"header", "footer", "nav", "form", "table", "tr", "tbody", "p", "center"}
_SHOWN_LATER = frozenset({"js_content"})  # hidden until a script of the site has run
_DEEPEST = 2047  # the parser drops whatever stands deeper
_ARTICLE_SHARE, _INNER_SHARE, _NOISE_SHARE = 0.6, 0.9, 0.3
_LINK_SHARE, _FEWEST_LINKS = 0.8, 3
_LONGEST_TELLING = 150


@dataclass(frozen=True, slots=True)
class Page:
    """`article` is None where no part stands out. `kept` are the `tables` not of links alone.

    Of what stands outside the article or in `noise`, only lines that `is_telling` are read.
    """

    article: Element | None
    tables: frozenset[Element]
    kept: frozenset[Element]
    noise: frozenset[Element]
    title: str


def look(root: Element, name: str) -> Page:
    """Empty what nobody sees, and tell the rest apart. Changes the tree.

    Raises DamagedFile for a page nested deeper than the parser follows.
    """
    title = _title(root)
    for element in [found for found in root.iter() if _unseen(found)]:
        _empty(element)
    survey = _Survey()
    survey.walk(root, name)
    article = survey.article()
    around = set() if article is None else {article, *article.iterancestors()}
    noise = frozenset(found for found in survey.noise() if found not in around)
    return Page(article, frozenset(survey.tables), frozenset(survey.kept), noise, title)


def frames(root: Element) -> list[str]:
    """The addresses of what the page shows in frames."""
    found = (frame.get("src") or "" for frame in root.iter("frame", "iframe"))
    return [address for address in found if address]


def is_telling(line: str) -> bool:
    """Whether a line says what the document is: its title, number, date, or attachments."""
    return len(line) <= _LONGEST_TELLING and bool(_TELLING.search(line))


def is_attachment(link: Element) -> bool:
    """Whether a link leads to a file, or says so."""
    return bool(_FILE.search(link.get("href") or "")) or "附件" in (link.text or "")


def _title(root: Element) -> str:
    """The article's title as the page's own data tell it, "" where they do not."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() == "articletitle" and meta.get("content"):
            return " ".join((meta.get("content") or "").split())
    for tag in ("h1", "title"):
        for element in root.iter(tag):
            if text := " ".join("".join(element.itertext()).split()):
                return text if tag == "h1" else _SITE.sub("", text)
    return ""


def _unseen(element: Element) -> bool:
    return (
        element.tag in _UNSEEN_TAGS
        or "hidden" in element.attrib
        or (
            bool(_HIDDEN.search(element.get("style") or ""))
            and element.get("id") not in _SHOWN_LATER
        )
    )


def _empty(element: Element) -> None:
    """Without content and meaning; what follows it stays. A hidden cell takes no place."""
    element.clear(keep_tail=True)
    element.tag = "span"


@dataclass(slots=True)
class _Count:
    """What an element holds: characters, those in links, links, and what forbids to drop it.

    `dated` are characters of dates and numbers outside links, `noise` plain ones to be left out.
    """

    chars: int = 0
    linked: int = 0
    links: int = 0
    dated: int = 0
    noise: int = 0
    precious: bool = False
    tabled: int = 0

    def add(self, inner: "_Count") -> None:
        self.chars += inner.chars
        self.linked += inner.linked
        self.links += inner.links
        self.dated += inner.dated
        self.noise += inner.noise
        self.precious |= inner.precious
        self.tabled += inner.tabled

    @property
    def plain(self) -> int:
        return self.chars - self.linked


@dataclass(slots=True)
class _TableCount:
    """`filled` cells of its own; `inner` those of data tables inside it."""

    row: int = 0
    widest: int = 0
    filled: int = 0
    inner: int = 0


@dataclass(slots=True)
class _Survey:
    """One pass over the tree, linear in its size."""

    tables: set[Element] = field(default_factory=set)
    kept: set[Element] = field(default_factory=set)
    _articles: list[tuple[Element, int]] = field(default_factory=list)
    _noise: list[tuple[Element, int]] = field(default_factory=list)
    _open: list[_Count] = field(default_factory=lambda: [_Count()])
    _open_tables: list[_TableCount] = field(default_factory=list)
    _in_links: int = 0

    def walk(self, root: Element, name: str) -> None:
        for event, element in etree.iterwalk(root, events=("start", "end")):
            if event == "start":
                self._start(element)
                if len(self._open) > _DEEPEST:
                    raise DamagedFile(
                        f"{name}：网页里的元素嵌套超过 {_DEEPEST} 层，读不完整；"
                        "请用浏览器打开，把正文复制到 Word 中另存为 docx。"
                    )
            else:
                self._end(element)

    def article(self) -> Element | None:
        """The innermost element of an article's name that holds nearly all of the text."""
        most = max((plain for _, plain in self._articles), default=0)
        if not most or most < (self._open[0].plain - self._open[0].noise) * _ARTICLE_SHARE:
            return None
        return next(found for found, plain in self._articles if plain >= most * _INNER_SHARE)

    def noise(self) -> list[Element]:
        most = self._open[0].plain * _NOISE_SHARE
        return [found for found, plain in self._noise if plain <= most]

    def _start(self, element: Element) -> None:
        self._open.append(_Count())
        if element.tag == "a" and element.get("href"):
            self._in_links += 1
            self._open[-1].links = 1
        elif element.tag == "table":
            self._open_tables.append(_TableCount())
        elif element.tag == "tr" and self._open_tables:
            self._open_tables[-1].row = 0
        self._text(element.text)

    def _text(self, text: str | None) -> None:
        if text:
            length = len(text.strip())
            self._open[-1].chars += length
            self._open[-1].precious |= "附件" in text
            if self._in_links:
                self._open[-1].linked += length
            else:
                self._open[-1].dated += length - len(_DATES.sub("", text.strip()))

    def _end(self, element: Element) -> None:
        count = self._open.pop()
        if element.tag == "a" and element.get("href"):
            self._in_links -= 1
            count.precious |= is_attachment(element)
        elif element.tag in ("td", "th") and self._open_tables:
            table = self._open_tables[-1]
            table.row += 1
            table.widest = max(table.widest, table.row)
            table.filled += count.chars > count.tabled
        elif element.tag == "table":
            self._end_table(element, count)
        elif element.tag == "h1":
            count.precious = True
        self._judge(element, count)
        self._open[-1].add(count)
        self._text(element.tail)

    def _end_table(self, element: Element, count: _Count) -> None:
        table = self._open_tables.pop()
        inner = table.inner
        if table.widest > 1 and table.filled > 1 and table.filled >= table.inner:
            self.tables.add(element)
            inner = table.filled
            count.tabled = count.chars
            if count.plain:
                self.kept.add(element)
                count.precious = True
        if self._open_tables:
            self._open_tables[-1].inner += inner

    def _judge(self, element: Element, count: _Count) -> None:
        names = f"{element.get('id') or ''} {element.get('class') or ''}"
        if element.tag in _ARTICLE_TAGS or (element.tag != "body" and _ARTICLE.search(names)):
            self._articles.append((element, count.plain - count.noise))
        elif (
            not count.precious
            and element.tag in _NAMED
            and (element.tag in _NOISE_TAGS or _NOISE.search(names) or _is_menu(element, count))
        ):
            self._noise.append((element, count.plain))
            count.noise = count.plain


def _is_menu(element: Element, count: _Count) -> bool:
    """Links and hardly anything else but dates: 首页 | 政务公开 | 办事服务."""
    return (
        element.tag in _LISTS
        and count.links >= _FEWEST_LINKS
        and count.linked >= (count.chars - count.dated) * _LINK_SHARE
    )
