"""Operators and units of target values, from `operators.tsv` and `units.tsv`."""

import re
from functools import cache

from graph.values import tables

_HAN = r"\u4e00-\u9fff"
_SUFFIX = rf"(?:[(（][{_HAN}]{{1,3}}[)）])?"
# Sentences that people typed behind a number; their first words are no unit.
_NO_UNIT = re.compile(
    r"完成|及时|按|达|合格|持续|稳定|优|良|左右|以|内|前|后|底|末|含|均|全|已|为|有|无|不|未"
    r"|提高|提升|增|减|整|余|多|覆盖|知晓|执行|通过|落实|支付|拨付|到位|安全|不|满意|下降|保障|控制|发展|解决|确保|正常|长期|并|且|的|和|与|至|到"
)
_MULTIPLIERS = frozenset({"万", "亿", "千万", "百万"})
_SHORT_REST = re.compile(rf"[{_HAN}A-Za-z²³·/]{{1,6}}")


@cache
def _units() -> dict[str, tuple[str, str]]:
    return {row[0]: (row[1], row[2]) for row in tables.rows("units")}


def _alternation(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit with its multiplier, bracket and denominators: 万平方米, 台(套), 元/人·年, /10万."""
    table = _units()
    counted = _alternation([u for u, (kind, _) in table.items() if kind == "number"])
    other = [u for u, (kind, _) in table.items() if kind != "number"]
    alone = _alternation([u for u in other if u in _MULTIPLIERS])
    named = _alternation([u for u in other if u not in _MULTIPLIERS])
    below = rf"(?:{counted}|[{_HAN}]{{1,3}}|[A-Za-z㎡²³㎥]+|\d+[万千百亿]+)"
    denominators = rf"(?:[/／]每?{below}(?:[·•.]{below})?)*"
    number = rf"[十百千万亿]{{0,2}}?(?:{counted}){_SUFFIX}"
    # "万元" is money, "万人次" a count, "万" alone money.
    return re.compile(rf"(?:{named}|{number}|{alone}){denominators}|[/／]{below}{denominators}")


def read_unit(text: str, *, whole: bool = False) -> tuple[str, int]:
    """The unit at the beginning of `text` and how many characters it takes; ("", 0) without one.

    `whole`: `text` is all that stands behind the number, so that a short rest that is no sentence
    is a unit even where the table does not know it (个村, 车间, 万画幅).
    """
    blank = len(text) - len(text.lstrip())
    match = unit_pattern().match(text, blank)
    rest = text.strip()
    if whole and _SHORT_REST.fullmatch(rest) and not _NO_UNIT.search(rest):
        known = "" if match is None else match.group()
        if kind_of(known) == "number" or known in _MULTIPLIERS or "/" in known:
            return rest, len(text)
    if match is None:
        return "", 0
    return match.group(), match.end()


def kind_of(unit: str) -> str:
    """percent, money or number: the part before the denominator decides."""
    return _units().get(re.split(r"[/／(（]", unit)[0], ("number", ""))[0]


def canonical_unit(unit: str) -> str:
    """百分比 and ％ are %; every other unit stays as it is written."""
    kind, canonical = _units().get(unit, ("", ""))
    return canonical if kind == "percent" else unit


def is_unit(text: str) -> bool:
    """Whether the text is a unit of the table, multiplier and denominators allowed."""
    return unit_pattern().fullmatch(text) is not None


@cache
def _operators(place: str) -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("operators") if row[2] == place}


@cache
def sign_pattern() -> re.Pattern[str]:
    return re.compile(_alternation(list(_operators("sign"))))


def sign_operator(sign: str) -> str:
    return _operators("sign")[sign]


@cache
def _before_pattern() -> re.Pattern[str]:
    touching = _alternation([*_operators("before"), *_operators("around")])
    around = _alternation(list(_operators("around")))
    return re.compile(
        rf"(?P<touching>{touching})\s*(?:约|于)?\s*$|(?P<around>{around})[^\d,，。；;]{{0,9}}$"
    )


def operator_before(text: str) -> str:
    """What the words in front of a number say: 不少于 → ">=", 控制在 → "<="; "" for nothing."""
    match = _before_pattern().search(text[-24:])
    if match is None:
        return ""
    word = match["touching"] or match["around"]
    return _operators("before").get(word) or _operators("around")[word]


@cache
def _after_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:[(（]含[)）])?[(（]?(?:含|均|各|标准|项目)?({_alternation(list(_operators('after')))})"
    )


def operator_after(text: str) -> str:
    """What the words behind number and unit say: 以上 → ">=", 以内 → "<="; "" for nothing."""
    match = _after_pattern().match(text)
    return "" if match is None else _operators("after")[match[1]]


def operator_of_wording(text: str) -> str:
    """不超预算 and 不高于市场价 hold a limit without a number."""
    for word, operator in _operators("around").items():
        if text.startswith(word):
            return operator
    return ""
