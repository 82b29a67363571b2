"""Totals of allocation tables against their rows."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import TypeAlias

from graph.model import Money, Warning
from ingest.allocation_tables import AllocationRow, AllocationTable
from ingest.allocation_words import AllocationColumn, purpose

_MOST_MEMBERS = 400
Values: TypeAlias = Mapping[tuple[int, int, int], Money]
"""Sums by table, row and column."""


def drop_groups(table: AllocationTable, values: Values) -> tuple[AllocationRow, ...]:
    """The rows, with those marked as subtotals that only sum up the rows below them.

    A city above its counties bears no 小计. It is one only where the printed total proves it: all
    rows together are too much, and without the rows that equal the sum of those that follow, the
    total is right in every column.
    """
    rows = table.rows
    columns = [i for i in table.of(AllocationColumn.AMOUNT) if _printed_total(rows, values, i)]
    if not columns or all(
        _sum(rows, values, i) == _printed_total(rows, values, i) for i in columns
    ):
        return rows
    grouped = _grouped(rows, values, columns)
    right = all(_sum(grouped, values, i) == _printed_total(rows, values, i) for i in columns)
    return grouped if right else rows


def _grouped(
    rows: tuple[AllocationRow, ...], values: Values, columns: list[int]
) -> tuple[AllocationRow, ...]:
    result: list[AllocationRow] = []
    members, group = 0, None
    for at, row in enumerate(rows):
        if members:
            members -= 1
            result.append(replace(row, group=group))
            continue
        members = _members(rows, at, values, columns) if row.kind == "row" else 0
        group = row
        result.append(replace(row, kind="subtotal") if members else row)
    return tuple(result)


def _members(rows: tuple[AllocationRow, ...], at: int, values: Values, columns: list[int]) -> int:
    """How many rows behind `at` add up to it in every column; 0 where none do."""
    wanted = [_value(values, rows[at], i) for i in columns]
    left = list(wanted)
    for count, row in enumerate(rows[at + 1 : at + 1 + _MOST_MEMBERS], start=1):
        if row.kind != "row":
            return 0
        left = [have - _value(values, row, i) for have, i in zip(left, columns, strict=True)]
        if min(left) < 0:
            return 0
        if not any(left):
            return count
    return 0


def total_warnings(
    table: AllocationTable, rows: tuple[AllocationRow, ...], values: Values
) -> list[Warning]:
    """Printed totals that are not what the rows add up to, below and beside."""
    found: list[Warning] = []
    for column in table.of(AllocationColumn.AMOUNT):
        total = next((r for r in rows if r.kind == "total" and column in r.amounts), None)
        printed = values[total.table, total.row, column] if total is not None else None
        if total is None or printed is None or printed.value is None:
            continue
        if (added := _sum(rows, values, column)) != printed.value:
            what = purpose(table.headings[column]) or table.headings[column]
            found.append(_mismatch(f"“{what}”一列的合计", printed, added, "各行"))
    return found + _row_warnings(table, rows, values)


def _row_warnings(
    table: AllocationTable, rows: tuple[AllocationRow, ...], values: Values
) -> list[Warning]:
    """合计 of the rows against their own columns, where they have any: one warning for a table."""
    wrong: list[tuple[AllocationRow, Money, Decimal]] = []
    amounts, totals = table.of(AllocationColumn.AMOUNT), table.of(AllocationColumn.TOTAL)
    for row in rows:
        parts = [i for i in amounts if i in row.amounts]
        for column in totals:
            printed = values.get((row.table, row.row, column))
            if printed is None or printed.value is None or not parts or row.kind != "row":
                continue
            added = sum((_value(values, row, i) for i in parts), Decimal(0))
            if added != printed.value:
                wrong.append((row, printed, added))
    if not wrong:
        return []
    row, printed, added = wrong[0]
    more = f"（另有 {len(wrong) - 1} 行也不符）" if len(wrong) > 1 else ""
    return [_mismatch(f"第 {row.row} 行的合计", printed, added, "各列", more)]


def _mismatch(what: str, printed: Money, added: Decimal, parts: str, more: str = "") -> Warning:
    return Warning(
        code="allocation_total",
        message=f"资金分配表{what}印的是 {_plain(printed.value)} 万元，"
        f"{parts}相加是 {_plain(added)} 万元{more}；请核对原表。",
        evidence=printed.text.evidence,
    )


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value.normalize():f}"


def _printed_total(rows: tuple[AllocationRow, ...], values: Values, column: int) -> Decimal | None:
    for row in rows:
        if row.kind == "total" and (money := values.get((row.table, row.row, column))) is not None:
            return money.value
    return None


def _sum(rows: tuple[AllocationRow, ...], values: Values, column: int) -> Decimal:
    return sum((_value(values, row, column) for row in rows if row.kind == "row"), Decimal(0))


def _value(values: Values, row: AllocationRow, column: int) -> Decimal:
    money = values.get((row.table, row.row, column))
    return money.value if money is not None and money.value is not None else Decimal(0)
