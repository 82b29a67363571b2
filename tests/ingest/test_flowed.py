"""Tables in dumps of PDFs: a small printer breaks cells as a page does, the reader mends them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.values.text import fold
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read

# level 1 and 2, name, description, value, basis: in full-width characters
WIDTHS = (5, 5, 5, 11, 5, 5)

HEAD = """ 第二部分

预算项目绩效目标
 1.公厕改造经费绩效目标表
322001 青禾县城市管理局本级 单位：万元

项目编码
99012124P0000101100
01X

项目名称 公厕改造经费

预算规模及
资金用途

预算数 60.00
其中：财政

资金
60.00 其他资金

用于改造城区老旧公厕

资金支出计
划（%）

3 月底 6 月底 10 月底 12 月底

15.00 30.00 45.00 60.00

绩效目标 1.改造公厕

一级指标 二级指标 三级指标 绩效指标描述 指标值
指标值确定

依据

"""

ROWS = (
    ("产出指标", "数量指标", "公厕数量", "改造公厕的座数", "≥12 座", "2024年工作计划"),
    (
        "产出指标",
        "质量指标",
        "验收合格率",
        "一次验收合格的公厕比例",
        "100 百分比",
        "2024年工作计划",
    ),
    (
        "产出指标",
        "时效指标",
        "完工时限",
        "按照工作计划要求全部完工的时间",
        "12月31日前",
        "2024年工作计划",
    ),
    (
        "产出指标",
        "成本指标",
        "项目所用资金",
        "改造过程中使用的资金额不超过60万",
        "≤60 万元",
        "财务凭证",
    ),
    ("效益指标", "社会效益指标", "街面环境得到改善", "街面环境改善", "环境明显改善", "居民反映"),
    ("效益指标", "可持续影响指标", "管护年限", "持续管护", "≥3 年", "管护合同要求"),
    (
        "满意度指标",
        "服务对象满意度指标",
        "群众满意度",
        "城区居民和外来人员如厕后的满意度",
        "≥90%",
        "满意度调查",
    ),
)


def wrap(text: str, width: int) -> list[str]:
    """Break where the next character does not fit; figures are not broken, as on a page."""
    lines, line, used = [], "", 0.0
    position = 0
    while position < len(text):
        end = position + 1
        if text[position].isdigit():
            while end < len(text) and (text[end].isdigit() or text[end] in ".%"):
                end += 1
        unit = text[position:end]
        size = sum(0.25 if c == " " else 0.5 if ord(c) < 0x2E80 else 1 for c in unit)
        if used + size > width and line:
            lines.append(line)
            line, used = "", 0.0
        line, used = line + unit, used + size
        position = end
    return [part.strip() for part in [*lines, line] if part.strip()]


def flow(rows: tuple[tuple[str, ...], ...]) -> str:
    """Cells that fit share a line; a broken one gets lines of its own, as converters print it."""
    out, above = [], ""
    for row in rows:
        if row[0] != above:
            out.append("\n".join(wrap(row[0], WIDTHS[0])) + "\n")
        above = row[0]
        shared: list[str] = []
        for cell, width in zip(row[1:], WIDTHS[1:], strict=True):
            lines = wrap(cell, width)
            if len(lines) == 1:
                shared.append(lines[0])
                continue
            if shared:
                out.append(" ".join(shared))
                shared = []
            out.append("\n".join(lines))
        if shared:
            out.append(" ".join(shared))
        out.append("")
    return "\n".join(out)


def read_rows(text: str) -> list[tuple[str, ...]]:
    source = read(text.encode(), "a.txt", "document:a", Limits())
    (project,) = extract(source, "a" * 64, "a.txt").projects
    return [
        tuple(t.value for t in (i.level1, i.level2, i.name, i.description, i.value, i.basis))
        for i in project.indicators
    ]


def plain(rows: object) -> object:
    """The printer's line breaks beside figures leave blanks; they are not what is tested here."""
    assert isinstance(rows, (list, tuple))
    return [tuple(fold(cell).replace(" ", "") for cell in row) for row in rows]


def test_broken_cells_are_put_together() -> None:
    assert plain(read_rows(HEAD + flow(ROWS))) == plain(ROWS)


def test_the_head_is_read_without_tabs() -> None:
    source = read((HEAD + flow(ROWS)).encode(), "a.txt", "document:a", Limits())
    (project,) = extract(source, "a" * 64, "a.txt").projects
    assert project.code is not None and project.code.value == "99012124P000010110001X"
    assert project.name.value == "公厕改造经费"
    assert project.budget is not None and str(project.budget.value) == "60.00"
    assert project.purpose is not None and project.purpose.value == "用于改造城区老旧公厕"
    assert project.spending_plan is not None and project.spending_plan.unit == "amount"
    assert [goal.text.value for goal in project.goals] == ["改造公厕"]


@pytest.mark.parametrize("broken", ["- 12 -\n", "第 3 页 共 9 页\n", "\n\n\n"])
def test_a_page_break_between_rows_changes_nothing(broken: str) -> None:
    text = flow(ROWS[:3]) + "\n" + broken + "\n" + flow((ROWS[3],)).removeprefix("产出指标\n\n")
    assert plain(read_rows(HEAD + text)) == plain(ROWS[:4])


def test_the_heading_printed_again_is_no_row() -> None:
    heading = HEAD[HEAD.index("一级指标") :]
    text = flow(ROWS[:4]) + "\n" + heading + flow(ROWS[4:])
    assert plain(read_rows(HEAD + text)) == plain(ROWS)


@settings(max_examples=60, deadline=None)
@given(st.permutations(ROWS[:4]), st.permutations(ROWS[4:6]))
def test_rows_come_out_in_any_order(
    first: list[tuple[str, ...]], second: list[tuple[str, ...]]
) -> None:
    rows = (*first, *second, ROWS[6])
    assert plain(read_rows(HEAD + flow(rows))) == plain(rows)
