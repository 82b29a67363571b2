"""What a mention leads to: a policy whose text is here, one only cited, or several candidates.

Finding (`citations`) and resolving are separate: a mention is never bent to fit what is stored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from graph import ids
from graph.elements import Node
from graph.namesakes import meanings
from graph.store import Reader
from graph.values.document_number import parse_document_number
from ingest.blocks import SourceText
from ingest.citations import find_all
from ingest.mentions import FoundCitation
from ingest.notices import read_policy
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
    """One mention in a text: ``text[start:end] == raw``; number in its canonical form.

    A `reference` (该办法) has the number and title of what it means, where that is one policy.
    """

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
    articles: tuple[str, ...] = ()
    reference: bool = False


def resolve(reader: Reader, text: str) -> list[ResolvedCitation]:
    """Every mention of a policy in a text, in order, resolved against the store.

    该办法 and the like mean what the text has named before: "ambiguous" where several policies
    fit, "unknown" where none does.
    """
    found, references = find_all(text, _own(text))
    if not found and (number := parse_document_number(text)) is not None:
        raw = text.strip()  # 冀财建2024-9143
        start = text.index(raw)
        found = [FoundCitation(start, start + len(raw), raw, number)]
    meant = [citation for reference in references for citation in reference.meant]
    by_policy = resolutions(reader, {_policy_id(c): c.title for c in (*found, *meant)})
    resolved = [_resolved(citation, by_policy[_policy_id(citation)]) for citation in found]
    for reference in references:
        policies = [_policy_id(citation) for citation in reference.meant]
        if len(policies) == 1:
            mention = _resolved(reference.meant[0], by_policy[policies[0]])
        else:
            status: Status = "ambiguous" if policies else "unknown"
            mention = _resolved(None, Resolution(status, None, tuple(policies)))
        resolved.append(
            replace(
                mention,
                start=reference.start,
                end=reference.end,
                raw=reference.raw,
                articles=reference.articles,
                reference=True,
            )
        )
    return sorted(resolved, key=lambda mention: (mention.start, mention.end))


def _own(text: str) -> FoundCitation | None:
    """The policy that the text itself is: 本办法 in it means this one."""
    policy = read_policy(SourceText("", text))
    if policy is None or (policy.number is None and policy.title is None):
        return None
    title = policy.title.value if policy.title else None
    return FoundCitation(0, 0, "", policy.number, title)


def _policy_id(citation: FoundCitation) -> str:
    return ids.policy(citation.number, citation.title)


def _resolved(citation: FoundCitation | None, resolution: Resolution) -> ResolvedCitation:
    number = citation.number if citation else None
    return ResolvedCitation(
        start=citation.start if citation else 0,
        end=citation.end if citation else 0,
        raw=citation.raw if citation else "",
        number=number.canonical if number else None,
        title=citation.title if citation else None,
        issuer_prefix=number.prefix if number else None,
        year=number.year if number else None,
        serial=number.serial if number else None,
        status=resolution.status,
        candidates=resolution.candidates,
        articles=citation.articles if citation else (),
    )


def resolutions(reader: Reader, policies: Mapping[str, str | None]) -> dict[str, Resolution]:
    """The resolution of each policy id. A bare 《title》 (its id maps to the title) leads to the
    one policy that it means, and stays ambiguous where there are several."""
    nodes = reader.get(policies)
    bare = {p: title for p, title in policies.items() if title and p == ids.policy(None, title)}
    meant = meanings(reader, bare.values())
    return {
        policy: _resolution(
            policy, nodes.get(policy), meant[bare[policy]] if policy in bare else []
        )
        for policy in policies
    }


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
