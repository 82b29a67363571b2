"""`jipu recommend`: indicators for a project that is only described yet."""

from collections.abc import Mapping, Sequence

import click

from api.chinese import Command, Option, Whole
from api.commands.hits import RELATIONS
from api.commands.output import (
    EMPTY_STORE,
    HEADINGS,
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
from api.terminal import wrap
from api.wire import answer, file_names
from graph.opening import open_store
from search.engine import USUAL_RECOMMENDED
from search.query import (
    MAX_LIMIT,
    Hit,
    LikeProject,
    RecommendedExample,
    RecommendedIndicator,
    RecommendResult,
    TypicalTarget,
)

_INDENT = "   "
_UNDER = _INDENT + "  "
_NO_LEVEL2 = "未注明二级指标"
_OTHER_TARGETS = 4
_NAMED = 2
_EXAMPLES = 1
"""Of each indicator on the screen; --json has the others."""


@click.command("recommend", cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="TEXT...")
@click.option("--level2", cls=Option, multiple=True, metavar="X", help="只要这个二级指标，可重复。")
@click.option(
    "--limit",
    cls=Option,
    type=Whole(1, MAX_LIMIT),
    default=USUAL_RECOMMENDED,
    help="每个二级指标最多推荐几条。",
)
@json_option
@pass_settings
def command_recommend(
    settings: Settings, words: tuple[str, ...], level2: tuple[str, ...], limit: int, as_json: bool
) -> None:
    """给一段项目描述，按二级指标推荐绩效指标：相近项目怎样表述、目标值一般是多少、出处在哪里。"""
    with open_store(settings.store) as store:
        engine = engine_of(store, settings)
        with progress_bar("条") as advance:
            if advance is not None:
                engine.refresh(advance)
            result = engine.recommend(" ".join(words), level2, limit)
        if as_json:
            print_json(answer(store, result))
        else:
            print_lines(_lines(result, file_names(store, result)))
        if is_empty(store):
            note(EMPTY_STORE)


def _lines(result: RecommendResult, files: Mapping[str, str]) -> list[str]:
    lines: list[str] = []
    if result.degraded:
        lines += wrap(f"注意：{result.degraded}")
    if result.hint:
        lines += wrap(result.hint)
    if result.projects:
        lines += ["相近的项目"]
        for number, hit in enumerate(result.projects, start=1):
            lines += _project(number, hit)
    for category in result.categories:
        lines += ["", category.level2 or _NO_LEVEL2]
        for number, indicator in enumerate(category.indicators, start=1):
            lines += _indicator(number, indicator, files)
    return lines


def _project(number: int, hit: Hit) -> list[str]:
    place = [
        str(hit.context[name]) for name in ("county", "department", "year") if name in hit.context
    ]
    title = f"{hit.title}（{'，'.join((*place, *_likeness(hit.similarity, hit.relation)))}）"
    first = f"{number}. ".ljust(len(_INDENT))
    return [*wrap(title, indent=_INDENT, first=first), f"{_INDENT}{hit.id}"]


def _likeness(similarity: float | None, relation: str) -> list[str]:
    """相似度 0.71（相关); nothing where there are no vectors."""
    if similarity is None:
        return []
    shown = f"〔{RELATIONS[relation]}〕" if relation else ""
    return [f"相似度 {similarity:.2f}{shown}"]


def _indicator(number: int, indicator: RecommendedIndicator, files: Mapping[str, str]) -> list[str]:
    used = f"（{indicator.county_count} 个县，{indicator.count} 条）"
    first = f"{number}. ".ljust(len(_INDENT))
    lines = wrap(f"{indicator.name}{used}", indent=_INDENT, first=first)
    if indicator.description and indicator.description != indicator.name:
        lines += wrap(indicator.description, indent=_INDENT, first=_INDENT)
    if indicator.typical:
        lines += _wrapped(_typical(indicator, indicator.typical))
    lines += _wrapped(f"理由：{_reason(indicator)}")
    for variant in indicator.variants[:_NAMED]:
        lines += _wrapped(f"也写作：{variant}")
    for example in indicator.examples[:_EXAMPLES]:
        lines += _example(example, files)
    return lines


def _wrapped(line: str) -> list[str]:
    return wrap(line, indent=_UNDER, first=_INDENT)


def _typical(indicator: RecommendedIndicator, typical: TypicalTarget) -> str:
    others = [target for target in indicator.targets if target.value != typical.value]
    counted = typical.count > 1
    shown = [f"{t.value} ×{t.count}" if counted else t.value for t in others[:_OTHER_TARGETS]]
    if len(others) > _OTHER_TARGETS:
        shown.append(f"……共 {len(indicator.targets)} 种")
    if typical.of > 1 and not counted:
        middle = "（居中）" if typical.of > 2 and typical.canonical_unit is not None else ""
        return f"目标各不相同：{'，'.join((typical.value + middle, *shown))}"
    share = f"（{typical.of} 条中 {typical.count} 条）" if counted else ""
    return f"常见目标：{typical.value}{share}" + (f"；另有 {'，'.join(shown)}" if shown else "")


def _reason(indicator: RecommendedIndicator) -> str:
    parts = []
    if indicator.projects:
        parts.append(_projects(indicator.projects))
    if indicator.features.get("text"):
        likeness = "".join(_likeness(indicator.similarity, indicator.relation))
        parts.append("文字与描述相近" + (f"，{likeness}" if likeness else ""))
    return "；".join(parts)


def _projects(projects: Sequence[LikeProject]) -> str:
    """Each project once, whatever its years."""
    names = list(dict.fromkeys(f"{project.county}{project.name}" for project in projects))
    etc = f"等 {len(names)} 个" if len(names) > _NAMED else ""
    nearest = "".join(_likeness(projects[0].similarity, projects[0].relation))
    named = f"相近项目在用：{'、'.join(names[:_NAMED])}{etc}"
    return named + (f"，{'最高' if len(names) > 1 else ''}{nearest}" if nearest else "")


def _example(example: RecommendedExample, files: Mapping[str, str]) -> list[str]:
    year = f"{example.year}年" if example.year else ""
    place = " ".join(part for part in (example.county, example.project, year) if part)
    lines = _wrapped(f"例：{place} {example.value}")
    lines.append(f"{_UNDER}{example.indicator}")
    said = [item for item in example.evidence if item.field not in HEADINGS]
    return lines + passages(said or example.evidence, files, _UNDER)
