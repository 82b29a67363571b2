"""Uploads: safe names, limits, and jobs that tell how far they are."""

import io
import itertools
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from api.errors import Busy, InvalidRequest, UploadTooLarge
from api.jobs import Job, Jobs, OnFile
from api.settings import Settings
from api.uploads import safe_name, save
from graph.errors import NotFound, StoreUnavailable
from ingest.report import FileReport
from search.progress import Progress


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("青禾县2025.docx", "青禾县2025.docx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\a.txt", "a.txt"),
        ("..", "未命名"),
        ("", "未命名"),
        (".bashrc", "bashrc"),
        ("a\x00b\n.txt", "ab.txt"),
        ("县" * 100 + ".txt", "县" * 65 + ".txt"),  # 200 bytes are left for what follows
        ("a." + "x" * 300, "未命名"),
    ],
)
def test_safe_name(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def files(*contents: tuple[str, bytes]) -> list[tuple[str, io.BytesIO]]:
    return [(name, io.BytesIO(content)) for name, content in contents]


def test_two_files_of_one_name_are_both_kept(settings: Settings) -> None:
    paths = save(files(("a.txt", b"1"), ("a.txt", b"2")), settings)
    assert [path.name for path in paths] == ["a.txt", "a (2).txt"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2"]
    assert paths[0].parent.parent == settings.upload_directory


@pytest.mark.parametrize(
    ("contents", "error"),
    [
        ((), InvalidRequest),
        ((("a", b"12345"), ("b", b"123456")), UploadTooLarge),  # together over 10 bytes
        ((("a", b""), ("b", b""), ("c", b"")), UploadTooLarge),  # over two files
    ],
)
def test_what_is_refused_leaves_nothing(
    settings: Settings, contents: Sequence[tuple[str, bytes]], error: type[Exception]
) -> None:
    settings = replace(settings, max_upload_bytes=10, max_upload_files=2)
    with pytest.raises(error):
        save(files(*contents), settings)
    assert list(settings.upload_directory.iterdir()) == []


def wait(jobs: Jobs, job: Job) -> Job:
    deadline = time.monotonic() + 10
    while not jobs.get(job.id).finished:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return jobs.get(job.id)


Start = Callable[..., Jobs]


@pytest.fixture
def start() -> Iterator[Start]:
    running = []

    def started(work: object, waiting: int = 4) -> Jobs:
        jobs = Jobs(work, waiting)  # type: ignore[arg-type]
        jobs.start()
        running.append(jobs)
        return jobs

    yield started
    for jobs in running:
        jobs.stop(5)


def test_a_job_reports_each_file_and_the_totals(start: Start) -> None:
    def work(paths: Sequence[Path], on_file: OnFile) -> list[FileReport]:
        reports = [FileReport(str(path), "ingested", projects=2) for path in paths]
        for report in reports:
            on_file(report)
        return reports

    jobs = start(work)
    job = jobs.submit([Path("/tmp/x/a.txt"), Path("/tmp/x/b.txt")])
    assert (job.status, job.files_total, job.files_done) == ("queued", 2, 0)
    done = wait(jobs, job)
    assert (done.status, done.files_done) == ("done", 2)
    assert [report.file for report in done.files] == ["a.txt", "b.txt"]  # not where they lie
    assert done.totals is not None
    assert done.totals.projects == 4
    assert done.version > job.version


@pytest.mark.parametrize(
    ("error", "code"),
    [(StoreUnavailable("磁盘已满"), "store_unavailable"), (ZeroDivisionError(), "internal")],
)
def test_a_job_that_breaks_off_says_why(start: Start, error: Exception, code: str) -> None:
    def work(paths: Sequence[Path], on_file: OnFile) -> list[FileReport]:
        raise error

    jobs = start(work)
    failed = wait(jobs, jobs.submit([Path("a")]))
    assert failed.status == "failed"
    assert failed.error is not None
    assert failed.error.code == code
    assert wait(jobs, jobs.submit([Path("b")])).finished  # the thread lives on


def test_what_cannot_be_indexed_at_first_stops_no_job(caplog: pytest.LogCaptureFixture) -> None:
    calls = itertools.count()

    def index(progress: Progress) -> None:
        if next(calls) == 0:
            raise StoreUnavailable("索引不可写")

    jobs = Jobs(lambda paths, on_file: [], 1, index)
    jobs.start()
    assert wait(jobs, jobs.submit([Path("a")])).status == "done"
    assert "索引不可写" in caplog.text
    jobs.stop(5)


@pytest.mark.parametrize("before", [0, 1], ids=["at first", "after a job"])
def test_a_server_that_goes_down_waits_for_no_index(before: int) -> None:
    begun = threading.Event()
    calls = itertools.count()

    def index(progress: Progress) -> None:
        if next(calls) < before:
            return
        for done in range(10_000):
            begun.set()
            time.sleep(0.01)
            progress(done, 10_000, "建立索引")

    jobs = Jobs(lambda paths, on_file: [], 1, index)
    jobs.start()
    job = jobs.submit([Path("a")])
    assert begun.wait(5)
    jobs.stop(5)
    assert not jobs._thread.is_alive()
    assert jobs.get(job.id).status == ("done" if before else "queued")


def test_too_many_jobs_are_refused() -> None:
    jobs = Jobs(lambda paths, on_file: [], 1)  # never started: what is queued stays
    kept = jobs.submit([Path("a")])
    with pytest.raises(Busy, match="JIPU_MAX_JOBS"):
        jobs.submit([Path("b")])
    assert jobs.get(kept.id).status == "queued"


def test_an_unknown_job() -> None:
    with pytest.raises(NotFound):
        Jobs(lambda paths, on_file: [], 1).get("没有")
