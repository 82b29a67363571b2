"""Goal forms as counties and provinces print them: one kind of domain object out of all."""

import io
from pathlib import Path

import docx
import docx.document
import pytest
from docx.table import Table

from graph.mapping import to_batch
from graph.model import Document, DocumentKind, GoalScope
from graph.opening import open_store
from graph.schema import check
from ingest.extract import extract
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, ingest_paths
from ingest.reading import read
from tests.ingest.documents import extra_of

# "<" is covered by the cell on the left, "^" by the one above.
Row = tuple[str, ...]


def word(title: str, rows: tuple[Row, ...]) -> bytes:
    file = docx.Document()
    file.add_paragraph(title)
    fill(file.add_table(rows=len(rows), cols=max(len(row) for row in rows)), rows)
    return saved(file)


def fill(table: Table, rows: tuple[Row, ...]) -> None:
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text not in ("<", "^"):
                table.cell(r, c).text = text
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text == "<":
                table.cell(r, c - 1).merge(table.cell(r, c))
            elif text == "^" and r:
                table.cell(r - 1, c).merge(table.cell(r, c))


def saved(file: docx.document.Document) -> bytes:
    buffer = io.BytesIO()
    file.save(buffer)
    return buffer.getvalue()


def of_word(file: docx.document.Document) -> Document:
    return read_content(saved(file))


def read_form(title: str, rows: tuple[Row, ...]) -> Document:
    return read_content(word(title, rows))


def read_content(content: bytes) -> Document:
    source = read(content, "表.docx", "document:a", Limits())
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
    assert [(goal.horizon, goal.text.value) for goal in project.goals] == [
        (None, "改造公厕40座。"),
        ("term", "三年改造公厕120座。"),
    ]
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
    found = read_form("绩效目标表（2025年度）", rows)
    (project,) = found.projects
    assert extra_of(project.indicators[0]) == (("数据来源", "验收台账"),)
    (warning,) = found.warnings
    assert (warning.code, "数据来源" in warning.message) == ("unknown_columns", True)
    assert warning.evidence is not None and warning.evidence.raw == "验收台账"


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
    overall, task = found.goals
    assert overall.text.value == "城区环境明显改善，落实《青禾县公厕管理办法》。"
    assert (task.scope, task.title and task.title.value, task.text.value) == (
        GoalScope.TASK,
        "公厕改造",
        "改造老旧公厕",
    )
    assert [str(money.value) for money in (task.budget, task.fiscal_budget) if money] == [
        "120",
        "100",
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


def test_a_region_table_that_stands_alone_is_a_project() -> None:
    rows: tuple[Row, ...] = (
        REGION_TABLE[0],
        REGION_TABLE[1],
        ("省级主管部门", "云山省住房城乡建设厅", "<", "<"),
        ("资金情况（万元）", "年度金额：", "3000", "<"),
        ("^", "其中：中央补助", "2000", "<"),
        ("^", "地方资金", "1000", "<"),
        *REGION_TABLE[2:],
    )
    found = read_form("公厕改造专项区域绩效目标表（2025年度）", rows)
    (project,) = found.projects
    assert (project.name.value, project.department.name) == (
        "公厕改造补助资金",
        "云山省住房城乡建设厅",
    )
    amounts = (project.budget, project.fiscal_budget, project.other_budget)
    assert [str(money.value) for money in amounts if money] == ["3000", "2000", "1000"]
    assert not found.warnings


def test_the_years_of_a_form_stand_side_by_side() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "指标值", "<", "<"),
        ("^", "^", "^", "2024年", "2025年", "2026年"),
        ("产出指标", "数量指标", "改造公厕数量", "≥30座", "≥40座", "≥50座"),
    )
    (project,) = read_form("项目支出绩效目标申报表（2025年度）", rows).projects
    (indicator,) = project.indicators
    assert indicator.value.value == "≥40座"
    assert extra_of(indicator) == (("2024年", "≥30座"), ("2026年", "≥50座"))


