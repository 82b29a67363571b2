"""Excel workbooks (ECMA-376 SpreadsheetML), part by part through lxml.

openpyxl was tried first. With merged cells it holds every cell of the workbook; without, it fills
a sheet up to its furthest cell and tells neither hidden rows, nor formulas without a result, nor
the formats that Chinese systems store by number only (27 to 58).
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from lxml import etree

from ingest.archive import FAULTS, expanded_too_far, open_directory
from ingest.blocks import SourceText
from ingest.errors import DamagedFile, UnsupportedFormat
from ingest.limits import Limits
from ingest.readers.number_formats import BUILTIN, display
from ingest.readers.sheets import Merge, Sheet, column_letters, write_sheets

# A place: A1, $XFD$1048576; not: 1A, A
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
# A character written as its number: _x000D_; not: _x0D_
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LAST_ROW = 1_048_576
_LAST_COLUMN = 16_384
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATION = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_NO_FORMAT = "General"


def read_xlsx(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Every sheet, hidden ones too. Raises DamagedFile, TooLarge, or UnsupportedFormat for xlsb."""
    try:
        with open_directory(io.BytesIO(content), name, limits) as archive:
            parts = _Parts(archive, name, limits)
            return write_sheets(_sheets(parts, name), document, name, limits)
    except (*FAULTS, etree.LxmlError, LookupError) as error:
        raise DamagedFile(
            f"{name}：Excel 工作簿已损坏或不完整；请重新下载，或用 Excel 或 WPS 打开后另存。"
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

    def open(self, part: str) -> "_Part":
        return _Part(self._archive.open(part), self)

    def root(self, part: str) -> etree._Element:
        with self.open(part) as stream:
            return etree.parse(stream, _parser()).getroot()

    def count(self, size: int) -> None:
        self._unpacked += size
        if self._unpacked > self._limits.max_expanded_bytes:
            raise expanded_too_far(self._name, self._limits)


class _Part:
    """One part being read. lxml wants no more of it than `read`."""

    def __init__(self, stream: IO[bytes], parts: _Parts) -> None:
        self._stream = stream
        self._parts = parts

    def read(self, size: int) -> bytes:
        piece = self._stream.read(size)
        self._parts.count(len(piece))
        return piece

    def __enter__(self) -> "_Part":
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def _parser() -> etree.XMLParser:
    # No entities, no network: a workbook needs neither.
    return etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )


@dataclass(frozen=True, slots=True)
class _Book:
    """What cells refer to: shared strings, and the format code of each style."""

    strings: Sequence[str]
    formats: Sequence[str]
    date1904: bool


def _sheets(parts: _Parts, name: str) -> Iterator[Sheet]:
    workbook_part = _workbook_part(parts)
    if workbook_part.endswith(".bin"):
        raise UnsupportedFormat(
            f"{name}：这是二进制的 Excel 工作簿（xlsb），目前还不能直接读取；"
            "请用 Excel 或 WPS 另存为 xlsx 后再入库。"
        )
    workbook = parts.root(workbook_part)
    relations = _relations(parts, workbook_part)
    by_kind = dict(relations.values())
    properties = workbook.find("{*}workbookPr")
    book = _Book(
        _strings(parts, by_kind.get("sharedStrings")),
        _formats(parts, by_kind.get("styles")),
        properties is not None and _is_true(properties.get("date1904")),
    )
    for entry in workbook.iterfind("{*}sheets/{*}sheet"):
        relation = entry.get(f"{{{_RELATION}}}id") or entry.get(f"{{{_STRICT_RELATION}}}id")
        kind, part = relations[relation or ""]
        if kind != "worksheet":  # a chart or a dialogue on a sheet of its own has no cells
            continue
        sheet = Sheet(entry.get("name", ""), hidden=entry.get("state", "visible") != "visible")
        with parts.open(part) as stream:
            _read_sheet(stream, sheet, book)
        yield sheet


def _workbook_part(parts: _Parts) -> str:
    for kind, part in _relations(parts, "").values():
        if kind == "officeDocument":
            return part
    raise ValueError("没有工作簿")


