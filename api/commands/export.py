"""`jipu export`: the graph as lines of JSON."""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

import click

from api.chinese import Command, OneOf, Option, Whole
from api.commands.output import note, pass_settings
from api.export import Part, export_lines
from api.files import replacing
from api.settings import Settings
from graph.opening import open_store
from graph.schema import NODES

FORMATS = ("jsonl",)


@click.command("export", cls=Command)
@click.option("--format", cls=Option, type=OneOf(*FORMATS), default="jsonl", help="输出格式。")
@click.option("-o", "--output", cls=Option, metavar="PATH", help="写入文件；不写则输出到屏幕。")
@click.option("--county", cls=Option, multiple=True, metavar="X", help="县区名称或代码，可重复。")
@click.option("--city", cls=Option, multiple=True, metavar="X", help="市名称或代码，可重复。")
@click.option(
    "--year", cls=Option, multiple=True, type=Whole(1900, 2200), help="预算年度，可重复。"
)
@click.option("--department", cls=Option, multiple=True, metavar="X", help="部门名称或代码。")
@click.option(
    "--label",
    cls=Option,
    multiple=True,
    type=OneOf(*NODES),
    metavar="LABEL",
    help=f"节点类型，可重复：{'、'.join(NODES)}。",
)
@pass_settings
def command_export(
    settings: Settings,
    format: str,
    output: str | None,
    county: tuple[str, ...],
    city: tuple[str, ...],
    year: tuple[int, ...],
    department: tuple[str, ...],
    label: tuple[str, ...],
) -> None:
    """导出图谱的全部，或某些县、年度、部门的部分，每行一个节点或一条关系。

    同样的内容在任何图谱里导出的行都相同。
    """
    part = Part(counties=county, cities=city, years=year, departments=department, labels=label)
    with open_store(settings.store) as store:
        lines = export_lines(store, part)
        if output is None or output == "-":
            count = _write(lines, sys.stdout)
        else:
            with replacing(Path(output)) as file:
                count = _write(lines, file)
            note(f"已写入 {output}：{count} 行。")
    if not count:
        note("没有符合这些条件的内容；请核对县区、年度、部门的写法。")


def _write(lines: Iterable[str], file: TextIO) -> int:
    """How many lines there were."""
    return sum(1 for line in lines if file.write(line + "\n"))
