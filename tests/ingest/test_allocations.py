"""What notices hand out: tables of every shape and format, sentences, places, and totals."""

import time
from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.model import Allocation, Warning
from ingest.allocation_places import Places
from ingest.allocation_words import AllocationColumn, column_meaning, money_unit
from ingest.blocks import SourceText
from ingest.extract import extract
from ingest.limits import Limits
from ingest.notices import read_policy
from ingest.reading import read
from tests.ingest import notice_files
from tests.ingest.documents import extra_of

LIMITS = Limits()
Reading = tuple[str | None, str | None, str | None]
HEAD = "\n".join((*notice_files.HEAD, "现下达资金（见附件）。", *notice_files.SIGNATURE, "附件"))


def allocations(text: str) -> tuple[tuple[Allocation, ...], list[Warning]]:
    warnings: list[Warning] = []
    policy = read_policy(read(text.encode(), "a.txt", "document:1", LIMITS), warnings)
    assert policy is not None
    return policy.allocations, warnings


def readings(found: Sequence[Allocation]) -> list[Reading]:
    """Recipient, amount in 万元, purpose."""
    return [
        (
            item.recipient.value if item.recipient else None,
            None if item.amount.value is None else f"{item.amount.value.normalize():f}",
            item.purpose,
        )
        for item in found
    ]


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (  # the plain form
            "单位：万元\n序号\t地区\t金额\n1\t青禾县\t320\n2\t云岭县\t150.5",
            [("青禾县", "320", "金额"), ("云岭县", "150.5", "金额")],
        ),
        (  # 元 in the heading, thousands separators
            "乡镇\t人数\t补贴金额（元）\n石桥镇\t12\t30,000.00\n柳河乡\t3\t5000",
            [("石桥镇", "3", "补贴金额"), ("柳河乡", "0.5", "补贴金额")],
        ),
        (  # several sums in a row, 合计 proves them
            "单位：万元\n地区\t合计\t提前下达\t本次下达\n青禾县\t300\t100\t200",
            [("青禾县", "100", "提前下达"), ("青禾县", "200", "本次下达")],
        ),
        (  # headings without a word of money: they add up to 合计
            "单位：万元\n地区\t合计\t老旧小区\t棚户区\n青禾县\t300\t100\t200\n云岭县\t9\t4\t5",
            [
                ("青禾县", "100", "老旧小区"),
                ("青禾县", "200", "棚户区"),
                ("云岭县", "4", "老旧小区"),
                ("云岭县", "5", "棚户区"),
            ],
        ),
        (  # what the others add up to is a total, whatever its name
            "单位：万元\n地区\t应下达\t已下达\t此次下达\n青禾县\t300\t100\t200\n云岭县\t9\t4\t5",
            [
                ("青禾县", "100", "已下达"),
                ("青禾县", "200", "此次下达"),
                ("云岭县", "4", "已下达"),
                ("云岭县", "5", "此次下达"),
            ],
        ),
        (  # headings over two rows, the first cells of the second empty
            "单位：万元\n地区\t户数\t资金\n\t\t中央资金\t省级资金\n青禾县\t5\t300\t20",
            [("青禾县", "300", "资金/中央资金"), ("青禾县", "20", "资金/省级资金")],
        ),
        (  # 其中 is no sum beside the whole
            "单位：万元\n地区\t补助资金\t其中：脱贫户补助\n青禾县\t300\t100",
            [("青禾县", "300", "补助资金")],
        ),
        (  # a printed 0 and a dash hand out nothing
            "单位：万元\n地区\t中央资金\t省级资金\n青禾县\t300\t0\n云岭县\t—\t20",
            [("青禾县", "300", "中央资金"), ("云岭县", "20", "省级资金")],
        ),
        (  # a city above its counties: the total proves that it is their sum
            "单位：万元\n序号\t地区\t金额\n1\t云州市\t300\n\t市本级\t100\n\t青禾县\t200\n\t合计\t300",
            [("市本级", "100", "金额"), ("青禾县", "200", "金额")],
        ),
        (  # 小计 and 合计 are no allocations
            "单位：万元\n单位\t项目\t金额\n青禾县\t公厕\t20\n青禾县\t道路\t30\n小计\t\t50\n合计\t\t50",
            [("青禾县", "20", "金额"), ("青禾县", "30", "金额")],
        ),
        (  # a name printed once for the projects below it
            "单位：万元\n单位\t项目名称\t金额\n青禾县\t公厕\t20\n\t道路\t30\n云岭县\t桥梁\t5",
            [("青禾县", "20", "金额"), ("青禾县", "30", "金额"), ("云岭县", "5", "金额")],
        ),
        (  # columns by blanks, where no table is
            "单位：万元\n县区    金额\n青禾县  2000\n云岭县  10\n合计  2010",
            [("青禾县", "2000", "金额"), ("云岭县", "10", "金额")],
        ),
        (  # columns by bars
            "单位：万元\n序号 | 乡镇名称 | 金额 | 备注 |\n1 | 石桥镇 | 20 |\n合计 | 20 |",
            [("石桥镇", "20", "金额")],
        ),
        (  # notes end the table
            "单位：万元\n地区\t金额\t备注\n青禾县\t320\t无\n注：金额\t含2023年结余\t15",
            [("青禾县", "320", "金额")],
        ),
        (  # no money in it
            "地区\t面积（亩）\t人数\n青禾县\t320\t5",
            [],
        ),
        (  # a table of indicators is none
            "一级指标\t二级指标\t三级指标\t指标值\n产出指标\t数量指标\t补助资金\t≥5万元",
            [],
        ),
    ],
)
def test_tables(table: str, wanted: list[Reading]) -> None:
    found, warnings = allocations(f"{HEAD}\n{table}\n")
    assert readings(found) == wanted
    assert warnings == []


