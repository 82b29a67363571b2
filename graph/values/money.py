"""金额 in 万元: what a cell or a sentence prints, read as an exact decimal."""

import re
from decimal import Decimal
from functools import cache

from graph.values import tables
from graph.values.traditional import simplify

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_TEN_THOUSAND = Decimal(10_000)
# "1,000.00"  "150万元"  "-3.5"  "￥200元"                            not: "3个", "约定"
_AMOUNT = re.compile(
    r"[¥￥约为共计人民币:]*(?P<sign>-?)(?P<digits>\d[\d,]*(?:\.\d+)?)(?P<unit>\D*)"
)


def parse_money(text: str, unit: str = "万元") -> Decimal | None:
    """The amount in 万元; None where the text is empty or no amount.

    `unit` is the one that the table's heading gives; a unit printed behind the figure wins.

    >>> parse_money("1,000.00"), parse_money("3亿元"), parse_money("25000", unit="元")
    (Decimal('1000.00'), Decimal('30000'), Decimal('2.5'))
    """
    plain = "".join(simplify(text.translate(_WIDTH)).split())
    match = _AMOUNT.fullmatch(plain.rstrip("。;"))
    if match is None:
        return None
    factor = _factors().get(match["unit"].removesuffix("整") or unit)
    if factor is None:
        return None
    value = Decimal(match["digits"].replace(",", "")) * factor / _TEN_THOUSAND
    return -value if match["sign"] else value


@cache
def _factors() -> dict[str, Decimal]:
    """Units of money in 元; foreign currencies have no exchange rate and are left out."""
    return {
        row[0]: Decimal(row[3])
        for row in tables.rows("units")
        if row[1] == "money" and row[2] == "元"
    }
