"""Goal forms without any table: an outline of labels, then the levels with their indicators.

CASE 1  项目名称：公厕改造 ¶ 绩效目标：… ¶ 产出指标： ¶ 数量指标：改造公厕≥12座
CASE 2  一、项目名称：… ¶ 三、总体目标 ¶ … ¶ （一）产出指标 ¶ 1.数量指标 ¶ 指标1：公厕数≥12座
CASE 3  several of them below each other, each from its 项目名称

Prose that only mentions 数量指标 is no outline: two levels have to stand at the beginning of lines,
and a clause under them has to have a value.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.blocks import Cell, SourceText
from ingest.form_clauses import first_level, level_words, written_indicators
from ingest.form_grid import Grid, Place
from ingest.form_heads import read_form_head
from ingest.form_words import FormColumn, FormLabel, label_of, number_width
from ingest.form_written import placed
from ingest.form_years import form_year
from ingest.forms import END, Form, FormRow
from ingest.parts import Line, lines
from ingest.vocabulary import compact

# 项目名称：公厕改造, 总体目标                                         not: 用于建设：
_LABELLED = re.compile(
    r"[\s\u3000]*(?P<label>[\u4e00-\u9fff（）()]{2,14}?)[\s\u3000]*(?:[:：](?P<value>.*)|$)",
    re.DOTALL,
)
# 数量指标：…, （一）产出指标, 绩效指标：数量指标：…                       not: 完成数量指标：
_LEVEL_LINE = re.compile(r"[\s\u3000]*(?:(?:年度)?绩效指标\s*[:：]\s*)?")
_NO_PLACE = Place(Cell(0, 0), 0, 0, 0)
_LEAST_LEVELS = 2
_MOST_LABEL_LINES = 60


@dataclass(slots=True)
class _Labelled:
    """A label and what stands behind it, to the next label."""

    label: Cell
    start: int
    end: int


def outlines(source: SourceText) -> Iterator[Form]:
    """Every outline of the source, in order; a table ends the one above it."""
    block: list[Line] = []
    end = 0
    for line in _running_lines(source):
        begins = line is None or _label(line) is FormLabel.PROJECT
        if begins and block:
            form = _outline(source, block, end)
            if form is not None:
                yield form
                end = block[-1].end
            block = []
        if line is not None and (begins or block):
            block.append(line)


def _running_lines(source: SourceText) -> Iterator[Line | None]:
    """The lines outside tables; None for each table, and at the end."""
    starts = [table.start for table in source.tables]
    within = -1
    for line in lines(source):
        at = bisect_right(starts, line.start) - 1
        if at >= 0 and line.start < source.tables[at].end:
            if at != within:
                yield None
            within = at
        else:
            yield line
    yield None


def _label(line: Line) -> FormLabel | None:
    found = _LABELLED.match(line.text, number_width(line.text))
    return label_of(compact(found["label"])) if found else None


def _outline(source: SourceText, block: Sequence[Line], above: int) -> Form | None:
    """`above` is where the text before the outline begins."""
    first = next((i for i, line in enumerate(block) if _level_at(line) is not None), None)
    if first is None or first > _MOST_LABEL_LINES:
        return None
    last = _last_line(source, block, first)
    start = block[first].start + (_level_at(block[first]) or 0)
    place = Cell(start, block[last].end)
    if len(level_words(source.plain[place.start : place.end])) < _LEAST_LEVELS:
        return None
    found = list(written_indicators(source, place, {}))
    if not any(FormColumn.VALUE in cells for cells in found):
        return None
    rows = tuple(FormRow(placed(cells, _NO_PLACE), "annual") for cells in found)
    grid = _grid(source, block[:first], above)
    head = read_form_head(grid, len(grid.rows))
    return Form(grid, head, form_year(grid, 0, head), rows)


def _level_at(line: Line) -> int | None:
    """Where a line that begins with a level has it."""
    before = _LEVEL_LINE.match(line.text, number_width(line.text))
    start = before.end() if before else 0
    start += number_width(line.text[start:])
    return start if first_level(line.text[start:]) == 0 else None


def _last_line(source: SourceText, block: Sequence[Line], first: int) -> int:
    """The last line that a level or a number begins or a value ends; on a printed page, those
    that go on from one which no stop ends."""
    last = first
    for number in range(first + 1, len(block)):
        line = block[number]
        if END.match(compact(line.text)) or (_label(line) and _level_at(line) is None):
            break
        goes_on = bool(source.pages) and not block[number - 1].text.rstrip().endswith("。")
        if not (goes_on or _is_indicator(source, line)):
            break
        last = number
    return last


def _is_indicator(source: SourceText, line: Line) -> bool:
    if _level_at(line) is not None or number_width(line.text):
        return True
    cells = written_indicators(source, Cell(line.start, line.end), {})
    return any(FormColumn.VALUE in found for found in cells)


def _grid(source: SourceText, block: Sequence[Line], above: int) -> Grid:
    """The labels as a form's head has them: a row of label and value for each."""
    found: list[_Labelled] = []
    for line in block:
        width = number_width(line.text)
        match = _LABELLED.match(line.text, width)
        if match is not None and (match["value"] is not None or label_of(compact(match["label"]))):
            label = Cell(line.start + match.start("label"), line.start + match.end("label"))
            value = match.start("value") if match["value"] is not None else match.end()
            found.append(_Labelled(label, line.start + value, line.end))
        elif found:
            found[-1].end = line.end
    rows = [(item.label, Cell(item.start, item.end)) for item in found]
    context = source.text[above : rows[0][0].start]
    return Grid(source, rows, [(0, 0)] * len(rows), context=context)
