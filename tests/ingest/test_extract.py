"""A whole document from text to domain objects, and what converters do to it on the way."""

import io
from collections.abc import Callable

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.model import Document, DocumentKind, GoalScope
from ingest.errors import IngestError
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read
from tests.ingest.documents import HEADING, ROWS, document, merged, tabbed

LIMITS = Limits()


def read_text(text: str) -> Document:
    source = read(text.encode(), "a.txt", "document:a", LIMITS)
    return extract(source, "a" * 64, "a.txt")


def cells(found: Document) -> list[tuple[str, ...]]:
    return [
        tuple(t.value for t in (i.level1, i.level2, i.name, i.description, i.value, i.basis))
        for project in found.projects
        for i in project.indicators
    ]


def test_a_project_comes_out_whole() -> None:
    found = read_text(document(tabbed()))
    assert (found.kind, found.fiscal_year, found.fiscal_year_source) == (
        DocumentKind.PERFORMANCE_TEXT,
        2025,
        "title",
    )
    assert found.title == "青禾县城市管理局2025年部门预算绩效文本"
    (project,) = found.projects
    assert project.code is not None and project.code.value == "99012125P000010110001X"
    assert project.name.value == "2025年公厕改造经费"
    assert project.budget is not None and str(project.budget.value) == "60.00"
    assert project.other_budget is not None and project.other_budget.value is None
    assert project.purpose is not None and project.purpose.value == "用于改造城区老旧公厕。"
    assert project.spending_plan is not None
    assert project.spending_plan.values == ("25", "50", "75", "100")
    assert project.spending_plan.unit == "percent"
    assert [goal.text.value for goal in project.goals] == ["改造公厕12座。", "做到专人管护。"]
    assert project.department.code == "322001"
    assert project.department.region.name == "青禾县"
    assert cells(found) == list(ROWS)
    assert not found.warnings


def test_goals_of_the_department() -> None:
    goals = read_text(document(tabbed())).goals
    assert [(g.scope, g.title.value if g.title else None) for g in goals] == [
        (GoalScope.OVERALL, None),
        (GoalScope.SUB, "环境提升"),
        (GoalScope.SUB, "垃圾清运"),
        (GoalScope.SAFEGUARD, None),
    ]
    assert goals[1].text.value == "改造老旧公厕，依据《青禾县公厕管理办法》落实管护。"
    assert goals[1].indicator_text is not None
    assert goals[1].indicator_text.value == "全年改造公厕不少于12座。"
    assert [c.title for c in goals[1].citations] == ["青禾县公厕管理办法"]


_HEADING_AGAIN = "".join(f"\t{title}\n" for title in HEADING) + "\n"
CONTENTS = "目 录\n一、总体绩效目标\t1\n1.2025年公厕改造经费绩效目标表\t3\n"
CONTENTS_WITHOUT_PAGES = "目 录\n1.2025年公厕改造经费绩效目标表\n2.垃圾清运经费绩效目标表\n\n"


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("a table of contents", lambda text: CONTENTS + text),
        ("a table of contents without page numbers", lambda text: CONTENTS_WITHOUT_PAGES + text),
        (
            "a blank line inside a cell",
            lambda text: text.replace("\t改造公厕数量\n", "\t改造公厕数量\n\n"),
        ),
        (
            "white space inside a cell",
            lambda text: text.replace("\t明显改善\n", "\t明显改善\n  \n"),
        ),
        (
            "a cell broken over lines",
            lambda text: text.replace("本年改造公厕的座数", "本年改造公\n厕的座数"),
        ),
        ("the empty first cell lost", lambda text: text.replace("\t\n\t时效指标", "\t时效指标")),
        (
            "a heading printed again",
            lambda text: text.replace("\t效益指标\n", _HEADING_AGAIN + "\t效益指标\n"),
        ),
        ("a level broken over lines", lambda text: text.replace("社会效益指标", "社会效益指\n标")),
        (
            "a code broken by a blank",
            lambda text: text.replace("P000010110001X", "P00001011 0001X"),
        ),
        (
            "a code broken over lines",
            lambda text: text.replace("P000010110001X", "P00001011\n0001X"),
        ),
        ("Windows line ends", lambda text: text.replace("\n", "\r\n")),
        (
            "tabs at the end of a cell",
            lambda text: text.replace("老旧公厕。\n", "老旧公厕。\t\t\n\t\t\t\n"),
        ),
    ],
)
def test_damage_by_converters_changes_nothing(name: str, damage: Callable[[str], str]) -> None:
    text = document(tabbed())
    damaged = damage(text)
    assert damaged != text, "the damage must hit"
    found = read_text(damaged)
    assert cells(found) == list(ROWS)
    assert [p.code and p.code.value for p in found.projects] == ["99012125P000010110001X"]
    assert [p.name.value for p in found.projects] == ["2025年公厕改造经费"]


