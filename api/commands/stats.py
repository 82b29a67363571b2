"""`jipu stats`: how much the graph holds."""

import click

from api.chinese import Command
from api.commands.output import (
    EMPTY_STORE,
    is_empty,
    json_option,
    note,
    pass_settings,
    print_json,
    print_lines,
)
from api.settings import Settings
from api.stats import stats
from api.terminal import table
from api.wire import plain
from graph.opening import open_store
from graph.schema import EDGES, NODES


@click.command("stats", cls=Command)
@json_option
@pass_settings
def command_stats(settings: Settings, as_json: bool) -> None:
    """图谱里各类节点和关系各有多少。"""
    with open_store(settings.store) as store:
        counted = stats(store)
        empty = is_empty(store)
    if as_json:
        print_json(plain(counted))
        return
    rows = [(NODES[label].title, label, f"{n:,}") for label, n in counted.nodes.items()]
    edges = [(EDGES[type].title, type, f"{n:,}") for type, n in counted.edges.items()]
    print_lines(["节点", *(f"  {line}" for line in table(rows, frozenset({2})))])
    print_lines(["关系", *(f"  {line}" for line in table(edges, frozenset({2})))])
    if empty:
        note(EMPTY_STORE)
