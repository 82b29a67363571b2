"""The head of a goal form: labels and what stands beside, below or behind them in the same cell.

CASE 1  项目名称 | 公厕改造                     the value stands beside its label
CASE 2  实施期目标 | 年度目标 above their texts   the value stands below
CASE 3  项目名称：公厕改造                      label and value in one cell, or in the line above
CASE 4  年初预算数 | 全年预算数 | 全年执行数       amounts in the columns of a 自评表
CASE 5  任务名称 | 主要内容 | 总额 | 财政拨款      the 年度主要任务 of a whole department
CASE 6  1.公厕改造项目绩效目标表                  nothing but the caption names the project
CASE 7  a sheet called 公厕改造                   nothing but the sheet's name does
CASE 8  青禾县城管局项目绩效目标表                  nothing but the caption names the unit
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from graph.values.money import parse_money
from ingest.blocks import Cell
from ingest.form_departments import owner_in
from ingest.form_grid import Grid, Place
from ingest.form_words import (
    FormLabel,
    inline_label,
    label_of,
    plain_heading,
    year_of_column,
)

_FUND_COLUMNS = frozenset(
    {FormLabel.INITIAL_COLUMN, FormLabel.PLAN_COLUMN, FormLabel.EXECUTED_COLUMN}
)
_AMOUNTS = (FormLabel.TOTAL, FormLabel.FISCAL, FormLabel.OTHER)
_GOALS = frozenset({FormLabel.GOAL, FormLabel.TERM_GOAL, FormLabel.ACTUAL_GOAL})
# 总投资45.6万元                                                      not: 45.6, 3万元/年
_SUM_IN_WORDS = re.compile(r"\d[\d,，]*(?:\.\d+)?\s*(?:亿|万)?元(?![/／每])")
_GOAL_HEADINGS = frozenset({"序号", "目标内容", "目标", "具体内容", "内容"})
# 金额合计, 合计: the line below the tasks                            not: 合计生产线改造
_SUM = re.compile(r"金?额?(?:合计|总计)(?:[（(].*)?")
# 项目名称：公厕改造  单位：万元, in a line above the table
_CONTEXT_LABEL = re.compile(
    r"(?P<label>[\u4e00-\u9fff（）()]{2,12})\s*[：:][ \t\u3000]*(?P<value>[^\s：:]+)"
)
# 1.公厕改造项目绩效目标表   附件2：公厕改造绩效自评表（2025年度）
_CAPTION = re.compile(
    r"^[\s\u3000]*(?:附[件表]?\s*[\d一二三四五六七八九十]*\s*[-—－\d]*\s*[：:.、．]?\s*)?"
    r"(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.．、]\s*|[（(][\d一二三四五六七八九十]{1,3}[）)]\s*)?"
    r"(?:[\u4e00-\u9fff]{1,8}?[省市州县区旗])?(?:20\d\d\s*年度?)?(?P<name>\S.*?)\s*(?:区域)?(?:预算)?(?:项目)?(?:支出)?绩效(?:目标|自评|评价)?(?:申报|自评|批复|监控|评价)?表"
)
# What is left of a caption that names no project: 青禾县教育局2025年度部门预算
_GENERAL = re.compile(
    r"(?:20\d\d|[一二]〇\S\S)\s*年度?|年度|部门|单位|预算|项目|支出|整体|[省市县区乡镇]级|本级|财政|专项|资金|转移支付"
    r"|区域|中央|地方|对|政策|申报|[（(](?:[^（()）]*)[）)]|[和及与、\s]"
)
_ORGANISATION = re.compile(r"(?:[局厅部委院校办处所站队会县市区旗]|中心|政府|公司|学校|医院|集团)$")
# What a sheet's name says of no project: Sheet1, 附件2, 绩效目标表
_SHEET_WORDS = re.compile(
    r"sheet|附件|附表|绩效|目标|自评|评价|公开|汇总|批复|表|[\d\W]", re.IGNORECASE
)
_CONTEXT_LENGTH = 600


@dataclass(frozen=True, slots=True)
class Task:
    """One of a department's 年度主要任务; amounts by label where they are printed."""

    name: Place
    text: Place | None
    amounts: dict[FormLabel, Place]


