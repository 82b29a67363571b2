"""How a file was read, block by block."""

from pathlib import Path

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
    assert "绩效指标·指标值，照录" in said["产出指标"]
    assert "引用 云财建〔2025〕9001号" in said["产出指标"]
    assert said["一行没有人认得的话"] == ()


def test_a_passage_over_many_lines_is_read_in_all_of_them(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    text = document(tabbed()).replace("城区环境提升，全面", "城区环境\n\n提升，全面")
    path.write_text(text, encoding="utf-8")
    said = {block.evidence.raw: block.facts for block in explain(Found(path), Limits()).blocks}
    assert said["提升，全面完成年度任务。"] == ("绩效目标·正文",)
