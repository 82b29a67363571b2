"""Goal forms as counties and provinces print them: one kind of domain object out of all."""

import io
from pathlib import Path

import docx
import pytest

from graph.mapping import to_batch
from graph.model import Document, DocumentKind
from graph.opening import open_store
from graph.schema import check
from ingest.extract import extract
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, ingest_paths
from ingest.reading import read

# "<" is covered by the cell on the left, "^" by the one above.
Row = tuple[str, ...]


def word(title: str, rows: tuple[Row, ...]) -> bytes:
    file = docx.Document()
    file.add_paragraph(title)
    width = max(len(row) for row in rows)
    table = file.add_table(rows=len(rows), cols=width)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("<", "^"):
                table.cell(r, c).text = text
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "<":
                table.cell(r, c - 1).merge(table.cell(r, c))
            elif text == "^":
                table.cell(r - 1, c).merge(table.cell(r, c))
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def read_form(title: str, rows: tuple[Row, ...]) -> Document:
    source = read(word(title, rows), "表.docx", "document:a", Limits())
    found = extract(source, "a" * 64, "表.docx")
    batch = to_batch(found, "2025-01-01T00:00:00+00:00")
    check(batch)
    for element in batch.nodes:
        assert element.evidence
        for evidence in element.evidence:
            assert source.text[evidence.start : evidence.end] == evidence.raw
    return found


def rows_of(found: Document) -> list[tuple[str, str, str, str]]:
    return [
        (i.level1.value, i.level2.value, i.name.value, i.value.value)
        for project in found.projects
        for i in project.indicators
    ]


APPLICATION: tuple[Row, ...] = (
    ("项目名称", "村级公厕改造补助", "<", "<", "<"),
    ("主管部门及代码", "[322]青禾县城市管理局", "<", "实施单位", "青禾县环卫中心"),
    ("项目属性", "新增项目", "<", "项目期", "1年"),
    ("项目资金\n（万元）", "年度资金总额：", "<", "120.50", "<"),
    ("^", "其中：财政拨款", "<", "100.50", "<"),
    ("^", "其他资金", "<", "20.00", "<"),
    ("总体目标", "1.改造公厕40座。\n2.落实管护人员。", "<", "<", "<"),
    ("绩效指标", "一级指标", "二级指标", "三级指标", "指标值"),
    ("^", "产出指标", "数量指标", "改造公厕数量", "≥40座"),
    ("^", "^", "质量指标", "验收合格率", "100%"),
    ("^", "效益指标", "社会效益指标", "村容改善", "明显改善"),
    ("^", "满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
)
APPLICATION_ROWS = [
    ("产出指标", "数量指标", "改造公厕数量", "≥40座"),
    ("产出指标", "质量指标", "验收合格率", "100%"),
    ("效益指标", "社会效益指标", "村容改善", "明显改善"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
]


def test_an_application_form() -> None:
    found = read_form("项目支出绩效目标申报表\n（2025年度）", APPLICATION)
    assert found.kind is DocumentKind.PERFORMANCE_TEXT
    (project,) = found.projects
    assert (project.name.value, project.fiscal_year) == ("村级公厕改造补助", 2025)
    assert project.department.name == "青禾县环卫中心"
    assert project.department.region.code == "青禾县", "a county that no standard knows"
    amounts = (project.budget, project.fiscal_budget, project.other_budget)
    assert [str(money.value) for money in amounts if money] == ["120.50", "100.50", "20.00"]
    assert [goal.text.value for goal in project.goals] == ["改造公厕40座。", "落实管护人员。"]
    assert rows_of(found) == APPLICATION_ROWS
    assert not found.warnings


def test_two_blocks_side_by_side() -> None:
    """实施期目标 on the left, 年度目标 on the right, each with headings of its own."""
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<", "<", "<"),
        ("实施单位", "青禾县环卫中心", "<", "<", "<", "<", "<"),
        ("总体目标", "实施期目标", "<", "<", "年度目标", "<", "<"),
        ("^", "三年改造公厕120座。", "<", "<", "改造公厕40座。", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"),
        ("产出指标", "数量指标", "改造公厕数量", "≥120座", "数量指标", "改造公厕数量", "≥40座"),
        ("^", "质量指标", "验收合格率", "100%", "质量指标", "验收合格率", "≥98%"),
    )
    found = read_form("项目支出绩效目标申报表（2025年度）", rows)
    (project,) = found.projects
    assert [goal.text.value for goal in project.goals] == ["改造公厕40座。"]
    assert [
        (i.horizon, i.level1.value, i.name.value, i.value.value) for i in project.indicators
    ] == [
        ("term", "产出指标", "改造公厕数量", "≥120座"),
        ("annual", "产出指标", "改造公厕数量", "≥40座"),
        ("term", "产出指标", "验收合格率", "100%"),
        ("annual", "产出指标", "验收合格率", "≥98%"),
    ]


def test_term_and_annual_values_in_one_block() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "中期指标值", "年度指标值"),
        ("产出指标", "数量指标", "改造公厕数量", "≥120座", "≥40座"),
        ("^", "^", "新增保洁员", "", "≥8人"),
    )
    (project,) = read_form("绩效目标表（2025年度）", rows).projects
    assert [(i.horizon, i.name.value, i.value.value) for i in project.indicators] == [
        ("term", "改造公厕数量", "≥120座"),
        ("annual", "改造公厕数量", "≥40座"),
        ("annual", "新增保洁员", "≥8人"),
    ]
    assert project.indicators[2].level2.value == "数量指标"


