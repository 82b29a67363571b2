"""Conditions on target values in a question: 满意度 95 以上, 大于 100 户, 一年内, 100到200个."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from graph.elements import Node
from graph.values.comparable import comparable
from graph.values.numerals import NUMERAL, read_numeral, spell_percentages
from graph.values.target import Target, parse_target
from graph.values.target_units import (
    compared_operator,
    compared_pattern,
    read_operator_after,
    read_unit,
)
from search.properties import text_of
from search.question import Question
from search.targets import measured, numbers_of

_FIGURE = r"\d+(?:,\d{3})*(?:\.\d+)?"
# 95, 1,000, 三 (of 三个月内); not the 2 of PM2.5, the 3 of 第3名, the 10 of 前10名, 百 of 几百
_NUMBER = re.compile(
    rf"(?<![\d.A-Za-z第前几数好])(?<!\d,)(?:(?P<figure>{_FIGURE})|(?P<worded>{NUMERAL}))(?![\d.])"
)
_TO = re.compile(rf"\s*(?:-|—|–|~|～|至|到|(?P<and>[和与]))\s*(?P<high>{_FIGURE})(?![\d.])")
_BETWEEN = re.compile(r"\s*之间")
# 介于90%和95%之间, 满意度90至95: needs no unit
_AMONG = re.compile(r"(?:介于|在)\s*$")
_SHARE = re.compile(r"(?:度|率|比例|占比)\s*(?:为|在|是)?\s*$")
# 2023-25年: years
_YEAR = re.compile(r"(?:19|20)\d\d")
# What may follow a condition: the end, a blank, a comma, 的指标. Not a noun that it would count:
# 65岁以上老年人, 20人以上企业, 3日内办结率; behind a percentage it counts nothing.
_END = re.compile(
    r"\s|$|[,，、;；。.?？!！)）]|[和且或]|(?=\d[\d,.]*[^\s\d，。]{0,4}以[上下内])"
    r"|的(?=$|\s|[,，;；。?？]|指标|项目|目标|县|区|地方|部门|单位|有|是)"
)
# 达到95%以上, 控制在100万元以内: goes with the number
_LEAD = re.compile(r"(?:达到|达|在|为|(?<!不)是)\s*$")
# 不要95以上, 除了95以上的: the opposite of what is said behind
_OPPOSITE = {">=": "<", "<=": ">", ">": "<=", "<": ">="}
_DENIED = re.compile(r"(?:不要|不想要|别要|除了?|不含|不包括|排除|非|不在|不为|(?<!是)不是)\s*$")
# 两三年, 五六十户: about so many
_ABOUT = re.compile(r"[一二两三四五六七八九]{2}")
_NOT = re.compile(r"(?:不要|不应|不该|不可|不准|不许|不得|别|没有?|未)\s*$")
# 有没有超过, 是否低于: asks
_ASKS = re.compile(r"(?:有没有|是不是|是否|会不会)\s*$")
# 能不能超过, 会不会低于: asks whether, where 不能超过 is a limit
_WHETHER = re.compile(r"(能|会|可)不\1$")
_AFTER = frozenset({">=", "<="})
# Not a measure of anything that a target says: 60岁以上, 二级以上, 5A级以上
_NO_MEASURE = frozenset(("岁", "周岁", "级", "类", "档", "星", "等", "名"))
# 12月31日前, 3起: of dates and counted cases, not conditions
_NO_AFTER = re.compile(r"\s*(?:起步?|以?前|之前|底前|不封顶)")
# 一年内: a time, where 年内完成 names the year that runs
_YEARS = re.compile("年(?=内)")
# 三个月内完成
_DONE = re.compile(r"完成(?=$|\s)")
_UNMEASURED = ("number", "percent")
_SIGNS = {">=": "≥", "<=": "≤"}


@dataclass(frozen=True, slots=True)
class Condition:
    """The numbers of a target must lie from `low` to `high`; a bound that is `open` is not met by
    itself. Without a unit they are compared as they are printed, money aside."""

    shown: str
    kind: str
    unit: str
    low: Decimal | None = None
    high: Decimal | None = None
    open: bool = False

    def met_by(self, node: Node) -> bool:
        """Whether the indicator's target is comparable and meets it. Its own sign does not matter:
        ≥96% and 96% are both a target of 96."""
        found = measured(node)
        if found is None:
            return False
        if self.unit:
            numbers = found.numbers if (found.kind, found.unit) == (self.kind, self.unit) else ()
        else:
            numbers = numbers_of(node) if text_of(node, "value_kind") in _UNMEASURED else ()
        return bool(numbers) and all(self._holds(Decimal(number)) for number in numbers)

    def _holds(self, number: Decimal) -> bool:
        if number in (self.low, self.high):
            return not self.open
        return (self.low is None or number > self.low) and (self.high is None or number < self.high)


def asked_targets(question: Question) -> tuple[Condition, ...]:
    """Take the conditions on targets out of the question."""
    said = question.text
    # 超过百分之九十, 八成到九成
    question.text = spell_percentages(said)
    found = [*_taken(question)]
    if not found:
        question.text = said
    return tuple(dict.fromkeys(found))


def _taken(question: Question) -> Iterator[Condition]:
    at = 0
    while match := _NUMBER.search(question.text, at):
        read = _read(question.text, match)
        at = match.end()
        if read is not None:
            condition, start, end = read
            question.take(start, end)
            yield condition
            at = start


def _read(text: str, match: re.Match[str]) -> tuple[Condition, int, int] | None:
    """The condition that this number belongs to, and where it stands."""
    figure = match["figure"]
    number = figure.replace(",", "") if figure else str(read_numeral(match["worded"]) or "")
    if not number or _ABOUT.search(match["worded"] or ""):
        return None
    if figure and (ranged := _ranged(text, match, number)):
        return ranged
    unit, width = ("年", 1) if _YEARS.match(text, match.end()) else read_unit(text[match.end() :])
    end = match.end() + width
    operator, start = _operator_before(text, match.start())
    after, width = read_operator_after(text[end:])
    if after and not _NO_AFTER.match(text, end):
        end += width
        done = _DONE.match(text, end)
        end = done.end() if done else end
        denied = None if operator else _DENIED.search(text[:start])
        if denied:
            after, start = _OPPOSITE.get(after, after), denied.start()
        lead = _LEAD.search(text[:start])
        start = lead.start() if lead and not operator else start
        operator = operator if operator in _AFTER else after
    if not operator or (match["worded"] and not unit):
        return None
    if unit in _NO_MEASURE or not (unit == "%" or _END.match(text, end)):
        return None
    condition = _condition(parse_target(f"{operator}{number}{unit}"))
    return None if condition is None else (condition, start, end)


def _ranged(text: str, match: re.Match[str], low: str) -> tuple[Condition, int, int] | None:
    unit, width = read_unit(text[match.end() :])
    to = _TO.match(text, match.end() + width)
    if to is None:
        return None
    after, width = read_unit(text[to.end() :])
    end = to.end() + width
    between = _BETWEEN.match(text, end)
    end = between.end() if between else end
    unit = after or unit
    before = text[: match.start()]
    if (to["and"] and not between) or (unit.endswith("年") and _YEAR.fullmatch(low)):
        return None
    if not (unit or between or _SHARE.search(before)):
        return None
    if unit in _NO_MEASURE or not (unit == "%" or _END.match(text, end)):
        return None
    lead = _AMONG.search(before) or _LEAD.search(before)
    high = to["high"].replace(",", "")
    condition = _condition(parse_target(f"{low}-{high}{unit}"))
    start = lead.start() if lead else match.start()
    return None if condition is None else (condition, start, end)


def _operator_before(text: str, at: int) -> tuple[str, int]:
    """The words or the sign that the number is compared with, and where they begin."""
    match = _comparing().search(text, max(0, at - 12), at)
    if match is None or _WHETHER.search(text[: match.start() + 2]):
        return "", at
    if _ASKS.search(text[: match.start()]):
        return "", at
    operator = compared_operator(match[1])
    denied = _NOT.search(text[: match.start()]) or _DENIED.search(text[: match.start()])
    if denied and operator in _OPPOSITE:
        return _OPPOSITE[operator], denied.start()
    return operator, match.start()


@cache
def _comparing() -> re.Pattern[str]:
    return re.compile(rf"({compared_pattern().pattern})\s*$")


def _condition(target: Target) -> Condition | None:
    measure = comparable(target)
    if measure is None or target.kind == "date":
        return None
    numbers = [Decimal(number) for number in (measure.numbers if target.unit else target.numbers)]
    sign = _SIGNS.get(target.operator, target.operator)
    if target.operator == "range":
        shown = f"{target.numbers[0]}-{target.numbers[1]}{target.unit}"
        return Condition(shown, target.kind, measure.unit, numbers[0], numbers[1])
    low = numbers[0] if target.operator in (">=", ">", "=") else None
    high = numbers[0] if target.operator in ("<=", "<", "=") else None
    return Condition(
        f"{sign}{target.numbers[0]}{target.unit}",
        target.kind,
        measure.unit if target.unit else "",
        low,
        high,
        open=target.operator in ("<", ">"),
    )
