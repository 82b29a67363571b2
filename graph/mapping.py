"""From domain objects to nodes and edges. Pure: the same document gives the same batch."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import pairwise

from graph import ids
from graph.elements import Edge, GraphBatch, Node, Properties, PropertyValue
from graph.evidence import Evidence
from graph.model import (
    Allocation,
    Article,
    Citation,
    Department,
    Document,
    Goal,
    Indicator,
    Policy,
    Project,
    Region,
)
from graph.properties import (
    allocation_evidence,
    allocation_properties,
    article_properties,
    document_properties,
    goal_evidence,
    goal_properties,
    indicator_evidence,
    indicator_properties,
    own_policy_properties,
    policy_evidence,
    policy_properties,
    project_evidence,
    project_properties,
)
from graph.values.region import parents, region_level, region_name

CITED = "cited"
INGESTED = "ingested"
_OWN_UNIT = "本级"
UNKNOWN_UNIT = "000000"
"""The code of a unit that a form does not name; it stands for its department too."""
_DEPARTMENT_DIGITS = 3


def to_batch(document: Document, ingested_at: str) -> GraphBatch:
    """Everything the document says, as one batch. `ingested_at` is UTC in ISO 8601."""
    return _Mapper(document, ingested_at).batch()


class _Mapper:
    def __init__(self, document: Document, ingested_at: str) -> None:
        self._document = document
        self._ingested_at = ingested_at
        self._nodes: dict[str, Node] = {}
        self._edges: dict[tuple[str, str, str, str], Edge] = {}
        self._own: set[str] = set()

    def batch(self) -> GraphBatch:
        document = self._document
        self._own.add(document.id)
        self._node(
            document.id,
            "Document",
            document_properties(document, self._ingested_at),
            document.evidence,
        )
        for project in document.projects:
            self._project(project)
        if document.department is not None:
            self._own_department(document.department)
        if document.policy is not None:
            self._own_policy(document.policy)
        return GraphBatch(
            document.id,
            tuple(self._nodes.values()),
            tuple(self._edges.values()),
            frozenset(self._own),
        )

    def _own_department(self, unit: Department) -> None:
        department = self._department(unit)
        self._edge(self._document.id, "PUBLISHED_BY", department, unit.evidence)
        for position, goal in enumerate(self._document.goals, start=1):
            node = self._goal(self._document.id, position, goal)
            self._edge(self._document.id, "HAS_GOAL", node, goal.text.evidence)
            self._edge(department, "HAS_GOAL", node, goal.text.evidence)
        year = self._document.fiscal_year or 0
        for indicator in self._document.indicators:
            own = ids.department_indicator(department, year, indicator.position)
            self._indicator(department, own, indicator)

    def _region(self, region: Region, evidence: Evidence) -> str:
        """The region and those above it (GB/T 2260: province, city, county)."""
        chain = (region.code, *parents(region.code))
        for code in chain:
            printed = {_city_of(region.code): region.city, region.code: region.name}
            name = region_name(code) or printed.get(code)
            self._node(
                ids.region(code),
                "Region",
                {"code": code, "name": name, "level": region_level(code) or "county"},
                evidence,
            )
        for lower, upper in pairwise(chain):
            self._edge(ids.region(lower), "PART_OF", ids.region(upper), evidence)
        return ids.region(region.code)

    def _unit(self, unit: Department) -> str:
        """The budget unit as printed, and the department above it."""
        region = self._region(unit.region, unit.evidence)
        node = ids.department(unit.region.code, unit.code)
        self._node(node, "Department", {"code": unit.code, "name": unit.name}, unit.evidence)
        self._edge(node, "IN", region, unit.evidence)
        if unit.code.isdigit() and len(unit.code) > _DEPARTMENT_DIGITS:
            self._edge(node, "PART_OF", self._department(unit), unit.evidence)
        return node

    def _department(self, unit: Department) -> str:
        """The department (322) of a unit (322001). Only its own 本级 unit tells its name; a unit
        that is printed without a code stands for its department."""
        if not unit.code.isdigit():
            return self._unit(unit)
        code = unit.code[:_DEPARTMENT_DIGITS]
        node = ids.department(unit.region.code, code)
        named = (
            unit.name.endswith(_OWN_UNIT)
            or len(unit.code) == _DEPARTMENT_DIGITS
            or unit.code == UNKNOWN_UNIT
        )
        name = unit.name.removesuffix(_OWN_UNIT) if named else None
        self._node(node, "Department", {"code": code, "name": name}, unit.evidence)
        self._edge(node, "IN", self._region(unit.region, unit.evidence), unit.evidence)
        return node

    def _project(self, project: Project) -> None:
        unit = self._unit(project.department)
        node = project_id(project)
        self._own.add(node)
        self._node(node, "Project", project_properties(project), *project_evidence(project))
        self._edge(unit, "RUNS", node, project.department.evidence)
        self._edge(node, "DECLARED_IN", self._document.id, project.name.evidence)
        self._citations(node, project.citations)
        for position, goal in enumerate(project.goals, start=1):
            self._edge(node, "HAS_GOAL", self._goal(node, position, goal), goal.text.evidence)
        for indicator in project.indicators:
            self._indicator(node, ids.project_indicator(node, indicator.position), indicator)

    def _goal(self, owner: str, position: int, goal: Goal) -> str:
        node = ids.goal(owner, position)
        self._own.add(node)
        self._node(node, "Goal", goal_properties(goal), *goal_evidence(goal))
        self._citations(node, goal.citations)
        return node

    def _indicator(self, owner: str, node: str, indicator: Indicator) -> None:
        self._own.add(node)
        said = indicator_properties(indicator)
        self._node(node, "Indicator", said, *indicator_evidence(indicator))
        self._edge(owner, "MEASURED_BY", node, indicator.name.evidence)
        self._wording(node, indicator)
        self._citations(node, indicator.citations)

    def _wording(self, indicator_id: str, indicator: Indicator) -> None:
        name, description = indicator.name.value, indicator.description.value
        node = ids.wording(wording_text(name, description))
        self._node(
            node,
            "Wording",
            {
                "name": name,
                "description": description,
                "text": wording_text(name, description),
            },
            indicator.name.evidence,
        )
        self._edge(indicator_id, "WORDED_AS", node, indicator.name.evidence)

    def _citations(self, owner: str, citations: Iterable[Citation]) -> None:
        for citation in citations:
            node = self._cited(citation)
            said: dict[str, PropertyValue] = {
                "field": citation.field,
                "raw": citation.evidence.raw,
                "passage": citation.passage,
            }
            if citation.articles:
                said["article"] = list(citation.articles)
            edge = Edge(owner, "CITES", node, said, (citation.evidence,))
            known = self._edges.get(edge.key)
            self._edges[edge.key] = edge if known is None else _said_again(known, edge)

    def _cited(self, citation: Citation) -> str:
        node = ids.policy(citation.number, citation.title)
        self._node(
            node,
            "Policy",
            {**policy_properties(citation), "status": CITED},
            citation.evidence,
        )
        return node

    def _own_policy(self, policy: Policy) -> None:
        """The document's own policy: it fills the stub that others cite."""
        title = policy.title.value if policy.title else None
        if policy.number is None and not title:
            return
        node = ids.policy(policy.number, title)
        self._own.add(node)
        self._nodes.pop(node, None)
        said = {**own_policy_properties(policy), "status": INGESTED}
        self._node(node, "Policy", said, *policy_evidence(policy))
        self._edge(self._document.id, "IS", node, policy.evidence)
        for position, goal in enumerate(policy.goals, start=len(self._document.goals) + 1):
            goal_node = self._goal(self._document.id, position, goal)
            self._edge(node, "HAS_GOAL", goal_node, goal.text.evidence)
        for article in policy.articles:
            self._article(node, article)
        for indicator in policy.indicators:
            self._indicator(node, ids.policy_indicator(node, indicator.position), indicator)
        for allocation in policy.allocations:
            self._allocation(node, allocation)
        self._citations(node, policy.citations)

    def _article(self, policy: str, article: Article) -> None:
        node = ids.article(policy, _article_key(article))
        self._own.add(node)
        self._node(node, "Article", article_properties(article), article.text.evidence)
        self._edge(policy, "HAS_ARTICLE", node, article.text.evidence)

    def _allocation(self, policy: str, allocation: Allocation) -> None:
        node = ids.allocation(policy, allocation.position)
        self._own.add(node)
        evidence = allocation_evidence(allocation)
        self._node(node, "Allocation", allocation_properties(allocation), *evidence)
        self._edge(policy, "ALLOCATES", node, allocation.evidence)
        if allocation.department is not None:
            self._edge(node, "TO", self._unit(allocation.department), allocation.evidence)
        elif allocation.region is not None:
            region = self._region(allocation.region, allocation.evidence)
            self._edge(node, "TO", region, allocation.evidence)

    def _node(
        self,
        node_id: str,
        label: str,
        properties: Mapping[str, PropertyValue | None],
        *evidence: Evidence,
    ) -> None:
        """Add a node; what an earlier mention in the same document knew of it stays."""
        given: Properties = {k: v for k, v in properties.items() if v is not None}
        known = self._nodes.get(node_id)
        if known is None:
            self._nodes[node_id] = Node(node_id, label, given, evidence)
        elif any(name not in known.properties for name in given):
            self._nodes[node_id] = replace(known, properties={**given, **known.properties})

    def _edge(self, source: str, type: str, target: str, evidence: Evidence) -> None:
        edge = Edge(source, type, target, {}, (evidence,))
        self._edges.setdefault(edge.key, edge)


def _said_again(known: Edge, edge: Edge) -> Edge:
    """One more mention of the same policy in the same property: its place and its articles."""
    properties = dict(known.properties)
    if articles := dict.fromkeys(known.articles + edge.articles):
        properties["article"] = list(articles)
    new = tuple(evidence for evidence in edge.evidence if evidence not in known.evidence)
    return replace(known, properties=properties, evidence=(*known.evidence, *new))


def _article_key(article: Article) -> str:
    series = f"{article.series}." if article.series > 1 else ""
    return f"{series}{article.number}" + (f"-{article.sub}" if article.sub else "")


def _city_of(code: str) -> str:
    """The prefecture's code: the first four digits of a county's (GB/T 2260)."""
    return code[:4] + "00"


def project_id(project: Project) -> str:
    if project.code is not None:
        return ids.project(project.code.value, project.fiscal_year)
    return ids.unnamed_project(
        project.department.region.code,
        project.department.name,
        project.name.value,
        project.fiscal_year,
    )


def wording_text(name: str, description: str) -> str:
    """Name and description as one text; a description that only repeats the name adds nothing."""
    if not description or description == name:
        return name
    return f"{name}：{description}"
