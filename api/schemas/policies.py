"""Policies and what hangs on them."""

from typing import Literal

from api.schemas.base import Evidence, Wire
from api.schemas.graph import Article


class PolicyView(Wire):
    """一份政策文件。status：ingested 原文已入库，cited 仅被引用，unknown 图谱里没有。

    depth 是隔几层（0 是所问的那份），through 是中间经过的文件。
    """

    id: str
    number: str | None
    title: str | None
    issuer: str | None
    kind: str | None
    year: int | None
    status: Literal["ingested", "cited", "unknown"]
    depth: int
    through: list[str]


class Via(Wire):
    """一处引用：节点 source 的 field 一项引用了 policy，原文写作 raw，passage 是前后文，articles
    是引用到的条。"""

    source: str
    field: str
    raw: str
    passage: str
    evidence: list[Evidence]
    policy: str
    articles: list[str]


class TraceTotals(Wire):
    """budget 的单位是万元，每个项目只计一次。"""

    indicators: int
    projects: int
    departments: int
    counties: int
    budget: float


class TracedProject(Wire):
    """引用它的项目。indicators 是引用它的指标；through 为空是直接引用。"""

    id: str
    name: str
    county: str | None
    county_id: str | None
    city: str | None
    department: str | None
    department_id: str | None
    year: int | None
    budget: float | None
    document: str | None
    indicators: list[str]
    via: list[Via]
    through: list[str]


class TracedGoal(Wire):
    """不属于任何项目的引用：部门的目标或指标。"""

    id: str
    title: str
    county: str | None
    county_id: str | None
    department: str | None
    department_id: str | None
    document: str | None
    via: list[Via]
    through: list[str]


class TracedAllocation(Wire):
    """这份文件分出的一笔资金。amount 的单位是万元，printed 照录；to 是确知的地区或单位。"""

    id: str
    recipient: str | None
    amount: float | None
    printed: str
    purpose: str | None
    project: str | None
    function_code: str | None
    to: str | None


class TraceAnswer(Wire):
    """direct 只计直接引用，totals 连同经由下级文件的引用。图谱里没有时 did_you_mean 给出相近的。

    articles 是被引用到的条。
    """

    policy: PolicyView
    totals: TraceTotals
    direct: TraceTotals
    projects: list[TracedProject]
    goals: list[TracedGoal]
    cites: list[PolicyView]
    cited_by: list[PolicyView]
    articles: list[Article]
    allocations: list[TracedAllocation]
    truncated: bool
    did_you_mean: list[str]


class Link(Wire):
    """文件 source 引用文件 target。"""

    source: str
    target: str
    via: list[Via]


class Level(Wire):
    depth: int
    policies: list[PolicyView]
    links: list[Link]


class ChainAnswer(Wire):
    """upstream 是它所依据的，downstream 是依据它的，逐层列出。"""

    policy: PolicyView
    upstream: list[Level]
    downstream: list[Level]
    truncated: bool
