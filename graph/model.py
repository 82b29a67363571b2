"""What a document says, in the terms of the field. Frozen; produced by `ingest`, read by mapping.

Money is in 万元, as Decimal. A `Text` is a cell or passage with the place it was read from; an
empty cell is a Text whose value is "". A long list makes a million of these objects: slots keep
each to a few dozen bytes, and types are checked before the program runs, not for every cell.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from graph.evidence import Evidence
from graph.values.document_number import DocumentNumber
from graph.values.target import Target


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
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """`value` is the folded text; `evidence.raw` the text as it stands in the source."""

    value: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Warning:
    """Something a reader of the report should look at. `code` is stable, `message` Chinese."""

    code: str
    message: str
    evidence: Evidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A mention of a policy in one property of its owner: a number, a 《title》, or both.

    `articles` are the labels of those that it names (第十二条).
    """

    field: str
    evidence: Evidence
    number: DocumentNumber | None = None
    title: str | None = None
    passage: str = ""
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
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
    extra: tuple[tuple[str, Text], ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """`value` in 万元; None where the cell is empty or cannot be read."""

    value: Decimal | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`horizon` is "term" for the goal of a whole 实施期; `actual` what a 自评表 says was reached.
    A goal of scope TASK is one of a department's 年度主要任务, with its amounts."""

    scope: GoalScope
    text: Text
    title: Text | None = None
    indicator_text: Text | None = None
    horizon: str | None = None
    actual: Text | None = None
    budget: Money | None = None
    fiscal_budget: Money | None = None
    other_budget: Money | None = None
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """`code` per GB/T 2260, six digits; `name`, and that of the `city` above as a unit's own name
    prints it, are None where neither table nor text tells them."""

    code: str
    name: str | None = None
    city: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A budget unit: `code` is its six digits as printed (322001), or a name's hash without one."""

    region: Region
    code: str
    name: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingPlan:
    """资金支出计划 for the ends of March, June, October and December; "" where a cell is empty."""

    printed: tuple[str, ...]
    values: tuple[str, ...]
    unit: str
    evidence: Evidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """`budget` is 全年预算数 where a 自评表 prints it beside 年初预算数 (`initial_budget`) and
    全年执行数 (`executed`). `extra` are labels of the form that have no property of their own."""

    fiscal_year: int
    name: Text
    department: Department
    code: Text | None = None
    budget: Money | None = None
    fiscal_budget: Money | None = None
    other_budget: Money | None = None
    initial_budget: Money | None = None
    executed: Money | None = None
    extra: tuple[tuple[str, Text], ...] = ()
    purpose: Text | None = None
    spending_plan: SpendingPlan | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One 条 of a measure. `series` counts from 1 where one file holds several measures; `sub` is
    the 1 of 第十条之一."""

    number: int
    label: str
    text: Text
    sub: int | None = None
    series: int = 1
    chapter: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A line of 《政府收支分类科目》: 2130505 生产发展 (功能), 50201 办公经费 (经济)."""

    code: str | None
    name: str | None
    text: Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """A sum that a notice hands out: a row of a table under one heading, or a clause.

    `recipient` is as printed, None where only the project is; `region` and `department` are given
    only where they are certain. `purpose` is the heading of the column, or the verb of the clause
    (收回): the amount is as printed, never turned negative, and has no value where no `unit` is
    known. `extra` holds columns without a meaning here, by heading.
    """

    position: int
    recipient: Text | None
    amount: Money
    evidence: Evidence
    unit: str | None = None
    purpose: str | None = None
    project: Text | None = None
    function: Subject | None = None
    economic: Subject | None = None
    region: Region | None = None
    department: Department | None = None
    extra: tuple[tuple[str, Text], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The text of a policy itself: a funding notice or a measure that was ingested.

    `amounts` are the sums as its body prints them, `allocations` what each recipient gets;
    `goals` and `indicators` are those of the region goal table attached to it (区域绩效目标表).
    `places` are where number, date, issuer and addressee were read, each with its `field`.
    """

    number: DocumentNumber | None
    title: Text | None
    issuer: str | None
    evidence: Evidence
    kind: str = "funding"
    date: str | None = None
    addressee: str | None = None
    places: tuple[Evidence, ...] = ()
    amounts: tuple[Text, ...] = ()
    goals: tuple[Goal, ...] = ()
    articles: tuple[Article, ...] = ()
    allocations: tuple[Allocation, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
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
