"""What is read out of a question, and what is left in it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.elements import Node
from graph.opening import open_store
from graph.store import Writer
from graph.values.document_number import DocumentNumber
from graph.values.policy_title import title_key
from graph.values.target import parse_target
from search.asked_places import asked_places
from search.asked_targets import asked_targets
from search.asked_without import asked_without, asked_without_words
from search.asked_years import asked_years
from search.gazetteer import Gazetteer, Named, short_region
from search.intents import worded
from search.query import UNDERSTOOD, SearchQuery, Understood
from search.question import Question
from search.understand import Meaning, understand
from tests.backends import Backend
from tests.search.graphs import PAPERS

Known: TypeAlias = tuple[Writer, Gazetteer]

NUMBER = "云财建〔2024〕9143号"
CENTRE = "青禾县招商服务中心"


def span() -> tuple[int, int]:
    """The graph's documents are of these years."""
    return 2023, 2025


@dataclass(frozen=True)
class Case:
    text: str
    expected: Understood
    why: str


CASES = [
    Case("老百姓满不满意", Understood(text="老百姓满不满意"), "nothing named"),
    Case(NUMBER, Understood(policies=(NUMBER,)), "a pure 文号"),
    Case(
        "云财建【2024】9143号 引进企业",
        Understood(policies=(NUMBER,), text="引进企业"),
        "another spelling, with words",
    ),
    Case(
        "云财建〔2031〕1号",
        Understood(policies=("云财建〔2031〕1号",)),
        "a number that the graph lacks is understood all the same; its year is no year",
    ),
    Case(
        "99012125P000010110001 满意度",
        Understood(projects=("99012125P000010110001",), text="满意度"),
        "a project code",
    ),
    Case(
        "青禾县2025年群众满意度",
        Understood(counties=("青禾县",), years=(2025,), text="群众满意度"),
        "county and year without blanks",
    ),
    Case(
        "青禾 云岭 满意度",
        Understood(counties=("青禾县", "云岭县"), text="满意度"),
        "short names that stand apart",
    ),
    Case("青禾流域治理", Understood(text="青禾流域治理"), "a river of that name is no county"),
    Case(
        "2023-2025年 满意度",
        Understood(years=(2023, 2024, 2025), text="满意度"),
        "a range of years",
    ),
    Case("2024 满意度", Understood(years=(2024,), text="满意度"), "a year that stands alone"),
    Case("服务2024人次", Understood(text="服务2024人次"), "a figure is no year"),
    Case(
        "青禾县招商服务中心的时效指标",
        Understood(departments=(CENTRE,), text="时效指标"),
        "a department's full name",
    ),
    Case(
        "教育局 满意度",
        Understood(departments=("白石区教育局",), text="满意度"),
        "a department's name without its county",
    ),
    Case(
        "青禾县招商服务中新 满意度",
        Understood(departments=(CENTRE,), text="满意度"),
        "a near spelling of a department",
    ),
    Case(
        "云岭县交通局的时效",
        Understood(counties=("云岭县",), departments=("云岭县交通运输局",), text="时效"),
        "the usual abbreviation of a department",
    ),
    Case(
        "维持云岭交通局运转",
        Understood(departments=("云岭县交通运输局",), text="维持 运转"),
        "its county in short",
    ),
    Case(
        "青禾县和云岭县交通局 时效",
        Understood(counties=("云岭县", "青禾县"), departments=("云岭县交通运输局",), text="时效"),
        "of two counties one has it",
    ),
    Case("省教育局下达 公路", Understood(text="省教育局下达 公路"), "the province's"),
    Case("交通事故", Understood(text="交通事故"), "交通 alone is no department"),
    Case(
        "云岭县交运局 时效",
        Understood(counties=("云岭县",), text="交运局 时效"),
        "no usual abbreviation",
    ),
    Case(
        "青禾县交通局 时效",
        Understood(counties=("青禾县",), text="时效 交通局"),
        "that county has none of that name",
    ),
    Case(
        "青禾县招商中心 时效",
        Understood(counties=("青禾县",), text="招商中心 时效"),
        "short in no other county",
    ),
    Case("请问云财建〔2024〕9143号有哪些指标", Understood(policies=(NUMBER,)), "glued words"),
    Case("根据云财建〔2024〕9143号文", Understood(policies=(NUMBER,)), "words that lead to it"),
    Case(
        "招商云财建〔2024〕9143号", Understood(policies=(NUMBER,), text="招商"), "glued to a noun"
    ),
    Case("问云财建〔2024〕9143号", Understood(policies=(NUMBER,)), "one glued character"),
    Case(
        "青云财建〔2024〕9143号",
        Understood(policies=("青云财建〔2024〕9143号",)),
        "a longer prefix is another issuer's",
    ),
    Case(
        "查询云财建〔2024〕9143号、9144号",
        Understood(policies=(NUMBER, "云财建〔2024〕9144号")),
        "a list behind a glued word",
    ),
    Case("不要云财建〔2024〕9143号、9144号 公路", Understood(text="公路"), "a list"),
    Case("公路 除云财建〔2024〕9143号外", Understood(text="公路"), "除 and 外 around it"),
    Case("不要云财建〔2024〕9143号 公路", Understood(text="公路"), "what cannot be left out"),
    Case("99012125p000010110001", Understood(projects=("99012125P000010110001",)), "small letters"),
    Case("2025年有哪些指标", Understood(years=(2025,)), "what is left means nothing"),
    Case("", Understood(), "nothing at all"),
]