@pytest.mark.parametrize("format", notice_files.FORMATS)
def test_every_format_says_the_same(format: str) -> None:
    source = read(notice_files.FORMATS[format](), f"a.{format}", "document:1", LIMITS)
    policy = read_policy(source)
    assert policy is not None and policy.title is not None and policy.number is not None
    assert (policy.title.value, policy.date, policy.addressee, policy.issuer) == (
        notice_files.TITLE,
        "2024-06-05",
        "各市财政局",
        "云山省财政厅",
    )
    title = policy.title.evidence
    assert "".join(source.text[title.start : title.end].split()) == notice_files.TITLE
    assert readings(policy.allocations) == [
        ("青禾县", "120.5", "下达金额"),
        ("云岭县", "1080", "下达金额"),
    ]
    first = policy.allocations[0]
    assert first.project is not None and first.project.value == "良种推广"
    assert first.function is not None
    assert (first.function.code, first.function.name) == ("2130122", "农业生产发展")
    assert extra_of(first) == (("备注", "第一批"),)
    for item in policy.allocations:
        for text in (item.recipient, item.project, item.amount.text):
            assert text is not None
            place = text.evidence
            assert source.text[place.start : place.end] == place.raw
    assert [item.amount.text.evidence.table for item in policy.allocations] == [
        source.tables[-1].number
    ] * 2


def test_merged_headings_and_names() -> None:
    rows = (
        "<tr><td rowspan=2>市</td><td rowspan=2>县</td><td colspan=2>金额（万元）</td>"
        "<td colspan=2>功能分类科目</td></tr>"
        "<tr><td>中央</td><td>省级</td><td>编码</td><td>名称</td></tr>"
        "<tr><td colspan=2>合计</td><td>60</td><td>30</td><td></td><td></td></tr>"
        "<tr><td rowspan=2>云州市</td><td>青禾县</td><td>20</td><td>10</td>"
        "<td rowspan=2>2130505</td><td rowspan=2>生产发展</td></tr>"
        "<tr><td>云岭县</td><td>40</td><td>20</td></tr>"
    )
    body = "".join(f"<p>{line}</p>" for line in HEAD.splitlines())
    content = f"<html><meta charset=utf-8><body>{body}<table>{rows}</table></body></html>"
    warnings: list[Warning] = []
    policy = read_policy(read(content.encode(), "a.html", "document:1", LIMITS), warnings)
    assert policy is not None
    assert readings(policy.allocations) == [
        ("青禾县", "20", "金额/中央"),
        ("青禾县", "10", "金额/省级"),
        ("云岭县", "40", "金额/中央"),
        ("云岭县", "20", "金额/省级"),
    ]
    last = policy.allocations[-1]
    assert last.function is not None
    assert (last.function.code, last.function.name) == ("2130505", "生产发展")
    assert extra_of(last) == (("市", "云州市"),)
    assert warnings == []


