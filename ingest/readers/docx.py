"""Word documents through python-docx: paragraphs and tables in their order in the body.

The source text is built here, so that evidence has something to point into: a paragraph is a
line, a table cell a line that begins with a tab, and a blank line stands between two rows.
"""

import io
import zipfile
from collections.abc import Iterator
from typing import Literal

import docx
from docx.document import Document as WordDocument
from docx.opc.exceptions import PackageNotFoundError
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml.etree import LxmlError

from ingest.blocks import Cell, RawTable, SourceText
from ingest.errors import DamagedFile, TooLarge
from ingest.limits import Limits


def read_docx(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Raises DamagedFile where the container ends early, TooLarge where it would not end."""
    try:
        _check_size(content, name, limits)
        word = docx.Document(io.BytesIO(content))
        return _Builder(document).build(word)
    except (
        zipfile.BadZipFile,
        PackageNotFoundError,
        LxmlError,
        KeyError,
        ValueError,
        EOFError,
        OSError,
    ) as error:
        raise DamagedFile(
            f"{name}：Word 文档已损坏或不完整（{error}）；请重新下载，或用 Word 打开后另存。"
        ) from error


def _check_size(content: bytes, name: str, limits: Limits) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        expanded = sum(member.file_size for member in archive.infolist())
    if expanded > limits.max_expanded_bytes:
        raise TooLarge(
            f"{name}：解压后超过上限 {limits.max_expanded_bytes // (1024 * 1024)} MiB"
            "（max_expanded_bytes）；请拆分文件。"
        )


class _Builder:
    def __init__(self, document: str) -> None:
        self._document = document
        self._parts: list[str] = []
        self._length = 0
        self._tables: list[RawTable] = []

    def build(self, word: WordDocument) -> SourceText:
        for block in word.iter_inner_content():
            if isinstance(block, Paragraph):
                self._write(block.text + "\n")
            else:
                self._table(block)
        return SourceText(
            self._document, "".join(self._parts), tuple(self._tables), has_lines=False
        )

    def _write(self, text: str) -> int:
        start = self._length
        self._parts.append(text)
        self._length += len(text)
        return start

    def _table(self, table: Table) -> None:
        rows = []
        for texts in _grid(table):
            cells = []
            for text, covered in texts:
                start = self._length if covered else self._write("\t" + text + "\n") + 1
                cells.append(Cell(start, start + len(text), covered))
            self._write("\n")
            if cells:
                rows.append(tuple(cells))
        if rows:
            self._tables.append(RawTable(len(self._tables) + 1, tuple(rows)))


def _grid(table: Table) -> Iterator[list[tuple[str, Literal["", "left", "above"]]]]:
    """Rows of texts, each with what covers it: python-docx gives one cell for all it spans."""
    above: set[object] = set()
    for row in table.rows:
        texts: list[tuple[str, Literal["", "left", "above"]]] = []
        here: set[object] = set()
        for cell in row.cells:
            if cell._tc in here:
                texts.append(("", "left"))
            elif cell._tc in above:
                texts.append(("", "above"))
            else:
                texts.append((cell.text.replace("\t", " "), ""))
            here.add(cell._tc)
        above = here
        yield texts