ALL = ("白石区", "青禾县", "云岭县")
PLACES = [
    Case("云州各县满意度", Understood(counties=ALL, text="满意度"), "all counties of a city"),
    Case("云州市各区县的满意度", Understood(counties=ALL, text="满意度"), "by its full name"),
    Case("查一下云州下辖各县（市、区） 公路", Understood(counties=ALL, text="查一下 公路"), "下辖"),
    Case("云州全市满意度", Understood(counties=("云州市",), text="满意度"), "the city as a whole"),
    Case(
        "青禾县邻县满意度",
        Understood(counties=("白石区", "云岭县"), text="满意度"),
        "those beside a county are the others of its city",
    ),
    Case(
        "与青禾县相邻的县的满意度",
        Understood(counties=("白石区", "云岭县"), text="满意度"),
        "the same in more words",
    ),
    Case("青禾周边各县", Understood(counties=("白石区", "云岭县")), "beside a short name"),
    Case("云州市青禾县满意度", Understood(counties=("青禾县",), text="满意度"), "of its city"),
    Case("云州青禾 满意度", Understood(counties=("青禾县",), text="满意度"), "both short"),
    Case("云州市 青禾县 公路", Understood(counties=("青禾县",), text="公路"), "apart"),
    Case("云州市的青禾县公路", Understood(counties=("青禾县",), text="公路"), "with 的"),
    Case("云州市下属县 公路", Understood(counties=ALL, text="公路"), "下属县"),
    Case("云州市、青禾县", Understood(counties=("云州市", "青禾县")), "one beside the other"),
    Case("云州全市各县", Understood(counties=ALL), "全市各县"),
    Case("云州市本级 公路", Understood(counties=("云州市",), text="公路"), "without its counties"),
    Case("云州市本级 青禾县", Understood(counties=("云州市", "青禾县")), "本级 is no whereabouts"),
    Case("云州市级专项资金", Understood(text="云州市级专项资金"), "whose money it is"),
    Case("青禾县和云岭县", Understood(counties=("青禾县", "云岭县")), "和 is no question"),
    # not understood
    Case("邻县满意度", Understood(text="邻县满意度"), "beside no county"),
    Case("全市满意度", Understood(text="全市满意度"), "of no city"),
    Case("云州各级医院", Understood(counties=("云州市",), text="各级医院"), "各级 is no 各县"),
    Case("云州市各区域", Understood(counties=("云州市",), text="各区域"), "区域 is no 区"),
    Case("青禾县各县", Understood(counties=("青禾县",), text="各县"), "a county has none under it"),
    Case(
        "青禾周边县道养护",
        Understood(counties=("青禾县",), text="周边县道养护"),
        "县道 is a road",
    ),
]
YEARS = [
    Case("近三年满意度", Understood(years=(2023, 2024, 2025), text="满意度"), "the last three"),
    Case("最近2年来 公路", Understood(years=(2024, 2025), text="公路"), "the last two in figures"),
    Case("去年的满意度", Understood(years=(2024,), text="满意度"), "before the newest"),
    Case("今年度时效", Understood(years=(2025,), text="时效"), "the newest"),
    Case("明年 公路", Understood(years=(2026,), text="公路"), "after the newest"),
    Case("2024年以来满意度", Understood(years=(2024, 2025), text="满意度"), "since"),
    Case("2025年以前 满意度", Understood(years=(2023, 2024), text="满意度"), "until"),
    Case("2023-2025 招商", Understood(years=(2023, 2024, 2025), text="招商"), "without 年"),
    Case("2023-25年 招商", Understood(years=(2023, 2024, 2025), text="招商"), "two digits"),
    Case("2025-2023年", Understood(years=(2023, 2024, 2025)), "backwards"),
    Case("2023、2024年 满意度", Understood(years=(2023, 2024), text="满意度"), "a list"),
    Case("2023和2025年满意度", Understood(years=(2023, 2025), text="满意度"), "joined by 和"),
    Case("2024/2025 满意度", Understood(years=(2024, 2025), text="满意度"), "a stroke"),
    Case("二〇二四年满意度", Understood(years=(2024,), text="满意度"), "in characters"),
    Case("24年 满意度", Understood(years=(2024,), text="满意度"), "two digits of a known year"),
    Case("本年度时效", Understood(years=(2025,), text="时效"), "本年度 is 今年"),
    Case("上年度的时效", Understood(years=(2024,), text="时效"), "上年度 is 去年"),
    Case("上一年 时效", Understood(years=(2024,), text="时效"), "上一年 as well"),
    # not understood
    Case(
        "满意度,95%以上,2024,青禾",
        Understood(counties=("青禾县",), years=(2024,), text="满意度", targets=("≥95%",)),
        "commas",
    ),
    Case("2024、青禾、公路", Understood(counties=("青禾县",), years=(2024,), text="公路"), "、"),
    Case("青禾县上年度公路", Understood(counties=("青禾县",), years=(2024,), text="公路"), "glued"),
    Case("青禾县24年公路", Understood(counties=("青禾县",), years=(2024,), text="公路"), "glued"),
    Case("二〇二三、二〇二四年", Understood(years=(2023, 2024)), "a list in characters"),
    # not understood
    Case("成立近3年的企业", Understood(text="成立近3年的企业"), "an age"),
    Case("10年 公路", Understood(text="10年 公路"), "a time: no document is of 2010"),
    Case("2024 年 12 月", Understood(text="2024 年 12 月"), "a month with blanks"),
    Case("2024年底完成", Understood(text="2024年底完成"), "a deadline"),
    Case("二〇二四年底前", Understood(text="二〇二四年底前"), "a deadline in characters"),
    Case("2024年度底前", Understood(text="2024年度底前"), "度 hides none"),
    Case("上年度结余", Understood(text="上年度结余"), "度 hides none here either"),
    Case("网上年货节", Understood(text="网上年货节"), "网上"),
    Case("成本年降低率", Understood(text="成本年降低率"), "成本"),
    Case("不低于上年水平", Understood(text="不低于上年水平"), "compared with it"),
    Case("高于去年水平", Understood(text="高于去年水平"), "compared with it"),
    Case("完成本年工作计划", Understood(text="完成本年工作计划"), "inside an indicator's name"),
    Case("去年以来 公路", Understood(years=(2024, 2025), text="公路"), "since"),
    Case("二〇二三至二〇二五年", Understood(years=(2023, 2024, 2025)), "a range in characters"),
    Case("23-25年 公路", Understood(years=(2023, 2024, 2025), text="公路"), "short years"),
    Case("2023或2024年", Understood(years=(2023, 2024)), "或"),
    Case("2023-2024学年", Understood(text="2023-2024学年"), "a school year is no target"),
    Case("上年结转资金", Understood(text="上年结转资金"), "carried over"),
    Case("晚上年夜饭", Understood(text="晚上年夜饭"), "晚上"),
    Case("2024年3月完成", Understood(text="2024年3月完成"), "a month"),
    Case("2024年1-6月", Understood(text="2024年1-6月"), "months"),
    Case("近一年月均销量", Understood(text="近一年月均销量"), "a mean of months"),
    Case("GB5749-2022 水质", Understood(text="GB5749-2022 水质"), "a standard"),
    Case("附近三年级学生", Understood(text="附近三年级学生"), "三年级 is a class"),
    Case("近三年平均产值", Understood(text="近三年平均产值"), "a mean over years"),
    Case("近几年满意度", Understood(text="近几年满意度"), "no number"),
    Case("比去年增长的产值", Understood(text="比去年增长的产值"), "compared with"),
    Case("精神文明年度考核", Understood(text="精神文明年度考核"), "文明 and 年度"),
    Case("以前年度结余", Understood(text="以前年度结余"), "以前 and 年度"),
    Case("当今年轻人就业", Understood(text="当今年轻人就业"), "当今 and 年轻"),
    Case("2024年起草文件", Understood(years=(2024,), text="起草文件"), "起草 is no 起"),
    Case("2025年底前完成", Understood(text="2025年底前完成"), "a deadline is no budget year"),
]
TARGETS = [
    Case("满意度95以上", Understood(text="满意度", targets=("≥95",)), "without a unit"),
    Case("满意度 ≥ 95％", Understood(text="满意度", targets=("≥95%",)), "a sign, full width"),
    Case("满意度大于等于95%的指标", Understood(text="满意度", targets=("≥95%",)), "words in front"),
    Case("扶持大于 100 户", Understood(text="扶持", targets=(">100户",)), "more than"),
    Case("养护公路100到200公里", Understood(text="养护公路", targets=("100-200公里",)), "a range"),
    Case("90分以下", Understood(targets=("≤90分",)), "below"),
    Case("一年内", Understood(targets=("≤1年",)), "a time in a numeral"),
    Case("三个月内完成", Understood(targets=("≤3个月",)), "months"),
    Case("控制在100万元以内", Understood(targets=("≤100万元",)), "money"),
    Case("不要超过100户", Understood(targets=("≤100户",)), "不要 turns the comparison"),
    Case("投诉率低于1%", Understood(text="投诉率", targets=("<1%",)), "less than"),
    Case("1,000户以上", Understood(targets=("≥1000户",)), "thousands"),
    Case("满意度超过百分之九十", Understood(text="满意度", targets=(">90%",)), "百分之"),
    Case("满意度大于百分之90", Understood(text="满意度", targets=(">90%",)), "百分之 and figures"),
    Case("九成以上满意", Understood(text="满意", targets=("≥90%",)), "tenths count nothing"),
    Case("满意度 90 至 95", Understood(text="满意度", targets=("90-95",)), "of a share"),
    Case("满意度介于90%和95%之间", Understood(text="满意度", targets=("90-95%",)), "介于"),
    Case(
        "八成到九成 满意度", Understood(text="满意度", targets=("80-90%",)), "from tenths to tenths"
    ),
    Case("2024年95以上", Understood(years=(2024,), targets=("≥95",)), "a year glued to it"),
    Case("2024年度80%以上满意", Understood(years=(2024,), text="满意", targets=("≥80%",)), "度"),
    Case("2024年30户以上", Understood(years=(2024,), targets=("≥30户",)), "with a unit"),
    Case("95%以上群众满意", Understood(text="群众满意", targets=("≥95%",)), "% counts nothing"),
    # not understood
    Case("65岁以上老年人管理率", Understood(text="65岁以上老年人管理率"), "whom it counts"),
    Case("20人以上企业", Understood(text="20人以上企业"), "what it counts"),
    Case("10人以上的企业", Understood(text="10人以上的企业"), "the same with 的"),
    Case("3日内办结率", Understood(text="3日内办结率"), "a rate of what is done in time"),
    Case("三级以上医院", Understood(text="三级以上医院"), "a grade"),
    Case("PM2.5以下", Understood(text="PM2.5以下"), "a name"),
    Case("前10名以内", Understood(text="前10名以内"), "a rank"),
    Case(
        "成本10万元以上50万元以下", Understood(text="成本", targets=("≥10万元", "≤50万元")), "two"
    ),
    Case("≥95%且≤98%", Understood(targets=("≥95%", "≤98%")), "且 is no question"),
    Case("不要95以上", Understood(targets=("<95",)), "the opposite"),
    Case("除了95以上的", Understood(targets=("<95",)), "the opposite"),
    Case("是不是二十万封顶", Understood(text="是不是", targets=("≤20万",)), "是不是 stays whole"),
    Case("两三年内", Understood(text="两三年内"), "about so many"),
    Case("七八成以上", Understood(text="七八成以上"), "about so many tenths"),
    Case("成本没超百分之五", Understood(text="成本", targets=("≤5%",)), "没 turns it"),
    Case("满意度有没有超过90%", Understood(text="满意度有没有超过90%"), "asks whether"),
    Case("满意度 不要≥95%", Understood(text="满意度", targets=("<95%",)), "a sign is turned too"),
    Case("90和95", Understood(text="90和95"), "two numbers"),
    Case("九成满意", Understood(text="九成满意"), "nothing is compared"),
    Case("满意度95%", Understood(text="满意度95%"), "nothing is compared"),
    Case("12月31日前", Understood(text="12月31日前"), "a date"),
    Case("损失在几百万以内", Understood(text="损失在几百万以内"), "no number but about"),
    Case("好天气能不能超过七成", Understood(text="好天气能不能超过七成"), "asks whether"),
    Case("规模以上企业", Understood(text="规模以上企业"), "no number"),
    Case("3-5年规划", Understood(text="3-5年规划"), "what is planned"),
    Case("年内完成", Understood(text="年内完成"), "no number of years"),
]
WITHOUT = [
    Case("不要满意度", Understood(without=("满意度",)), "a category alone"),
    Case("公路 除了满意度以外", Understood(text="公路", without=("满意度",)), "除了"),
    Case("公路 非满意度类", Understood(text="公路", without=("满意度",)), "非"),
    Case("公路 除时效外", Understood(text="公路", without=("时效",)), "除 with 外"),
    Case("公路 满意度除外", Understood(text="公路", without=("满意度",)), "除外 behind"),
    Case(
        "公路 不要满意度和时效指标",
        Understood(text="公路", without=("满意度", "时效")),
        "two categories",
    ),
    Case("除了青禾县的满意度", Understood(text="满意度", without=("青禾县",)), "a county"),
    Case(
        "除了青禾县招商服务中心的满意度",
        Understood(text="满意度", without=(CENTRE,)),
        "a department, not its county",
    ),
    Case(
        "除了满意度，成本指标",
        Understood(text="成本指标", without=("满意度",)),
        "a comma ends what is left out",
    ),
    Case("不要2024年的满意度", Understood(text="满意度", without=("2024年",)), "a year"),
    Case("培训 不要会议", Understood(text="培训", without=("会议",)), "a word"),
    Case("公路 排除：里程", Understood(text="公路", without=("里程",)), "a word behind a colon"),
    Case("除了去年 公路", Understood(text="公路", without=("2024年",)), "a year that is counted"),
    Case("不要近两年 公路", Understood(text="公路", without=("2024-2025年",)), "several"),
    Case("不要2023、2024年", Understood(without=("2023、2024年",)), "a list of years"),
    Case("公路 除2023-2024年外", Understood(text="公路", without=("2023-2024年",)), "a range"),
    Case("去年除外 公路", Understood(text="公路", without=("2024年",)), "除外 behind a year"),
    Case("除了云州各县 公路", Understood(text="公路", without=("云州各县",)), "all of a city"),
    Case("不要青禾县的邻县 公路", Understood(text="公路", without=("青禾县的邻县",)), "邻县"),
    Case("2024年以外 公路", Understood(text="公路", without=("2024年",)), "以外 alone"),
    Case(
        "青禾县和云岭县除外 公路",
        Understood(text="公路", without=("青禾县", "云岭县")),
        "除外 behind a list",
    ),
    Case(
        "满意度、时效除外 公路", Understood(text="公路", without=("满意度", "时效")), "categories"
    ),
    Case(
        "不要云岭县交通局 公路",
        Understood(text="公路", without=("云岭县交通局",)),
        "a department of a county",
    ),
    Case("培训 不要会议、差旅", Understood(text="培训", without=("会议", "差旅")), "two words"),
    Case("云州（不含青禾县）", Understood(counties=("云州市",), without=("青禾县",)), "brackets"),
    Case("除云岭县外贸企业", Understood(text="外贸企业", without=("云岭县",)), "外贸"),
    Case("公路，除云岭县", Understood(text="公路", without=("云岭县",)), "除 and no 外"),
    Case("不要云岭县公路", Understood(text="公路", without=("云岭县",)), "glued to the rest"),
    Case("公路 云岭县2024年除外", Understood(text="公路"), "nor in front of 除外"),
    Case("除了云岭县2024年的公路", Understood(text="公路"), "both together cannot be left out"),
    Case("不要2024年云岭县的公路", Understood(text="公路"), "in this order as well"),
    Case("除了云州市青禾县 公路", Understood(text="公路", without=("云州市青禾县",)), "of a city"),
    # not understood
    Case("不要会议", Understood(text="不要会议"), "a word and nothing else to search"),
    Case("不良率", Understood(text="不良率"), "不"),
    Case("非税收入", Understood(text="非税收入"), "非"),
    Case("除险加固", Understood(text="除险加固"), "除"),
    Case("不动产登记", Understood(text="不动产登记"), "不动产"),
    Case("无障碍设施", Understood(text="无障碍设施"), "无"),
    Case("不要紧的时效", Understood(text="不要紧的时效"), "不要紧"),
    Case("不要求时效", Understood(text="不要求时效"), "不要求"),
    Case("要不要满意度", Understood(text="要不要满意度"), "要不要"),
    Case("不含成本价", Understood(text="不含成本价"), "成本价 is no category"),
    Case("不要质量低的产品", Understood(text="不要质量低的产品"), "part of a phrase"),
    Case("隐患排除率", Understood(text="隐患排除率"), "排除 as what is measured"),
    Case("排除隐患数量", Understood(text="排除隐患数量"), "排除 with its object"),
    Case("隐患 排除 期限", Understood(text="隐患 排除 期限"), "排除 as a word of its own"),
    Case("不要钱看病，今后", Understood(text="不要钱看病，今后"), "不要钱 is free of charge"),
    Case("除了税以外 收入", Understood(text="除了税以外 收入"), "以外 is no part of a word"),
    Case("群众不要钱看病", Understood(text="群众不要钱看病"), "不要 inside a sentence"),
]


