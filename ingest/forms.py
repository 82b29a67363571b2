"""Goal forms in tables: headings are known by their meaning, wherever they stand.

CASE 1  a head of labels and values, then 一级指标 | 二级指标 | 三级指标 | 指标值 (申报表, 自评表)
CASE 2  the same with two blocks side by side, under 实施期目标 and 年度目标
CASE 3  one block with 中期指标值 and 年度指标值: an indicator for each
CASE 4  operator, value and unit in columns of their own: 指标性质 | 指标值 | 度量单位
CASE 5  the long list: project columns beside the indicator's, filled on the first row only
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.blocks import Cell, RawTable, SourceText
from ingest.form_words import FormColumn, FormLabel, column_of, label_of, plain_heading
from ingest.vocabulary import compact

# 总分, 合计, 备注：…: what stands below the last indicator
_END = re.compile(r"^(?:总分|合计|备注|说明|填报人|填表人|审核人|其他说明|注)")
_TERM = re.compile(r"实施期|中期|中长期")
_PROJECT_COLUMNS = frozenset(
    {
        FormColumn.UNIT_CODE,
        FormColumn.UNIT_NAME,
        FormColumn.PROJECT_CODE,
        FormColumn.PROJECT_NAME,
        FormColumn.BUDGET,
        FormColumn.GOAL,
    }
)
_FILLED_DOWN = _PROJECT_COLUMNS | {FormColumn.LEVEL1, FormColumn.LEVEL2}
_PROJECT_KEYS = (FormColumn.PROJECT_CODE, FormColumn.PROJECT_NAME)
_VALUES = (FormColumn.VALUE, FormColumn.TERM_VALUE, FormColumn.ACTUAL_VALUE)


@dataclass(frozen=True, slots=True)
class FormRow:
    """One indicator: its cells by meaning. `row` counts from 1 in the table; `horizon` is term or
    annual; `others` are cells under headings that are not known."""

    row: int
    cells: dict[FormColumn, Cell]
    horizon: str
    others: tuple[tuple[str, Cell], ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One table: what its head says by label, and its indicators."""

    table: int
    head: dict[FormLabel, tuple[Cell, ...]]
    rows: tuple[FormRow, ...]


@dataclass(frozen=True, slots=True)
class _Block:
    """Columns of one run of headings, by their index in the grid."""

    columns: dict[int, FormColumn]
    others: dict[int, str]
    horizon: str


def read_form(source: SourceText, table: RawTable) -> Form | None:
    """The form in a table; None where no row of it heads indicators."""
    grid = _Grid(source, table)
    heading = next((i for i in range(len(table.rows)) if grid.heads_indicators(i)), None)
    if heading is None:
        return None
    rows = tuple(_rows(grid, heading))
    return Form(table.number, _head(grid, heading), rows) if rows else None


class _Grid:
    """A table with the text of each cell at hand."""

    def __init__(self, source: SourceText, table: RawTable) -> None:
        self.rows = table.rows
        self._source = source

    def text(self, row: int, column: int) -> str:
        cells = self.rows[row]
        return self.said(cells[column]) if column < len(cells) else ""

    def said(self, cell: Cell) -> str:
        return compact(self._source.text[cell.start : cell.end])

    def printed(self, row: int, column: int) -> bool:
        return bool(self.text(row, column))

    def heads_indicators(self, row: int) -> bool:
        found = {column_of(self.text(row, i)) for i in range(len(self.rows[row]))}
        levels = {FormColumn.LEVEL1, FormColumn.LEVEL2} & found
        return FormColumn.NAME in found and bool(levels) and not found.isdisjoint(_VALUES)


def _blocks(grid: _Grid, heading: int) -> list[_Block]:
    """Runs of headings, each with its own 三级指标; a heading that comes again begins the next."""
    width = len(grid.rows[heading])
    names = [grid.text(heading, i) for i in range(width)]
    meanings = [column_of(name) for name in names]
    exact = any(plain_heading(name).startswith("三级指标") for name in names)
    runs: list[tuple[dict[int, FormColumn], dict[int, str]]] = [({}, {})]
    for index, (name, meaning) in enumerate(zip(names, meanings, strict=True)):
        if exact and meaning is FormColumn.NAME and not plain_heading(name).startswith("三级"):
            # Beside 三级指标, 绩效指标 is the label down the side and 指标内容 a description.
            meaning = FormColumn.DESCRIPTION if plain_heading(name) == "指标内容" else None
            name = name if meaning else ""
        columns, others = runs[-1]
        if meaning is None:
            if name:
                others[index] = name
            continue
        if meaning in columns.values():
            columns, others = {}, {}
            runs.append((columns, others))
        columns[index] = meaning
    shared = {
        index: meaning
        for index, meaning in runs[0][0].items()
        if meaning in _PROJECT_COLUMNS or meaning is FormColumn.LEVEL1
    }
    return [
        _Block(
            columns if not position else {**shared, **columns},
            others,
            _horizon(grid, heading, columns) if len(runs) > 1 else "annual",
        )
        for position, (columns, others) in enumerate(runs)
        if FormColumn.NAME in columns.values()
    ]


