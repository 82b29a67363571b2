"""Deterministic ids from natural keys: the same fact has the same id in every run and store."""

import hashlib

from graph.values.document_number import DocumentNumber


def digest(*parts: str) -> str:
    """Sixteen hex digits over the parts, with a separator that no text contains."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]


def region(code: str) -> str:
    return f"region:{code}"


def department(region_code: str, unit_code: str) -> str:
    return f"department:{region_code}-{unit_code}"


def document(sha256: str) -> str:
    return f"document:{sha256[:16]}"


def project(code: str, fiscal_year: int) -> str:
    return f"project:{code}@{fiscal_year}"


def unnamed_project(county: str, department_name: str, name: str, fiscal_year: int) -> str:
    """For a project without a code: a hash of county, department and name stands in for it."""
    return f"project:{digest(county, department_name, name)}@{fiscal_year}"


def goal(owner: str, position: int) -> str:
    return f"goal:{owner}#{position}"


def project_indicator(project_id: str, position: int) -> str:
    """`indicator:<code>@<year>#<n>`: the project's own key and the row's number."""
    return f"indicator:{project_id.removeprefix('project:')}#{position}"


def department_indicator(department_id: str, fiscal_year: int, position: int) -> str:
    return f"indicator:{department_id}@{fiscal_year}#{position}"


def policy_indicator(policy_id: str, position: int) -> str:
    return f"indicator:{policy_id}#{position}"


def allocation(policy_id: str, position: int) -> str:
    """`allocation:<number or 《title》>#<n>`: the policy's own key and the sum's place in it."""
    return f"allocation:{policy_id.removeprefix('policy:')}#{position}"


def wording(text: str) -> str:
    return f"wording:{digest(text)}"


def policy(number: DocumentNumber | None, title: str | None) -> str:
    """By number where there is one: 《title》 names only what has none."""
    if number is not None:
        return f"policy:{number.canonical}"
    if not title:
        raise ValueError("a policy has a number or a title")
    return f"policy:《{title}》"


def article(policy_id: str, key: str) -> str:
    """`key` is the article's number, 12; 10-1 for 第十条之一; 2.12 in a file's second measure."""
    return f"article:{policy_id.removeprefix('policy:')}#{key}"
