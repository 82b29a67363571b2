"""From an understood question to ranked rows: filters, both legs, features."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from graph.store import Reader
from search.fuse import standardise
from search.gazetteer import Gazetteer
from search.index import Snapshot
from search.query import INDEXED_TYPES, SearchQuery
from search.rank import Ranked, Weights, name_match, rank
from search.table import Mask, Rows, Selection, Table
from search.understand import Meaning

T = TypeVar("T")
CANDIDATES = 1000
"""Each leg brings this many rows; what lies further down is not a hit."""
ALL = "all"


@dataclass(frozen=True, slots=True)
class Allowed:
    """Rows and members that meet every filter."""

    rows: Mask
    members: Mask


def allow(
    table: Table, query: SearchQuery, meaning: Meaning, gazetteer: Gazetteer, reader: Reader
) -> Allowed:
    """Apply the filters given beside the question and those read out of it."""
    types = INDEXED_TYPES if query.type == ALL else (query.type,)
    rows, members = table.select(
        Selection(
            types,
            years=_both(frozenset(query.years) if query.years else None, meaning.years),
            facets=_facets(table, query, meaning, gazetteer),
            nodes=_named_nodes(reader, meaning),
        )
    )
    if meaning.policies is not None:
        # A policy is a row of its own: what hangs on it must not bring in the others it cites.
        policy = INDEXED_TYPES.index("policy")
        own = np.zeros(len(rows), dtype=np.bool_)
        own[list(table.rows_of(sorted(meaning.policies)).values())] = True
        rows = rows & ((table.rows["type"] != policy) | own)
    return Allowed(rows, members)


def _facets(
    table: Table, query: SearchQuery, meaning: Meaning, gazetteer: Gazetteer
) -> dict[str, frozenset[str]]:
    counties = gazetteer.counties(query.counties) if query.counties else None
    cities = gazetteer.cities(query.cities) if query.cities else None
    places = _both(_both(counties, cities), meaning.regions)
    units = gazetteer.units(query.departments) if query.departments else None
    wanted = {
        "county": places,
        "department": _both(units, meaning.departments),
        "level2": _level2(table, query.level2) if query.level2 else None,
    }
    return {name: values for name, values in wanted.items() if values is not None}


def _level2(table: Table, words: Iterable[str]) -> frozenset[str]:
    """The categories of that name; those that hold the word where none has the name."""
    known = table.vocabulary["level2"]
    found: set[str] = set()
    for word in words:
        stem = word.strip().removesuffix("指标")
        exact = [value for value in known if value and value.removesuffix("指标") == stem]
        found.update(exact or [value for value in known if stem and stem in value])
    return frozenset(found)


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
    snapshot: Snapshot,
    allowed: Allowed,
    meaning: Meaning,
    vector: NDArray[np.float32] | None,
    given: Weights,
) -> Ranked:
    """Rank the allowed rows that match the question, and the few best whether they do or not.
    `vector` is the question's, None where it has none."""
    table, text = snapshot.table, meaning.understood.text
    if not text:
        return _browse(table, allowed, meaning, given)
    legs = [
        snapshot.lexical.search(text, allowed.rows, CANDIDATES)[0],
        named := _only(snapshot.lexical.named(text), allowed.rows),
    ]
    dense = vector is not None and snapshot.vectors is not None
    if vector is not None and snapshot.vectors is not None:
        legs.append(snapshot.vectors.search(vector, allowed.rows, CANDIDATES)[0])
    rows: Rows = np.unique(np.concatenate(legs))
    # Every candidate gets both scores, whichever leg brought it.
    values = {"lexical": snapshot.lexical.scores(text, rows)}
    if vector is not None and snapshot.vectors is not None:
        types = table.rows["type"][rows].astype(np.int64)
        cosines = snapshot.vectors.scores(vector, rows)
        values["dense"] = standardise(cosines, types, vector, snapshot.vectors, snapshot.sample)
    values |= _features(table, allowed, meaning, rows)
    matched = (values["lexical"] >= given.match_lexical) | np.isin(rows, named)
    if dense:
        matched |= values["dense"] >= given.match_dense
    return rank(rows, values, matched, given)


def _browse(table: Table, allowed: Allowed, meaning: Meaning, given: Weights) -> Ranked:
    """Only filters: everything that meets them, the most used first."""
    rows: Rows = np.flatnonzero(allowed.rows)
    values = {
        "popularity": np.log1p(table.sizes(rows)),
        "number": _number(table, meaning, rows),
    }
    return rank(rows, values, np.ones(len(rows), dtype=np.bool_), given)


def _features(
    table: Table, allowed: Allowed, meaning: Meaning, rows: Rows
) -> dict[str, NDArray[np.float64]]:
    text = meaning.understood.text
    return {
        "exact_name": np.array([name_match(text, table.name(row)) for row in rows.tolist()]),
        "level2": _in_category(table, allowed, meaning.level2)[rows].astype(np.float64),
        "number": _number(table, meaning, rows),
        "popularity": np.log1p(table.sizes(rows)),
    }


def _in_category(table: Table, allowed: Allowed, categories: frozenset[str]) -> Mask:
    """Rows with an allowed member in one of the categories; 服务对象满意度指标 is one of 满意度."""
    found = np.zeros(len(table), dtype=np.bool_)
    if categories:
        values = [
            code
            for code, value in enumerate(table.vocabulary["level2"])
            if any(category.removesuffix("指标") in value for category in categories)
        ]
        members = allowed.members & np.isin(table.members["level2"], values)
        found[table.members["row"][members]] = True
    return found


def _number(table: Table, meaning: Meaning, rows: Rows) -> NDArray[np.float64]:
    named = (meaning.policies or frozenset()) | (meaning.projects or frozenset())
    own = list(table.rows_of(sorted(named)).values())
    return np.isin(rows, own).astype(np.float64)


def _only(rows: Rows, allowed: Mask) -> Rows:
    return rows[allowed[rows]]
