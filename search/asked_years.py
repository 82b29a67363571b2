"""Years in a question: alone, several, from to, and counted from the newest year of the graph."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from graph.values.numerals import read_numeral
from search.question import Question

_YEAR_NUMBER = r"(?:19|20)[0-9]{2}"
_APART = r"(?=\s|$|[，、;；。]|,(?![0-9]))(?!\s*年)"
# Not a deadline or a month: 2025年底前, 2024年3月, 2024年1-6月; but 2024年95以上, 2024年30-50户
_WHOLE = (
    r"(?![底末内]|前(?!期)|\s*[0-9]{1,2}\s*(?:[月季旬]|$"
    r"|[-~～至到—–./]\s*[0-9]{1,2}\s*[月季旬日号./]))"
)
# 2023-2025年, 2023至2025年, 2023-25年, 2023-2025 alone: matches; 2025-12 (a month) does not.
_RANGE = re.compile(
    rf"(?<![0-9])(?P<first>{_YEAR_NUMBER})年?\s*(?:-|—|–|~|～|至|到)+\s*"
    rf"(?:(?P<last>{_YEAR_NUMBER})(?:\s*年度?+|{_APART})|(?P<short>[0-9]{{2}})\s*年度?+){_WHOLE}"
)
# 2023、2024年, 2023和2024年, 2024/2025 alone
_LIST = re.compile(
    rf"(?<![0-9]){_YEAR_NUMBER}(?:年度?)?"
    rf"(?:\s*[、,，/和与及或]\s*{_YEAR_NUMBER}(?![0-9〔\[])(?:年度?+)?+)+"
    rf"(?:(?<=年)|(?<=度)|{_APART}){_WHOLE}"
)
# 2023年以来, 自2023年起, 2023年至今: matches; 2023年起草 does not.
_SINCE = re.compile(
    rf"[自从]?(?<![0-9])({_YEAR_NUMBER})年度?(?:以来|以后|之后|及以后|起(?![草始点])|至今|到现在)"
)
# 2023年以前, 2023年及以前: matches; 2025年底前, 2024年前三季度 do not.
_UNTIL = re.compile(rf"(?<![0-9])({_YEAR_NUMBER})年度?(及?)(?:以前|之前)(?!年)")
# 2024年度, 2024年, or 2024 standing alone: matches; 2024〔, 12024, 2024人, GB5749-2022 do not.
_ONE = re.compile(rf"(?<![0-9–—-])({_YEAR_NUMBER})(?:\s*年度?+{_WHOLE}|{_APART})")
# 二〇二四年, 二〇二三至二〇二五年: as long in figures
_HAN = "零〇○一二三四五六七八九"
_WORDED = re.compile(rf"(?<![{_HAN}十])[一二][九零〇○][{_HAN}]{{2}}(?=年|[至到—、和与及或，-])")
# 近三年, 最近2年来: matches; 附近三年级, 近三年平均, 近几年 do not.
_RECENT = re.compile(
    r"(?:最近|(?<![附靠接临邻亲立行营欠办开满产续])近|过去)([一二两三四五六七八九十]|[1-9]|[12][0-9])年"
    r"(?:以来|来|度|内)?+(?![级制期均]|月均|平均|行动|计划|规划)"
)
_BEGINS = r"(?:^|(?<=[\s,，、;；的了要县区市省局委办]))"
# 去年, 今年度: matches; 比去年增长, 去年同期, 文明年, 以前年度, 当今年轻人 do not; 今年以来 does.
# 上年度, 本年 招商 where they begin; not: 网上年货节, 成本年降低率, 本年支出, 上年结转
_RELATIVE = re.compile(
    r"(?<![比较与同超跟过于])"
    rf"(?:(?P<last>去年|{_BEGINS}上(?:一年|一?年(?=度|的|\s|$)))"
    rf"|(?P<this>(?<![至当])今年|{_BEGINS}本年(?=度|的|\s|$))"
    rf"|(?P<next>(?<!文)明年|{_BEGINS}下一?年(?=度))|(?P<before>(?<![目以之提])前年(?!度)))"
    r"度?+(?P<since>以来|至今|到现在)?+"
    r"(?![轻底末级龄限]|同期|相比|结转|结余|实际|基数|基础|水平)"
)
# 24年 that stands apart, 23-25年, where the graph is of such years
_SHORT = re.compile(
    r"(?:^|(?<=[\s要了县区市省局]))([0-9]{2})(?:\s*[-~～至到]\s*([0-9]{2}))?年度?+"
    r"(?![级制期限内以前底末0-9])"
)
_OFFSET = {"before": -2, "last": -1, "this": 0, "next": 1}
_LONGEST_RANGE = 30

Span: TypeAlias = Callable[[], tuple[int, int] | None]
"""Says the oldest and the newest fiscal year of the graph; None where it has none."""


@dataclass(frozen=True, slots=True)
class MentionedYears:
    """What ``text[start:end]`` means. `counted`: from the graph's years, the newest of which is
    `newest`."""

    start: int
    end: int
    years: range | tuple[int, ...]
    said: str
    newest: int | None = None

    @property
    def spelt(self) -> str:
        """2024年, 2023-2025年, 2023、2025年"""
        if isinstance(self.years, range) and len(self.years) > 1:
            return f"{self.years[0]}-{self.years[-1]}年"
        return f"{'、'.join(map(str, self.years))}年"

    @property
    def note(self) -> str:
        """What was reckoned; "" for years that are written out."""
        if self.newest is None:
            return ""
        return f"{self.said}：{_spell(self.years)}（图谱中最新的年度是 {self.newest} 年）"


@dataclass(frozen=True, slots=True)
class AskedYears:
    """`notes` say what years that are counted from the graph's newest one come to."""

    years: frozenset[int]
    notes: tuple[str, ...] = ()


