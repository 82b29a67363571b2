"""What a document says, in the terms of the field. Frozen; produced by `ingest`, read by mapping.

Money is in 万元, as Decimal. A `Text` is a cell or passage with the place it was read from; an
empty cell is a Text whose value is "".
"""

from decimal import Decimal
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from graph.evidence import Evidence
from graph.values.document_number import DocumentNumber
from graph.values.target import Target


class DomainObject(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class DocumentKind(StrEnum):
    PERFORMANCE_TEXT = "performance_text"
    FUNDING_NOTICE = "funding_notice"
    MEASURE = "measure"
    UNKNOWN = "unknown"


class GoalScope(StrEnum):
    OVERALL = "overall"
    SUB = "sub"
    SAFEGUARD = "safeguard"
    PROJECT = "project"


class Text(DomainObject):
    """`value` is the folded text; `evidence.raw` the text as it stands in the source."""

    value: str
    evidence: Evidence


class Warning(DomainObject):
    """Something a reader of the report should look at. `code` is stable, `message` Chinese."""

    code: str
    message: str
    evidence: Evidence | None = None


class Citation(DomainObject):
    """A mention of a policy in one property of its owner: a number, a 《title》, or both."""

    field: str
    evidence: Evidence
    number: DocumentNumber | None = None
    title: str | None = None
    passage: str = ""


class Indicator(DomainObject):
    """One row of a goal table; `position` counts from 1 in document order within its owner."""

    position: int
    level1: Text
    level2: Text
    name: Text
    description: Text
    value: Text
    target: Target
    basis: Text
    horizon: str | None = None
    half_year_value: Text | None = None
    actual_value: Text | None = None
    weight: Text | None = None
    score: Text | None = None
    deviation_reason: Text | None = None
    extra: tuple[tuple[str, str], ...] = ()
    citations: tuple[Citation, ...] = ()


class Goal(DomainObject):
    scope: GoalScope
    text: Text
    title: Text | None = None
    indicator_text: Text | None = None
    citations: tuple[Citation, ...] = ()


class Region(DomainObject):
    """`code` per GB/T 2260, six digits; `name`, and that of the `city` above as a unit's own name
    prints it, are None where neither table nor text tells them."""

    code: str
    name: str | None = None
    city: str | None = None


class Department(DomainObject):
    """A budget unit: `code` is its six digits as printed (322001), or a name's hash without one."""

    region: Region
    code: str
    name: str
    evidence: Evidence


class Money(DomainObject):
    """`value` in 万元; None where the cell is empty or cannot be read."""

    value: Decimal | None
    text: Text


class SpendingPlan(DomainObject):
    """资金支出计划 for the ends of March, June, October and December; "" where a cell is empty."""

    printed: tuple[str, ...]
    values: tuple[str, ...]
    unit: str
    evidence: Evidence


class Project(DomainObject):
    fiscal_year: int
    name: Text
    department: Department
    code: Text | None = None
    budget: Money | None = None
    fiscal_budget: Money | None = None
    other_budget: Money | None = None
    purpose: Text | None = None
    spending_plan: SpendingPlan | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    citations: tuple[Citation, ...] = ()


class Policy(DomainObject):
    """The text of a policy itself: a funding notice or a measure that was ingested.

    `indicators` are those of the region goal table attached to it (区域绩效目标表).
    """

    number: DocumentNumber | None
    title: Text | None
    issuer: str | None
    evidence: Evidence
    kind: str = "funding"
    date: str | None = None
    addressee: str | None = None
    amounts: tuple[Text, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    citations: tuple[Citation, ...] = ()


class Document(DomainObject):
    """Everything one file says. `id` is `document:` and the first 16 hex digits of the SHA-256;
    `extraction` names the version of the rules that read it. `goals` and `indicators` are the
    department's own (部门整体绩效目标). `text` is kept of a document that was not understood.
    `by_ocr` says that letters of it were recognised in pictures, and may be wrong."""

    id: str
    sha256: str
    filename: str
    extraction: str
    kind: DocumentKind
    evidence: Evidence
    title: str | None = None
    text: str | None = None
    by_ocr: bool = False
    fiscal_year: int | None = None
    fiscal_year_source: str | None = None
    department: Department | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    projects: tuple[Project, ...] = ()
    policy: Policy | None = None
    warnings: tuple[Warning, ...] = ()