@dataclass(frozen=True, slots=True)
class FormHead:
    """Cells by label; a value over several cells keeps them all.

    `planned`, `initial` and `executed` are the amounts of the total row of a 自评表. `notes` are
    labels that are kept as they are (项目属性). `yearly` are amounts beside a
    year, 2025年 | 200. `caption` is the name in the form's title, or in that of its sheet; `owner`
    the unit, or the county, in its title.
    """

    values: dict[FormLabel, tuple[Place, ...]] = field(default_factory=dict)
    notes: tuple[tuple[str, Place], ...] = ()
    initial: Place | None = None
    executed: Place | None = None
    yearly: tuple[tuple[int, Place], ...] = ()
    tasks: tuple[Task, ...] = ()
    caption: Place | None = None
    owner: Place | None = None


def sum_in(text: str) -> re.Match[str] | None:
    """The first sum of a sentence: 总投资45.6万元（其中财政资金40万元）."""
    return _SUM_IN_WORDS.search(text)


def read_form_head(grid: Grid, heading: int) -> FormHead:
    """What stands above the indicators: in the rows of the table, else in the lines above it."""
    rows = grid.above if grid.above is not None else grid
    end = len(rows.rows) if grid.above is not None else heading
    reader = _HeadReader(rows, end)
    head = reader.read()
    values = {**_context_values(grid), **head.values}
    titles = list(_title_places(rows, end, grid))
    owner = _first_part(grid, titles, owner_in)
    caption = _first_part(grid, titles, _caption_name)
    if caption is None and (sheet := _sheet_line(grid)) is not None:
        caption = _first_part(grid, [sheet], _project_of_sheet)
    return replace(head, values=values, caption=caption, owner=owner)


