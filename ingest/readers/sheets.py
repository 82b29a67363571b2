"""From the cells of a workbook to its source text, the same for xlsx and xls.

A line with a sheet's name, and its cells as one table. What is hidden is left out, as a reader of
the sheet does not see it, and a warning names it. Rows and columns without any text are left out,
so that one cell at XFD1048576 costs no more than one at A1; of empty rows between others one
stays, because layouts part tables by it.
"""

import io
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from graph.model import Warning
from ingest.archive import expanded_too_far
from ingest.blocks import SourceText
from ingest.errors import EmptyFile
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


class Allowance:
    """How many cells and characters the sheets of one workbook may still hold.

    A shared string may stand in a million cells: what is taken has to be counted as it comes.
    """

    def __init__(self, name: str, limits: Limits) -> None:
        self._name = name
        self._limits = limits
        self._cells = self._characters = 0

    def take(self, cells: int, characters: int) -> None:
        """Raises TooLarge over `max_table_cells` or `max_expanded_bytes`."""
        self._cells += cells
        self._characters += characters
        check_cells(self._cells, self._name, self._limits)
        if self._characters > self._limits.max_expanded_bytes:
            raise expanded_too_far(self._name, self._limits)


class Ranges:
    """Whole numbers in ranges, both ends included."""

    def __init__(self, ranges: Iterable[tuple[int, int]]) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        for first, last in sorted(ranges):
            if self._lasts and first <= self._lasts[-1] + 1:
                self._lasts[-1] = max(self._lasts[-1], last)
            elif first <= last:
                self._firsts.append(first)
                self._lasts.append(last)

    def __contains__(self, number: int) -> bool:
        index = bisect_right(self._firsts, number) - 1
        return index >= 0 and number <= self._lasts[index]

    def after(self, number: int) -> int:
        """The number itself, or the next one outside."""
        index = bisect_right(self._firsts, number) - 1
        return self._lasts[index] + 1 if number in self else number

    def before(self, number: int) -> int:
        """The number itself, or the last one outside in front of it."""
        index = bisect_right(self._firsts, number) - 1
        return self._firsts[index] - 1 if number in self else number


