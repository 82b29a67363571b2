"""Pages a second and peak memory of reading each format, beside the bare library beneath.

A page is 1,800 characters of source text. Every measurement is a process of its own that has
imported all it needs; it counts the seconds of its core, which other work on the machine does not
slow much. "raw" only takes the text or the cells out with the library, in the same turn, so the
ratio says what finding tables, places and facts costs on top.

python -m bench.format_speed --pages 200 --pdf-pages 500 --rows 100000
"""

import argparse
import csv
import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import lxml.html
import openpyxl
import pypdfium2
from lxml import etree

from bench.ingest_speed import PAGE
from bench.layouts import statement
from bench.layouts.columns import LIST_HEADING, list_rows
from bench.layouts.contents import County, Project, counties
from bench.layouts.formats import FORMATS
from bench.layouts.grid import Grid, Paper
from bench.measure import ROOT, footer, table
from graph.opening import open_store
from ingest.extract import extract
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, ingest_paths
from ingest.reading import read

REPEATS = 3
_FILES = 48
_FILE_PAGES = 10


def _projects(number: int) -> Iterator[Project]:
    """So many projects, each with a name and a code of its own."""
    known = [project for county in counties() for project in county.projects]
    for n in range(number):
        project = known[n % len(known)]
        code = f"{project.code[:-6]}{n:06}"
        yield replace(project, code=code, name=f"{project.name}{n}期")


def _statement(pages: float, first: int = 0) -> Paper:
    """A 部门预算绩效文本 of about so many pages."""
    county: County = counties()[first % len(counties())]
    sample = replace(county, projects=tuple(_projects(12)))
    each = _characters(statement.LAYOUTS[0].fill(sample)[0]) / 12
    number = max(1, round(pages * PAGE / each))
    return statement.LAYOUTS[0].fill(replace(county, projects=tuple(_projects(number))))[0]


def _characters(paper: Paper) -> int:
    """Of all that is printed, a line break after each cell."""
    texts = (
        text
        for block in paper.blocks
        for text in ([a.text for a in block.areas] if isinstance(block, Grid) else [block])
    )
    return sum(len(text) + 1 for text in texts)


def _list(rows: int) -> Iterator[Sequence[str]]:
    """A long list of so many rows, some ten a project."""
    county = counties()[0]
    yield (f"{county.year}年部门预算项目绩效目标表",)
    yield LIST_HEADING
    written = 0
    for project in _projects(rows):
        for row in list_rows(county, project, project.budget):
            if written == rows:
                return
            written += 1
            yield row


def _list_csv(rows: int) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(_list(rows))
    return out.getvalue().encode("utf-8-sig")


