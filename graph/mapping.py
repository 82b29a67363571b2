"""From domain objects to nodes and edges. Pure: the same document gives the same batch."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from graph import ids
from graph.elements import Edge, GraphBatch, Node, Properties, PropertyValue
from graph.evidence import Evidence
from graph.model import (
    Citation,
    Department,
    Document,
    Goal,
    Indicator,
    Money,
    Policy,
    Project,
    Region,
    Text,
)
from graph.values.basis import basis_kind
from graph.values.issuer import certain_issuer
from graph.values.policy_title import policy_kind, title_key
from graph.values.region import parents, region_level, region_name

CITED = "cited"
INGESTED = "ingested"
_OWN_UNIT = "本级"
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
            {
                "title": document.title,
                "text": document.text,
                "by_ocr": document.by_ocr or None,
                "kind": document.kind.value,
                "fiscal_year": document.fiscal_year,
                "fiscal_year_source": document.fiscal_year_source,
                "filename": document.filename,
                "sha256": document.sha256,
                "extraction": document.extraction,
                "ingested_at": self._ingested_at,
            },
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
        named = unit.name.endswith(_OWN_UNIT) or len(unit.code) == _DEPARTMENT_DIGITS
        name = unit.name.removesuffix(_OWN_UNIT) if named else None
        self._node(node, "Department", {"code": code, "name": name}, unit.evidence)
        self._edge(node, "IN", self._region(unit.region, unit.evidence), unit.evidence)
        return node

    def _project(self, project: Project) -> None:
        unit = self._unit(project.department)
        node = project_id(project)
        self._own.add(node)
        plan = project.spending_plan
        texts = (project.name, project.code, project.purpose)
        amounts = (project.budget, project.fiscal_budget, project.other_budget)
        self._node(
            node,
            "Project",
            {
                "code": project.code.value if project.code else None,
                "name": project.name.value,
                "fiscal_year": project.fiscal_year,
                "budget": _number(project.budget),
                "fiscal_budget": _number(project.fiscal_budget),
                "other_budget": _number(project.other_budget),
                "purpose": project.purpose.value if project.purpose else None,
                "spending_plan": "；".join(plan.printed) if plan else None,
                "spending_plan_values": list(plan.values) if plan else None,
                "spending_plan_unit": plan.unit if plan and plan.unit else None,
            },
            *(text.evidence for text in texts if text is not None),
            *(money.text.evidence for money in amounts if money is not None and money.text.value),
            *((plan.evidence,) if plan else ()),
        )
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
        texts = (goal.title, goal.text, goal.indicator_text)
        self._node(
            node,
            "Goal",
            {
                "scope": goal.scope.value,
                "title": goal.title.value if goal.title else None,
                "text": goal.text.value,
                "indicator_text": goal.indicator_text.value if goal.indicator_text else None,
            },
            *(text.evidence for text in texts if text is not None),
        )
        self._citations(node, goal.citations)
        return node

    def _indicator(self, owner: str, node: str, indicator: Indicator) -> None:
        self._own.add(node)
        cells = (
            indicator.level1,
            indicator.level2,
            indicator.name,
            indicator.description,
            indicator.value,
            indicator.basis,
        )
        further = {
            "half_year_value": indicator.half_year_value,
            "actual_value": indicator.actual_value,
            "weight": indicator.weight,
            "score": indicator.score,
            "deviation_reason": indicator.deviation_reason,
        }
        self._node(
            node,
            "Indicator",
            {
                "level1": indicator.level1.value,
                "level2": indicator.level2.value,
                "name": indicator.name.value,
                "description": indicator.description.value,
                "value": indicator.value.value,
                "operator": indicator.target.operator,
                "numbers": list(indicator.target.numbers),
                "unit": indicator.target.unit,
                "value_kind": indicator.target.kind,
                "basis": indicator.basis.value,
                "basis_kind": basis_kind(indicator.basis.value),
                "horizon": indicator.horizon,
                "extra": json.dumps(dict(indicator.extra), ensure_ascii=False)
                if indicator.extra
                else None,
                **{name: text.value for name, text in further.items() if text is not None},
            },
            *(cell.evidence for cell in cells if cell.evidence.raw),
        )
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
            edge = Edge(
                owner,
                "CITES",
                node,
                {
                    "field": citation.field,
                    "raw": citation.evidence.raw,
                    "passage": citation.passage,
                },
                (citation.evidence,),
            )
            known = self._edges.get(edge.key)
            if known is None:
                self._edges[edge.key] = edge
            elif citation.evidence not in known.evidence:
                self._edges[edge.key] = replace(
                    known, evidence=(*known.evidence, citation.evidence)
                )

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
        self._node(
            node,
            "Policy",
            {
                **policy_properties(policy),
                "issuer": policy.issuer,
                "kind": policy.kind,
                "status": INGESTED,
                "date": policy.date,
                "addressee": policy.addressee,
                "amounts": [amount.value for amount in policy.amounts] or None,
            },
            policy.evidence,
            *((policy.title.evidence,) if policy.title else ()),
            *(amount.evidence for amount in policy.amounts),
        )
        self._edge(self._document.id, "IS", node, policy.evidence)
        for indicator in policy.indicators:
            self._indicator(node, ids.policy_indicator(node, indicator.position), indicator)
        self._citations(node, policy.citations)

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


def policy_properties(policy: Citation | Policy) -> dict[str, PropertyValue | None]:
    """What number and title alone tell of a policy."""
    title = policy.title.value if isinstance(policy.title, Text) else policy.title
    number = policy.number
    return {
        "number": number.canonical if number else None,
        "issuer_prefix": number.prefix if number else None,
        "issuer": certain_issuer(number.prefix) if number else None,
        "year": number.year if number else None,
        "serial": number.serial if number else None,
        "title": title,
        "title_key": title_key(title) if title else None,
        "kind": policy_kind(title) if title else None,
    }


def _number(money: Money | None) -> float | None:
    """万元 as a JSON number. Two decimals are exact enough in a float."""
    if money is None or money.value is None:
        return None
    value: Decimal = money.value
    return float(value)
