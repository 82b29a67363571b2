"""A PDF as a text extractor writes it: cells wrapped at their column's width, parted by blanks.

One full-width character counts 1, a half-width one 0.5. A cell of one line shares it with its
neighbours; a cell of several lines stands alone, and an empty line follows it.
"""

import re

from tools.examples.headings import COLUMNS, PARTS, PLAN, SECTIONS, UNIT, counted, table_title
from tools.examples.source import Project, Row, Statement

_PROSE = 34.0
_WIDTHS = (5.0, 5.0, 5.0, 11.0, 5.5, 5.0)
# A number stays whole, an opening bracket goes with what follows, a closing one with what precedes.
_TOKEN = re.compile(r"[（《【〔]*(?:[0-9A-Za-z.,%]+|.)[，。；：、）》】〕]*")
_HAN_THEN_DIGIT = re.compile(r"(?<=[\u4e00-\u9fff])(?=[0-9A-Za-z])")
_DIGIT_THEN_HAN = re.compile(r"(?<=[0-9A-Za-z])(?=[\u4e00-\u9fff])")


def statement(document: Statement) -> str:
    pieces = [f" {PARTS[0]}\n{PARTS[1]}\n\n{SECTIONS[0]}\n\n"]
    pieces += [_prose(text) for text in document.overall]
    pieces.append(f"{SECTIONS[1]}\n\n")
    for position, goal in enumerate(document.goals, 1):
        pieces.append(f"{counted(position, goal.title)}\n\n")
        pieces += [_prose(f"绩效目标：{goal.goal}"), _prose(f"绩效指标：{goal.indicator}")]
    pieces.append(f"{SECTIONS[2]}\n\n")
    for position, (title, text) in enumerate(document.safeguards, 1):
        pieces.append(_prose(counted(position, f"{title}。{text}")))
    pieces.append(f" {PARTS[2]}\n\n{PARTS[3]}\n")
    for position, project in enumerate(document.projects, 1):
        pieces.append(f" {table_title(position, project.name)}\n")
        pieces += [_header(document, project), _flow(_columns())]
        pieces += _indicators(project.rows)
    return "".join(pieces)


def printed(row: Row) -> tuple[str, ...]:
    """The six cells with the line breaks and blanks that this layout puts into them."""
    return tuple(
        "\n".join(wrap(cell, width)) for cell, width in zip(row.cells, _WIDTHS, strict=True)
    )


def spaced(text: str) -> str:
    """Extractors put a blank between a number and the Han character beside it."""
    return _DIGIT_THEN_HAN.sub(" ", _HAN_THEN_DIGIT.sub(" ", text))


def wrap(text: str, width: float) -> list[str]:
    """The lines of a cell that is `width` full-width characters wide; [] for an empty one."""
    lines: list[str] = []
    line = ""
    for token in _TOKEN.findall(spaced(text)):
        if line.strip() and _width(line + token.rstrip()) > width:
            lines.append(line.strip())
            line = ""
        line += token
    return [*lines, line.strip()] if line.strip() else lines


def _width(text: str) -> float:
    return sum(0.5 if char.isascii() else 1.0 for char in text)


def _prose(text: str) -> str:
    return "\n\n".join(wrap(text, _PROSE)) + "\n\n"


def _flow(cells: list[list[str]]) -> str:
    """One table row: see the module's first words."""
    out = ""
    after_tall = False
    for lines in filter(None, cells):
        tall = len(lines) > 1
        if not out:
            gap = ""
        elif after_tall or len(lines) > 2:
            gap = "\n\n"
        else:
            gap = "\n" if tall else " "
        out += gap + "\n".join(lines)
        after_tall = tall
    return out + "\n\n"


def _header(document: Statement, project: Project) -> str:
    code = [project.code[:19], project.code[19:]]
    months = [[spaced(month)] for month in PLAN]
    return "".join(
        (
            f"{' '.join(document.unit)} {UNIT}\n\n",
            _flow([["项目编码"], code, ["项目名称"], [spaced(project.name)]]),
            _flow([["预算规模及", "资金用途"]]),
            f"预算数 {project.budget}\n其中：财政\n\n资金\n{project.fiscal} 其他资金",
            f" {project.other}\n\n" if project.other else "\n\n",
            f"{spaced(project.purpose)}\n\n",
            _flow([["资金支出计", "划（%）"]]),
            _flow(months),
            _flow([[amount] for amount in project.plan]),
            _flow([["绩效目标"], [spaced("\n".join(project.goals))]]),
        )
    )


def _columns() -> list[list[str]]:
    return [wrap(name, width) for name, width in zip(COLUMNS, _WIDTHS, strict=True)]


def _indicators(rows: tuple[Row, ...]) -> list[str]:
    """A first-level cell over several rows stands before them, over one row inside it."""
    pieces: list[str] = []
    counts = {level: sum(row.level1 == level for row in rows) for level in {r.level1 for r in rows}}
    above = ""
    for row in rows:
        cells = [cell.split("\n") for cell in printed(row)]
        if row.level1 != above and counts[row.level1] > 1:
            pieces.append(_flow(cells[:1]))
        pieces.append(_flow(cells if counts[row.level1] == 1 else cells[1:]))
        above = row.level1
    return pieces