def _list_xlsx(rows: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("绩效目标")
    for row in _list(rows):
        page.append(list(row))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def generate(format: str, words: argparse.Namespace) -> bytes:
    if format in ("csv", "xlsx"):
        return (_list_csv if format == "csv" else _list_xlsx)(words.rows)
    # A printed page of these tables holds about seven tenths of what the unit does.
    pages = words.pdf_pages * 0.71 if format == "pdf" else words.pages
    return FORMATS[format](_statement(pages))


def _raw_docx(content: bytes) -> int:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        root = etree.fromstring(file.read("word/document.xml"))
    return sum(map(len, root.itertext()))


def _raw_xlsx(content: bytes) -> int:
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
    rows = (row for page in book.worksheets for row in page.iter_rows(values_only=True))
    return sum(len(str(value)) for row in rows for value in row if value is not None)


def _raw_pdf(content: bytes) -> int:
    with pypdfium2.PdfDocument(content) as file:
        return sum(len(page.get_textpage().get_text_range()) for page in file)


def _raw_csv(content: bytes) -> int:
    rows = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return sum(len(cell) for row in rows for cell in row)


RAW: dict[str, Callable[[bytes], int]] = {
    "docx": _raw_docx,
    "html": lambda content: len(lxml.html.fromstring(content).text_content()),
    "md": lambda content: sum(map(len, content.decode().splitlines())),
    "txt": lambda content: sum(map(len, content.decode().splitlines())),
    "csv": _raw_csv,
    "xlsx": _raw_xlsx,
    "pdf": _raw_pdf,
}


def _whole(content: bytes, name: str) -> tuple[int, int]:
    """Characters of the source text, and indicators found."""
    source = read(content, name, "document:a", Limits())
    found = extract(source, "a" * 64, name)
    rows = sum(len(project.indicators) for project in found.projects)
    return len(source.text), rows + len(found.indicators)


def _one(path: Path, raw: bool) -> None:
    """Measure here: seconds of one core, characters, indicators, MiB above the imports."""
    content = path.read_bytes()
    before = _peak()
    start = time.process_time()
    counted = (RAW[path.suffix[1:]](content), 0) if raw else _whole(content, path.name)
    seconds = time.process_time() - start
    json.dump([seconds, *counted, _peak() - before], sys.stdout)


def _peak() -> float:
    """MiB of memory that this process has had at most. Linux only."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmHWM in /proc/self/status")


def _measured(path: Path, *words: str) -> tuple[float, int, int, float]:
    command = [sys.executable, "-m", "bench.format_speed", "--one", str(path), *words]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    seconds, characters, rows, memory = json.loads(result.stdout)
    return seconds, characters, rows, memory


def format_row(format: str, path: Path) -> list[str]:
    turns = [(_measured(path), _measured(path, "--raw")) for _ in range(REPEATS)]
    seconds = statistics.median(ours[0] for ours, _ in turns)
    ratio = statistics.median(ours[0] / raw[0] for ours, raw in turns)
    _, characters, rows, memory = turns[0][0]
    pages = characters / PAGE
    return [
        format,
        f"{path.stat().st_size / 2**20:.1f}",
        f"{pages:.0f}",
        str(rows),
        f"{seconds:.2f} s",
        f"{pages / seconds:.0f}",
        f"{ratio:.1f}",
        f"{memory:.0f}",
        f"{turns[0][1][3]:.0f}",
    ]


def scaling(folder: Path) -> list[list[str]]:
    """Files of all text formats through the whole ingest, with one worker and with two."""
    formats = ("docx", "html", "txt", "md")
    for number in range(_FILES):
        format = formats[number % len(formats)]
        content = FORMATS[format](_statement(_FILE_PAGES, number))
        (folder / f"{number}.{format}").write_bytes(content)
    times: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(REPEATS):
        for workers in times:
            with tempfile.TemporaryDirectory() as home:
                store = f"sqlite:///{Path(home).resolve() / 'jipu.db'}"
                start = time.perf_counter()
                with open_store(store) as opened:
                    ingest_paths([folder], opened, IngestOptions(workers=workers))
                times[workers].append(time.perf_counter() - start)
    pages = _FILES * _FILE_PAGES
    gain = statistics.median(a / b for a, b in zip(times[1], times[2], strict=True))
    medians = {workers: statistics.median(found) for workers, found in times.items()}
    rows = [
        [str(n), f"{seconds:.2f} s", f"{pages / seconds:.0f}"] for n, seconds in medians.items()
    ]
    return [*rows, ["2 比 1", f"{gain:.2f} 倍", ""]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.format_speed", description=__doc__)
    parser.add_argument("--pages", type=int, default=200, help="pages of docx, html, md and txt")
    parser.add_argument("--pdf-pages", type=int, default=500, help="printed pages of the pdf")
    parser.add_argument("--rows", type=int, default=100_000, help="rows of csv and xlsx")
    parser.add_argument("--formats", nargs="*", default=list(RAW), choices=list(RAW))
    parser.add_argument("--one", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--raw", action="store_true", help=argparse.SUPPRESS)
    words = parser.parse_args()
    if words.one:
        _one(words.one, words.raw)
        return
    rows = []
    with tempfile.TemporaryDirectory() as home:
        for format in words.formats:
            path = Path(home) / f"all.{format}"
            path.write_bytes(generate(format, words))
            rows.append(format_row(format, path))
    head = ("格式", "MiB", "页", "指标", "读取", "页/秒", "比库", "内存 MiB", "库 MiB")
    table(head, rows)
    sys.stdout.write("\n")
    with tempfile.TemporaryDirectory() as home:
        table(("进程", "入库", "页/秒"), scaling(Path(home)))
    footer(
        "bench.format_speed",
        f"每页按 {PAGE} 字计；{REPEATS} 次的中位，单进程，按处理器时间。",
        "“比库”是只用底层库取文字的几倍；内存为读取时比导入后多用的峰值。",
    )


if __name__ == "__main__":
    main()
