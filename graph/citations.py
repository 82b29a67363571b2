"""The chain of policies: who cites whom, level by level, up to the ministry and down again."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from graph.elements import Edge, Node
from graph.evidence import Evidence
from graph.schema import label_of
from graph.store import Reader

MAX_CITATIONS = 200_000
"""How many citations one walk reads; beyond that the most cited policies of a level are left out
and the answer says that it is cut short."""


@dataclass(frozen=True, slots=True)
class Via:
    """One citation: node `source` cites `policy` in its property `field`, written as `raw`.

    `articles` are the labels of those that it names, 第十二条.
    """

    source: str
    field: str
    raw: str
    passage: str
    evidence: tuple[Evidence, ...]
    policy: str
    articles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PolicyView:
    """A policy on the chain. `depth` is 0 for the one asked about and 1 for its neighbours;
    `through` are the policies between the two, the one next to it first."""

    id: str
    number: str | None
    title: str | None
    issuer: str | None
    kind: str | None
    year: int | None
    status: str
    depth: int = 0
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Link:
    """Policy `source` cites policy `target`; `via` says where."""

    source: str
    target: str
    via: tuple[Via, ...]


@dataclass(frozen=True, slots=True)
class Level:
    depth: int
    policies: tuple[PolicyView, ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Chain:
    """`upstream` are the policies that it rests on, `downstream` those that rest on it."""

    policy: PolicyView
    upstream: tuple[Level, ...]
    downstream: tuple[Level, ...]
    truncated: bool


@dataclass(slots=True)
class Walk:
    """The policies met, each with the way to it (itself last), and every citation read.

    A 《title》 and the number that it is the SAME_AS are one policy here, under the number.
    """

    start: str
    ways: dict[str, tuple[str, ...]]
    citations: list[Via] = field(default_factory=list)
    links: dict[tuple[str, str], list[Via]] = field(default_factory=dict)
    truncated: bool = False


def chain(reader: Reader, policy_id: str, max_depth: int = 8) -> Chain | None:
    """The policies around one, by levels; None where no policy has the id.

    A policy stands on the level of the shortest way to it. `truncated` where the chain goes on
    beyond `max_depth` or MAX_CITATIONS.
    """
    policy = reader.get([policy_id]).get(policy_id)
    if policy is None or policy.label != "Policy":
        return None
    down = walk_down(reader, policy_id, max_depth)
    up = walk_up(reader, policy_id, max_depth)
    return Chain(
        policy_view(policy),
        _levels(reader, up, upstream=True),
        _levels(reader, down, upstream=False),
        down.truncated or up.truncated,
    )


def walk_down(
    reader: Reader, policy_id: str, max_depth: int, max_citations: int = MAX_CITATIONS
) -> Walk:
    """Everything that cites the policy, or a policy that rests on it over `max_depth` others.

    A policy that reaches it only through its own table of indicators cites it as well.
    """
    walk = _started(reader, policy_id)
    frontier = [walk.start]
    for depth in range(max_depth + 1):
        spellings = _spellings(reader, frontier)
        read = _affordable(reader, spellings, max_citations - len(walk.citations), walk, depth)
        edges = reader.edges(read, {"CITES"}, "in")
        speakers = _speakers(reader, {edge.source for edge in edges})
        found: dict[str, tuple[str, ...]] = {}
        for edge in edges:
            cited = spellings[edge.target]
            via = _via(edge, cited)
            walk.citations.append(via)
            citing = speakers.get(edge.source)
            if citing is not None and citing != cited:
                walk.links.setdefault((citing, cited), []).append(via)
                _keep_first(found, citing, (*walk.ways[cited], citing))
        frontier = _advance(walk, found, depth, max_depth)
    return walk


def walk_up(reader: Reader, policy_id: str, max_depth: int) -> Walk:
    """Every policy that this one rests on, over `max_depth` steps."""
    walk = _started(reader, policy_id)
    frontier = [walk.start]
    for depth in range(max_depth + 1):
        speakers = _spellings(reader, frontier)
        for edge in reader.edges(speakers, {"MEASURED_BY"}):
            speakers[edge.target] = speakers[edge.source]
        edges = reader.edges(speakers, {"CITES"})
        canonical = _canonical(reader, {edge.target for edge in edges})
        found: dict[str, tuple[str, ...]] = {}
        for edge in edges:
            citing, cited = speakers[edge.source], canonical[edge.target]
            if citing != cited:
                via = _via(edge, cited)
                walk.citations.append(via)
                walk.links.setdefault((citing, cited), []).append(via)
                _keep_first(found, cited, (*walk.ways[citing], cited))
        frontier = _advance(walk, found, depth, max_depth)
    return walk


def policy_views(reader: Reader, walk: Walk) -> tuple[PolicyView, ...]:
    """The policies that the walk met, the nearest first, then by id."""
    nodes = reader.get(walk.ways)
    views = [policy_view(nodes[id], way) for id, way in walk.ways.items() if way and id in nodes]
    return tuple(sorted(views, key=lambda view: (view.depth, view.id)))


def policy_view(node: Node, way: tuple[str, ...] = ()) -> PolicyView:
    """`way` leads to the policy and ends with it."""
    year = node.properties.get("year")
    return PolicyView(
        id=node.id,
        number=_text(node, "number"),
        title=_text(node, "title"),
        issuer=_text(node, "issuer"),
        kind=_text(node, "kind"),
        year=year if isinstance(year, int) else None,
        status=_text(node, "status") or "",
        depth=len(way),
        through=way[:-1],
    )


def _started(reader: Reader, policy_id: str) -> Walk:
    start = _canonical(reader, [policy_id])[policy_id]
    return Walk(start, {start: ()})


def _canonical(reader: Reader, policies: Collection[str]) -> dict[str, str]:
    """The numbered policy for each one known by its title alone; others stand for themselves."""
    canonical = {policy: policy for policy in policies}
    canonical |= {e.source: e.target for e in reader.edges(policies, {"SAME_AS"})}
    return canonical


def _spellings(reader: Reader, policies: Iterable[str]) -> dict[str, str]:
    """Every node that is one of these policies, and which: itself, or a 《title》 of it."""
    spellings = {policy: policy for policy in policies}
    return {
        **{e.source: e.target for e in reader.edges(spellings, {"SAME_AS"}, "in")},
        **spellings,
    }


def _speakers(reader: Reader, sources: Collection[str]) -> dict[str, str]:
    """Which policy speaks in each source: the source itself, or the one whose indicator it is."""
    speakers = {source: source for source in sources if label_of(source) == "Policy"}
    indicators = {source for source in sources if label_of(source) == "Indicator"}
    for edge in reader.edges(indicators, {"MEASURED_BY"}, "in"):
        if label_of(edge.source) == "Policy":
            speakers[edge.target] = edge.source
    canonical = _canonical(reader, set(speakers.values()))
    return {source: canonical[policy] for source, policy in speakers.items()}


def _affordable(
    reader: Reader, spellings: Collection[str], budget: int, walk: Walk, depth: int
) -> list[str]:
    """The policies whose citations the walk may still read, the least cited first. The citations
    of the policy that was asked about are always read."""
    if depth == 0:
        return list(spellings)
    degrees = reader.degree(spellings, "CITES", "in")
    chosen = []
    for policy in sorted(spellings, key=lambda p: (degrees[p], p)):
        budget -= degrees[policy]
        if budget < 0:
            walk.truncated = True
            break
        chosen.append(policy)
    return chosen


def _keep_first(found: dict[str, tuple[str, ...]], policy: str, way: tuple[str, ...]) -> None:
    """Of two ways of one length the smaller by ids, so that the answer is always the same."""
    found[policy] = min(found.get(policy, way), way)


def _advance(
    walk: Walk, found: dict[str, tuple[str, ...]], depth: int, max_depth: int
) -> list[str]:
    new = {policy: way for policy, way in found.items() if policy not in walk.ways}
    if depth == max_depth:
        walk.truncated = walk.truncated or bool(new)
        return []
    walk.ways.update(new)
    return sorted(new)


def _levels(reader: Reader, walk: Walk, *, upstream: bool) -> tuple[Level, ...]:
    levels: dict[int, list[PolicyView]] = {}
    for view in policy_views(reader, walk):
        levels.setdefault(view.depth, []).append(view)
    links: dict[int, list[Link]] = {}
    for (citing, cited), via in sorted(walk.links.items()):
        if citing in walk.ways and cited in walk.ways:
            depth = len(walk.ways[cited if upstream else citing])
            links.setdefault(depth, []).append(Link(citing, cited, tuple(via)))
    return tuple(
        Level(depth, tuple(views), tuple(links.get(depth, ()))) for depth, views in levels.items()
    )


def _via(edge: Edge, policy: str) -> Via:
    return Via(
        source=edge.source,
        field=edge.field,
        raw=str(edge.properties.get("raw", "")),
        passage=str(edge.properties.get("passage", "")),
        evidence=edge.evidence,
        policy=policy,
        articles=edge.articles,
    )


def _text(node: Node, name: str) -> str | None:
    value = node.properties.get(name)
    return None if value is None else str(value)
