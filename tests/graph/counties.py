"""Two fictional counties, a city, a province and a ministry.

ministry ← province ← city ← county notice          (policies, each citing the one before)
《scheme》 is the SAME_AS the city notice
"""

from collections.abc import Mapping

from graph.elements import GraphBatch, Node, PropertyValue
from tests.contract.graphs import batch, node

MINISTRY = "policy:财建〔2023〕9900号"
PROVINCE = "policy:云财建〔2023〕9911号"
CITY = "policy:云州财建〔2024〕9922号"
COUNTY = "policy:青财建〔2024〕9933号"
SCHEME = "policy:《云州市乡村道路方案》"
KEY = "云州市乡村道路方案"

QINGHE, YUNLING, NOTICES = (f"document:{n:016x}" for n in (1, 2, 3))
ROAD, BRIDGE = "project:99012124P00001@2024", "project:99012124P00002@2024"
SCHOOL, CLINIC = "project:99012224P00001@2025", "project:99012224P00002@2025"
QINGHE_OFFICE, YUNLING_OFFICE = "department:990121-322001", "department:990122-105001"
GOAL = f"goal:{QINGHE}#1"
ROAD_GOAL = f"goal:{ROAD}#1"
TABLE_ROW = "indicator:notice@2024#1"


def row(project: str, number: int) -> str:
    return f"indicator:{project.removeprefix('project:')}#{number}"


def county(
    document: str,
    region: str,
    name: str,
    office: str,
    year: int,
    projects: Mapping[str, float | None],
) -> tuple[list[Node | str], list[tuple[str, str, str]]]:
    """A document with its region, its office and projects with two indicators each."""
    nodes: list[Node | str] = [
        node(document, document, fiscal_year=year),
        node(document, region, name=name),
        node(document, "region:990100", name="云州市", level="city"),
        node(document, "region:990000", name="云省", level="province"),
        node(document, office, name=f"{name}交通运输局"),
        "wording:1",
    ]
    edges = [
        (region, "PART_OF", "region:990100"),
        ("region:990100", "PART_OF", "region:990000"),
        (office, "IN", region),
        (document, "PUBLISHED_BY", office),
    ]
    for project, budget in projects.items():
        money: dict[str, PropertyValue] = {} if budget is None else {"budget": budget}
        nodes += [node(document, project, **money), row(project, 1), row(project, 2)]
        edges += [
            (office, "RUNS", project),
            (project, "DECLARED_IN", document),
            (project, "MEASURED_BY", row(project, 1)),
            (project, "MEASURED_BY", row(project, 2)),
            (row(project, 1), "WORDED_AS", "wording:1"),
        ]
    return nodes, edges


def qinghe() -> GraphBatch:
    nodes, edges = county(
        QINGHE, "region:990121", "青禾县", QINGHE_OFFICE, 2024, {ROAD: 0.1, BRIDGE: 0.2}
    )
    goals = [node(QINGHE, GOAL, title="总体目标"), node(QINGHE, ROAD_GOAL, text="修路")]
    edges += [
        (QINGHE, "HAS_GOAL", GOAL),
        (QINGHE_OFFICE, "HAS_GOAL", GOAL),
        (ROAD, "HAS_GOAL", ROAD_GOAL),
        # the road cites the city notice directly, in two rows and a goal, and the county's too
        (row(ROAD, 1), "CITES", CITY),
        (row(ROAD, 2), "CITES", CITY),
        (row(ROAD, 1), "CITES", COUNTY),
        (ROAD_GOAL, "CITES", CITY),
        # the bridge cites the county's notice only
        (BRIDGE, "CITES", COUNTY),
        # the office as a whole cites the province
        (GOAL, "CITES", PROVINCE),
    ]
    return batch(QINGHE, [*nodes, *goals, CITY, COUNTY, PROVINCE], edges)


def yunling() -> GraphBatch:
    nodes, edges = county(
        YUNLING, "region:990122", "云岭县", YUNLING_OFFICE, 2025, {SCHOOL: 300.0, CLINIC: None}
    )
    # the school knows the city notice by its title alone; the clinic has no budget printed
    edges += [(row(SCHOOL, 2), "CITES", SCHEME), (CLINIC, "CITES", SCHEME)]
    return batch(YUNLING, [*nodes, node(YUNLING, SCHEME, title_key=KEY)], edges)


def notices() -> GraphBatch:
    """The notices themselves. The county's cites the city in a row of its own table."""
    return batch(
        NOTICES,
        [
            MINISTRY,
            PROVINCE,
            node(NOTICES, CITY, title_key=KEY, title="云州市乡村道路方案", year=2024),
            COUNTY,
            TABLE_ROW,
        ],
        [
            (PROVINCE, "CITES", MINISTRY),
            (CITY, "CITES", PROVINCE),
            (COUNTY, "MEASURED_BY", TABLE_ROW),
            (TABLE_ROW, "CITES", CITY),
        ],
    )