def test_a_row_with_too_few_cells_is_reported_and_the_rest_read() -> None:
    found = read_text(document(tabbed().replace("\t12月31日前\n", "")))
    assert cells(found) == [ROWS[0], *ROWS[2:]]
    assert [w.code for w in found.warnings] == ["row_unread"]
    assert found.warnings[0].evidence is not None and found.warnings[0].evidence.line


def test_a_project_printed_twice_counts_once() -> None:
    found = read_text(document(tabbed(), tabbed()))
    assert len(found.projects) == 1
    assert [w.code for w in found.warnings] == ["project_twice"]


def test_projects_of_one_name_stay_apart() -> None:
    found = read_text(document(tabbed(), tabbed(code="99012125P000010110002X")))
    assert len(found.projects) == 2


def test_an_odd_code_is_told_and_the_project_kept() -> None:
    found = read_text(document(tabbed(code="待定")))
    assert found.projects[0].code is None
    assert "project_code_odd" in [w.code for w in found.warnings]


def test_amounts_under_a_percent_heading() -> None:
    text = tabbed().replace("\t25%\n\t50%\n\t75%\n\t100%\n", "\t15.00\n\t30.00\n\t45.00\n\t60.00\n")
    plan = read_text(document(text)).projects[0].spending_plan
    assert plan is not None and plan.unit == "amount"


def test_text_without_a_project_is_kept_as_unknown() -> None:
    found = read_text("今天天气晴，适合外出。\n")
    assert found.kind is DocumentKind.UNKNOWN
    assert [w.code for w in found.warnings] == ["nothing_found"]


def test_word_and_text_give_the_same() -> None:
    word = docx.Document()
    for line in document().split("\n"):
        word.add_paragraph(line)
    word.add_paragraph("1.2025年公厕改造经费绩效目标表")
    table = word.add_table(rows=0, cols=6)
    for row in (
        ("322001青禾县城市管理局本级", "", "", "", "", "单位：万元"),
        ("项目编码", "99012125P000010110001X", "", "项目名称", "2025年公厕改造经费", ""),
    ):
        for cell, text in zip(table.add_row().cells, row, strict=True):
            cell.text = text
    goals = word.add_table(rows=0, cols=6)
    for cells_of_row in (HEADING, *merged(ROWS)):
        for cell, text in zip(goals.add_row().cells, cells_of_row, strict=True):
            cell.text = text
    goals.cell(1, 0).merge(goals.cell(2, 0))
    buffer = io.BytesIO()
    word.save(buffer)
    source = read(buffer.getvalue(), "a.docx", "document:a", LIMITS)
    found = extract(source, "a" * 64, "a.docx")
    assert cells(found) == list(ROWS)
    assert found.projects[0].name.value == "2025年公厕改造经费"


def test_a_word_document_cut_off_is_told() -> None:
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    with pytest.raises(IngestError, match=r"a\.docx.*损坏"):
        read(buffer.getvalue()[:-200], "a.docx", "document:a", LIMITS)


@settings(max_examples=150, deadline=None)
@given(st.integers(min_value=1, max_value=len(document(tabbed()).encode())))
def test_cut_at_any_byte_nothing_is_invented(length: int) -> None:
    """Every row read from a cut document is a row of the whole one, but for the last cell."""
    content = document(tabbed()).encode()[:length]
    try:
        source = read(content, "a.txt", "document:a", LIMITS)
    except IngestError:
        return
    for row in cells(extract(source, "a" * 64, "a.txt")):
        assert any(row[:5] == whole[:5] and whole[5].startswith(row[5]) for whole in ROWS), row


def test_a_project_cut_off_before_its_rows_is_told() -> None:
    text = tabbed()
    found = read_text(document(text[: text.index("\t一级指标")]))
    assert [w.code for w in found.warnings] == ["project_without_indicators"]
