"""Dates and periods in target values: 12月31日前, 2025年6月底前, 1-12月, 一季度."""

import calendar
import re

# Every form with an example of what it reads and of what it must not read.
_HOUR = r"(?:\s*\d{1,2}(?:[时点](?:\d{1,2}分)?|:\d\d))?"
_TENTH = r"(?:[上中下]旬)?"
# 2024年12月31日  2024-12-31  2024.12.31                             not: 2024.5万元
FULL = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*[年./-]\s*(?P<m>\d{1,2})\s*[月./-]\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?"
    rf"{_HOUR}"
)
# 2025年6月  2025年6月底                                             not: 2025年6个月
# 2024.1-2024.12                                                     not: 2024.5万元
_DOTTED = re.compile(
    r"(?<!\d)(?P<ya>20\d\d)[./](?P<a>\d{1,2})\s*[-—–~～至到]+\s*(?P<yb>20\d\d)[./](?P<b>\d{1,2})(?![\d./])"
)
YEAR_MONTH = re.compile(
    r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年\s*(?P<m>\d{1,2})\s*月份?(?P<end>底|末)?" + _TENTH
)
# 2024.12  2024-06前                                                 not: 2024.12万元, ≥2024.12
YEAR_DOT_MONTH = re.compile(
    r"^\s*(?P<y>20\d\d)[./-](?P<m>\d{1,2})(?P<end>底|末)?\s*(?=$|之?前|以前)"
)
# 20241231                                                           not: 20241231元
COMPACT = re.compile(r"^\s*(?P<y>20\d\d)(?P<m>[01]\d)(?P<d>[0-3]\d)\s*(?=$|日?之?前|日?以前)")
# 12月31日  12 月 31 日  6月30                                       not: 12个月
MONTH_DAY = re.compile(r"(?<!\d)(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})(?!\d)\s*[日号]?" + _HOUR)
# 6月底  9月份  5月                                                  not: 6个月, 元/月
MONTH = re.compile(r"(?<![\d.])(?P<m>\d{1,2})\s*月份?(?P<end>底|末)?" + _TENTH)
# 2024年底  2024年年末  2024年度  2024年                             not: 20年
YEAR = re.compile(r"(?<!\d)(?P<y>(?:19|20)\d\d)\s*年(?:度|年(?=[底末]))?(?P<end>底|末)?")
# 2024年工作任务: the year of something, no date                     not: 2024年完成, 2024年全年
_YEAR_OF = re.compile(
    r"\s*(?!全年|年?内|前|之前|以前|完成|建成|竣工|完工|启动|起|止)[\u4e00-\u9fff]{2}"
)
# 年底前  当年年末                                                   not: 2024年底
YEAR_END = re.compile(r"(?<!\d)(?:当年|本年|全年)?年(?:底|末)")
# 一季度  第4季度末  2024年第四季度                                  not: 每季度
QUARTER = re.compile(
    r"(?:(?<!\d)(?P<y>20\d\d)年)?第?(?<!\d)(?P<q>[一二三四1-4])季度(?P<end>底|末)?"
)
# 2024年上半年  下半年前                                             not: 半年
HALF = re.compile(r"(?:(?<!\d)(?P<y>20\d\d)年)?(?P<h>[上下])半年(?P<end>底|末)?")
# 每月15日前  次月20日  首月5日                                      not: 15日内
DAY_OF_MONTH = re.compile(r"(?:[每次当首末下本]月|季度末|个月)(?:的)?(?P<d>\d{1,2})[日号]")
# 12-31                                                              not: 5-8, 12-31个
DASHED = re.compile(r"^\s*(?P<m>\d{1,2})-(?P<d>1[3-9]|2\d|3[01])\s*(?=前|$)")
# 12.31前  6/30之前                                                  not: 12.31, 12.31万元
DOTTED_DAY = re.compile(r"^\s*(?P<m>\d{1,2})[./](?P<d>\d{1,2})\s*(?=日?(?:之前|以前|前))")
_FORMS = (
    *(FULL, COMPACT, YEAR_MONTH, YEAR_DOT_MONTH, MONTH_DAY, DASHED, DOTTED_DAY, DAY_OF_MONTH),
    *(QUARTER, HALF, MONTH, YEAR, YEAR_END),
)
_PAIRED = (FULL, YEAR_MONTH, MONTH_DAY)

