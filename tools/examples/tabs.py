"""A Word document as a converter writes it to txt: one cell a line, a tab before it."""

from tools.examples.headings import COLUMNS, PARTS, PLAN, SECTIONS, UNIT, counted, table_title
from tools.examples.source import Notice, Project, Row, Statement

# Rows are parted by an empty line, tables by lines that hold one blank.
_BLANK = " "


def statement(document: Statement) -> str:
    """With a cover and a table of contents in the layout "contents"."""
    lines = _cover(document) if document.layout == "contents" else []
    lines += [_BLANK + PARTS[0], PARTS[1], _BLANK, *_first_part(document)]
    lines += [_BLANK] * 4 + [PARTS[2], _BLANK, PARTS[3], _BLANK, _BLANK]
    for position, project in enumerate(document.projects, 1):
        title = table_title(position, project.name)
        lines.append(f"[bookmark: _Toc_4_4_{position + 3:010d}]{title}")
        lines += [*_header(document, project), "", _BLANK]
        lines += [*_indicators(project.rows), "", "", _BLANK]
    return "\n".join(lines) + "\n"


def notice(document: Notice) -> str:
    year, month, day = document.date.split("-")
    lines = [f"{document.issuer}文件", "", document.number, "", document.title, ""]
    lines += [f"{document.addressee}：", *(f"　　{text}" for text in document.paragraphs)]
    if document.attachments:
        lines += ["", *_attachments(document.attachments)]
    lines += ["", document.issuer, f"{year}年{int(month)}月{int(day)}日"]
    return "\n".join(lines) + "\n"


def _attachments(names: tuple[str, ...]) -> list[str]:
    return [
        f"{'附件：' if position == 1 else '　　　'}{position}.{name}"
        for position, name in enumerate(names, 1)
    ]


def _cover(document: Statement) -> list[str]:
    """The contents repeat every table's title, with its page behind a tab."""
    county = document.county[1]
    title = ["", "", document.department, f"{document.year}年部门预算绩效文本", "", "", ""]
    title += [f"{document.department}编制", "", f"{county}财政局审核", "", "", "目    录", ""]
    first = [f"{PARTS[0]} {PARTS[1]}"]
    first += [f"{section}\t{page}" for section, page in zip(SECTIONS, (1, 2, 4), strict=True)]
    second = ["", f"{PARTS[2]} {PARTS[3]}"]
    second += [
        f"{table_title(position, project.name)}\t{position + 5}"
        for position, project in enumerate(document.projects, 1)
    ]
    return title + first + second + ["", "", "2", "1", ""]


def _first_part(document: Statement) -> list[str]:
    lines = [f"[bookmark: _Toc_2_2_0000000001]{SECTIONS[0]}"]
    lines += [f"[bookmark: _GoBack]{document.overall[0]}", *document.overall[1:]]
    lines.append(f"[bookmark: _Toc_2_2_0000000002]{SECTIONS[1]}")
    for position, goal in enumerate(document.goals, 1):
        lines.append(counted(position, goal.title))
        lines += [f"绩效目标：{goal.goal}", f"绩效指标：{goal.indicator}"]
    lines += ["", f"[bookmark: _Toc_2_2_0000000003]{SECTIONS[2]}"]
    for position, (title, text) in enumerate(document.safeguards, 1):
        lines.append(counted(position, f"{title}。{text}"))
    return lines


def _row(*cells: str) -> list[str]:
    return [f"\t{cell}" for cell in cells] + [""]


def _header(document: Statement, project: Project) -> list[str]:
    lines = _row("".join(document.unit), UNIT)
    lines += _row("项目编码", project.code, "项目名称", project.name)
    lines += _row(
        *("预算规模及资金用途", "预算数", project.budget),
        *("其中：财政    资金", project.fiscal, "其他资金", project.other or _BLANK),
    )
    lines += _row("", project.purpose)
    lines += _row("资金支出计划（%）", *PLAN) + _row("", *project.plan)
    return lines + _row("绩效目标", "\n".join(project.goals))


def _indicators(rows: tuple[Row, ...]) -> list[str]:
    """A first-level cell that spans several rows stands in the first of them only."""
    lines = _row(*COLUMNS)
    above = ""
    for row in rows:
        level1, *rest = row.cells
        lines += _row("" if level1 == above else level1, *rest)
        above = level1
    return lines
