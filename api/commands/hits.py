"""Hits of a search on the screen."""

from collections.abc import Mapping

from api.commands.output import passages
from api.terminal import wrap
from graph.schema import NODES, PREFIXES
from search.query import Hit

_INDENT = "   "
FEATURES = {
    "dense": "意思",
    "lexical_name": "名称用词",
    "lexical_text": "正文用词",
    "lexical_around": "所在项目等的用词",
    "project": "所在项目",
    "project_words": "所在项目说到",
    "aspect": "所在项目的这一类",
    "thesaurus": "公文用语",
    "exact_name": "名称相同",
    "level2": "二级指标",
    "kind": "目标值种类",
    "number": "文号或编码",
    "target": "目标值符合",
    "popularity": "常用",
    "freshness": "年度新",
}
"""What people call the features of search/weights.json."""
RELATIONS = {"same": "相同", "comparable": "可比", "related": "相关"}
"""What people call those of search.calibration; what is another topic is not shown."""
_REASONS = 3
_CONTEXT = ("county", "department", "project", "year", "level2", "value")


def type_title(type: str) -> str:
    """绩效指标 for indicator."""
    label = PREFIXES.get(type)
    return NODES[label].title if label else "各类"


def reasons(hit: Hit) -> str:
    """（意思 2.31，所在项目 0.80）: what gave most of the score; "" where nothing did."""
    given = sorted(hit.features.items(), key=lambda item: -item[1])[:_REASONS]
    told = [f"{FEATURES.get(name, name)} {value:.2f}" for name, value in given if value > 0]
    return f"（{'，'.join(told)}）" if told else ""


def hit_lines(number: int, hit: Hit, files: Mapping[str, str]) -> list[str]:
    """Title, text, where it stands, and the words of the source."""
    count = f"（{hit.count} 条相同表述）" if hit.count > 1 else ""
    first = f"{number}. ".ljust(len(_INDENT))
    lines = wrap(f"{hit.title}{count}", indent=_INDENT, first=first)
    if hit.text and hit.text != hit.title:
        lines += wrap(hit.text, indent=_INDENT, first=_INDENT)
    context = "  ".join(str(hit.context[name]) for name in _CONTEXT if hit.context.get(name))
    if context:
        lines += wrap(context, indent=_INDENT, first=_INDENT)
    score = f"相关度 {hit.score:.2f}{reasons(hit)}"
    lines += wrap(f"{type_title(hit.type)} {hit.id}  {score}", indent=_INDENT, first=_INDENT)
    return lines + passages(hit.evidence, files, _INDENT)