def test_a_heading_inside_the_table_is_the_group_of_what_follows() -> None:
    rows = (("单位", "金额（元）"), ("一、云州市", ""), ("青禾县", "20000"), ("合计", "20000"))
    source = read(notice_files.html(HEAD.splitlines(), rows), "a.html", "document:1", LIMITS)
    policy = read_policy(source)
    assert policy is not None
    assert readings(policy.allocations) == [("青禾县", "2", "金额")]
    assert extra_of(policy.allocations[0]) == (("分组", "一、云州市"),)


def test_a_table_goes_on_over_pages() -> None:
    part = "<table>{}</table>"
    row = "<tr><td>{}</td><td>{}</td></tr>".format
    body = "".join(f"<p>{line}</p>" for line in (*HEAD.splitlines(), "单位：万元"))
    first = part.format(row("地区", "金额") + row("青禾县", "20"))
    second = part.format(row("云岭县", "40") + row("合计", "60"))
    content = f"<html><meta charset=utf-8><body>{body}{first}{second}</body></html>"
    warnings: list[Warning] = []
    policy = read_policy(read(content.encode(), "a.html", "document:1", LIMITS), warnings)
    assert policy is not None
    assert readings(policy.allocations) == [("青禾县", "20", "金额"), ("云岭县", "40", "金额")]
    assert [a.amount.text.evidence.table for a in policy.allocations] == [1, 2]
    assert [a.amount.text.evidence.row for a in policy.allocations] == [2, 1]
    assert warnings == []


@pytest.mark.parametrize(
    ("table", "code", "words"),
    [
        (  # the column's total
            "单位：万元\n序号\t地区\t金额\n1\t青禾县\t320\n2\t云岭县\t80\n\t合计\t410",
            "allocation_total",
            ("410 万元", "400 万元"),
        ),
        (  # a row's total
            "单位：万元\n地区\t提前下达\t本次下达\t合计\n青禾县\t100\t200\t310",
            "allocation_total",
            ("310 万元", "300 万元"),
        ),
        (  # no unit anywhere: the figure is kept, not guessed at
            "序号\t地区\t金额\n1\t青禾县\t320",
            "allocation_amount_unread",
            ("320",),
        ),
        (  # a row that has shifted
            "单位：万元\n序号\t地区\t金额\n1\t青禾县\t320\n2\t80\t云岭县",
            "allocation_row_unread",
            (),
        ),
    ],
)
def test_what_is_odd_is_a_warning(table: str, code: str, words: tuple[str, ...]) -> None:
    _, warnings = allocations(f"{HEAD}\n{table}\n")
    assert [warning.code for warning in warnings] == [code]
    assert warnings[0].evidence is not None
    assert all(word in warnings[0].message for word in words), warnings[0].message


def test_the_body_tells_the_unit_that_the_table_does_not() -> None:
    text = HEAD.replace("现下达资金", "现下达资金400万元")
    found, warnings = allocations(f"{text}\n地区\t人数\t金额\n青禾县\t5\t320\n云岭县\t3\t80\n")
    assert readings(found) == [("青禾县", "320", "金额"), ("云岭县", "80", "金额")]
    assert warnings == []


