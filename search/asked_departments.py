"""Departments in a question: by full name, without their county, abbreviated, or nearly so."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from search.gazetteer import Gazetteer
from search.question import Question

_NEAR = 88.0
_LEAST_NEAR = 4
_LONGEST_PLACE = 12
_NO_OTHER = "(?<!省)(?<!国家)(?<!中央)(?<!全国)"
"""省林草局, 国家统计局 are none of a county's."""


@dataclass(frozen=True, slots=True)
class SaidDepartment:
    """A name as the question says it, and the ids of all departments that it may mean; `regions`
    of a place whose short name stands right before it (双滦商务局), None without one."""

    name: str
    ids: tuple[str, ...]
    regions: frozenset[str] | None = None


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
        while match := re.search(f"{_NO_OTHER}{re.escape(name)}", question.text):
            start = match.start()
            place = _short_place(question.text[:start], gazetteer)
            regions = gazetteer.cities(gazetteer.region_names.meant[place]) if place else None
            question.take(start - len(place), start + len(name))
            found.append(SaidDepartment(name, nodes, regions))
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


def _short_place(text: str, gazetteer: Gazetteer) -> str:
    """The short name of a place that the text ends with, "" without one: a full name is read with
    the other places."""
    names = gazetteer.region_names.inside(text[-_LONGEST_PLACE:])
    longest = next((name for name in names if text.endswith(name)), "")
    full = any(gazetteer.regions[node].name == longest for node in names.get(longest, ()))
    return "" if full else longest


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
        here = regions if one.regions is None else one.regions
        inside = [*_inside(one, gazetteer, here, outside)]
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
    places = {*(gazetteer.regions if regions is None else regions)} - {*outside}
    served: set[str] = set()
    for node in said.ids:
        here = gazetteer.regions_of(node)
        if (regions is None and not here) or here & places:
            served |= here
            yield node
    if regions is None and said.name not in gazetteer.short_departments.values():
        # 云州市青禾县教育局 is one of one county.
        return
    for node, short in gazetteer.short_departments.items():
        if _short_for(said.name, short) and (gazetteer.regions_of(node) & places) - served:
            yield node


def _short_for(name: str, whole: str) -> bool:
    """Whether one has the characters of the other in their order, the first and the last alike."""
    rest = iter(whole)
    return (
        whole[:1] == name[:1]
        and whole[-1:] == name[-1:]
        and all(character in rest for character in name)
    )
