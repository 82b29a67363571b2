"""Small graphs of fictional counties for the contract, and everything that a store answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph.elements import Edge, GraphBatch, Node, PropertyValue
from graph.evidence import Evidence
from graph.schema import NODES
from graph.store import Reader, scan_all

A = "document:000000000000000a"
B = "document:000000000000000b"
C = "document:000000000000000c"

COUNTY = "region:990121"
CITY = "region:990100"
OFFICE = "department:990121-322001"
ROAD = "project:99012124P00001@2024"
ROAD_NEXT = "project:99012124P00001@2025"
SCHOOL = "project:99012124P00002@2024"
ROW = "indicator:99012124P00001@2024#1"
WORDING = "wording:0000000000000001"
NOTICE = "policy:云财建〔2024〕9001号"
OTHER_NOTICE = "policy:云财建〔2024〕9002号"
TITLE = "policy:《青禾县乡村道路方案》"

_REQUIRED: Mapping[str, Mapping[str, PropertyValue]] = {
    "Region": {"code": "990121", "level": "county"},
    "Department": {"code": "322001"},
    "Document": {
        "kind": "performance_text",
        "filename": "a.txt",
        "sha256": "00",
        "ingested_at": "2025-01-01T00:00:00Z",
    },
    "Project": {"name": "乡村道路"},
    "Goal": {"scope": "project"},
    "Indicator": {"name": "道路完好率"},
    "Wording": {"name": "道路完好率", "text": "道路完好率"},
    "Policy": {"status": "cited"},
}


def evidence(document: str, raw: str = "道路完好率", start: int = 0) -> Evidence:
    return Evidence(document=document, raw=raw, start=start, end=start + len(raw), line=3)


def node(document: str, id: str, **properties: PropertyValue) -> Node:
    """A node as that document would write it: what the schema requires, and the properties."""
    label = next(kind.label for kind in NODES.values() if id.startswith(f"{kind.prefix}:"))
    given: dict[str, PropertyValue] = {**_REQUIRED[label]}
    key = id.partition(":")[2]
    if label == "Project":
        given |= {"code": key.partition("@")[0], "fiscal_year": int(key.partition("@")[2])}
    elif label == "Policy" and not key.startswith("《"):
        given["number"] = key
    return Node(id, label, given | properties, (evidence(document),))


def edge(document: str, source: str, type: str, target: str, field: str = "") -> Edge:
    properties = {"field": field, "raw": target} if type == "CITES" else {}
    return Edge(source, type, target, properties, (evidence(document, start=7),))


def batch(
    document: str,
    nodes: Iterable[Node | str],
    edges: Iterable[tuple[str, str, str] | tuple[str, str, str, str] | Edge] = (),
    own: Iterable[str] = (),
) -> GraphBatch:
    return GraphBatch(
        document,
        tuple(n if isinstance(n, Node) else node(document, n) for n in nodes),
        tuple(
            e
            if isinstance(e, Edge)
            else edge(document, e[0], e[1], e[2], e[3] if len(e) == 4 else "basis")
            for e in edges
        ),
        frozenset(own),
    )


def county(document: str, project: str = ROAD) -> GraphBatch:
    """A whole small document: one project with one indicator that cites a notice."""
    row = f"indicator:{project.removeprefix('project:')}#1"
    return batch(
        document,
        [document, CITY, COUNTY, OFFICE, project, row, WORDING, NOTICE],
        [
            (COUNTY, "PART_OF", CITY),
            (OFFICE, "IN", COUNTY),
            (OFFICE, "RUNS", project),
            (project, "DECLARED_IN", document),
            (project, "MEASURED_BY", row),
            (row, "WORDED_AS", WORDING),
            (row, "CITES", NOTICE),
        ],
        own=[document, project],
    )


@dataclass(frozen=True)
class Dump:
    """All that a store says of its graph, in one comparable value."""

    nodes: dict[str, Node]
    edges: list[Edge]
    contributors: dict[str, tuple[str, ...]]
    counts: dict[str, int]


def dump(reader: Reader) -> Dump:
    nodes = {found.id: found for label in NODES for found in scan_all(reader, label)}
    return Dump(
        nodes, reader.edges(nodes, direction="both"), reader.contributors(nodes), reader.counts()
    )
