"""`jipu show`: one node."""

from collections.abc import Mapping

import click

from api.chinese import Command, Option, Whole
from api.commands.output import json_option, pass_settings, passages, print_json, print_lines
from api.nodes import NodeView, view
from api.settings import Settings
from api.terminal import wrap
from api.wire import answer, file_names
from graph.opening import open_store
from graph.schema import EDGES, NODES

EDGE_LIMIT = 100
MAX_EDGES = 100_000
_INDENT = "      "
_BOOKKEEPING = ("title_key", "title_tail")
"""Made from the title to find it again; nothing that the document says."""


@click.command("show", cls=Command)
@click.argument("id")
@click.option(
    "--limit", cls=Option, type=Whole(0, MAX_EDGES), default=EDGE_LIMIT, help="最多显示几条关系。"
)
@json_option
@pass_settings
def command_show(settings: Settings, id: str, limit: int, as_json: bool) -> None:
    """显示一个节点的属性、出处和关系。没有这个节点时退出码为 1。"""
    with open_store(settings.store) as store:
        node = view(store, id, limit)
        if as_json:
            print_json(answer(store, node))
        else:
            print_lines(_lines(node, file_names(store, node)))


def _lines(node: NodeView, files: Mapping[str, str]) -> list[str]:
    kind = NODES[node.label]
    meanings = {prop.name: prop.meaning for prop in kind.properties}
    lines = [*wrap(f"{kind.title}：{node.title}"), node.id, "", "属性"]
    for name, value in node.properties.items():
        if name in _BOOKKEEPING:
            continue
        shown = "、".join(value) if isinstance(value, list) else str(value)
        lines += wrap(f"{name}（{meanings.get(name, '')}）：{shown}", indent="      ", first="  ")
    lines += ["", "出处", *passages(node.evidence, files, "  ")]
    lines += ["", f"关系 {node.edges_total} 条"]
    for edge in node.edges:
        arrow = "→" if edge.outgoing else "←"
        head = f"  {arrow} {EDGES[edge.type].title} {edge.type}  "
        lines += wrap(f"{edge.title}  {edge.other}", indent="      ", first=head)
        for article in edge.articles:
            lines += wrap(
                article.text or f"{article.label}（原文没有入库）", indent=_INDENT, first=_INDENT
            )
    if len(node.edges) < node.edges_total:
        lines.append(f"  ……只显示前 {len(node.edges)} 条，可用 --limit 放宽")
    return lines
