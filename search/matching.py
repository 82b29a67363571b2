"""From an understood question to ranked rows: filters, both legs, features."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.store import Reader
from search.analyze import key
from search.asked_kinds import kinds
from search.gazetteer import Gazetteer
from search.index import FIELDS, Candidates, Index, Rows, Scope, Scores, Selection, Vector
from search.query import INDEXED_TYPES, SearchQuery
from search.rank import Ranked, Weights, name_match, rank
from search.topic import NOTHING, Topic
from search.understand import Meaning

T = TypeVar("T")
_ALL_YEARS = (0, *range(1900, 2200))
CANDIDATES = 600
"""Each leg brings this many rows; what lies further down is a hit only where it measures one of the
projects that the question is about."""
ALL = "all"


def allow(
    index: Index,
    query: SearchQuery,
    meaning: Meaning,
    gazetteer: Gazetteer,
    reader: Reader,
    nodes: frozenset[str] | None = None,
) -> Scope:
    """Apply the filters given beside the question and those read out of it; `nodes` are the only
    members that count, None where all do."""
    return index.scope(
        Selection(
            INDEXED_TYPES if query.type == ALL else (query.type,),
            years=_years(query, meaning),
            facets=_facets(index, query, meaning, gazetteer),
            nodes=_both(_named_nodes(reader, meaning), nodes),
            # A policy is a row of its own: what hangs on it must not bring in the others it cites.
            policies=meaning.policies,
        )
    )


def _years(query: SearchQuery, meaning: Meaning) -> frozenset[int] | None:
    asked = _both(frozenset(query.years) if query.years else None, meaning.years)
    if not meaning.without.years:
        return asked
    # 0: a member whose year is not known is of none of them.
    return (frozenset(_ALL_YEARS) if asked is None else asked) - set(meaning.without.years)


def _facets(
    index: Index, query: SearchQuery, meaning: Meaning, gazetteer: Gazetteer
) -> dict[str, frozenset[str]]:
    # A city given for a county means its counties.
    counties = gazetteer.cities(query.counties) if query.counties else None
    cities = gazetteer.cities(query.cities) if query.cities else None
    units = gazetteer.units(query.departments) if query.departments else None
    level2 = categories_of(index, query.level2) if query.level2 else None
    without = meaning.without
    wanted = {
        "county": _but(
            _both(_both(counties, cities), meaning.regions),
            gazetteer.regions,
            frozenset(without.regions),
        ),
        "department": _but(
            _both(units, meaning.departments),
            gazetteer.departments,
            gazetteer.units(without.departments),
        ),
        "level2": _but(level2, index.categories(), _holding(index, without.level2)),
    }
    return {name: values for name, values in wanted.items() if values is not None}


def _but(
    wanted: frozenset[str] | None, every: Iterable[str], out: frozenset[str]
) -> frozenset[str] | None:
    """Those wanted without those left out; what has no value stays where all were wanted."""
    if not out:
        return wanted
    return (frozenset(("", *every)) if wanted is None else wanted) - out


def categories_of(index: Index, words: Iterable[str]) -> frozenset[str]:
    """The categories of that name; those that hold the word where none has the name."""
    known = index.categories()
    found: set[str] = set()
    for word in words:
        stem = word.strip().removesuffix("指标")
        exact = [value for value in known if value and value.removesuffix("指标") == stem]
        found.update(exact or [value for value in known if stem and stem in value])
    return frozenset(found)


def _holding(index: Index, words: Iterable[str]) -> frozenset[str]:
    """The categories that hold one of the words: 效益 means every kind of it."""
    return frozenset(c for word in words for c in index.categories() if word in c)


def _named_nodes(reader: Reader, meaning: Meaning) -> frozenset[str] | None:
    policies = None if meaning.policies is None else _on_policies(reader, meaning.policies)
    projects = None if meaning.projects is None else _on_projects(reader, meaning.projects)
    return _both(policies, projects)


def _on_policies(reader: Reader, policies: frozenset[str]) -> frozenset[str]:
    """The policies themselves, what cites them, and the projects and departments that it is of."""
    citing = {edge.source for edge in reader.edges(policies, {"CITES"}, "in")}
    owners = {e.source for e in reader.edges(citing, {"MEASURED_BY", "HAS_GOAL"}, "in")}
    projects = {node for node in citing | owners if node.startswith("project:")}
    runners = {edge.source for edge in reader.edges(projects, {"RUNS"}, "in")}
    papers = {edge.target for edge in reader.edges(projects, {"DECLARED_IN"})}
    texts = {edge.source for edge in reader.edges(policies, {"IS"}, "in")}
    return frozenset(policies | citing | owners | runners | papers | texts)


def _on_projects(reader: Reader, projects: frozenset[str]) -> frozenset[str]:
    """The projects themselves and everything one step from them."""
    own = {e.target for e in reader.edges(projects, {"MEASURED_BY", "HAS_GOAL", "DECLARED_IN"})}
    runners = {edge.source for edge in reader.edges(projects, {"RUNS"}, "in")}
    return frozenset(projects | own | runners)


def _both(first: frozenset[T] | None, second: frozenset[T] | None) -> frozenset[T] | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def match(
    index: Index,
    scope: Scope,
    meaning: Meaning,
    vector: Vector | None,
    given: Weights,
    about: Callable[[], Topic] = lambda: NOTHING,
) -> Ranked:
    """Rank the rows of `scope` that match the question, and the few best whether they do or not.
    `vector` is that of the question, None where it has none; `about` waits for its projects."""
    text = meaning.understood.text
    if not text:
        return _browse(index, scope, meaning, given)
    begun = scope.begin(text, vector, CANDIDATES)
    found = _without_words(begun(about().rows), meaning.without.words)
    assert found.named is not None
    official = " ".join(meaning.understood.official)
    said, *widened = scope.lexical([text, official] if official else [text], found.rows)
    values = {f"lexical_{field}": said[field] for field in FIELDS}
    matched = (_fullest(said) >= given.match_lexical) | found.named
    if found.dense is not None:
        values["dense"] = found.dense
        matched |= found.dense >= given.match_dense
    values |= _features(index, scope, meaning, found)
    values |= about().values(found.rows)
    # 群众满意度 of the hotels: what is asked of a project is one of its categories
    values["aspect"] = values["project"] * values["level2"]
    matched |= values["project"] >= given.match_project
    if widened:
        values["thesaurus"] = _fullest(widened[0])
    return rank(found.rows, values, matched, given)


def _without_words(found: Candidates, words: Iterable[str]) -> Candidates:
    """Only candidates whose names hold none of the words."""
    wanted = [key(word) for word in words]
    if not wanted:
        return found
    kept = np.array([not any(w in name for w in wanted) for name in found.keys], dtype=bool)
    return Candidates(
        found.rows[kept],
        [name for name, keep in zip(found.keys, kept.tolist(), strict=True) if keep],
        found.sizes[kept],
        None if found.dense is None else found.dense[kept],
        None if found.named is None else found.named[kept],
    )


def _fullest(lexical: Mapping[str, Scores]) -> Scores:
    """Of each row the score in the field that holds most of the text."""
    found: Scores = np.max(list(lexical.values()), axis=0)
    return found


def _browse(index: Index, scope: Scope, meaning: Meaning, given: Weights) -> Ranked:
    """Only filters: everything that meets them, the most used first."""
    found = scope.everything()
    values = {
        "popularity": np.log1p(found.sizes),
        "number": _number(index, meaning, found.rows),
    }
    return rank(found.rows, values, np.ones(len(found.rows), dtype=np.bool_), given)


def _features(index: Index, scope: Scope, meaning: Meaning, found: Candidates) -> dict[str, Scores]:
    text = meaning.understood.text
    asked = key(text)
    return {
        "exact_name": np.array(
            [name_match(asked, n) if asked in n or n in asked else 0.0 for n in found.keys]
        ),
        "level2": _spoken_of(index, scope, meaning, found.rows),
        "kind": scope.having(found.rows, "kind", kinds(text)).astype(np.float64),
        "number": _number(index, meaning, found.rows),
        "popularity": np.log1p(found.sizes),
        "freshness": _freshness(index.years, scope.newest(found.rows)),
    }


def _spoken_of(index: Index, scope: Scope, meaning: Meaning, rows: Rows) -> Scores:
    """How likely the likeliest category is that each row stands in."""
    found = np.zeros(len(rows))
    for category, likely in meaning.level2.items():
        # 服务对象满意度指标 is one of 满意度.
        known = _holding(index, [category.removesuffix("指标")])
        np.maximum(found, likely * scope.having(rows, "level2", known), out=found)
    return found


def _freshness(known: tuple[int, int] | None, years: NDArray[np.int64]) -> Scores:
    """1 for the newest year, half of it for the year before, a third; 0 for an unknown one."""
    age = np.maximum((known[1] if known else 0) - years, 0)
    return np.where(years > 0, 1 / (1 + age), 0.0)


def _number(index: Index, meaning: Meaning, rows: Rows) -> Scores:
    named = (meaning.policies or frozenset()) | (meaning.projects or frozenset())
    if not named:
        return np.zeros(len(rows))
    return np.isin(rows, [*index.rows_of(named).values()]).astype(np.float64)