def asked_years(question: Question, known: Span) -> AskedYears:
    """Take the years out of the question; where none is known, none is counted from the newest."""
    found = mentioned_years(question.text, known)
    for mention in reversed(found):
        question.take(mention.start, mention.end)
    notes = tuple(mention.note for mention in found if mention.note)
    return AskedYears(frozenset(year for mention in found for year in mention.years), notes)


def mentioned_years(text: str, known: Span) -> list[MentionedYears]:
    """Every mention of years, in the order of the text; none overlaps another."""
    found: list[MentionedYears] = []
    text = _WORDED.sub(lambda match: str(read_numeral(match.group())), text)
    for pattern, counted in _COUNTED:
        for match in pattern.finditer(text):
            span = known()
            if span and (years := counted(match, *span)):
                found.append(MentionedYears(*match.span(), years, match.group().strip(), span[1]))
                text = _blanked(text, match)
    for pattern, written in _WRITTEN:
        for match in pattern.finditer(text):
            if several := written(match):
                found.append(MentionedYears(*match.span(), several, match.group().strip()))
                text = _blanked(text, match)
    return sorted(found, key=lambda mention: mention.start)


def _blanked(text: str, match: re.Match[str]) -> str:
    """Blanks in the place of what was found: what stands behind it stays where it is."""
    return f"{text[: match.start()]}{' ' * len(match.group())}{text[match.end() :]}"


def _several(match: re.Match[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(map(int, re.findall(_YEAR_NUMBER, match.group()))))


def _from_to(match: re.Match[str]) -> range:
    first = int(match["first"])
    last = int(match["last"] or f"{match['first'][:2]}{match['short']}")
    if match["last"]:
        first, last = sorted((first, last))
    return range(first, last + 1) if last - first <= _LONGEST_RANGE else range(0)


def _since(match: re.Match[str], oldest: int, newest: int) -> range:
    return range(int(match[1]), max(newest, int(match[1])) + 1)


def _until(match: re.Match[str], oldest: int, newest: int) -> range:
    end = int(match[1]) + bool(match[2])
    return range(min(oldest, end - 1), end)


def _recent(match: re.Match[str], oldest: int, newest: int) -> range:
    count = int(match[1]) if match[1].isascii() else read_numeral(match[1])
    return range(newest - (count or 1) + 1, newest + 1)


def _relative(match: re.Match[str], oldest: int, newest: int) -> range:
    kind = next(name for name in _OFFSET if match[name])
    year = newest + _OFFSET[kind]
    return range(year, max(newest, year) + 1 if match["since"] else year + 1)


def _short(match: re.Match[str], oldest: int, newest: int) -> range:
    first, last = 2000 + int(match[1]), 2000 + int(match[2] or match[1])
    return range(first, last + 1) if oldest <= first <= last <= newest else range(0)


_COUNTED: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], int, int], range]], ...] = (
    (_SINCE, _since),
    (_UNTIL, _until),
    (_RECENT, _recent),
    (_RELATIVE, _relative),
    (_SHORT, _short),
)
_WRITTEN: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], range | tuple[int, ...]]], ...] = (
    (_RANGE, _from_to),
    (_LIST, _several),
    (_ONE, _several),
)


def _spell(years: range | tuple[int, ...]) -> str:
    first, last = years[0], years[-1]
    return f"{first} 年" if first == last else f"{first} 到 {last} 年"
