"""From the cells of a workbook to its source text, the same for xlsx and xls.

A line with a sheet's name, and its cells as one table. Rows and columns without any text are left
out, so that one cell at XFD1048576 costs no more than one at A1; of empty rows between others one
stays, because layouts part tables by it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from graph.model import Warning
from ingest.archive import expanded_too_far
from ingest.blocks import SourceText
from ingest.limits import Limits
from ingest.readers.writing import ABOVE, EMPTY, LEFT, GridCell, SourceWriter, check_cells

_NAMED = 10
"""So many places a warning names; it counts the others."""


@dataclass(frozen=True, slots=True)
class Merge:
    """A merged range; rows and columns from 1, both ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """What stands on one sheet: `rows[row][column]` is displayed text, never blank, from 1.

    `hidden_columns` are ranges, both ends included. `without_value` names formulas whose result
    the file does not keep.
    """

    name: str
    hidden: bool = False
    rows: dict[int, dict[int, str]] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    without_value: list[str] = field(default_factory=list)

    def put(self, row: int, column: int, text: str) -> None:
        if text.strip():
            self.rows.setdefault(row, {})[column] = text


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def write_sheets(sheets: Iterable[Sheet], document: str, name: str, limits: Limits) -> SourceText:
    """The text of all sheets. Raises TooLarge over `max_table_cells` or `max_expanded_bytes`."""
    writer = SourceWriter(document)
    warnings: list[Warning] = []
    names: list[str] = []
    cells = length = 0
    for sheet in sheets:
        warnings.extend(_warnings(sheet, name))
        if not sheet.rows:
            continue
        columns = sorted({column for row in sheet.rows.values() for column in row})
        numbers = _kept_rows(sheet)
        cells += len(numbers) * len(columns)
        check_cells(cells, name, limits)
        # A shared string may stand in a million cells: what is written has to be counted too.
        length += sum(len(text) for row in sheet.rows.values() for text in row.values())
        if length > limits.max_expanded_bytes:
            raise expanded_too_far(name, limits)
        covered, overlap = _covered(sheet.merges, numbers, columns)
        if overlap:
            warnings.append(_overlap(sheet, name))
        writer.paragraphs(sheet.name.replace("\n", " "))
        writer.table(_grid(sheet, numbers, columns, covered))
        names.append(sheet.name)
    source = writer.finish(tuple(warnings))
    tables = (replace(t, sheet=s) for t, s in zip(source.tables, names, strict=True))
    return replace(source, tables=tuple(tables))


def _kept_rows(sheet: Sheet) -> list[int]:
    """Rows with text, and one for each gap between them that no merged cell bridges."""
    filled = sorted(sheet.rows)
    bridged: list[tuple[int, int]] = sorted((m.top, m.bottom) for m in sheet.merges)
    kept: list[int] = []
    reach = position = 0
    for row in filled:
        gap = kept and row > kept[-1] + 1
        while kept and position < len(bridged) and bridged[position][0] <= kept[-1]:
            reach = max(reach, bridged[position][1])
            position += 1
        if gap and reach < row - 1:
            kept.append(row - 1)
        kept.append(row)
    return kept


def _covered(
    merges: Sequence[Merge], numbers: Sequence[int], columns: Sequence[int]
) -> tuple[dict[tuple[int, int], GridCell], bool]:
    """What is covered, by row and column; the place that stands for a merged cell is its first
    that is kept. True where merged cells overlap: what is left of them is not applied."""
    covered: dict[tuple[int, int], GridCell] = {}
    budget = len(numbers) * len(columns)
    for merge in merges:
        rows = numbers[bisect_left(numbers, merge.top) : bisect_right(numbers, merge.bottom)]
        across = columns[bisect_left(columns, merge.left) : bisect_right(columns, merge.right)]
        budget -= len(rows) * len(across)
        if budget < 0:  # merged cells that do not overlap never cover more than the grid
            return covered, True
        for row in rows:
            for column in across:
                if column > across[0]:
                    covered[row, column] = LEFT
                elif row > rows[0]:
                    covered[row, column] = ABOVE
    return covered, False


def _grid(
    sheet: Sheet,
    numbers: Sequence[int],
    columns: Sequence[int],
    covered: dict[tuple[int, int], GridCell],
) -> Iterator[list[GridCell]]:
    nothing: dict[int, str] = {}
    for number in numbers:
        texts = sheet.rows.get(number, nothing)
        row = []
        for column in columns:
            cell = covered.get((number, column))
            if cell is None:
                text = texts.get(column)
                cell = GridCell(text) if text else EMPTY
            row.append(cell)
        yield row


def _warnings(sheet: Sheet, name: str) -> Iterator[Warning]:
    filled = {column for row in sheet.rows.values() for column in row}
    rows = sorted(sheet.hidden_rows & sheet.rows.keys())
    columns = _within(sorted(filled), sheet.hidden_columns)
    hidden = []
    if sheet.hidden and sheet.rows:
        hidden.append("整张工作表")
    if rows:
        hidden.append(f"第 {_listed([str(row) for row in rows])} 行")
    if columns:
        hidden.append(f"第 {_listed([column_letters(column) for column in columns])} 列")
    if hidden:
        yield Warning(
            code="hidden_cells",
            message=f"{name}：工作表“{sheet.name}”有隐藏的内容（{'，'.join(hidden)}），已一并读取；"
            "请核对是否应当公开。",
        )
    if sheet.without_value:
        yield Warning(
            code="formula_without_value",
            message=f"{name}：工作表“{sheet.name}”的公式没有保存计算结果"
            f"（{_listed(sheet.without_value)}），按空白读取；"
            "请用 Excel 或 WPS 打开、保存后再入库。",
        )


def _overlap(sheet: Sheet, name: str) -> Warning:
    return Warning(
        code="merged_cells",
        message=f"{name}：工作表“{sheet.name}”的合并单元格互相重叠，有一部分没有当作合并；"
        "请用 Excel 或 WPS 打开、另存后再入库。",
    )


def _within(columns: Sequence[int], ranges: Sequence[tuple[int, int]]) -> list[int]:
    """The columns in any of the ranges."""
    found: list[int] = []
    reach = 0
    for first, last in sorted(ranges):
        start = bisect_left(columns, max(first, reach + 1))
        found.extend(columns[start : bisect_right(columns, last)])
        reach = max(reach, last)
    return found


def _listed(places: Sequence[str]) -> str:
    more = f" 等 {len(places)} 处" if len(places) > _NAMED else ""
    return "、".join(places[:_NAMED]) + more
