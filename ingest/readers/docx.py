"""Word documents: what Word shows, as paragraphs and tables in their order in the body.

The source text is built here, so that evidence has something to point into: a paragraph is a
line, a table cell a line that begins with a tab, and a blank line stands between two rows.

CASE 1  tracked changes: what was put in counts, what was taken out does not
CASE 2  a text box stands behind the paragraph, or in the cell, that holds it
CASE 3  a table in a cell comes after the table around it; a table of one cell around it is none
CASE 4  footnotes and endnotes come at the end; headers, footers and comments are no part
CASE 5  hidden text is left out; automatic numbers are printed
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Any, TypeAlias

from lxml import etree

from graph.model import Warning
from ingest.archive import FAULTS, expanded_too_far, open_directory
from ingest.blocks import SourceText
from ingest.errors import DamagedFile
from ingest.limits import Limits
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_xml import attribute, child, is_on, local, number, visible
from ingest.readers.writing import ABOVE, EMPTY, LEFT, GridCell, SourceWriter, check_cells

_Element: TypeAlias = Any

_CHUNK = 1024 * 1024
_MAIN = "word/document.xml"
_TAKEN_OUT = frozenset(
    {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt", "pPr", "rPr", "sdtPr"}
)
_WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag"})
_PRINTED = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-"}
# The signs of the font Symbol that stand in target values.
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0B4": "×", "F0B0": "°", "F0D7": "·"}
_NOTES = {"footnoteReference": ("footnote", "脚注"), "endnoteReference": ("endnote", "尾注")}


def read_docx(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Raises DamagedFile where the container ends early, TooLarge where it would not end."""
    try:
        return _Builder(document, _parts(content, name, limits), name, limits).build()
    except (*FAULTS, etree.LxmlError, RecursionError) as error:
        raise DamagedFile(
            f"{name}：Word 文档已损坏或不完整；请重新下载，或用 Word 打开后另存。"
        ) from error


def _parts(content: bytes, name: str, limits: Limits) -> dict[str, _Element]:
    """The parts that hold text, numbers and styles, by their name below word/."""
    parts = {}
    with open_directory(io.BytesIO(content), name, limits) as archive:
        main = _main_part(archive, name, limits)
        folder = main.rpartition("/")[0]
        parts["document"] = _xml(archive, main, name, limits)
        for part in ("footnotes", "endnotes", "numbering", "styles"):
            path = f"{folder}/{part}.xml"
            if path in archive.NameToInfo:
                parts[part] = _xml(archive, path, name, limits)
    return parts


def _main_part(archive: zipfile.ZipFile, name: str, limits: Limits) -> str:
    if _MAIN in archive.NameToInfo:
        return _MAIN
    for relation in _xml(archive, "_rels/.rels", name, limits):
        if attribute(relation, "Type").endswith("/officeDocument"):
            return attribute(relation, "Target").lstrip("/")
    raise zipfile.BadZipFile("没有正文")


def _xml(archive: zipfile.ZipFile, part: str, name: str, limits: Limits) -> _Element:
    """A part as XML; unpacked in pieces, as sizes in a directory may lie."""
    pieces, size = [], 0
    with archive.open(part) as file:
        while piece := file.read(_CHUNK):
            size += len(piece)
            if size > limits.max_expanded_bytes:
                raise expanded_too_far(name, limits)
            pieces.append(piece)
    # No entities, no network: a document needs neither.
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(b"".join(pieces), parser)


