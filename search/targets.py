"""Target values side by side: what of an indicator can be compared, and equal targets as one.

Compared is what the printed fields come to in a base unit (`graph.values.comparable`), so that a
store filled before those properties existed compares in the same way.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from graph.elements import Node
from graph.values.comparable import in_base
from search.properties import text_of
from search.query import TargetCount


@dataclass(frozen=True, slots=True)
class Measured:
    """Two targets are comparable where `kind` and `unit` are the same."""

    kind: str
    unit: str
    numbers: tuple[str, ...]


def measured(node: Node) -> Measured | None:
    """The indicator's target in its base unit; None for a qualitative or an empty one."""
    kind = text_of(node, "value_kind")
    found = in_base(kind, text_of(node, "unit"), numbers_of(node))
    return None if found is None else Measured(kind, found.unit, found.numbers)


def numbers_of(node: Node) -> tuple[str, ...]:
    """The numbers as printed."""
    numbers = node.properties.get("numbers", [])
    return tuple(numbers) if isinstance(numbers, list) else ()


def target_counts(nodes: Iterable[Node], limit: int) -> tuple[TargetCount, ...]:
    """Targets by how often they occur; equal ones (500元, 0.05万元) count together."""
    printed: dict[tuple[str, Measured | str], Counter[str]] = {}
    for node in nodes:
        value, operator = text_of(node, "value"), text_of(node, "operator")
        if value:
            found = measured(node)
            key = ("", value) if found is None else (operator, found)
            printed.setdefault(key, Counter())[value] += 1
    counts = [_count(key[1], spellings) for key, spellings in printed.items()]
    return tuple(sorted(counts, key=lambda entry: (-entry.count, entry.value))[:limit])


def _count(found: Measured | str, spellings: Counter[str]) -> TargetCount:
    usual, *others = sorted(spellings, key=lambda value: (-spellings[value], value))
    measure = None if isinstance(found, str) else found
    return TargetCount(
        value=usual,
        count=spellings.total(),
        variants=tuple(others),
        canonical_unit=measure.unit if measure else None,
        canonical_numbers=measure.numbers if measure else (),
    )
