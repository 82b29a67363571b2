"""The hand-written lines of training/data/ as records; a bad line is named with file and line."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path
from typing import TypeVar

from graph.errors import JipuError

FOLDER = Path(__file__).parent / "data"
INDICATOR_FILES = (
    "general_commerce.jsonl",
    "education_health_civil.jsonl",
    "agriculture_infrastructure.jsonl",
    "environment_safety_governance.jsonl",
)
FAMILY_FILES = ("families_generic.jsonl", "families_topical.jsonl")
PROJECT_FILE = "projects.jsonl"
LADDER_FILES = "ladders_*.jsonl"
THESAURUS_FILE = "thesaurus.tsv"

T = TypeVar("T")


class BadLine(JipuError):
    """A line of training data that cannot be read."""

    code = "bad_training_line"


@dataclass(frozen=True, slots=True)
class Indicator:
    """One 三级指标 with what people ask for it, and what only looks like it."""

    domain: str
    level2: str
    name: str
    description: str
    queries: tuple[str, ...]
    paraphrases: tuple[str, ...]
    negatives: tuple[str, ...]

    @property
    def passage(self) -> str:
        """What search encodes of it: name and description."""
        return f"{self.name} {self.description}".strip()


@dataclass(frozen=True, slots=True)
class Family:
    """Sentences that mean the same. `domain` is "" where the family belongs to every domain.

    `near_misses` are negatives of this family only: they may be another one's wordings.
    """

    family: str
    domain: str
    level2: str
    wordings: tuple[str, ...]
    queries: tuple[str, ...]
    near_misses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Project:
    """A project, as far as its name is asked for: `similar` are the same elsewhere."""

    department: str
    name: str
    purpose: str
    indicators: tuple[str, ...]
    queries: tuple[str, ...]
    similar: tuple[str, ...]
    negatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """A text with others at each grade of nearness, and what people ask for it.

    `same` say it otherwise; the values of `comparable` ones can be laid beside its own; `related`
    ones share its words and measure something else; `other` ones share words alone.
    """

    domain: str
    text: str
    same: tuple[str, ...]
    comparable: tuple[str, ...]
    related: tuple[str, ...]
    other: tuple[str, ...]
    queries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Term:
    """A row of the thesaurus: `synonyms` may be broader or narrower than `term`."""

    term: str
    synonyms: tuple[str, ...]
    kind: str


@dataclass(frozen=True, slots=True)
class TrainingData:
    """Everything there is, in the order of the files."""

    indicators: tuple[Indicator, ...]
    families: tuple[Family, ...]
    projects: tuple[Project, ...]
    ladders: tuple[Ladder, ...]
    terms: tuple[Term, ...]

    @property
    def records(self) -> "tuple[Indicator | Family | Project | Ladder | Term, ...]":
        """All of them, in the order of the kinds."""
        return (*self.indicators, *self.families, *self.projects, *self.ladders, *self.terms)


NOTHING = TrainingData((), (), (), (), ())


def read_training_data(
    folder: Path = FOLDER, without: Collection[str] = frozenset()
) -> TrainingData:
    """All files, or all but those of these names. Raises BadLine for the first line that cannot be
    read, and for a file that is not there."""

    def those(*names: str) -> list[str]:
        return [name for name in names if name not in without]

    ladders = sorted(path.name for path in folder.glob(LADDER_FILES))

    return TrainingData(
        indicators=tuple(_read(folder, those(*INDICATOR_FILES), _indicator)),
        families=tuple(_read(folder, those(*FAMILY_FILES), _family)),
        projects=tuple(_read(folder, those(PROJECT_FILE), _project)),
        ladders=tuple(_read(folder, those(*ladders), _ladder)),
        terms=tuple(_read(folder, those(THESAURUS_FILE), _term)),
    )


def learned_before(manifest: Path, again: str = "", folder: Path = FOLDER) -> TrainingData:
    """What a model has learned: the files that its manifest lists, where they are still the same,
    but those that are to be learned `again`, a pattern of names. Raises BadLine for a manifest that
    does not say."""
    try:
        sums = dict(json.loads(manifest.read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadLine(f"模型清单 {manifest} 没有列出训练数据（{error!r}）") from error
    new = {
        path.name
        for path in folder.iterdir()
        if fnmatch(path.name, again)
        or sums.get(path.name) != hashlib.sha256(path.read_bytes()).hexdigest()
    }
    return read_training_data(folder, without=new)


def _read(folder: Path, names: Sequence[str], parse: Callable[[str], T]) -> Iterator[T]:
    for name in names:
        path = folder / name
        try:
            lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise BadLine(f"训练数据 {path} 无法读取（{error}）；请补齐该文件") from error
        for number, line in enumerate(lines, start=1):
            try:
                yield parse(line)
            except ValueError as error:
                raise BadLine(f"训练数据 {path} 第 {number} 行：{error}；请改正这一行") from error


def _indicator(line: str) -> Indicator:
    row = _row(line)
    return Indicator(
        domain=_text(row, "domain"),
        level2=_text(row, "level2"),
        name=_text(row, "name"),
        description=_text(row, "description"),
        queries=_texts(row, "queries"),
        paraphrases=_texts(row, "paraphrases"),
        negatives=_texts(row, "negatives"),
    )


def _family(line: str) -> Family:
    row = _row(line)
    return Family(
        family=_text(row, "family"),
        domain=_text(row, "domain") if "domain" in row else "",
        level2=_text(row, "level2"),
        wordings=_texts(row, "wordings"),
        queries=_texts(row, "queries"),
        near_misses=_texts(row, "near_misses"),
    )


def _project(line: str) -> Project:
    row = _row(line)
    indicators = row.get("indicators")
    if not isinstance(indicators, list) or not all(
        isinstance(one, list) and len(one) == 5 and isinstance(one[1], str) for one in indicators
    ):
        raise ValueError("indicators 应是五项一组的列表")
    return Project(
        department=_text(row, "department"),
        name=_text(row, "name"),
        purpose=_text(row, "purpose"),
        indicators=tuple(one[1] for one in indicators),
        queries=_texts(row, "queries"),
        similar=_texts(row, "similar_projects"),
        negatives=_texts(row, "negatives"),
    )


def _ladder(line: str) -> Ladder:
    row = _row(line)
    return Ladder(
        domain=_text(row, "domain"),
        text=_text(row, "text"),
        same=_texts(row, "same"),
        comparable=_texts(row, "comparable"),
        related=_texts(row, "related"),
        other=_texts(row, "other"),
        queries=_texts(row, "queries"),
    )


def _term(line: str) -> Term:
    cells = line.split("\t")
    if len(cells) != 3 or not all(cells):
        raise ValueError(f"应有三列（词、同义词、类别），现有 {len(cells)} 列")
    return Term(cells[0], tuple(word for word in cells[1].split("|") if word), cells[2])


def _row(line: str) -> Mapping[str, object]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise ValueError(f"不是 JSON（{error}）") from error
    if not isinstance(row, dict):
        raise ValueError("应是一个 JSON 对象")
    return row


def _text(row: Mapping[str, object], field: str) -> str:
    value = row.get(field)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"缺少 {field}，或它不是文字")
    return value.strip()


def _texts(row: Mapping[str, object], field: str) -> tuple[str, ...]:
    values = row.get(field)
    if not isinstance(values, list) or not values:
        raise ValueError(f"缺少 {field}，或它不是列表")
    if not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f"{field} 中有一项不是文字")
    return tuple(value.strip() for value in values)