@pytest.mark.parametrize(
    "case", CASES + PLACES + YEARS + TARGETS + WITHOUT, ids=lambda case: case.text
)
def test_understood(case: Case, known: Known) -> None:
    found = understand(SearchQuery(case.text), *known, span).understood
    assert sorted(found.counties) == sorted(case.expected.counties)
    assert replace(found, counties=case.expected.counties, notes=(), official=()) == case.expected


@pytest.fixture(scope="module")
def known(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Known]:
    """A store over all papers and its names, for tests that change nothing."""
    with open_store(backend.url(tmp_path_factory.mktemp("known"), 0)) as store:
        for paper in PAPERS:
            store.apply(paper.batch())
        yield store, Gazetteer.of(store)


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("近三年", "近三年：2023 到 2025 年（图谱中最新的年度是 2025 年）"),
        ("去年", "去年：2024 年（图谱中最新的年度是 2025 年）"),
        ("青禾县邻县", "青禾县邻县：同属一市的另外 2 个县区"),
        ("除了去年", "去年：2024 年（图谱中最新的年度是 2025 年）"),
        ("除了云州各县", "云州各县：图谱中有 3 个县区"),
        ("云州市本级", "云州市本级：不含下辖的县区"),
        ("青禾县交通局", "所说的地方没有“交通局”，按文字检索"),
        (
            "不要云财建〔2024〕9143号",
            "不能排除文号、标题和项目编码，云财建〔2024〕9143号 没有排除",
        ),
        ("云州各县", "云州各县：图谱中有 3 个县区"),
        ("2024年 青禾县", ""),
    ],
)
def test_what_was_reckoned_is_said(text: str, note: str, known: Known) -> None:
    found = understand(SearchQuery(text), *known, span).understood
    assert found.notes == ((note,) if note else ())


