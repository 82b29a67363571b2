"""`jipu trace`: who cites a policy, and how much money hangs on it. Loads no model, no index."""

from collections.abc import Iterable, Mapping, Sequence

import click

from api.chinese import Command, Option, Whole
from api.commands.output import (
    EMPTY_STORE,
    amount,
    is_empty,
    json_option,
    note,
    pass_settings,
    passage,
    print_json,
    print_lines,
)
from api.policies import find_policy
from api.settings import Settings
from api.terminal import wrap
from api.titles import title
from api.tracing import near, trace_answer
from api.wire import answer, file_names
from graph.opening import open_store
from graph.store import Reader
from graph.traverse import (
    PolicyView,
    Totals,
    Trace,
    TracedAllocation,
    TracedGoal,
    TracedProject,
    Via,
    trace,
)

MAX_DEPTH = 16
_PROJECTS = 20
_ALLOCATIONS = 20
_VIAS = 10
_INDENT = "   "
_FIELDS = {
    "basis": "依据",
    "value": "指标值",
    "name": "名称",
    "description": "描述",
    "purpose": "资金用途",
    "title": "标题",
    "text": "正文",
    "indicator_text": "绩效指标",
}
_STATUSES = {"cited": "仅被引用，原文没有入库", "ingested": "原文已入库"}


@click.command("trace", cls=Command)
@click.argument("policy")
@click.option(
    "--depth",
    cls=Option,
    type=Whole(1, MAX_DEPTH),
    help="沿引用最多走几层；不写用设置 JIPU_TRACE_DEPTH。",
)
@json_option
@pass_settings
def command_trace(settings: Settings, policy: str, depth: int | None, as_json: bool) -> None:
    """谁引用了一份政策文件：指标、项目、部门、县、资金，和每处原文。

    POLICY 是文号的任何写法，或《标题》。没有这份文件时给出相近的，退出码仍为 0。
    """
    if not policy.strip():
        raise click.UsageError("请给出文号或《标题》。")
    depth = settings.trace_depth if depth is None else depth
    with open_store(settings.store) as store:
        if as_json:
            print_json(answer(store, trace_answer(store, policy, depth)))
        else:
            print_lines(_answer(store, policy, depth))
        if is_empty(store):
            note(EMPTY_STORE)


def _answer(reader: Reader, text: str, depth: int) -> Iterable[str]:
    wanted = find_policy(reader, text)
    found = None if wanted.id is None else trace(reader, wanted.id, depth)
    if found is None:
        lines = [f"图谱里没有“{wanted.text}”这份政策文件，也没有谁引用它。"]
        close = near(reader, wanted)
        return lines + (wrap(f"是否要找：{'、'.join(close)}", indent="  ") if close else [])
    return _lines(reader, found)


def _lines(reader: Reader, found: Trace) -> list[str]:
    files = file_names(reader, found)
    lines = [*wrap(f"{_name(found.policy)}（{_STATUSES.get(found.policy.status, '')}）")]
    lines += wrap(f"引用它的：{_counts(found.totals)}", indent="  ")
    if found.direct != found.totals:
        lines += wrap(f"其中直接引用：{_counts(found.direct)}", indent="  ")
    for number, project in enumerate(found.projects[:_PROJECTS], start=1):
        lines += ["", *_project(reader, number, project, files)]
    if len(found.projects) > _PROJECTS:
        lines += ["", f"……另有 {len(found.projects) - _PROJECTS} 个项目，见 --json"]
    for goal in found.goals[:_PROJECTS]:
        lines += ["", *_goal(goal, files)]
    lines += _allocations(found.allocations)
    lines += _policies("它所依据的文件", found.cites)
    lines += _policies("依据它的文件", found.cited_by)
    if found.articles:
        lines += ["", "引用到的条"]
    for article in found.articles:
        lines += wrap(
            article.text or f"{article.label}（原文没有入库）", indent=_INDENT, first="  "
        )
    if found.truncated:
        lines += ["", "引用链更长，没有走完；可用 --depth 放宽。"]
    return lines


def _allocations(allocations: Sequence[TracedAllocation]) -> list[str]:
    """Who gets what by the policy itself."""
    if not allocations:
        return []
    lines = ["", f"它分出的资金 {len(allocations)} 笔"]
    for item in allocations[:_ALLOCATIONS]:
        told = "，".join(part for part in (item.project, item.purpose) if part)
        value = item.printed if item.amount is None else amount(item.amount)
        named = f"{item.recipient or '未注明单位'} {value}"
        lines += wrap(f"{named}（{told}）" if told else named, indent="      ", first="  ")
    if len(allocations) > _ALLOCATIONS:
        lines.append(f"  ……另有 {len(allocations) - _ALLOCATIONS} 笔，见 --json")
    return lines


def _name(policy: PolicyView) -> str:
    named = f"《{policy.title}》" if policy.title else ""
    return " ".join(part for part in (policy.number, named) if part)


def _counts(totals: Totals) -> str:
    return (
        f"指标 {totals.indicators} 条，项目 {totals.projects} 个，部门 {totals.departments} 个，"
        f"县区 {totals.counties} 个，资金 {amount(totals.budget)}"
    )


def _project(
    reader: Reader, number: int, project: TracedProject, files: Mapping[str, str]
) -> list[str]:
    first = f"{number}. ".ljust(len(_INDENT))
    lines = wrap(f"{project.name} · {amount(project.budget)}", indent=_INDENT, first=first)
    year = f"{project.year} 年" if project.year else None
    county = project.county or "未注明县区"
    place = " · ".join(part for part in (county, project.department, year) if part)
    lines += wrap(f"{place} · {project.id}", indent=_INDENT, first=_INDENT)
    lines += _through(project.through)
    sources = reader.get({via.source for via in project.via[:_VIAS]})
    for via in project.via[:_VIAS]:
        source = sources.get(via.source)
        owner = title(source) if source is not None and via.source != project.id else "项目"
        lines += _via(f"{owner}（{_FIELDS.get(via.field, via.field)}）", via, files)
    if len(project.via) > _VIAS:
        lines.append(f"{_INDENT}……另有 {len(project.via) - _VIAS} 处，见 --json")
    return lines


def _goal(goal: TracedGoal, files: Mapping[str, str]) -> list[str]:
    place = " ".join(part for part in (goal.county, goal.department) if part)
    lines = wrap(f"部门目标：{goal.title}", indent=_INDENT, first="•  ")
    lines += wrap(f"{place}  {goal.id}", indent=_INDENT, first=_INDENT)
    lines += _through(goal.through)
    for via in goal.via[:_VIAS]:
        lines += _via(_FIELDS.get(via.field, via.field), via, files)
    return lines


def _through(policies: Sequence[str]) -> list[str]:
    if not policies:
        return []
    names = " → ".join(policy.removeprefix("policy:") for policy in policies)
    return wrap(f"经由 {names}", indent=_INDENT, first=_INDENT)


def _via(owner: str, via: Via, files: Mapping[str, str]) -> list[str]:
    """Whose words they are, where they stand, and the words."""
    lines = wrap(owner, indent=_INDENT + "  ", first=_INDENT + "- ")
    for item in via.evidence[:1]:
        lines += passage(item, files, _INDENT + "  ", via.passage or None)
    return lines


def _policies(heading: str, policies: Sequence[PolicyView]) -> list[str]:
    if not policies:
        return []
    lines = ["", heading]
    for policy in policies:
        lines += wrap(_name(policy), indent="      ", first="  " * min(policy.depth, 6))
    return lines
