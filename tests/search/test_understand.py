"""What is read out of a question, and what is left in it."""

from collections.abc import Iterator
from dataclasses import replace
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
from tests.search.questions import CASES, NUMBER, PLACES, TARGETS, WITHOUT, YEARS, Case

Known: TypeAlias = tuple[Writer, Gazetteer]


def span() -> tuple[int, int]:
    """The graph's documents are of these years."""
    return 2023, 2025


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