@dataclass(slots=True)
class Sheet:
    """What one sheet displays. Rows and columns count from 1; `hidden_rows` and `hidden_columns`
    are ranges, both ends included. `without_value` names formulas whose result the file does not
    keep, in all `missing`.

    The texts of all rows stand in one string, and rows with text in the same columns share these:
    a string and a dictionary for each row would take ten times as much.
    """

    name: str
    allowance: Allowance
    hidden: bool = False
    filled: bool = False
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: list[tuple[int, int]] = field(default_factory=list)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    without_value: list[str] = field(default_factory=list)
    missing: int = 0
    _numbers: "array[int]" = field(default_factory=lambda: array("I"))
    _ends: "array[int]" = field(default_factory=lambda: array("I", [0]))
    _shapes: "array[int]" = field(default_factory=lambda: array("I"))
    _columns: dict[tuple[int, ...], int] = field(default_factory=dict)
    _text: io.StringIO = field(default_factory=io.StringIO)

    def put(self, row: int, texts: Mapping[int, str]) -> None:
        """What stands in a row, by column. A row may come in parts, and rows in any order."""
        shown = {column: text for column, text in texts.items() if text and not text.isspace()}
        if not shown:
            return
        self.filled = True
        if self.hidden:
            return
        # The writer makes a blank of a tab in any case.
        line = "\t".join([text.replace("\t", " ") for text in shown.values()])
        self.allowance.take(len(shown), len(line))
        self._numbers.append(row)
        self._ends.append(self._ends[-1] + len(line))
        self._shapes.append(self._columns.setdefault(tuple(shown), len(self._columns)))
        self._text.write(line)

    def hide_row(self, row: int) -> None:
        if self.hidden_rows and self.hidden_rows[-1][1] == row - 1:
            self.hidden_rows[-1] = (self.hidden_rows[-1][0], row)
        else:
            self.hidden_rows.append((row, row))

    def lack(self, row: int, column: int) -> None:
        """A formula without a result."""
        self.missing += 1
        if len(self.without_value) < _NAMED:
            self.without_value.append(f"{column_letters(column)}{row}")

    def rows(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Rows with text, each once, from the top."""
        text = self._text.getvalue()
        shapes = list(self._columns)
        number, row = 0, dict[int, str]()
        for index in sorted(range(len(self._numbers)), key=self._numbers.__getitem__):
            if self._numbers[index] != number:
                if row:
                    yield number, row
                number, row = self._numbers[index], {}
            line = text[self._ends[index] : self._ends[index + 1]]
            row.update(zip(shapes[self._shapes[index]], line.split("\t"), strict=True))
        if row:
            yield number, row


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Shown:
    """A sheet as it is seen: which rows and columns are kept, and the texts of each row."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self.hidden_rows = Ranges(sheet.hidden_rows)
        self.hidden_columns = Ranges(sheet.hidden_columns)
        # A merged cell shows its text wherever it begins to be seen.
        self._moved = {
            (merge.top, merge.left): (
                self.hidden_rows.after(merge.top),
                self.hidden_columns.after(merge.left),
            )
            for merge in sheet.merges
            if (merge.top in self.hidden_rows and self.hidden_rows.after(merge.top) <= merge.bottom)
            or (
                merge.left in self.hidden_columns
                and self.hidden_columns.after(merge.left) <= merge.right
            )
        }
        self.left_rows: list[int] = []
        self.left_columns: set[int] = set()
        filled: set[int] = set()
        self.rows: list[int] = []
        for number, row in self.texts():
            filled.update(row)
            self.rows.append(number)
        self.columns = sorted(filled)

    def texts(self) -> Iterator[tuple[int, dict[int, str]]]:
        """Rows that are seen, with what is seen of them."""
        waiting: dict[int, dict[int, str]] = {}
        rows_moved_from = {row for row, _ in self._moved}
        self.left_rows.clear()
        for number, row in self._sheet.rows():
            yield from self._arrived(waiting, number)
            if number in rows_moved_from:
                self._move(number, row, waiting)
            if number in self.hidden_rows:
                if row:
                    self.left_rows.append(number)
                continue
            row.update(waiting.pop(number, {}))
            for column in [c for c in row if c in self.hidden_columns]:
                self.left_columns.add(column)
                del row[column]
            if row:
                yield number, row
        yield from self._arrived(waiting, 1 << 31)

    def _move(self, number: int, row: dict[int, str], waiting: dict[int, dict[int, str]]) -> None:
        for column in list(row):
            if (number, column) in self._moved:
                to, at = self._moved[number, column]
                waiting.setdefault(to, {})[at] = row.pop(column)

    @staticmethod
    def _arrived(
        waiting: dict[int, dict[int, str]], number: int
    ) -> Iterator[tuple[int, dict[int, str]]]:
        """Rows in front of a number that have nothing but what was moved into them."""
        for row in sorted(row for row in waiting if row < number):
            yield row, waiting.pop(row)


def write_sheets(sheets: Iterable[Sheet], document: str, name: str, limits: Limits) -> SourceText:
    """The text of all sheets. Raises TooLarge over `max_table_cells`, and EmptyFile where nothing
    is shown of what they hold."""
    writer = SourceWriter(document)
    warnings: list[Warning] = []
    names: list[str] = []
    cells = 0
    for sheet in sheets:
        shown = _Shown(sheet)
        warnings.extend(_warnings(sheet, shown, name))
        if not shown.rows:
            continue
        numbers = _kept_rows(shown, sheet.merges)
        cells += len(numbers) * len(shown.columns)
        check_cells(cells, name, limits)
        covered, overlap = _covered(sheet.merges, numbers, shown.columns)
        if overlap:
            warnings.append(_overlap(sheet, name))
        writer.paragraphs(sheet.name.replace("\n", " "))
        writer.table(_grid(shown, numbers, covered))
        names.append(sheet.name)
    if not names and (hidden := [w for w in warnings if w.code == "hidden_cells"]):
        raise EmptyFile(hidden[0].message)
    source = writer.finish(tuple(warnings))
    tables = (replace(t, sheet=s) for t, s in zip(source.tables, names, strict=True))
    return replace(source, tables=tuple(tables))


def _kept_rows(shown: _Shown, merges: Sequence[Merge]) -> list[int]:
    """Rows with text, and one for each gap between them that no merged cell bridges."""
    bridged: list[tuple[int, int]] = sorted((m.top, m.bottom) for m in merges)
    kept: list[int] = []
    reach = position = 0
    for row in shown.rows:
        gap = shown.hidden_rows.before(row - 1)
        while kept and position < len(bridged) and bridged[position][0] <= kept[-1]:
            reach = max(reach, bridged[position][1])
            position += 1
        if kept and gap > kept[-1] and reach < gap:
            kept.append(gap)
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
    shown: _Shown, numbers: Sequence[int], covered: Mapping[tuple[int, int], GridCell]
) -> Iterator[list[GridCell]]:
    texts = dict[int, str]()
    rows = shown.texts()
    at = 0
    for number in numbers:
        while at < number:
            at, texts = next(rows)
        line = []
        for column in shown.columns:
            cell = covered.get((number, column)) if covered else None
            if cell is None:
                text = texts.get(column) if at == number else None
                cell = GridCell(text) if text else EMPTY
            line.append(cell)
        yield line


def _warnings(sheet: Sheet, shown: _Shown, name: str) -> Iterator[Warning]:
    hidden = []
    if sheet.hidden and sheet.filled:
        hidden.append("整张工作表")
    if shown.left_rows:
        places = [str(row) for row in shown.left_rows[:_NAMED]]
        hidden.append(f"第 {_listed(places, len(shown.left_rows))} 行")
    if shown.left_columns:
        columns = sorted(shown.left_columns)
        places = [column_letters(column) for column in columns[:_NAMED]]
        hidden.append(f"第 {_listed(places, len(columns))} 列")
    if hidden:
        yield Warning(
            code="hidden_cells",
            message=f"{name}：工作表“{sheet.name}”有隐藏的内容（{'，'.join(hidden)}），没有读取；"
            "若要入库，请用 Excel 或 WPS 取消隐藏、保存后再试。",
        )
    if sheet.missing and not sheet.hidden:
        yield Warning(
            code="formula_without_value",
            message=f"{name}：工作表“{sheet.name}”的公式没有保存计算结果"
            f"（{_listed(sheet.without_value, sheet.missing)}），按空白读取；"
            "请用 Excel 或 WPS 打开、保存后再入库。",
        )


def _overlap(sheet: Sheet, name: str) -> Warning:
    return Warning(
        code="merged_cells",
        message=f"{name}：工作表“{sheet.name}”的合并单元格互相重叠，有一部分没有当作合并；"
        "请用 Excel 或 WPS 打开、另存后再入库。",
    )


def _listed(places: Sequence[str], count: int) -> str:
    more = f" 等 {count} 处" if count > len(places) else ""
    return "、".join(places) + more
