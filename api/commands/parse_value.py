"""`jipu parse-value`: what a target value says."""

import click

from api.chinese import Command
from api.commands.output import json_option, print_json, print_lines
from api.terminal import table
from api.wire import plain
from graph.values.target import Target, parse_target

KINDS = {
    "number": "数值",
    "percent": "百分比",
    "money": "金额",
    "date": "日期",
    "qualitative": "定性",
    "empty": "空",
}


@click.command("parse-value", cls=Command)
@click.argument("texts", nargs=-1, required=True, metavar="TEXT...")
@json_option
def command_parse_value(texts: tuple[str, ...], as_json: bool) -> None:
    """读懂指标值：符号、数、单位、类别。

    以 - 开头的值写在 -- 之后。
    """
    targets = [parse_target(text) for text in texts]
    if as_json:
        print_json(plain(targets))
    else:
        print_lines(table([("原文", "符号", "数", "单位", "类别"), *map(_row, targets)]))


def _row(target: Target) -> tuple[str, ...]:
    numbers = "～".join(target.numbers)
    return target.raw, target.operator, numbers, target.unit, KINDS.get(target.kind, target.kind)
