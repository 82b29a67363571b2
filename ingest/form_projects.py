"""Projects and indicators from goal forms (see `forms` for the shapes)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from graph import ids
from graph.model import (
    Department,
    Goal,
    GoalScope,
    Indicator,
    Money,
    Project,
    Region,
    Text,
    Warning,
)
from graph.values.money import parse_money
from graph.values.region import find_region, region_name
from graph.values.target import parse_target
from graph.values.year import find_years
from ingest.blocks import Cell, SourceText
from ingest.citations import citations_in
from ingest.form_words import FormColumn, FormLabel
from ingest.forms import Form, FormRow, read_form
from ingest.goals import project_goals
from ingest.projects import COUNTY_NAME, PROJECT_CODE
from ingest.vocabulary import compact

# [301001]青禾县教育局   ·   301-青禾县教育局   ·   not: 青禾县教育局
_CODE_BEFORE = re.compile(r"^[\[（(【]?(?P<code>\d{3,6})[\]）)】]?\s*[-—:：]?\s*(?P<name>\D.+)$")
# 青禾县教育局[301]   ·   青禾县教育局301001
_CODE_BEHIND = re.compile(r"^(?P<name>\D+?)\s*[\[（(【]?(?P<code>\d{3,6})[\]）)】]?$")
# 项目资金（万元）
_MONEY_UNIT = re.compile(
    r"[（(]\s*(?:单位\s*[：:])?\s*(亿元|万元|元)\s*[）)]|单位\s*[：:]\s*(亿元|万元|元)"
)
# 部门（单位）整体支出绩效目标申报表
_WHOLE = re.compile(r"整体\s*支出\s*绩效")
_UNKNOWN_REGION = "000000"
_UNKNOWN_UNIT = "000000"
_CELLS = (FormColumn.NAME, FormColumn.DESCRIPTION, FormColumn.VALUE, FormColumn.BASIS)


@dataclass(slots=True)
class _Found:
    """One project's cells from a form's head, or from the columns of a long list."""

    table: int
    cells: Mapping[FormLabel, tuple[Cell, ...]]
    rows: list[FormRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FormContents:
    """What the forms of one source hold.

    `department` with its goals and indicators comes from a 部门整体支出绩效目标申报表,
    `policy_indicators` from the 区域绩效目标表 of a 专项; `year` is 0 where no heading names one.
    """

    year: int
    projects: tuple[Project, ...] = ()
    department: Department | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    policy_indicators: tuple[Indicator, ...] = ()


def read_forms(source: SourceText, warnings: list[Warning]) -> FormContents | None:
    """Everything that the source's forms say, in order; None where they say nothing."""
    forms = [form for table in source.tables if (form := read_form(source, table))]
    year, unit = _year(source), _money_unit(source)
    projects: list[Project] = []
    special: list[Indicator] = []
    contents = FormContents(year)
    for form in forms:
        for found in _projects_of(source, form):
            if FormLabel.SPECIAL in found.cells and FormLabel.PROJECT not in found.cells:
                for indicator in _indicators(source, found):
                    special.append(indicator.model_copy(update={"position": len(special) + 1}))
            elif _is_whole_department(source, found):
                contents = _whole_department(source, found, year)
            elif (project := _project(source, found, year, unit, warnings)) is not None:
                projects.append(project)
    if not projects and not special and contents.department is None:
        return None
    return replace(contents, projects=tuple(projects), policy_indicators=tuple(special))


def _is_whole_department(source: SourceText, found: _Found) -> bool:
    """A form without a project, of a department, in a paper on 整体支出."""
    named = FormLabel.DEPARTMENT in found.cells or FormLabel.UNIT in found.cells
    return FormLabel.PROJECT not in found.cells and named and bool(_WHOLE.search(source.text))


