"""`jipu ingest`: files and folders into the graph, and a report of what came of it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import click

from api.chinese import Command, Option, Whole
from api.commands.output import (
    json_option,
    note,
    pass_settings,
    print_json,
    print_lines,
    spot,
)
from api.ingesting import limits, options
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from api.terminal import WIDTH, one_line, shorten, table, wrap
from api.wire import answer, plain
from graph.errors import StoreError
from graph.model import Warning
from graph.opening import open_store
from graph.store import Writer
from ingest.archive import find_documents
from ingest.errors import IngestError, NeedsOcr
from ingest.explain import Explanation, explain
from ingest.pipeline import IngestOptions, count_files, ingest_paths
from ingest.report import FileReport, Totals, totals

MAX_WORKERS = 64
_SHOWN = 50
_FAILED = 1
_KINDS = {
    "performance_text": "部门预算绩效文本",
    "funding_notice": "资金通知",
    "measure": "管理办法",
    "unknown": "没有认出种类",
}
_POLICY_KINDS = ("funding_notice", "measure")
_STATUSES = {
    "ingested": "新入库",
    "unchanged": "未变",
    "replaced": "已替换",
    "empty": "无内容",
    "failed": "失败",
}


@click.command("ingest", cls=Command)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option(
    "--workers", cls=Option, type=Whole(1, MAX_WORKERS), default=1, help="几个进程同时读文件。"
)
@click.option("--dry-run", cls=Option, is_flag=True, help="只报告，不写入。")
@click.option("--no-index", cls=Option, is_flag=True, help="不更新检索索引，留给下次检索。")
@click.option(
    "--explain", "explained", cls=Option, is_flag=True, help="逐块说明文件怎样读懂，不写入。"
)
@click.option(
    "--ocr", cls=Option, is_flag=True, help="扫描件和图片先识别文字再读（要先安装识别程序）。"
)
@json_option
@pass_settings
def command_ingest(
    settings: Settings,
    paths: tuple[str, ...],
    workers: int,
    dry_run: bool,
    no_index: bool,
    explained: bool,
    ocr: bool,
    as_json: bool,
) -> None:
    """读入文件和文件夹（含子文件夹），写进图谱，并报告结果。

    重复读入不会改变图谱；一个文件读不了不影响其余文件，此时退出码为 1。
    """
    if ocr:
        settings = replace(settings, ocr=True)
    if explained:
        _explain([Path(path) for path in paths], settings, as_json)
        return
    with open_store(settings.store) as store:
        chosen = options(settings, workers, dry_run)
        reports = _ingest([Path(path) for path in paths], store, settings, chosen)
        summary = totals(reports)
        if as_json:
            print_json(answer(store, {"files": reports, "totals": summary}))
        else:
            print_lines(_report(reports, summary, dry_run))
        # After the report: it is not lost where the index cannot be written.
        if not (dry_run or no_index):
            _refresh(store, settings)
    if summary.failed:
        click.get_current_context().exit(_FAILED)


def _explain(paths: Sequence[Path], settings: Settings, as_json: bool) -> None:
    """Each file, and each member of an archive, block by block; one that cannot be read is told and
    the rest goes on."""
    answers: dict[str, Explanation] = {}
    failed = False
    for found in find_documents(paths, limits(settings)):
        try:
            answers[found.label] = explain(found, limits(settings), settings.ocr)
        except IngestError as error:
            failed = True
            note(str(error))
    if as_json:
        print_json(plain(answers))
    else:
        for file, answer in answers.items():
            print_lines(_explained(file, answer))
    if failed:
        click.get_current_context().exit(_FAILED)


def _explained(file: str, answer: Explanation) -> Iterator[str]:
    unread = sum(not block.facts for block in answer.blocks)
    kind = _KINDS[answer.kind]
    yield f"{file}：{kind}，{len(answer.blocks)} 块，其中 {unread} 块没有读出内容"
    for block in answer.blocks:
        words = shorten(one_line(block.evidence.raw), WIDTH)
        where = f"第 {block.paragraph} 段" if block.paragraph else ""
        place = " ".join(filter(None, (spot(block.evidence, "").lstrip(), where)))
        yield from wrap(f"{place}：{words}", indent="  ")
        yield from wrap(
            f"→ {'；'.join(block.facts) or '没有读出内容'}", indent="      ", first="    "
        )
    for warning in answer.warnings:
        yield from wrap(f"需要留意：{_placed(warning, file)}", indent="  ", first="  ")


def _ingest(
    paths: Sequence[Path], store: Writer, settings: Settings, chosen: IngestOptions
) -> list[FileReport]:
    done: list[FileReport] = []
    with progress_bar("个") as advance:
        total = count_files(paths, limits(settings)) if advance else 0

        def on_file(report: FileReport) -> None:
            done.append(report)
            if advance:
                advance(len(done), total, "读入")

        try:
            return ingest_paths(paths, store, chosen, on_file)
        except StoreError:
            last = f"，到“{done[-1].file}”为止" if done else ""
            note(f"中途停下：读完了 {len(done)} 个文件{last}；再运行一次会接着读。")
            raise


def _refresh(store: Writer, settings: Settings) -> None:
    with progress_bar("条") as advance:
        engine_of(store, settings).refresh(advance)


def _report(reports: list[FileReport], summary: Totals, dry_run: bool) -> list[str]:
    lines = ["试读，没有写入任何内容。"] if dry_run else []
    lines += _files(reports)
    states = "，".join(f"{name} {getattr(summary, status)}" for status, name in _STATUSES.items())
    citations = summary.citations
    lines += [
        f"共 {summary.files} 个文件：{states}",
        f"文件 {summary.documents} 份，项目 {summary.projects} 个，指标 {summary.indicators} 条",
        f"引用政策文件：原文已入库 {citations.resolved}，仅被引用 {citations.stub}，"
        f"待定 {citations.ambiguous}",
    ]
    scans = sum(
        report.error is not None and report.error.code == NeedsOcr.code for report in reports
    )
    if scans:
        lines.append(f"要先识别文字（OCR）才能读的 {scans} 个，见下")
    return lines + _warnings(reports) + _failures(reports)


def _files(reports: list[FileReport]) -> list[str]:
    rows = [
        (_STATUSES[r.status], r.file, *_holds(r)) for r in reports[:_SHOWN] if r.status != "failed"
    ]
    return table(rows) + _more(len(reports) - _SHOWN, "个文件")


def _holds(report: FileReport) -> tuple[str, str]:
    """项目 9, 指标 57 of a performance text; what else a document is, and whom it cites."""
    if report.kind in _POLICY_KINDS:
        counts = report.citations
        cited = counts.resolved + counts.stub + counts.ambiguous
        return _KINDS[report.kind], f"引用 {cited}"
    return f"项目 {report.projects}", f"指标 {report.indicators}"


def _warnings(reports: list[FileReport]) -> list[str]:
    warnings = [(report.file, warning) for report in reports for warning in report.warnings]
    if not warnings:
        return []
    lines = [f"需要留意 {len(warnings)} 处："]
    for file, warning in warnings[:_SHOWN]:
        lines += wrap(_placed(warning, file), indent="    ", first="  ")
    return lines + _more(len(warnings) - _SHOWN, "处")


def _placed(warning: Warning, file: str) -> str:
    """With the place in front, or the path where it is about the whole file and begins with its
    name: two folders may have a file of that name."""
    if warning.evidence is not None:
        return f"{spot(warning.evidence, file)}：{warning.message}"
    name, _, rest = warning.message.partition("：")
    return f"{file}：{rest}" if rest and file.endswith(name) else warning.message


def _failures(reports: list[FileReport]) -> list[str]:
    failures = [report.error for report in reports if report.error is not None]
    if not failures:
        return []
    lines = [f"读不了的文件 {len(failures)} 个："]
    for error in failures[:_SHOWN]:
        lines += wrap(error.message, indent="    ", first="  ")
    return lines + _more(len(failures) - _SHOWN, "个")


def _more(count: int, unit: str) -> list[str]:
    return [f"  ……另有 {count} {unit}，见 --json"] if count > 0 else []