@pytest.mark.parametrize(
    ("addressee", "body", "wanted"),
    [
        (  # names before the sums
            "各县财政局",
            "现下达资金470万元，其中：安排青禾县320万元、云岭县150万元。",
            [("青禾县", "320", None), ("云岭县", "150", None)],
        ),
        (  # 你市 is the addressee
            "云州市财政局",
            "下达你市2024年农业生产发展资金1000万元。",
            [("云州市财政局", "1000", "下达")],
        ),
        (  # the sum first
            "县水利局",
            "现将2024年水利发展资金44万元下达你局，用于河湖管护。",
            [("县水利局", "44", "下达")],
        ),
        (  # one office is addressed
            "云州市财政局",
            "现紧急预拨防汛救灾资金500万元。",
            [("云州市财政局", "500", "预拨")],
        ),
        (  # taken back: as printed, the verb tells
            "云州市财政局",
            "现收回你市结余资金1260万元，其中省级资金380万元。",
            [("云州市财政局", "1260", "收回")],
        ),
        (  # what all get together is a total
            "各市财政局",
            "现下达你市资金（见附件），全省共计2.3亿元。",
            [],
        ),
        (  # a part of what one office gets
            "云州市财政局",
            "下达你市资金1000万元，其中：青禾县320万元。",
            [("云州市财政局", "1000", "下达")],
        ),
        ("县教育局", "请于2024年7月底前报送，每校补助5万元/年。", []),  # a price
        ("各县财政局", "全县100万元，各县20万元。", []),  # no name
    ],
)
def test_sentences(addressee: str, body: str, wanted: list[Reading]) -> None:
    text = "\n".join((*notice_files.HEAD[:2], f"{addressee}：", body, *notice_files.SIGNATURE))
    found, _ = allocations(text)
    assert readings(found) == wanted


@pytest.mark.parametrize(
    ("body", "function", "economic"),
    [
        ("列2024年政府收支分类科目“2130505 生产发展”。", ("2130505", "生产发展"), None),
        ("列入2140106“公路养护”科目。", ("2140106", "公路养护"), None),
        ("功能科目：205,教育支出；经济科目：50302-基础设施建设。", ("205", "教育支出"),
         ("50302", "基础设施建设")),
        ("支出功能科目2013202，经济分类科目302。", ("2013202", None), ("302", None)),
        ("分别列2130505和2130126科目。", None, None),  # two: of which sum is not told
        ("共2130505亩，列支220万元。", None, None),  # no subject
    ],
)  # fmt: skip
def test_subjects_of_the_body(
    body: str, function: tuple[str, str | None] | None, economic: tuple[str, str | None] | None
) -> None:
    sentence = f"下达你市资金10万元。{body}"
    text = "\n".join((*notice_files.HEAD[:2], "云州市财政局：", sentence, *notice_files.SIGNATURE))
    (found,), _ = allocations(text)
    read_function = (found.function.code, found.function.name) if found.function else None
    read_economic = (found.economic.code, found.economic.name) if found.economic else None
    assert (read_function, read_economic) == (function, economic)


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("县（市、区）", AllocationColumn.RECIPIENT),
        ("地区（单位）", AllocationColumn.RECIPIENT),
        ("功能分类科目/编码", AllocationColumn.FUNCTION),
        ("政府预算支出经济分类科目", AllocationColumn.ECONOMIC),
        ("2024年提前下达（万元）", AllocationColumn.AMOUNT),
        ("金额/中央资金", AllocationColumn.AMOUNT),
        ("合计", AllocationColumn.TOTAL),
        ("补助标准（元/人）", None),
        ("补助人数", None),
        ("面积（亩）", None),
        ("收入科目", None),
        ("备注", None),
    ],
)
def test_headings(path: str, meaning: AllocationColumn | None) -> None:
    assert column_meaning(path) is meaning


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("金额单位：万元", "万元"),
        ("金额（元）", "元"),
        ("补助资金（单位：亿元）", "亿元"),
        ("面积（亩）", None),
    ],
)
def test_money_unit(text: str, unit: str | None) -> None:
    assert money_unit(text) == unit


