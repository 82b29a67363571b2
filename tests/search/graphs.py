"""Small graphs of fictional counties, written as batches so that no ingest is needed."""

from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from graph import ids
from graph.elements import Edge, GraphBatch, Node, PropertyValue
from graph.evidence import Evidence
from graph.values.document_number import DocumentNumber
from graph.values.target import parse_target

CITY = ("9901", "云州市")
QINGHE = ("990121", "青禾县")
YUNLING = ("990122", "云岭县")
BAISHI = ("990103", "白石区")


@dataclass(frozen=True)
class Row:
    """An indicator; `cites` are document numbers in its basis."""

    level2: str
    name: str
    description: str = ""
    value: str = "≥95%"
    cites: tuple[DocumentNumber, ...] = ()


@dataclass(frozen=True)
class Plan:
    """A project with its rows."""

    code: str
    name: str
    purpose: str = ""
    budget: float = 10.0
    rows: tuple[Row, ...] = ()
    goal: str = ""


@dataclass
class Paper:
    """One document of one department."""

    key: str
    county: tuple[str, str]
    unit: str
    department: str
    year: int
    plans: tuple[Plan, ...]
    titles: dict[DocumentNumber, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return ids.document(ids.digest(self.key) * 4)

    def batch(self) -> GraphBatch:
        return _Batch(self).made()


class _Batch:
    def __init__(self, paper: Paper) -> None:
        self.paper = paper
        self.nodes: dict[str, Node] = {}
        self.edges: list[Edge] = []
        self.own: set[str] = {paper.id}

    def made(self) -> GraphBatch:
        paper = self.paper
        code, name = paper.county
        city, city_name = CITY
        region = self.node(ids.region(code), "Region", code=code, name=name, level="county")
        above = self.node(ids.region(city), "Region", code=city, name=city_name, level="city")
        self.edge(region, "PART_OF", above)
        unit = self.node(
            ids.department(code, paper.unit), "Department", code=paper.unit, name=paper.department
        )
        self.edge(unit, "IN", region)
        document = self.node(
            paper.id,
            "Document",
            title=f"{paper.department}{paper.year}年部门预算绩效文本",
            kind="performance_text",
            fiscal_year=paper.year,
            filename=f"{paper.key}.txt",
            sha256=ids.digest(paper.key) * 4,
            ingested_at="2025-01-01T00:00:00Z",
        )
        self.edge(document, "PUBLISHED_BY", unit)
        for plan in paper.plans:
            self.plan(plan, unit, document)
        return GraphBatch(
            paper.id, tuple(self.nodes.values()), tuple(self.edges), frozenset(self.own)
        )

    def plan(self, plan: Plan, unit: str, document: str) -> None:
        year = self.paper.year
        project = self.node(
            ids.project(plan.code, year),
            "Project",
            code=plan.code,
            name=plan.name,
            fiscal_year=year,
            budget=plan.budget,
            purpose=plan.purpose,
        )
        self.own.add(project)
        self.edge(unit, "RUNS", project)
        self.edge(project, "DECLARED_IN", document)
        if plan.goal:
            goal = self.node(ids.goal(project, 1), "Goal", scope="project", text=plan.goal)
            self.edge(project, "HAS_GOAL", goal)
        for position, row in enumerate(plan.rows, start=1):
            self.row(row, project, position)

    def row(self, row: Row, project: str, position: int) -> None:
        target = parse_target(row.value)
        indicator = self.node(
            ids.project_indicator(project, position),
            "Indicator",
            level1="产出指标",
            level2=row.level2,
            name=row.name,
            description=row.description,
            value=row.value,
            operator=target.operator,
            numbers=list(target.numbers),
            unit=target.unit,
            value_kind=target.kind,
            basis="工作计划",
        )
        self.own.add(indicator)
        self.edge(project, "MEASURED_BY", indicator)
        text = f"{row.name}：{row.description}" if row.description else row.name
        wording = self.node(
            ids.wording(text), "Wording", name=row.name, description=row.description, text=text
        )
        self.edge(indicator, "WORDED_AS", wording)
        for number in row.cites:
            title = self.paper.titles.get(number)
            extra = {"title": title, "title_key": title} if title else {}
            policy = self.node(
                ids.policy(number, None),
                "Policy",
                number=number.canonical,
                issuer_prefix=number.prefix,
                year=number.year,
                serial=number.serial,
                kind="funding",
                status="cited",
                **extra,
            )
            self.edge(
                indicator,
                "CITES",
                policy,
                field="basis",
                raw=number.canonical,
                passage=f"根据{number.canonical}安排",
            )

    def node(self, node: str, label: str, **properties: PropertyValue) -> str:
        proof = Evidence(document=self.paper.id, raw=label, start=0, end=len(label), line=1)
        self.nodes.setdefault(node, Node(node, label, properties, (proof,)))
        return node

    def edge(self, source: str, type: str, target: str, **properties: PropertyValue) -> None:
        self.edges.append(Edge(source, type, target, properties))


INVEST = DocumentNumber("云财建", 2024, "9143")
SCHOOL = DocumentNumber("云财教", 2024, "9021")

INVESTMENT = Paper(
    "qinghe-invest",
    QINGHE,
    "322001",
    "青禾县招商服务中心",
    2025,
    (
        Plan(
            "99012125P000010110001",
            "招商引资工作经费",
            "用于外出洽谈和参加展会，引进企业落户",
            120.0,
            (
                Row("数量指标", "引进企业数量", "全年新落户的企业家数", "≥20个", (INVEST,)),
                Row("时效指标", "资金拨付及时率", "经费按时拨付的比例"),
                Row("满意度指标", "企业满意度", "落户企业对服务的满意程度"),
                Row("满意度指标", "群众满意度", "受益群众的满意程度", "≥90%"),
            ),
            "围绕产业链开展招商，促成一批项目签约落地",
        ),
    ),
    {INVEST: "关于下达招商引资专项资金的通知"},
)
ROADS = Paper(
    "yunling-roads",
    YUNLING,
    "311001",
    "云岭县交通运输局",
    2025,
    (
        Plan(
            "99012225P000020110002",
            "农村公路养护",
            "用于县乡公路日常保养和路面修补",
            300.0,
            (
                Row("数量指标", "养护公路里程", "纳入日常保养的公路长度", "≥120公里"),
                Row("质量指标", "路面完好率", "检查合格的路面所占比例"),
                Row("成本指标", "每公里养护成本", "单位里程的养护支出", "≤2万元"),
                Row("满意度指标", "群众满意度", "受益群众的满意程度", "≥92%"),
            ),
            "保障道路畅通，改善出行条件",
        ),
    ),
)
SCHOOLS = Paper(
    "baishi-schools",
    BAISHI,
    "205001",
    "白石区教育局",
    2024,
    (
        Plan(
            "99010324P000030110003",
            "中小学校舍维修改造",
            "用于修缮教室和更换课桌椅",
            80.0,
            (
                Row("数量指标", "维修校舍面积", "完成修缮的教室面积", "≥5000平方米", (SCHOOL,)),
                Row("满意度指标", "师生满意度", "学生和老师的满意程度", "≥96%"),
                Row("满意度指标", "群众满意度", "受益群众的满意程度", "≥96%"),
            ),
        ),
    ),
)
INVEST_BEFORE = Paper(
    "qinghe-invest-2024",
    QINGHE,
    "322001",
    "青禾县招商服务中心",
    2024,
    (
        Plan(
            "99012125P000010110001",
            "招商引资工作经费",
            "用于外出洽谈",
            100.0,
            (
                Row("数量指标", "引进企业数量", "全年新落户的企业家数", "≥15个"),
                Row("满意度指标", "群众满意度", "受益群众的满意程度", "≥88%"),
            ),
        ),
    ),
)
PAPERS = (INVESTMENT, ROADS, SCHOOLS, INVEST_BEFORE)


def overriding(paper: Paper, **changes: Any) -> Paper:
    """Another document, which the merging of what several say puts before all PAPERS."""
    first = min(known.id for known in PAPERS)
    made = (replace(paper, key=f"{paper.key}-{number}", **changes) for number in count())
    return next(other for other in made if other.id < first)


_NEW = Plan("99012125P000010110009", "园区招商推介", rows=(Row("数量指标", "推介活动场次"),))
DEPARTMENT_RENAMED = overriding(INVESTMENT, department="青禾县投资促进局", plans=(_NEW,))
COUNTY_RENAMED = overriding(
    INVESTMENT, county=("990121", "青禾区"), unit="301001", department="", plans=()
)
_INVEST = INVESTMENT.plans[0]
PROJECT_RENAMED = overriding(INVESTMENT, plans=(replace(_INVEST, name="招商专项", rows=()),))
GOAL_CHANGED = overriding(INVESTMENT, plans=(replace(_INVEST, goal="另一个目标", rows=()),))
INDICATOR_CHANGED = overriding(
    INVESTMENT, plans=(replace(_INVEST, rows=(Row("数量指标", "引进外资额", value="≥3亿元"),)),)
)
REACHING = (
    DEPARTMENT_RENAMED,
    COUNTY_RENAMED,
    PROJECT_RENAMED,
    GOAL_CHANGED,
    INDICATOR_CHANGED,
)
"""Documents that change what stands around indicators of which they say nothing."""
