"""Where indicators, goals, projects and departments belong."""

from graph.store import Writer
from graph.traverse import Place, places
from tests.contract.graphs import batch, node
from tests.graph.counties import (
    CITY,
    GOAL,
    QINGHE,
    QINGHE_OFFICE,
    ROAD,
    ROAD_GOAL,
    TABLE_ROW,
    YUNLING_OFFICE,
    row,
)

# --- places


def test_places(store: Writer) -> None:
    road = Place(
        project_id=ROAD,
        project="乡村道路",
        department_id=QINGHE_OFFICE,
        department="青禾县交通运输局",
        county_id="region:990121",
        county="青禾县",
        city="云州市",
        year=2024,
        document=QINGHE,
    )
    found = places(store, [row(ROAD, 1), ROAD_GOAL, ROAD, GOAL, YUNLING_OFFICE, QINGHE])
    assert found[ROAD] == found[row(ROAD, 1)] == found[ROAD_GOAL] == road
    assert found[YUNLING_OFFICE] == Place(
        department_id=YUNLING_OFFICE,
        department="云岭县交通运输局",
        county_id="region:990122",
        county="云岭县",
        city="云州市",
    )
    office = found[GOAL]
    assert (
        office.project_id,
        office.department_id,
        office.county,
        office.year,
        office.document,
    ) == (
        None,
        QINGHE_OFFICE,
        "青禾县",
        2024,
        QINGHE,
    )
    assert found[QINGHE] == office


def test_places_of_what_has_none(store: Writer) -> None:
    asked = [CITY, "wording:1", TABLE_ROW, "project:unknown@2024", "", "region:990121"]
    assert places(store, asked) == {}
    assert places(store, []) == {}


def test_a_place_without_names_shows_codes(store: Writer) -> None:
    document = "document:00000000000000bb"
    project = "project:99012424P00001@2024"
    store.apply(
        batch(
            document,
            ["region:990124", "department:990124-322", project],
            [
                ("department:990124-322", "IN", "region:990124"),
                ("department:990124-322", "RUNS", project),
            ],
        )
    )
    place = places(store, [project])[project]
    assert (place.department, place.county, place.city) == ("322001", "990121", None)
    assert place.document is None


def test_the_unknown_region_is_no_county(store: Writer) -> None:
    project = "project:0123456789abcdef@2024"
    unit = "department:000000-000000"
    store.apply(
        batch(
            "document:00000000000000bd",
            ["region:000000", unit, project],
            [(unit, "IN", "region:000000"), (unit, "RUNS", project)],
        )
    )
    place = places(store, [project])[project]
    assert (place.county, place.county_id, place.department_id) == (None, None, unit)


def test_the_nearest_owner_decides(store: Writer) -> None:
    """A project's own year before its document's, a goal's own department before the publisher."""
    document, project = "document:00000000000000bc", "project:99012124P00009@2023"
    goal, unit = f"goal:{document}#1", "department:990121-400001"
    store.apply(
        batch(
            document,
            [node(document, document, fiscal_year=2026), project, goal, unit, QINGHE_OFFICE],
            [
                (project, "DECLARED_IN", document),
                (document, "PUBLISHED_BY", QINGHE_OFFICE),
                (document, "HAS_GOAL", goal),
                (unit, "HAS_GOAL", goal),
            ],
        )
    )
    found = places(store, [project, goal])
    assert (found[project].year, found[project].department_id) == (2023, None)
    assert (found[goal].year, found[goal].department_id) == (2026, unit)
