"""`jipu eval`: how well search answers labelled questions."""

from collections.abc import Sequence
from pathlib import Path

import click

from api.chinese import Command, Option
from api.commands.output import json_option, pass_settings, print_json, print_lines
from api.errors import InvalidRequest
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from api.terminal import shorten, table
from api.wire import Object
from graph.opening import open_store
from search.evaluate import Case, Evaluation, evaluate, read_cases
from search.query import Hit, SearchQuery

_DIGITS = 4
_QUERY_COLUMNS = 40


@click.command("eval", cls=Command)
@click.argument("file", metavar="CASES.jsonl")
@click.option("-v", "--verbose", cls=Option, is_flag=True, help="列出前十条里全无相关的问题。")
@json_option
@pass_settings
def command_eval(settings: Settings, file: str, verbose: bool, as_json: bool) -> None:
    """用标注好的问题衡量检索，每行 {"query", "relevant": [id…]}，可加 "type"。"""
    cases = _read(Path(file))
    with open_store(settings.store) as store, progress_bar("题") as advance:
        engine = engine_of(store, settings)
        engine.refresh(advance)
        done = 0

        def search(query: str, type: str, limit: int) -> Sequence[Hit]:
            nonlocal done
            done += 1
            if advance is not None:
                advance(done, len(cases), "检索")
            return engine.search(SearchQuery(query, type, limit=limit)).hits

        result = evaluate(cases, search)
    if as_json:
        print_json(_json(result))
    else:
        print_lines(_lines(result, verbose))


def _read(path: Path) -> list[Case]:
    try:
        with path.open(encoding="utf-8") as lines:
            return read_cases(lines)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path}：不是 UTF-8 文字；请先转换编码。") from error


def _measures(result: Evaluation) -> dict[str, float]:
    measured = {"ndcg@10": result.ndcg, "recall@10": result.recall, "mrr@10": result.mrr}
    return {name: round(value, _DIGITS) for name, value in measured.items()}


def _json(result: Evaluation) -> Object:
    lost: list[Object] = [
        {
            "query": score.case.query,
            "type": score.case.type,
            "relevant": list(score.case.relevant),
            "top": list(score.top),
        }
        for score in result.lost
    ]
    return {"cases": result.cases, **_measures(result), "lost": [*lost]}


def _lines(result: Evaluation, verbose: bool) -> list[str]:
    names = {"ndcg@10": "nDCG@10", "recall@10": "Recall@10", "mrr@10": "MRR@10"}
    rows = [(names[name], f"{value:.4f}") for name, value in _measures(result).items()]
    lines = [f"{result.cases} 个问题，{len(result.lost)} 个没有找到", *table(rows)]
    if verbose:
        for score in result.lost:
            query = shorten(score.case.query, _QUERY_COLUMNS)
            lines.append(f"  {query}  应为 {score.case.relevant[0]}  得到 {'、'.join(score.top)}")
    return lines
