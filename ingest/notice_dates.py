"""The date under a notice's signature."""

import re
from dataclasses import dataclass
from datetime import date

from graph.values.traditional import plain
from ingest.notice_head import SIGNATURE

_LINE = 200
_HAN_DIGITS = str.maketrans("〇○ＯOo零一二三四五六七八九", "000000123456789")
_WIDTH = str.maketrans("０１２３４５６７８９．－／", "0123456789.-/")
_HAN_NUMBER = {"十": 10, "十一": 11, "十二": 12, "二十": 20, "三十": 30, "三十一": 31}
# 2024年6月12日   二〇二三年四月二十日   2018年1月17                   not: …12日印发, 于…日前
_STANDING = re.compile(
    r"^[^\S\n]*(?:[\u4e00-\u9fff ]{4,60}[^\S\n]+)?"
    r"(?P<y>(?:19|20)\d\d|[一二][〇○ＯOo0零九][〇○ＯOo0零一二三四五六七八九]{2})\s?年\s?"
    r"(?P<m>\d{1,2}|[一二三四五六七八九十]{1,2})\s?月\s?(?P<d>\d{1,2}|[一二三四五六七八九十]{1,3})\s?日?[^\S\n]*$",
    re.MULTILINE,
)
# 2024.11.5   2024-11-05   2024/11/5                                  not: 2024-11-05 09:30
_FIGURES = re.compile(
    r"^[^\S\n]*(?P<y>20\d\d)(?P<sign>[-./])(?P<m>\d{1,2})(?P=sign)(?P<d>\d{1,2})[^\S\n]*$",
    re.MULTILINE,
)
# a date that a converter broke out of its sentence: …7月31日 | 前分解下达
_GOES_ON = re.compile(r"\s*(?:前|之前|以前|起|至|止|底前|印发)")
# 2026123 for 2026年1月23日: a page that lost its 年月日                  not: 2026-01-30
_STRIPPED = re.compile(r"^[^\S\n]*(?P<y>20\d\d)(?P<rest>\d{2,4})[^\S\n]*$", re.MULTILINE)
# 2026-01-30, the day a page was put on the web                        not: 2026-1
_PRINTED = re.compile(r"20\d\d-\d\d-\d\d")
# 成文日期：2023年03月08日   发文日期:2020-02-10   [2023-10-27]           not: 发布时间：…
_LABELLED = re.compile(
    r"(?:成文日期|发文日期|印发日期|签发日期|生成日期|制发日期|成文时间|发文时间)[\s:：|｜]*"
    r"(?P<y>\d{4})\s?[年./-]\s?(?P<m>\d{1,2})\s?[月./-]\s?(?P<d>\d{1,2})"
    r"|[号號][\]】]\s*[\[【](?P<y2>\d{4})-(?P<m2>\d{2})-(?P<d2>\d{2})[\]】]"
)


@dataclass(frozen=True, slots=True)
class NoticeDate:
    """`day` is YYYY-MM-DD, None where its figures can be read in two ways; `signed` says that it
    stands under the text and not in the metadata above."""

    day: str | None
    start: int
    end: int
    signed: bool = True


def signature_date(text: str, body: int) -> NoticeDate | None:
    """The date of the signature, else that of the metadata; None where there is neither.

    The first date that stands alone on a line of the body is the signature's: what follows it are
    attachments and the printer's note. The day a page was published is no signature: a date in
    figures counts only under a signing office's name.
    """
    text = text.translate(_WIDTH)
    for form in (_STANDING, _FIGURES):
        for match in form.finditer(text, body):
            day = _iso(match["y"], match["m"], match["d"])
            if day is None or _GOES_ON.match(text, match.end()):
                continue
            if form is _STANDING or _is_signed(text, match.start()):
                return NoticeDate(day, match.start("y"), match.end())
    labelled = _LABELLED.search(text)
    if labelled is not None:
        parts = [labelled[name] or labelled[f"{name}2"] for name in ("y", "m", "d")]
        return NoticeDate(_iso(*parts), *labelled.span(), signed=False)
    stripped = _STRIPPED.search(text, body)
    if stripped is not None:
        latest = max((m.group() for m in _PRINTED.finditer(text)), default="9999")
        day = _read_stripped(stripped["y"], stripped["rest"], latest)
        return NoticeDate(day, stripped.start("y"), stripped.end())
    return None


def _is_signed(text: str, at: int) -> bool:
    """Whether the line above holds nothing but the names of offices."""
    above = text[max(0, at - _LINE) : at].rstrip().rpartition("\n")[2].split()
    return bool(above) and all(SIGNATURE.fullmatch(plain(name)) for name in above)


def _number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text in _HAN_NUMBER:
        return _HAN_NUMBER[text]
    tens, _, ones = text.partition("十")
    if "十" not in text:
        digits = text.translate(_HAN_DIGITS)
        return int(digits) if digits.isdigit() else None
    first = int(tens.translate(_HAN_DIGITS)) if tens else 1
    return first * 10 + (int(ones.translate(_HAN_DIGITS)) if ones else 0)


def _iso(year: str, month: str, day: str) -> str | None:
    numbers = [_number(part) for part in (year.translate(_HAN_DIGITS), month, day)]
    try:
        return date(*(number or 0 for number in numbers)).isoformat()
    except ValueError:
        return None


def _read_stripped(year: str, rest: str, latest: str) -> str | None:
    """The one reading of month and day that is a date and not after the page's; None for two."""
    readings = {_iso(year, rest[:cut], rest[cut:]) for cut in (1, 2) if cut < len(rest)}
    possible = [r for r in readings if r is not None and r <= latest]
    return possible[0] if len(possible) == 1 else None