@pytest.mark.parametrize("text", ["近三年满意度", "2024年以来", "去年"])
def test_nothing_is_reckoned_without_a_newest_year(text: str, known: Known) -> None:
    found = understand(SearchQuery(text), *known, lambda: None).understood
    assert found.notes == ()
    assert found.years == ((2024,) if "2024" in text else ())


EVERYTHING = "白石区 教育局2024年云财建〔2024〕9143号 99012125P000010110001 95以上 不要时效 老百姓"


def test_a_literal_question_is_not_understood(known: Known) -> None:
    meaning = understand(SearchQuery(f" {EVERYTHING} ", literal=True), *known, span)
    assert meaning == Meaning(Understood(text=EVERYTHING))


@pytest.mark.parametrize("part", UNDERSTOOD)
def test_each_part_can_be_switched_off(part: str, known: Known) -> None:
    everything = understand(SearchQuery(EVERYTHING), *known, span).understood
    query = SearchQuery(EVERYTHING, without_understanding=(part,))
    found = understand(query, *known, span).understood
    for name in UNDERSTOOD:
        assert getattr(everything, name)
        assert bool(getattr(found, name)) == (name != part)
    assert (len(found.text) > len(everything.text)) == (part != "official")


@pytest.mark.parametrize("text", ["看看滿意度", "满意 不要满意度"])
def test_traditional_characters_and_what_is_left_out(text: str, known: Known) -> None:
    spoken = understand(SearchQuery(text), *known, span).level2
    assert dict(spoken) == {"满意度指标": 1.0}


