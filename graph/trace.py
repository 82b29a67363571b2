"""Who cites a policy, and how much money hangs on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from graph.articles import ArticleView, articles
from graph.citations import (
    MAX_CITATIONS,
    PolicyView,
    Via,
    Walk,
    policy_view,
    policy_views,
    walk_down,
    walk_up,
)
from graph.elements import Node
from graph.places import Place, places
from graph.schema import label_of
from graph.store import Reader

_BUDGET_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Totals:
    """`budget` in 万元, every project once."""

    indicators: int
    projects: int
    departments: int
    counties: int
    budget: float


@dataclass(frozen=True, slots=True)
class TracedProject:
    """A project that cites the policy itself, in a goal or in the `indicators` listed.

    `through` is empty where it cites the policy directly, else the policies between, the one that
    cites the traced policy first. `county`, `city` and `department` are names, `budget` in 万元.
    """

    id: str
    name: str
    county: str | None
    county_id: str | None
    city: str | None
    department: str | None
    department_id: str | None
    year: int | None
    budget: float | None
    document: str | None
    indicators: tuple[str, ...]
    via: tuple[Via, ...]
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedGoal:
    """What a department says outside its projects: a goal, or an indicator of its own."""

    id: str
    title: str
    county: str | None
    county_id: str | None
    department: str | None
    department_id: str | None
    document: str | None
    via: tuple[Via, ...]
    through: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedAllocation:
    """A sum that the policy itself hands out: `amount` in 万元, `to` where it is certain."""

    id: str
    recipient: str | None
    amount: float | None
    printed: str
    purpose: str | None
    project: str | None
    function_code: str | None
    to: str | None


@dataclass(frozen=True, slots=True)
class Trace:
    """`direct` counts only what cites the policy itself, `totals` also what cites a policy that
    rests on it. `articles` are those of the policy itself that are cited.
    `truncated` where the chain goes on beyond the limits.
    """

    policy: PolicyView
    totals: Totals
    direct: Totals
    projects: tuple[TracedProject, ...]
    goals: tuple[TracedGoal, ...]
    cites: tuple[PolicyView, ...]
    cited_by: tuple[PolicyView, ...]
    articles: tuple[ArticleView, ...]
    allocations: tuple[TracedAllocation, ...]
    truncated: bool


def trace(
    reader: Reader, policy_id: str, max_depth: int = 8, max_citations: int = MAX_CITATIONS
) -> Trace | None:
    """Everything that rests on a policy; None where no policy has the id.

    A 《title》 and the number that it is the SAME_AS count as one. Projects come by budget, the
    largest first, then by id. An indicator of a notice's own table is the notice citing: it shows
    under `cited_by` and is not counted.
    """
    policy = reader.get([policy_id]).get(policy_id)
    if policy is None or policy.label != "Policy":
        return None
    down = walk_down(reader, policy_id, max_depth, max_citations)
    up = walk_up(reader, policy_id, max_depth)
    where = places(reader, {via.source for via in down.citations})
    owned = _by_owner(down, where)
    nodes = reader.get(owned)
    projects = [
        _project(nodes[owner], where, vias, down)
        for owner, vias in owned.items()
        if label_of(owner) == "Project"
    ]
    projects.sort(key=lambda p: (p.budget is None, -(p.budget or 0), p.id))
    goals = [
        _goal(nodes[owner], where.get(owner, Place()), vias, down)
        for owner, vias in sorted(owned.items())
        if label_of(owner) != "Project"
    ]
    return Trace(
        policy=policy_view(policy),
        totals=_totals(projects, goals),
        direct=_totals(projects, goals, down.start),
        projects=tuple(projects),
        goals=tuple(goals),
        cites=policy_views(reader, up),
        cited_by=policy_views(reader, down),
        articles=tuple(
            articles(
                reader,
                (
                    (down.start, label)
                    for via in down.citations
                    if via.policy == down.start
                    for label in via.articles
                ),
            )
        ),
        allocations=_allocations(reader, {policy_id, down.start}),
        truncated=down.truncated or up.truncated,
    )


def _allocations(reader: Reader, policies: set[str]) -> tuple[TracedAllocation, ...]:
    """In document order."""
    ids = [edge.target for edge in reader.edges(policies, {"ALLOCATES"})]
    certain = {edge.source: edge.target for edge in reader.edges(ids, {"TO"})}
    nodes = reader.get(ids)
    return tuple(
        _allocation(nodes[id], certain.get(id)) for id in sorted(nodes, key=lambda i: (len(i), i))
    )


def _allocation(node: Node, to: str | None) -> TracedAllocation:
    amount = node.properties.get("amount")
    said = {name: str(value) for name, value in node.properties.items()}
    return TracedAllocation(
        id=node.id,
        recipient=said.get("recipient"),
        amount=float(amount) if isinstance(amount, int | float) else None,
        printed=said["printed"],
        purpose=said.get("purpose"),
        project=said.get("project"),
        function_code=said.get("function_code"),
        to=to,
    )


def _by_owner(walk: Walk, where: dict[str, Place]) -> dict[str, list[Via]]:
    """The citations of each project; those outside a project under the goal or indicator itself."""
    owned: dict[str, list[Via]] = {}
    for via in walk.citations:
        place = where.get(via.source, Place())
        outside = label_of(via.source) == "Goal" or place.department_id is not None
        owner = place.project_id or (via.source if outside else None)
        if owner is not None:
            owned.setdefault(owner, []).append(via)
    return owned


def _project(node: Node, where: dict[str, Place], vias: list[Via], walk: Walk) -> TracedProject:
    place = where[vias[0].source]
    budget = node.properties.get("budget")
    return TracedProject(
        id=node.id,
        name=str(node.properties["name"]),
        county=place.county,
        county_id=place.county_id,
        city=place.city,
        department=place.department,
        department_id=place.department_id,
        year=place.year,
        budget=float(budget) if isinstance(budget, int | float) else None,
        document=place.document,
        indicators=_indicators(vias),
        via=_ordered(vias, walk),
        through=_through(vias, walk),
    )


def _goal(node: Node, place: Place, vias: list[Via], walk: Walk) -> TracedGoal:
    title = node.properties.get("title") or node.properties.get("name")
    return TracedGoal(
        id=node.id,
        title=str(title or node.properties.get("text", "")),
        county=place.county,
        county_id=place.county_id,
        department=place.department,
        department_id=place.department_id,
        document=place.document,
        via=_ordered(vias, walk),
        through=_through(vias, walk),
    )


def _indicators(vias: Iterable[Via]) -> tuple[str, ...]:
    """In document order: `…#10` comes after `…#9`."""
    found = {via.source for via in vias if label_of(via.source) == "Indicator"}
    return tuple(sorted(found, key=lambda i: (len(i), i)))


def _ordered(vias: list[Via], walk: Walk) -> tuple[Via, ...]:
    def order(via: Via) -> tuple[object, ...]:
        return (len(walk.ways[via.policy]), len(via.source), via.source, via.field, via.policy)

    return tuple(sorted(vias, key=order))


def _through(vias: list[Via], walk: Walk) -> tuple[str, ...]:
    return min((walk.ways[via.policy] for via in vias), key=lambda way: (len(way), way))


def _totals(
    projects: list[TracedProject], goals: list[TracedGoal], citing: str | None = None
) -> Totals:
    """Over everything, or over what cites the policy `citing` itself."""

    def counted(via: Via) -> bool:
        return citing is None or via.policy == citing

    paid = [project for project in projects if any(map(counted, project.via))]
    said = [goal for goal in goals if any(map(counted, goal.via))]
    facts: list[TracedProject | TracedGoal] = [*paid, *said]
    sources = {via.source for fact in facts for via in fact.via if counted(via)}
    budget = sum((Decimal(str(p.budget)) for p in paid if p.budget is not None), Decimal())
    return Totals(
        indicators=sum(label_of(source) == "Indicator" for source in sources),
        projects=len(paid),
        departments=len({fact.department_id for fact in facts} - {None}),
        counties=len({fact.county_id for fact in facts} - {None}),
        budget=round(float(budget), _BUDGET_DIGITS),
    )
