"""Beginnings of prefixes that are plain wherever they stand: a province's short name before an
organ (冀财, 豫政办), and the centre's own (国办发, 人社部).

They find the prefix behind words that no table knows (随文附冀财建, 困难群众救助唐财社). A place
may end in a province's character (银川财建, 新津财农): then the prefix begins with the place.
"""

import re
from functools import cache

from graph.values import tables
from graph.values.region import short_name

PROVINCES = "京津冀晋内蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵黔云滇藏陕甘青宁新"
# Characters that hardly stand in another word; "打黑办", "高新财" show why the others are not here.
_RARE = "冀鲁豫皖闽赣鄂湘粤琼渝黔沪浙陕"
_LONGEST_PLACE = 6
# 唐财 青禾财 云岭县财: three characters of a place at most stand before 财 or 政办.
_LONGEST_SHORT = 3
# 唐财社 唐政办字                                                    not: 唐财政, 唐政通
_LOCAL = re.compile(r"[\u4e00-\u9fff](?=财(?!政)|政[办发字函])")


@cache
def _heads() -> re.Pattern[str]:
    """冀财 豫发改 赣市财 川政办 国办发 人社部发              not: 京津冀办, 财驻冀监, 打黑办"""
    organs = "".join(sorted(_organs()))
    return re.compile(
        rf"(?<![{PROVINCES}驻财])(?:[{_RARE}](?=[{organs}]|市财)|[{PROVINCES}](?=财(?!政)|政[办发字函]))"
        r"|国办[发函]|中办发|国[发函]$|国卫[\u4e00-\u9fff]{0,3}发|人社部|工信部|退役军人部"
    )


def is_head(text: str, at: int) -> bool:
    """Whether a prefix plainly begins at `at`."""
    return _heads().match(text, at) is not None


def last_head(text: str, start: int) -> int:
    """Where the last plain beginning behind `start` stands; `start` where there is none."""
    found = start
    for match in _heads().finditer(text, start + 1):
        at = match.start()
        place = _place_up_to(text, at, start)
        if place is not None:
            found = place
        elif text[at] in _RARE or text[at] not in PROVINCES or at - start > 1:
            found = at
    return _local_head(text, found)


def _local_head(text: str, start: int) -> int:
    """Where a city's or a county's 财 or 政办 begins behind more than a place's name: 救助|唐财社.

    What stands before is the longest name of a place that the standard knows, else the one
    character by which a place that begins so abbreviates itself, else two characters.
    """
    for match in _LOCAL.finditer(text, start + _LONGEST_SHORT):
        at = match.start()
        if text[at] not in _organs():
            place = _place_up_to(text, at, start)
            start = place if place is not None else at - _before(text[at])
    return start


def _before(last: str) -> int:
    """How many characters of a place that no table knows stand before its last: 云岭|县, 青|禾."""
    if last in "省市县区州旗盟":
        return 2
    return 0 if last in _first_characters() else 1


def _place_up_to(text: str, at: int, start: int) -> int | None:
    """Where the longest name of a place that ends with the character at `at` begins."""
    first = max(start, at + 1 - _LONGEST_PLACE)
    return next((i for i in range(first, at) if text[i : at + 1] in _places()), None)


@cache
def _organs() -> frozenset[str]:
    return frozenset(tables.words("prefix_words", "organ"))


@cache
def _places() -> frozenset[str]:
    """Names of two characters and more, full and short: 云州市, 云州."""
    names = {row[1] for row in tables.rows("regions")}
    return frozenset(n for name in names for n in (name, short_name(name)) if len(n) > 1)


@cache
def _first_characters() -> frozenset[str]:
    return frozenset(row[1][0] for row in tables.rows("regions") if row[2] == "current")
