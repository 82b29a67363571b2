"""One node with what surrounds it, for `jipu show` and /api/nodes."""

from dataclasses import dataclass

from api.titles import title
from graph.articles import ArticleView, articles
from graph.elements import Edge, Node, Properties
from graph.errors import NotFound
from graph.evidence import Evidence
from graph.store import Reader


@dataclass(frozen=True, slots=True)
class Relation:
    """One edge of a node. `other` is its far end; `outgoing` whether the node is the source.
    `articles` are those that a citation names."""

    type: str
    outgoing: bool
    other: str
    other_label: str
    title: str
    properties: Properties
    evidence: tuple[Evidence, ...]
    articles: tuple[ArticleView, ...]


@dataclass(frozen=True, slots=True)
class NodeView:
    """`edges` are at most as many as asked for, `edges_total` how many there are."""

    id: str
    label: str
    title: str
    properties: Properties
    evidence: tuple[Evidence, ...]
    documents: tuple[str, ...]
    edges: tuple[Relation, ...]
    edges_total: int


def view(reader: Reader, node_id: str, limit: int) -> NodeView:
    """Raises NotFound where no node has the id."""
    node = reader.get([node_id]).get(node_id)
    if node is None:
        raise NotFound(
            f"图谱里没有“{node_id}”。id 形如 project:编码@年度；可用 jipu search 找到它。"
        )
    edges = reader.edges([node_id], direction="both")
    shown = edges[:limit]
    others = reader.get({edge.target if edge.source == node_id else edge.source for edge in shown})
    relations = []
    for edge in shown:
        outgoing = edge.source == node_id
        other = others[edge.target if outgoing else edge.source]
        relations.append(_relation(reader, edge, outgoing, other))
    return NodeView(
        id=node.id,
        label=node.label,
        title=title(node),
        properties=node.properties,
        evidence=node.evidence,
        documents=reader.contributors([node_id]).get(node_id, ()),
        edges=tuple(relations),
        edges_total=len(edges),
    )


def _relation(reader: Reader, edge: Edge, outgoing: bool, other: Node) -> Relation:
    cited = articles(reader, ((edge.target, label) for label in edge.articles))
    return Relation(
        type=edge.type,
        outgoing=outgoing,
        other=other.id,
        other_label=other.label,
        title=title(other),
        properties=edge.properties,
        evidence=edge.evidence,
        articles=tuple(cited),
    )
