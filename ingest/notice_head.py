"""The head of a notice: its own number, its title and its addressee, above the body."""

import re
from dataclasses import dataclass

from graph.values.document_number import (
    FoundNumber,
    find_document_numbers,
    parse_document_number,
)
from graph.values.traditional import plain, simplify

_HEAD_LINES = 40
_FULL_LINE = 16
# 发文字号：云财建〔2024〕9031号   文号 | …                            not: 索引号：…
NUMBER_LABEL = re.compile(
    r"(?:发文字号|法规文号|公文字号|文件编号|文件字号|文件文号|文\s*号|字\s*号)\s*[:：|｜]?\s*"
)
TITLE_LABEL = re.compile(r"(?:标\s*题|信息名称|文件名称|公文名称|名\s*称)\s*[:：|｜]\s*")
# 云州市财政局：   有关县(市、区)财政局:                                not: 附件：  联系人：
ADDRESSEE = re.compile(r"(?P<who>[^:：。；|]{2,90})[:：]\s*$")
# 青禾县财政局：根据《…》，现下达…                                    not: 一、总体要求：为了…
_ADDRESSEE_THEN_BODY = re.compile(
    r"(?P<addressee>(?P<who>[^:：。；|]{2,60})[:：])\s*(?=根据|按照|依据|为|经|现|你)"
)
_NO_ADDRESSEE = re.compile(
    r"附件|联系|电话|来源|时间|日期|标题|文号|字号|索引|抄送|主题词|如下|^单位|^计量单位|浏览"
    r"|^机关|^机构|编号|说明|备注|点击|解读"
)
_TITLE_START = re.compile(r"关于|^[^，。；:：|]{2,60}(?:关于|转发|印发)")
_TITLE_END = re.compile(
    r"(?:印发《.{4,80}》$|的?(?:通知|函|批复|意见|决定|通报|请示|复函|公告|报告|方案|办法|细则|规定|条例)|预算的通知)"
    r"(?:[(（](?:试行|暂行)[)）])?[》〉]?$"
)
_MEASURE_TITLE = re.compile(
    r"^(?!\d)[^，。；:：|《》]{4,60}(?:管理办法|暂行办法|实施办法|办法|实施细则|细则|管理规定|规定|管理制度|条例)"
    r"(?:[(（](?:试行|暂行|修订|\d{4}年?修订)[)）])?$"
)
# 上一篇：…   版权所有：…   what a site sets below the text             not: 上一年度
_PAGE_FOOT = re.compile(
    r"^\s*[\[【|]?(?:[上下]一[篇条页]|相关(?:阅读|链接|文章|文档|新闻|信息|附件下载)|推荐阅读|热点推荐|猜你喜欢"
    r"|最新文章|版权所有|主办单位|网站地图|友情链接)",
    re.MULTILINE,
)
ARTICLES = re.compile(r"^\s*第[一二三四五六七八九十]+[章条]", re.MULTILINE)
SIGNATURE = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:部|委|局|厅|院|署|会|办公室|办公厅|政府|委员会|中心|银行|公司|集团|小组|指挥部|水利|分局|总社|兵团)"
)


@dataclass(frozen=True, slots=True)
class Line:
    start: int
    text: str

    @property
    def end(self) -> int:
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Head:
    """What stands above the body; `body` is the offset at which the body begins."""

    number: FoundNumber | None
    title: Line | None
    addressee: Line | None
    body: int


def split_lines(text: str) -> list[Line]:
    lines: list[Line] = []
    at = 0
    for piece in text.splitlines(keepends=True):
        stripped = piece.strip()
        lines.append(Line(at + (len(piece) - len(piece.lstrip())) if stripped else at, stripped))
        at += len(piece)
    return lines


def read_head(text: str, lines: list[Line]) -> Head:
    """Number and title above the addressee, or above the first sentence where there is none."""
    shown = [line for line in lines if line.text][:_HEAD_LINES]
    addressee = next((found for line in shown if (found := _addressee(line))), None)
    stop = addressee.start if addressee else _body_start(shown, len(text))
    above = [line for line in shown if line.start < stop]
    title = _find_title(above)
    number = _own_number(text, above, title)
    body = addressee.end if addressee else stop
    if addressee is not None:
        addressee = _whole_addressee(above, addressee)
    if title is None:
        title = _title_over_articles(text, lines)
    return Head(number=number, title=title, addressee=addressee, body=body)


def _addressee(line: Line) -> Line | None:
    """The line, or what stands before the colon where the body goes on behind it."""
    if _is_addressee(ADDRESSEE.fullmatch(plain(line.text))):
        return line
    whole = _ADDRESSEE_THEN_BODY.match(simplify(line.text))
    if whole is not None and _is_addressee(whole):
        return Line(line.start, line.text[: whole.end("addressee")])
    return None


def _is_addressee(match: re.Match[str] | None) -> bool:
    if match is None or _NO_ADDRESSEE.search(match["who"]) or re.search(r"[《》\d]", match["who"]):
        return False
    organ = r"[局厅部委府会区县市乡镇村位关校院学司心室门各所社处园站队]"
    return re.search(organ, match["who"]) is not None


def _whole_addressee(above: list[Line], last: Line) -> Line:
    """The addressee with the lines that were broken off above it: …局，有关县财 | 政局："""
    whole = last
    for line in reversed(above):
        broken = len(line.text) >= _FULL_LINE and re.search(r"[，、]", line.text)
        if not broken or re.search(r"关于|[。：:《》|\d]", plain(line.text)):
            return whole
        whole = Line(line.start, line.text + whole.text)
    return whole