def test_half_a_year_and_the_whole() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "半年指标值", "全年指标值"),
        ("产出指标", "数量指标", "改造公厕数量", "≥10座", "≥40座"),
    )
    (project,) = read_form("绩效目标表（2025年度）", rows).projects
    (indicator,) = project.indicators
    assert indicator.half_year_value is not None
    assert (indicator.half_year_value.value, indicator.value.value) == ("≥10座", "≥40座")


def test_a_table_on_its_side() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<"),
        ("实施单位", "青禾县环卫中心", "<", "<"),
        ("一级指标", "产出指标", "<", "满意度指标"),
        ("二级指标", "数量指标", "质量指标", "服务对象满意度指标"),
        ("三级指标", "改造公厕数量", "验收合格率", "群众满意度"),
        ("指标值", "≥40座", "100%", "≥90%"),
    )
    found = read_form("项目支出绩效目标表（2025年度）", rows)
    (project,) = found.projects
    assert (project.name.value, project.department.name) == ("村级公厕改造补助", "青禾县环卫中心")
    assert rows_of(found) == [
        ("产出指标", "数量指标", "改造公厕数量", "≥40座"),
        ("产出指标", "质量指标", "验收合格率", "100%"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
    ]
    places = [(i.name.evidence.row, i.name.evidence.column) for i in project.indicators]
    assert places == [(5, 2), (5, 3), (5, 4)]


@pytest.mark.parametrize("repeated", [True, False])
@pytest.mark.parametrize("between", ["", "- 2 -", "（续表）"])
def test_a_table_split_over_two_pages(repeated: bool, between: str) -> None:
    heading = APPLICATION[7]
    file = docx.Document()
    file.add_paragraph("项目支出绩效目标申报表（2025年度）")
    second = (*((heading,) if repeated else ()), ("", "", *APPLICATION[9][2:]), *APPLICATION[10:])
    for rows in (APPLICATION[:9], second):
        fill(file.add_table(rows=len(rows), cols=5), rows)
        file.add_paragraph(between)
    found = of_word(file)
    assert rows_of(found) == APPLICATION_ROWS
    (project,) = found.projects
    assert [i.name.evidence.table for i in project.indicators] == [1, 2, 2, 2]
    assert not found.warnings


def test_another_form_below_is_another_project() -> None:
    file = docx.Document()
    for name in ("公厕改造", "公园养护"):
        rows = (("项目名称", name, "<", "<", "<"), *APPLICATION[1:])
        file.add_paragraph("项目支出绩效目标申报表（2025年度）")
        fill(file.add_table(rows=len(rows), cols=5), rows)
    assert [(p.name.value, len(p.indicators)) for p in of_word(file).projects] == [
        ("公厕改造", 4),
        ("公园养护", 4),
    ]


def test_forms_below_each_other_in_one_table() -> None:
    one, two = (("项目名称", name, "<", "<", "<") for name in ("公厕改造", "公园养护"))
    title: Row = ("项目支出绩效目标申报表", "<", "<", "<", "<")
    rows = (title, one, *APPLICATION[1:], title, two, *APPLICATION[1:])
    found = read_form("2025年度", rows)
    assert [(p.name.value, len(p.indicators)) for p in found.projects] == [
        ("公厕改造", 4),
        ("公园养护", 4),
    ]


def test_the_caption_names_the_project() -> None:
    file = docx.Document()
    file.add_paragraph("青禾县环卫中心2025年项目支出绩效目标表")
    for number, name in enumerate(("公厕改造", "公园养护"), start=1):
        file.add_paragraph(f"{number}.{name}项目绩效目标表（2025年度）")
        fill(file.add_table(rows=4, cols=5), APPLICATION[7:11])
    assert [p.name.value for p in of_word(file).projects] == ["公厕改造", "公园养护"]


def test_label_and_value_in_one_cell_or_above_the_table() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称：村级公厕改造补助", "<", "<", "项目资金（元）：1205000", "<"),
        *APPLICATION[6:],
    )
    found = read_form("绩效目标申报表（2025年度）\n填报单位：青禾县环卫中心  单位：元", rows)
    (project,) = found.projects
    assert (project.name.value, project.department.name) == ("村级公厕改造补助", "青禾县环卫中心")


