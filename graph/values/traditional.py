"""Traditional characters that official documents print, one for one into simplified ones.

A table of our own after 简化字总表 (1986): what stands in the names of regions and issuers, in
prefixes, titles and units. It maps one character to one character, so offsets into the text stay
true.
"""

import re
from functools import cache

from graph.values import tables

# 發(fā)  關(guān)于  （cái）, which a converter prints behind a character   not: (kg), 台(套)
GLOSS = re.compile(
    r"(?<=[\u3400-\u9fff])[(（](?=[^)）]{0,7}[aeiouāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü])"
    r"[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü]{1,7}[)）]"
)


def plain(text: str) -> str:
    """Simplified and without pinyin glosses; the length changes, so offsets do not survive.

    >>> plain("皖發(fā)〔2016〕30號")
    '皖发〔2016〕30号'
    """
    return GLOSS.sub("", simplify(text))


def simplify(text: str) -> str:
    """The same text, of the same length, with the table's characters simplified.

    >>> simplify("財預〔2021〕101號")
    '财预〔2021〕101号'
    """
    return text if text.isascii() else text.translate(_table())


@cache
def _table() -> dict[int, str]:
    return {ord(row[0]): row[1] for row in tables.rows("traditional")}
