"""Numbers as Excel displays them: format codes per ECMA-376-1 §18.8.30 and .31.

0.95 in 0% reads 95%, 46022 in yyyy"年"m"月"d"日" reads 2025年12月31日. In General all of a double's
15 digits are given, never an exponent: Excel's display depends on the width of the column there.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from itertools import groupby

BUILTIN = {
    **{1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00"},
    # 14 is the short date of the system: in China 2025/12/31.
    **{14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM"},
    **{19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm"},
    # Those of Chinese systems, which WPS and Excel store without their code.
    **{27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy"},
    **{31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"'},
    **{34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"'},
    **{37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00"},
    **{40: "#,##0.00;-#,##0.00", 41: '#,##0;-#,##0;"-"', 42: '¥#,##0;¥-#,##0;¥"-"'},
    **{43: '#,##0.00;-#,##0.00;"-"', 44: '¥#,##0.00;¥-#,##0.00;¥"-"'},
    **{45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0"},
    **{50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"'},
    **{54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"'},
    **{57: 'yyyy"年"m"月"', 58: 'm"月"d"日"'},
}
"""Format codes that files name by number only; any other number is General."""

# One piece of a code: 0 | "年" | \- | _) | [$¥-804] | AM/PM; not: an unended quote's second half
_PIECE = re.compile(
    r'(?P<quoted>"[^"]*"?)|(?P<escaped>[\\!].?)|(?P<space>[_*].?)|(?P<bracket>\[[^\]]*\])'
    r"|(?P<general>G/通用格式|General)|(?P<half>AM/PM|A/P|上午/下午)|(?P<exponent>E[+-]0+)"
    r"|(?P<code>.)",
    re.IGNORECASE | re.DOTALL,
)
# A currency in brackets: [$¥-804], [$-804]; not: [Red]
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
# Hours that count on past a day: [h], [mm]; not: [Red]
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
# When a section applies: [>=10000], [<0]; not: [h]
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)\]")

_DIGITS = frozenset("0#?")
_DATE_LETTERS = frozenset("ymdhsea")
_LAST_SERIAL = 2_958_466
"""The day after 9999-12-31."""
_WEEKDAYS = "一二三四五六日"
_LONGEST = 300
"""Excel takes codes up to 255 characters; a longer one is not a format."""

# A piece of a section: what kind it is, and its text; literals stand as they are.
_Token = tuple[str, str]


@lru_cache(maxsize=4096)
def display(value: float, code: str, date1904: bool = False) -> str:
    """The number as a cell with this format code shows it, blanks at the ends left out."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    digits = f"{value + 0.0:.15g}"  # no sign in front of a zero
    if code == "General" and "e" not in digits:
        return digits
    exact = Decimal(digits)
    tokens, magnitude = _chosen(_sections(code[:_LONGEST]), exact)
    if any(kind in ("date", "elapsed", "half") for kind, _ in tokens):
        if not 0 <= value < _LAST_SERIAL:
            return general(exact)
        return _date(value, tokens, date1904).strip()
    return _number(magnitude, tokens).strip()