def _elements(stream: _Part, tags: Sequence[str]) -> Iterator[etree._Element]:
    """Each element with one of the tags when it ends; what has been read is dropped."""
    names = [f"{{*}}{tag}" for tag in tags]
    events = etree.iterparse(
        stream, tag=names, resolve_entities=False, no_network=True, remove_comments=True
    )
    for _, element in events:
        yield element
        element.clear()
        parent = element.getparent()
        while element.getprevious() is not None:
            del parent[0]


def _relations(parts: _Parts, part: str) -> dict[str, tuple[str, str]]:
    """By id: the last word of its type, and the name of the part that it leads to; of the whole
    container for the part ""."""
    folder, file = posixpath.split(part)
    relations = {}
    for entry in parts.root(posixpath.join(folder, "_rels", f"{file}.rels")):
        if not isinstance(entry.tag, str) or entry.get("TargetMode") == "External":
            continue
        target = posixpath.normpath(posixpath.join("/", folder, entry.get("Target", "")))
        kind = entry.get("Type", "").rpartition("/")[2]
        relations[entry.get("Id", "")] = (kind, target.lstrip("/"))
    return relations


def _strings(parts: _Parts, part: str | None) -> list[str]:
    if part is None:
        return []
    with parts.open(part) as stream:
        return [_rich_text(element) for element in _elements(stream, ["si"])]


def _rich_text(element: etree._Element) -> str:
    """The runs of a string joined; how Japanese is pronounced (rPh) is no part of it."""
    texts = (child.text or "" for path in ("{*}t", "{*}r/{*}t") for child in element.iterfind(path))
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _formats(parts: _Parts, part: str | None) -> list[str]:
    """The format code of each style that a cell may name."""
    if part is None:
        return []
    styles = parts.root(part)
    codes = dict(BUILTIN)
    for entry in styles.iterfind("{*}numFmts/{*}numFmt"):
        codes[int(entry.get("numFmtId", "0"))] = entry.get("formatCode", _NO_FORMAT)
    return [
        codes.get(int(entry.get("numFmtId", "0")), _NO_FORMAT)
        for entry in styles.iterfind("{*}cellXfs/{*}xf")
    ]


def _read_sheet(stream: _Part, sheet: Sheet, book: _Book) -> None:
    number = 0
    for element in _elements(stream, ["row", "col", "mergeCell"]):
        kind = etree.QName(element).localname
        if kind == "mergeCell":
            first, _, last = element.get("ref", "").partition(":")
            (top, left), (bottom, right) = _place(first), _place(last or first)
            sheet.merges.append(Merge(top, left, bottom, right))
        elif kind == "col":
            if _is_true(element.get("hidden")):
                sheet.hidden_columns.append(
                    (int(element.get("min", "0")), int(element.get("max", "0")))
                )
        else:
            number = int(element.get("r", number + 1))
            if not 0 < number <= _LAST_ROW:
                raise ValueError(f"没有第 {number} 行")
            if _is_true(element.get("hidden")):
                sheet.hidden_rows.add(number)
            _read_row(element, number, sheet, book)


def _read_row(row: etree._Element, number: int, sheet: Sheet, book: _Book) -> None:
    column = 0
    for cell in row.iterfind("{*}c"):
        reference = cell.get("r")
        column = _place(reference)[1] if reference else column + 1
        text = _text(cell, book)
        if text is None:
            sheet.without_value.append(f"{column_letters(column)}{number}")
        else:
            sheet.put(number, column, text)


def _text(cell: etree._Element, book: _Book) -> str | None:
    """What a cell displays; None for a formula without a result."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find("{*}is")
        return "" if inline is None else _rich_text(inline)
    value = cell.findtext("{*}v")
    if value is None or (kind == "n" and not value.strip()):
        return None if kind != "str" and cell.find("{*}f") is not None else ""
    if kind == "s":
        index = int(value)
        if not 0 <= index < len(book.strings):
            raise ValueError(f"没有第 {index} 条共享文本")
        return book.strings[index]
    if kind == "b":
        return "TRUE" if _is_true(value) else "FALSE"
    if kind != "n":
        return _unescaped(value)
    style = int(cell.get("s", "0"))
    code = book.formats[style] if 0 <= style < len(book.formats) else _NO_FORMAT
    return display(float(value), code, book.date1904)


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
