"""What a notice hands out: its allocation tables, else the sums of its sentences.

Tables say more than sentences and often say the same, so sentences count only where no table
does. Totals are no allocations: they are compared with the rows.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from graph.evidence import Evidence
from graph.model import Allocation, Money, Subject, Text, Warning
from graph.values.money import parse_money
from graph.values.text import fold
from graph.values.traditional import simplify
from ingest.allocation_checks import Values, drop_groups, total_warnings
from ingest.allocation_lines import line_tables
from ingest.allocation_places import Places
from ingest.allocation_sentences import (
    Clause,
    SubjectSpan,
    clauses,
    economic_subjects,
    function_subjects,
)
from ingest.allocation_tables import AllocationRow, AllocationTable, goes_on, read_table
from ingest.allocation_words import AllocationColumn, is_departments_own, purpose
from ingest.blocks import Cell, SourceText
from ingest.form_grid import is_form
from ingest.notice_head import Line

_CAPTION = 200
# [2130505]生产发展   2130505-生产发展   50201                             not: 生产发展
_SUBJECT = re.compile(r"[\[【(（]?(?P<code>\d{3,7})[\]】)）]?[\s\-—－:：]*(?P<name>\D.*)?")
# 万元 behind a figure
_UNIT_BEHIND = re.compile(r"[万亿千百]{0,2}元$")
# 各市财政局   有关县财政局
_ALL = re.compile(r"有关|相关|各|所属")
# 县发展和改革局、县水利局
_SEVERAL = re.compile(rf"{_ALL.pattern}|[、，,]")


@dataclass(frozen=True, slots=True)
class Notice:
    """What of a notice its allocations depend on. The body is text[body:end]."""

    body: int
    end: int
    addressee: Line | None
    issuer: str | None
    sums: tuple[str, ...]


def read_allocations(
    source: SourceText, notice: Notice, warnings: list[Warning]
) -> tuple[Allocation, ...]:
    """Every sum with who gets it, in order; what is odd about the tables goes to `warnings`."""
    builder = _Builder(source, notice)
    found = [a for table in _tables(source, notice.body) for a in builder.table(table, warnings)]
    if not found:
        found = list(builder.sentences())
    if any(a.amount.value is None for a in found):
        warnings.append(_unread(next(a for a in found if a.amount.value is None)))
    return tuple(replace(a, position=n) for n, a in enumerate(found, start=1))


def has_allocations(source: SourceText) -> bool:
    """Whether tables of the source hand out money, with or without a notice before them."""
    return next(_tables(source, 0), None) is not None


def _tables(source: SourceText, body: int) -> Iterator[AllocationTable]:
    """Allocation tables in order, each whole: one that goes on over pages is one table."""
    whole: AllocationTable | None = None
    for table in sorted((*source.tables, *line_tables(source, body)), key=lambda t: t.start):
        if table.end < body or is_form(source, table):
            continue
        if whole is not None and (longer := goes_on(source, whole, table)) is not None:
            whole = longer
            continue
        if whole is not None:
            yield whole
        caption = source.text[max(0, table.start - _CAPTION) : table.start]
        whole = read_table(source, table, caption, body)
    if whole is not None:
        yield whole


def _unread(allocation: Allocation) -> Warning:
    return Warning(
        code="allocation_amount_unread",
        message=f"资金分配表的金额“{allocation.amount.text.value}”没有读成数：没有注明单位或不是数字，"
        "只保留了原文；请核对原表。",
        evidence=allocation.amount.text.evidence,
    )


class _Builder:
    """Allocations of one notice, from its tables and its sentences."""

    def __init__(self, source: SourceText, notice: Notice) -> None:
        self._source = source
        self._notice = notice
        self._places = Places(notice.issuer)
        self._function = self._only(function_subjects, "function_code")
        self._economic = self._only(economic_subjects, "economic_code")

    def _only(
        self, find: Callable[[SourceText, int, int], list[SubjectSpan]], field: str
    ) -> Subject | None:
        """The one subject that the body prescribes for all sums; of several it is none's."""
        found = find(self._source, self._notice.body, self._notice.end)
        found = [s for s in found if s.code.startswith(("2", "5"))] or found
        if len(found) != 1:
            return None
        text = self._source.cell(found[0].start, found[0].end, field)
        return Subject(code=found[0].code, name=found[0].name, text=text)

    def table(self, table: AllocationTable, warnings: list[Warning]) -> Iterator[Allocation]:
        units = {i: unit or self._proven_unit(table, i) for i, unit in table.units.items()}
        values = {
            (row.table, row.row, i): self._money(row, i, units[i])
            for row in table.rows
            for i in row.amounts
        }
        rows = drop_groups(table, values)
        warnings.extend(total_warnings(table, rows, values))
        for row in rows:
            if row.kind == "row":
                yield from self._row(table, row, units, values)
            elif row.kind == "unread":
                warnings.append(self._unread_row(row))

    def _unread_row(self, row: AllocationRow) -> Warning:
        return Warning(
            code="allocation_row_unread",
            message="资金分配表的这一行没有读懂：单位名称处是数字，这一行没有收入；请核对原表。",
            evidence=self._row_evidence(row),
        )

    def _row_evidence(self, row: AllocationRow) -> Evidence:
        cells = (*row.cells.values(), *row.amounts.values())
        start, end = min(cell.start for cell in cells), max(cell.end for cell in cells)
        return self._source.evidence(start, end, table=row.table or None, row=row.row or None)

    def _money(self, row: AllocationRow, column: int, unit: str | None) -> Money:
        printed = self._cell(row, row.amounts[column], column, "amount")
        known = _unit_behind(printed.value) or unit
        value = parse_money(printed.value, known) if known else None
        return Money(value=value, text=printed)

    def _proven_unit(self, table: AllocationTable, column: int) -> str | None:
        """The unit in which a column adds up to a sum of the body, where none is printed."""
        cells = [r.amounts[column] for r in table.rows if r.kind == "row" and column in r.amounts]
        texts = [self._source.text[cell.start : cell.end] for cell in cells]
        said = {parse_money(text) for text in self._notice.sums}
        for unit in ("万元", "元"):
            figures = [parse_money(text, unit) for text in texts]
            if sum((f for f in figures if f is not None), Decimal(0)) in said:
                return unit
        return None

    def _cell(self, row: AllocationRow, cell: Cell, column: int, field: str) -> Text:
        """The cell as a Text; columns of running text have no table to point at."""
        place = {"table": row.table, "row": row.row, "column": column + 1} if row.table else {}
        return self._source.cell(cell.start, cell.end, field, **place)

    def _row(
        self,
        table: AllocationTable,
        row: AllocationRow,
        units: Mapping[int, str | None],
        values: Values,
    ) -> Iterator[Allocation]:
        texts = {
            i: self._cell(row, cell, i, _FIELDS.get(table.columns.get(i), "extra"))
            for i, cell in row.cells.items()
        }
        function = _subject(texts, table, AllocationColumn.FUNCTION)
        economic = _subject(texts, table, AllocationColumn.ECONOMIC)
        group = self._group(table, row)
        named = [i for i in table.of(AllocationColumn.RECIPIENT) if i in texts]
        recipient = texts[named[-1]] if named else self._addressee()
        wider = [*(text.value for text in group), *(texts[i].value for i in named[:-1])]
        code = _first(texts, table, AllocationColumn.UNIT_CODE)
        shared = Allocation(
            position=0,
            recipient=recipient,
            amount=values[row.table, row.row, next(iter(row.amounts))],
            evidence=self._row_evidence(row),
            project=_first(texts, table, AllocationColumn.PROJECT),
            function=function or self._function,
            economic=economic or self._economic,
            region=self._places.region(recipient.value, wider) if recipient else None,
            department=self._places.department(code.value if code else None, recipient),
            extra=_extra(texts, table, group, {*named[-1:]}),
        )
        for index in row.amounts:
            if table.columns[index] is AllocationColumn.AMOUNT:
                yield replace(
                    shared,
                    amount=(amount := values[row.table, row.row, index]),
                    unit=_unit_behind(amount.text.value) or units[index],
                    purpose=purpose(table.headings[index]) or None,
                )

    def _group(self, table: AllocationTable, row: AllocationRow) -> list[Text]:
        """The headings and the city that a row stands under, the widest first."""
        cells = [row.section] if row.section else []
        if row.group is not None:
            above = row.group.cells
            named = [above[i] for i in table.of(AllocationColumn.RECIPIENT) if i in above]
            cells += named[-1:]
        return [self._source.cell(cell.start, cell.end, "extra") for cell in cells]

    def _addressee(self) -> Text | None:
        """Who the notice is sent to, as printed."""
        line = self._notice.addressee
        if line is None:
            return None
        text = self._source.cell(line.start, line.end, "recipient")
        return Text(value=text.value.rstrip(":： "), evidence=text.evidence)

    def sentences(self) -> Iterator[Allocation]:
        """Named sums where they make up the whole or nothing is said of one; else the whole."""
        text, notice = self._source.text, self._notice
        addressee = self._addressee()
        one = addressee is not None and not _SEVERAL.search(addressee.value)
        named, yours = clauses(text, notice.body, notice.end, one=one)
        if addressee is None or _ALL.search(addressee.value):
            yours = []  # what all of them get together is a total
        parts, whole = self._sum(named), self._sum(yours[:1])
        if named and (not yours or parts >= whole):
            for clause in named:
                if clause.who is not None:
                    who = self._source.cell(clause.who.start, clause.who.end, "recipient")
                    yield self._clause(clause, who)
        elif yours and addressee is not None:
            whole_sum = self._clause(yours[0], addressee)
            if named:
                among = "、".join(fold(text[clause.start : clause.end]) for clause in named)
                place = self._source.evidence(named[0].start, named[-1].end, "extra")
                extra = (("其中", Text(value=among, evidence=place)),)
                whole_sum = replace(whole_sum, extra=extra)
            yield whole_sum

    def _sum(self, found: Iterable[Clause]) -> Decimal:
        sums = (parse_money(self._source.text[c.sum.start : c.sum.end]) for c in found)
        return sum((value for value in sums if value is not None), Decimal(0))

    def _clause(self, clause: Clause, recipient: Text) -> Allocation:
        printed = self._source.cell(clause.sum.start, clause.sum.end, "amount")
        single = clause.who is not None or not _SEVERAL.search(recipient.value)
        return Allocation(
            position=0,
            recipient=recipient,
            amount=Money(value=parse_money(printed.value), text=printed),
            unit=_unit_behind(printed.value),
            evidence=self._source.evidence(clause.start, clause.end),
            purpose=clause.verb,
            function=self._function,
            economic=self._economic,
            region=self._places.region(recipient.value) if single else None,
        )


