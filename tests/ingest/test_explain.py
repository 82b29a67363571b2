"""How a file was read, block by block."""

from pathlib import Path

import docx
import pytest

from ingest.explain import explain
from ingest.files import Found
from ingest.limits import Limits
from tests.ingest.documents import document, tabbed


def test_every_block_says_what_became_of_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(document(tabbed()) + "一行没有人认得的话\n", encoding="utf-8")
    answer = explain(Found(path), Limits())
    said = {block.evidence.raw.split("\n")[0].strip(): block.facts for block in answer.blocks}
    assert answer.kind == "performance_text"
    assert "绩效目标·正文" in said["围绕城区环境提升，全面完成年度任务。"]
    assert "预算项目·项目编码" in said["项目编码"]
    assert "绩效指标·指标值" in said["产出指标"]
    assert "引用 云财建〔2025〕9001号" in said["产出指标"]
    assert said["一行没有人认得的话"] == ()


def facts(path: Path) -> dict[str, tuple[str, ...]]:
    """What became of each block, by its text."""
    return {block.evidence.raw: block.facts for block in explain(Found(path), Limits()).blocks}


# Each line of a notice's head, and what it is read as.
HEAD = [
    ("青禾财建〔2024〕9001号", "政策文件·文号"),
    ("青禾县财政局关于下达公厕改造资金的通知", "政策文件·标题"),
    ("县城市管理局：", "政策文件·主送机关"),
    ("现下达你单位公厕改造资金60万元。", "政策文件·文中金额"),
    ("青禾县财政局", "政策文件·发文机关"),
    ("2024年6月5日", "政策文件·成文日期"),
]
# The head of a page from the web, where labels and the letterhead say it.
PAGE = [
    ("文号：青禾财建〔2024〕9001号", "政策文件·文号"),
    ("成文日期：2024年06月05日", "政策文件·成文日期"),
    ("发文机关：青禾县财政局", "政策文件·发文机关"),
    ("关于下达公厕改造资金的通知", "政策文件·标题"),
    ("县城市管理局：", "政策文件·主送机关"),
    ("现下达你单位公厕改造资金60万元。", "政策文件·文中金额"),
]


@pytest.mark.parametrize("lines", [HEAD, PAGE])
def test_every_line_of_a_notice_says_what_it_is(
    tmp_path: Path, lines: list[tuple[str, str]]
) -> None:
    path = tmp_path / "a.txt"
    path.write_text("\n".join(line for line, _ in lines), encoding="utf-8")
    said = facts(path)
    assert [fact in said[line] for line, fact in lines] == [True] * len(lines)


def test_columns_of_no_property_are_told_by_their_headings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "青禾县2025年项目绩效目标汇总表,,,,,,,\n项目名称,预算数（万元）,一级指标,二级指标,三级指标,指标值,责任科室,审核科室\n"
        "公厕改造,60,产出指标,数量指标,改造座数,≥12座,环卫科,环卫科\n",
        encoding="utf-8",
    )
    (said,) = (facts for block, facts in facts(path).items() if "改造座数" in block)
    assert [fact for fact in said if "其他列" in fact] == [
        "绩效指标·其他列·责任科室",
        "绩效指标·其他列·审核科室",
    ]


def test_where_word_knows_no_lines_paragraphs_and_rows_are_counted(tmp_path: Path) -> None:
    written = docx.Document()
    written.add_paragraph("青禾县城市管理局")
    written.add_table(1, 2).rows[0].cells[0].text = "甲"
    written.add_paragraph("一行没有人认得的话")
    written.save(str(tmp_path / "a.docx"))
    blocks = explain(Found(tmp_path / "a.docx"), Limits()).blocks
    assert [(b.paragraph, b.evidence.table, b.evidence.row) for b in blocks] == [
        (1, None, None),
        (None, 1, 1),
        (2, None, None),
    ]


def test_a_passage_over_many_lines_is_read_in_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = document(tabbed()).replace("城区环境提升，全面", "城区环境\n\n提升，全面")
    path.write_text(text, encoding="utf-8")
    said = {block.evidence.raw: block.facts for block in explain(Found(path), Limits()).blocks}
    assert said["提升，全面完成年度任务。"] == ("绩效目标·正文",)
