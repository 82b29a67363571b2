"""Years in a question: alone, from to, and counted from the newest year of the graph."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graph.values.numerals import read_numeral
from search.question import Question

_YEAR_NUMBER = r"(?:19|20)[0-9]{2}"
# 2023-2025年, 2023至2025年: matches; 2025-12 (a month) does not, for want of 年.
_RANGE = re.compile(
    rf"(?<![0-9])({_YEAR_NUMBER})年?\s*(?:-|—|–|~|～|至|到)+\s*({_YEAR_NUMBER})\s*年度?"
)
# 2023年以来, 自2023年起, 2023年至今: matches; 2023年起草 does not.
_SINCE = re.compile(
    rf"[自从]?(?<![0-9])({_YEAR_NUMBER})年度?(?:以来|以后|之后|及以后|起(?![草始点])|至今|到现在)"
)
# 2023年以前, 2023年及以前: matches; 2025年底前, 2024年前三季度 do not.
_UNTIL = re.compile(rf"(?<![0-9])({_YEAR_NUMBER})年度?(及?)(?:以前|之前)(?!年)")
# 2024年度, 2024年, or 2024 standing alone: matches; 2024〔, 12024, 2024人, 2024年底前 do not.
YEAR = re.compile(rf"(?<![0-9])({_YEAR_NUMBER})(?:\s*年度?|(?=\s|$))(?![0-9]|底前|末前)")
# 近三年, 最近2年来: matches; 附近三年级, 近三年平均, 近几年 do not.
_RECENT = re.compile(
    r"(?:最近|(?<![附靠接临邻亲])近|过去)([一二两三四五六七八九十]|[1-9]|[12][0-9])年"
    r"(?:以来|来|度|内)?(?![级制期均]|平均|行动|计划|规划)"
)
# 去年, 今年度: matches; 比去年增长, 去年同期, 文明年, 以前年度, 当今年轻人, 今年以来 does.
_RELATIVE = re.compile(
    r"(?<![比较与同超跟过])(?:(?P<last>去年)|(?<![至当])(?P<this>今年)|(?<!文)(?P<next>明年)"
    r"|(?<![目以之提])(?P<before>前年(?!度)))(?:度|以来)?(?![轻底]|同期|相比)"
)
_OFFSET = {"before": -2, "last": -1, "this": 0, "next": 1}
_LONGEST_RANGE = 30

Span: TypeAlias = Callable[[], tuple[int, int] | None]
"""Says the oldest and the newest fiscal year of the graph; None where it has none."""


@dataclass(frozen=True, slots=True)
class AskedYears:
    """`notes` say what years that are counted from the graph's newest one come to."""

    years: frozenset[int]
    notes: tuple[str, ...] = ()


def asked_years(question: Question, known: Span) -> AskedYears:
    """Take the years out of the question; where none is known, none is counted from the newest."""
    years: set[int] = set()
    notes: list[str] = []
    for pattern, read in _COUNTED:
        while (match := pattern.search(question.text)) and (span := known()) is not None:
            years.update(found := read(match, *span))
            said = question.take(*match.span()).strip()
            notes.append(f"{said}：{_spell(found)}（图谱中最新的年度是 {span[1]} 年）")
    while match := _RANGE.search(question.text):
        first, last = int(match[1]), int(match[2])
        if not 0 <= last - first <= _LONGEST_RANGE:
            break
        years.update(range(first, last + 1))
        question.take(*match.span())
    while match := YEAR.search(question.text):
        years.add(int(match[1]))
        question.take(*match.span())
    return AskedYears(frozenset(years), tuple(notes))


def _since(match: re.Match[str], oldest: int, newest: int) -> range:
    return range(int(match[1]), max(newest, int(match[1])) + 1)


def _until(match: re.Match[str], oldest: int, newest: int) -> range:
    end = int(match[1]) + bool(match[2])
    return range(min(oldest, end - 1), end)


def _recent(match: re.Match[str], oldest: int, newest: int) -> range:
    count = int(match[1]) if match[1].isascii() else read_numeral(match[1])
    return range(newest - (count or 1) + 1, newest + 1)


def _relative(match: re.Match[str], oldest: int, newest: int) -> range:
    year = newest + _OFFSET[str(match.lastgroup)]
    return range(year, year + 1)


_COUNTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, int], range]], ...] = (
    (_SINCE, _since),
    (_UNTIL, _until),
    (_RECENT, _recent),
    (_RELATIVE, _relative),
)


def _spell(years: range) -> str:
    first, last = years[0], years[-1]
    return f"{first} 年" if first == last else f"{first} 到 {last} 年"
