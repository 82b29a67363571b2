"""What kind of target a question speaks of: a share, an amount of money, a date.

Units of counted things (公里, 户) are no kind of their own: the index knows them as numbers.
"""

import re

# 占多大比例, 验收合格率, 提高几个百分点; not 效率, 汇率, 频率
_PERCENT = re.compile(r"比例|比率|比重|占比|百分|[%％]|(?<![效汇利频功税])率")
# 花了多少钱, 多少万元, 签约金额; not 钱有没有按时发 (a share), 元旦
_MONEY = re.compile(r"多少钱|几块钱|[万亿]元|[0-9几多]元|金额|总额")
# 最晚哪天, 什么时候完工, 截止日期; not 及时, 按时 (shares)
_DATE = re.compile(r"哪[一]?[天月年]|几月|几号|什么时候|何时|日期|时限|期限")
_KINDS = {"percent": _PERCENT, "money": _MONEY, "date": _DATE}


def kinds(text: str) -> frozenset[str]:
    """Values of an indicator's `value_kind` that the text names."""
    return frozenset(kind for kind, pattern in _KINDS.items() if pattern.search(text))