def test_a_self_evaluation_keeps_what_was_reached() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<", "<", "<", "<"),
        ("主管部门", "青禾县城市管理局", "<", "<", "实施单位", "青禾县环卫中心", "<", "<"),
        (
            "项目资金（万元）",
            "",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "分值",
            "执行率",
            "得分",
        ),
        ("^", "年度资金总额", "120.00", "118.00", "117.00", "10", "99%", "9.9"),
        (
            "一级指标",
            "二级指标",
            "三级指标",
            "年度指标值",
            "实际完成值",
            "分值",
            "得分",
            "偏差原因分析及改进措施",
        ),
        ("产出指标", "数量指标", "改造公厕数量", "≥40座", "38座", "20", "19", "两村选址调整"),
        ("满意度指标", "满意度指标", "群众满意度", "≥90%", "93%", "10", "10", ""),
        ("总分", "", "", "", "", "100", "97", ""),
    )
    (project,) = read_form("项目支出绩效自评表（2025年度）", rows).projects
    assert project.budget is not None and str(project.budget.value) == "118.00"
    first, second = project.indicators
    assert (first.value.value, first.actual_value and first.actual_value.value) == ("≥40座", "38座")
    assert first.weight is not None and first.weight.value == "20"
    assert first.score is not None and first.score.value == "19"
    assert first.deviation_reason is not None
    assert first.deviation_reason.value == "两村选址调整"
    assert second.deviation_reason is None


@pytest.mark.parametrize("heading", ["指标性质", "计算符号"])
def test_operator_value_and_unit_in_columns_of_their_own(heading: str) -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", heading, "指标值", "度量单位", "权重（%）"),
        ("产出指标", "数量指标", "改造公厕数量", "≥", "40", "座", "30"),
        ("效益指标", "社会效益指标", "村容改善", "定性", "明显改善", "", "20"),
    )
    (project,) = read_form("绩效目标表（2025年度）", rows).projects
    first, second = project.indicators
    assert (first.value.value, first.target.operator, first.target.unit) == ("≥40座", ">=", "座")
    assert first.weight is not None and first.weight.value == "30"
    assert (second.value.value, second.target.kind) == ("明显改善", "qualitative")


def test_the_long_list_with_project_cells_on_the_first_row() -> None:
    rows: tuple[Row, ...] = (
        (
            "单位代码",
            "单位名称",
            "项目名称",
            "项目金额",
            "年度目标",
            "一级指标",
            "二级指标",
            "三级指标",
            "指标值",
        ),
        (
            "322001",
            "青禾县环卫中心",
            "公厕改造",
            "120",
            "改造40座",
            "产出指标",
            "数量指标",
            "改造数量",
            "≥40座",
        ),
        ("", "", "", "", "", "满意度指标", "满意度指标", "群众满意度", "≥90%"),
        (
            "322002",
            "青禾县公园处",
            "公园养护",
            "80",
            "常态养护",
            "产出指标",
            "数量指标",
            "养护面积",
            "≥6公顷",
        ),
        ("", "", "", "", "", "", "质量指标", "达标率", "≥95%"),
    )
    found = read_form("2025年项目绩效目标", rows)
    assert [(p.name.value, p.department.name, len(p.indicators)) for p in found.projects] == [
        ("公厕改造", "青禾县环卫中心", 2),
        ("公园养护", "青禾县公园处", 2),
    ]
    assert rows_of(found)[3] == ("产出指标", "质量指标", "达标率", "≥95%")


def test_an_unknown_column_is_kept() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "指标值", "数据来源"),
        ("产出指标", "数量指标", "改造公厕数量", "≥40座", "验收台账"),
    )
    (project,) = read_form("绩效目标表（2025年度）", rows).projects
    assert project.indicators[0].extra == (("数据来源", "验收台账"),)


