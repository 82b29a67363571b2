"""The parts of a 部门预算绩效文本: where its department's goals stand, and each project."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.blocks import SourceText
from ingest.clean import BOOKMARK

_NUMBERING = (
    r"(?:[一二三四五六七八九十]{1,3}\s*[、.．]"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]\s*、?"
    r"|\d{1,2}\s*[.．、])?"
)
# 一、总体绩效目标   ·   （二）、分项绩效目标   ·   not: 一、总体绩效目标→1 (a line of contents)
_SECTION = re.compile(
    rf"^[\s\u3000]*{_NUMBERING}\s*(总体绩效目标|分项绩效目标|工作保障措施)[\s\u3000]*$"
)
# 1.公厕改造经费绩效目标表   ·   not: 1.公厕改造经费绩效目标表→19
_PROJECT_TITLE = re.compile(r"^[\s\u3000]*\d{1,3}\s*[.．、].*绩效目标表[\s\u3000]*$")
_UNIT_LINE = re.compile(r"^[\s\u3000]*\d{6}\s*\S.*$")
_PROJECT_CODE = re.compile(r"项\s*目\s*编\s*码")
_PART = re.compile(r"^[\s\u3000]*第[一二三四五六七八九十]部分")
_PROJECT_PART = re.compile(r"预算项目绩效目标[\s\u3000]*$")

SECTIONS = {"总体绩效目标": "overall", "分项绩效目标": "sub", "工作保障措施": "safeguard"}


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line without bookmarks before its text: ``source.plain[start:end] == text``."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Span:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Section:
    """`kind` is overall, sub or safeguard; the span holds the text below the heading."""

    kind: str
    span: Span


def lines(source: SourceText, start: int = 0, end: int | None = None) -> Iterator[Line]:
    """Lines with text, in order; a bookmark that the converter put before the text is skipped."""
    stop = len(source.text) if end is None else end
    offset = start
    for line in source.plain[start:stop].splitlines(keepends=True):
        first = offset
        offset += len(line)
        text = line.rstrip("\r\n")
        while found := BOOKMARK.match(text.lstrip()):
            skipped = len(text) - len(text.lstrip()) + found.end()
            first += skipped
            text = text[skipped:]
        if text.strip():
            yield Line(first, first + len(text), text)


def project_spans(source: SourceText) -> list[Span]:
    """One span for each 项目编码, from its title (or unit) line to the next project's.

    A title in a table of contents has no 项目编码 behind it and so begins nothing.
    """
    anchors = [found.start() for found in _PROJECT_CODE.finditer(source.plain)]
    if not anchors:
        return []
    titles, units, parts = [], [], []
    for line in lines(source):
        if _PROJECT_TITLE.match(line.text):
            titles.append(line.start)
        elif _UNIT_LINE.match(line.text):
            units.append(line.start)
        elif _PART.match(line.text):
            parts.append(line.start)
    starts = []
    for position, anchor in enumerate(anchors):
        after = anchors[position - 1] if position else -1
        starts.append(
            _last_between(titles, after, anchor) or _last_between(units, after, anchor) or anchor
        )
    ends = [*starts[1:], next((p for p in parts if p > anchors[-1]), len(source.text))]
    return [Span(start, end) for start, end in zip(starts, ends, strict=True)]


def _last_between(positions: list[int], after: int, before: int) -> int | None:
    """The last of the ascending positions that lies between the two."""
    index = bisect_left(positions, before)
    return positions[index - 1] if index and positions[index - 1] > after else None


def sections(source: SourceText, end: int) -> list[Section]:
    """The parts of the department's own goals, in order, before offset `end`.

    A heading printed twice (in the contents, then above its text) has an empty span first; those
    are left out.
    """
    headings: list[tuple[str | None, int, int]] = []
    for line in lines(source, 0, end):
        if found := _SECTION.match(line.text):
            headings.append((SECTIONS[found[1]], line.start, line.end))
        elif _PART.match(line.text) or _PROJECT_PART.search(line.text):
            headings.append((None, line.start, line.end))
    result = []
    for position, (kind, _, below) in enumerate(headings):
        stop = headings[position + 1][1] if position + 1 < len(headings) else end
        if kind is not None and _has_prose(source, below, stop):
            result.append(Section(kind, Span(below, stop)))
    return result


def _has_prose(source: SourceText, start: int, end: int) -> bool:
    """More than page numbers and lines of contents."""
    return any(
        not re.fullmatch(r"[\d\s.．…·]+", line.text) and not re.search(r"\t\s*\d+\s*$", line.text)
        for line in lines(source, start, end)
    )
