"""Every example document, read and extracted, against the answers that were set by hand."""

import hashlib
import json
from decimal import Decimal
from pathlib import Path

import pytest

from graph.model import Citation, Document, Project
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read
from tools.examples.build import EXAMPLES, TRUTH

ANSWERS = json.loads(TRUTH.read_text(encoding="utf-8"))
STATEMENTS = {answer["file"]: answer for answer in ANSWERS["statements"]}
NOTICES = {answer["file"]: answer for answer in ANSWERS["notices"]}


def extracted(name: str) -> Document:
    content = (EXAMPLES / name).read_bytes()
    source = read(content, name, "document:0123456789abcdef", Limits())
    return extract(source, hashlib.sha256(content).hexdigest(), Path(name).name)


def policy_of(citation: Citation) -> str:
    return citation.number.canonical if citation.number else f"《{citation.title}》"


@pytest.mark.parametrize("name", STATEMENTS)
def test_statement(name: str) -> None:
    document, answer = extracted(name), STATEMENTS[name]
    assert document.kind == answer["kind"]
    assert document.fiscal_year == answer["fiscal_year"]
    assert document.department is not None
    assert document.department.code == answer["department"]["code"]
    assert document.department.region.code == answer["county"]["code"]
    titles = [goal.title.value for goal in document.goals if goal.title]
    assert all(any(wanted in title for title in titles) for wanted in answer["goals"]), titles
    cited = {policy_of(citation) for goal in document.goals for citation in goal.citations}
    assert cited == {item["policy"] for item in answer["goal_citations"]}
    assert [p.code.value for p in document.projects if p.code] == [
        project["code"] for project in answer["projects"]
    ]


def projects() -> list[tuple[str, int]]:
    return [
        (name, number)
        for name, answer in STATEMENTS.items()
        for number in range(len(answer["projects"]))
    ]


@pytest.mark.parametrize(("name", "number"), projects())
def test_project(name: str, number: int) -> None:
    project = extracted(name).projects[number]
    answer = STATEMENTS[name]["projects"][number]
    assert project.name.value == answer["name"]
    for money, field in (
        (project.budget, "budget"),
        (project.fiscal_budget, "fiscal_budget"),
        (project.other_budget, "other_budget"),
    ):
        expected = Decimal(answer[field]) if answer[field] else None
        assert (money.value if money else None) == expected, field
    assert project.purpose is not None
    assert project.purpose.value == answer["purpose"]
    assert project.spending_plan is not None
    assert list(project.spending_plan.printed) == answer["spending_plan"]
    assert _rows(project) == answer["indicators"]
    assert _citations(project) == sorted(
        (str(item.get("row", item.get("field"))), item["policy"]) for item in answer["citations"]
    )


@pytest.mark.parametrize("name", NOTICES)
def test_notice(name: str) -> None:
    document, answer = extracted(name), NOTICES[name]
    policy = document.policy
    assert policy is not None
    assert policy.number is not None
    assert policy.number.canonical == answer["number"]
    assert policy.title is not None
    assert policy.title.value == answer["title"]
    assert (policy.issuer, policy.date) == (answer["issuer"], answer["date"])
    assert policy.addressee == answer["addressee"]
    assert [amount.value for amount in policy.amounts] == answer["amounts"]
    assert [
        {"number": cite.number.canonical if cite.number else None, "title": cite.title}
        for cite in policy.citations
    ] == answer["cites"]


def _rows(project: Project) -> list[list[str]]:
    return [
        [
            *(row.level1.value, row.level2.value, row.name.value),
            *(row.description.value, row.value.value, row.basis.value),
        ]
        for row in project.indicators
    ]


def _citations(project: Project) -> list[tuple[str, str]]:
    """(row number or the project's field, policy) of every citation, sorted."""
    found = [(citation.field, policy_of(citation)) for citation in project.citations]
    found += [
        (str(row.position), policy_of(citation))
        for row in project.indicators
        for citation in row.citations
    ]
    return sorted(found)
