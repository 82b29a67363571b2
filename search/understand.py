"""What a question names outright: document numbers, codes, places, years, departments, targets.

Each is taken out of the text and becomes a filter like one given beside it; where the caller has
given that filter, or wants that part left alone, the words stay in the text. What is left is
searched by meaning.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from graph.store import Reader
from search.asked_departments import SaidDepartment, located, said_departments
from search.asked_numbers import Named, asked_policies, asked_projects
from search.asked_places import AskedPlaces, asked_places
from search.asked_targets import Condition, asked_targets
from search.asked_without import Without, asked_without, asked_without_words
from search.asked_years import AskedYears, Span, asked_years
from search.gazetteer import Gazetteer
from search.intents import stems, worded
from search.query import SearchQuery, Understood
from search.question import Question
from search.thesaurus import widened

_WITH_INDICATORS = ("indicator", "all")
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

    def noting(self, *notes: str) -> "Meaning":
        """The same with more to be told."""
        told = replace(self.understood, notes=(*self.understood.notes, *notes))
        return replace(self, understood=told)


def understand(query: SearchQuery, reader: Reader, gazetteer: Gazetteer, span: Span) -> Meaning:
    """Read the question of `query` with the names that the graph knows."""
    if query.literal:
        return Meaning(Understood(text=query.text.strip()))
    text = Question(query.text)
    policies = asked_policies(text, reader) if _may(query, "policies") else Named()
    projects = asked_projects(text, reader) if _may(query, "projects") else Named()
    without = Without()
    if _may(query, "without"):
        without = asked_without(text, gazetteer, _categories(), span)
    spoken = text.text
    years = AskedYears(frozenset())
    if _may(query, "years", query.years):
        years = asked_years(text, span)
    targets: tuple[Condition, ...] = ()
    if _may(query, "targets") and query.type in _WITH_INDICATORS:
        targets = asked_targets(text)
    said: list[SaidDepartment] = []
    if _may(query, "departments", query.departments) and query.type != "department":
        said = said_departments(text, gazetteer)
    places = AskedPlaces()
    if _may(query, "counties", query.counties or query.cities):
        places = asked_places(text, gazetteer)
    departments = located(said, gazetteer, _within(query, gazetteer, places), without.regions)
    text.text = " ".join((text.text, *departments.lost))
    if _may(query, "without"):
        without = asked_without_words(text, without)
    rest = text.rest()
    parts = (policies, projects, without, years, places, departments)
    known = Understood(
        policies=policies.shown,
        projects=projects.shown,
        counties=tuple(dict.fromkeys(gazetteer.shown(node) for node in places.named)),
        years=tuple(sorted(years.years)),
        departments=tuple(dict.fromkeys(gazetteer.shown(n) for n in departments.named or ())),
        text=rest,
        targets=tuple(condition.shown for condition in targets),
        without=without.shown,
        official=widened(rest) if _may(query, "official") else (),
        notes=(*(note for part in parts for note in part.notes), *_idle(query, text, without)),
    )
    return Meaning(
        known,
        policies=frozenset(policies.ids) if policies.shown else None,
        projects=frozenset(projects.ids) if projects.shown else None,
        regions=places.regions,
        years=years.years or None,
        departments=gazetteer.units(departments.named) if departments.named else None,
        level2=dict.fromkeys(sorted(worded(spoken)), 1.0),
        targets=targets,
        without=without,
    )


def _within(query: SearchQuery, gazetteer: Gazetteer, places: AskedPlaces) -> frozenset[str] | None:
    """The regions that the question, or a filter beside it, is about; None: all."""
    if query.counties:
        return gazetteer.cities(query.counties)
    return gazetteer.cities(query.cities) if query.cities else places.regions


def _idle(query: SearchQuery, text: Question, without: Without) -> list[str]:
    """What was said of targets and categories, which only indicators have."""
    if query.type in _WITH_INDICATORS:
        return []
    found: list[str] = []
    if _may(query, "targets"):
        found += [condition.shown for condition in asked_targets(Question(text.text))]
    found += [f"不要{word}" for word in without.level2]
    return [f"只有指标有目标值和二级指标，没有用上：{'、'.join(found)}"] if found else []


def _may(query: SearchQuery, part: str, given: tuple[object, ...] = ()) -> bool:
    """Whether the caller has neither given a filter of this kind nor wants the words kept."""
    return not given and part not in query.without_understanding


def _categories() -> list[str]:
    """Words that mean a level-2 category: 满意度, 社会效益, 效益."""
    return list(dict.fromkeys((*stems(), *_OTHER_CATEGORIES)))