_FIELDS: dict[AllocationColumn | None, str] = {
    AllocationColumn.RECIPIENT: "recipient",
    AllocationColumn.PROJECT: "project",
    AllocationColumn.FUNCTION: "function_code",
    AllocationColumn.ECONOMIC: "economic_code",
}


def _unit_behind(printed: str) -> str | None:
    found = _UNIT_BEHIND.search(simplify(printed))
    return found.group() if found else None


def _first(
    texts: Mapping[int, Text], table: AllocationTable, kind: AllocationColumn
) -> Text | None:
    return next((texts[i] for i in table.of(kind) if i in texts), None)


def _subject_columns(table: AllocationTable, kind: AllocationColumn) -> list[int]:
    """政府预算支出经济分类 where 部门预算支出经济分类 stands beside it."""
    columns = table.of(kind)
    return [i for i in columns if not is_departments_own(table.headings[i])] or columns


def _subject(
    texts: Mapping[int, Text], table: AllocationTable, kind: AllocationColumn
) -> Subject | None:
    """Code and name, in one cell or in columns of their own (类, 款, 项 follow each other)."""
    printed = [texts[i] for i in _subject_columns(table, kind) if i in texts]
    if not printed:
        return None
    codes: list[str] = []
    names: list[str] = []
    for text in printed:
        match = _SUBJECT.fullmatch(text.value)
        codes += [match["code"]] if match else [text.value] if text.value.isdigit() else []
        names += [match["name"]] if match else [] if text.value.isdigit() else [text.value]
    said = [name.strip() for name in names if name]
    levels = len(codes) > 1 and all(len(code) == 2 for code in codes[1:])
    code = "".join(codes) if levels else max(codes, key=len, default=None)
    return Subject(code=code, name=said[-1] if said else None, text=printed[0])


def _extra(
    texts: Mapping[int, Text], table: AllocationTable, group: list[Text], recipient: set[int]
) -> tuple[tuple[str, Text], ...]:
    """What no property of an allocation holds, by heading; equal headings share an entry, and the
    place of the first of them."""
    held = {
        *recipient,
        *table.of(AllocationColumn.NUMBERING),
        *_subject_columns(table, AllocationColumn.FUNCTION),
        *_subject_columns(table, AllocationColumn.ECONOMIC),
        *table.of(AllocationColumn.PROJECT)[:1],
    }
    found = {"分组": group} if group else {}
    for i in sorted(texts.keys() - held):
        found.setdefault(table.headings[i], []).append(texts[i])
    return tuple((heading, _together(said)) for heading, said in found.items())


def _together(said: list[Text]) -> Text:
    place = replace(said[0].evidence, field="extra")
    return Text(value="；".join(text.value for text in said), evidence=place)
