"""Write docs/data-model.md from graph/schema.py and docs/cypher, so that the page cannot fall
behind the code.

python -m tools.data_model            write it
python -m tools.data_model --check    exit status 1 where it differs
"""

import argparse
import sys
from pathlib import Path

from graph.schema import DERIVED_EDGES, EDGE_TYPES, NODE_TYPES, EdgeType, NodeType, Property

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGE = DOCS / "data-model.md"
QUERIES = DOCS / "cypher"
"""One query a file; its first two lines are comments: a title, and a sentence on it."""

_TYPES = {
    "text": "文本",
    "integer": "整数",
    "number": "数",
    "texts": "文本列表",
    "boolean": "是否",
}

_IDS = {
    "Region": ("region:<六位代码>", "region:990121"),
    "Department": ("department:<县区代码>-<单位代码>", "department:990121-322001"),
    "Document": ("document:<文件 SHA-256 的前 16 位>", "document:0123456789abcdef"),
    "Project": ("project:<项目编码>@<年度>", "project:99012124P003221000103@2024"),
    "Goal": ("goal:<部门、文件或项目的标识>#<序号>", "goal:project:99012124P003221000103@2024#1"),
    "Indicator": ("indicator:<项目编码>@<年度>#<行号>", "indicator:99012124P003221000103@2024#8"),
    "Article": ("article:<文号或《标题》>#<第几条>", "article:云财农〔2024〕9021号#12"),
    "Wording": ("wording:<表述的散列>", "wording:0123456789abcdef"),
    "Policy": ("policy:<规范文号> 或 policy:《标题》", "policy:州财建〔2024〕9021号"),
    "Allocation": (
        "allocation:<规范文号或《标题》>#<序号>",
        "allocation:州财建〔2024〕9021号#1",
    ),
}

_HEAD = """\
# 数据模型

本页由 `graph/schema.py` 生成（`make docs`），请勿手改。名词解释见 [概念](concepts.md)。

标识由内容决定：同一事实在任何一次入库、任何一个库里标识都相同，所以重复入库不会变出第二份。\
金额一律为万元。未知的属性不出现（没有 null）。每个节点、每条关系都带证据：出自哪个文件，\
第几行、第几表第几行第几列，原文从第几个字到第几个字。
"""

_CYPHER = """\
## 用 Cypher 查（Neo4j）

图谱存在 Neo4j 时，可以用 Neo4j Browser 或任何 Neo4j 驱动直接查。看到的就是上面的表：节点的标签、\
关系的类型和属性名都照写，标识是属性 `id`（已建唯一约束，按标签和 `id` 找最快）。

- 类型：文本是 STRING，整数是 INTEGER，数是 FLOAT 或 INTEGER，文本列表是 LIST&lt;STRING&gt;，\
是否是 BOOLEAN。`numbers` 一类的列表保留原文的数字，要计算用 `toFloat(…)`。
- 以下划线开头的标签、关系和属性（`_Node`、`_Said`、`_Row_1`、`_HAS`、`_turn`、`_revision` 等）\
归库自己用，随版本会变，不要依赖；写入一律经过 `jipu`，手工改动会在下次写入时被盖掉，\
或使两边不一致。
- 证据在节点和关系的 `_evidence` 里，是 JSON 文本：`[[文件标识, [[0, 原文, 起, 止, 属性, 页, 行, \
表, 表内行, 表内列], …]], …]`，末尾没有的项省去，0 就是这个文件。要按页、行筛选，\
用 `jipu` 或 HTTP 接口读更方便。

下面十个查询都按 `examples/` 里的虚构材料写，把文号、名称换成自己的就能用。
"""


def page() -> str:
    """The whole page, in the order of the schema."""
    parts = [_HEAD, "## 节点\n", *map(_node, NODE_TYPES), "## 关系\n", _edge_table()]
    parts += [_edge_properties(edge) for edge in EDGE_TYPES if edge.properties]
    derived = "、".join(f"`{name}`" for name in sorted(DERIVED_EDGES))
    parts.append(
        f"{derived} 不由任何一个文件写入：由库从多个文件合起来的内容推出，随写入、删除更新。\n"
    )
    parts += [_CYPHER, *map(_query, sorted(QUERIES.glob("*.cypher")))]
    return "\n".join(parts)


def _query(path: Path) -> str:
    title, said, query = path.read_text(encoding="utf-8").split("\n", 2)
    head = f"### {title.removeprefix('// ')}\n\n{said.removeprefix('// ')}\n"
    return f"{head}\n```cypher\n{query}```\n"


def _node(node: NodeType) -> str:
    pattern, example = _IDS[node.label]
    return "\n".join(
        (
            f"### {node.label} · {node.title}\n",
            f"标识：`{pattern}`，例如 `{example}`\n",
            _property_table(node.properties),
        )
    )


def _property_table(properties: tuple[Property, ...]) -> str:
    rows = ["| 属性 | 类型 | 必有 | 含义 |", "|---|---|---|---|"]
    rows += [
        f"| `{p.name}` | {_TYPES[p.type]} | {'是' if p.required else ''} | {p.meaning} |"
        for p in properties
    ]
    return "\n".join(rows) + "\n"


def _edge_table() -> str:
    rows = ["| 关系 | 含义 | 从 → 到 |", "|---|---|---|"]
    for edge in EDGE_TYPES:
        ends = "<br>".join(f"{source} → {target}" for source, target in edge.endpoints)
        rows.append(f"| `{edge.type}` | {edge.title} | {ends} |")
    return "\n".join(rows) + "\n"


def _edge_properties(edge: EdgeType) -> str:
    return f"`{edge.type}` 的属性：\n\n{_property_table(edge.properties)}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, report a difference")
    text = page()
    if not parser.parse_args().check:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    return 0 if PAGE.is_file() and PAGE.read_text(encoding="utf-8") == text else 1


if __name__ == "__main__":
    sys.exit(main())
