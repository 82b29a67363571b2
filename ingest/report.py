"""What an ingest tells its caller: one report a file, and the totals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from graph.model import Warning

FileStatus: TypeAlias = Literal["ingested", "unchanged", "replaced", "empty", "failed"]


@dataclass(frozen=True, slots=True)
class CitationCounts:
    """resolved: the policy's own text is in the store; stub: cited only; ambiguous: several fit."""

    resolved: int = 0
    stub: int = 0
    ambiguous: int = 0


@dataclass(frozen=True, slots=True)
class FileError:
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class FileReport:
    """`file` is the path as the caller gave it; a member of an archive is archive.zip!inner."""

    file: str
    status: FileStatus
    document: str | None = None
    kind: str | None = None
    projects: int = 0
    indicators: int = 0
    citations: CitationCounts = field(default_factory=CitationCounts)
    warnings: tuple[Warning, ...] = ()
    error: FileError | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    files: int
    ingested: int
    unchanged: int
    replaced: int
    empty: int
    failed: int
    documents: int
    projects: int
    indicators: int
    citations: CitationCounts
    warnings: int


def totals(reports: Iterable[FileReport]) -> Totals:
    """Add up a run. `documents` counts the files that are now in the store."""
    rows = list(reports)
    count = {status: sum(r.status == status for r in rows) for status in _STATUSES}
    return Totals(
        files=len(rows),
        ingested=count["ingested"],
        unchanged=count["unchanged"],
        replaced=count["replaced"],
        empty=count["empty"],
        failed=count["failed"],
        documents=len(rows) - count["failed"],
        projects=sum(r.projects for r in rows),
        indicators=sum(r.indicators for r in rows),
        citations=CitationCounts(
            resolved=sum(r.citations.resolved for r in rows),
            stub=sum(r.citations.stub for r in rows),
            ambiguous=sum(r.citations.ambiguous for r in rows),
        ),
        warnings=sum(len(r.warnings) for r in rows),
    )


_STATUSES: tuple[FileStatus, ...] = ("ingested", "unchanged", "replaced", "empty", "failed")
