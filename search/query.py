"""The question and the answer of a search, as one frozen object each."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from graph.elements import PropertyValue
from graph.evidence import Evidence

INDEXED_TYPES = ("indicator", "project", "goal", "policy", "department", "document")
MAX_LIMIT = 100
UNDERSTOOD = (
    *("policies", "projects", "counties", "years", "departments", "targets", "without"),
    "official",
)
"""What is read out of a question."""


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`type` is one of INDEXED_TYPES or "all". Filters of one field are alternatives (OR); filters
    of different fields all hold (AND). Counties, cities and departments are names or codes.

    Nothing of a `literal` question is understood; of another, nothing of the kinds (of UNDERSTOOD)
    named in `without_understanding`: such words are searched as they stand."""

    text: str
    type: str = "indicator"
    counties: tuple[str, ...] = ()
    cities: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    level2: tuple[str, ...] = ()
    limit: int = 10
    cursor: str | None = None
    literal: bool = False
    without_understanding: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understood:
    """What the query was taken to mean; `text` is what is left to be searched by meaning.

    `targets` are conditions on target values, `without` what is left out, `official` the documents'
    words for everyday ones of the text, which are searched beside it; `notes` say in Chinese what
    words like 近三年 and 邻县 came to, what the graph has not, and what was not done."""

    policies: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    counties: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    departments: tuple[str, ...] = ()
    text: str = ""
    targets: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    official: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer; indicators of one wording are one hit. `features` add up to `score`.

    `relation` is one of search.calibration.RELATIONS where two texts were compared and the model
    says what their `similarity` (a cosine) means; "" and None elsewhere."""

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
    similarity: float | None = None
    relation: str = ""


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


@dataclass(frozen=True, slots=True)
class SimilarGroup:
    """Hits of one county; "" where a county is not known. `members` of each hit are of it alone."""

    county: str
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class TargetValue:
    """One county's target, verbatim in `value` and parsed beside it.

    `canonical_numbers` are the numbers in `canonical_unit` of all these targets.
    """

    county: str
    value: str
    operator: str
    numbers: tuple[str, ...]
    unit: str
    canonical_unit: str
    canonical_numbers: tuple[str, ...]
    indicator: str


@dataclass(frozen=True, slots=True)
class Targets:
    """Comparable targets only: the same kind, and units that come to the same `canonical_unit`.

    `unit` is the source's as printed, for a text the commonest; `canonical_unit` is None where the
    source's target is not to be compared.
    """

    unit: str
    kind: str
    canonical_unit: str | None
    values: tuple[TargetValue, ...]


@dataclass(frozen=True, slots=True)
class SimilarResult:
    """`source` is the indicator asked about, or a hit without an id that holds the text."""

    source: Hit
    groups: tuple[SimilarGroup, ...]
    targets: Targets
    degraded: str = ""


@dataclass(frozen=True, slots=True)
class ValueCount:
    """A value as printed (an operator, a target, a basis) and how many indicators have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class TargetCount:
    """A target as most indicators print it, and how many have one that is equal to it.

    `variants` are its other spellings. A qualitative target has no `canonical_unit`.
    """

    value: str
    count: int
    variants: tuple[str, ...]
    canonical_unit: str | None
    canonical_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingExample:
    """One indicator that uses a wording, with the place that it comes from."""

    indicator: str
    county: str
    department: str
    project: str
    year: int | None
    value: str
    basis: str


@dataclass(frozen=True, slots=True)
class WordingGroup:
    """A reusable wording: its commonest form, how it is used, and other forms of the same.

    `targets` and `bases` are ordered by how often they occur; `variants` are texts of wordings
    that say the same in other words.
    """

    text: str
    name: str
    description: str
    count: int
    counties: tuple[ValueCount, ...]
    operators: tuple[ValueCount, ...]
    targets: tuple[TargetCount, ...]
    bases: tuple[ValueCount, ...]
    examples: tuple[WordingExample, ...]
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WordingResult:
    """The reusable wordings for a text, the best first, and what the text was taken to mean;
    `degraded` and `did_you_mean` as in SearchResult."""

    wordings: tuple[WordingGroup, ...]
    understood: Understood
    degraded: str = ""
    did_you_mean: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TypicalTarget:
    """The target that most indicators of a wording set, with its operator; `count` of the `of`
    that were read set one equal to it. A qualitative target has no `canonical_unit`."""

    value: str
    operator: str
    count: int
    of: int
    canonical_unit: str | None
    canonical_numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LikeProject:
    """A project like the description that sets an indicator. `similarity` and `relation` as in
    Hit, of the description and the project or its goal."""

    id: str
    name: str
    county: str
    year: int | None
    similarity: float | None
    relation: str


@dataclass(frozen=True, slots=True)
class RecommendedExample(WordingExample):
    """`evidence` is the passage of the document that the indicator was read from."""

    project_id: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class RecommendedIndicator(WordingGroup):
    """A wording worth setting for a project. `counties` lists the commonest of `county_count`;
    `projects` are the like ones that use it, the nearest first, and none where the wording itself
    is like the description. `features` (of search.recommend.WEIGHTS) add up to `score`."""

    examples: tuple[RecommendedExample, ...]
    county_count: int
    typical: TypicalTarget | None
    projects: tuple[LikeProject, ...]
    score: float
    features: Mapping[str, float]
    similarity: float | None
    relation: str


@dataclass(frozen=True, slots=True)
class RecommendedCategory:
    """Wordings of one level-2 category, the best first; "" of those that stand in none."""

    level2: str
    indicators: tuple[RecommendedIndicator, ...]


@dataclass(frozen=True, slots=True)
class RecommendResult:
    """Indicators for the project that `text` describes, by level-2 category in the usual order,
    and the nearest of the projects that they were taken from. `hint` says what an empty or a poor
    answer comes from and what to try, "" where there is nothing to say."""

    text: str
    projects: tuple[Hit, ...]
    categories: tuple[RecommendedCategory, ...]
    hint: str = ""
    degraded: str = ""


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """`stale`: the index shows an older state of the store; `missing`: rows without a vector.
    `model` is "" where the index has no vectors; `degraded` says what cannot be used."""

    ready: bool
    folder: str
    model: str
    dimension: int
    revision: int
    store_revision: int
    stale: bool
    rows: int
    missing: int
    counts: Mapping[str, int]
    degraded: str