def page_foot(text: str, body: int) -> int:
    """Where the text ends and a site's own links begin; the end of the text where it has none."""
    found = _PAGE_FOOT.search(text, body)
    return found.start() if found else len(text)


def _body_start(lines: list[Line], end: int) -> int:
    for line in lines:
        if re.match(r"根据|按照|为|经|现|第一[章条]|[一二三]、", plain(line.text)):
            return line.start
        if len(line.text) > 60 and "。" in line.text:
            return line.start
    return end


def _find_title(above: list[Line]) -> Line | None:
    """The title, put together from the lines over which it was broken.

    A heading that a web page sets above (…暂行办法) gives way to 关于印发…的通知 below it.
    """
    heading: Line | None = None
    for i, line in enumerate(above):
        label = TITLE_LABEL.search(line.text)
        if label is not None and _TITLE_END.search(_cell(line.text[label.end() :])):
            at = line.start + label.end()
            return Line(at, _cell(line.text[label.end() :]))
        joined = _join_title(above, i)
        if joined is not None and _TITLE_START.search(plain(joined.text)):
            return joined
        heading = heading or joined
    return heading


def _title_over_articles(text: str, lines: list[Line]) -> Line | None:
    """The title that stands right above 第一章 or 第一条: the measure that the text sets out."""
    first = ARTICLES.search(text)
    if first is None:
        return None
    above = [line for line in lines if line.text and line.start < first.start()][-4:]
    return next((line for line in above if _MEASURE_TITLE.match(plain(line.text))), None)


def _cell(text: str) -> str:
    return text.split("|")[0].split("｜")[0].strip()


def _join_title(above: list[Line], i: int) -> Line | None:
    """Lines from `i` on as one title: an issuer's line may stand above 关于…的通知."""
    first = plain(_bare_title(above[i].text))
    if not _begins_title(first):
        return None
    text = ""
    for line in above[i : i + 4]:
        piece = _bare_title(line.text)
        if text and piece != line.text.strip("《》"):
            return None
        text += f" {piece}" if text and SIGNATURE.fullmatch(plain(text)) else piece
        whole = plain(text)
        if "。" in whole or len(whole) > 180:
            return None
        if (_TITLE_START.search(whole) and _TITLE_END.search(whole)) or _MEASURE_TITLE.match(whole):
            at = above[i].start + max(0, above[i].text.find(_bare_title(above[i].text)))
            return Line(at, text)
    return None


def _begins_title(text: str) -> bool:
    """关于…, an issuer's name, or a measure's own title; no label, letterhead or site name."""
    if re.match(r"索引|发布|来源|时间|附件|首页|当前位置|解读", text) or text.endswith("文件"):
        return False
    if re.search(r"[|｜:：]", text) and not text.startswith("关于"):
        return False
    names = text.split()
    return (
        re.search(r"关于|转发|印发", text) is not None
        or _MEASURE_TITLE.match(text) is not None
        or (bool(names) and all(SIGNATURE.fullmatch(name) for name in names))
    )


def _bare_title(text: str) -> str:
    """A line without the number beside the title, the site's name behind it and outer 《》."""
    text = _site_suffix(text)
    found = find_document_numbers(text)
    if len(found) == 1:
        before, after = text[: found[0].start], text[found[0].end :]
        if re.fullmatch(r"[)）\]】\s]*", after):
            text = before.rstrip("(（[【 ")
        elif re.fullmatch(r"[(（\[【\s]*", before):
            text = after.lstrip(")）]】 ")
    if text.startswith("《") and text.endswith("》"):
        text = text[1:-1]
    return text.strip()


def _site_suffix(text: str) -> str:
    """A web page's title carries the site's name behind a dash: …的通知-某网站."""
    return re.sub(r"(?<=通知|的函|办法|意见|细则)\s*[-_—|｜].{1,30}$", "", text)


def _own_number(text: str, above: list[Line], title: Line | None) -> FoundNumber | None:
    """The number that stands alone on a line, behind its label, or at the end of the title."""
    for line in above:
        for found in find_document_numbers(line.text):
            rest = line.text[: found.start] + line.text[found.end :]
            label = NUMBER_LABEL.search(line.text[: found.start])
            alone = not re.search(r"[\u4e00-\u9fff]", NUMBER_LABEL.sub("", rest))
            behind_title = (
                title is not None
                and title.start == line.start
                and not re.search(r"[\u4e00-\u9fff]", line.text[found.end :])
                and "《" not in line.text[: found.start]
            )
            starts_title = (
                title is not None
                and title.start >= line.start + found.end
                and (title.start <= line.start + len(line.text))
            )
            near_label = label is not None and found.start - label.end() <= 2
            if alone or near_label or behind_title or starts_title or _letterhead(rest):
                start, end = line.start + found.start, line.start + found.end
                return FoundNumber(found.number, start, end, text[start:end])
    return None


def _letterhead(rest: str) -> bool:
    """云州市财政局文件 州财建〔2024〕1号: only the letterhead stands beside the number."""
    return re.fullmatch(r"\s*[\u4e00-\u9fff]{3,20}文件\s*|\s*签发人[:：].{0,10}", rest) is not None


def damaged_number(lines: list[Line]) -> FoundNumber | None:
    """A line of the head that is a number without brackets: 泉财202624."""
    for line in [line for line in lines if line.text][:8]:
        if re.fullmatch(r"[\u4e00-\u9fff]{2,8}[\s\W]{0,2}(?:19|20)\d{2}\D?\d{1,4}号?", line.text):
            number = parse_document_number(line.text)
            if number is not None:
                return FoundNumber(number, line.start, line.end, line.text)
    return None
