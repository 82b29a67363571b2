"""指标值确定依据: what kind of ground a target stands on, by its words."""

from graph.values.document_number import find_document_numbers
from graph.values.policy_title import find_titles

# The first row with a word in the text decides; a document number goes before all of them.
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("survey", ("调查", "问卷", "测评", "评议", "访谈")),
    ("record", ("凭证", "台账", "记录", "合同", "发票", "报表", "统计", "档案", "清单", "验收")),
    ("plan", ("计划", "安排", "方案", "规划", "部署", "任务", "预算", "目标", "工作完成")),
    ("superior", ("上级", "政府批件", "批示", "文件要求", "上级文件", "三定")),
    ("superior", ("要求", "规定", "标准", "政策")),
)


def basis_kind(text: str) -> str:
    """policy, survey, record, plan, superior, other or empty."""
    if not text.strip("　 -—/无"):
        return "empty"
    if find_document_numbers(text) or find_titles(text):
        return "policy"
    return next((kind for kind, words in _WORDS if any(word in text for word in words)), "other")
