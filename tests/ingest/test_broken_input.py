"""Files that are cut off, and tables merged at random: nothing crashes, nothing is invented."""

from collections.abc import Iterable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.layouts.cases import LAYOUTS, Case, cases
from bench.layouts.formats import FORMATS
from bench.layouts.grid import LEFT, UP, Area, Grid, Row, paper
from bench.layouts.score import things_read
from bench.layouts.truth import Thing, plain
from ingest.blocks import RawTable, SourceText
from ingest.errors import IngestError
from ingest.limits import Limits
from ingest.reading import read

WHOLE = {
    (case.format, case.layout.name): case
    for case in cases([layout for layout in LAYOUTS if layout.name[0] in "1257"])
}
SLOW = {"docx", "pdf", "xlsx"}


def indicators(found: Iterable[Thing]) -> list[Thing]:
    return [item for item in found if item.label == "Indicator"]


def texts(found: Iterable[Thing], field: str) -> set[str]:
    return {item.accepted(field)[0] for item in found}


def invented(cut: list[Thing], whole: list[Thing]) -> list[tuple[str, str]]:
    """Fields of the cut file that the whole one does not hold; the last row may end early."""
    found = []
    for number, item in enumerate(cut):
        last = number == len(cut) - 1
        for field in ("level1", "level2", "name"):
            text = item.accepted(field)[0]
            known = texts(whole, field) | {""}
            if text not in known and not (last and any(k.startswith(text) for k in known)):
                found.append((field, text))
        value = item.accepted("value")[0]
        if not any(value in known for known in texts(whole, "value")):
            found.append(("value", value))
    return found


def ends(content: bytes) -> st.SearchStrategy[int]:
    """Anywhere, and often just behind a mark: where a tag, a row or a cell has only begun."""
    behind = [n for n, byte in enumerate(content, start=1) if byte in b'<,|\n\t"/']
    anywhere = st.integers(0, len(content) - 1)
    return st.one_of(anywhere, st.sampled_from(behind)) if behind else anywhere


@pytest.mark.parametrize(
    ("format", "layout"),
    list(WHOLE),
    ids=lambda name: name.split()[0],
)
def test_a_cut_file_never_crashes_and_never_invents(format: str, layout: str) -> None:
    case: Case = WHOLE[format, layout]
    whole = indicators(things_read(case.content, case.filename))

    @settings(
        max_examples=10 if format in SLOW else 40,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(ends(case.content))
    def check(end: int) -> None:
        try:
            cut = indicators(things_read(case.content[:end], case.filename))
        except IngestError as error:
            assert case.filename in str(error)
            return
        assert not invented(cut, whole), end

    check()


@st.composite
def grids(draw: st.DrawFn) -> Grid:
    """Up to six by six; each row and each column has a cell that begins in it, since formats
    do not keep one that is covered from end to end."""
    height, width = draw(st.integers(2, 6)), draw(st.integers(2, 6))
    rows = [[f"格{r}{c}" for c in range(width)] for r in range(height)]
    free = {(r, c) for r in range(height) for c in range(width)}
    begins = set(free)
    for _ in range(draw(st.integers(0, 5))):
        top, left = draw(st.integers(0, height - 1)), draw(st.integers(0, width - 1))
        bottom, right = draw(st.integers(top, height - 1)), draw(st.integers(left, width - 1))
        area = {(r, c) for r in range(top, bottom + 1) for c in range(left, right + 1)}
        begin = (begins - area) | {(top, left)}
        ways = {r for r, _ in begin}, {c for _, c in begin}
        if area <= free and ways == (set(range(height)), set(range(width))):
            free, begins = free - area, begin
            for r, c in area - {(top, left)}:
                rows[r][c] = LEFT if c > left else UP
    return Grid(tuple(map(tuple, rows)))


def areas(source: SourceText, table: RawTable) -> set[Area]:
    """The areas of a table that was read, from the cells that say what covers them."""
    rows: list[Row] = [
        tuple(
            {"left": LEFT, "above": UP}.get(cell.covered, source.text[cell.start : cell.end])
            for cell in row
        )
        for row in table.rows
    ]
    return set(Grid(tuple(rows)).areas)


@pytest.mark.parametrize("format", ["docx", "html", "xlsx"])
def test_merged_cells_keep_their_text_and_area(format: str) -> None:
    @settings(max_examples=30, deadline=None)
    @given(grids())
    def check(grid: Grid) -> None:
        source = read(FORMATS[format](paper(grid)), f"表.{format}", "document:a", Limits())
        (table,) = source.tables
        assert areas(source, table) == set(grid.areas)

    check()


def test_what_a_cut_file_invents_is_seen() -> None:
    """The check itself: another name, another value, a name that ends early in the middle."""
    case = WHOLE["txt", "2 目标申报表"]
    whole = indicators(case.things)
    assert not invented(whole, whole)
    other = Thing("Indicator", "", {**whole[0].fields, "name": (plain("新 增"),), "value": ("9",)})
    assert invented([other, *whole], whole) == [("name", "新增")]
    strange = Thing("Indicator", "", {**whole[0].fields, "value": ("≥77光年",)})
    assert invented([strange], whole) == [("value", "≥77光年")]
