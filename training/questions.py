"""Questions about fictional projects, to learn the ranking's weights from.

python -m training.questions FOLDER

Each line of training/data/questions_*.jsonl is a project of a fictional county with its indicators
and what people may ask of it. They are written into FOLDER as documents like those that departments
publish, to be read in by the usual way, so that every feature is what it will be in use; and as
cases.jsonl, the questions with the ids of the indicators that answer them: of one half of the
projects. From the questions about the other half the encoder learns.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any

from search.evaluate import Case
from training.data import FOLDER, BadLine

FILES = "questions_*.jsonl"
CASES = "cases.jsonl"
YEAR = 2025
_LEVELS = {
    "数量": "产出指标",
    "质量": "产出指标",
    "时效": "产出指标",
    "成本": "产出指标",
    "满意": "满意度指标",
}
_HEADING = ("一级指标", "二级指标", "三级指标", "绩效指标描述", "指标值", "指标值确定依据")
_BASIS = "年初工作计划"
_PARTS = (
    "第一部分\n部门整体绩效目标\n\n一、总体绩效目标\n完成年度任务。\n\n第二部分\n预算项目绩效目标\n"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A project and its questions; `answers` are positions among its indicators."""

    county: str
    department: str
    project: str
    purpose: str
    goal: str
    indicators: tuple[Mapping[str, str], ...]
    questions: tuple[tuple[str, tuple[int, ...]], ...]


def read_questions(folder: Path = FOLDER) -> list[Asked]:
    """Every line of every file. Raises BadLine."""
    return [asked for path in sorted(folder.glob(FILES)) for asked in _read(path)]


def _read(path: Path) -> Iterator[Asked]:
    lines = path.read_text(encoding="utf-8").splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            yield _asked(json.loads(line))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise BadLine(f"{path} 第 {number} 行：{error!r}") from error


def _asked(told: Mapping[str, Any]) -> Asked:
    indicators = tuple(told["indicators"])
    questions = tuple((one["query"], tuple(one["answers"])) for one in told["questions"])
    for _, answers in questions:
        if not answers or not all(0 <= answer < len(indicators) for answer in answers):
            raise ValueError(answers)
    return Asked(
        told["county"],
        told["department"],
        told["project"],
        told["purpose"],
        told["goal"],
        indicators,
        questions,
    )


def for_the_encoder(asked: Asked) -> bool:
    """Whether the encoder learns from the questions about this project, or the ranking: one half
    each, or the ranking would trust an encoder that has seen the questions too much."""
    return hashlib.sha256(asked.project.encode()).digest()[0] % 2 == 0


def written(
    folder: Path, asked: Sequence[Asked], left_out: Callable[[Asked], bool] = lambda _: False
) -> list[Case]:
    """Write a document for each department, and give the questions, but those about the projects
    that are left out. Raises OSError."""
    names = dict.fromkeys(one.county for one in asked)
    counties = {county: code for code, county in enumerate(names, start=990201)}
    coded = [
        (_code(counties[one.county], number), one) for number, one in enumerate(asked, start=1)
    ]
    parts = groupby(sorted(coded, key=_department), key=_department)
    for unit, ((_, department), some) in enumerate(parts, start=322001):
        text = "".join([_PARTS, *(_table(unit, *one) for one in some)])
        (folder / f"{department}{YEAR}年部门预算绩效文本.txt").write_text(text, encoding="utf-8")
    return [
        Case(query, tuple(f"indicator:{code}@{YEAR}#{answer + 1}" for answer in answers))
        for code, one in coded
        if not left_out(one)
        for query, answers in one.questions
    ]


def _department(coded: tuple[str, Asked]) -> tuple[str, str]:
    return coded[1].county, coded[1].department


def _code(county: int, number: int) -> str:
    return f"{county}{YEAR % 100}P{number:012d}"


def _table(unit: int, code: str, one: Asked) -> str:
    """A project as Word text dumps print it: a tab before each cell."""
    grid: list[tuple[str, ...]] = [
        (f"{unit}{one.department}本级", "单位：万元"),
        ("项目编码", code, "项目名称", one.project),
        ("预算规模及资金用途", "预算数", "60.00", "其中：财政    资金", "60.00", "其他资金", " "),
        ("", one.purpose),
        ("资金支出计划（%）", "3月底", "6月底", "10月底", "12月底"),
        ("", "25%", "50%", "75%", "100%"),
        ("绩效目标", f"1.{one.goal}"),
        _HEADING,
    ]
    above = ""
    for row in one.indicators:
        level1 = _LEVELS.get(row["level2"].removeprefix("服务对象")[:2], "效益指标")
        own = (row["level2"], row["name"], row["description"] or row["name"], row["value"], _BASIS)
        grid.append(("" if level1 == above else level1, *own))
        above = level1
    cells = "\n".join("".join(f"\t{cell}\n" for cell in row) for row in grid)
    return f"1.{one.project}绩效目标表\n{cells}\n\n"


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.questions", description=__doc__)
    parser.add_argument("folder", type=Path, help="文件和 cases.jsonl 写到这个目录")
    folder = parser.parse_args().folder
    documents = folder / "documents"
    documents.mkdir(parents=True, exist_ok=True)
    try:
        cases = written(documents, read_questions(), for_the_encoder)
    except BadLine as error:
        sys.stderr.write(f"{error}\n")
        return 1
    lines = (
        json.dumps({"query": case.query, "relevant": case.relevant}, ensure_ascii=False)
        for case in cases
    )
    (folder / CASES).write_text("\n".join(lines) + "\n", encoding="utf-8")
    sys.stdout.write(f"{documents}：{len(list(documents.iterdir()))} 份文件；{folder / CASES}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
