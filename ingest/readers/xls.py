"""Excel 97–2003 workbooks through xlrd."""

import io
import struct

import xlrd
from xlrd.biffh import (
    XL_CELL_BOOLEAN,
    XL_CELL_DATE,
    XL_CELL_ERROR,
    XL_CELL_NUMBER,
    XL_CELL_TEXT,
    error_text_from_code,
)
from xlrd.compdoc import CompDocError

from ingest.blocks import SourceText
from ingest.errors import DamagedFile
from ingest.limits import Limits
from ingest.readers.number_formats import BUILTIN, display
from ingest.readers.ole import locked
from ingest.readers.sheets import Allowance, Merge, Sheet, write_sheets

_FIRST_CUSTOM_FORMAT = 164
# What xlrd lets through on a damaged file: it checks by assert and by index.
_FAULTS = (
    xlrd.XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    NotImplementedError,
    EOFError,
    RecursionError,
)


def read_xls(content: bytes, name: str, document: str, limits: Limits) -> SourceText:
    """Every sheet that is not hidden. Raises DamagedFile, TooLarge, or UnsupportedFormat where the
    workbook has a password."""
    try:
        # Rows are kept as long as they are: a cell far to the right makes no other row longer.
        book = xlrd.open_workbook(
            file_contents=content,
            logfile=io.StringIO(),
            formatting_info=True,
            ragged_rows=True,
            on_demand=False,
        )
        allowance = Allowance(name, limits)
        sheets = [_sheet(book, sheet, allowance) for sheet in book.sheets()]
    except _FAULTS as error:
        if "encrypted" in str(error):
            raise locked(name) from error
        raise DamagedFile(
            f"{name}：Excel 工作簿（xls）已损坏或不完整；"
            "请重新下载，或用 Excel 或 WPS 打开后另存为 xlsx。"
        ) from error
    return write_sheets(sheets, document, name, limits)


def _sheet(book: xlrd.Book, source: xlrd.sheet.Sheet, allowance: Allowance) -> Sheet:
    """A formula in xls always has a result."""
    sheet = Sheet(source.name, allowance, hidden=source.visibility != 0)
    for row in range(source.nrows):
        columns = range(source.row_len(row))
        sheet.put(row + 1, {column + 1: _text(book, source, row, column) for column in columns})
    for top, bottom, left, right in source.merged_cells:
        sheet.merges.append(Merge(top + 1, left + 1, bottom, right))
    for row in sorted(row for row, info in source.rowinfo_map.items() if info.hidden):
        sheet.hide_row(row + 1)
    sheet.hidden_columns.extend(
        (column + 1, column + 1) for column, info in source.colinfo_map.items() if info.hidden
    )
    return sheet


def _text(book: xlrd.Book, source: xlrd.sheet.Sheet, row: int, column: int) -> str:
    kind = source.cell_type(row, column)
    value = source.cell_value(row, column)
    if kind == XL_CELL_TEXT:
        return str(value).replace("\r\n", "\n").replace("\r", "\n")
    if kind in (XL_CELL_NUMBER, XL_CELL_DATE):
        return display(value, _format(book, source, row, column), book.datemode == 1)
    if kind == XL_CELL_BOOLEAN:
        return "TRUE" if value else "FALSE"
    if kind == XL_CELL_ERROR:
        return str(error_text_from_code.get(value, "#N/A"))
    return ""


def _format(book: xlrd.Book, source: xlrd.sheet.Sheet, row: int, column: int) -> str:
    key = book.xf_list[source.cell_xf_index(row, column)].format_key
    if key < _FIRST_CUSTOM_FORMAT and key in BUILTIN:
        return BUILTIN[key]
    known = book.format_map.get(key)
    return known.format_str if known is not None else "General"
