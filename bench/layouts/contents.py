"""What six fictional departments say, read from the tables in data/."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_UP, Decimal
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"

# ≥1.2万亩, 625元/生, ＝100%                              not: 8-10场, 12月20日前, 明显节约
_NUMBER = re.compile(r"(?P<sign>[≥≤＝]?)(?P<number>\d+(?:\.\d+)?)(?P<unit>(?!\d*月)[^-\d]+)")


@dataclass(frozen=True, slots=True)
class Value:
    """A target value as printed and as understood."""

    text: str
    operator: str
    numbers: tuple[str, ...]
    unit: str
    kind: str

    @property
    def columns(self) -> tuple[str, str, str]:
        """指标性质, 指标值, 度量单位. What is no single number is 定性 and printed whole."""
        match = _NUMBER.fullmatch(self.text)
        if match is None:
            return "定性", self.text, ""
        return match["sign"] or "＝", match["number"], match["unit"]

    def times(self, factor: str) -> "Value":
        """A count grown by a factor, whole things to whole ones; all else stays as it is."""
        match = _NUMBER.fullmatch(self.text)
        if match is None or self.kind != "number":
            return self
        scaled = Decimal(match["number"]) * Decimal(factor)
        if "." not in match["number"]:
            scaled = scaled.to_integral_value(ROUND_UP)
        number = f"{scaled.normalize():f}"
        text = f"{match['sign']}{number}{match['unit']}"
        return Value(text, self.operator, (number,), self.unit, self.kind)


NOTHING = Value("", "none", (), "", "empty")
"""A target value that was not filled in."""


@dataclass(frozen=True, slots=True)
class Indicator:
    level1: str
    level2: str
    name: str
    description: str
    value: Value
    basis: str
    actual: str
    weight: str
    score: str
    reason: str

    @property
    def levels(self) -> tuple[str, str, str]:
        return self.level1, self.level2, self.name


@dataclass(frozen=True, slots=True)
class Project:
    """Money in 万元, as printed. `execution` is what was spent."""

    code: str
    name: str
    budget: str
    fiscal: str
    other: str
    purpose: str
    goals: tuple[str, ...]
    term_goal: str
    execution: str
    indicators: tuple[Indicator, ...]

    @property
    def goal_text(self) -> str:
        if len(self.goals) == 1:
            return self.goals[0]
        return "\n".join(f"{number}.{goal}" for number, goal in enumerate(self.goals, start=1))


@dataclass(frozen=True, slots=True)
class County:
    """One department of one county in one year."""

    key: str
    province: str
    city: str
    county: str
    year: int
    department: str
    department_code: str
    unit: str
    unit_code: str
    overall: str
    projects: tuple[Project, ...]


@cache
def counties() -> tuple[County, ...]:
    """The departments, in the order of the table."""
    return tuple(
        County(**(row | {"year": int(row["year"]), "projects": tuple(_projects(row["key"]))}))
        for row in map(_loose, _rows("counties.tsv"))
    )


def _projects(county: str) -> Iterator[Project]:
    for row in map(_loose, _rows("projects.tsv")):
        if row.pop("county") == county:
            row["goals"] = tuple(row["goals"].split("|"))
            row["indicators"] = tuple(_indicators(county, row.pop("key")))
            yield Project(**row)


def _indicators(county: str, project: str) -> Iterator[Indicator]:
    for row in map(_loose, _rows("indicators.tsv")):
        if (row.pop("county"), row.pop("project")) == (county, project):
            numbers = tuple(number for number in row.pop("numbers").split(";") if number)
            understood = (row.pop("operator"), numbers, row.pop("unit"), row.pop("kind"))
            yield Indicator(**(row | {"value": Value(row["value"], *understood)}))


def _loose(row: Mapping[str, str]) -> dict[str, Any]:
    """A row whose cells may be replaced by what they stand for."""
    return dict(row)


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    r"""Rows of a table by its heading; `\n` in a cell is a line break."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return tuple({k: v.replace("\\n", "\n") for k, v in row.items()} for row in table)
