"""What is no part of a document: bookmarks, breaks of lines, the furniture of a page."""

import re

from graph.values.text import fold

# [bookmark: _Toc_2_2_0000000001]一、总体绩效目标  ·  not: [2024]143号
BOOKMARK = re.compile(r"\[bookmark: [^\]\n]{0,80}\]")

# 维修校舍。<br>2.改善条件  ·  改善条件<b at the end of a file that is cut off      not: <b>
LINE_BREAK = re.compile(r"<br\s?/?>|(?<=[\u3000-\u9fff])<(?:br?\s?/?)?$", re.IGNORECASE)

_CJK_MARK = "，。；：、！？“”‘’（）《》〈〉【】〔〕—…·"
# "商贸单\n\n位" is folded already; this is "，\n推" and "位 4家" stays: a number keeps its blanks.
_BLANK_AT_MARK = re.compile(rf"(?<=[{_CJK_MARK}]) | (?=[{_CJK_MARK}])")

_BUTTON = (
    r"[【\[（(]?(?:打印|关闭|收藏|纠错|复制|下载)(?:本页|此页|本文|窗口|页面)?[】\])）]?"
    r"|返回(?:顶部|首页|列表)|回到顶部|扫一扫.{0,20}|(?:一键)?分享(?:到|至)?[:：]?.{0,24}"
    r"|[【\[（(]?(?:字体|字号|字体大小)[:：]?.{0,12}[】\])）]?|(?:浏览|阅读|点击)(?:次数|量)?[:：]?\d*次?"
)
# 您当前的位置：首页 > 政务公开 · 【打印】【关闭】 · 上一篇：没有了 · 相关阅读
# not: 所在位置：城关镇, 打印设备购置
_FURNITURE = re.compile(
    rf"(?:{_BUTTON}|\s|[|｜])+|.{{0,6}}位置[:：](?:.{{0,6}}首页.*|.*[>＞»›→].*)|[上下]一[篇条页][:：].*"
    r"|(?:相关|推荐|延伸|热门|热点|最新)(?:阅读|链接|文章|信息|新闻|文档|推荐|资讯|稿件)[:：]?",
)
# 网站标识码：9901210001 · 云ICP备99000001号 · 版权所有：青禾县人民政府  ·  not: 主办单位：青禾县
_IMPRINT = re.compile(r"ICP备|公网安备|网站标识码|版权所有|Copyright", re.IGNORECASE)
# 主办单位：青禾县 · 联系电话：0999  ·  not: 青禾县财政局
_AROUND_IMPRINT = re.compile(
    r"[(（]?(?:主办|承办|协办|维护|技术支持|联系|地址|邮编|邮政编码|电话|传真|邮箱|网站地图|关于我们|隐私)"
)
_LONGEST = 200  # characters of a line of furniture


def is_furniture(line: str) -> bool:
    """Whether a line of a web page is a button, the way to the page, or leads to other pages."""
    stripped = line.strip()
    return len(stripped) <= _LONGEST and bool(_FURNITURE.fullmatch(stripped))


def without_imprint(lines: list[str]) -> list[str]:
    """Without the lines at the end that say who runs the site, where one of them is sure to."""
    end, sure = len(lines), False
    while end and len(lines[end - 1]) <= _LONGEST:
        line = lines[end - 1].strip()
        marked = bool(_IMPRINT.search(line))
        if not marked and line and not _AROUND_IMPRINT.match(line):
            break
        sure |= marked
        end -= 1
    return lines[:end] if sure else lines


def without_marks(text: str) -> str:
    """The text without a converter's bookmarks, and with a blank for a break of Markdown."""
    return LINE_BREAK.sub(" ", BOOKMARK.sub("", text))


def prose(text: str) -> str:
    """Running text with its line breaks closed up, also around Chinese punctuation."""
    return _BLANK_AT_MARK.sub("", fold(without_marks(text)))
