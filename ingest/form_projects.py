"""Projects, departments and policies from goal forms (see `forms` for the shapes)."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from graph.mapping import project_id
from graph.model import Department, Goal, GoalScope, Indicator, Money, Project, Text, Warning
from graph.values.money import parse_money
from ingest.blocks import Cell, SourceText
from ingest.citations import citations_in
from ingest.form_departments import (
    department_of,
    owner_in,
    parted_name,
    titled_department,
    unknown_department,
)
from ingest.form_grid import Grid, Place
from ingest.form_heads import FormHead, Task, sum_in
from ingest.form_indicators import indicators_of, text_at
from ingest.form_outlines import outlines
from ingest.form_words import FormColumn, FormLabel, is_region, year_of_column
from ingest.form_written import written_forms
from ingest.forms import Form, FormRow, forms
from ingest.goals import numbered_goals
from ingest.parts import lines
from ingest.projects import PROJECT_CODE
from ingest.vocabulary import compact

# 项目资金（万元）  单位：元                                            not: 元旦
_MONEY_UNIT = re.compile(
    r"[（(]\s*(?:单\s*位\s*[：:])?\s*(亿元|万元|元)\s*[）)]|单\s*位\s*[：:]\s*(亿元|万元|元)"
)
# 部门（单位）整体支出绩效目标申报表                                     not: 项目支出绩效目标申报表
_WHOLE = re.compile(r"整体\s*支出\s*绩效|部门\s*整体\s*绩效|整体\s*绩效\s*目标")
_CONTEXT = 600
_TITLE_LINES = 4
_LIST_LABELS = {
    FormColumn.PROJECT_NAME: FormLabel.PROJECT,
    FormColumn.PROJECT_CODE: FormLabel.CODE,
    FormColumn.UNIT_NAME: FormLabel.UNIT,
    FormColumn.UNIT_CODE: FormLabel.UNIT_CODE,
    FormColumn.DEPARTMENT_NAME: FormLabel.DEPARTMENT,
    FormColumn.BUDGET: FormLabel.TOTAL,
    FormColumn.FISCAL_BUDGET: FormLabel.FISCAL,
    FormColumn.OTHER_BUDGET: FormLabel.OTHER,
    FormColumn.YEAR: FormLabel.YEAR,
    FormColumn.GOAL: FormLabel.GOAL,
}


@dataclass(slots=True)
class _Found:
    """One project's cells from a form's head, or from the columns of a long list."""

    cells: Mapping[FormLabel, tuple[Place, ...]]
    head: FormHead
    grid: Grid
    year: int
    money_unit: str
    rows: list[FormRow] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class FormContents:
    """What the forms of one source hold.

    `department` with its goals and indicators comes from a 部门整体支出绩效目标申报表,
    `policy_goals` and `policy_indicators` from the 区域绩效目标表 of a 专项, where a notice's
    policy owns it. `year` is 0 where no heading names one.
    """

    year: int
    projects: tuple[Project, ...] = ()
    department: Department | None = None
    goals: tuple[Goal, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    policy_goals: tuple[Goal, ...] = ()
    policy_indicators: tuple[Indicator, ...] = ()


def read_forms(
    source: SourceText, warnings: list[Warning], *, has_policy: bool
) -> FormContents | None:
    """Everything that the source's forms say, in order; None where they say nothing.

    The table of a 专项 belongs to the policy of the notice that it is attached to; where it stands
    alone (`has_policy` is False) the 专项 is a project of the department that the form names.
    """
    every = chain(forms(source), written_forms(source), outlines(source))
    found = [item for form in every for item in _projects_of(source, form)]
    if not found:
        return None
    year = _main_year(found)
    builder = _Builder(source, warnings, has_policy=has_policy, year=year)
    for item in found:
        builder.add(item)
    warnings.extend(_unknown_columns(source, found))
    return builder.contents()


def _unknown_columns(source: SourceText, found: list[_Found]) -> Iterator[Warning]:
    """What stands under headings that have no meaning here is kept, and said once a document."""
    unknown: dict[str, Place] = {}
    for item in found:
        for row in item.rows:
            for title, place in row.others:
                if year_of_column(title) is None and not is_region(title):
                    unknown.setdefault(title, place)
    if unknown:
        place = next(iter(unknown.values()))
        yield Warning(
            code="unknown_columns",
            message=f"表头“{'”“'.join(unknown)}”不认识，这些列照录在指标的其他列（extra）里。",
            evidence=text_at(source, [place], "extra").evidence,
        )


def _main_year(found: list[_Found]) -> int:
    """The year that most forms are for, the later one of two."""
    counted = Counter(item.year for item in found if item.year)
    return max(counted, key=lambda year: (counted[year], year)) if counted else 0


class _Builder:
    def __init__(
        self, source: SourceText, warnings: list[Warning], *, has_policy: bool, year: int
    ) -> None:
        self._source = source
        self._warnings = warnings
        self._has_policy = has_policy
        self._year = year
        self._projects: dict[str, Project] = {}
        self._contents = FormContents(year)
        self._first_owner = None if has_policy else _owner_of(source)

    def contents(self) -> FormContents | None:
        contents = replace(self._contents, projects=tuple(self._projects.values()))
        said = contents.projects or contents.policy_indicators or contents.department
        return contents if said else None

    def add(self, found: _Found) -> None:
        regions = [title for title, _ in found.rows[0].others if is_region(title)]
        if len(regions) > 1:
            self._warn(
                "values_by_region",
                f"表中“{regions[0]}”等 {len(regions)} 个地区的指标值并列，照录在指标的其他列里，"
                "没有分到各地区；要按地区比较，请把各地区的表拆成几个文件。",
                found,
            )
        named = FormLabel.PROJECT in found.cells
        if FormLabel.SPECIAL in found.cells and not named and self._has_policy:
            self._add_to_policy(found)
        elif self._is_whole_department(found):
            self._add_department(found)
        else:
            self._add_project(found)

    def _add_to_policy(self, found: _Found) -> None:
        """Each county of a notice may have a table of its own: they are counted through."""
        before = self._contents.policy_indicators
        added = tuple(
            replace(indicator, position=len(before) + indicator.position)
            for indicator in indicators_of(self._source, found.rows)
        )
        self._contents = replace(
            self._contents,
            policy_goals=(*self._contents.policy_goals, *self._goals(found)),
            policy_indicators=(*before, *added),
        )

    def _is_whole_department(self, found: _Found) -> bool:
        """A form without a project, of a department, in a paper on 整体支出."""
        if not {FormLabel.PROJECT, FormLabel.SPECIAL}.isdisjoint(found.cells):
            return False
        if {FormLabel.DEPARTMENT, FormLabel.UNIT}.isdisjoint(found.cells):
            return False
        first = self._source.text[:_CONTEXT]
        return bool(found.head.tasks) or any(
            _WHOLE.search(text) for text in (found.grid.context[-_CONTEXT:], _above(found), first)
        )

    def _add_department(self, found: _Found) -> None:
        printed = self._text(found, FormLabel.DEPARTMENT, "department")
        printed = printed or self._text(found, FormLabel.UNIT, "department")
        assert printed is not None, "a form of a whole department names it"
        if self._contents.department is not None:
            self._warn(
                "second_department",
                f"文件里还有“{printed.value}”的整体支出绩效目标表，一个文件只记一个部门，这张表的指标"
                "没有收入；请按部门拆成几个文件。",
                found,
            )
            return
        goals = self._goals(found, GoalScope.OVERALL)
        self._contents = replace(
            self._contents,
            department=department_of(printed, None, self._unit_code(found)),
            goals=(*goals, *(self._task(found, task) for task in found.head.tasks)),
            indicators=tuple(indicators_of(self._source, found.rows)),
        )

    def _add_project(self, found: _Found) -> None:
        name = self._text(found, FormLabel.PROJECT, "name")
        name = name or self._text(found, FormLabel.SPECIAL, "name")
        if name is None and found.head.caption is not None:
            name = text_at(self._source, [found.head.caption], "name")
        if name is None or not name.value:
            self._warn(
                "form_without_project",
                "这张绩效目标表没有写明项目名称，表中指标没有收入；请核对原表。",
                found,
            )
            return
        name, beside = parted_name(self._source, name)
        code = _project_code(self._text(found, FormLabel.CODE, "code")) or _project_code(beside)
        department = self._department(found, name, code)
        project = Project(
            fiscal_year=self._fiscal_year(found),
            name=name,
            code=code,
            department=department,
            budget=self._money(found, FormLabel.TOTAL, "budget"),
            fiscal_budget=self._money(found, FormLabel.FISCAL, "fiscal_budget"),
            other_budget=self._money(found, FormLabel.OTHER, "other_budget"),
            initial_budget=self._amount(found, found.head.initial, "initial_budget"),
            executed=self._amount(found, found.head.executed, "executed"),
            extra=tuple(
                (label, text_at(self._source, [place], "extra"))
                for label, place in found.head.notes
            ),
            goals=self._goals(found),
            indicators=tuple(indicators_of(self._source, found.rows)),
            citations=citations_in(name, "name"),
        )
        self._projects[project_id(project)] = self._merged(project)

    def _department(self, found: _Found, project: Text, code: Text | None) -> Department:
        """The unit that the form prints, else the one in its title, else in the file's first
        lines; those of a notice name the office that sends it."""
        owner = self._text(found, FormLabel.UNIT, "department")
        owner = owner or self._text(found, FormLabel.DEPARTMENT, "department")
        if owner is not None:
            return department_of(owner, code, self._unit_code(found))
        titled = found.head.owner or self._first_owner
        if titled is None:
            return unknown_department(project, code)
        return titled_department(text_at(self._source, [titled], "department"), project, code)

    def _merged(self, project: Project) -> Project:
        """One form after another on the same project: what the later one adds is kept as well."""
        known = self._projects.get(project_id(project))
        if known is None:
            return project
        name = project.name
        self._warnings.append(
            Warning(
                code="project_twice",
                message=f"项目“{name.value}”在文件中有不止一张绩效目标表，指标合在一起，重复的只取一次。",
                evidence=name.evidence,
            )
        )
        seen = {_said(indicator) for indicator in known.indicators}
        new = [indicator for indicator in project.indicators if _said(indicator) not in seen]
        more = (
            replace(indicator, position=position)
            for position, indicator in enumerate(new, start=len(known.indicators) + 1)
        )
        return replace(known, indicators=(*known.indicators, *more))

    def _fiscal_year(self, found: _Found) -> int:
        printed = self._text(found, FormLabel.YEAR, "year")
        digits = re.search(r"20\d\d", printed.value) if printed else None
        return int(digits[0]) if digits else found.year or self._year

    def _goals(self, found: _Found, scope: GoalScope = GoalScope.PROJECT) -> tuple[Goal, ...]:
        """The year's goals, what was reached beside the first, then the goals of the term."""
        actual = self._text(found, FormLabel.ACTUAL_GOAL, "actual")
        annual = self._scoped(self._text(found, FormLabel.GOAL, "goals"), scope)
        if actual is not None and annual:
            annual = (replace(annual[0], actual=actual), *annual[1:])
        term = self._scoped(self._text(found, FormLabel.TERM_GOAL, "goals"), scope)
        return (*annual, *(replace(goal, horizon="term") for goal in term))

    def _scoped(self, text: Text | None, scope: GoalScope) -> tuple[Goal, ...]:
        if text is None or not text.value:
            return ()
        return numbered_goals(self._source, text, scope)

    def _task(self, found: _Found, task: Task) -> Goal:
        title = text_at(self._source, [task.name], "title")
        text = text_at(self._source, [task.text or task.name], "text")
        amounts = {
            label: self._amount(found, place, label.value) for label, place in task.amounts.items()
        }
        return Goal(
            scope=GoalScope.TASK,
            title=title,
            text=text,
            budget=amounts.get(FormLabel.TOTAL),
            fiscal_budget=amounts.get(FormLabel.FISCAL),
            other_budget=amounts.get(FormLabel.OTHER),
            citations=(*citations_in(title, "title"), *citations_in(text, "text")),
        )

    def _unit_code(self, found: _Found) -> str:
        code = self._text(found, FormLabel.UNIT_CODE, "code")
        return compact(code.value) if code else ""

    def _text(self, found: _Found, label: FormLabel, name: str) -> Text | None:
        places = found.cells.get(label)
        return text_at(self._source, places, name) if places else None

    def _money(self, found: _Found, label: FormLabel, name: str) -> Money | None:
        """The first of the cells that is an amount: 其他资金 may have its source beside it."""
        places = found.cells.get(label, ())
        return self._amount(found, places[0], name) if places else None

    def _amount(self, found: _Found, place: Place | None, name: str) -> Money | None:
        if place is None:
            return None
        printed = text_at(self._source, [place], name)
        raw = self._source.text[place.cell.start : place.cell.end]
        if parse_money(printed.value, found.money_unit) is None and (said := sum_in(raw)):
            start = place.cell.start
            cell = Cell(start + said.start(), start + said.end())
            printed = text_at(self._source, [replace(place, cell=cell)], name)
        return Money(value=parse_money(printed.value, found.money_unit), text=printed)

    def _warn(self, code: str, message: str, found: _Found) -> None:
        place = found.rows[0].cells[FormColumn.NAME]
        evidence = text_at(self._source, [place], "name").evidence
        self._warnings.append(Warning(code=code, message=message, evidence=evidence))


