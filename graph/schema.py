"""The vocabulary of the graph as data: stores, API documentation and legends read this table.

The meaning of labels and properties follows the columns of 财预〔2021〕101号's goal tables
(一级指标 … 指标值); regions follow GB/T 2260 and document numbers GB/T 9704-2012.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graph.elements import Edge, GraphBatch, Node
from graph.errors import InvalidGraph

PropertyType: TypeAlias = Literal["text", "integer", "number", "texts", "boolean"]


@dataclass(frozen=True, slots=True)
class Property:
    name: str
    type: PropertyType
    meaning: str
    required: bool = False
    indexed: bool = False
    """A store answers `scan(where={name: …})` on it without reading every node."""

    @property
    def title(self) -> str:
        """The meaning without its notes: 金额 of 金额（万元）."""
        return re.split("[，：；（]", self.meaning)[0]


@dataclass(frozen=True, slots=True)
class NodeType:
    label: str
    title: str
    prefix: str
    properties: tuple[Property, ...]


@dataclass(frozen=True, slots=True)
class EdgeType:
    type: str
    title: str
    endpoints: tuple[tuple[str, str], ...]
    properties: tuple[Property, ...] = ()


def _text(name: str, meaning: str, *, required: bool = False, indexed: bool = False) -> Property:
    return Property(name, "text", meaning, required, indexed)


def _number(name: str, meaning: str) -> Property:
    return Property(name, "number", meaning)


NODE_TYPES: tuple[NodeType, ...] = (
    NodeType(
        "Region",
        "行政区划",
        "region",
        (
            _text("code", "六位行政区划代码（GB/T 2260）", required=True),
            _text("name", "名称", indexed=True),
            _text("level", "province、city 或 county", required=True),
        ),
    ),
    NodeType(
        "Department",
        "部门或预算单位",
        "department",
        (
            _text("code", "预算单位代码（六位）或部门代码（三位）", required=True),
            _text("name", "名称", indexed=True),
        ),
    ),
    NodeType(
        "Document",
        "文件",
        "document",
        (
            _text("title", "标题"),
            _text("kind", "performance_text、funding_notice、measure 或 unknown", required=True),
            Property("fiscal_year", "integer", "预算年度"),
            _text("fiscal_year_source", "年度从何得知：title、project_codes 或 text"),
            _text("filename", "文件名（不含路径）", required=True, indexed=True),
            _text("text", "没有读懂的文件的原文"),
            Property("by_ocr", "boolean", "有些页由扫描件识别而来，字可能认错；没有则不写"),
            _text("sha256", "文件内容的 SHA-256", required=True),
            _text("extraction", "读取规则的版本；规则更新后再次入库会重读"),
            _text("ingested_at", "入库时间（UTC，ISO 8601）", required=True),
        ),
    ),
    NodeType(
        "Project",
        "预算项目",
        "project",
        (
            _text("code", "项目编码", indexed=True),
            _text("name", "项目名称", required=True),
            Property("fiscal_year", "integer", "预算年度", required=True),
            _number("budget", "预算数（万元）"),
            _number("fiscal_budget", "其中财政资金（万元）"),
            _number("other_budget", "其他资金（万元）"),
            _number("initial_budget", "年初预算数（万元），自评表"),
            _number("executed", "全年执行数（万元），自评表"),
            _text("extra", "其他栏，没有对应属性的（项目属性、项目期等），JSON"),
            _text("purpose", "资金用途"),
            _text("spending_plan", "资金支出计划：3、6、10、12 月底，依次，以“；”相连，照录"),
            Property("spending_plan_values", "texts", "资金支出计划解析后的数，空格为空串"),
            _text("spending_plan_unit", "percent 或 amount（万元）"),
        ),
    ),
    NodeType(
        "Goal",
        "绩效目标",
        "goal",
        (
            _text(
                "scope", "overall、sub、safeguard、project 或 task（年度主要任务）", required=True
            ),
            _text("title", "标题"),
            _text("text", "正文"),
            _text("indicator_text", "“绩效指标”后的文字"),
            _text(
                "targets",
                "这段文字里的目标值，JSON 列表：raw（分句）、operator、numbers、unit、kind",
            ),
            _text("horizon", "term（实施期目标）；没有则为年度目标"),
            _text("actual", "实际完成情况"),
            _number("budget", "任务的金额合计（万元）"),
            _number("fiscal_budget", "任务的财政拨款（万元）"),
            _number("other_budget", "任务的其他资金（万元）"),
        ),
    ),
    NodeType(
        "Indicator",
        "绩效指标",
        "indicator",
        (
            _text("level1", "一级指标"),
            _text("level2", "二级指标"),
            _text("name", "三级指标", required=True),
            _text("description", "绩效指标描述"),
            _text("value", "指标值，照录"),
            _text("operator", ">=、<=、=、>、<、range 或 none"),
            Property("numbers", "texts", "指标值中的数，区间先小后大"),
            _text("unit", "单位，照录；百分比与 % 都记 %"),
            _text(
                "canonical_unit", "可比单位：换算后的基本单位（元、亩、千克……）；定性值和空值没有"
            ),
            Property("canonical_numbers", "texts", "换算成可比单位后的数，精确小数；日期照旧"),
            _text("value_kind", "number、percent、money、date、qualitative 或 empty"),
            _text("basis", "指标值确定依据，照录"),
            _text("basis_kind", "policy、plan、survey、superior、record、other 或 empty"),
            _text("horizon", "annual 或 term"),
            _text("half_year_value", "半年指标值"),
            _text("actual_value", "实际完成值"),
            _text("weight", "权重或分值"),
            _text("score", "得分"),
            _text("deviation_reason", "偏差原因分析及改进措施"),
            _text("extra", "其他列，没有对应属性的，JSON"),
        ),
    ),
    NodeType(
        "Wording",
        "指标表述",
        "wording",
        (
            _text("name", "三级指标", required=True),
            _text("description", "绩效指标描述"),
            _text("text", "归一化的名称与描述", required=True),
        ),
    ),
    NodeType(
        "Policy",
        "政策文件",
        "policy",
        (
            _text("number", "文号（规范写法）"),
            _text("issuer_prefix", "机关代字"),
            _text("issuer", "发文机关"),
            Property("year", "integer", "文号年份"),
            _text("serial", "文号序号"),
            _text("title", "标题（不含最外层书名号）"),
            _text("title_key", "归一化的标题，用来对上同一份文件", indexed=True),
            _text("title_tail", "标题的末几个字、种类和年份，用来找简称", indexed=True),
            _text("kind", "funding、law、measure、plan、notice 或 other"),
            _text("status", "cited（仅被引用）或 ingested（原文已入库）", required=True),
            _text("date", "成文日期（YYYY-MM-DD）"),
            _text("addressee", "主送机关"),
            Property("amounts", "texts", "文中金额，照录"),
        ),
    ),
    NodeType(
        "Article",
        "条文",
        "article",
        (
            Property("number", "integer", "第几条", required=True),
            _text("label", "条的写法，如第十二条", required=True),
            _text("chapter", "所在的章"),
            _text("text", "正文，款和项各起一行", required=True),
        ),
    ),
    NodeType(
        "Allocation",
        "资金分配",
        "allocation",
        (
            _text("recipient", "分到的地区或单位，照录"),
            _number("amount", "金额（万元）"),
            _text("printed", "金额，照录；没有换算出 amount 的是读不出或不知单位", required=True),
            _text("unit", "金额的单位，取自金额后、列名或表头"),
            _text("purpose", "金额所在列的列名，或“收回”等动词"),
            _text("project", "项目名称"),
            _text("function_code", "支出功能分类科目编码"),
            _text("function_name", "支出功能分类科目名称"),
            _text("economic_code", "支出经济分类科目编码（有政府预算的取政府预算的）"),
            _text("economic_name", "支出经济分类科目名称"),
            _text("extra", "其他列，没有对应属性的，JSON"),
        ),
    ),
)

_CITATION_PROPERTIES = (
    _text("field", "引用出现在哪一项", required=True),
    _text("raw", "原文写法", required=True),
    _text("passage", "引用所在的单元格或句子"),
    Property("article", "texts", "引用到的条，如第十二条"),
)

EDGE_TYPES: tuple[EdgeType, ...] = (
    EdgeType(
        "PART_OF",
        "隶属",
        (("Region", "Region"), ("Department", "Department")),
    ),
    EdgeType("IN", "位于", (("Department", "Region"),)),
    EdgeType("PUBLISHED_BY", "由其公布", (("Document", "Department"),)),
    EdgeType("RUNS", "实施", (("Department", "Project"),)),
    EdgeType("DECLARED_IN", "申报于", (("Project", "Document"),)),
    EdgeType(
        "HAS_GOAL",
        "绩效目标为",
        (
            ("Project", "Goal"),
            ("Department", "Goal"),
            ("Document", "Goal"),
            ("Policy", "Goal"),
        ),
    ),
    EdgeType(
        "MEASURED_BY",
        "衡量指标为",
        (("Project", "Indicator"), ("Department", "Indicator"), ("Policy", "Indicator")),
    ),
    EdgeType("WORDED_AS", "表述为", (("Indicator", "Wording"),)),
    EdgeType(
        "CITES",
        "引用",
        (("Indicator", "Policy"), ("Project", "Policy"), ("Goal", "Policy"), ("Policy", "Policy")),
        _CITATION_PROPERTIES,
    ),
    EdgeType("HAS_ARTICLE", "条文为", (("Policy", "Article"),)),
    EdgeType("ALLOCATES", "分配", (("Policy", "Allocation"),)),
    EdgeType("TO", "分给", (("Allocation", "Region"), ("Allocation", "Department"))),
    EdgeType("CONTINUES", "延续自", (("Project", "Project"),)),
    EdgeType("IS", "即", (("Document", "Policy"),)),
    EdgeType("SAME_AS", "同一文件", (("Policy", "Policy"),)),
)

NODES: dict[str, NodeType] = {node.label: node for node in NODE_TYPES}
EDGES: dict[str, EdgeType] = {edge.type: edge for edge in EDGE_TYPES}
PREFIXES: dict[str, str] = {node.prefix: node.label for node in NODE_TYPES}

DERIVED_EDGES = frozenset({"CONTINUES", "SAME_AS"})
"""Edges that follow from what several documents say together. No document contributes them: the
store keeps them in step (see `graph.derive`)."""

_PYTHON_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "integer": int,
    "number": (int, float),
    "texts": list,
    "boolean": bool,
}


def label_of(node_id: str) -> str | None:
    """The label that an id belongs to, or None where the prefix is unknown."""
    return PREFIXES.get(node_id.partition(":")[0])


def indexed_properties(label: str) -> tuple[str, ...]:
    return tuple(p.name for p in NODES[label].properties if p.indexed)


def check(batch: GraphBatch) -> None:
    """Raise InvalidGraph unless every node and edge of the batch fits the table above.

    Both ends of an edge stand in the same batch, so that a document is whole in itself.
    """
    labels = {node.id: node.label for node in batch.nodes}
    for node in batch.nodes:
        _check_node(node)
    for edge in batch.edges:
        _check_edge(edge, labels)


def _check_node(node: Node) -> None:
    kind = NODES.get(node.label)
    if kind is None or label_of(node.id) != node.label:
        raise InvalidGraph(f"节点 {node.id} 的类型 {node.label} 不在图的定义中")
    _check_properties(node.id, node.properties.items(), kind.properties)


def _check_edge(edge: Edge, labels: dict[str, str]) -> None:
    name = f"{edge.source} -{edge.type}→ {edge.target}"
    kind = EDGES.get(edge.type)
    if kind is None or edge.type in DERIVED_EDGES:
        raise InvalidGraph(f"关系 {name} 的类型不能由文件写入")
    ends = (labels.get(edge.source), labels.get(edge.target))
    if ends not in kind.endpoints:
        raise InvalidGraph(f"关系 {name} 的两端 {ends} 不合定义")
    _check_properties(name, edge.properties.items(), kind.properties)


def _check_properties(
    owner: str, values: Iterable[tuple[str, object]], allowed: tuple[Property, ...]
) -> None:
    known = {prop.name: prop for prop in allowed}
    seen = set()
    for name, value in values:
        prop = known.get(name)
        if prop is None or not isinstance(value, _PYTHON_TYPES[prop.type]):
            raise InvalidGraph(f"{owner} 的属性 {name}={value!r} 不合定义")
        seen.add(name)
    for prop in allowed:
        if prop.required and prop.name not in seen:
            raise InvalidGraph(f"{owner} 缺少属性 {prop.name}")
