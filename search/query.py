"""The question and the answer of a search, as one frozen object each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.elements import PropertyValue
from graph.evidence import Evidence

INDEXED_TYPES = ("indicator", "project", "goal", "policy", "department", "document")
MAX_LIMIT = 100


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`type` is one of INDEXED_TYPES or "all". Filters of one field are alternatives (OR); filters
    of different fields all hold (AND). Counties, cities and departments are names or codes."""

    text: str
    type: str = "indicator"
    counties: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    level2: tuple[str, ...] = ()
    limit: int = 10
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """What the query was taken to mean; `text` is what is left to be searched by meaning."""

    policies: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer; indicators of one wording are one hit. `features` add up to `score`."""

    id: str
    type: str
    score: float
    title: str
    text: str
    highlights: tuple[str, ...] = ()
    features: Mapping[str, float] = field(default_factory=dict)
    count: int = 1
    members: tuple[str, ...] = ()
    context: Mapping[str, PropertyValue] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class FacetValue:
    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`total` counts hits over all pages; `degraded` names what could not be used, "" if nothing.
    `next` continues the list."""

    query: SearchQuery
    understood: Understood
    total: int
    degraded: str
    hits: tuple[Hit, ...]
    facets: Mapping[str, tuple[FacetValue, ...]]
    next: str | None
    did_you_mean: tuple[str, ...] = ()
