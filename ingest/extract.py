"""From a source text to what it says: the one place that knows which document this is.

CASE 1  a 部门预算绩效文本: the department's goals, then projects with 项目编码 and goal tables
CASE 2  goal forms and lists (申报表, 自评表, …): projects by what their headings mean
CASE 3  a funding notice or a measure: a policy with its own number, and what it cites
CASE 4  anything else: kept as a document without facts
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from graph.evidence import Evidence
from graph.model import (
    Department,
    Document,
    DocumentKind,
    Policy,
    Project,
    Region,
    Warning,
)
from graph.values.region import region_name
from graph.values.text import fold
from graph.values.year import find_years
from ingest.allocations import has_allocations
from ingest.blocks import RawTable, SourceText
from ingest.flowed import HEADING, FlowedTable, read_flowed
from ingest.form_projects import FormContents, read_forms
from ingest.form_unread import unread_goals
from ingest.goals import department_goals, first_line_title
from ingest.head import Head, flowed_cells, read_head
from ingest.notices import read_policy
from ingest.parts import Span, lines, project_spans, sections
from ingest.projects import COUNTY_NAME, PROJECT_CODE, read_project
from ingest.referring import with_references
from ingest.tables import SplitTable, split_table
from ingest.vocabulary import compact

# the last heading of the six columns, which no other layout has
_SIX_COLUMNS = re.compile(r"指\s*标\s*值\s*确\s*定\s*依\s*据")
_CENTURY = 2000
EXTRACTION = "6"
"""Raise with every change to what is read from a document: known files are then read again."""
_TITLE_LENGTH = 80
_OWN_UNIT = "本级"
_UNKNOWN_REGION = "000000"


def extract(source: SourceText, sha256: str, filename: str) -> Document:
    """What the document says. A document that holds nothing known has kind UNKNOWN."""
    spans = project_spans(source)
    if spans and _SIX_COLUMNS.search(source.plain):
        return _performance_text(source, spans, sha256, filename)
    warnings = list(source.warnings)
    policy = read_policy(source, warnings)
    if contents := read_forms(source, warnings, has_policy=_has_name(policy)):
        return _form_document(source, contents, policy, warnings, sha256, filename)
    if spans:
        return _performance_text(source, spans, sha256, filename)
    return _policy_document(source, policy, warnings, sha256, filename)


def _has_name(policy: Policy | None) -> bool:
    """A notice with neither number nor title is no node that could own anything."""
    return policy is not None and (policy.number is not None or policy.title is not None)


def _form_document(
    source: SourceText,
    contents: FormContents,
    policy: Policy | None,
    warnings: list[Warning],
    sha256: str,
    filename: str,
) -> Document:
    """Goal forms; where they are attached to a notice, its policy as well."""
    year = contents.year
    if not year:
        warnings.append(_year_unknown(filename))
    evidence = _document_evidence(source)
    if policy is not None:
        _warn_of_nameless(policy, filename, warnings)
        policy = replace(policy, goals=contents.policy_goals, indicators=contents.policy_indicators)
    title = policy.title.value if policy and policy.title else fold(evidence.raw)
    return Document(
        id=source.document,
        sha256=sha256,
        by_ocr=source.by_ocr,
        filename=filename,
        extraction=EXTRACTION,
        kind=DocumentKind.FUNDING_NOTICE if policy else DocumentKind.PERFORMANCE_TEXT,
        title=title,
        fiscal_year=year or None,
        fiscal_year_source="text" if year else None,
        department=contents.department or _main_department(contents.projects),
        evidence=evidence,
        goals=contents.goals,
        indicators=contents.indicators,
        projects=tuple(map(with_references, contents.projects)),
        policy=policy,
        warnings=tuple(warnings),
    )


def _warn_of_nameless(policy: Policy, filename: str, warnings: list[Warning]) -> None:
    """A notice without number and title has no node to hang its sums on."""
    if policy.allocations and policy.number is None and policy.title is None:
        count = len(policy.allocations)
        warnings.append(
            Warning(
                code="allocations_without_policy",
                message=f"{filename}：通知没有文号和标题，{count} 笔分配没有收入；"
                "请在文件开头补上文号或标题后重新入库。",
                evidence=policy.evidence,
            )
        )


def _year_unknown(filename: str) -> Warning:
    return Warning(
        code="fiscal_year_unknown",
        message=f"{filename}：标题、项目编码和正文都没有给出预算年度，按 0 年记录；"
        "请在文件首行写明“20××年部门预算绩效文本”后重新入库。",
    )


def _policy_document(
    source: SourceText,
    policy: Policy | None,
    warnings: list[Warning],
    sha256: str,
    filename: str,
) -> Document:
    if policy is not None:
        _warn_of_nameless(policy, filename, warnings)
    if policy is None and (unread := unread_goals(source)):
        kind = DocumentKind.UNKNOWN
        warnings.extend(unread)
    elif policy is None and has_allocations(source):
        kind = DocumentKind.UNKNOWN
        warnings.append(
            Warning(
                code="table_without_notice",
                message=f"{filename}：资金分配表不在通知正文的后面，不知属于哪份文件，表中资金没有"
                "收入；请把通知和附件放在一个文件里。",
            )
        )
    elif policy is None:
        kind = DocumentKind.UNKNOWN
        warnings.append(
            Warning(
                code="nothing_found",
                message=f"{filename}：读到了 {len(source.text)} 个字，但没有项目编码和绩效目标表，"
                "也不是资金通知或管理办法；请确认文件是否选对，或是否为扫描件。",
            )
        )
    elif policy.kind == "funding":
        kind = DocumentKind.FUNDING_NOTICE
    else:
        kind = DocumentKind.MEASURE
    return Document(
        id=source.document,
        sha256=sha256,
        by_ocr=source.by_ocr,
        filename=filename,
        extraction=EXTRACTION,
        kind=kind,
        title=policy.title.value if policy and policy.title else None,
        text=None if policy else source.text,
        fiscal_year=int(policy.date[:4]) if policy and policy.date else None,
        fiscal_year_source="text" if policy and policy.date else None,
        evidence=_document_evidence(source),
        policy=policy,
        warnings=tuple(warnings),
    )


def _performance_text(
    source: SourceText, spans: Sequence[Span], sha256: str, filename: str
) -> Document:
    warnings = list(source.warnings)
    tables = _read_tables(source, spans)
    title = first_line_title(source, spans[0].start)
    heads = [head for head, _ in tables]
    year, year_source = _fiscal_year(source, title, heads, spans[0].start)
    if year is None:
        warnings.append(_year_unknown(filename))
    region = _region(heads)
    projects: dict[str, Project] = {}
    for head, table in tables:
        project = read_project(source, head, table, year or 0, region, warnings)
        if project is None:
            continue
        key = project.code.value if project.code else f"{project.department.code} {project.name}"
        if key in projects:
            warnings.append(
                Warning(
                    code="project_twice",
                    message=f"项目 {key}（{project.name.value}）在文件中出现两次，只取第一次。",
                    evidence=project.name.evidence,
                )
            )
        else:
            projects[key] = project
    found = tuple(map(with_references, projects.values()))
    return Document(
        id=source.document,
        sha256=sha256,
        by_ocr=source.by_ocr,
        filename=filename,
        extraction=EXTRACTION,
        kind=DocumentKind.PERFORMANCE_TEXT,
        title=title,
        fiscal_year=year,
        fiscal_year_source=year_source,
        department=_main_department(found),
        evidence=_document_evidence(source),
        goals=department_goals(source, sections(source, spans[0].start)),
        projects=found,
        warnings=tuple(warnings),
    )


def _document_evidence(source: SourceText) -> Evidence:
    """The first printed line stands for the document as a whole."""
    first = next(lines(source))
    return source.evidence(first.start, min(first.end, first.start + _TITLE_LENGTH), "title")


def _read_tables(source: SourceText, spans: Sequence[Span]) -> list[tuple[Head, SplitTable]]:
    """Head and rows of every project; tables without tabs are read together (see `flowed`)."""
    split: dict[int, SplitTable] = {}
    flowed: dict[int, FlowedTable] = {}
    numbers: dict[int, int] = {}
    for position, span in enumerate(spans):
        inside = _tables_within(source, span)
        numbers[position] = inside[0].number if inside else position + 1
        heading = HEADING.search(source.plain, span.start, span.end)
        if inside:
            split[position] = split_table(source, inside)
        elif heading:
            head = tuple(flowed_cells(source, span.start, heading.start()))
            split[position] = SplitTable(head, ())
            flowed[position] = FlowedTable(position + 1, heading.end(), span.end)
        else:
            head = tuple(flowed_cells(source, span.start, span.end))
            split[position] = SplitTable(head, ())
    for position, rows in zip(flowed, read_flowed(source, list(flowed.values())), strict=True):
        split[position] = SplitTable(split[position].head, tuple(rows))
    return [
        (read_head(source, split[position].head, numbers[position]), split[position])
        for position in range(len(spans))
    ]


def _tables_within(source: SourceText, span: Span) -> list[RawTable]:
    """Tables of the span; of one that holds several projects, only the rows of this one."""
    result = []
    first = bisect_right(source.tables, span.start, key=lambda table: table.end)
    for table in source.tables[first:]:
        if table.start >= span.end:
            break
        rows = tuple(row for row in table.rows if span.start <= row[0].start < span.end)
        if rows:
            result.append(RawTable(table.number, rows, table.sheet))
    return result


def _fiscal_year(
    source: SourceText, title: str | None, heads: Sequence[Head], goals_end: int
) -> tuple[int | None, str | None]:
    """The year on the cover; else the newest year of creation among the project codes, for a
    budget holds no project of a later year; else the year that the goals name most often."""
    if title and (named := find_years(title)):
        return named[0][0], "title"
    created = [
        _CENTURY + int(code["year"])
        for head in heads
        if head.code and (code := PROJECT_CODE.match(compact(head.code.value)))
    ]
    if created:
        return max(created), "project_codes"
    counted = Counter(year for year, _, _ in find_years(source.text[:goals_end]))
    if counted:
        return max(counted, key=lambda year: (counted[year], year)), "text"
    return None, None


def _region(heads: Sequence[Head]) -> Region:
    """The county that the project codes begin with; its name from GB/T 2260, or from the name of
    the budget unit where the table does not know the code."""
    for head in heads:
        if head.code and (code := PROJECT_CODE.match(compact(head.code.value))):
            printed = COUNTY_NAME.match(head.unit.value) if head.unit else None
            return Region(
                code=code["region"],
                name=region_name(code["region"]) or (printed["county"] if printed else None),
                city=printed["city"] if printed else None,
            )
    return Region(code=_UNKNOWN_REGION)


def _main_department(projects: Sequence[Project]) -> Department | None:
    """The department above the units: its code is their first three digits, its name that of the
    unit called 本级."""
    if not projects:
        return None
    return next(
        (p.department for p in projects if p.department.name.endswith(_OWN_UNIT)),
        projects[0].department,
    )
