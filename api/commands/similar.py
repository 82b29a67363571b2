"""`jipu similar`: what other counties measure, and with which targets."""

from collections.abc import Mapping

import click

from api.chinese import Command, OneOf, Option, Whole
from api.commands.hits import RELATIONS
from api.commands.output import (
    EMPTY_STORE,
    is_empty,
    json_option,
    note,
    pass_settings,
    passages,
    print_json,
    print_lines,
)
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from api.terminal import table, wrap
from api.wire import answer, file_names
from graph.opening import open_store
from search.query import MAX_LIMIT, Hit, SimilarResult, Targets
from search.similar import SCOPES

_UNKNOWN_COUNTY = "未注明县区"


@click.command("similar", cls=Command)
@click.argument("indicator_id", required=False)
@click.option("--text", cls=Option, metavar="TEXT", help="不用 id，直接给一段文字。")
@click.option(
    "--scope",
    cls=Option,
    type=OneOf(*SCOPES),
    default="other-counties",
    help="只看其他县，或全部。",
)
@click.option("--limit", cls=Option, type=Whole(1, MAX_LIMIT), default=10, help="每个县最多几条。")
@json_option
@pass_settings
def command_similar(
    settings: Settings,
    indicator_id: str | None,
    text: str | None,
    scope: str,
    limit: int,
    as_json: bool,
) -> None:
    """一条指标（或一段文字）在各县的相近指标，按县分组，附可以相比的目标值。"""
    if (indicator_id is None) == (text is None):
        raise click.UsageError("请给出指标的 id，或用 --text 给出一段文字，二者选一。")
    with open_store(settings.store) as store:
        engine = engine_of(store, settings)
        with progress_bar("条") as advance:
            if advance is not None:
                engine.refresh(advance)
            result = engine.similar(indicator=indicator_id, text=text, scope=scope, limit=limit)
        if as_json:
            print_json(answer(store, result))
        else:
            print_lines(_lines(result, file_names(store, result)))
        if is_empty(store):
            note(EMPTY_STORE)


def _lines(result: SimilarResult, files: Mapping[str, str]) -> list[str]:
    lines = wrap(f"与“{result.source.title}”相近的指标")
    if result.degraded:
        lines += wrap(f"注意：{result.degraded}")
    if not result.groups:
        return [*lines, "没有找到。可以用 --scope all 连本县一起看。"]
    for group in result.groups:
        lines += ["", group.county or _UNKNOWN_COUNTY]
        for hit in group.hits:
            lines += _hit(hit, files)
    if result.targets.values:
        lines += ["", *_targets(result.targets)]
    return lines


def _targets(targets: Targets) -> list[str]:
    """Where units differ, the numbers stand beside the printed value in the unit of all."""
    mixed = len({value.unit for value in targets.values}) > 1
    unit = (targets.canonical_unit if mixed else targets.unit) or "无"
    rows = [
        (
            value.county or _UNKNOWN_COUNTY,
            value.value,
            *(["～".join(value.canonical_numbers)] if mixed else []),
            value.indicator,
        )
        for value in targets.values
    ]
    title = f"可以相比的目标值（{'换算后' if mixed else ''}单位：{unit}）"
    return [title, *(f"  {line}" for line in table(rows))]


def _hit(hit: Hit, files: Mapping[str, str]) -> list[str]:
    count = f"（{hit.count} 条相同表述）" if hit.count > 1 else ""
    value = hit.context.get("value")
    shown = f"  目标 {value}" if value else ""
    relation = f"〔{RELATIONS[hit.relation]}〕" if hit.relation else ""
    lines = wrap(f"{relation}{hit.title}{count}{shown}", indent="    ", first="  ")
    return [*lines, f"    {hit.id}", *passages(hit.evidence, files, "    ")]
