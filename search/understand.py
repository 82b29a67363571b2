"""What a question names outright: document numbers, codes, places, years, departments, targets.

Each is taken out of the text and becomes a filter like one given beside it; where the caller has
given that filter, or wants that part left alone, the words stay in the text. What is left is
searched by meaning.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz, process

from graph.elements import Node
from graph.ids import policy
from graph.store import Reader
from graph.values.document_number import find_document_numbers, parse_document_number
from graph.values.policy_title import find_titles, title_key
from search.asked_places import AskedPlaces, asked_places
from search.asked_targets import Condition, asked_targets
from search.asked_without import Without, asked_without, asked_without_words
from search.asked_years import AskedYears, Span, asked_years
from search.gazetteer import Gazetteer
from search.intents import stems, worded
from search.query import SearchQuery, Understood
from search.question import Question
from search.thesaurus import widened

# 13020925P000010110001X: county, year, P, then the serial. Matches; 130209 alone does not.
_PROJECT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}[A-Z][0-9A-Z]{10,13}(?![0-9A-Za-z])")
_NEAR_DEPARTMENT = 88.0
_LEAST_NEAR = 4
_WITH_TARGETS = ("indicator", "all")
_OTHER_CATEGORIES = ("效益", "服务对象满意度")
"""Words for several level-2 categories, or another name of one."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """`understood` for people; the ids for the filters. None: the question says nothing of it.
    `policies` of a number that the graph does not know is an empty set: nothing can match."""

    understood: Understood
    policies: frozenset[str] | None = None
    projects: frozenset[str] | None = None
    regions: frozenset[str] | None = None
    years: frozenset[int] | None = None
    departments: frozenset[str] | None = None
    level2: Mapping[str, float] = field(default_factory=dict)
    """The categories that it speaks of, and how likely: no filter."""
    targets: tuple[Condition, ...] = ()
    without: Without = field(default_factory=Without)


def understand(query: SearchQuery, reader: Reader, gazetteer: Gazetteer, span: Span) -> Meaning:
    """Read the question of `query` with the names that the graph knows."""
    if query.literal:
        return Meaning(Understood(text=query.text.strip()))
    text = Question(query.text)
    numbers, policies = _policies(text, reader) if _may(query, "policies") else ([], [])
    codes, projects = _projects(text, reader) if _may(query, "projects") else ([], [])
    without = Without()
    if _may(query, "without"):
        without = asked_without(text, gazetteer, _categories())
    spoken = text.text
    years = AskedYears(frozenset())
    if _may(query, "years", query.years):
        years = asked_years(text, span)
    targets: tuple[Condition, ...] = ()
    if _may(query, "targets") and query.type in _WITH_TARGETS:
        targets = asked_targets(text)
    departments: list[str] = []
    if _may(query, "departments", query.departments) and query.type != "department":
        departments = _departments(text, gazetteer)
    places = AskedPlaces(())
    if _may(query, "counties", query.counties or query.cities):
        places = asked_places(text, gazetteer)
    if _may(query, "without"):
        without = asked_without_words(text, without)
    rest = text.rest()
    known = Understood(
        policies=tuple(numbers),
        projects=tuple(codes),
        counties=tuple(dict.fromkeys(gazetteer.shown(node) for node in places.regions)),
        years=tuple(sorted(years.years)),
        departments=tuple(dict.fromkeys(gazetteer.shown(node) for node in departments)),
        text=rest,
        targets=tuple(condition.shown for condition in targets),
        without=without.shown,
        official=widened(rest) if _may(query, "official") else (),
        notes=places.notes + years.notes,
    )
    return Meaning(
        known,
        policies=frozenset(policies) if numbers else None,
        projects=frozenset(projects) if codes else None,
        regions=gazetteer.cities(places.regions) if places.regions else None,
        years=years.years or None,
        departments=gazetteer.units(departments) if departments else None,
        level2=dict.fromkeys(sorted(worded(spoken)), 1.0),
        targets=targets,
        without=without,
    )


def _may(query: SearchQuery, part: str, given: tuple[object, ...] = ()) -> bool:
    """Whether the caller has neither given a filter of this kind nor wants the words kept."""
    return not given and part not in query.without_understanding


def _categories() -> list[str]:
    """Words that mean a level-2 category: 满意度, 社会效益, 效益."""
    return list(dict.fromkeys((*stems(), *_OTHER_CATEGORIES)))


def _policies(text: Question, reader: Reader) -> tuple[list[str], list[str]]:
    """Canonical numbers and titles, and the ids of the policies that the graph has of them."""
    names: list[str] = []
    ids: list[str] = []
    found = find_document_numbers(text.text)
    whole = None if found else parse_document_number(text.text)
    numbers = [entry.number for entry in found] + ([whole] if whole else [])
    names += [number.canonical for number in numbers]
    ids += reader.get([policy(number, None) for number in numbers])
    if whole:
        # A number without its 号 is one only where it is the whole question.
        text.text = ""
    for entry in reversed(found):
        text.take(entry.start, entry.end)
    for title in reversed(find_titles(text.text)):
        nodes = reader.scan("Policy", {"title_key": [title_key(title.title)]}).nodes
        if nodes:
            names.append(f"《{title.title}》")
            ids += [node.id for node in nodes]
            text.take(title.start, title.end)
    return list(dict.fromkeys(names)), [*ids, *_same(ids, reader)]


def _same(ids: list[str], reader: Reader) -> list[str]:
    """Other nodes of the same policies: a bare title and the number that it belongs to."""
    edges = reader.edges(ids, {"SAME_AS"}, "both")
    return [end for edge in edges for end in (edge.source, edge.target) if end not in ids]


def _projects(text: Question, reader: Reader) -> tuple[list[str], list[str]]:
    codes: list[str] = []
    for match in reversed(list(_PROJECT_CODE.finditer(text.text))):
        codes.append(match.group())
        text.take(*match.span())
    nodes: tuple[Node, ...] = reader.scan("Project", {"code": codes}).nodes if codes else ()
    return list(dict.fromkeys(codes)), [node.id for node in nodes]


def _departments(text: Question, gazetteer: Gazetteer) -> list[str]:
    found: list[str] = []
    names = gazetteer.department_names
    for name, nodes in names.inside(text.text).items():
        start = text.text.find(name)
        if start >= 0:
            found += nodes
            text.take(start, start + len(name))
    if found:
        return list(dict.fromkeys(found))
    for word in text.text.split():
        if len(word) < _LEAST_NEAR:
            continue
        near = process.extractOne(
            word, names.meant.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR_DEPARTMENT
        )
        if near is not None:
            start = text.text.find(word)
            text.take(start, start + len(word))
            found += names.meant[near[0]]
    return list(dict.fromkeys(found))
