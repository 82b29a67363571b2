"""What a project description is like: projects, by themselves or by their goals, and wordings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from graph.schema import label_of
from graph.store import Reader
from search.calibration import RELATIONS
from search.index import Index, Rows, Scope, Scores, Selection
from search.inner import inner
from search.matching import match
from search.query import Understood
from search.similar import Near
from search.understand import Meaning

MAX_NEAR = 60
"""Rows nearest to the description that are looked at: of projects and goals, and of wordings."""
MAX_PROJECTS = 20
"""Like projects whose indicators are looked at."""
LEAST_LIKE = 0.6
"""A project with less than this share of the nearest's score is only the next in the list."""
SAMPLE = 200
"""Wordings of the store that tell how alike any two are."""
ORDINARY = 0.9
"""What is like a description is nearer to it than this share of any two wordings to each other."""
LEAST_LEXICAL = 0.06
"""Share of the largest lexical score from which a text is like another where nothing tells its
meaning: a description holds far more terms than any of them can share."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near something is to the description: `share` of the nearest's score, 0 to 1; `score` and
    `features` of the ranking; `similarity` is a cosine, None without vectors, and `relation` says
    what it means, "" for another topic or where the model does not say."""

    share: float
    score: float
    features: Mapping[str, float]
    similarity: float | None = None
    relation: str = ""


NearNodes: TypeAlias = Mapping[str, Nearness]
"""By node id, the nearest first."""


def ordinary_likeness(reader: Reader, index: Index) -> float:
    """The cosine below which a share of ORDINARY of any two wordings of the store stay; 0 where
    there are not two to compare.

    Every model has its own idea of a small cosine, and among the cosines of a description that is
    like nothing the largest stands out as much as another's. The ids of wordings are hashes: the
    first of them are a fair sample.
    """
    ids = [node.id for node in reader.scan("Wording", limit=SAMPLE).nodes]
    vectors = index.vectors_of([*index.rows_of(ids).values()]) if len(ids) > 1 else None
    if vectors is None or len(vectors) < 2:
        return 0.0
    cosines = (vectors @ vectors.T)[np.triu_indices(len(vectors), 1)]
    return float(np.quantile(cosines, ORDINARY))


def like_projects(
    reader: Reader, index: Index, text: str, near: Near, least: float
) -> dict[str, Nearness]:
    """At most MAX_PROJECTS projects, the nearest first. A purpose is often shorter than what the
    goal says of it: a project is as near as the nearer of both."""
    found = near_nodes(index, index.scope(Selection(("project", "goal"))), text, near, least)
    goals = [node for node in found if label_of(node) == "Goal"]
    owners = {
        edge.target: edge.source
        for edge in reader.edges(goals, {"HAS_GOAL"}, "in")
        if label_of(edge.source) == "Project"
    }
    owners |= {node: node for node in found if label_of(node) == "Project"}
    projects: dict[str, Nearness] = {}
    for node, nearness in found.items():
        if node in owners:
            projects.setdefault(owners[node], nearness)
    nearest = max((nearness.score for nearness in projects.values()), default=0.0)
    shared = {
        project: replace(nearness, share=_share(nearness.score, nearest))
        for project, nearness in list(projects.items())[:MAX_PROJECTS]
    }
    return {project: near for project, near in shared.items() if near.share >= LEAST_LIKE}


def near_nodes(index: Index, scope: Scope, text: str, near: Near, least: float) -> NearNodes:
    """Of the MAX_NEAR best rows of `scope` those whose cosine with the description is `least` or
    more; without vectors those that share enough of its words."""
    told = near.vector is not None and bool(index.model)
    # Where cosines tell what is near, the words need not.
    given = replace(near.weights, match_lexical=LEAST_LEXICAL, least=MAX_NEAR if told else 0)
    ranked = match(index, scope, Meaning(Understood(text=text)), near.vector, given)
    ranked = ranked.first(MAX_NEAR)
    numbers = ranked.rows.tolist()
    cosines: Scores | None = None
    steps: Rows | None = None
    rows = {row.number: row.id for row in index.describe(numbers)}
    kept = np.arange(len(numbers))
    vectors = index.vectors_of(numbers) if told else None
    if vectors is not None and near.vector is not None:
        cosines = inner(vectors, near.vector).astype(np.float64)
        if near.calibration:
            # A description is no wording: it compares with one, and says the same as none.
            nearest = RELATIONS.index("comparable")
            steps = np.maximum(near.calibration.by_cosine(cosines), nearest)
        kept = np.flatnonzero(cosines >= least)
    best = float(ranked.scores[kept[:1]].sum())
    return {
        rows[numbers[position]]: Nearness(
            share=_share(float(ranked.scores[position]), best),
            score=float(ranked.scores[position]),
            features=ranked.features(position),
            similarity=None if cosines is None else round(float(cosines[position]), 4),
            relation="" if steps is None else _relation(int(steps[position])),
        )
        for position in kept.tolist()
        if numbers[position] in rows
    }


def _share(score: float, best: float) -> float:
    """Where the best is below what is ordinary, in a store of a few rows, all are as near as it."""
    return max(score / best, 0.0) if best > 0 else 1.0


def _relation(step: int) -> str:
    return RELATIONS[step] if step < len(RELATIONS) - 1 else ""
