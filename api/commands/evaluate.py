"""`jipu eval`: how well search answers labelled questions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import click

from api.chinese import Command, Option
from api.commands.output import json_option, note, pass_settings, print_json, print_lines
from api.errors import InvalidRequest
from api.files import replacing
from api.progress import progress_bar
from api.searching import engine_of
from api.settings import Settings
from api.terminal import shorten, table
from api.wire import Object
from graph.opening import open_store
from graph.store import Reader
from search.errors import InvalidQuery
from search.evaluate import Case, Evaluation, evaluate, read_cases
from search.frozen import NOTABLE, Change, Changes, changes, frozen_lines, read_frozen
from search.query import Hit, SearchQuery

_DIGITS = 4
_QUERY_COLUMNS = 40
_MEASURES = {"ndcg": "nDCG@10", "recall": "Recall@10", "mrr": "MRR@10"}
Read = TypeVar("Read")


@click.command("eval", cls=Command)
@click.argument("file", metavar="CASES.jsonl")
@click.option("-v", "--verbose", cls=Option, is_flag=True, help="列出前十条里全无相关的问题。")
@click.option(
    "--against", cls=Option, metavar="FROZEN.jsonl", help="与存下的一次比较，列出变好和变差的问题。"
)
@click.option("--save", cls=Option, metavar="FILE", help="存下这一次，供以后 --against 比较。")
@json_option
@pass_settings
def command_eval(
    settings: Settings,
    file: str,
    verbose: bool,
    against: str | None,
    save: str | None,
    as_json: bool,
) -> None:
    """用标注好的问题衡量检索，每行 {"query", "relevant": [id…]}，可加 "type" 和 "split"。"""
    cases = _read(Path(file), read_cases)
    frozen = _read(Path(against), read_frozen) if against else None
    result = _evaluation(settings, cases)
    if save:
        with replacing(Path(save)) as lines:
            lines.writelines(frozen_lines(result))
    moved = changes(result, frozen) if frozen is not None else None
    if as_json:
        print_json(_json(result, moved))
    else:
        print_lines(_lines(result, verbose))
        if moved is not None:
            print_lines(_moved_lines(moved))


def _evaluation(settings: Settings, cases: Sequence[Case]) -> Evaluation:
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
        _note_unknown(store, cases)
        return result


def _note_unknown(reader: Reader, cases: Sequence[Case]) -> None:
    """An id with a slip in it must not look like a bad search."""
    wanted = list(dict.fromkeys(name for case in cases for name in case.relevant))
    known = reader.get(wanted)
    unknown = [name for name in wanted if name not in known]
    if unknown:
        more = "" if len(unknown) == 1 else f" 等 {len(unknown)} 个"
        note(f"图谱中没有编号 {shorten(unknown[0], _QUERY_COLUMNS)}{more}，按没有找到计；请核对")


def _read(path: Path, reader: Callable[[Iterable[str]], Read]) -> Read:
    try:
        with path.open(encoding="utf-8-sig") as lines:
            return reader(lines)
    except UnicodeDecodeError as error:
        raise InvalidRequest(f"{path}：不是 UTF-8 文字；请先转换编码。") from error
    except InvalidQuery as error:
        raise InvalidRequest(f"{path}：{error}") from error


def _json(result: Evaluation, moved: Changes | None) -> Object:
    lost: list[Object] = [
        {
            "query": score.case.query,
            "type": score.case.type,
            "relevant": list(score.case.relevant),
            "top": list(score.top),
        }
        for score in result.lost
    ]
    shown: Object = {**_figures(result), "lost": [*lost]}
    splits = result.splits()
    if splits:
        shown["splits"] = {name: _figures(part) for name, part in splits.items()}
    if moved is not None:
        shown["against"] = {
            "gained": [_change(one) for one in moved.gained],
            "lost": [_change(one) for one in moved.lost],
            "new": moved.new,
            "gone": moved.gone,
        }
    return shown


def _figures(result: Evaluation) -> Object:
    values: Object = {
        title.lower(): round(getattr(result, name), _DIGITS) for name, title in _MEASURES.items()
    }
    intervals: Object = {
        title.lower(): [round(bound, _DIGITS) for bound in result.interval(name)]
        for name, title in _MEASURES.items()
    }
    return {"cases": result.cases, **values, "intervals": intervals}


def _change(one: Change) -> Object:
    return {
        "query": one.case.query,
        "type": one.case.type,
        "before": one.before,
        "after": round(one.after, _DIGITS),
    }


def _lines(result: Evaluation, verbose: bool) -> Iterator[str]:
    yield from _part_lines("", result)
    for name, part in result.splits().items():
        yield from _part_lines(f"{name or '（未分）'}：", part)
    if verbose:
        for score in result.lost:
            query = shorten(score.case.query, _QUERY_COLUMNS)
            yield f"  {query}  应为 {score.case.relevant[0]}  得到 {'、'.join(score.top)}"


def _part_lines(name: str, part: Evaluation) -> Iterator[str]:
    yield f"{name}{part.cases} 个问题，{len(part.lost)} 个没有找到"
    rows = []
    for measure, title in _MEASURES.items():
        low, high = part.interval(measure)
        rows.append((title, f"{getattr(part, measure):.4f}", f"95% 区间 {low:.4f}–{high:.4f}"))
    yield from table(rows)


def _moved_lines(moved: Changes) -> Iterator[str]:
    """Both lists, and how many questions could not be compared."""
    yield (
        f"与存下的一次相比，nDCG@10 相差 {NOTABLE} 以上："
        f"变好 {len(moved.gained)} 题，变差 {len(moved.lost)} 题"
    )
    for sign, some in (("+", moved.gained), ("-", moved.lost)):
        for one in some:
            query = shorten(one.case.query, _QUERY_COLUMNS)
            yield f"  {sign} {one.before:.2f} → {one.after:.2f}  {query}"
    if moved.new or moved.gone:
        yield f"另有 {moved.new} 题是新的，{moved.gone} 题这次没有问"