class _HeadReader:
    def __init__(self, grid: Grid, end: int) -> None:
        self._grid = grid
        self._end = end
        self._values: dict[FormLabel, tuple[Place, ...]] = {}
        self._notes: dict[str, Place] = {}
        self._columns: dict[FormLabel, int] = {}
        self._initial: Place | None = None
        self._executed: Place | None = None
        self._yearly: dict[int, Place] = {}

    def read(self) -> FormHead:
        tasks, task_rows = self._tasks()
        for row in range(self._end):
            if row not in task_rows:
                self._row(row)
        return FormHead(
            self._values,
            tuple(self._notes.items()),
            self._initial,
            self._executed,
            tuple(self._yearly.items()),
            tasks,
        )

    def _row(self, row: int) -> None:
        grid = self._grid
        columns = grid.printed(row)
        labels = {i: label for i in columns if (label := label_of(grid.text(row, i)))}
        fund = {label: i for i, label in labels.items() if label in _FUND_COLUMNS}
        if fund and not self._is_amount(row, min(fund.values()) + 1):
            self._columns = fund
            labels = {i: label for i, label in labels.items() if label not in _FUND_COLUMNS}
        for index in columns:
            if index in labels:
                self._labelled(row, index, labels[index], columns, labels)
            elif (year := year_of_column(grid.text(row, index))) is not None:
                self._year(year, row, index)
            else:
                self._inline(row, index)

    def _year(self, year: int, row: int, index: int) -> None:
        """2025年 with its amount beside it, or below it in a row of amounts."""
        grid = self._grid
        beside = next((i for i in grid.printed(row) if i > index), index)
        for at, column in ((row, beside), (row + 1, index)):
            if at < self._end and self._is_amount(at, column):
                self._yearly.setdefault(year, grid.place(at, column))
                return

    def _labelled(
        self,
        row: int,
        index: int,
        label: FormLabel,
        columns: Sequence[int],
        labels: dict[int, FormLabel],
    ) -> None:
        grid = self._grid
        stop = min((i for i in labels if i > index), default=len(grid.rows[row]))
        values = [grid.place(row, i) for i in columns if index < i < stop]
        if label in _GOALS:
            beside = [v for v in values if grid.said(v.cell) not in _GOAL_HEADINGS]
            values = (
                [*beside, *self._under(row, index, stop)] if values else self._below(row, index)
            )
        elif label in _AMOUNTS and self._columns:
            values = self._planned(row, label) or values
        elif values and (label in _FUND_COLUMNS or self._is_sum(label, row, values[0])):
            label = FormLabel.TOTAL
        if not values or label is FormLabel.HEADING:
            return
        if label is FormLabel.NOTED:
            self._notes.setdefault(plain_heading(grid.text(row, index)), values[0])
            return
        self._take(label, values, preferred=grid.text(row, index).startswith("年度"))

    def _take(self, label: FormLabel, values: Sequence[Place], *, preferred: bool = False) -> None:
        """The first value of a label stays, but for 年度目标, which is more to the point."""
        if label not in self._values or (label is FormLabel.GOAL and preferred):
            self._values[label] = tuple(values)

    def _inline(self, row: int, index: int) -> None:
        grid = self._grid
        place = grid.place(row, index)
        raw = grid.source.text[place.cell.start : place.cell.end]
        label = inline_label(grid.text(row, index))
        if label is None or label is FormLabel.HEADING or label in _FUND_COLUMNS:
            return
        start = place.cell.start + min(raw.find(c) for c in "：:" if c in raw) + 1
        value = replace(place, cell=Cell(start, place.cell.end))
        if label is FormLabel.NOTED:
            self._notes.setdefault(plain_heading(raw[: start - place.cell.start - 1]), value)
        else:
            self._take(label, [value])

    def _under(self, row: int, index: int, stop: int) -> list[Place]:
        """Further rows of a goal whose label is merged over them."""
        grid = self._grid
        found: list[Place] = []
        for below in range(row + 1, self._end):
            if grid.covered(below, index) != "above":
                break
            columns = [i for i in grid.printed(below) if index < i < stop]
            if any(label_of(grid.text(below, i)) for i in columns):
                break
            found += [grid.place(below, i) for i in columns]
        return found

    def _below(self, row: int, index: int) -> list[Place]:
        """目标 above, its text in the next row at the same place."""
        grid = self._grid
        text = grid.text(row + 1, index) if row + 1 < self._end else ""
        return [grid.place(row + 1, index)] if text and label_of(text) is None else []

    def _is_sum(self, label: FormLabel, row: int, value: Place) -> bool:
        """项目资金（万元） | 428.60: the heading of the amounts with the sum beside it."""
        if label is not FormLabel.HEADING:
            return False
        return self._is_amount(row, value.column - 1) or bool(sum_in(self._grid.said(value.cell)))

    def _is_amount(self, row: int, column: int) -> bool:
        return parse_money(self._grid.text(row, column)) is not None

    def _planned(self, row: int, label: FormLabel) -> list[Place]:
        """The amounts in the columns of a 自评表; the planned one is the budget."""
        grid = self._grid
        found = {
            column: grid.place(row, i)
            for column, i in self._columns.items()
            if grid.text(row, i) and self._is_amount(row, i)
        }
        if label is FormLabel.TOTAL:
            self._initial = found.get(FormLabel.INITIAL_COLUMN)
            self._executed = found.get(FormLabel.EXECUTED_COLUMN)
        planned = found.get(FormLabel.PLAN_COLUMN) or found.get(FormLabel.INITIAL_COLUMN)
        return [planned] if planned else []

    def _tasks(self) -> tuple[tuple[Task, ...], frozenset[int]]:
        """The rows under 任务名称, and which rows of the grid they take up."""
        grid = self._grid
        for row in range(self._end):
            meanings = {label_of(grid.text(row, i)): i for i in grid.printed(row)}
            if FormLabel.TASK in meanings and FormLabel.TASK_TEXT in meanings:
                break
        else:
            return (), frozenset()
        first = row + 1
        amounts = {i: label for label, i in meanings.items() if label in _AMOUNTS}
        below = {i: label for i in grid.printed(first) if (label := _task_amount(grid, first, i))}
        if first < self._end and below and not grid.text(first, meanings[FormLabel.TASK]):
            amounts, first = below, first + 1
        else:
            amounts |= {i: n for i in grid.printed(row) if (n := _task_amount(grid, row, i))}
        tasks: list[Task] = []
        last = first
        for last in range(first, self._end):
            name = meanings[FormLabel.TASK]
            printed = grid.printed(last)
            if printed and self._ends_tasks(last, printed):
                break
            if grid.text(last, name):
                text = meanings[FormLabel.TASK_TEXT]
                tasks.append(
                    Task(
                        grid.place(last, name),
                        grid.place(last, text) if grid.text(last, text) else None,
                        {n: grid.place(last, i) for i, n in amounts.items() if grid.text(last, i)},
                    )
                )
        return tuple(tasks), frozenset(range(row, last))

    def _ends_tasks(self, row: int, printed: Sequence[int]) -> bool:
        first = [self._grid.text(row, i) for i in printed[:2]]
        return any(_SUM.fullmatch(text) or label_of(text) in _GOALS for text in first)


