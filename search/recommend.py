"""Indicators for a project that is only described yet: what projects like it set."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from graph.elements import Node
from graph.store import Reader
from search.analyze import key
from search.calibration import Calibration
from search.description import NearNodes, like_projects, near_nodes, ordinary_likeness
from search.gazetteer import Gazetteer
from search.hits import SHARED, Found, hits
from search.index import Index, Members, Row, Scope, Selection
from search.properties import text_of
from search.query import Hit, RecommendedCategory, RecommendResult
from search.rank import Ranked
from search.recommended import Group, Use, described
from search.similar import Near
from search.wording import same_meaning

MAX_OF_PROJECT = 100
"""Indicators of one like project that are looked at."""
SHOWN_PROJECTS = 5
"""Like projects that are listed, each in one year."""
WEIGHTS = {"projects": 1.0, "text": 0.7, "counties": 0.2}
"""`projects`: the share of the like projects that set such an indicator, each as much as it is
like the description; `text`: how near the wording itself is to the description; `counties`: in how
many counties it is used, next to the indicator that most use."""
LEAST_SHARE = 0.25
"""An indicator with less than this share of the best score of its category is not shown."""
ORDER = (
    *("数量", "质量", "时效", "经济成本", "社会成本", "生态环境成本", "成本"),
    *("经济效益", "社会效益", "生态效益", "可持续影响", "满意度"),
)
"""The usual order of level-2 categories (财预〔2021〕101号), by the end of their names."""
_SUFFIX = "指标"


@dataclass(frozen=True, slots=True)
class Description:
    """What is asked: `level2` are the only categories wanted, all where there is none; `limit`
    counts indicators of each category."""

    text: str
    near: Near
    level2: tuple[str, ...]
    limit: int


def recommended(
    reader: Reader, index: Index, gazetteer: Gazetteer, asked: Description
) -> RecommendResult:
    """Indicators of like projects and those like the text itself, by category; `degraded` is left
    to the caller."""
    levels = _levels(index, asked.level2)
    least = ordinary_likeness(reader, index)
    projects = like_projects(reader, index, asked.text, asked.near, least)
    facets = None if levels is None else {"level2": levels}
    scope = index.scope(Selection((SHARED,), facets=facets))
    wordings = near_nodes(index, scope, asked.text, asked.near, least)
    uses = _uses(reader, projects, levels)
    forms = _forms(index, projects, wordings, uses, asked.near.calibration)
    chosen = _by_category(_groups(reader, scope, projects, wordings, uses, forms), asked.limit)
    like = _like(reader, index, gazetteer, projects, asked.text)
    every = [group for found in chosen.values() for group in found]
    made = iter(described(reader, scope, gazetteer, every, like))
    categories = tuple(
        RecommendedCategory(level2, tuple(next(made) for _ in found))
        for level2, found in chosen.items()
    )
    hint = _hint(index, asked, like, chosen)
    return RecommendResult(asked.text, _distinct(like), categories, hint)


def _levels(index: Index, words: Sequence[str]) -> frozenset[str] | None:
    """The categories that hold one of the words; None where all are wanted."""
    if not words:
        return None
    stems = [word.strip().removesuffix(_SUFFIX) for word in words]
    return frozenset(c for c in index.categories() if any(stem and stem in c for stem in stems))


def _uses(reader: Reader, projects: NearNodes, levels: frozenset[str] | None) -> list[Use]:
    """The indicators of like projects, those of the nearest first."""
    of: dict[str, list[str]] = {}
    for edge in reader.edges(projects, {"MEASURED_BY"}):
        of.setdefault(edge.source, []).append(edge.target)
    owners = {
        indicator: project
        for project in projects
        for indicator in of.get(project, ())[:MAX_OF_PROJECT]
    }
    nodes = reader.get(owners)
    worded = {edge.source: edge.target for edge in reader.edges(owners, {"WORDED_AS"})}
    return [
        Use(worded[indicator], project, nodes[indicator])
        for indicator, project in owners.items()
        if indicator in worded
        and indicator in nodes
        and (levels is None or text_of(nodes[indicator], "level2") in levels)
    ]


def _forms(
    index: Index,
    projects: NearNodes,
    wordings: NearNodes,
    uses: Iterable[Use],
    calibration: Calibration | None,
) -> list[list[Row]]:
    """The wordings in question, the best first, forms of the same joined."""
    scores = {id: WEIGHTS["text"] * nearness.share for id, nearness in wordings.items()}
    for id, found in _by_wording(uses).items():
        scores[id] = scores.get(id, 0.0) + WEIGHTS["projects"] * _share(projects, found)
    rows = index.describe([*index.rows_of(scores).values()])
    rows.sort(key=lambda row: (-scores[row.id], row.id))
    numbers = np.array([row.number for row in rows], dtype=np.int64)
    ranked = Ranked(numbers, np.array([scores[row.id] for row in rows]), {})
    return same_meaning(index, ranked, calibration, len(rows))


def _by_wording(uses: Iterable[Use]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = {}
    for use in uses:
        found.setdefault(use.wording, []).append(use)
    return found


def _share(projects: NearNodes, uses: Iterable[Use]) -> float:
    """How much of the like projects set it; a project of several years counts once, and half as
    near a quarter."""
    using = {use.project for use in uses}
    every: dict[str, float] = {}
    some: dict[str, float] = {}
    for project, nearness in projects.items():
        code = _code(project)
        every[code] = max(every.get(code, 0.0), nearness.share**2)
        if project in using:
            some[code] = every[code]
    return sum(some.values()) / sum(every.values()) if some else 0.0


def _code(project: str) -> str:
    """A project without its year."""
    return project.partition("@")[0]


def _groups(
    reader: Reader,
    scope: Scope,
    projects: NearNodes,
    wordings: NearNodes,
    uses: Sequence[Use],
    forms: Sequence[Sequence[Row]],
) -> list[Group]:
    """What is known of each, the best first."""
    numbers = [row.number for rows in forms for row in rows]
    parted = dict(zip(numbers, scope.by_county(numbers, 1), strict=True))
    firsts = {number: _first(parts) for number, parts in parted.items()}
    nodes = reader.get(id for id in firsts.values() if id)
    counties = [_counties(parted[row.number] for row in rows) for rows in forms]
    most = math.log1p(max((len(found) for found in counties), default=1) or 1)
    groups = []
    for rows, found in zip(forms, counties, strict=True):
        names = {row.id for row in rows}
        ours = [use for use in uses if use.wording in names]
        near = max(
            (wordings[name] for name in names if name in wordings),
            key=lambda nearness: nearness.share,
            default=None,
        )
        features = {
            "projects": _share(projects, ours),
            "text": near.share if near else 0.0,
            "counties": math.log1p(len(found)) / most,
        }
        others = [nodes[firsts[row.number]] for row in rows if firsts[row.number] in nodes]
        groups.append(
            Group(
                rows=tuple(rows),
                uses=ours,
                level2=_commonest_level2([use.indicator for use in ours] or others),
                counties=found,
                near=near,
                features={
                    n: round(WEIGHTS[n] * value, 4) for n, value in features.items() if value
                },
            )
        )
    return sorted(groups, key=lambda group: -group.score)


def _counties(parted: Iterable[Mapping[str, Members]]) -> Mapping[str, int]:
    """How many indicators each county has; those of no known county count for none."""
    found: Counter[str] = Counter()
    for parts in parted:
        found.update({county: part.count for county, part in parts.items() if county})
    return found


def _first(parts: Mapping[str, Members]) -> str:
    return min((part.ids[0] for part in parts.values() if part.ids), default="")


def _commonest_level2(nodes: Iterable[Node]) -> str:
    printed = Counter(text_of(node, "level2") for node in nodes)
    return min(printed, key=lambda level2: (-printed[level2], level2), default="")


def _by_category(groups: Iterable[Group], limit: int) -> dict[str, list[Group]]:
    """The best of each category under its commonest name, categories in the usual order."""
    found: dict[tuple[int, str], list[Group]] = {}
    for group in groups:
        found.setdefault(usual_place(group.level2), []).append(group)
    named: dict[str, list[Group]] = {}
    for place in sorted(found):
        names = Counter(group.level2 for group in found[place])
        named[names.most_common(1)[0][0]] = _best(found[place], limit)
    return named


def _best(groups: Sequence[Group], limit: int) -> list[Group]:
    """At most `limit` of those near to the best; what has the name of a better one stands back
    for all other names."""
    near = [group for group in groups if group.score >= LEAST_SHARE * groups[0].score]
    first: dict[str, Group] = {}
    for group in near:
        first.setdefault(key(group.rows[0].name), group)
    chosen = [*first.values(), *(group for group in near if group not in first.values())]
    return sorted(chosen[:limit], key=lambda group: -group.score)


def usual_place(level2: str) -> tuple[int, str]:
    """Where a category stands; 服务对象满意度指标 is another name of 满意度指标.

    >>> usual_place("服务对象满意度指标") == usual_place("满意度指标") > usual_place("数量指标")
    True
    """
    if not level2:
        return len(ORDER) + 1, ""
    name = level2.removesuffix(_SUFFIX)
    for position, word in enumerate(ORDER):
        if name.endswith(word):
            return position, "" if word == "满意度" else name
    return len(ORDER), name


def _like(
    reader: Reader, index: Index, gazetteer: Gazetteer, projects: NearNodes, text: str
) -> dict[str, Hit]:
    """The like projects as hits, by id, the nearest first."""
    rows = {row.id: row for row in index.describe([*index.rows_of(projects).values()])}
    found = [
        Found(
            rows[id], near.score, near.features, Members(1, (id,)), near.similarity, near.relation
        )
        for id, near in projects.items()
        if id in rows
    ]
    return {hit.id: hit for hit in hits(reader, gazetteer, found, text)}


def _distinct(like: Mapping[str, Hit]) -> tuple[Hit, ...]:
    """The nearest, each in its nearest year."""
    found: dict[str, Hit] = {}
    for hit in like.values():
        found.setdefault(_code(hit.id), hit)
    return tuple(found.values())[:SHOWN_PROJECTS]


def _hint(
    index: Index, asked: Description, like: Mapping[str, Hit], chosen: Mapping[str, object]
) -> str:
    """What an empty or a poor answer comes from, and the way out."""
    if asked.level2 and not _levels(index, asked.level2):
        known = "、".join(sorted((c for c in index.categories() if c), key=usual_place)) or "无"
        return f"没有二级指标“{'、'.join(asked.level2)}”；图谱里有：{known}"
    if not like and not chosen:
        return (
            "图谱里没有与这段描述相近的项目和指标；"
            "请写明项目做什么、对象是谁、怎样补助，或先读入同类项目的文件"
        )
    if not chosen:
        return "相近的项目没有设这些二级指标；可以去掉二级指标的限制再试"
    if not like:
        return "没有相近的项目，下面只是文字相近的指标；先读入同类项目的文件，推荐会更可靠"
    return ""
