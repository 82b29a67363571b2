"""What the commands share: JSON on stdout, sentences in Chinese, the place beside each answer."""

from collections.abc import Iterable, Mapping

import click

from api.chinese import Option
from api.settings import Settings
from api.terminal import WIDTH, one_line, shorten, wrap
from api.wire import Json, dumps
from graph.evidence import Evidence
from graph.store import Reader

PASSAGES = 3
"""How many passages stand under one answer on the screen; --json has all of them."""
_PASSAGE_COLUMNS = 2 * WIDTH
HEADINGS = frozenset({"level1", "level2"})
"""Fields of evidence that are the headings of a row, merged over many."""
EMPTY_STORE = "图谱还是空的。先读入文件：jipu ingest 文件或文件夹（可先试 jipu ingest examples）。"

json_option = click.option("--json", "as_json", is_flag=True, cls=Option, help="只输出一份 JSON。")
pass_settings = click.make_pass_decorator(Settings)


def print_json(value: Json) -> None:
    click.echo(dumps(value))


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(line)


def note(message: str) -> None:
    """For people, on stderr: stdout carries answers only."""
    click.echo(message, err=True)


def is_empty(reader: Reader) -> bool:
    return not reader.scan("Document", limit=1).nodes


def place(item: Evidence, files: Mapping[str, str]) -> str:
    return spot(item, files.get(item.document, item.document))


def spot(item: Evidence, file: str) -> str:
    """青禾县.txt 第 3 页 第 35 行; 青禾县.docx 表 2 第 5 行, for Word knows no lines."""
    parts = [file]
    if item.page is not None:
        parts.append(f"第 {item.page} 页")
    if item.line is not None:
        parts.append(f"第 {item.line} 行")
    elif item.table is not None:
        parts.append(f"表 {item.table}")
        parts += [f"第 {item.row} 行"] if item.row is not None else []
    return " ".join(parts)


def passage(
    item: Evidence, files: Mapping[str, str], indent: str, text: str | None = None
) -> list[str]:
    """The place and the words that stand there, at most a few lines of the terminal."""
    words = one_line(text or item.raw)
    line = f"{place(item, files)}：{shorten(words, _PASSAGE_COLUMNS)}"
    return wrap(line, indent=indent + "  ", first=indent)


def passages(items: Iterable[Evidence], files: Mapping[str, str], indent: str) -> list[str]:
    """The first few places, the cells of one row together, and how many more there are."""
    rows: dict[tuple[object, ...], list[Evidence]] = {}
    for item in items:
        cell = item.table is not None and item.row is not None
        where = (item.table, item.row) if cell else (item.start, item.end)
        rows.setdefault((item.document, *where), []).append(item)
    lines = []
    for cells in list(rows.values())[:PASSAGES]:
        # The headings of a row are cells merged over many rows; what it says stands after them.
        said = [cell for cell in cells if cell.field not in HEADINGS] or cells
        words = " ｜ ".join(dict.fromkeys(one_line(cell.raw) for cell in said))
        lines += passage(said[0], files, indent, words)
    if len(rows) > PASSAGES:
        lines.append(f"{indent}……另有 {len(rows) - PASSAGES} 处，见 --json")
    return lines


def amount(value: float | None) -> str:
    """1,000 万元; a dash where the amount is unknown."""
    if value is None:
        return "—"
    digits = f"{value:,.6f}".rstrip("0").rstrip(".")
    return f"{digits} 万元"
