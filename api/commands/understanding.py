"""What a question was taken to mean, in lines."""

from api.terminal import wrap
from search.query import Understood

_SHOWN = 8
"""Counties and the like that are named on the screen."""


def understood_lines(seen: Understood, degraded: str) -> list[str]:
    """What was understood, what else is searched for, and what to mind; nothing where there is
    nothing to say."""
    parts = (
        ("政策", seen.policies),
        ("项目", seen.projects),
        ("县区", seen.counties),
        ("年度", tuple(str(year) for year in seen.years)),
        ("部门", seen.departments),
        ("目标值", seen.targets),
        ("不要", seen.without),
    )
    said = "，".join(f"{name} {_some(values)}" for name, values in parts if values)
    lines = wrap(f"理解为：{said}") if said else []
    if seen.notes:
        lines += wrap(f"说明：{'；'.join(seen.notes)}")
    if seen.official:
        lines += wrap(f"兼查：{'、'.join(seen.official)}")
    if degraded:
        lines += wrap(f"注意：{degraded}")
    return lines


def _some(values: tuple[str, ...]) -> str:
    more = f" 等 {len(values)} 个" if len(values) > _SHOWN else ""
    return "、".join(values[:_SHOWN]) + more
