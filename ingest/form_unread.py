"""Goals that stand in a file in a shape that nothing reads: they are told, with their place."""

import re
from collections.abc import Iterator

from graph.model import Warning
from ingest.blocks import RawTable, SourceText
from ingest.form_grid import is_form
from ingest.parts import Line, lines
from ingest.vocabulary import compact

_MOST_ROWS = 30
# A heading of goals: 绩效目标, 数量指标, 自评得分, 职责活动             not: 绩效目标表
_HEADING = re.compile(
    r"(?:年度|项目|总体|整体)?绩效(?:目标|指标)|(?:产出|效益|满意度|数量|质量|时效)指标|自评得分|职责活动"
)
# 数量指标：建档古树≥310株, 1.数量指标                                 not: 完成数量指标任务
_LINE = re.compile(
    r"[\s\u3000]*(?:[（(]?[\d一二三四五六七八九十]{1,3}[）).、．]\s*)?"
    r"(?:产出|效益|满意度|数量|质量|时效)指标\s*(?:[:：]|$)"
)


def unread_goals(source: SourceText) -> tuple[Warning, ...]:
    """One warning for each table with headings of goals that is no form; where no table has any,
    one for the first line that has."""
    found = tuple(_unread_tables(source))
    if found:
        return found
    line = next((line for line in lines(source) if _LINE.match(line.text)), None)
    return () if line is None else (_of_line(source, line),)


def _unread_tables(source: SourceText) -> Iterator[Warning]:
    for table in source.tables:
        row = _heading_row(source, table)
        if row is not None and not is_form(source, table):
            cells = table.rows[row]
            yield Warning(
                code="goals_unread",
                message=f"第 {table.number} 张表第 {row + 1} 行有绩效目标或指标的列名，但没有分列的"
                "三级指标和指标值，这张表没有收入；请改成每行一个指标的表后重新入库。",
                evidence=source.evidence(
                    cells[0].start, cells[-1].end, table=table.number, row=row + 1
                ),
            )


def _heading_row(source: SourceText, table: RawTable) -> int | None:
    for number, row in enumerate(table.rows[:_MOST_ROWS]):
        if any(_HEADING.fullmatch(compact(source.plain[c.start : c.end])) for c in row):
            return number
    return None


def _of_line(source: SourceText, line: Line) -> Warning:
    return Warning(
        code="goals_unread",
        message="绩效指标写成了文字，没有排成表，没有收入；请改成每行一个指标的表"
        "（一级指标、二级指标、三级指标、指标值）后重新入库。",
        evidence=source.evidence(line.start, line.end),
    )
