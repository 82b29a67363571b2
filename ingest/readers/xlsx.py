"""Excel workbooks (ECMA-376 SpreadsheetML), part by part through lxml.

openpyxl was tried first. With merged cells it holds every cell of the workbook; without, it fills
a sheet up to its furthest cell and tells neither hidden rows, nor formulas without a result, nor
the formats that Chinese systems store by number only (27 to 58).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, TypeAlias

from lxml import etree

from ingest.archive import FAULTS, expanded_too_far, open_directory
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.number_formats import BUILTIN, display
from ingest.readers.sheets import Allowance, Merge, Sheet, write_sheets
from ingest.readers.writing import check_cells

# A place: A1, $XFD$1048576; not: 1A, A
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
# A character written as its number: _x000D_; not: _x0D_
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NO_FORMAT = "General"
_PIECE = 64 * 1024
_MOST_ENTRIES = 200_000
"""Of styles, sheets or relations; Excel writes 65,490 styles at most."""


def read_xlsx(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """The sheets that are seen. Raises DamagedFile, TooLarge, or UnsupportedFormat for xlsb."""
    try:
        with open_directory(io.BytesIO(content), name, limits) as archive:
            parts = _Parts(archive, name, limits)
            return write_sheets(_sheets(parts, name, limits), document, name, limits)
    except (*FAULTS, etree.LxmlError, LookupError) as error:
        raise DamagedFile(
            f"{name}：Excel 工作簿已损坏或不完整（{error}）；"
            "请重新下载，或用 Excel 或 WPS 打开后另存。"
        ) from error


class _Parts:
    """The parts of a container, unpacked as they are read; together no more than the limit.

    What is unpacked is counted, as sizes in a directory may lie.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self._archive = archive
        self._name = name
        self._limits = limits
        self._unpacked = 0

    def walk(self, part: str, target: "_Target") -> None:
        """Show a part to a target, element by element: no tree of it is ever built."""
        # No entities, no network: a workbook needs neither.
        parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True)
        with self._archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                self._unpacked += len(piece)
                if self._unpacked > self._limits.max_expanded_bytes:
                    raise expanded_too_far(self._name, self._limits)
                parser.feed(piece)
        parser.close()

    def entries(self, part: str, *kinds: str) -> "list[_Entry]":
        """The elements of these kinds. Raises ValueError for more than any workbook has."""
        target = _Entries(kinds)
        self.walk(part, target)
        return target.found


_Attributes: TypeAlias = Mapping[str, str]
_Action: TypeAlias = Callable[[_Attributes], None]
_NOTHING: _Attributes = {}


class _Target:
    """Takes in elements as they come. Namespaces are left out: strict files have others."""

    def start(self, tag: str, attributes: _Attributes) -> None: ...

    def data(self, text: str) -> None: ...

    def end(self, tag: str) -> None: ...

    def close(self) -> None: ...


class _Entry(NamedTuple):
    """An element without what stands in it; `inside` is the kind of the one around it."""

    kind: str
    inside: str
    attributes: _Attributes


