"""Uploads become jobs: one at a time in a thread of their own, watched by whoever asks."""

import logging
import os
import queue
import secrets
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, TypeAlias

from api.errors import Busy
from graph.errors import JipuError, NotFound
from ingest.report import FileError, FileReport, Totals, totals
from search.progress import Progress

_LOG = logging.getLogger("jipu.jobs")
KEPT = 1000
"""Finished jobs that are remembered; older ones are forgotten, their documents stay."""
_STOPPED = FileError("stopped", "服务停止，任务没有做完；写入的文件都完整，请重传其余文件。")

JobStatus: TypeAlias = Literal["queued", "running", "done", "failed"]
OnFile: TypeAlias = Callable[[FileReport], None]
Work: TypeAlias = Callable[[Sequence[Path], OnFile], list[FileReport]]


@dataclass(frozen=True, slots=True)
class Job:
    """One state of a job; every change makes a new one with the next `version`.

    `done`: all files were looked at, some may have failed. `failed`: the job itself broke off.
    """

    id: str
    version: int
    status: JobStatus
    created_at: str
    files_total: int
    files_done: int
    files: tuple[FileReport, ...] = ()
    totals: Totals | None = None
    error: FileError | None = None

    @property
    def finished(self) -> bool:
        return self.status in ("done", "failed")


class _Stop(Exception):
    """The server is going down."""


class Jobs:
    """`work` ingests files and reports each, in one background thread. `index` brings the index up
    to date, at first and after each job: it tells now and then how far it is, and is stopped there
    when the server goes down."""

    def __init__(
        self, work: Work, waiting: int, index: Callable[[Progress], None] = lambda _: None
    ) -> None:
        self._work = work
        self._index = index
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._queue: queue.Queue[tuple[str, Sequence[Path]] | None] = queue.Queue(waiting)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="jipu-jobs", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Let the file in progress end, and mark what is not done as failed."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def submit(self, paths: Sequence[Path]) -> Job:
        """Raises Busy where too many jobs are waiting."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        job = Job(secrets.token_hex(8), 1, "queued", now, len(paths), 0)
        with self._lock:
            self._forget()
            self._jobs[job.id] = job
        try:
            self._queue.put_nowait((job.id, paths))
        except queue.Full:
            with self._lock:
                del self._jobs[job.id]
            raise Busy(
                f"已有 {self._queue.maxsize} 个任务在等；请稍后再传，或在 JIPU_MAX_JOBS 中放宽。"
            ) from None
        return job

    def get(self, job_id: str) -> Job:
        """Raises NotFound for an id that was never given or is forgotten."""
        job = self._jobs.get(job_id)
        if job is None:
            raise NotFound(f"没有任务 {job_id}；服务重启后任务记录不保留，已入库的文件还在。")
        return job

    def _forget(self) -> None:
        finished = [job.id for job in self._jobs.values() if job.finished]
        for job_id in finished[: max(len(finished) - KEPT, 0)]:
            del self._jobs[job_id]

    def _run(self) -> None:
        try:
            self._index(self._go_on)
        except _Stop:
            return
        except Exception:
            # Questions will meet the same trouble and say it; uploads must still be taken in.
            _LOG.exception("index")
        while not self._stopping.is_set():
            try:
                item = self._queue.get(timeout=0.2)
            except queue.Empty:
                continue
            if item is not None:
                self._do(*item)

    def _go_on(self, done: int, total: int, label: str) -> None:
        if self._stopping.is_set():
            raise _Stop

    def _do(self, job_id: str, paths: Sequence[Path]) -> None:
        def on_file(report: FileReport) -> None:
            if self._stopping.is_set():
                raise _Stop
            job = self.get(job_id)
            self._change(job_id, files_done=job.files_done + 1, files=(*job.files, _named(report)))

        self._change(job_id, status="running")
        try:
            reports = tuple(_named(report) for report in self._work(paths, on_file))
            with suppress(_Stop):
                # What was written stays: the next start goes on with it.
                self._index(self._go_on)
        except _Stop:
            self._change(job_id, status="failed", error=_STOPPED)
        except JipuError as error:
            _LOG.error("job %s: %s", job_id, error)
            self._change(job_id, status="failed", error=FileError(error.code, str(error)))
        except Exception as error:
            # A job has no caller to raise to: what went wrong must reach whoever watches it.
            _LOG.exception("job %s", job_id)
            message = f"任务内部出错（{type(error).__name__}），详情见服务日志。"
            self._change(job_id, status="failed", error=FileError("internal", message))
        else:
            self._change(job_id, status="done", files=reports, totals=totals(reports))

    def _change(self, job_id: str, **changes: object) -> None:
        with self._lock:
            job = self._jobs[job_id]
            self._jobs[job_id] = replace(job, version=job.version + 1, **changes)  # type: ignore[arg-type]


def _named(report: FileReport) -> FileReport:
    """Where an upload lies on the server is nobody's business."""
    path = Path(report.file)
    error = report.error
    if error is not None:
        error = replace(error, message=error.message.replace(f"{path.parent}{os.sep}", ""))
    return replace(report, file=path.name, error=error)
