"""Excel: sheets, merged cells, values as Excel shows them, and what is hidden."""

import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from ingest.blocks import SourceText
from ingest.errors import IngestError
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read

HEADING = ("单位代码", "单位名称", "项目名称", "一级指标", "二级指标", "三级指标", "指标值")


def workbook() -> openpyxl.Workbook:
    """A title over merged columns, a long list with merged project cells, a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "绩效目标"
    sheet.append(["青禾县2025年项目绩效目标表"])
    sheet.merge_cells("A1:G1")
    sheet.append(list(HEADING))
    sheet.append(
        ["322001", "青禾县环卫中心", "公厕改造", "产出指标", "数量指标", "改造数量", "≥40座"]
    )
    sheet.append([None, None, None, None, "时效指标", "完工时间", date(2025, 12, 31)])
    sheet.append([None, None, None, "满意度指标", "满意度指标", "群众满意度", 0.9])
    for letter in "ABC":
        sheet.merge_cells(f"{letter}3:{letter}5")
    sheet["G4"].number_format = 'yyyy"年"m"月"d"日"'
    sheet["G5"].number_format = "0%"
    hidden = book.create_sheet("底稿")
    hidden.append(["草稿"])
    hidden.sheet_state = "hidden"
    return book


def read_book(book: openpyxl.Workbook) -> SourceText:
    buffer = io.BytesIO()
    book.save(buffer)
    return read(buffer.getvalue(), "表.xlsx", "document:a", Limits())


def test_the_list_comes_out_with_values_as_shown() -> None:
    source = read_book(workbook())
    (project,) = extract(source, "a" * 64, "表.xlsx").projects
    assert (project.name.value, project.fiscal_year) == ("公厕改造", 2025)
    assert [(i.level1.value, i.name.value, i.value.value) for i in project.indicators] == [
        ("产出指标", "改造数量", "≥40座"),
        ("产出指标", "完工时间", "2025年12月31日"),
        ("满意度指标", "群众满意度", "90%"),
    ]


def test_sheets_are_tables_and_the_hidden_one_is_told() -> None:
    source = read_book(workbook())
    assert [table.sheet for table in source.tables] == ["绩效目标"]
    assert "草稿" not in source.text
    assert {len(row) for row in source.tables[0].rows} == {7}
    assert [w.code for w in source.warnings] == ["hidden_cells"]
    assert "底稿" in source.warnings[0].message
    covered = [cell.covered for cell in source.tables[0].rows[0]]
    assert covered == ["", *["left"] * 6]


def test_a_formula_that_was_never_calculated_is_told() -> None:
    book = workbook()
    sheet = book["绩效目标"]
    sheet["G3"] = "=1+1"
    assert "formula_without_value" in [w.code for w in read_book(book).warnings]


def test_a_cell_in_the_last_corner_stays_cheap() -> None:
    book = workbook()
    book["底稿"]["XFD1048576"] = "角落"
    try:
        source = read_book(book)
    except IngestError as error:
        assert "max_table_cells" in str(error)
    else:
        assert sum(len(t.rows) * len(t.rows[0]) for t in source.tables) < 1_000_000


@pytest.mark.parametrize("length", [100, 3000, -30])
def test_a_damaged_book_is_told(length: int) -> None:
    buffer = io.BytesIO()
    workbook().save(buffer)
    with pytest.raises(IngestError, match=r"表\.xlsx"):
        read(buffer.getvalue()[:length], "表.xlsx", "document:a", Limits())


def test_the_older_format_gives_the_same_kind_of_table() -> None:
    content = (Path(__file__).parent / "data" / "sheets.xls").read_bytes()
    source = read(content, "旧表.xls", "document:a", Limits())
    assert [table.sheet for table in source.tables] == ["绩效目标表"]
    assert "2025年12月31日" not in source.text  # its row is hidden
    assert "95%" in source.text
    assert [w.code for w in source.warnings] == ["hidden_cells", "hidden_cells"]