@pytest.mark.parametrize(
    ("issuer", "recipient", "wider", "code"),
    [
        ("河北省财政厅", "唐山市", (), "130200"),
        ("河北省财政厅", "乐亭县财政局", (), "130225"),
        ("河北省财政厅", "邯郸", (), "130400"),  # short, inside the issuer's province
        (None, "邯郸", (), None),  # short, and no province around it
        (None, "乐亭县", (), "130225"),  # full, and the only one
        ("江苏省财政厅", "鼓楼区", (), None),  # two in the province
        ("江苏省财政厅", "鼓楼区", ("南京市",), "320106"),  # one in the city above
        ("福建省财政厅", "乐亭县", (), None),  # of another province
        ("唐山市财政局", "市本级", (), "130200"),
        ("河北省财政厅", "市本级", ("唐山市",), "130200"),
        ("河北省财政厅", "市本级", (), None),  # of which city?
        ("河北省财政厅", "省本级", (), "130000"),
        ("财政部", "河北", (), "130000"),
        ("河北省财政厅", "乐亭县教育局", (), None),  # a unit is no region
        ("云山省财政厅", "青禾县", (), None),  # not in the table
    ],
)
def test_places(
    issuer: str | None, recipient: str, wider: tuple[str, ...], code: str | None
) -> None:
    region = Places(issuer).region(recipient, wider)
    assert (region.code if region else None) == code


def test_without_a_notice_the_sums_are_no_ones() -> None:
    table = "单位：万元\n序号\t地区\t金额\n1\t青禾县\t320\n"
    source = read(table.encode(), "a.txt", "document:1", LIMITS)
    document = extract(source, "0" * 64, "分配表.txt")
    assert [warning.code for warning in document.warnings] == ["table_without_notice"]


def test_a_notice_without_a_name_has_no_sums() -> None:
    table = "单位：万元\n序号\t地区\t金额\n1\t青禾县\t320\n"
    text = f"县教育局：\n根据工作安排，现下达资金（见附件）。\n青禾县财政局\n2024年6月5日\n{table}"
    source = read(text.encode(), "a.txt", "document:1", LIMITS)
    document = extract(source, "0" * 64, "a.txt")
    assert document.policy is not None and len(document.policy.allocations) == 1
    assert [warning.code for warning in document.warnings] == ["allocations_without_policy"]


@given(
    st.lists(
        st.tuples(st.sampled_from(["青禾县", "云岭县", "白石区"]), st.integers(1, 10**7)),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_is_read_and_adds_up(rows: list[tuple[str, int]]) -> None:
    lines = [f"{n}\t{name}\t{cents / 100:.2f}" for n, (name, cents) in enumerate(rows, start=1)]
    total = sum(cents for _, cents in rows)
    table = "\n".join(("单位：万元\n序号\t地区\t金额", *lines, f"\t合计\t{total / 100:.2f}"))
    found, warnings = allocations(f"{HEAD}\n{table}\n")
    values = [item.amount.value or Decimal(0) for item in found]
    assert sum(values, Decimal(0)) == Decimal(total) / 100
    assert warnings == []


@given(st.integers(1, 400))
def test_a_cut_text_never_fails(at: int) -> None:
    text = notice_files.txt().decode()[:at]
    source = SourceText(
        "document:1", text, read(text.encode() or b" ", "a.txt", "d", LIMITS).tables
    )
    policy = read_policy(source)
    for item in policy.allocations if policy else ():
        assert text[item.amount.text.evidence.start :].startswith(item.amount.text.evidence.raw)


@pytest.mark.parametrize(
    "piece",
    [
        "青禾县\t320\t1\n",
        "青禾县 320\n",
        "下达你市",
        "现将资金",
        "科目2130505",
        "青禾县320万元、",
        "\t\t\t\n",
    ],
)
def test_hostile_texts_take_time_in_proportion(piece: str) -> None:
    start = time.process_time()
    table = "单位：万元\n地区\t金额\t合计\n"
    read_policy(read((HEAD + "\n" + table + piece * 20_000).encode(), "a.txt", "d:1", LIMITS))
    assert time.process_time() - start < 20