class _Builder:
    def __init__(
        self, document: str, parts: dict[str, _Element], name: str, limits: Limits
    ) -> None:
        self._writer = SourceWriter(document)
        self._source = parts
        self._name = name
        self._limits = limits
        self._numbering = Numbering(parts.get("numbering"), parts.get("styles"))
        self._hiding = _hiding_styles(parts.get("styles"))
        self._chunks = 0
        self._notes: dict[tuple[str, str], None] = {}
        self._cells = 0

    def build(self) -> SourceText:
        body = child(self._source["document"], "body")
        if body is None:
            raise zipfile.BadZipFile("没有正文")
        self._write_blocks(self._blocks(body))
        self._write_notes()
        return self._writer.finish(self._warnings())

    def _warnings(self) -> tuple[Warning, ...]:
        if not self._chunks:
            return ()
        return (
            Warning(
                code="embedded_document",
                message=f"{self._name}：有 {self._chunks} 处嵌入了另一个文档（altChunk），没有读取"
                "；请用 Word 打开、另存后再入库。",
            ),
        )

    def _write_blocks(self, blocks: Iterator[str | _Element] | list[str | _Element]) -> None:
        for block in blocks:
            if isinstance(block, str):
                self._writer.line(block)
            else:
                self._table(block)

    def _write_notes(self) -> None:
        """Footnotes, then endnotes, each numbered in the order in which the body names them."""
        for kind, title in _NOTES.values():
            part = self._source.get(f"{kind}s")
            notes = {attribute(note, "id"): note for note in (part if part is not None else ())}
            cited = [identity for of, identity in self._notes if of == kind]
            for position, identity in enumerate(cited, start=1):
                if identity in notes:
                    blocks = list(self._blocks(notes[identity]))
                    texts = [block for block in blocks if isinstance(block, str)]
                    self._writer.line(f"{title}{position}：" + "\n".join(texts).strip())
                    self._write_blocks([block for block in blocks if not isinstance(block, str)])

    def _blocks(self, parent: _Element) -> Iterator[str | _Element]:
        """Paragraphs as texts, and tables; where the end of a paragraph was taken out, it goes on
        in the next."""
        begun = ""
        for element in parent:
            kind = local(element)
            if kind == "p":
                boxes: list[_Element] = []
                text = "".join(self._inline(element, boxes))
                mark = child(child(element, "pPr"), "rPr")
                if mark is not None and child(mark, "del") is not None:
                    begun += text
                else:
                    text = self._numbering.label(element) + begun + text
                    begun = ""
                    if text.strip() or not boxes:
                        yield text
                for box in boxes:
                    yield from self._blocks(box)
            elif kind == "tbl":
                yield element
            elif kind == "AlternateContent":
                yield from self._blocks(element[0]) if len(element) else ()
            elif kind == "altChunk":
                self._chunks += 1
            elif kind in _WRAPPERS:
                yield from self._blocks(element)
        if begun:
            yield begun

    def _inline(self, parent: _Element, boxes: list[_Element]) -> Iterator[str]:
        """The printed text of a paragraph; its text boxes are put into `boxes`."""
        for element in parent:
            kind = local(element)
            if kind in _TAKEN_OUT or (kind == "r" and not visible(element, self._hiding)):
                continue
            if kind == "t":
                yield element.text or ""
            elif kind == "br":
                yield "" if attribute(element, "type") in ("page", "column") else "\n"
            elif kind in _PRINTED:
                yield _PRINTED[kind]
            elif kind == "sym":
                yield _SYMBOLS.get(attribute(element, "char").upper(), "")
            elif kind in _NOTES:
                self._notes[_NOTES[kind][0], attribute(element, "id")] = None
            elif kind == "txbxContent":
                boxes.append(element)
            elif kind == "AlternateContent":
                # The same text box twice, for new programs and for old: once is enough.
                yield from self._inline(element[0], boxes) if len(element) else ()
            else:
                yield from self._inline(element, boxes)

    def _table(self, table: _Element) -> None:
        rows = [row for row in _inside(table, "tr") if not _is_taken_out(row)]
        cells = [list(_inside(row, "tc")) for row in rows]
        nested: list[_Element] = []
        if sum(map(len, cells)) == 1:
            (cell,) = (cell for line in cells for cell in line)
            blocks = list(self._blocks(cell))
            if not all(isinstance(block, str) for block in blocks):
                self._write_blocks(blocks)
                return
            grid = [[GridCell(_joined(blocks))]]
        else:
            self._check(rows, cells)
            grid = self._grid(rows, cells, nested)
        self._writer.table(grid)
        self._write_blocks(nested)

    def _check(self, rows: list[_Element], cells: list[list[_Element]]) -> None:
        """Raises TooLarge before a grid is built: spans are numbers, and cost nothing to write."""
        self._cells += len(rows) * max(
            (_before(row) + sum(map(_span, line)) for row, line in zip(rows, cells, strict=True)),
            default=0,
        )
        check_cells(self._cells, self._name, self._limits)

    def _grid(
        self, rows: list[_Element], cells: list[list[_Element]], nested: list[_Element]
    ) -> list[list[GridCell]]:
        grid: list[list[GridCell]] = []
        above: set[int] = set()
        for row, line in zip(rows, cells, strict=True):
            placed = [EMPTY] * _before(row)
            merged: set[int] = set()
            for cell in line:
                column, merge = len(placed), _merge(cell)
                blocks = list(self._blocks(cell))
                nested += [block for block in blocks if not isinstance(block, str)]
                if merge == "left" and placed:
                    first = LEFT
                elif merge == "above" and column in above:
                    first = ABOVE
                else:
                    first = GridCell(_joined(blocks))
                if merge in ("above", "begin"):
                    merged.add(column)
                placed += [first, *[LEFT] * (_span(cell) - 1)]
            above = merged
            if line:
                grid.append(placed)
        width = max(map(len, grid), default=0)
        return [row + [EMPTY] * (width - len(row)) for row in grid]


def _hiding_styles(styles: _Element | None) -> frozenset[str]:
    """Character styles whose text is hidden, by themselves or by the one they are based on."""
    based: dict[str, list[str]] = {}
    found: list[str] = []
    for style in styles if styles is not None else ():
        identity, vanish = attribute(style, "styleId"), child(child(style, "rPr"), "vanish")
        if attribute(style, "type") != "character":
            continue
        if is_on(vanish):
            found.append(identity)
        elif vanish is None and (parent := child(style, "basedOn")) is not None:
            based.setdefault(attribute(parent, "val"), []).append(identity)
    for identity in found:
        found.extend(based.pop(identity, ()))
    return frozenset(found)


def _joined(blocks: list[str | _Element]) -> str:
    return "\n".join(block for block in blocks if isinstance(block, str)).replace("\t", " ")


def _inside(parent: _Element, kind: str) -> Iterator[_Element]:
    """The rows of a table or the cells of a row, also those in content controls."""
    for element in parent:
        if local(element) == kind:
            yield element
        elif local(element) in _WRAPPERS:
            yield from _inside(element, kind)


def _is_taken_out(row: _Element) -> bool:
    properties = child(row, "trPr")
    return child(properties, "del") is not None or is_on(child(properties, "hidden"))


def _before(row: _Element) -> int:
    return max(0, number(child(child(row, "trPr"), "gridBefore"), 0))


def _span(cell: _Element) -> int:
    return max(1, number(child(child(cell, "tcPr"), "gridSpan"), 1))


def _merge(cell: _Element) -> str:
    """begin or above for a cell over several rows, left for one that its neighbour covers."""
    properties = child(cell, "tcPr")
    down, across = child(properties, "vMerge"), child(properties, "hMerge")
    if across is not None and attribute(across, "val") != "restart":
        return "left"
    if down is None:
        return ""
    return "begin" if attribute(down, "val") == "restart" else "above"