def _whole_department(source: SourceText, found: _Found, year: int) -> FormContents:
    cells = found.cells.get(FormLabel.DEPARTMENT) or found.cells[FormLabel.UNIT]
    name = source.cell(cells[0].start, cells[-1].end, "department", table=found.table)
    goal = found.cells.get(FormLabel.GOAL)
    text = source.cell(goal[0].start, goal[-1].end, "text", table=found.table) if goal else None
    goals: tuple[Goal, ...] = ()
    if text is not None:
        citations = citations_in(text, "text")
        goals = (Goal(scope=GoalScope.OVERALL, text=text, citations=citations),)
    return FormContents(
        year,
        department=_department(name, None, False),
        goals=goals,
        indicators=tuple(_indicators(source, found)),
    )


def _projects_of(source: SourceText, form: Form) -> Iterator[_Found]:
    if FormColumn.PROJECT_NAME not in form.rows[0].cells:
        yield _Found(form.table, form.head, list(form.rows))
        return
    projects: dict[tuple[str, str], _Found] = {}
    for row in form.rows:
        cells = {label: (row.cells[c],) for c, label in _LIST_LABELS.items() if c in row.cells}
        key = (_text(source, cells, FormLabel.CODE), _text(source, cells, FormLabel.PROJECT))
        projects.setdefault(key, _Found(form.table, {**form.head, **cells})).rows.append(row)
    yield from projects.values()


_LIST_LABELS = {
    FormColumn.PROJECT_NAME: FormLabel.PROJECT,
    FormColumn.PROJECT_CODE: FormLabel.CODE,
    FormColumn.UNIT_NAME: FormLabel.UNIT,
    FormColumn.BUDGET: FormLabel.TOTAL,
    FormColumn.GOAL: FormLabel.GOAL,
}


def _text(source: SourceText, cells: Mapping[FormLabel, tuple[Cell, ...]], label: FormLabel) -> str:
    return " ".join(source.text[c.start : c.end].strip() for c in cells.get(label, ()))


def _project(
    source: SourceText, found: _Found, year: int, unit: str, warnings: list[Warning]
) -> Project | None:
    def cell(label: FormLabel, name: str) -> Text | None:
        cells = found.cells.get(label)
        if not cells:
            return None
        return source.cell(cells[0].start, cells[-1].end, name, table=found.table)

    def money(label: FormLabel, name: str) -> Money | None:
        printed = cell(label, name)
        if printed is None:
            return None
        return Money(value=parse_money(printed.value, unit), text=printed)

    name = cell(FormLabel.PROJECT, "name")
    if name is None:
        warnings.append(_nameless(source, found))
        return None
    code = cell(FormLabel.CODE, "code")
    if code is not None:
        valid = PROJECT_CODE.match(compact(code.value))
        code = Text(value=compact(code.value), evidence=code.evidence) if valid else None
    owner = cell(FormLabel.UNIT, "department") or cell(FormLabel.DEPARTMENT, "department") or name
    return Project(
        fiscal_year=year,
        name=name,
        code=code,
        department=_department(owner, code, owner is name),
        budget=money(FormLabel.TOTAL, "budget"),
        fiscal_budget=money(FormLabel.FISCAL, "fiscal_budget"),
        other_budget=money(FormLabel.OTHER, "other_budget"),
        goals=project_goals(source, cell(FormLabel.GOAL, "goals")),
        indicators=tuple(_indicators(source, found)),
        citations=citations_in(name, "name"),
    )


def _nameless(source: SourceText, found: _Found) -> Warning:
    first = found.rows[0].cells[FormColumn.NAME]
    return Warning(
        code="form_without_project",
        message="这张绩效目标表没有写明项目名称，表中指标没有收入；请核对原表。",
        evidence=source.evidence(first.start, first.end, table=found.table),
    )


def _department(printed: Text, code: Text | None, missing: bool) -> Department:
    """The unit with the code that stands before or behind its name, if any does."""
    if missing:
        region = _region("", code)
        return Department(
            region=region, code=_UNKNOWN_UNIT, name="未注明单位", evidence=printed.evidence
        )
    match = _CODE_BEFORE.match(printed.value) or _CODE_BEHIND.match(printed.value)
    name = match["name"].strip("-—[]（()） ") if match else printed.value
    return Department(
        region=_region(name, code),
        code=match["code"] if match else f"n{ids.digest(name)[:8]}",
        name=name,
        evidence=printed.evidence,
    )