def target(value: str) -> Node:
    found = parse_target(value)
    return Node(
        "indicator:x#1",
        "Indicator",
        {"value_kind": found.kind, "unit": found.unit, "numbers": list(found.numbers)},
    )


MET = [
    ("95以上", "≥95%", True),
    ("95以上", "100%", True),
    ("95以上", "≥90%", False),
    # its own sign does not matter
    ("95以上", "≤96%", True),
    ("95%以上", "≥96分", False),
    ("95以上", "≥96万元", False),
    ("95以上", "显著提高", False),
    ("95以上", "12月31日前", False),
    ("大于100户", "≥100户", False),
    ("大于100户", "≥101户", True),
    ("大于100户", "≥101人", False),
    ("100到200公里", "≥120公里", True),
    ("100到200公里", "≥120000米", True),
    ("100到200公里", "100公里", True),
    ("100到200公里", "≥201公里", False),
    # both ends of a range
    ("95以上", "90%-100%", False),
    ("90以上", "90%-100%", True),
    ("1万元以内", "≤9000元", True),
    ("低于1%", "≤1%", False),
    ("三个月内", "≤2个月", True),
    # nobody says how many months a year is
    ("一年内", "≤2个月", False),
]


@pytest.mark.parametrize(("text", "value", "met"), MET)
def test_what_meets_a_condition(text: str, value: str, met: bool) -> None:
    (condition,) = asked_targets(Question(text))
    assert condition.met_by(target(value)) == met


