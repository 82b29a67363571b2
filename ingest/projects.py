"""One project: its head and rows as a domain object, with warnings where the table is odd."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from graph.model import Department, Indicator, Project, Region, Text, Warning
from graph.values.region import region_name
from graph.values.target import parse_target
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.goals import numbered_goals
from ingest.head import Head
from ingest.tables import GoalRow, SplitTable
from ingest.vocabulary import Column, compact

# 13020925P00D8HF10005A: county, year of creation, P, then letters and digits
PROJECT_CODE = re.compile(r"^(?P<region>\d{6})(?P<year>\d{2})[A-Z][0-9A-Z]{8,15}$")
# 云州市青禾县商务局, 青禾县商务局   ·   not: 商务局
COUNTY_NAME = re.compile(
    r"^(?P<city>[\u4e00-\u9fff]{2,7}?市)?(?P<county>[\u4e00-\u9fff]{1,6}?[县区市旗])"
)
_UNKNOWN_UNIT = "000000"


def read_project(
    source: SourceText,
    head: Head,
    table: SplitTable,
    year: int,
    region: Region,
    warnings: list[Warning],
) -> Project | None:
    if head.name is None:
        warnings.append(
            Warning(
                code="project_without_name",
                message="有“项目编码”而没有“项目名称”，这个项目没有收入；请核对原表。",
                evidence=head.code.evidence if head.code else None,
            )
        )
        return None
    code = _code(head, warnings)
    own_region = region
    if code is not None and code.value[:6] != region.code:
        own_region = Region(code=code.value[:6], name=region_name(code.value[:6]))
    for broken in table.broken:
        warnings.append(
            Warning(
                code="row_unread",
                message="指标行的单元格数与表头不符，这一行没有收入；请对照原文核对。",
                evidence=source.evidence(broken.start, broken.end),
            )
        )
    if not table.rows:
        warnings.append(
            Warning(
                code="project_without_indicators",
                message=f"项目“{head.name.value}”后面没有绩效指标行；文件可能不完整，请核对原文。",
                evidence=head.name.evidence,
            )
        )
    return Project(
        fiscal_year=year,
        name=head.name,
        code=code,
        department=_department(head, own_region, warnings),
        budget=head.budget,
        fiscal_budget=head.fiscal_budget,
        other_budget=head.other_budget,
        purpose=head.purpose,
        spending_plan=head.spending_plan,
        goals=numbered_goals(source, head.goals) if head.goals else (),
        indicators=tuple(_indicators(source, table.rows, warnings)),
        citations=(
            *citations_in(head.name, "name"),
            *(citations_in(head.purpose, "purpose") if head.purpose else ()),
        ),
    )


def _code(head: Head, warnings: list[Warning]) -> Text | None:
    """The project code without the blanks and line breaks that a converter put in."""
    if head.code is None:
        return None
    value = compact(head.code.value)
    if PROJECT_CODE.match(value):
        return Text(value=value, evidence=head.code.evidence)
    warnings.append(
        Warning(
            code="project_code_odd",
            message=f"项目编码“{value}”不合“6 位区划+2 位年份+字母数字”的写法，"
            "改按部门、年度和名称识别。",
            evidence=head.code.evidence,
        )
    )
    return None


def _department(head: Head, region: Region, warnings: list[Warning]) -> Department:
    if head.unit_code is not None and head.unit is not None:
        return Department(
            region=region,
            code=head.unit_code,
            name=head.unit.value,
            evidence=head.unit.evidence,
        )
    assert head.name is not None, "a project without a name is not extracted"
    warnings.append(
        Warning(
            code="unit_missing",
            message=f"项目“{head.name.value}”的表上没有预算单位代码和名称，单位记为“未注明”。",
            evidence=head.name.evidence,
        )
    )
    return Department(
        region=region, code=_UNKNOWN_UNIT, name="未注明单位", evidence=head.name.evidence
    )


def _indicators(
    source: SourceText, rows: Sequence[GoalRow], warnings: list[Warning]
) -> Iterator[Indicator]:
    level1: Text | None = None
    level2: Text | None = None
    for position, row in enumerate(rows, start=1):
        cells = {
            column: source.cell(
                cell.start,
                cell.end,
                column.value,
                table=row.table,
                row=row.row,
                column=number,
            )
            for number, (column, cell) in enumerate(row.cells.items(), start=1)
        }
        own = cells[Column.LEVEL1]
        second = _joined(cells[Column.LEVEL2])
        # A cell merged over several rows is printed once and holds for all of them.
        if level2 is None or own.value or second.value:
            level2 = second
        level1 = own if own.value or level1 is None else level1
        if row.repaired:
            warnings.append(
                Warning(
                    code="row_repaired",
                    message=f"指标行补正了{row.repaired}，请对照原文核对。",
                    evidence=cells[Column.NAME].evidence,
                )
            )
        value = cells[Column.VALUE]
        description = cells.get(Column.DESCRIPTION, _empty(value, "description"))
        basis = cells.get(Column.BASIS, _empty(value, "basis"))
        yield Indicator(
            position=position,
            level1=level1,
            level2=level2,
            name=cells[Column.NAME],
            description=description,
            value=value,
            target=parse_target(value.value),
            basis=basis,
            extra=tuple(
                (title, source.cell(c.start, c.end, "extra", table=row.table, row=row.row))
                for title, c in row.others
            ),
            citations=tuple(
                citation
                for text in (cells[Column.NAME], description, value, basis)
                for citation in citations_in(text, text.evidence.field or "text")
            ),
        )


def _empty(beside: Text, field: str) -> Text:
    at = beside.evidence.end
    return Text(value="", evidence=replace(beside.evidence, raw="", start=at, end=at, field=field))


def _joined(level2: Text) -> Text:
    """经济效益指⏎标: a name of the vocabulary has no blanks of its own."""
    return Text(value=compact(level2.value), evidence=level2.evidence)
