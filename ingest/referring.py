"""What the cells of one project mean by 该办法: a policy that another cell has named.

A cell that itself names the policy cites it already; here stand only the others.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from graph.model import Citation, Goal, Indicator, Project, Text
from ingest.citations import find_all, part_of, passage_around
from ingest.mentions import FoundReference
from ingest.references import may_refer

_BETWEEN = "\n。\n"
_GOAL = ("title", "text", "indicator_text")
_INDICATOR = ("name", "description", "value", "basis")


@dataclass(slots=True)
class _Cells:
    """The texts of a project, one behind another as in the source, each with where it begins in
    `joined`."""

    texts: list[Text] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    joined: str = ""


def with_references(project: Project) -> Project:
    """The project with what its cells refer back to among their citations."""
    cells = _cells(project)
    if not any(may_refer(text.evidence.raw) for text in cells.texts):
        return project
    meant = _meant(cells)
    return replace(
        project,
        citations=_all(project.citations, [project.name, project.purpose], meant),
        goals=tuple(_goal(goal, meant) for goal in project.goals),
        indicators=tuple(_indicator(row, meant) for row in project.indicators),
    )


def _cells(project: Project) -> _Cells:
    owners: list[Goal | Indicator] = [*project.goals, *project.indicators]
    found = [project.name, project.purpose]
    found += [text for owner in owners for text in _texts(owner)]
    cells = _Cells()
    pieces: list[str] = []
    length = 0
    for text in sorted((t for t in found if t is not None), key=lambda t: t.evidence.start):
        cells.texts.append(text)
        cells.starts.append(length)
        pieces += [text.evidence.raw, _BETWEEN]
        length += len(text.evidence.raw) + len(_BETWEEN)
    cells.joined = "".join(pieces)
    return cells


def _texts(owner: Goal | Indicator) -> list[Text | None]:
    names = _GOAL if isinstance(owner, Goal) else _INDICATOR
    return [getattr(owner, name) for name in names]


def _meant(cells: _Cells) -> dict[int, list[Citation]]:
    """The citations of each text that refers to one policy, by the text's place in the source."""
    _, references = find_all(cells.joined)
    by_text: dict[int, list[Citation]] = {}
    for reference in references:
        if len(reference.meant) != 1:
            continue
        at = bisect_right(cells.starts, reference.start) - 1
        text, (policy,) = cells.texts[at], reference.meant
        start = reference.start - cells.starts[at]
        mention = FoundReference(start, start + len(reference.raw), reference.raw, reference.meant)
        name = text.evidence.field or "text"
        breaks = text.evidence.raw.count("\n", 0, start)
        citation = Citation(
            field=name,
            number=policy.number,
            title=policy.title,
            passage=passage_around(text, mention),
            evidence=part_of(text.evidence, name, mention, breaks),
            articles=reference.articles,
        )
        by_text.setdefault(text.evidence.start, []).append(citation)
    return by_text


def _goal(goal: Goal, meant: dict[int, list[Citation]]) -> Goal:
    citations = _all(goal.citations, _texts(goal), meant)
    return replace(goal, citations=citations)


def _indicator(row: Indicator, meant: dict[int, list[Citation]]) -> Indicator:
    citations = _all(row.citations, _texts(row), meant)
    return replace(row, citations=citations)


def _all(
    citations: tuple[Citation, ...],
    texts: Sequence[Text | None],
    meant: dict[int, list[Citation]],
) -> tuple[Citation, ...]:
    """Those there are, and those that refer to a policy which the same field does not cite."""
    cited = {(citation.field, _meaning(citation)) for citation in citations}
    further: list[Citation] = []
    for text in texts:
        for citation in meant.get(text.evidence.start, ()) if text is not None else ():
            key = (citation.field, _meaning(citation))
            if key not in cited:
                cited.add(key)
                further.append(citation)
    return (*citations, *further)


def _meaning(citation: Citation) -> tuple[str, str]:
    number = citation.number.canonical if citation.number else ""
    return number, "" if number else citation.title or ""