@given(
    st.text(
        alphabet="不要除了非外满意度时效青禾县各邻近三年去2024至到95%以上≥户万内的和， ",
        max_size=30,
    )
)
def test_any_question_is_read(text: str) -> None:
    """Reading ends, and takes characters out without making any up."""
    question = Question(text)
    asked_years(question, span)
    asked_targets(question)
    gazetteer = Gazetteer({"region:1": Named("region:1", "1", "青禾县", "county")}, {})
    asked_without_words(question, asked_without(question, gazetteer, ["满意度", "时效"], span))
    asked_places(question, gazetteer)
    left = iter(Question(text).text)
    assert all(char in left for char in question.rest().replace(" ", ""))


def test_a_given_filter_leaves_the_words_of_its_field_in_the_text(filled: Writer) -> None:
    query = SearchQuery("青禾县2025年满意度", counties=("云岭县",), years=(2024,))
    meaning = understand(query, filled, Gazetteer.of(filled), span)
    assert replace(meaning.understood, official=()) == Understood(text="青禾县2025年满意度")
    assert meaning.regions is None and meaning.years is None


def test_a_department_search_keeps_the_name_as_its_text(filled: Writer) -> None:
    query = SearchQuery("教育局", type="department")
    assert understand(query, filled, Gazetteer.of(filled), span).understood.text == "教育局"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("老百姓满不满意", {"满意度指标"}),
        ("多久能拨付", {"时效指标"}),
        ("花多少钱", {"成本指标"}),
        ("公路里程", set()),
    ],
)
def test_intents(text: str, expected: set[str]) -> None:
    assert worded(text) == expected


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("青禾县", "青禾"),
        ("青禾满族自治县", "青禾"),
        ("云州市", "云州"),
        ("白石区", "白石"),
        # too short without its suffix
        ("易县", "易县"),
    ],
)
def test_short_region(name: str, short: str) -> None:
    assert short_region(name) == short


