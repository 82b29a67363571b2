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
        while (start := question.text.find(name)) >= 0:
            question.take(start, start + len(name))
            found.append(SaidDepartment(name, nodes))
    if found:
        return [*dict.fromkeys(found)]
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
    said: Sequence[SaidDepartment],
    gazetteer: Gazetteer,
    regions: Collection[str] | None,
    outside: Collection[str] = (),
) -> AskedDepartments:
    """What the names mean in these regions, in all where they are None, but `outside`. Where a
    region has none of that name, it may be short for one of its own (商务局: 商务和投资促进局)."""
    named: list[str] = []
    lost: list[str] = []
    for one in said:
        inside = [*_inside(one, gazetteer, regions, outside)]
        named += inside
        lost += [] if inside else [one.name]
    notes = tuple(f"所说的地方没有“{name}”，按文字检索" for name in lost)
    return AskedDepartments(tuple(dict.fromkeys(named)) or None, tuple(lost), notes)


def _inside(
    said: SaidDepartment,
    gazetteer: Gazetteer,
    regions: Collection[str] | None,
    outside: Collection[str],
) -> Iterator[str]:
    meant = [node for node in said.ids if gazetteer.regions_of(node).isdisjoint(outside)]
    if regions is None:
        yield from meant
        return
    served: set[str] = set()
    for node in meant:
        if here := gazetteer.regions_of(node).intersection(regions):
            served |= here
            yield node
    for node, department in gazetteer.departments.items():
        here = gazetteer.regions_of(node).intersection(regions).difference(outside)
        if here - served and _short_for(said.name, gazetteer.short_department(department)):
            yield node


def _short_for(name: str, whole: str) -> bool:
    """Whether one has the characters of the other in their order, the first and the last alike."""
    rest = iter(whole)
    return (
        whole[:1] == name[:1]
        and whole[-1:] == name[-1:]
        and all(character in rest for character in name)
    )
