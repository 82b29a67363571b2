"""Titles without marks: one document, and shown to be one."""

import time

import pytest

from graph.values.unmarked_title import unmarked_spans

FUNDS = "关于下达2024年公厕改造资金的通知"


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        (f"根据省财政厅{FUNDS}精神", [f"省财政厅{FUNDS}"]),  # its issuer
        (f"云山省财政厅 云山省水利厅{FUNDS}", [f"云山省财政厅 云山省水利厅{FUNDS}"]),  # two issuers
        (f"按云山省财政厅、云山省水利厅{FUNDS}", [f"云山省财政厅、云山省水利厅{FUNDS}"]),
        (f"2024年云山省财政厅{FUNDS}", [f"云山省财政厅{FUNDS}"]),  # a date before it
        (f"{FUNDS}（云财建〔2024〕9001号）", [FUNDS]),  # its number
        (f"依据{FUNDS}", [FUNDS]),  # 依据
        ("关于印发《青禾县公厕管护办法》的通知", ["关于印发《青禾县公厕管护办法》的通知"]),
        ("青禾县政府印发《公厕管护办法》的通知", ["青禾县政府印发《公厕管护办法》的通知"]),
        (
            f"云山省政府办公厅转发省财政厅{FUNDS}的通知",  # a notice that passes another on
            [f"云山省政府办公厅转发省财政厅{FUNDS}的通知"],
        ),
        (
            "省财政厅关于下达2024\n年公厕改造资金的通知",
            ["省财政厅关于下达2024\n年公厕改造资金的通知"],
        ),
        ("贯彻落实中共云岭县委关于加强公厕建设的意见", ["中共云岭县委关于加强公厕建设的意见"]),
        (f"财政部{FUNDS}和云州市财政局{FUNDS}", [f"财政部{FUNDS}", f"云州市财政局{FUNDS}"]),
        ("区政府文件批办单(王批转9001号)精神", ["王批转9001号"]),  # a slip has no year
        ("县政府批示件（李批示第9031号）", ["李批示第9031号"]),
        ("区政府批办单第9001号", []),  # a slip without a mark
        ("云州市解放街(王家批发店9号)", []),  # an address
        (FUNDS, []),  # nothing shows that it is one
        (f"根据省里{FUNDS}", []),  # nobody's
        (f"根据财政部门{FUNDS}", []),  # no organ
        (f"根据有关单位{FUNDS}要求", []),
        ("省财政厅关于公厕资金的说明，请等候通知", []),  # a sentence ends
        ("省财政厅关于公厕资金的通知书", []),
        ("根据县领导关于公厕建设的批示", []),
    ],
)
def test_spans(text: str, titles: list[str]) -> None:
    assert [text[start:end] for start, end in unmarked_spans(text)] == titles


def test_time_is_linear() -> None:
    start = time.process_time()
    starts = (
        "关于",
        "根据省财政厅关于",
        "关于《甲》",
        "关于“甲”",
        "、厅",
        "印发《办法",
        "批办单(批",
    )
    for text in starts:
        list(unmarked_spans(text * 100_000))
    assert time.process_time() - start < 20
