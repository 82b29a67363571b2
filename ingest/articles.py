"""Articles of a measure: 第X条 at the start of a line, to where the next one begins.

CASE 1  第一条 为规范资金管理，…      an article; 款 and 项 below it are its text
CASE 2  第二章 分配和使用              the chapter of the articles that follow
CASE 3  附件：…  附表1                 ends the last article
CASE 4  a second measure in the same file counts from 第一条 again: a series of its own
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph.model import Article, Text
from graph.values.article import ARTICLE, label, read_article
from graph.values.numerals import read_numeral
from graph.values.text import fold
from ingest.blocks import SourceText
from ingest.clean import without_marks
from ingest.parts import lines

# 第一条 为…   **第12条** …                          not: 第三条规定的…  第五条、第六条
_ARTICLE = re.compile(
    rf"[\s*#|·]*(?P<label>{ARTICLE})"
    r"(?!规定|所[称列指述]|中[规的所]|第|[款项至、，,和及与或的之～~—-])"
)
# 第一章 总则                                          not: 第一章规定
_CHAPTER = re.compile(
    r"[\s*#]*(?P<chapter>第[零一二三四五六七八九十百\d]{1,5}[章编][\s\u3000]*[^\s，。；][^，。；]{0,38})$"
)
_SECTION = re.compile(r"[\s*#]*第[零一二三四五六七八九十百\d]{1,5}节[^，。；]{0,40}$")
_ANNEX = re.compile(
    r"[\s*#]*附\s*(?:件|表|录|图)?\s*(?:\d+|[一二三四五六七八九十]+)?\s*(?:[:：.．、]|$)"
)
# — 3 —   - 12 -   第3页                               not: 12
_PAGE = re.compile(r"[-—–\s]*[-—–]\s*\d{1,4}\s*[-—–]\s*|第\s*\d{1,4}\s*页.{0,12}")
_SENTENCE_ENDS = ("。", "；", "：", ";", ":")
_GAP = 3
_ENDED = 10_000
"""As the number of the last article: behind an annex only a new count from 第一条 begins one."""


@dataclass(slots=True)
class _Open:
    """An article whose end is not known yet."""

    number: int
    sub: str | None
    series: int
    start: int
    chapter: str | None


def read_articles(source: SourceText) -> tuple[Article, ...]:
    """The articles of the text in order; () where it has fewer than two.

    Numbers rise: a line that begins with 第三条 far behind or ahead of its place is a sentence
    that was broken before it, no article.
    """
    found = tuple(_read(source))
    return found if len(found) > 1 else ()


def _read(source: SourceText) -> Iterator[Article]:
    current: _Open | None = None
    chapter: str | None = None
    last, series, end = 0, 1, 0
    for line in lines(source):
        begun = _ARTICLE.match(line.text)
        number = read_article(begun["number"]) if begun else None
        heading = _CHAPTER.match(line.text)
        if begun is not None and number is not None and _follows(number, last, begun["sub"]):
            if current is not None:
                yield _article(source, current, end)
            series += number == 1 and last > 1
            last, sub = number, begun["sub"]
            current = _Open(number, sub, series, line.start + begun.start("label"), chapter)
        elif heading or _SECTION.match(line.text) or _ANNEX.match(line.text):
            if current is not None:
                yield _article(source, current, end)
                current = None
            if heading:
                chapter = fold(heading["chapter"])
            elif _ANNEX.match(line.text):
                last, chapter = _ENDED, None
        end = line.end
    if current is not None:
        yield _article(source, current, end)


def _follows(number: int, last: int, sub: str | None) -> bool:
    """The next one, one a little further on (a lost line), 第X条之一, or a new count from one."""
    begins_anew = number == 1 and last != 1
    return last < number <= last + _GAP or begins_anew or (sub is not None and number == last)


def _article(source: SourceText, found: _Open, end: int) -> Article:
    evidence = source.evidence(found.start, end, "text")
    return Article(
        number=found.number,
        sub=read_numeral(found.sub) if found.sub else None,
        series=found.series,
        label=label(found.number, found.sub),
        chapter=found.chapter,
        text=Text(value=_paragraphs(evidence.raw), evidence=evidence),
    )


def _paragraphs(raw: str) -> str:
    """款 and 项 a line each; a line that was broken in a sentence goes on, page numbers are out."""
    paragraphs: list[list[str]] = []
    for line in without_marks(raw).replace("**", "").splitlines():
        if not line.strip() or _PAGE.fullmatch(line):
            continue
        if not paragraphs or paragraphs[-1][-1].endswith(_SENTENCE_ENDS):
            paragraphs.append([])
        paragraphs[-1].append(fold(line))
    return "\n".join("".join(broken) for broken in paragraphs)