def general(value: Decimal) -> str:
    """All digits, without an exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def _sections(code: str) -> tuple[tuple[_Token, ...], ...]:
    sections: list[list[_Token]] = [[]]
    for match in _PIECE.finditer(code):
        kind, text = match.lastgroup or "", match.group()
        if kind == "code" and text == ";":
            sections.append([])
        else:
            sections[-1].append(_token(kind, text))
    return tuple(_grouped(section) for section in sections[:4])


def _token(kind: str, text: str) -> _Token:
    if kind == "quoted":
        return "literal", text.strip('"')
    if kind == "escaped":
        return "literal", text[1:]
    if kind == "space":
        return "literal", ""
    if kind == "bracket":
        if currency := _CURRENCY.fullmatch(text):
            return "literal", currency[1]
        if elapsed := _ELAPSED.fullmatch(text):
            return "elapsed", elapsed[1].lower()
        return ("condition", text) if _CONDITION.fullmatch(text) else ("literal", "")
    if kind == "code":
        if text in _DIGITS:
            return "digit", text
        if text.lower() in _DATE_LETTERS:
            return "date", text.lower()
        return (text, text) if text in ".,%/@" else ("literal", text)
    return kind, text


def _grouped(section: Sequence[_Token]) -> tuple[_Token, ...]:
    """Equal date letters in a row are one token: yyyy."""
    tokens: list[_Token] = []
    for (kind, letter), run in groupby(section):
        equal = list(run)
        tokens.extend([("date", letter * len(equal))] if kind == "date" else equal)
    return tuple(tokens)


def _chosen(
    sections: tuple[tuple[_Token, ...], ...], value: Decimal
) -> tuple[tuple[_Token, ...], Decimal]:
    """The section for a value: positive; negative; zero; and text last, which no number takes."""
    for section in sections:
        for kind, text in section:
            if kind == "condition" and _holds(text, value):
                return section, value
    if any(kind == "condition" for section in sections for kind, _ in section):
        free = [s for s in sections if not any(kind == "condition" for kind, _ in s)]
        return (free[0] if free else (("general", ""),)), value
    numeric = [s for s in sections if ("@", "@") not in s] or [(("general", ""),)]
    if value < 0 and len(numeric) > 1:
        return numeric[1], -value
    if value == 0 and len(numeric) > 2:
        return numeric[2], value
    return numeric[0], value


def _holds(condition: str, value: Decimal) -> bool:
    match = _CONDITION.fullmatch(condition)
    assert match is not None, "only a condition becomes such a token"
    operator, bound = match[1], Decimal(match[2])
    return (
        ("=" in operator and value == bound)
        or ("<" in operator and value < bound)
        or (">" in operator and value > bound)
    )


def _number(value: Decimal, tokens: Sequence[_Token]) -> str:
    kinds = [kind for kind, _ in tokens]
    if not tokens:
        return ""
    if "general" in kinds or "/" in kinds:
        shown = general(value)
        if "/" in kinds:  # fractions are rare: the decimal says the same
            return shown
        return "".join(shown if kind == "general" else text for kind, text in tokens)
    if "digit" not in kinds:
        return "".join(text for kind, text in tokens if kind in ("literal", "%"))
    first = kinds.index("digit")
    last = len(kinds) - 1 - kinds[::-1].index("digit")
    point = kinds.index(".") if "." in kinds else last + 1
    decimals = sum(kind == "digit" for kind in kinds[point:])
    if "exponent" in kinds:
        return f"{value:.{decimals}E}"
    # Commas behind the last digit scale: 0.0,"千元"
    tail = kinds[last + 1 :]
    scale = next((i for i, kind in enumerate(tail) if kind != ","), len(tail))
    value = value.scaleb(2 * kinds.count("%") - 3 * scale)
    rounded = abs(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    whole, _, fraction = f"{rounded:f}".partition(".")
    grouped = "," in kinds[first : min(point, last + 1)]
    shown = (
        _whole(whole, tokens[:point], grouped)
        + _fraction(fraction, tokens[point : last + 1])
        + "".join(text for kind, text in tokens[max(last + 1, point) :] if kind in ("literal", "%"))
    )
    return "-" + shown if value < 0 and rounded else shown


def _whole(digits: str, tokens: Sequence[_Token], grouped: bool) -> str:
    """Digits from the right into their places; the first place takes all that are left."""
    fewest = sum(text == "0" for _, text in tokens)
    digits = digits.lstrip("0").rjust(fewest, "0")
    shown: list[str] = []
    places = sum(kind == "digit" for kind, _ in tokens)
    position = 0
    for kind, text in reversed(tokens):
        if kind != "digit":
            shown.append(text if kind in ("literal", "%") else "")
            continue
        places -= 1
        count = 1 if places else max(len(digits) - position, 0)
        for _ in range(min(count, len(digits) - position)):
            if grouped and position and position % 3 == 0:
                shown.append(",")
            shown.append(digits[-1 - position])
            position += 1
    return "".join(reversed(shown))


def _fraction(digits: str, tokens: Sequence[_Token]) -> str:
    """The decimals; a # at the end leaves zeros out, and Excel keeps the point."""
    shown: list[str] = []
    position = 0
    for kind, text in tokens:
        if kind == "digit":
            if text == "0" or digits[position:].strip("0"):
                shown.append(digits[position])
            position += 1
        elif kind in (".", "literal"):
            shown.append(text)
    return "".join(shown).removesuffix(".")


def _date(value: float, tokens: Sequence[_Token], date1904: bool) -> str:
    moment = _moment(value, tokens, date1904)
    half = any(kind == "half" for kind, _ in tokens)
    places = [i for i, (kind, _) in enumerate(tokens) if kind in ("date", "elapsed")]
    shown = []
    for index, (kind, text) in enumerate(tokens):
        if kind == "elapsed":
            unit = {"h": 24, "m": 1440, "s": 86400}[text[0]]
            shown.append(str(int(round(value * 86400) * unit // 86400)).rjust(len(text), "0"))
        elif kind == "half":
            names = text.split("/")
            shown.append(names[moment.hour >= 12])
        elif kind == "date":
            shown.append(_part(moment, text, half, _is_minute(tokens, places, index)))
        elif kind == "digit" and index and tokens[index - 1][0] in (".", "digit"):
            shown.append("0")
        elif kind in ("literal", ".", ",", "/", "%"):
            shown.append(text)
    return "".join(shown)


def _moment(value: float, tokens: Sequence[_Token], date1904: bool) -> datetime:
    """A serial as a time, to the second. Excel believes in a 29 February 1900, serial 60."""
    if date1904:
        start = datetime(1904, 1, 1)
    else:
        start = datetime(1899, 12, 31) if value < 60 else datetime(1899, 12, 30)
    if any(letters[0] in "hs" for kind, letters in tokens if kind in ("date", "elapsed")):
        seconds = round(value * 86400)
    else:
        seconds = int(value) * 86400
    try:
        return start + timedelta(seconds=seconds)
    except OverflowError:
        return datetime.max


def _is_minute(tokens: Sequence[_Token], places: Sequence[int], index: int) -> bool:
    """m is a minute behind hours and in front of seconds."""
    place = places.index(index)
    before = tokens[places[place - 1]][1] if place else ""
    after = tokens[places[place + 1]][1] if place + 1 < len(places) else ""
    return before.startswith("h") or after.startswith("s")


def _part(moment: datetime, letters: str, half: bool, minute: bool) -> str:
    letter, width = letters[0], len(letters)
    if letter in "ye":
        short = letter == "y" and width <= 2
        return f"{moment.year % 100:02d}" if short else f"{moment.year:04d}"
    if letter == "a":
        return ("星期" if width > 3 else "") + _WEEKDAYS[moment.weekday()]
    if letter == "d" and width > 2:
        return "星期" + _WEEKDAYS[moment.weekday()]
    if letter == "m" and not minute:
        return f"{moment.month}月" if width > 2 else str(moment.month).rjust(width, "0")
    hour = (moment.hour - 1) % 12 + 1 if half else moment.hour
    number = {"d": moment.day, "m": moment.minute, "h": hour, "s": moment.second}[letter]
    return str(number).rjust(min(width, 2), "0")
