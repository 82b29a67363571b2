"""年度: fiscal years that a text names."""

import re

FIRST, LAST = 1978, 2060
_DIGITS = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "0001234567890123456789")
# 2024年  2024 年度  二〇二四年  ２０２４年                             not: 2024号, 12024年
_YEAR = re.compile(
    r"(?<![\d０-９])(?P<year>[12１２][\d０-９]{3}|[一二][〇○零九][〇○零一二三四五六七八九]{2})\s{0,3}年度?"
)


def find_years(text: str) -> list[tuple[int, int, int]]:
    """(year, start, end) of each year with 年 or 年度 behind it; the span covers those too.

    Years outside 1978 to 2060 are no fiscal years.
    """
    found = [
        (int(match["year"].translate(_DIGITS)), match.start(), match.end())
        for match in _YEAR.finditer(text)
    ]
    return [item for item in found if FIRST <= item[0] <= LAST]
