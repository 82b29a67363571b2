"""Nodes, relations and lists."""

from api.schemas.base import Evidence, Properties, Wire


class Article(Wire):
    """被引用的一条；原文没有入库时 chapter 和 text 为空。"""

    id: str
    label: str
    chapter: str | None
    text: str | None


class Relation(Wire):
    """节点的一条关系；other 是另一端，outgoing 表示从这个节点出发。articles 是引用到的条。"""

    type: str
    outgoing: bool
    other: str
    other_label: str
    title: str
    properties: Properties
    evidence: list[Evidence]
    articles: list[Article]


class NodeAnswer(Wire):
    """一个节点。documents 是写到它的文件；edges 最多 limit 条，edges_total 是全部条数。"""

    id: str
    label: str
    title: str
    properties: Properties
    evidence: list[Evidence]
    documents: list[str]
    edges: list[Relation]
    edges_total: int


class NodeSummary(Wire):
    id: str
    label: str
    properties: Properties
    evidence: list[Evidence]


class EdgeSummary(Wire):
    source: str
    type: str
    target: str
    properties: Properties
    evidence: list[Evidence]


class SubgraphAnswer(Wire):
    """truncated：还有没放下的节点。"""

    nodes: list[NodeSummary]
    edges: list[EdgeSummary]
    truncated: bool


class StatsAnswer(Wire):
    revision: int
    nodes: dict[str, int]
    edges: dict[str, int]


class Item(Wire):
    """within 是所在（上级）区划；count 见各列表的说明。"""

    id: str
    label: str
    title: str
    properties: Properties
    within: str | None
    within_title: str | None
    count: int


class ItemPageAnswer(Wire):
    """next 为 null 时没有下一页。"""

    total: int
    items: list[Item]
    next: str | None