def test_traditional_characters_and_blanks_in_headings() -> None:
    rows: tuple[Row, ...] = (
        ("項 目 名 稱", "村級公廁改造補助", "<", "<", "<"),
        ("一級指標", "二級指標", "三級指標", "指 標 值", "責任科室"),
        ("產出指標", "數量指標", "改造公廁數量", "≥40座", "環衛科"),
    )
    (project,) = read_form("績效目標表（2025年度）", rows).projects
    (indicator,) = project.indicators
    assert project.name.value == "村級公廁改造補助"
    assert (indicator.level1.value, indicator.level2.value) == ("产出指标", "数量指标")
    assert extra_of(indicator) == (("责任科室", "環衛科"),)


def test_a_unit_merged_over_its_projects() -> None:
    rows: tuple[Row, ...] = (
        ("单位名称", "项目名称", "一级指标", "二级指标", "三级指标", "指标值"),
        ("青禾县环卫中心", "公厕改造", "产出指标", "数量指标", "改造数量", "≥40座"),
        ("^", "^", "满意度指标", "满意度指标", "群众满意度", "≥90%"),
        ("^", "公园养护", "产出指标", "数量指标", "养护面积", "≥6公顷"),
        ("青禾县公园处", "绿地补植", "产出指标", "数量指标", "补植面积", "≥1公顷"),
    )
    found = read_form("2025年项目绩效目标", rows)
    assert [(p.department.name, p.name.value, len(p.indicators)) for p in found.projects] == [
        ("青禾县环卫中心", "公厕改造", 2),
        ("青禾县环卫中心", "公园养护", 1),
        ("青禾县公园处", "绿地补植", 1),
    ]


def test_what_was_reached_stands_beside_the_goal() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "村级公厕改造补助", "<", "<"),
        ("年度总体目标", "预期目标", "<", "实际完成情况"),
        ("^", "改造公厕40座。", "<", "改造公厕38座。"),
        ("一级指标", "二级指标", "三级指标", "年度指标值"),
        ("产出指标", "数量指标", "改造公厕数量", "≥40座"),
    )
    (project,) = read_form("项目支出绩效自评表（2025年度）", rows).projects
    (goal,) = project.goals
    assert goal.actual is not None
    assert (goal.text.value, goal.actual.value) == ("改造公厕40座。", "改造公厕38座。")


LEVELS: Row = ("一级指标", "二级指标", "三级指标", "指标值")
REPAIR: tuple[Row, ...] = (("项目名称", "校舍维修", "<", "<"), LEVELS)
ONE: Row = ("产出指标", "数量指标", "维修校舍", "≥3处")


@pytest.mark.parametrize(
    ("goal", "wanted"),
    [
        ("目标1：维修校舍。目标2：更新课桌。", ["维修校舍。", "更新课桌。"]),
        ("目标1 维修校舍。\n目标2 更新课桌。", ["维修校舍。", "更新课桌。"]),
        ("完成目标10项，目标1个村。", ["完成目标10项，目标1个村。"]),  # no number of a goal
    ],
)
def test_numbered_goals(goal: str, wanted: list[str]) -> None:
    rows = (REPAIR[0], ("绩效目标", goal, "<", "<"), LEVELS, ONE)
    (project,) = read_form("青禾县教育局2025年项目绩效目标表", rows).projects
    assert [g.text.value for g in project.goals] == wanted


