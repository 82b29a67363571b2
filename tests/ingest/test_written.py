"""Goal forms whose indicators are written in cells or in an outline, instead of in rows."""

import pytest

from graph.model import Document
from ingest.blocks import Cell, SourceText
from ingest.extract import extract
from ingest.form_clauses import written_indicators
from ingest.form_words import FormColumn
from ingest.limits import Limits
from ingest.reading import read
from tests.ingest.test_forms import Row, read_form, rows_of

Said = tuple[str, str, str, str]


def said(text: str) -> list[Said]:
    source = SourceText("document:a", text)
    columns = (FormColumn.LEVEL1, FormColumn.LEVEL2, FormColumn.NAME, FormColumn.VALUE)
    found: list[Said] = []
    for cells in written_indicators(source, Cell(0, len(text)), {}):
        one, two, name, value = (
            text[cells[c].start : cells[c].end] if c in cells else "" for c in columns
        )
        found.append((one, two, name, value))
    return found


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        # a level before each clause; only the levels that are printed
        (
            "1.数量指标：培训场次≥5场；2.质量指标：合格率100%；满意度指标：群众满意度≥90%",
            [
                ("", "数量指标", "培训场次", "≥5场"),
                ("", "质量指标", "合格率", "100%"),
                ("", "满意度指标", "群众满意度", "≥90%"),
            ],
        ),
        # beside 产出指标 the word 满意度指标 is a first level
        (
            "产出指标：数量指标：修路≥3公里\n满意度指标：群众满意度≥90%",
            [
                ("产出指标", "数量指标", "修路", "≥3公里"),
                ("满意度指标", "", "群众满意度", "≥90%"),
            ],
        ),
        # a second level of another first one stands under none
        (
            "产出指标：数量指标：修路1公里；社会效益指标：受益2人",
            [
                ("产出指标", "数量指标", "修路", "1公里"),
                ("", "社会效益指标", "受益", "2人"),
            ],
        ),
        # several under one level; a comma parts only what has values of its own
        (
            "数量指标：修路≥3公里，清运垃圾≥5吨、栽树≥9棵",
            [
                ("", "数量指标", "修路", "≥3公里"),
                ("", "数量指标", "清运垃圾", "≥5吨"),
                ("", "数量指标", "栽树", "≥9棵"),
            ],
        ),
        ("补助标准625元/生", [("", "", "补助标准", "625元/生")]),
        ("完成普查建档，开展抢救复壮", [("", "", "完成普查建档，开展抢救复壮", "")]),
        # numbers of every kind
        (
            "①举办展览8-10场②（1）到场率达到95%以上（2）单价≤28.5万元",
            [
                ("", "", "举办展览", "8-10场"),
                ("", "", "到场率", "达到95%以上"),
                ("", "", "单价", "≤28.5万元"),
            ],
        ),
        # the value behind a colon, and behind 指标值
        ("村容改善：明显改善", [("", "", "村容改善", "明显改善")]),
        ("指标1：登记户数，指标值：≥42户", [("", "", "登记户数", "≥42户")]),
        # nothing but a value: the level names it
        (
            "时效指标：2025年8月底前完成",
            [("", "时效指标", "时效指标", "2025年8月底前完成")],
        ),
        # nothing to cut off
        ("改善人居环境", [("", "", "改善人居环境", "")]),
        ("建设3个口袋公园", [("", "", "建设3个口袋公园", "建设3个口袋公园")]),
        ("5A级景区", [("", "", "5A级景区", "")]),
        # a template that nobody filled in
        ("数量指标：……；质量指标：无", []),
    ],
)
def test_clauses(text: str, wanted: list[Said]) -> None:
    assert said(text) == wanted


def test_all_indicators_in_one_cell() -> None:
    rows: tuple[Row, ...] = (
        ("序号", "单位名称", "项目名称", "预算金额", "绩效目标", "绩效指标"),
        ("1", "青禾县教育局", "校舍维修", "46.5", "消除隐患。", "数量指标：维修校舍≥3处"),
        ("2", "青禾县水利局", "河道清淤", "20", "疏浚河道。", "清淤长度≥5公里；合格率100%"),
        ("合计", "", "", "66.5", "", ""),
    )
    found = read_form("青禾县2025年部门预算项目绩效目标公开表", rows)
    assert [
        (p.name.value, p.department.name, p.budget and str(p.budget.value), p.goals[0].text.value)
        for p in found.projects
    ] == [
        ("校舍维修", "青禾县教育局", "46.5", "消除隐患。"),
        ("河道清淤", "青禾县水利局", "20", "疏浚河道。"),
    ]
    assert rows_of(found) == [
        ("", "数量指标", "维修校舍", "≥3处"),
        ("", "", "清淤长度", "≥5公里"),
        ("", "", "合格率", "100%"),
    ]
    assert not found.warnings


def test_goal_and_indicators_in_one_cell() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "年度绩效目标"),
        ("校舍维修", "消除安全隐患。绩效指标：1.数量指标：维修校舍≥3处；2.质量指标：合格率100%"),
    )
    (project,) = read_form("2025年项目绩效目标公开表", rows).projects
    assert [goal.text.value for goal in project.goals] == ["消除安全隐患。"]
    assert [i.name.value for i in project.indicators] == ["维修校舍", "合格率"]


