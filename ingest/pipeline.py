"""The stages of an ingest: find files → parse (in parallel) → write, one transaction a document."""

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import forkserver, get_all_start_methods, get_context, resource_tracker
from multiprocessing.context import BaseContext
from pathlib import Path

from graph.errors import InvalidGraph
from graph.store import Writer
from ingest import resolve
from ingest.archive import find_documents
from ingest.contents import Citing, Contents, contents_of
from ingest.extract import EXTRACTION
from ingest.files import Found
from ingest.limits import Limits
from ingest.parse import Parsed, is_empty, parse_file
from ingest.predecessor import predecessors
from ingest.report import FileError, FileReport, FileStatus

# So many files lie parsed and unwritten at most: memory stays flat however many there are.
_AHEAD_PER_WORKER = 4


@dataclass(frozen=True, slots=True)
class IngestOptions:
    """`ocr`: read what only stands in pictures too, where the group `ocr` is installed."""

    limits: Limits = field(default_factory=Limits)
    ocr: bool = False
    dry_run: bool = False
    workers: int = 1


def count_files(paths: Sequence[Path], limits: Limits) -> int:
    """How many reports `ingest_paths` will give for these paths."""
    return sum(1 for _ in find_documents(paths, limits, load=False))


def ingest_paths(
    paths: Sequence[Path],
    store: Writer,
    options: IngestOptions,
    on_file: Callable[[FileReport], None] | None = None,
) -> list[FileReport]:
    """Ingest files, folders and zip archives; one report a file or member, in the order found.

    A file that cannot be read is reported and the rest goes on. Citations are counted at the end,
    when everything that could resolve them is in the store. Raises StoreError where the store
    fails: what was written until then stays.
    """
    reports: list[FileReport] = []
    citing: list[Citing] = []
    for parsed in _parse_all(paths, store, options):
        report = _write(parsed, store, options.dry_run)
        contents = Contents()
        if report.status != "failed":
            contents = contents_of(parsed.batch, parsed.document, store)
        report = replace(report, projects=contents.projects, indicators=contents.indicators)
        reports.append(report)
        citing.append(contents.citing)
        if on_file is not None:
            on_file(report)
    return [
        replace(report, citations=resolve.count(store, policies))
        for report, policies in zip(reports, citing, strict=True)
    ]


def _parse_all(paths: Sequence[Path], store: Writer, options: IngestOptions) -> Iterator[Parsed]:
    def known(document: str) -> bool:
        node = store.get([document]).get(document)
        return node is not None and node.properties.get("extraction") == EXTRACTION

    found = find_documents(paths, options.limits)
    if options.workers > 1:
        yield from _parse_parallel(found, options, known)
        return
    for item in found:
        yield parse_file(item, options.limits, known, options.ocr)


def _parse_parallel(
    found: Iterator[Found], options: IngestOptions, known: Callable[[str], bool]
) -> Iterator[Parsed]:
    """Parse ahead in other processes; results come in the order of the files.

    Worker processes hold no store: a file that is known already is parsed and then dropped.
    """
    waiting: deque[_Ahead] = deque()
    ahead, most = options.workers * _AHEAD_PER_WORKER, options.limits.max_file_bytes
    pool = ProcessPoolExecutor(options.workers, mp_context=_context(), initializer=_uninterrupted)
    try:
        for item in found:
            waiting.append(_Ahead(pool, item, options))
            while len(waiting) > ahead or sum(held.size for held in waiting) > most:
                yield _dropped_if(waiting.popleft(), known)
        while waiting:
            yield _dropped_if(waiting.popleft(), known)
    finally:
        pool.shutdown(cancel_futures=True)


def _uninterrupted() -> None:
    """Ctrl-C reaches all processes of a terminal: only the one that writes answers to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _context() -> BaseContext:
    """How processes start: never as a fork of this one, which would copy the store's connection.

    Where the system can, they are forks of one clean process that has imported the readers; else
    each imports them anew, in half a second of its core.
    """
    if "forkserver" not in get_all_start_methods():
        return get_context("spawn")
    context = get_context("forkserver")
    context.set_forkserver_preload(["__main__", parse_file.__module__])
    # Processes keep the mask that they are started with: one that Ctrl-C meets before it has come
    # to `_uninterrupted` would say so at length. The tracker unblocks it again, and so comes first.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        forkserver.ensure_running()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    return context


class _Ahead:
    """A file being parsed in another process, or here where that process has died."""

    def __init__(self, pool: ProcessPoolExecutor, found: Found, options: IngestOptions) -> None:
        self._found = found
        self._options = options
        self.size = len(found.content or b"")  # bytes of an archive's member that wait here
        self._future: Future[Parsed] | None = None
        # A pool whose process has died takes no more work; the files are then parsed here.
        with suppress(BrokenProcessPool):
            self._future = pool.submit(parse_file, found, options.limits, _never, options.ocr)

    def result(self) -> Parsed:
        if self._future is not None:
            with suppress(BrokenProcessPool):
                return self._future.result()
        return parse_file(self._found, self._options.limits, _never, self._options.ocr)


def _never(document: str) -> bool:
    return False


def _dropped_if(item: _Ahead, known: Callable[[str], bool]) -> Parsed:
    parsed = item.result()
    if parsed.document is not None and known(parsed.document):
        return replace(parsed, batch=None, warnings=())
    return parsed


def _stored_kind(parsed: Parsed, store: Writer) -> str | None:
    assert parsed.document is not None, "only a document that is known is unchanged"
    return str(store.get([parsed.document])[parsed.document].properties["kind"])


def _write(parsed: Parsed, store: Writer, dry_run: bool) -> FileReport:
    if parsed.error is not None:
        return FileReport(parsed.file, "failed", error=parsed.error)
    if parsed.batch is None:
        return FileReport(parsed.file, "unchanged", parsed.document, _stored_kind(parsed, store))
    old = [*predecessors(store, parsed.batch), *store.get([parsed.batch.document])]
    if not dry_run:
        try:
            store.apply(parsed.batch, replacing=old)
        except InvalidGraph as error:
            # This document's fault alone, of which nothing was written.
            message = f"{parsed.file}：{error}"
            return FileReport(parsed.file, "failed", error=FileError(error.code, message))
    status: FileStatus = "replaced" if old else "empty" if is_empty(parsed) else "ingested"
    return FileReport(parsed.file, status, parsed.document, parsed.kind, warnings=parsed.warnings)
