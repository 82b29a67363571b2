"""Delimited text: what is one, and what only has commas in it."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.blocks import SourceText
from ingest.errors import TooLarge
from ingest.limits import Limits
from ingest.readers.csv import find_delimiter
from ingest.reading import read
from tests.ingest.documents import HEADING, ROWS, document, tabbed


def rows(source: SourceText) -> list[list[str]]:
    (table,) = source.tables
    return [[source.text[cell.start : cell.end] for cell in row] for row in table.rows]


def parse(text: str, encoding: str = "utf-8", **limits: int) -> SourceText:
    return read(text.encode(encoding), "a.csv", "document:a", Limits(**limits))


def printed(grid: list[list[str]], mark: str) -> str:
    file = io.StringIO()
    csv.writer(file, delimiter=mark).writerows(grid)
    return file.getvalue()


GRID = [list(HEADING), *map(list, ROWS)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_a_table_comes_back(mark: str, encoding: str) -> None:
    source = parse(printed(GRID, mark), encoding)
    assert rows(source) == GRID
    assert not source.has_lines


def test_quoted_cells_go_on_over_lines_and_hold_the_delimiter() -> None:
    grid = [*GRID, ["产出指标", "数量指标", "改造,\n公厕", '称"一号"', "≥12座", "甲\t乙"]]
    expected = [*GRID, [cell.replace("\t", " ") for cell in grid[-1]]]
    assert rows(parse(printed(grid, ","))) == expected


def test_lines_around_the_rows_are_paragraphs_and_short_rows_are_filled() -> None:
    text = (
        "sep=,\n青禾县2025年绩效目标表\n\n" + printed([*GRID, ["合计", "1"]], ",") + "填表人：甲\n"
    )
    source = parse(text)
    assert source.text.startswith("青禾县2025年绩效目标表\n\t一级指标")
    assert source.text.endswith("\n填表人：甲\n")
    assert rows(source)[-1] == ["合计", "1", "", "", "", ""]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_long_file_whose_beginning_ends_inside_a_quoted_cell(end: str) -> None:
    """What is looked at first is cut off somewhere: here within a cell of 400 lines, unclosed."""
    grid = [list(HEADING), *[[*ROWS[0][:5], f"依据{n}\n" * 400] for n in range(60)]]
    text = printed(grid, ",").replace("\r\n", "\n").replace("\n", end)
    assert find_delimiter(text.encode(), "a.csv") == ","
    assert [row[5].count("\n") for row in rows(parse(text))] == [0, *[399] * 60]


HEAD = [["项目名称", "公厕改造", "", ""], ["主管部门", "青禾县城管局", "实施单位", "环卫中心"]]


@pytest.mark.parametrize("labels", [1, 2, 5])
def test_labels_over_a_wider_table_are_one_table(labels: int) -> None:
    head = (HEAD * 3)[:labels]
    source = parse(printed([["青禾县绩效目标表（2025年度）"], *head, *GRID], ","))
    assert rows(source) == [*[[*row, "", ""] for row in head], *GRID]


def test_a_quote_that_is_never_closed_is_a_character() -> None:
    grid = [*GRID, ['"数量', "乙", "丙", "丁", "戊", "己"]]
    text = "\n".join(",".join(row) for row in [*grid, *GRID])
    assert rows(parse(text)) == [*grid, *GRID]


@pytest.mark.parametrize(
    "text",
    [
        document(tabbed()),  # a converter's dump: a tab before each cell
        "一,二,三\n四,五,六\n七,八,九\n",  # two commas
        "改造公厕，清运垃圾，管护设施，专人负责\n" * 20,  # Chinese commas
        "青禾县, 云岭县, 白石区, 山前区\n" * 5,  # a list in prose: a blank behind each comma
        "改造,清运,管护,专人负责。\n" * 5,  # sentences
        "一,二,三,四\n" * 2,  # two rows
        "一,二,三,四\n五\n六,七\n八\n" * 4,  # no number of commas that most rows have
        "一,二,三,四\n二,三,四,五,六\n" * 6,  # a width of its own in every row
        "青禾县财政局。\n" * 30 + "一,二,三,四\n" * 5,  # a few lines of a text
        "",
        "\x00\x01" * 40,
    ],
)
def test_what_is_not_delimited(text: str) -> None:
    assert find_delimiter(text.encode(), "a.txt") is None


def test_a_grid_over_the_limit_is_refused() -> None:
    with pytest.raises(TooLarge, match="max_table_cells"):
        parse("一,二,三,四\n" * 3000 + "," * 5000 + "五")


@pytest.mark.timeout(20)
def test_hostile_text_stays_cheap() -> None:
    quoted = "一,二,三,四\n" * 20_000 + '"' + "五,六,七,八\n" * 100_000
    assert len(rows(parse(quoted))) == 120_000


@given(st.text(alphabet='青禾,;\t"\n\r 1', max_size=200))
def test_any_text_is_delimited_or_not(text: str) -> None:
    find_delimiter(text.encode(), "a.txt")
