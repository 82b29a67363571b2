"""Documents on their way in, and out."""

from typing import Literal

from api.schemas.base import Evidence, Wire


class Warning(Wire):
    code: str
    message: str
    evidence: Evidence | None


class ErrorInfo(Wire):
    code: str
    message: str


class CitationCounts(Wire):
    resolved: int
    stub: int
    ambiguous: int


class FileReport(Wire):
    file: str
    status: Literal["ingested", "unchanged", "replaced", "empty", "failed"]
    document: str | None
    kind: str | None
    projects: int
    indicators: int
    citations: CitationCounts
    warnings: list[Warning]
    error: ErrorInfo | None


class Totals(Wire):
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


class JobAnswer(Wire):
    """status：queued、running、done（每个文件都看过）或 failed（任务本身中断）。"""

    id: str
    version: int
    status: Literal["queued", "running", "done", "failed"]
    created_at: str
    files_total: int
    files_done: int
    files: list[FileReport]
    totals: Totals | None
    error: ErrorInfo | None


class DeletedAnswer(Wire):
    deleted: str
