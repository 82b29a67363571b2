"""What a perfect reader would take from the example documents: the answers for accuracy tests."""

from dataclasses import asdict
from typing import Any

from graph.values.text import fold
from tools.examples import dump
from tools.examples.source import Notice, Project, Statement


def truth(statements: list[Statement], notices: list[Notice]) -> dict[str, Any]:
    """Cells folded as `graph.values.text.fold` does; money and plans as printed.

    `citations` of a statement are pairs of an owner (a project's code and row, "name" or
    "purpose", or the title of a sub-goal) and the canonical number or 《title》 cited there.
    `mistakes` are the faults that were put in for the quality checks to find.
    """
    return {
        "statements": [_statement(document) for document in statements],
        "notices": [_notice(document) for document in notices],
    }


def _statement(document: Statement) -> dict[str, Any]:
    return {
        "file": document.file,
        "kind": "performance_text",
        "fiscal_year": document.year,
        "county": {"code": document.county[0], "name": document.county[1]},
        "department": {"code": document.unit[0], "name": document.unit[1]},
        "goals": [goal.title for goal in document.goals],
        "projects": [_project(document, project) for project in document.projects],
        "goal_citations": [
            {"goal": goal.title, "policy": policy}
            for goal in document.goals
            for policy in goal.cites
        ],
        "mistakes": [asdict(mistake) for mistake in document.mistakes],
    }


def _project(document: Statement, project: Project) -> dict[str, Any]:
    rows = [dump.printed(row) if document.layout == "dump" else row.cells for row in project.rows]
    cited: list[dict[str, str | int]] = [
        {"field": field, "policy": policy}
        for field, policies in project.cites.items()
        for policy in policies
    ]
    cited += [
        {"row": position, "policy": policy}
        for position, row in enumerate(project.rows, 1)
        for policy in row.cites
    ]
    return {
        "code": project.code,
        "name": project.name,
        "budget": project.budget,
        "fiscal_budget": project.fiscal,
        "other_budget": project.other,
        "purpose": fold(dump.spaced(project.purpose))
        if document.layout == "dump"
        else project.purpose,
        "spending_plan": list(project.plan),
        "indicators": [[fold(cell) for cell in row] for row in rows],
        "citations": cited,
    }


def _notice(document: Notice) -> dict[str, Any]:
    return {
        "file": document.file,
        "kind": "funding_notice",
        "number": document.number,
        "title": document.title,
        "issuer": document.issuer,
        "addressee": document.addressee,
        "date": document.date,
        "cites": [{"number": number, "title": title} for number, title in document.cites],
        "amounts": list(document.amounts),
    }
