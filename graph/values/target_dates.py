"""Dates and periods in target values: 12月31日前, 2025年6月底前, 1-12月, 一季度."""

import calendar
import re

# Every form with an example of what it reads and of what it must not read.
# 2024年12月31日  2024-12-31  2024.12.31                             not: 2024.5万元
FULL = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
)
# 2025年6月  2025年6月底                                             not: 2025年6个月
# 2024.1-2024.12                                                     not: 2024.5万元
_DOTTED = re.compile(
    r"(?<!\d)(?P<ya>20\d\d)[./](?P<a>\d{1,2})\s*[-—–~～至到]+\s*(?P<yb>20\d\d)[./](?P<b>\d{1,2})(?![\d./])"
)
YEAR_MONTH = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月份?(?P<end>底|末)?")
# 12月31日  12 月 31 日  6月30                                       not: 12个月
MONTH_DAY = re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?")
# 6月底  9月份  5月                                                  not: 6个月, 元/月
MONTH = re.compile(r"(?<![\d.])(?P<m>\d{1,2})\s*月份?(?P<end>底|末)?")
# 2024年底  2024年度  2024年                                         not: 20年
YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年(?:度)?(?P<end>底|末)?")
# 年底前  当年年末                                                   not: 2024年底
YEAR_END = re.compile(r"(?<!\d)(?:当年|本年|全年)?年(?:底|末)")
# 一季度  第4季度末                                                  not: 每季度
QUARTER = re.compile(r"第?(?P<q>[一二三四1-4])季度(?P<end>底|末)?")
# 每月15日前  次月20日  首月5日                                      not: 15日内
DAY_OF_MONTH = re.compile(r"(?:[每次当首末下本]月|季度末|个月)(?:的)?(?P<d>\d{1,2})[日号]")
# 12-31                                                              not: 5-8, 12-31个
DASHED = re.compile(r"^\s*(?P<m>\d{1,2})-(?P<d>1[3-9]|2\d|3[01])\s*(?=前|$)")
_FORMS = (FULL, YEAR_MONTH, MONTH_DAY, DASHED, DAY_OF_MONTH, MONTH, YEAR, QUARTER, YEAR_END)
_PAIRED = (FULL, YEAR_MONTH, MONTH_DAY)

# 1-12月  3至5月  2024年1-12月                                       not: 5-8个
_MONTHS = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)年)?(?P<a>\d{1,2})月?(?:份)?\s*[-—–~～至到]+\s*(?P<b>\d{1,2})月"
)
# 2021-2023年                                                        not: 2021-2023元
_YEARS = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*[-—–~～至到]+\s*(?P<b>(?:19|20)\d\d)年")
_JOIN = re.compile(r"\s*(?:[-—–~～]+|至|到)\s*")
_BEFORE_END = re.compile(r"\s*(?:之前|以前|前|以内|之内|内|为止|止)")
_AFTER_START = re.compile(r"\s*(?:之后|以后|后|起)")
_DEADLINE_WORDS = re.compile(r"(?:不晚于|不迟于|最迟|最晚|截至|截止|早于|≤|<=|≦|<|＜)[^\d]{0,4}$")

DateTarget = tuple[str, tuple[str, ...], str]


def read_date(text: str) -> tuple[DateTarget, int, int] | None:
    """The first date or period: ((operator, numbers, unit), start, end); None without one."""
    for pattern in (_DOTTED, _MONTHS, _YEARS):
        match = pattern.search(text)
        if match is not None and (read := _period(match, pattern)) is not None:
            return ("range", *read), match.start(), match.end()
    best: tuple[re.Match[str], re.Pattern[str]] | None = None
    for form in _FORMS:
        match = form.search(text)
        if (
            match is not None
            and _plausible(match)
            and (best is None or match.start() < best[0].start())
        ):
            best = match, form
    if best is None:
        return None
    match, form = best
    return _single(text, match, form)


def read_dates(text: str) -> tuple[DateTarget | None, str]:
    """All dates of a text as one target, and the text with them blotted out.

    6月30日、12月31日前 has two dates and the operator of the last.
    """
    first: DateTarget | None = None
    while (read := read_date(text)) is not None:
        target, start, end = read
        text = text[:start] + "□" * (end - start) + text[end:]
        if first is None:
            first = target
        elif target[2] == first[2] and "range" not in (first[0], target[0]):
            first = (target[0], (*first[1], *target[1]), first[2])
    return first, text


def _plausible(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    month, day = int(groups.get("m") or 1), int(groups.get("d") or 1)
    return 1 <= month <= 12 and 1 <= day <= 31


def _period(match: re.Match[str], pattern: re.Pattern[str]) -> tuple[tuple[str, ...], str] | None:
    a, b = match["a"], match["b"]
    if pattern is _YEARS:
        return (a, b), "年"
    if not (1 <= int(a) <= 12 and 1 <= int(b) <= 12):
        return None
    if pattern is _DOTTED:
        return (f"{match['ya']}-{int(a):02}", f"{match['yb']}-{int(b):02}"), ""
    if match["y"]:
        return (f"{match['y']}-{int(a):02}", f"{match['y']}-{int(b):02}"), ""
    return (f"{int(a):02}", f"{int(b):02}"), "月"


def _single(
    text: str, match: re.Match[str], form: re.Pattern[str]
) -> tuple[DateTarget, int, int] | None:
    value, unit = _value(match, form)
    joint = _JOIN.match(text, match.end())
    if joint is not None:
        other = next((m for f in _PAIRED if (m := f.match(text, joint.end()))), None)
        if form in _PAIRED and other is not None and _plausible(other):
            last, _ = _value(other, other.re)
            return ("range", (value, last), ""), match.start(), other.end()
    operator = _operator(text, match)
    if operator == "=" and form is YEAR and not match["end"]:
        return ("range", (f"{value}-01-01", f"{value}-12-31"), ""), match.start(), match.end()
    if form is YEAR:
        value = f"{value}-12-31"
    if operator == "=" and form is QUARTER and not match["end"]:
        first = "一二三四1234".index(match["q"]) % 4 * 3 + 1
        return ("range", (f"{first:02}", f"{first + 2:02}"), "月"), match.start(), match.end()
    return (operator, (value,), unit), match.start(), match.end()


def _operator(text: str, match: re.Match[str]) -> str:
    if _DEADLINE_WORDS.search(text[: match.start()]) or _BEFORE_END.match(text, match.end()):
        return "<="
    return ">=" if _AFTER_START.match(text, match.end()) else "="


def _value(match: re.Match[str], form: re.Pattern[str]) -> tuple[str, str]:
    """The date as MM-DD, YYYY-MM-DD, YYYY-MM or YYYY, and a unit where it is less than that."""
    groups = match.groupdict()
    if form is YEAR_END:
        return "12-31", ""
    if form is QUARTER:
        quarter = "一二三四1234".index(match["q"]) % 4 + 1
        return ("03-31", "06-30", "09-30", "12-31")[quarter - 1], ""
    if form is DAY_OF_MONTH:
        return f"{int(match['d']):02}", "日"
    if form is YEAR:
        return match["y"], ""
    year, month = groups.get("y"), int(match["m"])
    prefix = f"{year}-" if year else ""
    if groups.get("d"):
        return f"{prefix}{month:02}-{int(match['d']):02}", ""
    if groups.get("end"):
        last = calendar.monthrange(int(year) if year else 2023, month)[1]
        return f"{prefix}{month:02}-{last:02}", ""
    return f"{prefix}{month:02}", "" if year else "月"
