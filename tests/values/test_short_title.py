"""Which shortened title may stand for which whole one."""

import pytest

from graph.values.policy_title import title_key
from graph.values.short_title import shortens, title_tail

FUNDS = "关于下达2024年中央财政衔接推进乡村振兴补助资金预算的通知"


@pytest.mark.parametrize(
    ("short", "whole", "fits"),
    [
        (
            "乡村振兴补助资金管理办法",
            "中央财政衔接推进乡村振兴补助资金管理办法",
            True,
        ),  # last words
        (
            "衔接推进乡村振兴资金管理办法",
            "中央财政衔接推进乡村振兴补助资金管理办法",
            True,
        ),  # left out
        ("差旅费管理办法", "中央和国家机关差旅费管理办法", True),  # who it is for
        ("养老服务条例", "云山省养老服务条例", True),  # its place
        ("农村厕所改造方案", "白石区农村厕所改造方案", True),
        ("城乡低保实施细则", "青禾县城乡低保实施细则", True),
        ("关于下达2024年乡村振兴补助资金的通知", FUNDS, True),
        ("关于下达2023年乡村振兴补助资金的通知", FUNDS, False),  # another year
        ("关于提前下达2024年乡村振兴补助资金的通知", FUNDS, False),  # another step
        ("关于下达2024年乡村振兴补助资金（第二批）的通知", FUNDS, False),  # another batch
        (
            "关于下达2024年水利资金的通知",
            "关于下达2024年省级水利资金的通知",
            False,
        ),  # another level
        ("农村厕所改造方案", "2024年白石区农村厕所改造方案", False),  # a year of its own
        ("教育条例", "义务教育条例", False),  # another subject
        ("工资支付规定", "最低工资支付规定", False),  # too short to lose words
        ("教育法", "义务教育法", False),  # laws only by their name
        ("预算法", "预算法实施条例", False),  # another kind
        ("水利资金管理办法", "水利资金管理实施细则", False),
        ("水利资金管理办法", "水利资金管理办法", False),  # the same, not shorter
    ],
)
def test_shortens(short: str, whole: str, fits: bool) -> None:
    one, other = title_key(short), title_key(whole)
    assert shortens(one, other) is fits
    assert not (fits and shortens(other, one))
    if fits:
        assert title_tail(one) == title_tail(other)