def _horizon(grid: _Grid, heading: int, columns: dict[int, FormColumn]) -> str:
    """What the row of wider headings above says of these columns."""
    for row in range(heading - 1, max(-1, heading - 4), -1):
        name = next(i for i, column in columns.items() if column is FormColumn.NAME)
        for index in range(name, -1, -1):
            text = grid.text(row, index)
            if text:
                if _TERM.search(text):
                    return "term"
                if "年度" in text or "全年" in text:
                    return "annual"
                break
    return "annual"


def _rows(grid: _Grid, heading: int) -> Iterator[FormRow]:
    blocks = _blocks(grid, heading)
    above: list[dict[FormColumn, Cell]] = [{} for _ in blocks]
    for row in range(heading + 1, len(grid.rows)):
        first = next((t for i in range(len(grid.rows[row])) if (t := grid.text(row, i))), "")
        if not first or grid.heads_indicators(row):
            continue
        if _END.match(first):
            return
        for block, carried in zip(blocks, above, strict=True):
            yield from _block_rows(grid, row, block, carried)


def _block_rows(
    grid: _Grid, row: int, block: _Block, carried: dict[FormColumn, Cell]
) -> Iterator[FormRow]:
    cells: dict[FormColumn, Cell] = {}
    for index, column in block.columns.items():
        if not grid.printed(row, index):
            continue
        cells[column] = grid.rows[row][index]
    if any(_differs(grid, cells, carried, column) for column in _PROJECT_KEYS):
        carried.clear()  # another project begins: nothing of the one above holds for it
    carried.update({c: cell for c, cell in cells.items() if c in _FILLED_DOWN})
    if FormColumn.NAME not in cells:
        return
    others = tuple(
        (name, grid.rows[row][index])
        for index, name in block.others.items()
        if grid.printed(row, index)
    )
    said = {**carried, **cells}
    term = said.pop(FormColumn.TERM_VALUE, None)
    if term is not None:
        yield FormRow(row + 1, {**said, FormColumn.VALUE: term}, "term", others)
        if FormColumn.VALUE not in said:
            return
    yield FormRow(row + 1, said, block.horizon, others)


def _differs(
    grid: _Grid,
    cells: dict[FormColumn, Cell],
    carried: dict[FormColumn, Cell],
    column: FormColumn,
) -> bool:
    if column not in cells or column not in carried:
        return False
    return grid.said(cells[column]) != grid.said(carried[column])


def _head(grid: _Grid, heading: int) -> dict[FormLabel, tuple[Cell, ...]]:
    """Values by label, from the rows above the indicators."""
    head: dict[FormLabel, tuple[Cell, ...]] = {}
    plan_column: int | None = None
    for row in range(heading):
        columns = [i for i in range(len(grid.rows[row])) if grid.printed(row, i)]
        labels = {i: label for i in columns if (label := label_of(grid.text(row, i)))}
        for index, label in labels.items():
            if label is FormLabel.PLAN_COLUMN:
                if plan_column is None or plain_heading(grid.text(row, index)) == "全年预算数":
                    plan_column = index
                continue
            values = _beside(grid, row, index, columns, labels)
            if label is FormLabel.GOAL and not values:
                values = _below(grid, row, index, heading)
            if label in (FormLabel.TOTAL, FormLabel.FISCAL, FormLabel.OTHER):
                values = _planned(grid, row, plan_column) or values
            annual = label is FormLabel.GOAL and grid.text(row, index).startswith("年度")
            if values and label is not FormLabel.IGNORED and (annual or label not in head):
                head[label] = tuple(values)
    return head


def _beside(
    grid: _Grid, row: int, index: int, columns: Sequence[int], labels: dict[int, FormLabel]
) -> list[Cell]:
    stop = min((i for i in labels if i > index), default=len(grid.rows[row]))
    return [grid.rows[row][i] for i in columns if index < i < stop]


def _below(grid: _Grid, row: int, index: int, heading: int) -> list[Cell]:
    """目标 above, its text in the next row at the same place."""
    text = grid.text(row + 1, index) if row + 1 < heading else ""
    return [grid.rows[row + 1][index]] if text and label_of(text) is None else []


def _planned(grid: _Grid, row: int, plan_column: int | None) -> list[Cell]:
    """The amount in the column 全年预算数 of a 自评表."""
    if plan_column is None or not grid.printed(row, plan_column):
        return []
    return [grid.rows[row][plan_column]]
