"""What converters leave behind in a text: bookmarks, marked and unmarked breaks of lines."""

import re

from graph.values.text import fold

# [bookmark: _Toc_2_2_0000000001]一、总体绩效目标  ·  not: [2024]143号
BOOKMARK = re.compile(r"\[bookmark: [^\]\n]{0,80}\]")

_CJK_MARK = "，。；：、！？“”‘’（）《》〈〉【】〔〕—…·"
# "商贸单\n\n位" is folded already; this is "，\n推" and "位 4家" stays: a number keeps its blanks.
_BLANK_AT_MARK = re.compile(rf"(?<=[{_CJK_MARK}]) | (?=[{_CJK_MARK}])")


# 维修校舍。<br>2.改善条件  ·  改善条件<b at the end of a file that is cut off      not: <b>
LINE_BREAK = re.compile(r"<br\s?/?>|(?<=[\u3000-\u9fff])<(?:br?\s?/?)?$", re.IGNORECASE)


def without_marks(text: str) -> str:
    """The text without a converter's bookmarks, and with a blank for a break of Markdown."""
    return LINE_BREAK.sub(" ", BOOKMARK.sub("", text))


def prose(text: str) -> str:
    """Running text with its line breaks closed up, also around Chinese punctuation."""
    return _BLANK_AT_MARK.sub("", fold(without_marks(text)))
