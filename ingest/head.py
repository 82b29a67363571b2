"""The head of a project's table: labels and what stands beside them, to one set of fields."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from graph.model import Money, SpendingPlan, Text
from graph.values.money import parse_money
from graph.values.text import fold
from ingest.blocks import Cell, SourceText
from ingest.vocabulary import LABELS, Label, compact

# 322001青禾县商务局本级   ·   322001 青禾县商务局本级 单位：万元   ·   not: 3.96
_UNIT_LINE = re.compile(r"^\s*(\d{6})\s*(\S.*?)\s*(?:单\s*位\s*[：:].*)?$", re.DOTALL)
_MONEY_UNIT = re.compile(r"单\s*位\s*[：:]\s*(亿元|万元|元)")
_AMOUNT = re.compile(r"^[\d,，.]+\s*(?:万元|元)?$")
_MONTHS = 4


def _flowed_label(label: str) -> str:
    """The label as a pattern that blanks and line breaks may interrupt."""
    return r"\s*".join(re.escape(char) for char in label)


# 绩效目标 1.完成…   ·   not: 1.公厕改造经费绩效目标表
_FLOWED_LABELS = re.compile(
    r"(?<!\S)(?:"
    + "|".join(_flowed_label(label) for label in sorted(LABELS, key=len, reverse=True))
    + r")(?!\S)"
)


@dataclass(frozen=True, slots=True)
class Head:
    """Fields of one project; None where the table has no such cell, "" where it is empty."""

    unit_code: str | None = None
    unit: Text | None = None
    code: Text | None = None
    name: Text | None = None
    budget: Money | None = None
    fiscal_budget: Money | None = None
    other_budget: Money | None = None
    purpose: Text | None = None
    spending_plan: SpendingPlan | None = None
    goals: Text | None = None


def flowed_cells(source: SourceText, start: int, end: int) -> list[Cell]:
    """Cells of a head without tabs: the labels cut the text, what lies between belongs to the
    label before it."""
    cells: list[Cell] = []
    position = start
    label: Label | None = None
    for found in _FLOWED_LABELS.finditer(source.plain, start, end):
        cells.extend(_between(source, position, found.start(), label))
        cells.append(Cell(found.start(), found.end()))
        label = LABELS[compact(found[0])]
        position = found.end()
        if label is Label.GOALS:
            break
    cells.extend(_between(source, position, end, label))
    return cells


def _between(source: SourceText, start: int, end: int, label: Label | None) -> list[Cell]:
    text = source.text[start:end]
    if not text.strip():
        return [Cell(start, start)] if label is Label.OTHER else []
    if label is None:
        return [
            Cell(start + found.start(), start + found.end())
            for found in re.finditer(r"[^\n]*\S[^\n]*", text)
        ]
    if label is Label.MONTH:
        return [
            Cell(start + found.start(), start + found.end()) for found in re.finditer(r"\S+", text)
        ]
    if label is Label.OTHER:
        first, _, rest = text.lstrip(" \t").partition("\n")
        if _AMOUNT.match(first.strip()):
            return [Cell(start, end - len(rest)), Cell(end - len(rest), end)]
        return [Cell(start, start), Cell(start, end)]
    return [Cell(start, end)]


def read_head(source: SourceText, cells: Sequence[Cell], table: int) -> Head:
    """Read labels and values in order; what no label announces is the purpose."""
    values: dict[Label, list[Cell]] = {}
    before: list[Cell] = []
    current: Label | None = None
    for cell in cells:
        label = LABELS.get(compact(source.plain[cell.start : cell.end]))
        if label is not None and current is not Label.GOALS:
            current = label
            values.setdefault(label, [])
        elif current is None:
            before.append(cell)
        else:
            values[current].append(cell)

    def text(label: Label, field: str) -> Text | None:
        found = [c for c in values.get(label, ()) if source.text[c.start : c.end].strip()]
        if not found:
            return None
        return source.cell(found[0].start, found[-1].end, field, table=table)

    unit = _money_unit(source, before)

    def money(label: Label, field: str) -> Money | None:
        found = values.get(label)
        if not found:
            return None
        printed = source.cell(found[0].start, found[0].end, field, table=table)
        return Money(value=parse_money(printed.value, unit), text=printed)

    budget = money(Label.BUDGET, "budget")
    unit_code, unit_name = _unit(source, before, table)
    return Head(
        unit_code=unit_code,
        unit=unit_name,
        code=text(Label.CODE, "code"),
        name=text(Label.NAME, "name"),
        budget=budget,
        fiscal_budget=money(Label.FISCAL, "fiscal_budget"),
        other_budget=money(Label.OTHER, "other_budget"),
        purpose=_purpose(source, values.get(Label.OTHER, ()), table),
        spending_plan=_spending_plan(
            source, values.get(Label.MONTH, ()), table, budget.value if budget else None
        ),
        goals=text(Label.GOALS, "goals"),
    )


def _unit(source: SourceText, before: Sequence[Cell], table: int) -> tuple[str | None, Text | None]:
    for cell in before:
        found = _UNIT_LINE.match(source.plain[cell.start : cell.end])
        if found:
            name = source.cell(
                cell.start + found.start(2), cell.start + found.end(2), "department", table=table
            )
            return found[1], name
    return None, None


def _money_unit(source: SourceText, before: Sequence[Cell]) -> str:
    for cell in before:
        if found := _MONEY_UNIT.search(source.plain, cell.start, cell.end):
            return found[1]
    return "万元"


def _purpose(source: SourceText, after_other: Sequence[Cell], table: int) -> Text | None:
    """The cell below the amounts; the first one after 其他资金 is that amount itself."""
    found = [c for c in after_other[1:] if source.text[c.start : c.end].strip()]
    if not found:
        return None
    return source.cell(found[0].start, found[-1].end, "purpose", table=table)


def _spending_plan(
    source: SourceText, cells: Sequence[Cell], table: int, budget: Decimal | None
) -> SpendingPlan | None:
    """The last four cells after the months: the one before them is the merged label's."""
    last = list(cells[-_MONTHS:])
    if len(last) < _MONTHS or not any(source.text[c.start : c.end].strip() for c in last):
        return None
    printed = tuple(fold(source.text[c.start : c.end]) for c in last)
    values = tuple(text.rstrip("%％").strip() for text in printed)
    return SpendingPlan(
        printed=printed,
        values=values,
        unit=_plan_unit(printed, values, budget),
        evidence=source.evidence(last[0].start, last[-1].end, "spending_plan", table=table),
    )


def _plan_unit(printed: Sequence[str], values: Sequence[str], budget: Decimal | None) -> str:
    """What the four values are, whatever the heading says; "" where nothing makes it certain.

    CASE 1  25% | 50% | 75% | 100%: percent, by the sign
    CASE 2  5.00 | 10.00 | 15.00 | 20.00 of a budget of 20.00: an amount, though under "%"
    CASE 3  25 | 50 | 75 | 100 of another budget: percent
    """
    if any("%" in text or "％" in text for text in printed):
        return "percent"
    final = parse_money(values[-1]) if values[-1] else None
    if final is None:
        return ""
    if budget is not None and final == budget != 100:
        return "amount"
    return "percent" if final == 100 and budget != 100 else ""
