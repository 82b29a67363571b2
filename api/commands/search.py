"""`jipu search`: questions in everyday words."""

from collections.abc import Mapping

import click

from api.chinese import Command, OneOf, Option, Whole
from api.commands.hits import hit_lines, type_title
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
from api.wire import answer, file_names
from api.wire_search import search_answer
from graph.opening import open_store
from search.query import INDEXED_TYPES, MAX_LIMIT, UNDERSTOOD, SearchQuery, SearchResult

DEFAULT_LIMIT = 10


@click.command("search", cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option(
    "--type",
    cls=Option,
    type=OneOf(*INDEXED_TYPES, "all"),
    metavar="TYPE",
    default="indicator",
    help=f"找哪一类：{'、'.join(INDEXED_TYPES)} 或 all。",
)
@click.option("--county", cls=Option, multiple=True, metavar="X", help="县区名称或代码，可重复。")
@click.option("--city", cls=Option, multiple=True, metavar="X", help="市名称或代码，可重复。")
@click.option(
    "--year", cls=Option, multiple=True, type=Whole(1900, 2200), help="预算年度，可重复。"
)
@click.option("--department", cls=Option, multiple=True, metavar="X", help="部门，可重复。")
@click.option("--level2", cls=Option, multiple=True, metavar="X", help="二级指标，可重复。")
@click.option(
    "--limit", cls=Option, type=Whole(1, MAX_LIMIT), default=DEFAULT_LIMIT, help="一页几条。"
)
@click.option("--cursor", cls=Option, metavar="C", help="上一页结果给出的 next。")
@click.option(
    "--原样",
    "--literal",
    "literal",
    cls=Option,
    is_flag=True,
    help="什么也不理解，整句按原样检索。",
)
@click.option(
    "--without-understanding",
    cls=Option,
    type=OneOf(*UNDERSTOOD),
    multiple=True,
    metavar="X",
    help=f"不理解这一种，可重复：{'、'.join(UNDERSTOOD)}。",
)
@json_option
@pass_settings
def command_search(
    settings: Settings,
    words: tuple[str, ...],
    type: str,
    county: tuple[str, ...],
    city: tuple[str, ...],
    year: tuple[int, ...],
    department: tuple[str, ...],
    level2: tuple[str, ...],
    limit: int,
    cursor: str | None,
    literal: bool,
    without_understanding: tuple[str, ...],
    as_json: bool,
) -> None:
    """按意思检索；TEXT 里的文号、县名、年度、部门、目标值和“不要…”会被认出来当作条件。"""
    query = SearchQuery(
        " ".join(words),
        type,
        county,
        city,
        year,
        department,
        level2,
        limit,
        cursor,
        literal,
        without_understanding,
    )
    with open_store(settings.store) as store:
        empty = is_empty(store)
        engine = engine_of(store, settings)
        with progress_bar("条") as advance:
            if advance is not None:
                engine.refresh(advance)
            result = engine.search(query)
        if as_json:
            print_json(answer(store, search_answer(result)))
        elif empty:
            print_lines([EMPTY_STORE])
        else:
            print_lines(_lines(result, file_names(store, result)))
        if as_json and empty:
            note(EMPTY_STORE)


def _lines(result: SearchResult, files: Mapping[str, str]) -> list[str]:
    lines = understood_lines(result.understood, result.degraded)
    if not result.hits:
        return [*lines, *_nothing(result)]
    if result.did_you_mean:
        lines += wrap(f"您要找的是不是：{'、'.join(result.did_you_mean)}")
    lines.append(
        f"{type_title(result.query.type)}：共 {result.total} 条，这里 {len(result.hits)} 条"
    )
    for number, hit in enumerate(result.hits, start=1):
        lines += ["", *hit_lines(number, hit, files)]
    if result.next:
        lines += ["", f"下一页：加上 --cursor {result.next}"]
    return lines


def _nothing(result: SearchResult) -> list[str]:
    lines = ["没有找到。可以换一种说法，去掉县、年度、部门等条件，或用 --type all 查所有类型。"]
    if result.did_you_mean:
        lines += wrap(f"是否要找：{'、'.join(result.did_you_mean)}")
    return lines
