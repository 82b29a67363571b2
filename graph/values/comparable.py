"""What makes two target values comparable: one base unit, and exact numbers in it.

500元 and 0.05万元 are the same amount, 3公顷 and 45亩 the same area. Units that only tend to mean
the same (名 and 人, 年 and 个月, % and 百分点) stay apart: nothing is guessed.
"""

import re
from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache

from graph.values import tables
from graph.values.target import Target

_MEASURED = ("number", "percent", "money")
_MULTIPLIERS = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "亿": 100_000_000}
# More digits than a target value may have: no product is rounded.
_EXACT = Context(prec=4_000)
_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?")
# 10万, 10000, 万                                                     not: 百户
_COUNT = re.compile(r"(?=.)(?P<digits>\d*)(?P<steps>[十百千万亿]*)")
_LINE = re.compile(r"[/／]每?")
_SPLIT_BELOW = re.compile(r"[/／·•.]每?")
_BRACKETS = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Comparable:
    """`numbers` are exact decimals in `unit`, without needless zeros; dates stay as they are."""

    unit: str
    numbers: tuple[str, ...]


def comparable(target: Target) -> Comparable | None:
    """The target in its base unit; None where it holds nothing to compare.

    >>> comparable(parse_target("≤0.05万元/人"))
    Comparable(unit='元/人', numbers=('500',))
    """
    return in_base(target.kind, target.unit, target.numbers)


def in_base(kind: str, unit: str, numbers: tuple[str, ...]) -> Comparable | None:
    """The same from the fields that a store holds; None too where a number is not one."""
    if kind == "date":
        return Comparable(unit, numbers)
    if kind not in _MEASURED or not numbers or not all(map(_NUMBER.fullmatch, numbers)):
        return None
    base, factor = base_unit(unit)
    return Comparable(base, tuple(_scaled(number, factor) for number in numbers))


@lru_cache(maxsize=4096)
def base_unit(unit: str) -> tuple[str, Fraction]:
    """Base unit and exact factor into it; a unit that the table does not know is its own base.

    >>> base_unit("万平方米"), base_unit("元/亩"), base_unit("人（次）")
    (('亩', Fraction(15, 1)), ('元/平方米', Fraction(3, 2000)), ('人次', Fraction(1, 1)))
    """
    above, *rest = _LINE.split(unit, maxsplit=1)
    if unit in _known() or not rest:
        return _above(unit)
    base, factor = _above(above)
    units_below: list[str] = []
    for below, share in map(_below, _SPLIT_BELOW.split(rest[0])):
        units_below += [below] if below else []
        factor *= share
    whole = "/".join([base, *sorted(units_below)])
    if whole not in _known():
        return whole, factor
    base, further = _known()[whole]
    return base, factor * further


def _above(unit: str) -> tuple[str, Fraction]:
    """A unit without denominators: 万平方米 by its row, or its multiplier and the row of 平方米."""
    plain = unit if unit in _known() else unit.translate(_BRACKETS)
    factor = Fraction(1)
    while plain not in _known() and plain[:1] in _MULTIPLIERS and _is_multiplied(plain):
        factor *= _MULTIPLIERS[plain[0]]
        plain = plain[1:]
    base, own = _known().get(plain, (plain, Fraction(1)))
    return base, factor * own


def _is_multiplied(unit: str) -> bool:
    """万 and 亿 multiply whatever follows, 百 and 千 only a unit of the table: 百家, not 百日咳."""
    rest = unit.lstrip("".join(_MULTIPLIERS))
    return rest != "" and (unit[0] in "万亿" or rest in _known())


def _below(unit: str) -> tuple[str, Fraction]:
    """What one of the unit below the line does to the number; the unit itself where not exact."""
    if count := _COUNT.fullmatch(unit):
        value = Fraction(count["digits"] or 1)
        for step in count["steps"]:
            value *= _MULTIPLIERS[step]
        base = ""
    else:
        below = _known_below().get(unit)
        if below is not None:
            return below
        base, value = _above(unit)
    return (base, 1 / value) if value and _is_decimal(1 / value) else (unit, Fraction(1))


def _is_decimal(value: Fraction) -> bool:
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return rest == 1


def _scaled(number: str, factor: Fraction) -> str:
    product = _EXACT.multiply(Decimal(number), Decimal(factor.numerator))
    value = _EXACT.divide(product, Decimal(factor.denominator)).normalize(_EXACT)
    return format(value, "f") if value else "0"


@cache
def _known() -> dict[str, tuple[str, Fraction]]:
    return {row[0]: (row[2], Fraction(row[3])) for row in tables.rows("units")}


@cache
def _known_below() -> dict[str, tuple[str, Fraction]]:
    return {row[0]: (row[1], Fraction(row[2])) for row in tables.rows("units_below")}
