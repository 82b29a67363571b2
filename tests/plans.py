"""How a Neo4j server means to run a statement: its operators, and the indexes they go through."""

import re

import neo4j

FORBIDDEN = (
    "AllNodesScan",
    "NodeByLabelScan",
    "AllRelationshipsScan",
    "RelationshipTypeScan",
)
"""Parts of the names of operators that read everything of a kind. A CartesianProduct is none here:
both ends of an edge are found by id, one pair a row."""


def operators(
    session: neo4j.Session, statement: str, **parameters: object
) -> list[tuple[str, str]]:
    """Name and details of every operator of the plan; nothing is run."""
    plan = session.run(f"EXPLAIN {statement}", parameters).consume().plan
    assert plan is not None
    found, waiting = [], [plan]
    while waiting:
        one = waiting.pop()
        found.append((str(one["operatorType"]), str(one.get("args", {}).get("Details", ""))))
        waiting += one.get("children", [])
    return found


def reads_all(found: list[tuple[str, str]]) -> list[str]:
    """The operators that read everything of a kind."""
    return [name for name, _ in found if any(part in name for part in FORBIDDEN)]


def unserved(found: list[tuple[str, str]], indexes: dict[str, str]) -> list[str]:
    """Those of the indexes, statements by name, that no operator goes through."""
    # A plan names label and properties of an index, not the index itself.
    seeks = [details for name, details in found if "Seek" in name or "IndexScan" in name]
    return [name for name, made in indexes.items() if not any(_serves(made, d) for d in seeks)]


def _serves(statement: str, details: str) -> bool:
    # CREATE ... FOR (n:`_Node`) ... (n.`id`)   is   n:_Node(id) in a plan
    plain = re.sub(r"\b[nmr]\.", "", statement.replace("`", ""))
    label = re.findall(r"[(\[][nmr]:(\w+)[)\]]", plain)[0]
    keys = re.findall(r"\(([^()]*)\)", plain)[-1]
    return f":{label}({keys})" in details.replace("`", "")
