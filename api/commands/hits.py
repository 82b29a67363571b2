"""Hits of a search on the screen."""

from collections.abc import Mapping

from api.commands.output import passages
from api.terminal import wrap
from graph.schema import NODES, PREFIXES
from search.query import Hit

_INDENT = "   "
_CONTEXT = ("county", "department", "project", "year", "level2", "value")


def type_title(type: str) -> str:
    """绩效指标 for indicator."""
    label = PREFIXES.get(type)
    return NODES[label].title if label else "各类"


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
    lines += wrap(
        f"{type_title(hit.type)} {hit.id}  相关度 {hit.score:.2f}", indent=_INDENT, first=_INDENT
    )
    return lines + passages(hit.evidence, files, _INDENT)
