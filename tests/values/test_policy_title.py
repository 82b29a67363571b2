"""《titles》: what is a policy, what is not, and when two spellings are one title."""

import time

import pytest

from graph.values.policy_title import MAX_TITLE, find_titles, policy_kind, title_key


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("《新环境保护法》、《档案法》等", ["新环境保护法", "档案法"]),  # laws
        ("《青禾县公厕管护评定细则（试行）》", ["青禾县公厕管护评定细则（试行）"]),  # trial
        ("《重点产业发展目录》", ["重点产业发展目录"]),  # a catalogue
        ("制定《2025年公厕改造方案》", ["2025年公厕改造方案"]),  # a plan
        ("《绩效目标表》《项目支出绩效自评表》", []),  # forms
        ("《公厕管护手册》《防汛知识读本》", []),  # books
        ("《企业走进校园活动》《农机展销大会》", []),  # events
        ("《2020年政府收支分类科目》", []),  # a classification
        ("《采购合同》《审计报告》", []),  # papers
        ("《关于下达2024年\n补助资金的通知》", ["关于下达2024年补助资金的通知"]),  # broken line
        ("《关于印发〈某办法〉的通知》", ["关于印发〈某办法〉的通知"]),  # nested
        ("《关于印发《甲办法》《乙细则》的通知》", ["关于印发《甲办法》《乙细则》的通知"]),
        ("《《关于下达资金的通知》（", ["关于下达资金的通知"]),  # doubled opening mark
        ("《关于甲的（丢了书名号）和《乙管理办法》", ["乙管理办法"]),  # never closed
        ("《市场准入负面清单（2022年版）》", ["市场准入负面清单（2022年版）"]),  # edition
        ("《" + "长" * MAX_TITLE + "办法》", []),  # no title is that long
        ("》《", []),  # marks without a title
        (
            "《管理办法》《通知》《实施方案》《会议纪要》",
            [],
        ),  # a kind and no name: refers to what was named before
        ("《青禾县公厕管护办法、《甲管理办法》", ["青禾县公厕管护办法", "甲管理办法"]),  # no 》
        ("《青禾县公厕补偿方案（青财〔2024〕9001号）", ["青禾县公厕补偿方案"]),  # cut at its number
        ("《公厕政策（英文）", []),  # cut nowhere: no title
        ("〈云山省公厕条例〉«公厕管护办法»", ["云山省公厕条例", "公厕管护办法"]),  # other marks
        ("“关于调整公厕标准的通知”", ["关于调整公厕标准的通知"]),  # plain quotes
        ("开展“管理办法”宣传，“违反国家有关规定”", []),  # quoted words
        ("《企业会计准则第14号——收入》", ["企业会计准则第14号——收入"]),  # a standard of a series
    ],
)
def test_find(text: str, titles: list[str]) -> None:
    found = find_titles(text)
    assert [item.title for item in found] == titles
    assert all(text[item.start : item.end] == item.raw for item in found)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("中华人民共和国预算法", "law"),
        ("退役军人安置条例", "law"),
        ("中央财政服务业发展资金管理办法", "measure"),
        ("云山省差旅费标准（2023年修订）", "measure"),
        ("“十四五”商务发展规划", "plan"),
        ("2024年工作要点", "plan"),
        ("关于做好绩效目标编报工作的通知", "notice"),
        ("关于下达2024年服务业发展资金预算的通知", "funding"),
        ("云山省财政厅关于印发〈资金管理办法〉的通知", "measure"),
        ("關(guān)于提前下達(dá)2024年資金的通知", "funding"),
        ("县政府常务会议纪要", "other"),
        ("统计方法", None),
        ("商务知识手册", None),
        ("法", None),
    ],
)
def test_kind(title: str, kind: str | None) -> None:
    assert policy_kind(title) == kind


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云山省财政厅关于印发〈资金管理办法〉的通知", "资金管理办法"),  # issuing notice
        ("云山省财政厅 云山省水利厅关于下达资金的通知", "关于下达资金的通知"),  # issuers
        ("资金管理办法（试行）", "资金管理办法"),  # trial
        ("中华人民共和国预算法", "预算法"),  # short name of a law
        ("資金管理辦法", "资金管理办法"),  # traditional
        ("關(guān)于下達(dá)資金的通知", "关于下达资金的通知"),  # glosses
        ("关于下达 2024 年\n资金的通知", "关于下达2024年资金的通知"),  # blanks
        ("关于下达２０２４年资金的通知(第二批)", "关于下达2024年资金的通知（第二批）"),  # width
        ("关于下达资金的通知（财建〔2024〕1号）", "关于下达资金的通知"),  # number behind it
    ],
)
def test_spellings_share_a_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


def test_other_titles_have_other_keys() -> None:
    batches = [title_key(f"关于下达资金（第{n}批）的通知") for n in "一二三"]
    assert len(set(batches)) == 3
    assert title_key("《》") == ""


def test_unclosed_marks_take_linear_time() -> None:
    start = time.process_time()
    find_titles("《" * 500_000)
    find_titles("》" * 500_000)
    find_titles("《办法" * 100_000)
    find_titles("《某办法》" * 50_000)
    assert time.process_time() - start < 10