def test_a_form_without_a_project_is_told() -> None:
    rows: tuple[Row, ...] = (
        ("一级指标", "二级指标", "三级指标", "指标值"),
        ("产出指标", "数量指标", "改造公厕数量", "≥40座"),
    )
    found = read_form("绩效目标表", rows)
    assert not found.projects
    assert "form_without_project" in [w.code for w in found.warnings]


def test_a_whole_department() -> None:
    rows: tuple[Row, ...] = (
        ("部门（单位）名称", "青禾县城市管理局", "<", "<", "<"),
        ("年度主要任务", "任务名称", "主要内容", "总额", "财政拨款"),
        ("^", "公厕改造", "改造老旧公厕", "120", "100"),
        ("年度总体目标", "城区环境明显改善，落实《青禾县公厕管理办法》。", "<", "<", "<"),
        ("年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值"),
        ("^", "产出指标", "数量指标", "改造公厕数量", "≥40座"),
        ("^", "满意度指标", "满意度指标", "群众满意度", "≥90%"),
    )
    found = read_form("部门（单位）整体支出绩效目标申报表（2025年度）", rows)
    assert found.department is not None
    assert found.department.name == "青禾县城市管理局"
    assert [goal.text.value for goal in found.goals] == [
        "城区环境明显改善，落实《青禾县公厕管理办法》。"
    ]
    assert [i.name.value for i in found.indicators] == ["改造公厕数量", "群众满意度"]
    batch = to_batch(found, "2025-01-01T00:00:00+00:00")
    measured = [e for e in batch.edges if e.type == "MEASURED_BY"]
    assert [e.source.startswith("department:") for e in measured] == [True, True]
    assert [e.target for e in batch.edges if e.type == "CITES"] == ["policy:《青禾县公厕管理办法》"]


def test_a_department_measured_twice_counts_what_each_document_says(tmp_path: Path) -> None:
    for year in (2024, 2025):
        rows: tuple[Row, ...] = (
            ("部门名称", "青禾县城市管理局", "<", "<"),
            ("一级指标", "二级指标", "三级指标", "指标值"),
            *[("产出指标", "数量指标", f"指标{n}", "≥1个") for n in range(year - 2023)],
        )
        title = f"部门整体支出绩效目标申报表（{year}年度）"
        (tmp_path / f"{year}.docx").write_bytes(word(title, rows))
    with open_store(f"sqlite:///{tmp_path / 'graph.db'}") as store:
        for status in ("ingested", "unchanged"):
            reports = ingest_paths([tmp_path], store, IngestOptions())
            read = [(r.status, r.indicators) for r in reports if r.file.endswith("docx")]
            assert read == [(status, 1), (status, 2)]


NOTICE = """青禾财建〔2025〕9011号
青禾县财政局关于下达2025年公厕改造补助资金的通知
县城市管理局：
根据《云州市财政局关于下达2025年公厕改造补助资金的通知》（州财建〔2025〕9003号），下达你单位资金120万元，专款专用。
附件：区域绩效目标表
青禾县财政局
2025年3月10日"""
REGION_TABLE: tuple[Row, ...] = (
    ("专项名称", "公厕改造补助资金", "<", "<"),
    ("中央主管部门", "住房城乡建设部", "省级财政部门", "云山省财政厅"),
    ("一级指标", "二级指标", "三级指标", "指标值"),
    ("产出指标", "数量指标", "改造公厕数量", "≥40座"),
    ("满意度指标", "满意度指标", "群众满意度", "≥90%"),
)


def test_the_region_table_of_a_notice_hangs_on_its_policy() -> None:
    found = read_form(NOTICE, REGION_TABLE)
    assert found.kind is DocumentKind.FUNDING_NOTICE
    assert found.policy is not None and found.policy.number is not None
    assert found.policy.number.canonical == "青禾财建〔2025〕9011号"
    batch = to_batch(found, "2025-01-01T00:00:00+00:00")
    assert [(e.source, e.target) for e in batch.edges if e.type == "MEASURED_BY"] == [
        ("policy:青禾财建〔2025〕9011号", f"indicator:policy:青禾财建〔2025〕9011号#{n}")
        for n in (1, 2)
    ]
    assert [e.target for e in batch.edges if e.type == "CITES"] == ["policy:州财建〔2025〕9003号"]


def test_a_region_table_without_its_notice_is_told() -> None:
    found = read_form("公厕改造专项区域绩效目标表（2025年度）", REGION_TABLE)
    assert found.policy is None
    assert "table_without_notice" in [w.code for w in found.warnings]