def test_goals_with_numbers_are_no_indicators() -> None:
    rows: tuple[Row, ...] = (("项目名称", "年度绩效目标"), ("校舍维修", "维修校舍≥3处。"))
    found = read_form("2025年项目绩效目标公开表", rows)
    assert not found.projects
    assert [w.code for w in found.warnings] == ["goals_unread"]


def test_a_column_for_each_level() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "产出指标", "<", "满意度指标"),
        ("^", "数量指标", "质量指标", "服务对象满意度指标"),
        ("校舍维修", "维修校舍≥3处；更换门窗≥9扇", "合格率100%", "师生满意度≥90%"),
    )
    found = read_form("青禾县教育局2025年项目绩效目标表", rows)
    assert rows_of(found) == [
        ("产出指标", "数量指标", "维修校舍", "≥3处"),
        ("产出指标", "数量指标", "更换门窗", "≥9扇"),
        ("产出指标", "质量指标", "合格率", "100%"),
        ("满意度指标", "服务对象满意度指标", "师生满意度", "≥90%"),
    ]


def test_labels_down_the_side() -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "校舍维修", "<"),
        ("绩效指标", "产出指标", "数量指标：维修校舍≥3处"),
        ("^", "满意度指标", "师生满意度≥90%"),
    )
    assert rows_of(read_form("2025年项目绩效目标表", rows)) == [
        ("产出指标", "数量指标", "维修校舍", "≥3处"),
        ("满意度指标", "", "师生满意度", "≥90%"),
    ]


def of_text(text: str) -> Document:
    source = read(text.encode(), "表.txt", "document:a", Limits())
    return extract(source, "a" * 64, "表.txt")


OUTLINE = """青禾县林业局2025年项目支出绩效目标
项目名称：古树保护
项目金额：28万元
年度绩效目标：完成普查建档。
产出指标：
数量指标：建档古树≥310株；复壮古树≥15株
满意度指标：
服务对象满意度指标：群众满意度≥90%
一、项目名称：护林防火
二、项目资金：36.8万元，其中财政拨款30万元
三、总体目标
加强巡护。
四、绩效指标
（一）产出指标
1.数量指标
指标1：巡护次数，指标值：≥42次
以上项目由县林业局负责实施。
"""


def test_outlines() -> None:
    found = of_text(OUTLINE)
    assert [
        (p.name.value, p.budget and str(p.budget.value), [g.text.value for g in p.goals])
        for p in found.projects
    ] == [("古树保护", "28", ["完成普查建档。"]), ("护林防火", "36.8", ["加强巡护。"])]
    assert rows_of(found) == [
        ("产出指标", "数量指标", "建档古树", "≥310株"),
        ("产出指标", "数量指标", "复壮古树", "≥15株"),
        ("满意度指标", "服务对象满意度指标", "群众满意度", "≥90%"),
        ("产出指标", "数量指标", "巡护次数", "≥42次"),
    ]
    assert found.projects[0].indicators[0].name.evidence.table is None


@pytest.mark.parametrize(
    "text",
    [
        "项目名称：古树保护\n完成数量指标：建档310株，质量指标另行下达。",  # prose
        "项目名称：古树保护\n数量指标：建档古树≥310株",  # one level only
        "产出指标：\n数量指标：建档古树≥310株",  # of no project
    ],
)
def test_what_is_no_outline(text: str) -> None:
    assert not of_text(f"青禾县林业局2025年项目支出绩效目标\n{text}\n").projects


@pytest.mark.parametrize(
    ("printed", "name", "code"),
    [
        ("001 公厕改造", "公厕改造", None),
        ("公厕改造[99012125P003140001207]", "公厕改造", "99012125P003140001207"),
        ("99012125P003140001207-公厕改造", "公厕改造", "99012125P003140001207"),
        ("公厕改造（2025）", "公厕改造（2025）", None),  # a year
        ("2025年公厕改造", "2025年公厕改造", None),
        ("110指挥中心建设", "110指挥中心建设", None),  # part of the name
    ],
)
def test_a_code_in_the_cell_of_the_name(printed: str, name: str, code: str | None) -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", printed, "<", "<"),
        ("一级指标", "二级指标", "三级指标", "指标值"),
        ("产出指标", "数量指标", "改造公厕", "≥3座"),
    )
    (project,) = read_form("青禾县环卫中心2025年项目绩效目标表", rows).projects
    assert (project.name.value, project.code and project.code.value) == (name, code)


@pytest.mark.parametrize(
    "amounts",
    [
        (("三年总预算", "660万元", "2024年", "200万元"),),  # beside the year
        (("年度", "2024年", "2025年", "2026年"), ("预算", "200", "230", "230")),  # below it
    ],
)
def test_amounts_by_year(amounts: tuple[Row, ...]) -> None:
    rows: tuple[Row, ...] = (
        ("项目名称", "公园建设", "<", "<"),
        *amounts,
        ("一级指标", "二级指标", "三级指标", "指标值"),
        ("产出指标", "数量指标", "建设公园", "≥3个"),
    )
    (project,) = read_form("白石区城市管理局2024—2026年三年滚动绩效目标表", rows).projects
    assert project.budget is not None
    assert str(project.budget.value) == "200"
