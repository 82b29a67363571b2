"""Indicators that are written in running text: each clause is one, its value stands at its end.

CASE 1  1.数量指标：培训场次≥5场；2.质量指标：合格率100%     a level before its clauses
CASE 2  产出指标：数量指标：改造公厕≥12座，清运垃圾≥3吨       level under level, commas between
CASE 3  村容改善：明显改善                              the value stands behind the colon
CASE 4  指标1：数据差错率，指标值：≤3‰                     and behind 指标值
CASE 5  时效指标：2025年8月底前完成                       nothing but a value: its level names it
CASE 6  改善人居环境, 建设3个口袋公园                      nothing to cut off: the name is all
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from graph.values.target import parse_target
from graph.values.target_units import compared_pattern, is_unit, read_unit
from ingest.blocks import Cell, SourceText
from ingest.form_words import FormColumn, number_width
from ingest.vocabulary import LEVEL1, LEVEL2, compact

LEVELS = (FormColumn.LEVEL1, FormColumn.LEVEL2)
_WORDS = "|".join(sorted((w.removesuffix("指标") for w in LEVEL1 | LEVEL2), key=len, reverse=True))
LEVEL_WORD = rf"(?:社会公众[或和及]?)?(?:{_WORDS})指标"
_NOTE = r"[ \t\u3000]*(?:[（(][^（()）\r\n]{0,8}[）)])?[ \t\u3000]*"
# 数量指标：…, (一)产出指标 ending its line                             not: 完成数量指标任务
_LEVEL = re.compile(
    rf"(?P<level>{LEVEL_WORD}(?={_NOTE}[:：])"
    rf"|(?<![\u4e00-\u9fff]){LEVEL_WORD}(?={_NOTE}(?:[\r\n]|$))){_NOTE}[:：]?"
)
# ；  。  a line break  ①                                             not: 3.5, 第(三)条
_BREAK = re.compile(
    rf"{_LEVEL.pattern}|[；;。\r\n]|<br\s*/?>|(?=[①-⑳])|(?=[（(]\d{{1,2}}[）)](?=[^\d\s；;。]))"
    r"|[ \t\u3000](?=\d{1,2}[.、．](?!\d))"
)
# 数量：改造公厕≥12座, a level without 指标                             not: 满意度：≥90%
_SHORT_LEVEL = re.compile(rf"\s*(?P<level>{_WORDS})\s*[:：]")
_COMMA = re.compile(r"(?<!\d)[，,、/／]|[，,、/／](?!\d)")
# 登记户数，指标值：≥4200个                                            not: 指标值
_NAMED_VALUE = re.compile(
    r"[\s，,：:]*(?:(?:年度|全年|目标|预期)*(?:指标|目标)值|目标)\s*[:：]\s*(?=\S)"
)
_FULL_WIDTH = str.maketrans("％＋－．，", "%+-.,")
_NUMBER = r"[-+]?\d[\d,]*(?:\.\d+)?"
# 2025年8月底前完成, 12月20日前, 2025年汛期前                           not: 2025年培训
_DATE_END = re.compile(
    r"(?<![\d.])(?=20\d\d\s*年|\d{1,2}\s*月)(?:20\d\d\s*年度?)?(?:\d{1,2}\s*月)?(?:\d{1,2}\s*[日号])?"
    r"[^\d，,；;：:]{0,6}?(?:[前底末]|之前|以前)(?:[\u4e00-\u9fff]{0,4}?(?:完[成工毕]|竣工|到位|使用))?$"
)
# 以上, 左右 behind a unit
_LIMIT_END = re.compile(r"(?:及以上|[以之][内上下]|左右|内)$")
_MARK = re.compile(r"[\s，,、：:]*[①-⑳]?[\s，,、：:]*")
# ……, 无, /: nothing was written                                     not: 无事故
_NOTHING = re.compile(r"(?:[\W_]|无$)*")
_LONGEST_VALUE = 60
_LONGEST_WORDING = 20
_LONGEST_UNKNOWN = 3
"""个村, 车间: a unit that no table knows; 个口袋公园 is what is built."""
_LONGEST_PARTED = 1_000
"""A longer stretch without a stop is no list of indicators."""
_ANY_LEVEL1 = frozenset({"产出", "效益"})
_EITHER = frozenset({"成本", "满意度"})
"""Level 1 of their own after 产出 and 效益, level 2 in a list of levels 2."""


@cache
def _amount_end() -> re.Pattern[str]:
    """≥5场, 不少于8500人, 8-10场, ≤3/10万; not: 5A级景区, PM2.5."""
    compared = compared_pattern().pattern
    return re.compile(
        rf"(?:(?:{compared}|达到?|提[高升][到至]|降[低至到]*[到至]|为|[=＝])\s*)?"
        rf"(?<![A-Za-z\d.第]){_NUMBER}[%％]?(?:\s*[-—–~～至]\s*{_NUMBER})?"
        r"(?P<unit>\s*[^\d\s，,；;：:≥≤<>=＝]{0,12}(?:[/／]\d{1,3}[十百千万]*)?)$"
    )


@dataclass(frozen=True, slots=True)
class _Clause:
    """Where name and value stand in the text; an empty name is that of the level."""

    start: int
    name_end: int
    value: tuple[int, int] | None


class Levels:
    """The levels that hold where a clause stands.

    成本指标 and 满意度指标 are level 1 in a text that has 产出指标 or 效益指标 as well; a level 2
    that belongs under another level 1 than the last one stands under none.
    """

    def __init__(self, said: str) -> None:
        self._has_level1 = any(f"{word}指标" in _without_longer(said) for word in _ANY_LEVEL1)
        self._words: dict[FormColumn, str] = {}
        self.cells: dict[FormColumn, Cell] = {}

    def enter(self, word: str, cell: Cell) -> None:
        base = compact(word).removesuffix("指标")
        column = FormColumn.LEVEL1 if self._is_first(base) else FormColumn.LEVEL2
        above = self._words.get(FormColumn.LEVEL1)
        if column is FormColumn.LEVEL1:
            self._leave(FormColumn.LEVEL2)
        elif above is not None and not _fits(above, base):
            self._leave(FormColumn.LEVEL1)
        self._words[column], self.cells[column] = base, cell

    def _is_first(self, base: str) -> bool:
        if base not in _EITHER:
            return base in _ANY_LEVEL1
        above = self._words.get(FormColumn.LEVEL1)
        nested = above == base and FormColumn.LEVEL2 not in self._words
        return self._has_level1 and not nested and not (base == "成本" and above == "产出")

    def _leave(self, column: FormColumn) -> None:
        self._words.pop(column, None)
        self.cells.pop(column, None)


def _without_longer(said: str) -> str:
    """经济效益指标 is no 效益指标."""
    return re.sub(r"(?:经济|社会|生态)效益指标", "", compact(said))


def _fits(level1: str, level2: str) -> bool:
    if level2.endswith("成本"):
        return level1 in ("产出", "成本")
    if level2 in ("数量", "质量", "时效"):
        return level1 == "产出"
    if level2.endswith("满意度"):
        return level1 in ("满意度", "效益")
    return level1 == "效益"


def first_level(text: str) -> int | None:
    """Where the first level stands in a text, with its colon or at the end of a line."""
    found = _LEVEL.search(text)
    return found.start() if found else None


def level_words(text: str) -> set[str]:
    return {found["level"] for found in _LEVEL.finditer(text)}


def written_indicators(
    source: SourceText, place: Cell, above: Mapping[Cell, str], among: Iterable[str] = ()
) -> Iterator[dict[FormColumn, Cell]]:
    """Level 1 and 2, name and value of each clause, where the text says them.

    `above` are the levels that stand over the text, as headings, with their words; `among` are
    those that stand over other texts of the same form.
    """
    text = source.plain[place.start : place.end]
    levels = Levels("：".join([*among, *above.values(), text]))
    for cell, word in above.items():
        levels.enter(word, cell)
    for start, end, level in _pieces(text, wrapped=bool(source.pages)):
        if level:
            levels.enter(text[start:end], Cell(place.start + start, place.start + end))
            continue
        start = _skip_marks(text, start, end)
        short = _SHORT_LEVEL.match(text, start, end)
        if short and _cut(text, short.end(), end).name_end > short.end():
            cell = Cell(place.start + short.start("level"), place.start + short.end("level"))
            levels.enter(short["level"], cell)
            start = _skip_marks(text, short.end(), end)
        for clause in _clauses(text, start, end):
            yield {**levels.cells, **_cells(text, clause, place.start, levels)}


def _cells(text: str, clause: _Clause, base: int, levels: Levels) -> dict[FormColumn, Cell]:
    name = Cell(base + clause.start, base + clause.name_end)
    if clause.value is None:
        return {FormColumn.NAME: name}
    value = Cell(base + clause.value[0], base + clause.value[1])
    if clause.name_end == clause.start:
        named = (levels.cells[level] for level in reversed(LEVELS) if level in levels.cells)
        name = next(named, value)
    return {FormColumn.NAME: name, FormColumn.VALUE: value}


def _pieces(text: str, *, wrapped: bool) -> Iterator[tuple[int, int, bool]]:
    """Levels (True) and what stands between them and the separators, in order.

    `wrapped`: the lines are those of a printed page, which break anywhere: a line goes on in the
    next one, unless its end is a value and the next one no unit.
    """
    last = 0
    for found in _BREAK.finditer(text):
        line_end = found[0] in ("\n", "\r")
        if wrapped and line_end and _goes_on(text, last, found.start(), found.end()):
            continue
        if text[last : found.start()].strip():
            yield last, found.start(), False
        if found["level"]:
            yield *found.span("level"), True
        last = found.end()
    if text[last:].strip():
        yield last, len(text), False


def _goes_on(text: str, start: int, end: int, following: int) -> bool:
    if number_width(text[following : following + 12]):
        return False
    after = text[following : following + _LONGEST_VALUE].lstrip()
    start = max(start, end - _LONGEST_VALUE)
    return _cut(text, start, end).value is None or after[:1].isdigit() or bool(read_unit(after)[0])


def _skip_marks(text: str, start: int, end: int) -> int:
    """What counts a clause: 1.  (2)  ①  指标1："""
    before = -1
    while before != start:
        before = start
        if found := _MARK.match(text, start, end):
            start = found.end()
        start = min(end, start + number_width(text[start : min(end, start + 12)]))
    return start


def _clauses(text: str, start: int, end: int) -> Iterator[_Clause]:
    """A comma parts two indicators where both have a value of their own."""
    parted = end - start <= _LONGEST_PARTED
    commas = [found.start() for found in _COMMA.finditer(text, start, end)] if parted else []
    for comma, following in pairwise([*commas, end]):
        if _is_whole(text, start, comma) and _is_whole(text, comma + 1, following):
            yield from _clause(text, start, comma)
            start = comma + 1
    yield from _clause(text, start, end)


def _is_whole(text: str, start: int, end: int) -> bool:
    """Name and value: 清运垃圾≥3吨; not: 生 in 625元/生."""
    cut = _cut(text, _skip_marks(text, start, end), end)
    return cut.value is not None and cut.start < cut.name_end <= cut.value[0]


def _clause(text: str, start: int, end: int) -> Iterator[_Clause]:
    start = _skip_marks(text, start, end)
    end = start + len(text[start:end].rstrip(" \t\u3000\r\n，,、"))
    if not _NOTHING.fullmatch(text, start, end):
        yield _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> _Clause:
    if found := _NAMED_VALUE.search(text, start, end):
        return _Clause(start, found.start(), (found.end(), end))
    colon = max(text.rfind("：", start, end), text.rfind(":", start, end)) + 1
    first = max(start, end - _LONGEST_VALUE)
    value = _value_start(text, first, end)
    if colon > start and (value is None or value <= colon) and end - colon <= _LONGEST_WORDING:
        return _Clause(start, _name_end(text, start, colon - 1), (colon, end))
    if value is not None:
        return _Clause(start, _name_end(text, start, value), (value, end))
    whole = parse_target(text[start:end])
    holds_target = whole.kind not in ("empty", "qualitative")
    return _Clause(start, end, (start, end) if holds_target else None)


def _value_start(text: str, start: int, end: int) -> int | None:
    """Where the value at the end of a clause begins; a date first, for 8月 is no amount."""
    if found := _DATE_END.search(text, start, end):
        return found.start()
    found = _amount_end().search(text, start, end)
    if found is None:
        return None
    unit = _LIMIT_END.sub("", found["unit"].strip().translate(_FULL_WIDTH))
    known = not unit or is_unit(unit) or len(unit) <= _LONGEST_UNKNOWN
    return found.start() if known and read_unit(unit, whole=True)[1] == len(unit) else None


def _name_end(text: str, start: int, end: int) -> int:
    """Without what leads to the value: 工程于|12月底前完成, 合格率：|100%."""
    return start + len(text[start:end].rstrip(" \t\u3000\r\n，,：:、于在应须"))
