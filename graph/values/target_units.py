"""Operators and units of target values, from `operators.tsv` and `units.tsv`."""

import re
from functools import cache

from graph.values import tables

_HAN = r"\u4e00-\u9fff"
# Sentences that people typed behind a number; with one of these words they are no unit.
_SENTENCE = (
    r"及时|按|达|合格|持续|稳定|优|良|左右|以|内|前|后|底|末|含|均|全|已|为|有|无|不|未"
    r"|完成|提高|提升|增|减|整|余|多|覆盖|知晓|执行|通过|落实|拨付|到位|满意|下降|保障|控制"
    r"|发展|解决|确保|正常|长期|并|且|的|和|与|至|到|是|否|好|差|较|强"
)
_MULTIPLIERS = frozenset({"万", "亿", "千万", "百万"})
_SHORT_REST = re.compile(rf"[{_HAN}A-Za-z²³·/]{{1,6}}")
# A short rest that begins with no unit of the table is one itself only when it is a word: 车间.
_LONGEST_UNKNOWN = 3
# What may follow a unit that is an ordinary noun as well (企业, 项目); else it begins a sentence.
_NOUN_ENDS = re.compile(rf"\s*(?:$|[^{_HAN}\s]|左右|完成(?![率度情及时])|全部|[以及或之内前])")


@cache
def _units() -> dict[str, tuple[str, str]]:
    """unit → (kind, base). The kind `noun` counts things, and is an ordinary noun as well."""
    return {row[0]: (row[1], row[2]) for row in tables.rows("units")}


@cache
def _measures() -> frozenset[str]:
    """Bases of length, area, volume, mass, time …: what stands behind such a unit is no unit."""
    return frozenset(row[2] for row in tables.rows("units") if row[1] == "number" and row[3] != "1")


@cache
def _words() -> tuple[str, ...]:
    return tuple(row[0] for row in tables.rows("unit_like_words"))


def _alternation(words: list[str]) -> str:
    """Longest first; a Latin word ends where its letters end: 10ms is not 10 m."""
    ordered = sorted(words, key=lambda word: (-len(word), word))
    return "|".join(
        re.escape(word) + ("(?![A-Za-z])" if word[-1:].isascii() and word[-1:].isalpha() else "")
        for word in ordered
    )


@cache
def unit_pattern() -> re.Pattern[str]:
    """A unit with its multiplier, bracket and denominators: 万平方米, 台(套), 元/人·年, /10万."""
    table = _units()
    counted = _alternation([u for u, (kind, _) in table.items() if kind in ("number", "noun")])
    other = [u for u, (kind, _) in table.items() if kind not in ("number", "noun")]
    alone = _alternation([u for u in other if u in _MULTIPLIERS])
    named = _alternation([u for u in other if u not in _MULTIPLIERS])
    below = rf"(?:{counted}|[{_HAN}]{{1,3}}|[A-Za-z㎡²³㎥]+|\d+[万千百亿]+)"
    denominators = rf"(?:[/／]每?{below}(?:[·•.]{below})?)*"
    number = rf"[十百千万亿]{{0,2}}?(?:{counted})(?:[(（](?:{counted})[)）])?"
    # "万元" is money, "万人次" a count, "万" alone money.
    return re.compile(
        rf"(?:{named}|{number}|{alone}){denominators}|[/／](?:{below}|\d+){denominators}"
    )


@cache
def _word_pattern() -> re.Pattern[str]:
    return re.compile(_alternation(list(_words())))


@cache
def _sentence_pattern() -> re.Pattern[str]:
    return re.compile(rf"{_SENTENCE}|{_word_pattern().pattern}")


def read_unit(text: str, *, whole: bool = False) -> tuple[str, int]:
    """The unit at the beginning of `text` and how many characters it takes; ("", 0) without one.

    `whole`: `text` is all that stands behind the number, so that a short rest that is no sentence
    is a unit even where the table does not know it (个村, 车间, 万画幅).
    """
    blank = len(text) - len(text.lstrip())
    match = _match_unit(text, blank)
    rest = text.strip()
    if whole and _is_short_unit(rest, "" if match is None else match.group()):
        return rest, len(text)
    return ("", 0) if match is None else (match.group(), match.end())


