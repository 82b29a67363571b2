"""Delimited text (csv, tsv): the same number of commas, tabs or semicolons in nearly every row.

青禾县2025年绩效目标表            lines before and after the rows are paragraphs
项目名称,一级指标,三级指标,指标值
公厕改造,产出指标,"改造
公厕数量",≥12座                   a quoted cell may go on over lines
"""

import csv
import io
import re
from collections import Counter

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
# Excel's note to itself in the first line: sep=;  ·  not: 项目,sep=
_EXCEL_NOTE = re.compile(r"\Asep=[,;\t]\r?\n")


def find_delimiter(content: bytes, name: str) -> str | None:
    """The delimiter of a text that is clearly delimited; None for prose and for binary content."""
    try:
        text, _ = decode(content[:_SAMPLE], name)
    except IngestError:
        return None
    if len(content) > _SAMPLE:
        text = text[: text.rfind("\n") + 1]
    return next((mark for mark in "\t,;" if _is_delimited(text, mark)), None)


def _is_delimited(text: str, mark: str) -> bool:
    if text.count(mark) < _FEWEST_DELIMITERS * _FEWEST_ROWS:
        return False
    rows = [row for row in _rows(text, mark) if len(row) > 1 or (row and row[0].strip())]
    first, last = _body(rows)
    if (last - first) * 2 <= len(rows):
        return False
    rows = rows[first:last]
    width, count = Counter(len(row) for row in rows).most_common(1)[0]
    if width <= _FEWEST_DELIMITERS or count < max(_FEWEST_ROWS, len(rows) * _SHARE):
        return False
    if mark == "\t":
        return True
    sentences = sum(row[-1].rstrip().endswith(_SENTENCE_END) for row in rows)
    if len(rows) < _PROSE_BELOW and sentences * 2 > len(rows):
        return False
    return len(_AFTER_BLANK.findall(text)) * 2 <= text.count(mark)


def _body(rows: list[list[str]]) -> tuple[int, int]:
    """From the first row with a delimiter to behind the last one; an empty range without any."""
    divided = [index for index, row in enumerate(rows) if len(row) > 1]
    return (divided[0], divided[-1] + 1) if divided else (0, 0)


def _rows(text: str, mark: str) -> list[list[str]]:
    """A quote that is never closed would swallow the rest: then quotes are plain characters."""
    text = _EXCEL_NOTE.sub("", text)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error:
        lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        return [line.split(mark) for line in lines]


def read_csv(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """One table. Raises UnsupportedFormat, UnknownEncoding, or TooLarge for its padded grid."""
    text, cut = decode(content, name)
    mark = find_delimiter(content, name) or ","
    rows = [row for row in _rows(text, mark) if any(cell.strip() for cell in row)]
    first, last = _body(rows)
    width = max((len(row) for row in rows), default=0)
    check_cells(width * (last - first), name, limits)
    writer = SourceWriter(document)
    for row in rows[:first]:
        writer.paragraphs(row[0].strip())
    writer.table(_cells(row, width) for row in rows[first:last])
    for row in rows[last:]:
        writer.paragraphs(row[0].strip())
    message = f"{name}：文件在一个汉字中间断开，末尾可能缺失内容。"
    return writer.finish((Warning(code="cut_off", message=message),) if cut else ())


def _cells(row: list[str], width: int) -> list[GridCell]:
    texts = [cell.replace("\r\n", "\n").replace("\r", "\n").strip() for cell in row]
    return [*map(GridCell, texts), *[EMPTY] * (width - len(row))]
