"""The properties of each kind of node, and the places that prove them, from domain objects."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TypeAlias

from graph.elements import PropertyValue
from graph.evidence import Evidence
from graph.model import (
    Allocation,
    Article,
    Citation,
    Document,
    Goal,
    Indicator,
    Money,
    Policy,
    Project,
    Text,
)
from graph.values.basis import basis_kind
from graph.values.clauses import clause_targets
from graph.values.comparable import comparable
from graph.values.issuer import certain_issuer
from graph.values.policy_title import policy_kind, title_key
from graph.values.short_title import title_tail

Said: TypeAlias = Mapping[str, PropertyValue | None]
"""Properties by name; None where the document does not say."""


def document_properties(document: Document, ingested_at: str) -> Said:
    return {
        "title": document.title,
        "text": document.text,
        "by_ocr": document.by_ocr or None,
        "kind": document.kind.value,
        "fiscal_year": document.fiscal_year,
        "fiscal_year_source": document.fiscal_year_source,
        "filename": document.filename,
        "sha256": document.sha256,
        "extraction": document.extraction,
        "ingested_at": ingested_at,
    }


def project_properties(project: Project) -> Said:
    plan = project.spending_plan
    return {
        "code": _value(project.code),
        "name": project.name.value,
        "fiscal_year": project.fiscal_year,
        "budget": _number(project.budget),
        "fiscal_budget": _number(project.fiscal_budget),
        "other_budget": _number(project.other_budget),
        "initial_budget": _number(project.initial_budget),
        "executed": _number(project.executed),
        "extra": _json(project.extra),
        "purpose": _value(project.purpose),
        "spending_plan": "；".join(plan.printed) if plan else None,
        "spending_plan_values": list(plan.values) if plan else None,
        "spending_plan_unit": plan.unit if plan and plan.unit else None,
    }


def project_evidence(project: Project) -> tuple[Evidence, ...]:
    texts = (project.name, project.code, project.purpose)
    amounts = (
        project.budget,
        project.fiscal_budget,
        project.other_budget,
        project.initial_budget,
        project.executed,
    )
    plan = project.spending_plan
    return (
        *_places(texts),
        *_money_places(amounts),
        *((plan.evidence,) if plan else ()),
        *_extra_places(project.extra),
    )


def goal_properties(goal: Goal) -> Said:
    return {
        "scope": goal.scope.value,
        "title": _value(goal.title),
        "text": goal.text.value,
        "indicator_text": _value(goal.indicator_text),
        "targets": _targets(goal.indicator_text),
        "horizon": goal.horizon,
        "actual": _value(goal.actual),
        "budget": _number(goal.budget),
        "fiscal_budget": _number(goal.fiscal_budget),
        "other_budget": _number(goal.other_budget),
    }


def goal_evidence(goal: Goal) -> tuple[Evidence, ...]:
    texts = (goal.title, goal.text, goal.indicator_text, goal.actual)
    amounts = (goal.budget, goal.fiscal_budget, goal.other_budget)
    return (*_places(texts), *_money_places(amounts))


def indicator_properties(indicator: Indicator) -> Said:
    measured = comparable(indicator.target)
    return {
        "level1": indicator.level1.value,
        "level2": indicator.level2.value,
        "name": indicator.name.value,
        "description": indicator.description.value,
        "value": indicator.value.value,
        "operator": indicator.target.operator,
        "numbers": list(indicator.target.numbers),
        "unit": indicator.target.unit,
        "canonical_unit": measured.unit if measured else None,
        "canonical_numbers": list(measured.numbers) if measured else None,
        "value_kind": indicator.target.kind,
        "basis": indicator.basis.value,
        "basis_kind": basis_kind(indicator.basis.value),
        "horizon": indicator.horizon,
        "half_year_value": _value(indicator.half_year_value),
        "actual_value": _value(indicator.actual_value),
        "weight": _value(indicator.weight),
        "score": _value(indicator.score),
        "deviation_reason": _value(indicator.deviation_reason),
        "extra": _json(indicator.extra),
    }


def indicator_evidence(indicator: Indicator) -> tuple[Evidence, ...]:
    cells = (
        indicator.level1,
        indicator.level2,
        indicator.name,
        indicator.description,
        indicator.value,
        indicator.basis,
        indicator.half_year_value,
        indicator.actual_value,
        indicator.weight,
        indicator.score,
        indicator.deviation_reason,
    )
    said = (place for place in _places(cells) if place.raw)
    return (*said, *_extra_places(indicator.extra))


def own_policy_properties(policy: Policy) -> Said:
    """What the text of a policy tells of itself."""
    return {
        **policy_properties(policy),
        "issuer": policy.issuer,
        "kind": policy.kind,
        "date": policy.date,
        "addressee": policy.addressee,
        "amounts": [amount.value for amount in policy.amounts] or None,
    }


def policy_evidence(policy: Policy) -> tuple[Evidence, ...]:
    return (policy.evidence, *policy.places, *_places((policy.title, *policy.amounts)))


def policy_properties(policy: Citation | Policy) -> Said:
    """What number and title alone tell of a policy."""
    title = policy.title.value if isinstance(policy.title, Text) else policy.title
    number = policy.number
    key = title_key(title) if title else None
    return {
        "number": number.canonical if number else None,
        "issuer_prefix": number.prefix if number else None,
        "issuer": certain_issuer(number.prefix) if number else None,
        "year": number.year if number else None,
        "serial": number.serial if number else None,
        "title": title,
        "title_key": key,
        "title_tail": title_tail(key) if key else None,
        "kind": policy_kind(title) if title else None,
    }


def article_properties(article: Article) -> Said:
    return {
        "number": article.number,
        "label": article.label,
        "chapter": article.chapter,
        "text": article.text.value,
    }


def allocation_properties(allocation: Allocation) -> Said:
    amount, function, economic = allocation.amount, allocation.function, allocation.economic
    return {
        "recipient": _value(allocation.recipient),
        "amount": _number(amount),
        "printed": amount.text.value,
        "unit": allocation.unit,
        "purpose": allocation.purpose,
        "project": _value(allocation.project),
        "function_code": function.code if function else None,
        "function_name": function.name if function else None,
        "economic_code": economic.code if economic else None,
        "economic_name": economic.name if economic else None,
        "extra": _json(allocation.extra),
    }


def allocation_evidence(allocation: Allocation) -> tuple[Evidence, ...]:
    """The recipient's, the amount's, and what else the row or the body says of the sum."""
    texts = (
        allocation.recipient,
        allocation.amount.text,
        allocation.project,
        allocation.function.text if allocation.function else None,
        allocation.economic.text if allocation.economic else None,
    )
    return (*_places(texts), *_extra_places(allocation.extra))


def _targets(text: Text | None) -> str | None:
    """What the sentences under 绩效指标： aim at: a JSON list of their targets."""
    found = clause_targets(text.value) if text is not None else ()
    if not found:
        return None
    return json.dumps([asdict(target) for target in found], ensure_ascii=False)


def _value(text: Text | None) -> str | None:
    return text.value if text is not None else None


def _places(texts: Sequence[Text | None]) -> tuple[Evidence, ...]:
    return tuple(text.evidence for text in texts if text is not None)


def _money_places(amounts: Sequence[Money | None]) -> tuple[Evidence, ...]:
    return tuple(m.text.evidence for m in amounts if m is not None and m.text.value)


def _json(pairs: Sequence[tuple[str, Text]]) -> str | None:
    said = {heading: text.value for heading, text in pairs}
    return json.dumps(said, ensure_ascii=False) if said else None


def _extra_places(pairs: Sequence[tuple[str, Text]]) -> tuple[Evidence, ...]:
    """In the order of `_json`, one for each value that is not empty."""
    return tuple(text.evidence for text in dict(pairs).values() if text.value)


def _number(money: Money | None) -> float | None:
    """万元 as a JSON number. Two decimals are exact enough in a float."""
    return None if money is None or money.value is None else float(money.value)