@pytest.mark.parametrize(
    ("row", "wanted"),
    [
        # what counts a level or a name is no part of it
        (
            ("(一)产出指标(50)", "1.数量指标(30)", "指标1：维修校舍", "≥3处"),
            ("产出指标", "数量指标", "维修校舍", "≥3处"),
        ),
        (
            ("产出", "数量", "1.5米课桌数", "≥9张"),
            ("产出指标", "数量指标", "1.5米课桌数", "≥9张"),
        ),
        (("产出指标", "数量指标", "……", ""), None),  # a row of the template
        (("产出指标", "数量指标", "指标2：", ""), None),
        (("合计", "", "", ""), None),
    ],
)
def test_rows_as_they_are_typed(row: Row, wanted: Row | None) -> None:
    found = rows_of(read_form("2025年项目绩效目标表", (*REPAIR, row, ONE)))
    assert found == ([wanted, ONE] if wanted else [ONE])


@pytest.mark.parametrize(
    ("title", "name", "county"),
    [
        ("青禾县教育局2025年部门预算项目绩效目标表", "青禾县教育局", "青禾县"),
        ("2025年青禾县教育局项目支出绩效目标表", "青禾县教育局", "青禾县"),
        ("青禾县2025年部门预算项目绩效目标表", "未注明单位", "青禾县"),
        ("灌区项目绩效目标表（2025年度）", "未注明单位", "000000"),  # no county
    ],
)
def test_the_unit_that_only_the_title_names(title: str, name: str, county: str) -> None:
    (project,) = read_form(title, (*REPAIR, ONE)).projects
    assert (project.department.name, project.department.region.code) == (name, county)


def test_a_unit_above_its_projects_and_sums_between() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "预算数", *LEVELS),
        ("合计", "30", "", "", "", ""),
        ("一、青禾县教育局", "<", "<", "<", "<", "<"),
        ("校舍维修", "10", *ONE),
        ("小计", "10", "", "", "", ""),
        ("二、青禾县水利局", "<", "<", "<", "<", "<"),
        ("河道清淤", "20", "产出指标", "数量指标", "清淤长度", "≥5公里"),
    )
    found = read_form("2025年项目绩效目标汇总表", rows)
    assert [(p.department.name, p.name.value) for p in found.projects] == [
        ("青禾县教育局", "校舍维修"),
        ("青禾县水利局", "河道清淤"),
    ]


def test_values_of_several_counties_are_kept_and_told() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "农田建设", "<", "<", "<"),
        ("一级指标", "二级指标", "三级指标", "青禾县", "云岭县"),
        ("产出指标", "数量指标", "新增农田", "≥3亩", "≥4亩"),
    )
    found = read_form("2025年区域绩效目标表", rows)
    ((indicator,),) = [p.indicators for p in found.projects]
    assert extra_of(indicator) == (("青禾县", "≥3亩"), ("云岭县", "≥4亩"))
    assert [w.code for w in found.warnings] == ["values_by_region"]


def test_the_first_sum_of_a_sentence_is_the_budget() -> None:
    rows = (REPAIR[0], ("项目资金", "总投资45.6万元（财政资金40万元）", "<", "<"), LEVELS, ONE)
    (project,) = read_form("2025年项目绩效目标表", rows).projects
    assert project.budget is not None
    assert str(project.budget.value) == "45.6"


@pytest.mark.parametrize(
    ("title", "rows"),
    [
        ("2025年职责活动", (("职责活动", "预算", "绩效指标"), ("维修管护", "3", "维修校舍（处）"))),
        ("数量指标：维修校舍≥3处", (("序号", "备注"), ("1", "无"))),
    ],
)
def test_goals_in_a_shape_that_is_not_read_are_told(title: str, rows: tuple[Row, ...]) -> None:
    found = read_form(title, rows)
    (warning,) = [w for w in found.warnings if w.code == "goals_unread"]
    assert warning.evidence is not None