class _Entries(_Target):
    def __init__(self, kinds: Sequence[str]) -> None:
        self.found: list[_Entry] = []
        self._kinds = frozenset(kinds)
        self._open = [""]

    def start(self, tag: str, attributes: _Attributes) -> None:
        kind = _local(tag)
        if kind in self._kinds:
            if len(self.found) == _MOST_ENTRIES:
                raise ValueError(f"{kind} 超过 {_MOST_ENTRIES} 个")
            self.found.append(_Entry(kind, self._open[-1], dict(attributes)))
        self._open.append(kind)

    def end(self, tag: str) -> None:
        self._open.pop()


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to: shared strings, and the format code of each style."""

    strings: Sequence[str]
    formats: Sequence[str]
    date1904: bool


def _sheets(parts: _Parts, name: str, limits: Limits) -> Iterator[Sheet]:
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


def _workbook_part(parts: _Parts) -> str:
    for kind, part in _relations(parts, "").values():
        if kind == "officeDocument":
            return part
    raise ValueError("没有工作簿")


def _relations(parts: _Parts, part: str) -> dict[str, tuple[str, str]]:
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


class _Actions(dict[str, _Action | None]):
    """What to do at a tag, from what to do at its local name."""

    def __init__(self, by_kind: Mapping[str, _Action]) -> None:
        super().__init__()
        self._by_kind = by_kind

    def __missing__(self, tag: str) -> _Action | None:
        action = self._by_kind.get(_local(tag))
        if action is not None:
            self[tag] = action
        return action


class _Texts(_Target):
    """Gathers the text of t and v elements; how Japanese is pronounced (rPh) is no part of it."""

    def __init__(self, begins: Mapping[str, _Action], ends: Mapping[str, _Action]) -> None:
        gather, rest = {"v": self._gather, "t": self._gather}, {"v": self._rest, "t": self._rest}
        self._begins = _Actions({**gather, "rPh": self._begin_sound, **begins})
        self._ends = _Actions({**rest, "rPh": self._end_sound, **ends})
        self._pieces: list[str] = []
        self._gathers = False
        self._sounds = False

    def start(self, tag: str, attributes: _Attributes) -> None:
        action = self._begins[tag]
        if action is not None:
            action(attributes)

    def data(self, text: str) -> None:
        if self._gathers:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        action = self._ends[tag]
        if action is not None:
            action(_NOTHING)

    def _gather(self, _: _Attributes) -> None:
        self._gathers = not self._sounds

    def _rest(self, _: _Attributes) -> None:
        self._gathers = False

    def _begin_sound(self, _: _Attributes) -> None:
        self._sounds = True

    def _end_sound(self, _: _Attributes) -> None:
        self._sounds = False

    def _gathered(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return _unescaped(text)


class _Strings(_Texts):
    """Shared strings. Raises TooLarge for more of them than a file may have cells."""

    def __init__(self, name: str, limits: Limits) -> None:
        super().__init__({}, {"si": self._end_string})
        self._name = name
        self._limits = limits
        self.found: list[str] = []

    def _end_string(self, _: _Attributes) -> None:
        self.found.append(self._gathered())
        check_cells(len(self.found), self._name, self._limits)


def _strings(parts: _Parts, part: str | None, name: str, limits: Limits) -> list[str]:
    target = _Strings(name, limits)
    if part is not None:
        parts.walk(part, target)
    return target.found


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _formats(parts: _Parts, part: str | None) -> list[str]:
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


class _SheetTarget(_Texts):
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
        self._cell: _Attributes = _NOTHING
        self._formula = False

    def _begin_cell(self, attributes: _Attributes) -> None:
        reference = attributes.get("r")
        self._column = _column(reference) if reference else self._column + 1
        if self._column > _LAST_COLUMN:
            raise ValueError(f"没有第 {self._column} 列")
        self._cell = attributes
        self._formula = False

    def _begin_formula(self, _: _Attributes) -> None:
        self._formula = True

    def _merge(self, attributes: _Attributes) -> None:
        first, _, last = attributes.get("ref", "").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        self._sheet.merges.append(Merge(top, left, bottom, right))

    def _hide(self, attributes: _Attributes) -> None:
        if _is_true(attributes.get("hidden")):
            ends = (int(attributes.get("min", "0")), int(attributes.get("max", "0")))
            self._sheet.hidden_columns.append(ends)

    def _begin_row(self, attributes: _Attributes) -> None:
        self._number = int(attributes.get("r", self._number + 1))
        if not 0 < self._number <= _LAST_ROW:
            raise ValueError(f"没有第 {self._number} 行")
        self._column = 0
        if _is_true(attributes.get("hidden")):
            self._sheet.hide_row(self._number)

    def _end_row(self, _: _Attributes) -> None:
        self._sheet.put(self._number, self._row)
        self._row.clear()

    def _end_cell(self, _: _Attributes) -> None:
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
                raise ValueError(f"没有第 {index} 条共享文本")
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
        raise ValueError(f"{reference[:20]!r} 不是单元格")
    column = 0
    for letter in match[1].upper():
        column = column * 26 + ord(letter) - ord("A") + 1
    row = int(match[2])
    if not (0 < row <= _LAST_ROW and column <= _LAST_COLUMN):
        raise ValueError(f"没有 {reference} 这个单元格")
    return row, column


def _is_true(value: str | None) -> bool:
    return value in ("1", "true", "on")
