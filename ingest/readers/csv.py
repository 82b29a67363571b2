"""Delimited text (csv, tsv): the same number of commas, tabs or semicolons in nearly every row,
or in each band of rows.

青禾县2025年绩效目标表            lines before and after the rows are paragraphs
项目名称,一级指标,三级指标,指标值
公厕改造,产出指标,"改造
公厕数量",≥12座                   a quoted cell may go on over lines
"""

import csv
import re
from array import array
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import islice, pairwise

from graph.model import Warning
from ingest.blocks import SourceText
from ingest.encoding import decode
from ingest.errors import IngestError
from ingest.limits import Limits
from ingest.readers.writing import EMPTY, GridCell, SourceWriter, check_cells

_SAMPLE = 64 * 1024
_FEWEST_DELIMITERS = 3
_FEWEST_ROWS = 3
_SHARE = 0.8
_PROSE_BELOW = 10  # rows; among so few, sentences may have equal numbers of commas by chance
_SENTENCE_END = ("。", "；", "！", "？", ".", "：")
# "roads, parks, toilets"  ·  not: 公厕改造,产出指标
_AFTER_BLANK = re.compile(r"[,;] ")
# A line with its end, or the last one without: 甲,乙\r\n  ·  not: ""
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
# Excel's note to itself in the first line: sep=;  ·  not: 项目,sep=
_EXCEL_NOTE = re.compile(r"\Asep=[,;\t]\r?\n")


def find_delimiter(content: bytes, name: str) -> str | None:
    """The delimiter of a text that is clearly delimited; None for prose and for binary content."""
    try:
        text, _ = decode(content[:_SAMPLE], name)
    except IngestError:
        return None
    cut = len(content) > _SAMPLE
    if cut:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    return next((mark for mark in "\t,;" if _is_delimited(text, mark, cut)), None)


def _is_delimited(text: str, mark: str, cut: bool) -> bool:
    if text.count(mark) < _FEWEST_DELIMITERS * _FEWEST_ROWS:
        return False
    rows = [row for row in _sample_rows(text, mark, cut) if len(row) > 1 or row[0].strip()]
    first, last = _body([len(row) for row in rows])
    if (last - first) * 2 <= len(rows):
        return False
    rows = rows[first:last]
    if not _is_regular([len(row) for row in rows]):
        return False
    if mark == "\t":
        return True
    sentences = sum(row[-1].rstrip().endswith(_SENTENCE_END) for row in rows)
    if len(rows) < _PROSE_BELOW and sentences * 2 > len(rows):
        return False
    return len(_AFTER_BLANK.findall(text)) * 2 <= text.count(mark)


def _is_regular(widths: list[int]) -> bool:
    """Nearly all rows of one width; or rows in bands of one width each, as where the labels of a
    form stand above its table: 4 4 4 4 9 9 9."""
    width, count = Counter(widths).most_common(1)[0]
    if width <= _FEWEST_DELIMITERS or count < _FEWEST_ROWS:
        return False
    if count >= len(widths) * _SHARE:
        return True
    wide = sum(width > _FEWEST_DELIMITERS for width in widths)
    changes = sum(above != below for above, below in pairwise(widths))
    return wide >= len(widths) * _SHARE and changes <= max(1, len(widths) * (1 - _SHARE))


def _sample_rows(text: str, mark: str, cut: bool) -> list[list[str]]:
    """Rows of the beginning of a file, which may end inside a quoted cell: that row is left out."""
    lines = list(_lines(text))
    rows: list[list[str]] = []
    reader = csv.reader(lines, delimiter=mark, strict=True)
    done = 0
    try:
        for row in reader:
            rows.append(row)
            done = reader.line_num
    except csv.Error:
        if not cut or sum(map(len, lines[done:])) * 2 > len(text):
            rows = list(_unquoted(text, mark))
    return [row for row in rows if row]


def _lines(text: str) -> Iterator[str]:
    """With their ends, one by one: a list of them would be the whole text once more."""
    note = _EXCEL_NOTE.match(text)
    return (line[0] for line in _LINE.finditer(text, note.end() if note else 0))


def _unquoted(text: str, mark: str) -> Iterator[list[str]]:
    return (line.rstrip("\r\n").split(mark) for line in _lines(text))


def _quoted(text: str, mark: str) -> Iterator[list[str]]:
    return csv.reader(_lines(text), delimiter=mark, strict=True)


def _parsed(text: str, mark: str) -> Callable[[], Iterator[list[str]]]:
    """What gives the rows that are not blank, as often as it is called. A quote that is never
    closed would swallow the rest: then quotes are plain characters."""
    split = _quoted
    try:
        for _ in _quoted(text, mark):
            pass
    except csv.Error:
        split = _unquoted
    return lambda: (row for row in split(text, mark) if any(map(str.strip, row)))


def _body(widths: Sequence[int]) -> tuple[int, int]:
    """From the first row with a delimiter to behind the last one; an empty range without any."""
    divided = [index for index, width in enumerate(widths) if width > 1]
    return (divided[0], divided[-1] + 1) if divided else (0, 0)


def read_csv(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """One table. Raises UnsupportedFormat, UnknownEncoding, or TooLarge for its padded grid."""
    text, cut = decode(content, name)
    mark = find_delimiter(content, name) or ","
    parsed = _parsed(text, mark)
    widths = array("I", map(len, parsed()))
    first, last = _body(widths)
    width = max(widths, default=0)
    check_cells(width * (last - first), name, limits)
    writer = SourceWriter(document)
    rows = parsed()
    for row in islice(rows, first):
        writer.paragraphs(row[0].strip())
    writer.table(_cells(row, width) for row in islice(rows, last - first))
    for row in rows:
        writer.paragraphs(row[0].strip())
    message = f"{name}：文件在一个汉字中间断开，末尾可能缺失内容。"
    return writer.finish((Warning(code="cut_off", message=message),) if cut else ())


def _cells(row: list[str], width: int) -> list[GridCell]:
    texts = [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row]
    return [*map(GridCell, texts), *[EMPTY] * (width - len(row))]
