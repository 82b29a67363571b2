"""Chinese numerals in figures: 二十 → 20, 百分之九十五 → 95%, 九成 → 90%, 十二月 → 12月."""

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0, "○": 0}
_STEPS = {"十": 10, "百": 100, "千": 1000}
NUMERAL = r"[零〇○一二两三四五六七八九十百千]{1,12}"
_PERCENT = re.compile(rf"百分之({NUMERAL}(?:点[零〇○一二三四五六七八九]+)?|\d+(?:\.\d+)?)")
_TENTHS = re.compile(
    r"(?<![一二三四五六七八九])([一二三四五六七八九\d])成([一二三四五六七八九半]?)(?![果立员功本品就效熟长因交])"
)
# 二〇二四年                                                         not: 三年
_YEAR = re.compile(r"[一二][零〇○一二三四五六七八九]{3}(?=年)")
# 十二月三十一日  十二月底                                           not: 三个月, 三月内, 一月一次
_MONTH_DAY = re.compile(
    r"(?<![零〇○一二三四五六七八九十百千])(?P<m>十[一二]?|[一二三四五六七八九])月(?!内|以内|之内|[一两二三]次)"
    r"(?:(?P<d>[一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])(?=[日号]))?"
)
# 每月十五日                                                         not: 十五日内
_DAY = re.compile(r"(?<=[每次当本]月)(?P<d>[一二三]?十[一二三四五六七八九]?)(?=[日号])")


def read_numeral(text: str) -> int | None:
    """The whole number that a numeral below 10,000 spells; None where it spells none.

    >>> read_numeral("二十五"), read_numeral("一百零二"), read_numeral("二〇二四")
    (25, 102, 2024)
    """
    if not text or any(c not in _DIGITS and c not in _STEPS for c in text):
        return None
    if not any(c in _STEPS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text)) if len(text) <= 4 else None
    total, digit = 0, None
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (1 if digit is None else digit) * _STEPS[character]
            digit = None
    return total + (digit or 0)


def spell_percentages(text: str) -> str:
    """百分之九十五 as 95%, 九成 as 90%, 九成五 as 95%; everything else as it stands."""
    return _TENTHS.sub(_tenths, _PERCENT.sub(_percent, text))


def spell_dates(text: str) -> str:
    """二〇二四年十二月三十一日 as 2024年12月31日; everything else as it stands."""
    for whole in (_YEAR, _DAY):
        text = whole.sub(lambda match: str(read_numeral(match[0])), text)
    return _MONTH_DAY.sub(
        lambda match: f"{read_numeral(match['m'])}月{read_numeral(match['d'] or '') or ''}", text
    )


def _percent(match: re.Match[str]) -> str:
    whole, _, fraction = match[1].partition("点")
    if whole[0].isascii():
        return f"{whole}%"
    value = read_numeral(whole)
    if value is None:
        return match[0]
    digits = "".join(str(_DIGITS[c]) for c in fraction)
    return f"{value}.{digits}%" if digits else f"{value}%"


def _tenths(match: re.Match[str]) -> str:
    tens, ones = match[1], match[2]
    first = int(tens) if tens.isdigit() else _DIGITS[tens]
    second = 5 if ones == "半" else _DIGITS.get(ones, 0)
    return f"{first * 10 + second}%"
