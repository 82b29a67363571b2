"""指标值: operator, numbers, unit and kind of a target value.

The systems that print these tables store operator, value and unit as three fields and print them
with nothing between, so a value reads: operator, ONE number, then all the rest as unit text.
Departments also type whole sentences; those are read as prose.
"""

import re
from dataclasses import dataclass
from functools import cache

from graph.values.document_number import find_document_numbers
from graph.values.numerals import NUMERAL, read_numeral, spell_dates, spell_percentages
from graph.values.target_dates import DateTarget, read_dates
from graph.values.target_units import (
    compared_operator,
    compared_pattern,
    first_sign_pattern,
    is_unit,
    kind_of,
    operator_after,
    operator_before,
    operator_of_wording,
    read_unit,
    sign_pattern,
    written_unit,
)
from graph.values.text import fold
from graph.values.traditional import simplify

_LIMIT = 2_000


@dataclass(frozen=True, slots=True)
class Target:
    """operator: >= <= = > < range none. kind: number percent money date qualitative empty.

    `numbers` keep the printed digits ("28.40"; dates "12-31"), a range has its low end first.
    """

    raw: str
    operator: str
    numbers: tuple[str, ...]
    unit: str
    kind: str


# Full-width brackets stay: a unit is kept as it is written (台（套）).
_WIDTH = {c: c - 0xFEE0 for c in range(0xFF01, 0xFF5F) if c not in (0xFF08, 0xFF09, 0xFF0C)} | {
    0x3000: 0x20
}
# ≥ =95                                                              not: ≥ 95
_SPLIT_SIGN = re.compile(r"(?<=[<>≥≤])\s+(?==)")
# （1）不少于5场, 1、完成3个                                         not: 1、及时, (0-20)分
_ITEM = re.compile(r"(?:[(（]\d{1,2}[)）]|\d{1,2}[、)）]|[①-⑳])\s*(?=[^\d\s]\D*\d)")
# 24年12月                                                           not: 2024年12月, 10年6个月
_SHORT_YEAR = re.compile(r"(?<![\d.])(?=2\d年\d{1,2}月)")
_SPLIT_NUMBER = re.compile(r"(?<=[\d.])\n+(?=[\d.])")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3}(?:[,，.]|(?!\d)))")
# 1 500人                                                            not: 50 8 8
_SPACED = re.compile(r"(?<![\d.])\d{1,3}(?: \d{3})+(?=[^\d\s.])")
# 5000余人, 300多户                                                    not: 多于
_ABOUT = re.compile(r"(?<=\d)[余多](?=[^\d\s于])")
_NAME = r"[A-Za-z\u4e00-\u9fff]{1,8}"
# 90%≤X≤100%, 100%≥X>90%                                             not: ≥90%
_BOUNDED = re.compile(
    rf"(?P<a>\d+(?:\.\d+)?)(?P<u>\D{{0,3}})(?:[≤<]=?{_NAME}[≤<]=?|[≥>]=?{_NAME}[≥>]=?)"
)
# [80%,90%)                                                          not: (0-20)
_INTERVAL = re.compile(
    r"[\[(（](?P<a>\d+(?:\.\d+)?[^\d,，]{0,3})[,，]\s*(?P<b>\d+(?:\.\d+)?[^\d,，]{0,3}?)[\])）]"
)
# 85%≤X                                                              not: 85%≤90%
_MIRRORED = re.compile(
    rf"(?P<a>\d+(?:\.\d+)?)(?P<u>\D{{0,4}}?)\s*(?P<sign>[≤<≥>]=?)\s*(?P<name>{_NAME})"
)
_MIRROR = str.maketrans("≤<≥>", "≥>≤<")
# 60(含)-80, 60分（不含）至80分                                       not: 60分（含）以上
_INCLUDED = re.compile(r"[(（]不?含[)）](?=\s*[-—–~～至到])")
# ≥90（%）, 12(次)                                                   not: 台（套）, 3（人）以上
_BRACKETED_UNIT = re.compile(r"(?<=\d)\s*[(（](?P<unit>[^()（）\d]{1,8})[)）]$")
# .5%                                                                not: 0.5%, 2024.5
_NO_ZERO = re.compile(r"(?<![\d.])\.(?=\d)")
# 7×24小时                                                           not: 3×5米
_ROUND_THE_CLOCK = re.compile(r"\d+\s*[×xX*]\s*(?=24\s*小时)")
_DATE_BLANKS = re.compile(r"(?<=[年月])\s+(?=\d)|(?<=\d)\s+(?=[年月日])")
# "/", "—", "--", "……"                                               not: "-5"
_DASHES = re.compile(r"[-—–―_/\\·.…、~～|]*")
# "**人", "XX%", "__个"                                              not: "×3"
_PLACEHOLDER = re.compile(r"[*＊×xXＸ_＿□○△?？…]+\s*(?P<unit>\D*)")
# GB18918, DB13/T 2024, HJ 2.1, PM2.5, A4, 国6, 国VI, 5A级, 5G基站      not: 6国, 10G
_NAMES = re.compile(
    r"(?:GB|DB|HJ|CJJ?|JGJ|JT[GJ]|ISO|SL|NY|DL)\s?\d*(?:/[A-Z])?[\s\d./-]*\d"
    r"|(?<![\d万千百A-Za-z])[A-Za-z]{1,4}-?\d+(?:\.\d+)?(?![\d.]*\s*(?:%|‰))|国[一二三四五六\d](?=标准|排放|以上|以下|车|及|$)"
    r"|(?<![\d.])\d[ADG](?=[\u4e00-\u9fff])|第\s?\d+(?!\d*季度)|\d+(?:\+\d+|\+[A-Z])+"
)
# 65岁以上老年人管理率70%, 3日内办结率100%, 0-6岁儿童300人            not: 95%以上群众满意, 20个以上
_QUALIFIER = re.compile(
    r"(?<![\d.])(?:\d+(?:\.\d+)?[^\d\s%‰,，。;；、]{0,4}?(?:及?以[上下内]|之?内)"
    r"|\d+周?岁?[-—–~～至到]\d+周?岁)"
    r"(?=的?[\u4e00-\u9fff][^\d,，。;；、]*\d+(?:\.\d+)?(?![\d.]*[年月]))"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_RANGE = re.compile(
    r"(?P<a>\d+(?:\.\d+)?)(?P<ua>[^\d\s\-—–~～至到,，;；]{0,5}?)\s*(?:[-—–~～]{1,2}|至|到)\s*"
    r"(?P<b>\d+(?:\.\d+)?)"
)
_WORDED = re.compile(
    rf"(?:^|达到|达|完成|于|过|少|多|低|高|年|月|周|季度)(?P<n>{NUMERAL})"
    r"(?P<rest>[^零一二两三四五六七八九十百千]{1,8})$"
)
_GRADES = ("级", "类", "等级", "等次", "档")  # 二类以上 is a grade, 2类 a count
# 零事故, 零投诉                                                     not: 零售, 零距离
_ZERO = re.compile(
    r"零(?:[重]?大?事故|投诉|伤亡|差错|违规|失误|感染|上访|死亡|发生|增长|报告|案件|发案)?"
)


def parse_target(raw: str) -> Target:
    """Read one target value. Never raises: what holds no number is qualitative or empty."""
    text = _normalise(raw[:_LIMIT])
    sign, body = _take_sign(text)
    empty = _read_empty(raw, text, sign, body)
    if empty is not None:
        return empty
    masked = _mask(spell_dates(spell_percentages(text)))
    date, masked = read_dates(masked)
    if date is not None and not _holds_quantity(masked):
        return _date_target(raw, date)
    sign, body = _take_sign(masked)
    if (target := _read_two_sided(raw, masked)) is not None:
        return target
    if (span := _read_range(masked)) is not None:
        return _ranged(raw, masked, *span)
    number = re.match(r"[-+]?\d+(?:\.\d+)?", body.lstrip("(（"))
    if number is not None:
        return _read_leading(raw, sign, number.group(), body.lstrip("(（")[number.end() :])
    return _read_prose(raw, masked, sign) or _read_worded(raw, masked)


def _normalise(raw: str) -> str:
    """Half-width, simplified, unbroken. Not of the same length: nothing here needs offsets."""
    text = simplify(raw.translate(_WIDTH)).replace("\r\n", "\n").strip()
    text = fold(_SPLIT_SIGN.sub("", _SPLIT_NUMBER.sub("", text))).rstrip("。;；")
    if item := _ITEM.match(text):
        text = text[item.end() :]
    text = _SPACED.sub(lambda match: match.group().replace(" ", ""), text)
    text = _BOUNDED.sub(r"\g<a>\g<u>-", _NO_ZERO.sub("0.", _ABOUT.sub("", text)))
    text = _INTERVAL.sub(r"\g<a>-\g<b>", _INCLUDED.sub("", text))
    if (match := _BRACKETED_UNIT.search(text)) and is_unit(match["unit"]):
        text = text[: match.start()] + match["unit"]
    if match := _MIRRORED.fullmatch(text):
        text = f"{match['sign'].translate(_MIRROR)}{match['a']}{match['u']}"
    return _THOUSANDS.sub("", _SHORT_YEAR.sub("20", _DATE_BLANKS.sub("", text)))


def _take_sign(text: str) -> tuple[str, str]:
    """The operator that the text begins with, "" without one, and what follows it."""
    match = first_sign_pattern().match(text)
    if match is None:
        return "", text
    return compared_operator(match.group()), text[match.end() :].lstrip()


def _read_empty(raw: str, text: str, sign: str, body: str) -> Target | None:
    operator = sign or "none"
    if _DASHES.fullmatch(body):
        return Target(raw, operator, (), "", "empty")
    if is_unit(body):
        return Target(raw, operator, (), written_unit(body), "empty")
    placeholder = _PLACEHOLDER.fullmatch(body)
    if placeholder is not None:
        return Target(raw, operator, (), written_unit(placeholder["unit"].strip()), "empty")
    return None


def _mask(text: str) -> str:
    """Blot out digits that are no quantity: document numbers, standards' names, ordinals."""
    for found in find_document_numbers(text):
        text = text[: found.start] + "□" * (found.end - found.start) + text[found.end :]
    text = _NAMES.sub(lambda match: "□" * len(match.group()), text)
    text = _QUALIFIER.sub(_blot_qualifier, text)
    return _ROUND_THE_CLOCK.sub("", text)


def _blot_qualifier(match: re.Match[str]) -> str:
    """A limit that says which things are counted; 不少于20个以上 is a target all the same."""
    before = match.string[: match.start()]
    is_target = _sign_before(before) or operator_before(before) or before.endswith(("达到", "达"))
    return match.group() if is_target else "□" * len(match.group())


def _holds_quantity(text: str) -> bool:
    """A number with a unit of its own, beside the dates: 3月15日前谋划5个项目."""
    return any(read_unit(text[match.end() :])[0] for match in _NUMBER.finditer(text))


def _date_target(raw: str, date: DateTarget) -> Target:
    operator, numbers, unit = date
    return Target(raw, operator, numbers, unit, "date")


@cache
def _two_sided_pattern() -> re.Pattern[str]:
    """≥80%且≤90%, 大于80%小于等于90%; not: ≥98≥95."""
    sign, number = compared_pattern().pattern, _NUMBER.pattern
    return re.compile(
        rf"(?P<first>{sign})\s*(?P<a>{number})\s*(?P<unit>[^\d\s,，;；、]{{0,6}}?)\s*"
        rf"[,，;；、]?\s*(?:并且|同时|[且并和])?\s*(?P<second>{sign})\s*(?P<b>{number})"
    )


def _read_two_sided(raw: str, text: str) -> Target | None:
    """A lower and an upper limit of the same unit are a range."""
    match = _two_sided_pattern().search(text)
    if match is None:
        return None
    sides = {compared_operator(match[name])[0] for name in ("first", "second")}
    before, (after, _) = match["unit"], read_unit(text[match.end() :])
    if sides != {"<", ">"} or (before and before != after):
        return None
    low, high = sorted((match["a"], match["b"]), key=float)
    unit = written_unit(after)
    return Target(raw, "range", (low, high), unit, kind_of(unit))


def _read_range(text: str) -> tuple[str, str, int, int] | None:
    match = _RANGE.search(text)
    if match is None or (match["ua"] and not is_unit(match["ua"])):
        return None
    return match["a"], match["b"], match.start(), match.end()


def _ranged(raw: str, text: str, first: str, second: str, start: int, end: int) -> Target:
    rest = text[end:].lstrip(")）")
    unit, _ = read_unit(rest, whole=True)
    between = re.sub(r"[\d.\-—–~～至到\s]", "", text[start:end])
    unit = written_unit(unit or between)
    low, high = sorted((first, second), key=float)
    return Target(raw, "range", (low, high), unit, kind_of(unit))


def _read_leading(raw: str, sign: str, number: str, rest: str) -> Target:
    """Operator, one number, and all the rest as unit text."""
    if re.fullmatch(r"\s*[:：]\s*\d+(?:\.\d+)?", rest):
        return Target(raw, sign or "none", (), "", "qualitative")
    unit, width = read_unit(rest, whole=not re.search(r"[以之及或内前左]", rest))
    after = rest[width:]
    if not unit or (_HAN.match(after) and not operator_after(after)):
        unit = _repeated_unit(number, after) or unit
    operator = sign or operator_after(after) or "="
    if not unit and not sign and number == "1" and _HAN.search(rest):
        return Target(raw, operator, (number,), "", "qualitative")
    unit = written_unit(unit)
    return Target(raw, operator, (number.lstrip("+"),), unit, kind_of(unit))


def _repeated_unit(number: str, rest: str) -> str:
    """The unit behind the same number in a sentence typed into the unit field (95…达标率95%)."""
    for match in _NUMBER.finditer(rest):
        if float(match.group()) == float(number):
            unit, _ = read_unit(rest[match.end() :])
            if unit:
                return unit
    return ""


def _read_prose(raw: str, text: str, first_sign: str) -> Target | None:
    """The number that a sentence is about: one with a comparison, else one with a unit."""
    best: tuple[int, Target] | None = None
    for match in _NUMBER.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        unit, width = read_unit(after)
        sign = _sign_before(before)
        operator = sign or operator_before(before) or operator_after(after[width:]) or first_sign
        reached = re.search(r"[至到达为]\s*$", before) is not None
        weight = 4 * bool(sign) + 3 * bool(operator) + 2 * bool(unit) + reached
        unit = written_unit(unit)
        negative = re.search(r"(?:[≥≤=<>]|^)\s*-$", before) is not None
        number = f"-{match.group()}" if negative else match.group()
        target = Target(raw, operator or "=", (number,), unit, kind_of(unit))
        if best is None or weight > best[0]:
            best = weight, target
    return best[1] if best is not None and (best[0] > 0 or len(text) < 12) else None


def _sign_before(before: str) -> str:
    match = re.search(rf"(?:{sign_pattern().pattern})\s*-?$", before)
    return compared_operator(re.sub(r"[\s-]", "", match.group())) if match else ""


def _read_worded(raw: str, text: str) -> Target:
    """二十个, 三家以上, 零事故; otherwise a qualitative target."""
    if text and _ZERO.fullmatch(text):
        return Target(raw, "=", ("0",), "", "number")
    sign, body = _take_sign(text)
    match = _WORDED.search(body)
    if match is not None and (value := read_numeral(match["n"])) is not None:
        unit, width = read_unit(match["rest"])
        after = match["rest"][width:]
        operator = sign or operator_before(body[: match.start("n")]) or operator_after(after)
        if unit and unit not in _GRADES and (operator_after(after) or not after):
            unit = written_unit(unit)
            return Target(raw, operator or "=", (str(value),), unit, kind_of(unit))
    return Target(raw, sign or operator_of_wording(text) or "none", (), "", "qualitative")
