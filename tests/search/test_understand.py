"""What is read out of a question, and what is left in it."""

from dataclasses import dataclass

import pytest

from graph.store import Writer
from search.gazetteer import Gazetteer, Named, short_region
from search.query import SearchQuery, Understood
from search.understand import intents, understand

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
    Case("2025年有哪些指标", Understood(years=(2025,)), "what is left means nothing"),
    Case("", Understood(), "nothing at all"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.why)
def test_understood(case: Case, filled: Writer) -> None:
    meaning = understand(SearchQuery(case.text), filled, Gazetteer.of(filled), span)
    found = meaning.understood
    assert sorted(found.counties) == sorted(case.expected.counties)
    assert (
        Understood(
            found.policies,
            found.projects,
            case.expected.counties,
            found.years,
            found.departments,
            found.text,
        )
        == case.expected
    )


def test_a_given_filter_leaves_the_words_of_its_field_in_the_text(filled: Writer) -> None:
    query = SearchQuery("青禾县2025年满意度", counties=("云岭县",), years=(2024,))
    meaning = understand(query, filled, Gazetteer.of(filled), span)
    assert meaning.understood == Understood(text="青禾县2025年满意度")
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
    assert intents(text) == expected


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
    assert gazetteer.counties(["青禾县"]) == qinghe
    assert gazetteer.counties(["青禾"]) == qinghe
    assert gazetteer.counties(["990121"]) == qinghe
    assert gazetteer.counties(["火星县"]) == frozenset()
    assert {"region:990121", "region:990122", "region:990103"} <= gazetteer.cities(["云州"])
    assert gazetteer.units(["教育局"]) == {"department:990103-205001"}


def test_a_department_is_short_without_its_city_county_and_own_unit() -> None:
    city = Named("region:1", "1", "云州市", "city")
    county = Named("region:2", "2", "青禾县", "county", ("region:1",))
    gazetteer = Gazetteer({"region:1": city, "region:2": county}, {})
    for name in ("云州市青禾县商务局本级", "青禾县商务局", "青禾商务局", "商务局"):
        unit = Named("department:2-1", "1", name, "", ("region:2",))
        assert gazetteer.short_department(unit) == "商务局"
