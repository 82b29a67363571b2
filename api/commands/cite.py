"""`jipu cite`: which policies a text mentions."""

import sys

import click

from api.chinese import Command
from api.commands.output import json_option, pass_settings, print_json, print_lines
from api.settings import Settings
from api.wire import plain
from graph.opening import open_store
from ingest.resolve import ResolvedCitation, resolve

STATUSES = {"resolved": "原文已入库", "stub": "仅被引用", "ambiguous": "待定", "unknown": "未见过"}


@click.command("cite", cls=Command)
@click.argument("text")
@json_option
@pass_settings
def command_cite(settings: Settings, text: str, as_json: bool) -> None:
    """找出一段文字中的每个文号和《标题》，说明各指哪份文件。

    TEXT 写 - 时从标准输入读入。
    """
    if text == "-":
        text = sys.stdin.read()
    with open_store(settings.store) as store:
        found = resolve(store, text)
    if as_json:
        print_json({"citations": plain(found)})
    else:
        print_lines(_citation_lines(found))


def _citation_lines(found: list[ResolvedCitation]) -> list[str]:
    if not found:
        return ["没有找到文号或《标题》。"]
    lines = []
    for citation in found:
        title = f"《{citation.title}》" if citation.title else "不知所指"
        canonical = " ".join((citation.number or title, *citation.articles))
        status = STATUSES.get(citation.status, citation.status)
        lines.append(f"{citation.start}–{citation.end}  {citation.raw}  →  {canonical}  {status}")
        verb = "可能是" if len(citation.candidates) > 1 else "即"
        lines += [f"    {verb} {candidate}" for candidate in citation.candidates]
    return lines
