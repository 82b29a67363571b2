"""A small graph of two fictional counties, written as ingest would write it."""

from graph.elements import Edge, GraphBatch, Node, PropertyValue
from graph.evidence import Evidence
from graph.store import Writer
from graph.values.target import parse_target

QINGHE = "document:00000000000000aa"
YUNLING = "document:00000000000000bb"
NUMBER = "云财建〔2024〕9001号"
POLICY = f"policy:{NUMBER}"
UPSTREAM = "policy:财建〔2023〕9900号"
ROAD = "project:99012124P00001@2024"
NEXT_ROAD = "project:99012124P00001@2025"
SCHOOL = "project:99012224P00002@2024"
ROW = "indicator:99012124P00001@2024#1"


def fill_next_year(store: Writer) -> None:
    """The road goes on in the next year's document of the same department."""
    document = "document:00000000000000cc"
    store.apply(_county(document, "next.txt", "990121", "青禾县", NEXT_ROAD, "道路", 900.0, 2025))


def fill(store: Writer, first: str = "≥95%", second: str = "≥95%") -> None:
    """Two counties, one project each, one shared wording; both cite one notice of the province,
    which cites one of the ministry. `first` and `second` are the counties' targets."""
    for county, value in (
        ((QINGHE, "qinghe.txt", "990121", "青禾县", ROAD, "乡村道路建设", 1000.0), first),
        ((YUNLING, "yunling.txt", "990122", "云岭县", SCHOOL, "校舍维修", 250.5), second),
    ):
        store.apply(_county(*county, value=value))


def _county(
    document: str,
    file: str,
    code: str,
    county: str,
    project: str,
    name: str,
    budget: float,
    year: int = 2024,
    value: str = "≥95%",
) -> GraphBatch:
    def node(id: str, label: str, raw: str, **properties: PropertyValue) -> Node:
        return Node(id, label, properties, (_at(document, raw),))

    target = parse_target(value)
    key = project.removeprefix("project:")
    region, department = f"region:{code}", f"department:{code}-322001"
    row, goal, wording = f"indicator:{key}#1", f"goal:{project}#1", "wording:0000000000000001"
    basis = "云财建【2024】9001号"
    nodes = (
        node(
            document,
            "Document",
            county,
            kind="performance_text",
            filename=file,
            sha256=document.removeprefix("document:") * 4,
            ingested_at="2025-01-01T00:00:00Z",
            fiscal_year=year,
        ),
        node("region:9901", "Region", county, code="9901", name="云州市", level="city"),
        node(region, "Region", county, code=code, name=county, level="county"),
        node(department, "Department", county, code="322001", name=f"{county}交通运输局"),
        node(
            project,
            "Project",
            name,
            code=key.partition("@")[0],
            name=name,
            fiscal_year=year,
            budget=budget,
        ),
        node(goal, "Goal", "提升满意度", scope="project", text="提升满意度"),
        node(
            row,
            "Indicator",
            "群众满意度",
            level1="满意度指标",
            level2="服务对象满意度指标",
            name="群众满意度",
            value=value,
            operator=target.operator,
            numbers=list(target.numbers),
            unit=target.unit,
            value_kind=target.kind,
            basis=basis,
        ),
        node(wording, "Wording", "群众满意度", name="群众满意度", text="群众满意度"),
        node(
            POLICY,
            "Policy",
            basis,
            number=NUMBER,
            issuer_prefix="云财建",
            year=2024,
            serial="9001",
            status="cited",
        ),
        node(UPSTREAM, "Policy", basis, number="财建〔2023〕9900号", status="cited"),
    )
    edges = (
        Edge(region, "PART_OF", "region:9901"),
        Edge(department, "IN", region),
        Edge(document, "PUBLISHED_BY", department),
        Edge(department, "RUNS", project),
        Edge(project, "DECLARED_IN", document),
        Edge(project, "HAS_GOAL", goal),
        Edge(project, "MEASURED_BY", row),
        Edge(row, "WORDED_AS", wording),
        _cites(row, POLICY, basis, document),
        _cites(POLICY, UPSTREAM, "财建〔2023〕9900号", document),
    )
    return GraphBatch(document, nodes, edges, frozenset({document, project, goal, row}))


def _cites(source: str, target: str, raw: str, document: str) -> Edge:
    properties: dict[str, PropertyValue] = {"field": "basis", "raw": raw, "passage": f"依据{raw}"}
    return Edge(source, "CITES", target, properties, (_at(document, raw),))


def _at(document: str, raw: str) -> Evidence:
    return Evidence(document=document, raw=raw, start=10, end=10 + len(raw), line=3)
