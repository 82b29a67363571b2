"""What is to be found in a document, in the terms of `jipu export --format jsonl`.

A thing is a document, a project, a goal or an indicator; `owner` is the label and the name of the
node that it hangs on. Text is compared without white space: where a line broke says nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeAlias

from bench.layouts.contents import County, Indicator, Project, Value

Accepted: TypeAlias = tuple[str, ...]
"""The readings of one field that are right; () accepts any."""

NO_FIELD: Accepted = ("",)
FIELDS = {
    "Document": ("kind", "fiscal_year"),
    "Project": (
        *("name", "code", "department", "budget", "fiscal_budget", "other_budget"),
        *("initial_budget", "executed"),
    ),
    "Goal": (
        *("scope", "text", "title", "indicator_text", "horizon", "actual"),
        *("budget", "fiscal_budget", "other_budget"),
    ),
    "Indicator": (
        *("level1", "level2", "name", "description", "value", "operator", "numbers", "unit"),
        *("value_kind", "basis", "horizon", "half_year_value", "actual_value", "weight", "score"),
        *("deviation_reason", "extra"),
    ),
}
"""Every field that is compared; one that a thing does not name must be absent."""


@dataclass(frozen=True, slots=True)
class Thing:
    label: str
    owner: str
    fields: Mapping[str, Accepted]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What a reading is matched by: never all that is compared."""
        name = {"Project": "name", "Indicator": "name", "Goal": "text"}.get(self.label, "kind")
        horizon = self.accepted("horizon")[0] if self.label == "Indicator" else ""
        return self.label, self.owner, self.accepted(name)[0], horizon

    def accepted(self, field: str) -> Accepted:
        return self.fields.get(field, NO_FIELD)


def plain(text: str) -> str:
    return re.sub(r"\s+", "", text)


def thing(label: str, owner: str, **fields: str | Accepted) -> Thing:
    return Thing(
        label,
        plain(owner),
        {
            name: tuple(map(plain, (value,) if isinstance(value, str) else value))
            for name, value in fields.items()
        },
    )


def money(text: str) -> str:
    """A number of 万元 as the export prints it."""
    return str(float(Decimal(text))) if text else ""


def document(county: County, kind: str = "performance_text") -> Thing:
    return thing("Document", "", kind=kind, fiscal_year=str(county.year))


def project(item: Project, department: str, **changes: str | Accepted) -> list[Thing]:
    """The project and its goals, without its indicators."""
    owner = f"Project {changes.get('name', item.name)}"
    fields: dict[str, str | Accepted] = {
        "name": item.name,
        "department": department,
        "budget": money(item.budget),
        "fiscal_budget": money(item.fiscal),
        "other_budget": money(item.other),
    }
    return [
        thing("Project", "", **(fields | changes)),
        *goals(owner, item),
    ]


def goals(owner: str, item: Project) -> list[Thing]:
    """The project's goals of the year, whoever they hang on."""
    return [thing("Goal", owner, scope="project", text=goal) for goal in item.goals]


def with_actual(things: list[Thing], actual: str) -> list[Thing]:
    """What was reached stands beside the first goal."""
    first = next(i for i, item in enumerate(things) if item.label == "Goal")
    fields = {**things[first].fields, "actual": (plain(actual),)}
    things[first] = Thing("Goal", things[first].owner, fields)
    return things


def value_fields(value: Value, *, parted: bool = False) -> dict[str, str | Accepted]:
    """`parted`: sign, number and unit stood in columns of their own; "=" need not be told."""
    texts: Accepted = (value.text,)
    if parted and value.operator == "=":
        texts = (value.text, f"={value.text}", f"＝{value.text}")
    return {
        "value": texts,
        "operator": value.operator,
        "numbers": ";".join(value.numbers),
        "unit": value.unit,
        "value_kind": value.kind,
    }


ANY_YEAR: Accepted = ("annual", "")
"""The horizon where a table holds one value only: a year's, said or not."""


def indicator(owner: str, item: Indicator, **changes: str | Accepted) -> Thing:
    fields: dict[str, str | Accepted] = {
        "level1": item.level1,
        "level2": item.level2,
        "name": item.name,
        "horizon": ANY_YEAR,
        **value_fields(item.value),
    }
    return thing("Indicator", owner, **(fields | changes))


def extra(**columns: str) -> str:
    """Unknown columns, in the order of their names."""
    return "；".join(f"{plain(k)}：{plain(v)}" for k, v in sorted(columns.items()) if plain(v))
