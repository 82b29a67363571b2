"""条 of a measure: 第十二条, 第12条, 第十条之一, alone or in a list, to one label and one key."""

import re

from graph.values.numerals import read_numeral

_NUMERAL = r"[零〇一二三四五六七八九十百两\d０-９]{1,7}"
ARTICLE = rf"第\s?(?P<number>{_NUMERAL})\s?[条條](?:\s?之(?P<sub>[一二三四五六七八九十]))?"
_ARTICLE = re.compile(ARTICLE)
# the 款 and 项 that may stand behind                             not: 第三章
_PART = rf"(?:第?[（(]?{_NUMERAL}[)）]?[款项]){{0,3}}"
_LIST = re.compile(
    rf"第\s?{_NUMERAL}\s?[条條](?:\s?之[一二三四五六七八九十])?{_PART}"
    rf"(?:\s?[、，,和及与至到—–~-]\s?第\s?{_NUMERAL}\s?[条條]{_PART}){{0,20}}"
)
# 《…办法》（以下简称《办法》）第三章第十二条   《…办法》中第十二条   not: 《…办法》，第十二条
_TO_ARTICLE = re.compile(
    rf"\s{{0,4}}(?:[(（，,][^()（）\n]{{0,40}}[)）])?\s{{0,4}}(?:文件|文|中|的|之)?\s{{0,4}}(?:第{_NUMERAL}章)?"
    rf"(?:第{_NUMERAL}节)?\s{{0,4}}"
)
_DIGITS = "零一二三四五六七八九"
_MOST, _MOST_BETWEEN = 999, 30
_UNTIL = re.compile(r"[至到—–~-]\s?$")


def articles_behind(text: str, end: int) -> tuple[str, ...]:
    """The labels of the articles that a citation ending there names: 《…办法》第八条、第十条."""
    gap = _TO_ARTICLE.match(text, end)
    named = _LIST.match(text, gap.end() if gap else end)
    return labels(named.group()) if named else ()


def labels(text: str) -> tuple[str, ...]:
    """第3条至第五条 → 第三条, 第四条, 第五条; each once, in the order of the text.

    >>> labels("第八条、第12条之一")
    ('第八条', '第十二条之一')
    """
    found: list[str] = []
    last = 0
    for match in _ARTICLE.finditer(text):
        number = read_article(match["number"])
        if number is None:
            continue
        until = last and _UNTIL.search(text, 0, match.start())
        between = range(last + 1, min(number, last + _MOST_BETWEEN)) if until else ()
        found += [f"第{spell(n)}条" for n in between]
        found.append(label(number, match["sub"]))
        last = number
    return tuple(dict.fromkeys(found))


def label(number: int, sub: str | None = None) -> str:
    return f"第{spell(number)}条" + (f"之{sub}" if sub else "")


def key(label: str) -> str | None:
    """第十二条 → 12, 第十条之一 → 10-1: what tells one article of a measure from another."""
    match = _ARTICLE.fullmatch(label)
    number = read_article(match["number"]) if match else None
    if match is None or number is None:
        return None
    return f"{number}-{read_numeral(match['sub'])}" if match["sub"] else str(number)


def read_article(numeral: str) -> int | None:
    """The number of an article, 1 to 999, in Han or Arabic numerals."""
    value = int(numeral) if numeral.isdecimal() else read_numeral(numeral)
    return value if value is not None and 0 < value <= _MOST else None


def spell(number: int) -> str:
    """A number from 1 to 999 in Chinese: 12 → 十二, 105 → 一百零五."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += "十" if tens == 1 and not hundreds else f"{_DIGITS[tens]}十"
    elif hundreds and ones:
        text += "零"
    return text + (_DIGITS[ones] if ones else "")
