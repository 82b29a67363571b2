"""Departments in a question: by full name, without their county, abbreviated, or nearly so."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from search.gazetteer import Gazetteer
from search.question import Question

_NEAR = 88.0
_LEAST_NEAR = 4


@dataclass(frozen=True, slots=True)
class SaidDepartment:
    """A name as the question says it, and the ids of all departments that it may mean."""

    name: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskedDepartments:
    """`named` are ids, None where no department is asked for; `lost` are names that no department
    of the places has, to be searched as text, and `notes` say so."""

    named: tuple[str, ...] | None = None
    lost: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def said_departments(question: Question, gazetteer: Gazetteer) -> list[SaidDepartment]:
    """Take the names of departments out of the question; a near spelling only of a whole word."""
    found: list[SaidDepartment] = []
    names = gazetteer.department_names
    for name, nodes in names.inside(question.text).items():
        start = question.text.find(name)
        if start >= 0:
            question.take(start, start + len(name))
            found.append(SaidDepartment(name, nodes))
    if found:
        return found
    for word in question.text.split():
        if len(word) < _LEAST_NEAR:
            continue
        near = process.extractOne(word, names.meant.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if near is not None:
            start = question.text.find(word)
            question.take(start, start + len(word))
            found.append(SaidDepartment(word, names.meant[near[0]]))
    return found


def located(
    said: Sequence[SaidDepartment], gazetteer: Gazetteer, regions: Collection[str] | None
) -> AskedDepartments:
    """What the names mean in these regions, in all where they are None. A name that is none of
    theirs may be short for one (商务局: 商务和投资促进局)."""
    if not said:
        return AskedDepartments()
    named: list[str] = []
    lost: list[str] = []
    for one in said:
        inside = [
            node
            for node in one.ids
            if regions is None or not gazetteer.regions_of(node).isdisjoint(regions)
        ]
        if not inside and regions is not None:
            inside = [*_shortened(one.name, gazetteer, regions)]
        named += inside
        lost += [] if inside else [one.name]
    notes = tuple(f"所说的地方没有“{name}”，按文字检索" for name in lost)
    return AskedDepartments(tuple(dict.fromkeys(named)) or None, tuple(lost), notes)


def _shortened(name: str, gazetteer: Gazetteer, regions: Collection[str]) -> Iterator[str]:
    """Departments of these regions whose name has the characters of this one in their order, the
    first and the last in the same place."""
    for node, department in gazetteer.departments.items():
        whole = gazetteer.short_department(department)
        rest = iter(whole)
        if (
            whole[:1] == name[:1]
            and whole[-1:] == name[-1:]
            and all(character in rest for character in name)
            and not gazetteer.regions_of(node).isdisjoint(regions)
        ):
            yield node
