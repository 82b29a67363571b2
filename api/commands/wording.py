"""`jipu wording`: how an indicator is usually worded."""

from collections.abc import Sequence
from dataclasses import replace

import click

from api.chinese import Command, Option, Whole
from api.commands.output import (
    EMPTY_STORE,
    is_empty,
    json_option,
    note,
    pass_settings,
    print_json,
    print_lines,
)
from api.commands.understanding import understood_lines
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from api.terminal import wrap
from api.wire import plain
from graph.opening import open_store
from search.query import MAX_LIMIT, TargetCount, ValueCount, WordingResult

_INDENT = "   "
_SHOWN = 5
_EXAMPLES = 3
_SIGNS = {">=": "≥", "<=": "≤", "range": "区间", "none": "无"}


@click.command("wording", cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--level2", cls=Option, multiple=True, metavar="X", help="二级指标，可重复。")
@click.option("--limit", cls=Option, type=Whole(1, MAX_LIMIT), default=10, help="最多几种表述。")
@json_option
@pass_settings
def command_wording(
    settings: Settings, words: tuple[str, ...], level2: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """一类指标通常怎样表述：规范文字、用它的指标和县、目标值的分布、例子。"""
    with open_store(settings.store) as store:
        engine = engine_of(store, settings)
        with progress_bar("条") as advance:
            if advance is not None:
                engine.refresh(advance)
            result = engine.wordings(" ".join(words), level2, limit)
        empty = is_empty(store)
    if as_json:
        print_json(plain(result))
    else:
        print_lines(_lines(result))
    if empty:
        note(EMPTY_STORE)


def _lines(result: WordingResult) -> list[str]:
    lines = understood_lines(result.understood, result.degraded)
    if result.did_you_mean:
        lines += wrap(f"您要找的是不是：{'、'.join(result.did_you_mean)}")
    if not result.wordings:
        return [*lines, "没有找到。可以换一种说法，去掉县、年度、部门等条件，或去掉 --level2。"]
    lines += [""] if lines else []
    for number, group in enumerate(result.wordings, start=1):
        first = f"{number}. ".ljust(len(_INDENT))
        lines += wrap(f"{group.name}（{group.count} 条）", indent=_INDENT, first=first)
        if group.description:
            lines += wrap(group.description, indent=_INDENT, first=_INDENT)
        parts = (
            ("县区", group.counties),
            ("符号", [_printed(one) for one in group.operators]),
            ("目标", group.targets),
            ("依据", group.bases),
        )
        for name, values in parts:
            if values:
                lines += wrap(f"{name}：{_counts(values)}", indent=_INDENT + "  ", first=_INDENT)
        for example in group.examples[:_EXAMPLES]:
            place = " ".join(part for part in (example.county, example.project) if part)
            line = f"例：{place} {example.value} {example.indicator}"
            lines += wrap(line, indent=_INDENT + "  ", first=_INDENT)
        for variant in group.variants[:_EXAMPLES]:
            lines += wrap(f"也写作：{variant}", indent=_INDENT + "  ", first=_INDENT)
        lines.append("")
    return lines[:-1]


def _printed(operator: ValueCount) -> ValueCount:
    return replace(operator, value=_SIGNS.get(operator.value, operator.value))


def _counts(values: Sequence[ValueCount] | Sequence[TargetCount]) -> str:
    shown = "，".join(f"{value.value or '（空）'} ×{value.count}" for value in values[:_SHOWN])
    return shown + (f"，……共 {len(values)} 种" if len(values) > _SHOWN else "")