def _match_unit(text: str, start: int) -> re.Match[str] | None:
    """成本 begins with 成, and 企业满意度 with 企业: neither begins with a unit."""
    match = unit_pattern().match(text, start)
    if match is None:
        return None
    word = _word_pattern().match(text, start)
    if word is not None and word.end() >= match.end():
        return None
    is_noun = _units().get(match.group(), ("", ""))[0] == "noun"
    return None if is_noun and _NOUN_ENDS.match(text, match.end()) is None else match


def _is_short_unit(rest: str, known: str) -> bool:
    if not _SHORT_REST.fullmatch(rest):
        return False
    if known == rest:
        return True
    kind, base = _units().get(known.lstrip("十百千万亿"), ("", ""))
    if (
        _sentence_pattern().search(re.split("[/／]", rest)[0])
        or kind == "noun"
        or base in _measures()
    ):
        return False
    if not known:
        return rest.isascii() or len(rest) <= _LONGEST_UNKNOWN
    return kind_of(known) == "number" or known in _MULTIPLIERS or "/" in known


def kind_of(unit: str) -> str:
    """percent, money or number: the part before the denominator decides."""
    kind = _units().get(re.split(r"[/／(（]", unit)[0], ("number", ""))[0]
    return "number" if kind == "noun" else kind


def written_unit(unit: str) -> str:
    """百分比 and 百分号 are written %; every other unit stays as it is."""
    return "%" if unit in ("百分比", "百分号") else unit


def is_unit(text: str) -> bool:
    """Whether the text is a unit of the table, multiplier and denominators allowed."""
    return unit_pattern().fullmatch(text) is not None


@cache
def _operators(place: str) -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("operators") if row[2] == place}


@cache
def sign_pattern() -> re.Pattern[str]:
    return re.compile(_alternation(list(_operators("sign"))))


@cache
def first_sign_pattern() -> re.Pattern[str]:
    """The sign that a value begins with; 》90% is typed for >90%, 《办法》 is a title."""
    start = _alternation(list(_operators("start")))
    return re.compile(rf"{sign_pattern().pattern}|(?:{start})(?=\s*\d)")


@cache
def compared_pattern() -> re.Pattern[str]:
    """Signs and the words that stand before a number: ≥, 大于等于, 不超过."""
    return re.compile(
        _alternation([*_operators("sign"), *_operators("before"), *_operators("around")])
    )


def compared_operator(word: str) -> str:
    places = ("sign", "start", "before", "around")
    return next(found[word] for found in map(_operators, places) if word in found)


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
    return compared_operator(match["touching"] or match["around"])


@cache
def _after_pattern() -> re.Pattern[str]:
    return re.compile(
        rf"\s*(?:[(（]含[)）])?[(（]?(?:含|均|各|标准|项目)?({_alternation(list(_operators('after')))})"
    )


def operator_after(text: str) -> str:
    """What the words behind number and unit say: 以上 → ">=", 以内 → "<="; "" for nothing."""
    return read_operator_after(text)[0]


def read_operator_after(text: str) -> tuple[str, int]:
    """The same, and how many characters the words take."""
    match = _after_pattern().match(text)
    return ("", 0) if match is None else (_operators("after")[match[1]], match.end())


def leads(word: str) -> bool:
    """Whether the word is an operator that stands in front of its number: ≥, 不低于."""
    return any(word in _operators(place) for place in ("sign", "before", "around", "start"))


def follows(word: str) -> bool:
    """Whether the word is an operator that stands behind its number: 以上."""
    return word in _operators("after")


def operator_of_wording(text: str) -> str:
    """不超预算 and 不高于市场价 hold a limit without a number."""
    for word, operator in _operators("around").items():
        if text.startswith(word):
            return operator
    return ""