# 1-12月  3至5月  2024年1-12月                                       not: 5-8个
_MONTHS = re.compile(
    r"(?:(?P<y>(?:19|20)\d\d)年)?(?P<a>\d{1,2})月?(?:份)?\s*[-—–~～至到]+\s*(?P<b>\d{1,2})月"
)
# 2021-2023年                                                        not: 2021-2023元
_YEARS = re.compile(r"(?P<a>(?:19|20)\d\d)年?\s*[-—–~～至到]+\s*(?P<b>(?:19|20)\d\d)年")
# 1-4季度  一至三季度                                                not: 1-4次
_QUARTERS = re.compile(
    r"(?:(?P<y>20\d\d)年)?第?(?<!\d)(?P<a>[一二三四1-4])(?:季度)?\s*[-—–~～至到]+\s*"
    r"第?(?P<b>[一二三四1-4])季度"
)
_JOIN = re.compile(r"\s*(?:[-—–~～]+|至|到)\s*")
_BEFORE_END = re.compile(r"\s*(?:之前|以前|前|以内|之内|内|为止|止)")
_AFTER_START = re.compile(r"\s*(?:之后|以后|后|起)")
_DEADLINE_WORDS = re.compile(r"(?:不晚于|不迟于|最迟|最晚|截至|截止|早于|≤|<=|≦|<|＜)[^\d]{0,4}$")

DateTarget = tuple[str, tuple[str, ...], str]


def read_date(text: str) -> tuple[DateTarget, int, int] | None:
    """The first date or period: ((operator, numbers, unit), start, end); None without one."""
    for pattern in (_DOTTED, _MONTHS, _QUARTERS, _YEARS):
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
        is_date = _is_date(text[start:end], text[end:])
        text = text[:start] + "□" * (end - start) + text[end:]
        if not is_date:
            continue
        if first is None:
            first = target
        elif target[2] == first[2] and "range" not in (first[0], target[0]):
            first = (target[0], (*first[1], *target[1]), first[2])
    return first, text


def _is_date(found: str, after: str) -> bool:
    """2024年工作任务完成 names the year of the tasks and is no date."""
    return YEAR.fullmatch(found) is None or _YEAR_OF.match(after) is None


def _plausible(match: re.Match[str]) -> bool:
    groups = match.groupdict()
    month, day = int(groups.get("m") or 1), int(groups.get("d") or 1)
    return 1 <= month <= 12 and 1 <= day <= 31


def _period(match: re.Match[str], pattern: re.Pattern[str]) -> tuple[tuple[str, ...], str] | None:
    a, b = match["a"], match["b"]
    if pattern is _YEARS:
        return (a, b), "年"
    if pattern is _QUARTERS:
        a, b = str(_quarter(a) * 3 - 2), str(_quarter(b) * 3)
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
            if len(value) > len("12-31") and not other.groupdict().get("y"):
                last = f"{match['y']}-{last}"
            return ("range", (value, last), ""), match.start(), other.end()
    operator = _operator(text, match)
    if operator == "=" and form is YEAR and not match["end"]:
        return ("range", (f"{value}-01-01", f"{value}-12-31"), ""), match.start(), match.end()
    if form is YEAR:
        value = f"{value}-12-31"
    if operator == "=" and form in (QUARTER, HALF) and not match["end"]:
        return ("range", *_part_of_year(match, form)), match.start(), match.end()
    return (operator, (value,), unit), match.start(), match.end()


def _part_of_year(match: re.Match[str], form: re.Pattern[str]) -> tuple[tuple[str, ...], str]:
    """一季度 as months; 上半年 as days; of a known year as months of it."""
    first, months = (
        (_quarter(match["q"]) * 3 - 2, 3)
        if form is QUARTER
        else (1 if match["h"] == "上" else 7, 6)
    )
    last = first + months - 1
    if match["y"]:
        return (f"{match['y']}-{first:02}", f"{match['y']}-{last:02}"), ""
    if form is QUARTER:
        return (f"{first:02}", f"{last:02}"), "月"
    return (f"{first:02}-01", f"{last:02}-{calendar.monthrange(2023, last)[1]}"), ""


def _quarter(printed: str) -> int:
    return "一二三四1234".index(printed) % 4 + 1


def _operator(text: str, match: re.Match[str]) -> str:
    if _DEADLINE_WORDS.search(text[: match.start()]) or _BEFORE_END.match(text, match.end()):
        return "<="
    return ">=" if _AFTER_START.match(text, match.end()) else "="


def _value(match: re.Match[str], form: re.Pattern[str]) -> tuple[str, str]:
    """The date as MM-DD, YYYY-MM-DD, YYYY-MM or YYYY, and a unit where it is less than that."""
    groups = match.groupdict()
    if form is YEAR_END:
        return "12-31", ""
    if form in (QUARTER, HALF):
        month = _quarter(match["q"]) * 3 if form is QUARTER else 6 if match["h"] == "上" else 12
        prefix = f"{match['y']}-" if match["y"] else ""
        return f"{prefix}{month:02}-{calendar.monthrange(2023, month)[1]}", ""
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
