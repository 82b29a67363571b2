"""A question from which what it names is taken out, part by part."""

import re

from graph.values.traditional import simplify

# Width only: ９５％ → 95%, ＞ → >. Brackets stay, as document numbers are written with them.
_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code).isalnum()} | {
    ord(wide): narrow for wide, narrow in zip("％＞＜＝～＋－", "%><=~+-", strict=True)
}
# What joins names to the rest of a question and means nothing by itself.
_JOINT = " \t,，、;；:：。.?？!！的"
# What brackets and quotes held was taken out: “”, and 招商（ of 招商（除乐亭县外）
_OPEN = re.compile(r"^[）)】\]”’」]+|[（(【\[“‘「]+$")
_IDLE = """
指标 绩效指标 项目 政策 文件 引用 目标 部门 目标值 指标值 所有 全部 所有指标 全部指标 本级
哪些 有哪些 还有哪些 哪些指标 有哪些指标 还有哪些指标 指标有哪些 哪些项目 有哪些项目 还有哪些项目
项目有哪些 只看 仅 只 和 与 及 以及 跟 同 或 或者 且 从 到 至 等
文 号文 要求 规定 精神 文件要求 文件精神
"""
_EMPTY = frozenset(("", *_IDLE.split()))


class Question:
    """`text` has half-width digits and simplified characters, each where it was typed; a blank
    stays where a part was taken out."""

    def __init__(self, text: str) -> None:
        self.text = simplify(text.translate(_WIDTH)).strip()

    def take(self, start: int, end: int) -> str:
        """Take a part out, and say what it was."""
        taken = self.text[start:end]
        self.text = f"{self.text[:start]} {self.text[end:]}"
        return taken

    def rest(self) -> str:
        """What is left to be searched by meaning; "" where it means nothing."""
        parts = (_OPEN.sub("", part).strip(_JOINT) for part in self.text.split())
        return " ".join(part for part in parts if part not in _EMPTY)
