"""What a mention leads to: a policy whose text is here, one only cited, or several candidates.

Finding (`citations`) and resolving are separate: a mention is never bent to fit what is stored.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph import ids
from graph.derive import namesakes
from graph.elements import Node
from graph.store import Reader, scan_all
from graph.values.policy_title import title_key
from ingest.citations import find_all
from ingest.mentions import FoundCitation, FoundReference
from ingest.report import CitationCounts

Status: TypeAlias = Literal["resolved", "stub", "ambiguous", "unknown"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """`policy` is the node that the mention leads to; `candidates` where several fit."""

    status: Status
    policy: str | None = None
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolvedCitation:
    """One mention in a text: ``text[start:end] == raw``; number in its canonical form."""

    start: int
    end: int
    raw: str
    number: str | None
    title: str | None
    issuer_prefix: str | None
    year: int | None
    serial: str | None
    status: Status
    candidates: tuple[str, ...]


def resolve(reader: Reader, text: str) -> list[ResolvedCitation]:
    """Every mention of a policy in a text, in order, resolved against the store."""
    found = find(text)
    by_policy = resolutions(reader, {_policy_id(c): c.title for c in found})
    return [_resolved(citation, by_policy[_policy_id(citation)]) for citation in found]


def _policy_id(citation: FoundCitation) -> str:
    return ids.policy(citation.number, citation.title)


def _resolved(citation: FoundCitation, resolution: Resolution) -> ResolvedCitation:
    number = citation.number
    return ResolvedCitation(
        start=citation.start,
        end=citation.end,
        raw=citation.raw,
        number=number.canonical if number else None,
        title=citation.title,
        issuer_prefix=number.prefix if number else None,
        year=number.year if number else None,
        serial=number.serial if number else None,
        status=resolution.status,
        candidates=resolution.candidates,
    )


def resolutions(reader: Reader, policies: Mapping[str, str | None]) -> dict[str, Resolution]:
    """The resolution of each policy id. A bare 《title》 (its id maps to the title) leads to the
    one numbered policy with that title, and stays ambiguous where there are several."""
    nodes = reader.get(policies)
    bare = {
        policy: title_key(title)
        for policy, title in policies.items()
        if title and policy == ids.policy(None, title)
    }
    candidates = _numbered_with_title(reader, set(bare.values()))
    result = {}
    for policy, title in policies.items():
        meant = namesakes(title or "", candidates.get(bare.get(policy, ""), []))
        result[policy] = _resolution(policy, nodes.get(policy), meant)
    return result


def _numbered_with_title(reader: Reader, keys: Collection[str]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = {}
    if keys:
        for node in scan_all(reader, "Policy", {"title_key": sorted(keys)}):
            if "number" in node.properties:
                found.setdefault(str(node.properties["title_key"]), []).append(node)
    return found


def _resolution(policy: str, node: Node | None, candidates: list[Node]) -> Resolution:
    if node is not None and node.properties["status"] == "ingested":
        return Resolution("resolved", policy, (policy,))
    if len(candidates) > 1:
        return Resolution("ambiguous", None, tuple(sorted(c.id for c in candidates)))
    if candidates:
        status: Status = "resolved" if candidates[0].properties["status"] == "ingested" else "stub"
        return Resolution(status, candidates[0].id, (candidates[0].id,))
    if node is not None:
        return Resolution("stub", policy, (policy,))
    return Resolution("unknown")


def count(reader: Reader, citing: Iterable[tuple[str, str | None]]) -> CitationCounts:
    """How the citations (policy id and title, one pair for each edge) of a document resolve."""
    pairs = list(citing)
    by_policy = resolutions(reader, dict(pairs))
    statuses = [by_policy[policy].status for policy, _ in pairs]
    return CitationCounts(
        resolved=statuses.count("resolved"),
        stub=statuses.count("stub") + statuses.count("unknown"),
        ambiguous=statuses.count("ambiguous"),
    )