def _region(name: str, code: Text | None) -> Region:
    """From the project code; else from the county in the unit's name, by its code where the
    standard knows exactly one of that name, by its name where not."""
    printed = COUNTY_NAME.match(name)
    if code is not None and (known := PROJECT_CODE.match(code.value)):
        county = printed["county"] if printed else None
        return Region(code=known["region"], name=region_name(known["region"]) or county)
    if printed is None:
        return Region(code=_UNKNOWN_REGION)
    codes = find_region(printed["county"])
    if len(codes) == 1:
        return Region(code=codes[0], name=region_name(codes[0]), city=printed["city"])
    return Region(code=printed["county"], name=printed["county"])


def _indicators(source: SourceText, found: _Found) -> Iterator[Indicator]:
    for position, row in enumerate(found.rows, start=1):
        texts = {
            column: source.cell(cell.start, cell.end, column.value, table=found.table, row=row.row)
            for column, cell in row.cells.items()
        }
        name = texts[FormColumn.NAME]
        nothing = _nothing(name)
        value = _value(texts, nothing)
        yield Indicator(
            position=position,
            level1=_level(texts.get(FormColumn.LEVEL1, nothing)),
            level2=_level(texts.get(FormColumn.LEVEL2, nothing)),
            name=name,
            description=texts.get(FormColumn.DESCRIPTION, nothing),
            value=value,
            target=parse_target(value.value),
            basis=texts.get(FormColumn.BASIS, nothing),
            horizon=row.horizon,
            half_year_value=texts.get(FormColumn.HALF_YEAR_VALUE),
            actual_value=texts.get(FormColumn.ACTUAL_VALUE),
            weight=texts.get(FormColumn.WEIGHT),
            score=texts.get(FormColumn.SCORE),
            deviation_reason=texts.get(FormColumn.DEVIATION_REASON),
            extra=tuple((title, source.cell(c.start, c.end).value) for title, c in row.others),
            citations=tuple(
                citation
                for column in _CELLS
                if column in texts
                for citation in citations_in(texts[column], column.value)
            ),
        )


def _value(texts: dict[FormColumn, Text], nothing: Text) -> Text:
    """Operator, number and unit put together as one prints them; the place is the number's."""
    value = texts.get(FormColumn.VALUE, nothing)
    operator = texts.get(FormColumn.OPERATOR)
    unit = texts.get(FormColumn.UNIT)
    if operator is None and unit is None:
        return value
    sign = operator.value if operator and operator.value not in ("定性", "其他") else ""
    printed = value.value if value.value.startswith(sign) else sign + value.value
    suffix = unit.value if unit and unit.value not in ("无", "/", "-") else ""
    return replace_value(value, printed if printed.endswith(suffix) else printed + suffix)


def replace_value(text: Text, value: str) -> Text:
    return Text(value=value, evidence=text.evidence)


def _level(text: Text) -> Text:
    """A level as the vocabulary has it: 数量 and 数量指标（20分） are 数量指标."""
    words = re.sub(r"[（(].{0,12}[）)]$", "", compact(text.value))
    if words and not words.endswith("指标"):
        words += "指标"
    return replace_value(text, words)


def _nothing(beside: Text) -> Text:
    at = beside.evidence.end
    return Text(value="", evidence=replace(beside.evidence, raw="", start=at, end=at, field=None))


def _year(source: SourceText) -> int:
    """The year that the heading of the form names first: （2025年度）; 0 where none does."""
    found = find_years(source.text)
    return found[0][0] if found else 0


def _money_unit(source: SourceText) -> str:
    found = _MONEY_UNIT.search(source.text)
    return (found[1] or found[2]) if found else "万元"
