"""Excel workbooks (ECMA-376 SpreadsheetML), part by part through lxml.

openpyxl was tried first. With merged cells it holds every cell of the workbook; without, it fills
a sheet up to its furthest cell and tells neither hidden rows, nor formulas without a result, nor
the formats that Chinese systems store by number only (27 to 58).
"""

import io
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from ingest.archive import FAULTS, open_directory
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.number_formats import BUILTIN, display
from ingest.readers.sheets import Allowance, Merge, Sheet, write_sheets
from ingest.readers.writing import check_cells
from ingest.readers.xlsx_parts import NOTHING, Attributes, Broken, Parts, Texts

# A place: A1, $XFD$1048576; not: 1A, A
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NO_FORMAT = "General"


def read_xlsx(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """The sheets that are seen. Raises DamagedFile, TooLarge, or UnsupportedFormat for xlsb."""
    try:
        with open_directory(io.BytesIO(content), name, limits) as archive:
            parts = Parts(archive, name, limits)
            return write_sheets(_sheets(parts, name, limits), document, name, limits)
    except (*FAULTS, etree.LxmlError, LookupError) as error:
        where = f"（{error}）" if isinstance(error, Broken) else ""
        raise DamagedFile(
            f"{name}：Excel 工作簿已损坏或不完整{where}；请重新下载，或用 Excel 或 WPS 打开后另存。"
        ) from error


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to: shared strings, and the format code of each style."""

    strings: Sequence[str]
    formats: Sequence[str]
    date1904: bool


def _sheets(parts: Parts, name: str, limits: Limits) -> Iterator[Sheet]:
    workbook_part = _workbook_part(parts)
    if workbook_part.endswith(".bin"):
        raise UnsupportedFormat(
            f"{name}：这是二进制的 Excel 工作簿（xlsb），目前还不能直接读取；"
            "请用 Excel 或 WPS 另存为 xlsx 后再入库。"
        )
    relations = _relations(parts, workbook_part)
    by_kind = dict(relations.values())
    entries = parts.entries(workbook_part, "workbookPr", "sheet")
    book = _Book(
        _strings(parts, by_kind.get("sharedStrings"), name, limits),
        _formats(parts, by_kind.get("styles")),
        any(e.kind == "workbookPr" and _is_true(e.attributes.get("date1904")) for e in entries),
    )
    allowance = Allowance(name, limits)
    for entry in entries:
        if entry.kind != "sheet":
            continue
        words = entry.attributes
        relation = words.get(f"{{{_RELATION}}}id") or words.get(f"{{{_STRICT_RELATION}}}id")
        kind, part = relations[relation or ""]
        if kind != "worksheet":  # a chart or a dialogue on a sheet of its own has no cells
            continue
        hidden = words.get("state", "visible") != "visible"
        sheet = Sheet(words.get("name", ""), allowance, hidden)
        parts.walk(part, _SheetTarget(sheet, book))
        yield sheet


def _workbook_part(parts: Parts) -> str:
    for kind, part in _relations(parts, "").values():
        if kind == "officeDocument":
            return part
    raise Broken("没有工作簿")


def _relations(parts: Parts, part: str) -> dict[str, tuple[str, str]]:
    """By id: the last word of its type, and the name of the part that it leads to; of the whole
    container for the part ""."""
    folder, file = posixpath.split(part)
    relations = {}
    for entry in parts.entries(posixpath.join(folder, "_rels", f"{file}.rels"), "Relationship"):
        words = entry.attributes
        if words.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, words.get("Target", "")))
        kind = words.get("Type", "").rpartition("/")[2]
        relations[words.get("Id", "")] = (kind, target.lstrip("/"))
    return relations


class _Strings(Texts):
    """Shared strings. Raises TooLarge for more of them than a file may have cells."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__({}, {"si": self._end_string})
        self._name = name
        self._limits = limits
        self.found: list[str] = []

    def _end_string(self, _: Attributes) -> None:
        self.found.append(self._gathered())
        check_cells(len(self.found), self._name, self._limits)


def _strings(parts: Parts, part: str | None, name: str, limits: Limits) -> list[str]:
    target = _Strings(name, limits)
    if part is not None:
        parts.walk(part, target)
    return target.found


def _formats(parts: Parts, part: str | None) -> list[str]:
    """The format code of each style that a cell may name."""
    if part is None:
        return []
    codes = dict(BUILTIN)
    cells: list[int] = []
    for entry in parts.entries(part, "numFmt", "xf"):
        number = int(entry.attributes.get("numFmtId", "0"))
        if entry.kind == "numFmt" and entry.inside == "numFmts":
            codes[number] = entry.attributes.get("formatCode", _NO_FORMAT)
        elif entry.inside == "cellXfs":
            cells.append(number)
    return [codes.get(number, _NO_FORMAT) for number in cells]


class _SheetTarget(Texts):
    """Rows, merged ranges and what is hidden. No cell outlives its row."""

    def __init__(self, sheet: Sheet, book: _Book) -> None:
        super().__init__(
            {
                **{"c": self._begin_cell, "f": self._begin_formula, "row": self._begin_row},
                **{"mergeCell": self._merge, "col": self._hide},
            },
            {"c": self._end_cell, "row": self._end_row},
        )
        self._sheet = sheet
        self._book = book
        self._number = 0
        self._row: dict[int, str] = {}
        self._column = 0
        self._cell: Attributes = NOTHING
        self._formula = False

    def _begin_cell(self, attributes: Attributes) -> None:
        reference = attributes.get("r")
        self._column = _column(reference) if reference else self._column + 1
        if self._column > _LAST_COLUMN:
            raise Broken(f"没有第 {self._column} 列")
        self._cell = attributes
        self._formula = False

    def _begin_formula(self, _: Attributes) -> None:
        self._formula = True

    def _merge(self, attributes: Attributes) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        self._sheet.merges.append(Merge(top, left, bottom, right))

    def _hide(self, attributes: Attributes) -> None:
        if _is_true(attributes.get("hidden")):
            ends = (int(attributes.get("min", "0")), int(attributes.get("max", "0")))
            self._sheet.hidden_columns.append(ends)

    def _begin_row(self, attributes: Attributes) -> None:
        self._number = int(attributes.get("r", self._number + 1))
        if not 0 < self._number <= _LAST_ROW:
            raise Broken(f"没有第 {self._number} 行")
        self._column = 0
        if _is_true(attributes.get("hidden")):
            self._sheet.hide_row(self._number)

    def _end_row(self, _: Attributes) -> None:
        self._sheet.put(self._number, self._row)
        self._row.clear()

    def _end_cell(self, _: Attributes) -> None:
        text = self._text()
        if text is None:
            self._sheet.lack(self._number, self._column)
        elif text:
            self._row[self._column] = text

    def _text(self) -> str | None:
        """What a cell displays; None for a formula without a result."""
        value = self._gathered()
        kind = self._cell.get("t", "n")
        if not value or (kind == "n" and value.isspace()):
            return None if kind not in ("str", "inlineStr") and self._formula else ""
        if kind == "s":
            index = int(value)
            if not 0 <= index < len(self._book.strings):
                raise Broken(f"没有第 {index} 条共享文本")
            return self._book.strings[index]
        if kind == "b":
            return "TRUE" if _is_true(value) else "FALSE"
        if kind != "n":
            return value
        style = int(self._cell.get("s", "0"))
        formats = self._book.formats
        code = formats[style] if 0 <= style < len(formats) else _NO_FORMAT
        try:
            figure = float(value)
        except ValueError:  # a text that some program has forgotten to call one
            return value
        return display(figure, code, self._book.date1904)


@lru_cache(maxsize=1024)
def _column_number(letters: str) -> int:
    return _place(f"{letters}1")[1]


def _column(reference: str) -> int:
    """The column of a cell; its row is that of the row element."""
    return _column_number(reference.rstrip("0123456789$"))


def _place(reference: str) -> tuple[int, int]:
    """Row and column, from 1."""
    match = _PLACE.fullmatch(reference)
    if match is None:
        raise Broken(f"{reference[:20]!r} 不是单元格")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if not (0 < row <= _LAST_ROW and column <= _LAST_COLUMN):
        raise Broken(f"没有 {reference} 这个单元格")
    return row, column


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
