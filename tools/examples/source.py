"""The hand-written content of the example documents, as the JSON files in source/ hold it."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

Layout: TypeAlias = Literal["tabs", "contents", "dump", "docx"]

SOURCE = Path(__file__).parent / "source"
_SAFEGUARDS = "保障措施.json"
_NOTICES = "通知.json"
_NOTICE_TEXTS = ("file", "number", "issuer", "title", "addressee", "date")

# 财预〔2021〕101号 puts each second-level indicator under one first-level heading.
LEVEL1 = {
    "数量指标": "产出指标",
    "质量指标": "产出指标",
    "时效指标": "产出指标",
    "成本指标": "产出指标",
    "经济效益指标": "效益指标",
    "社会效益指标": "效益指标",
    "生态效益指标": "效益指标",
    "可持续影响指标": "效益指标",
    "服务对象满意度指标": "满意度指标",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a goal table. `cites` is set by hand: canonical numbers and 《titles》."""

    level2: str
    name: str
    description: str
    value: str
    basis: str
    cites: tuple[str, ...] = ()

    @property
    def level1(self) -> str:
        return LEVEL1[self.level2]

    @property
    def cells(self) -> tuple[str, str, str, str, str, str]:
        return (self.level1, self.level2, self.name, self.description, self.value, self.basis)


@dataclass(frozen=True, slots=True)
class Project:
    """Amounts in 万元, as printed; `plan` for the ends of March, June, October and December."""

    code: str
    name: str
    budget: str
    fiscal: str
    other: str
    purpose: str
    plan: tuple[str, ...]
    goals: tuple[str, ...]
    rows: tuple[Row, ...]
    cites: dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class SubGoal:
    title: str
    goal: str
    indicator: str
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """A fault put in for the quality checks to find; `row` is None where the project has it."""

    project: str
    rule: str
    note: str
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A department's 部门预算绩效文本 of one year."""

    file: str
    layout: Layout
    encoding: str
    year: int
    county: tuple[str, str]
    unit: tuple[str, str]
    overall: tuple[str, ...]
    goals: tuple[SubGoal, ...]
    safeguards: tuple[tuple[str, str], ...]
    projects: tuple[Project, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def department(self) -> str:
        return self.unit[1].removesuffix("本级")


@dataclass(frozen=True, slots=True)
class Notice:
    """A funding notice; `cites` are (number, title) with either possibly None."""

    file: str
    number: str
    issuer: str
    title: str
    addressee: str
    date: str
    paragraphs: tuple[str, ...]
    attachments: tuple[str, ...]
    cites: tuple[tuple[str | None, str | None], ...]
    amounts: tuple[str, ...]


def statements() -> list[Statement]:
    """Every 部门预算绩效文本, by file name."""
    safeguards = tuple((title, text) for title, text in _load(_SAFEGUARDS))
    names = sorted(p.name for p in SOURCE.glob("*.json") if p.name not in (_SAFEGUARDS, _NOTICES))
    return [_statement(_load(name), safeguards) for name in names]


def notices() -> list[Notice]:
    """Every notice, upstream first."""
    return [
        Notice(
            **{key: data[key] for key in _NOTICE_TEXTS},
            paragraphs=tuple(data["paragraphs"]),
            attachments=tuple(data["attachments"]),
            cites=tuple((number, title) for number, title in data["cites"]),
            amounts=tuple(data["amounts"]),
        )
        for data in _load(_NOTICES)["notices"]
    ]


def _load(name: str) -> Any:
    return json.loads((SOURCE / name).read_text(encoding="utf-8"))


def _statement(data: dict[str, Any], safeguards: tuple[tuple[str, str], ...]) -> Statement:
    return Statement(
        file=data["file"],
        layout=data["layout"],
        encoding=data.get("encoding", "utf-8"),
        year=data["year"],
        county=(data["county"][0], data["county"][1]),
        unit=(data["unit"][0], data["unit"][1]),
        overall=tuple(data["overall"]),
        goals=tuple(SubGoal(g[0], g[1], g[2], tuple(g[3]) if g[3:] else ()) for g in data["goals"]),
        safeguards=safeguards,
        projects=tuple(_project(item) for item in data["projects"]),
        mistakes=tuple(Mistake(**mistake) for mistake in data["mistakes"]),
    )


def _project(data: dict[str, Any]) -> Project:
    return Project(
        **{key: data[key] for key in ("code", "name", "budget", "fiscal", "other", "purpose")},
        plan=tuple(data["plan"]),
        goals=tuple(data["goals"]),
        rows=tuple(_row(*row) for row in data["rows"]),
        cites=data.get("cites", {}),
    )


def _row(
    level2: str,
    name: str,
    description: str,
    value: str,
    basis: str,
    cites: Sequence[str] = (),
) -> Row:
    return Row(level2, name, description, value, basis, tuple(cites))