def test_gazetteer_reads_names_codes_and_what_lies_below(filled: Writer) -> None:
    gazetteer = Gazetteer.of(filled)
    qinghe = frozenset({"region:990121"})
    assert gazetteer.cities(["青禾县"]) == qinghe
    assert gazetteer.cities(["青禾"]) == qinghe
    assert gazetteer.cities(["990121"]) == qinghe
    assert gazetteer.cities(["火星县"]) == frozenset()
    assert {"region:990121", "region:990122", "region:990103"} <= gazetteer.cities(["云州"])
    assert gazetteer.units(["教育局"]) == {"department:990103-205001"}
    assert gazetteer.units(["交通局"]) == {"department:990122-311001"}


CITY = Named("region:13", "13", "白河市", "city")
NAMESAKES = {
    "region:13": CITY,
    "region:1301": Named("region:1301", "1301", "白河县", "county", ("region:13",)),
    "region:1302": Named("region:1302", "1302", "新城区", "county", ("region:13",)),
    "region:14": Named("region:14", "14", "黑河市", "city"),
    "region:1401": Named("region:1401", "1401", "新城区", "county", ("region:14",)),
    "region:1402": Named("region:1402", "1402", "山阴县", "county", ("region:14",)),
}
UNDER = {"region:13": ["region:1301", "region:1302"], "region:14": ["region:1401", "region:1402"]}


