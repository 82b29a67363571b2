"""White space in text that a converter broke over lines and cells."""

import re

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_BLANKS = re.compile(r"\s+")
_BLANK_BETWEEN_HAN = re.compile(rf"(?<=[{_HAN}]) (?=[{_HAN}])")


def fold(text: str) -> str:
    """Fold runs of white space to one blank and drop blanks between Han characters.

    >>> fold("2024 年工\\n作完成情况")
    '2024 年工作完成情况'
    """
    return _BLANK_BETWEEN_HAN.sub("", _BLANKS.sub(" ", text)).strip()