def _task_amount(grid: Grid, row: int, column: int) -> FormLabel | None:
    """总额, 预算金额, 财政拨款, 其他资金 over the amounts of tasks."""
    text = plain_heading(grid.text(row, column))
    label = FormLabel.TOTAL if text in ("总额", "小计", "合计") else label_of(text)
    return label if label in _AMOUNTS else None


def _context_values(grid: Grid) -> dict[FormLabel, tuple[Place, ...]]:
    """Labels with their values in the lines right above the table."""
    start = _context_start(grid)
    table, row = _origin(grid)
    found: dict[FormLabel, tuple[Place, ...]] = {}
    for match in _CONTEXT_LABEL.finditer(grid.source.text, start, start + len(context_of(grid))):
        label = label_of(match["label"])
        if label is FormLabel.HEADING and sum_in(match["value"]):
            label = FormLabel.TOTAL
        if label is not None and label not in (FormLabel.HEADING, FormLabel.NOTED):
            cell = Cell(match.start("value"), match.end("value"))
            found.setdefault(label, (Place(cell, table, row, 1),))
    return found


def context_of(grid: Grid) -> str:
    return grid.context[-_CONTEXT_LENGTH:]


def _context_start(grid: Grid) -> int:
    """Where the context begins in the source: it ends where the table starts."""
    first = grid.above.rows if grid.above is not None and grid.above.rows else grid.rows
    return min(cell.start for cell in first[0]) - len(context_of(grid))


def _origin(grid: Grid) -> tuple[int, int]:
    place = grid.place(0, 0)
    return place.table, place.row


def _title_places(rows: Grid, end: int, grid: Grid) -> Iterator[Place]:
    """The title rows of the table, then the lines above it, the nearest first."""
    for row in range(min(end, 4)):
        printed = rows.printed(row)
        if len(printed) == 1:
            yield rows.place(row, printed[0])
    context = context_of(grid)
    table, row = _origin(grid)
    end_of_line = _context_start(grid) + len(context)
    for line in reversed(context.splitlines(keepends=True)[-4:]):
        yield Place(Cell(end_of_line - len(line), end_of_line), table, row, 1)
        end_of_line -= len(line)


def _first_part(
    grid: Grid, places: Sequence[Place], part: Callable[[str], tuple[int, int] | None]
) -> Place | None:
    """The first part of a place that `part` finds in its text."""
    for place in places:
        start = place.cell.start
        if (found := part(grid.source.text[start : place.cell.end])) is not None:
            return replace(place, cell=Cell(start + found[0], start + found[1]))
    return None


def _sheet_line(grid: Grid) -> Place | None:
    """The line with the sheet's name, which a reader of sheets writes above its table."""
    table, row = _origin(grid)
    name = grid.source.tables[table - 1].sheet if table else None
    above = context_of(grid).rstrip()
    if not name or not above.endswith(name):
        return None
    end = _context_start(grid) + len(above)
    return Place(Cell(end - len(name), end), table, row, 1)


def _project_of_sheet(name: str) -> tuple[int, int] | None:
    left = _SHEET_WORDS.sub("", _GENERAL.sub("", name))
    return None if len(left) < 3 or _ORGANISATION.search(left) else (0, len(name))


def _caption_name(text: str) -> tuple[int, int] | None:
    """Where the title names a project; None where it only says what kind of form this is."""
    found = _CAPTION.match(text)
    if found is None:
        return None
    left = _GENERAL.sub("", found["name"])
    if len(left) < 2 or _ORGANISATION.search(left):
        return None
    return found.start("name"), found.end("name")