@pytest.mark.parametrize(
    ("text", "found", "note"),
    [
        # a city and a county of one short name
        ("白河各县", {"region:1301", "region:1302"}, "白河各县：图谱中有 2 个县区"),
        ("白河邻县", {"region:1302"}, "白河邻县：同属一市的另外 1 个县区"),
        ("白河", {"region:13", "region:1301"}, ""),
        # two counties of one name
        (
            "新城区邻县",
            {"region:1301", "region:1402"},
            "新城区邻县：同属一市的另外 2 个县区（2 个同名的县区都算）",
        ),
        ("黑河市新城区", {"region:1401"}, ""),
        ("黑河新城区和白河市新城区", {"region:1401", "region:1302"}, ""),
        ("黑河市白河县", {"region:1301"}, "图谱里的白河县不在黑河市"),
        ("白河市黑河市", {"region:13", "region:14"}, ""),
        ("黑河市和新城区", {"region:14", "region:1401", "region:1302"}, ""),
    ],
)
def test_places_of_one_name(text: str, found: set[str], note: str) -> None:
    asked = asked_places(Question(text), Gazetteer(NAMESAKES, {}, UNDER))
    assert set(asked.named) == found
    assert asked.notes == ((note,) if note else ())


def test_a_department_is_short_without_its_city_county_and_own_unit() -> None:
    city = Named("region:1", "1", "云州市", "city")
    county = Named("region:2", "2", "青禾县", "county", ("region:1",))
    gazetteer = Gazetteer({"region:1": city, "region:2": county}, {})
    for name in ("云州市青禾县商务局本级", "青禾县商务局", "青禾商务局", "商务局"):
        unit = Named("department:2-1", "1", name, "", ("region:2",))
        assert gazetteer.short_department(unit) == "商务局"


def test_a_number_inside_a_title_is_no_second_policy(filled: Writer) -> None:
    title = f"关于印发{NUMBER}文件的通知"
    number = DocumentNumber("云财建", 2024, "9143")
    filled.apply(replace(PAPERS[0], titles={number: title_key(title)}).batch())
    asked = f"《{title}》 满意度 时效达标率"
    found = understand(SearchQuery(asked), filled, Gazetteer.of(filled), span).understood
    assert (found.policies, found.text) == ((f"《{title}》",), "满意度 时效达标率")


def test_departments_that_are_part_of_each_other_end(filled: Writer) -> None:
    one = Named("department:1", "1", "甲局", parents=("department:2",))
    other = Named("department:2", "2", "乙局", parents=("department:1", "region:1"))
    gazetteer = Gazetteer({}, {"department:1": one, "department:2": other})
    assert gazetteer.regions_of("department:1") == {"region:1"}
