"""The year that a goal form is for, and the amount that is its budget where several years have one.

CASE 1  预算年度 | 2025, （2025年度）, a title with a year        the year of the form
CASE 2  2024—2026年三年滚动项目绩效目标表                       the first year of the term
CASE 3  三年总预算 | 660 | 2024年 | 200 | 2025年 | 460      the amount beside that year
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from graph.values.year import find_years
from ingest.form_grid import Grid
from ingest.form_heads import FormHead, context_of
from ingest.form_words import FormLabel, column_of
from ingest.projects import PROJECT_CODE
from ingest.vocabulary import compact

# 2024—2026年三年滚动 begins with 2024                                 not: 2024年—2025学年
_YEARS_FROM = re.compile(r"(20\d\d)\s*年?\s*[-—–~～至]\s*20\d\d\s*年(?!级)")
# （2025年度）  2025年度
_YEAR_LINE = re.compile(r"20\d\d\s*年度")


def form_year(grid: Grid, heading: int, head: FormHead) -> int:
    """The year that the form is for: 预算年度, （2025年度）, its title; 0 where none is named."""
    for place in head.values.get(FormLabel.YEAR, ()):
        text = grid.source.text[place.cell.start : place.cell.end]
        if digits := re.search(r"20\d\d", text):
            return int(digits[0])
    texts = list(_titles(grid, heading))
    for text in texts:
        if found := _YEARS_FROM.search(text):
            return int(found[1])
        if found := _YEAR_LINE.search(text):
            return int(found[0][:4])
    for text in texts:
        if years := find_years(text):
            return years[0][0]
    return _year_of_code(grid, head)


def with_budget_of(year: int, head: FormHead) -> FormHead:
    """Where the amounts of several years stand side by side, that of the form's year is its
    budget."""
    amount = dict(head.yearly).get(year)
    if amount is None:
        return head
    return replace(head, values={**head.values, FormLabel.TOTAL: (amount,)})


def _year_of_code(grid: Grid, head: FormHead) -> int:
    for place in head.values.get(FormLabel.CODE, ()):
        text = compact(grid.source.text[place.cell.start : place.cell.end])
        if code := PROJECT_CODE.match(text):
            return 2000 + int(code["year"])
    return 0


def _titles(grid: Grid, heading: int) -> Iterator[str]:
    """The title rows of the table, then the lines above it, the nearest first."""
    rows = grid.above if grid.above is not None else grid
    end = len(rows.rows) if grid.above is not None else heading
    for row in range(min(end, 4)):
        printed = rows.printed(row)
        if len(printed) == 1 and column_of(rows.text(row, printed[0])) is None:
            yield rows.text(row, printed[0])
    yield from reversed(context_of(grid).splitlines())
