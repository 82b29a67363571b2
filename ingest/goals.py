"""Goals: the department's (总体, 分项, 工作保障措施) and the numbered ones of a project.

CASE 1  （一）招商引资 ¶ 绩效目标：… ¶ 绩效指标：…          a heading, then the two texts
CASE 2  1.促进消费 ¶ 绩效目标：…                          the same under Arabic numbers
CASE 3  2、驻外招商经费。 ¶ 目标1：… ¶ 目标2：…            a heading, then numbered goals: one text
CASE 4  1.改造公厕。⏎2.清运垃圾。 in one cell of a project   two goals
CASE 5  目标1：改造公厕。目标2：清运垃圾。 in such a cell     two goals
"""

import re
from collections.abc import Iterator
from itertools import islice

from graph.model import Citation, Goal, GoalScope, Text
from graph.values.text import fold
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.clean import prose
from ingest.parts import Line, Section, Span, lines

_HEADING = re.compile(
    r"^[\s\u3000]*(?:[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}\s*[.．、])\s*(?P<title>\S.*?)[。：:]?\s*$"
)
# 绩效目标：加快…   ·   目标1：积极…   ·   not: 绩效目标表
_GOAL_TEXT = re.compile(r"^[\s\u3000]*(?:绩效目标|目标\s*\d{1,2})\s*[：:]")
_GOAL_MARK = re.compile(r"^[\s\u3000]*绩效目标\s*[：:]\s*")
_INDICATOR_MARK = re.compile(r"^[\s\u3000]*绩效指标\s*[：:]\s*")
# 1.改造公厕 or 1.2025年底前… at the start of a line or behind a full stop   ·   not: 2.5亿元
_ITEM = re.compile(
    r"(?:^|(?<=[。；;])|(?<=<br>))[\s\u3000]*(\d{1,2})\s*[.．、](?:(?=20\d\d\s*年)|(?!\d))\s*",
    re.MULTILINE,
)
# 目标1：改造公厕, and 目标1 in a cell of its own                     not: 目标1个, 完成目标10项
_MARKED_ITEM = re.compile(r"[\s\u3000]*目标(?:内容)?\s*(\d{1,2})\s*(?:[：:.．、]|(?=\s))\s*")
# 2025年部门预算绩效文本   ·   not: 部门整体绩效目标
_TITLE = re.compile(r"\d{4}\s*年度?\s*部门预算(?:项目)?绩效(?:文本|目标)[^\t]{0,20}$")
_COVER_LINES = 20


def department_goals(source: SourceText, sections: list[Section]) -> tuple[Goal, ...]:
    """The goals of the part 部门整体绩效目标, in the order of the document."""
    goals: list[Goal] = []
    for section in sections:
        if section.kind == "sub":
            goals.extend(_sub_goals(source, section.span))
        else:
            scope = GoalScope.OVERALL if section.kind == "overall" else GoalScope.SAFEGUARD
            goals.append(_goal(source, scope, section.span))
    return tuple(goals)


def numbered_goals(
    source: SourceText, cell: Text, scope: GoalScope = GoalScope.PROJECT
) -> tuple[Goal, ...]:
    """One goal for each numbered item of the cell 绩效目标, or one for the whole cell."""
    base = cell.evidence
    starts: list[tuple[int, int]] = []
    items = _MARKED_ITEM if _MARKED_ITEM.match(base.raw) else _ITEM
    for found in items.finditer(base.raw):
        if int(found[1]) == len(starts) + 1:
            starts.append((found.start(), found.end()))
    if not starts or base.raw[: starts[0][0]].strip():
        starts = [(0, 0), *starts] if starts else [(0, 0)]
    ends = [first for first, _ in starts[1:]] + [len(base.raw)]
    goals = []
    for (first, content), end in zip(starts, ends, strict=True):
        evidence = source.evidence(
            base.start + first, base.start + end, "text", table=base.table, row=base.row
        )
        value = prose(base.raw[content:end])
        if value:
            text = Text(value=value, evidence=evidence)
            goals.append(Goal(scope=scope, text=text, citations=citations_in(text, "text")))
    return tuple(goals)


def _sub_goals(source: SourceText, span: Span) -> Iterator[Goal]:
    printed = list(lines(source, span.start, span.end))
    headings = [
        position
        for position, line in enumerate(printed[:-1])
        if _HEADING.match(line.text) and _GOAL_TEXT.match(printed[position + 1].text)
    ]
    if not headings:
        yield _goal(source, GoalScope.SUB, span)
        return
    for position, index in enumerate(headings):
        stop = headings[position + 1] if position + 1 < len(headings) else len(printed)
        yield _sub_goal(source, printed[index], printed[index + 1 : stop])


def _sub_goal(source: SourceText, heading: Line, body: list[Line]) -> Goal:
    found = _HEADING.match(heading.text)
    assert found is not None, "the caller has matched the heading"
    title = source.cell(
        heading.start + found.start("title"), heading.start + found.end("title"), "title"
    )
    start, end = body[0].start, body[-1].end
    if mark := _GOAL_MARK.match(body[0].text):
        start += mark.end()
    indicator: Text | None = None
    for line in body:
        if mark := _INDICATOR_MARK.match(line.text):
            indicator = _prose_text(source, line.start + mark.end(), end, "indicator_text")
            end = line.start
            break
    text = _prose_text(source, start, max(start, end), "text")
    return Goal(
        scope=GoalScope.SUB,
        title=title,
        text=text,
        indicator_text=indicator,
        citations=_citations(title, text, indicator),
    )


def _goal(source: SourceText, scope: GoalScope, span: Span) -> Goal:
    printed = list(lines(source, span.start, span.end))
    text = _prose_text(source, printed[0].start, printed[-1].end, "text")
    return Goal(scope=scope, text=text, citations=_citations(None, text, None))


def _prose_text(source: SourceText, start: int, end: int, field: str) -> Text:
    evidence = source.evidence(start, end, field)
    return Text(value=prose(evidence.raw), evidence=evidence)


def _citations(*texts: Text | None) -> tuple[Citation, ...]:
    return tuple(
        citation
        for text in texts
        if text is not None
        for citation in citations_in(text, text.evidence.field or "text")
    )


def first_line_title(source: SourceText, end: int) -> str | None:
    """The title on the cover, 青禾县商务局⏎2024年部门预算绩效文本, when there is one."""
    printed = list(islice(lines(source, 0, end), _COVER_LINES))
    for position, line in enumerate(printed):
        if found := _TITLE.search(line.text):
            who = line.text[: found.start()].strip()
            if not who and position:
                who = printed[position - 1].text.strip()
            return fold(who + found[0])
    return None