def _project_code(printed: Text | None) -> Text | None:
    value = compact(printed.value) if printed is not None else ""
    known = printed is not None and PROJECT_CODE.match(value)
    return Text(value=value, evidence=printed.evidence) if printed and known else None


def _said(indicator: Indicator) -> tuple[str | None, ...]:
    """What makes two rows the same indicator."""
    texts = (indicator.level2, indicator.name, indicator.description, indicator.value)
    return (*(text.value for text in texts), indicator.horizon)


def _projects_of(source: SourceText, form: Form) -> Iterator[_Found]:
    unit = _money_unit(source, form)
    if not any(FormColumn.PROJECT_NAME in row.cells for row in form.rows):
        yield _Found(form.head.values, form.head, form.grid, form.year, unit, list(form.rows))
        return
    projects: dict[tuple[str, ...], _Found] = {}
    for row in form.rows:
        cells = {label: (row.cells[c],) for c, label in _LIST_LABELS.items() if c in row.cells}
        key = tuple(
            " ".join(compact(source.text[p.cell.start : p.cell.end]) for p in cells.get(label, ()))
            for label in (FormLabel.CODE, FormLabel.PROJECT, FormLabel.UNIT, FormLabel.UNIT_CODE)
        )
        if key not in projects:
            values = {**form.head.values, **cells}
            projects[key] = _Found(values, form.head, form.grid, form.year, unit)
        projects[key].rows.append(row)
    yield from projects.values()


def _owner_of(source: SourceText) -> Place | None:
    """The unit, or the county, that the file's first lines name."""
    for line in islice(lines(source), _TITLE_LINES):
        if found := owner_in(line.text):
            return Place(Cell(line.start + found[0], line.start + found[1]), 1, 1, 1)
    return None


def _above(found: _Found) -> str:
    """The text of the table's first rows, where a sheet has its title."""
    grid = found.grid
    return "".join(grid.text(row, i) for row in range(min(3, len(grid.rows))) for i in (0, 1))


def _money_unit(source: SourceText, form: Form) -> str:
    """The unit that stands in the form's head or heading, above the form, or first in the file."""
    grid = form.grid
    start = min(cell.start for cell in grid.rows[0])
    name = form.rows[0].cells[FormColumn.NAME].cell.start
    places = (
        source.text[min(start, name) : max(start, name)],
        grid.context[-_CONTEXT:],
        source.text,
    )
    found = next((match for text in places if (match := _MONEY_UNIT.search(text))), None)
    return (found[1] or found[2]) if found else "万元"
