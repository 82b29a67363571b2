"""《titles》 of policies: which book-marked names are policies, and when two are the same."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

from graph.values import tables
from graph.values.text import fold
from graph.values.traditional import plain
from graph.values.unmarked_title import unmarked_spans

MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title in a text: ``text[start:end] == raw``, with its 《》; `title` is folded, without."""

    title: str
    start: int
    end: int
    raw: str


# 《 and 》, the doubled opening that web pages print, and titles nested in 〈〉 or 《》.
_MARKS = re.compile(r"[《》]")
# 〈…条例〉 <关于…的意见> «…办法» where other marks stand for 《》     not: <5%  ->
_OTHER_MARKS = re.compile(r"[〈<«「『](?P<title>[^《》〈〉<>«»「」『』]{4,80})[〉>»」』]")
# “关于调整标准的通知”  “…管理办法”                                 not: “管理办法”  “三定”
_QUOTED = re.compile(r"[“\"](?P<title>[^“”\"\n《》]{8,80})[”\"]")
_QUOTED_END = re.compile(r"^关于|(?:办法|细则|条例|章程)(?:[(（][^()（）]{2,12}[)）])?$")
# the rest of a line behind a 《 that nobody closed: 《…办法（财建〔2024〕1号）  not: 《…政策（英）
_UNCLOSED = re.compile(
    r"《(?P<title>[^《》〈〉，。；、：:;,\n\t(（|]{4,60})"
    r"(?=[，。；、：:;,\n\t|《]|[(（][^()（）\n]{0,20}(?:[〔\[【]\s?\d{4}|号|[试暂]行)|$)"
)
# What a title may carry behind its last word: （试行） (2023年修订) 〔2024版〕, a document number
_TAIL = re.compile(
    r"\s*(?:[(（〔\[【][^()（）〔〕\[\]【】]{1,30}[)）〕\]】]|[〔\[【(（]\d{4}[〕\]】)）]\s*\d+\s*号|试行|暂行|草案"
    r"|\d{4}年?版?|[》〉>]|第\d{1,3}号[—–-]{1,2}[\u4e00-\u9fff]{1,20})\s*$"
)
_NUMBER_TAIL = re.compile(
    r"[(（]?[\u4e00-\u9fff]{2,10}[〔\[【(（]\s*\d{4}\s*[〕\]】)）]\s*\d+\s*号?\s*[)）]?\s*$"
)
_FUNDING = re.compile(
    r"(?:下达|拨付|预拨|安排|清算|追加|调整|收回|分配|转下达|核拨|兑付).{0,80}"
    r"(?:资金|经费|预算|指标|补助|补贴|专款|奖补|拨款)"
)
# 财政部关于印发〈…办法〉的通知 is another spelling of …办法.
_WRAPPER = re.compile(
    r"^(?:.{0,60}?关于)?(?:转发|印发|发布|公布|颁布|修订|修改|执行)+.{0,40}?[〈<《](?P<inner>.{4,150}?)[〉>》](?:等.{0,20})?的(?:通知|决定|公告)$"
)
_ISSUER = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,30}?(?:部|委|局|厅|办公室|办公厅|政府|委员会|国务院|中央|总局|署|会|院|行)"
    r"[等、和与 ]{0,2}){1,6}(?=关于)"
)
_PUNCTUATION = re.compile(r"[\s《》〈〉<>（）()〔〕\[\]【】“”\"'‘’「」『』、，,。.:：;；·—\-–_]+")
# A title of nothing but a kind, 《管理办法》, names no policy; these do.
_WHOLE = frozenset({"民法典", "政府工作报告", "健康中国行动"})
_TEMPORARY = re.compile(r"(?:试行|暂行|修订|修正|草案|征求意见稿)$")


def find_titles(text: str) -> list[FoundTitle]:
    """Titles of policies in the text, in order; forms, tables, books and events are left out.

    A title may run over lines and hold other titles; only the outermost one is found. One that is
    longer than MAX_TITLE characters is no title. Found as well: titles in 〈〉 or “”, those that
    lost their 》, and 省财政厅关于…的通知 without marks.
    """
    found, unclosed = _marked(text)
    found += [title for at in unclosed if (title := _line_title(text, at)) is not None]
    for pattern in (_OTHER_MARKS, _QUOTED):
        for match in pattern.finditer(text):
            title = _title_between(text, match.start(), match.end())
            if title is not None and (pattern is _OTHER_MARKS or _is_named(title.title)):
                found.append(title)
    for start, end in unmarked_spans(text):
        if end - start <= MAX_TITLE:
            found.append(_found(text, start, end, fold(text[start:end])))
    return _without_inner(found)


def _marked(text: str) -> tuple[list[FoundTitle], list[int]]:
    """Titles between 《 and 》, and the places of each 《 that is never closed."""
    found: list[FoundTitle] = []
    unclosed: list[int] = []
    opened: list[int] = []
    inner: list[tuple[int, int]] = []
    for mark in _MARKS.finditer(text):
        at = mark.start()
        if opened and at - opened[0] > MAX_TITLE:
            found.extend(_outermost(text, inner))
            unclosed += opened
            opened, inner = [], []
        if mark.group() == "《":
            opened.append(at)
        elif opened:
            inner.append((opened.pop(), at + 1))
            if not opened:
                found.extend(_outermost(text, inner))
                inner = []
    found.extend(_outermost(text, inner))
    return found, unclosed + opened


def _without_inner(found: list[FoundTitle]) -> list[FoundTitle]:
    """In order, without those that another one encloses."""
    kept: list[FoundTitle] = []
    for title in sorted(found, key=lambda title: (title.start, -title.end)):
        if not kept or title.start >= kept[-1].end:
            kept.append(title)
    return kept


def _line_title(text: str, at: int) -> FoundTitle | None:
    match = _UNCLOSED.match(text, at)
    if match is None or policy_kind(match["title"]) is None:
        return None
    return _found(text, at, match.end(), fold(match["title"]))


def _is_named(title: str) -> bool:
    """Whether words in plain quotes name a document: 关于…的通知, …管理办法; not a slogan."""
    return "，" not in title and _QUOTED_END.search(title) is not None


def _found(text: str, start: int, end: int, title: str) -> FoundTitle:
    return FoundTitle(title=title, start=start, end=end, raw=text[start:end])


def _outermost(text: str, pairs: list[tuple[int, int]]) -> list[FoundTitle]:
    """The widest policies among bracketed stretches; what an unclosed 《 encloses counts too."""
    found: list[FoundTitle] = []
    for start, end in sorted(pairs, key=lambda pair: (pair[0] - pair[1], pair[0])):
        inside = any(other.start < start and end < other.end for other in found)
        if not inside and (title := _title_between(text, start, end)) is not None:
            found.append(title)
    return sorted(found, key=lambda title: title.start)


def _title_between(text: str, start: int, end: int) -> FoundTitle | None:
    if end - start - 2 > MAX_TITLE:
        return None
    title = fold(text[start + 1 : end - 1])
    if policy_kind(title) is None:
        return None
    return _found(text, start, end, title)


def title_key(title: str) -> str:
    """What two spellings of one title share: no blanks, brackets, issuer or 的通知.

    财政部关于印发〈…管理办法〉的通知 and …管理办法（试行） have the key of …管理办法.
    """
    title = plain(fold(unicodedata.normalize("NFKC", title))).strip("《》 ")
    wrapped = _WRAPPER.match(title)
    if wrapped is not None:
        title = wrapped["inner"]
    title = _ISSUER.sub("", _NUMBER_TAIL.sub("", title).rstrip("(（ "))
    key = _PUNCTUATION.sub("", title)
    key = re.sub(r"^关+于", "", key).removeprefix("中华人民共和国")
    key = _TEMPORARY.sub("", re.sub(r"的通知$", "", key))
    return key or _PUNCTUATION.sub("", title)


@lru_cache(maxsize=65_536)
def title_issuer(title: str) -> str:
    """Who issues by the title itself, 云州市财政局关于…的通知; "" where it does not say."""
    found = _ISSUER.match(plain(fold(title)).strip("《》 "))
    return _PUNCTUATION.sub("", found.group()) if found else ""


def policy_kind(title: str) -> str | None:
    """law, measure, plan, notice, funding or other, by the title's last words; None: no policy."""
    core = plain(fold(title)).strip("《》")
    core = _NUMBER_TAIL.sub("", core).strip("(（ ")
    for _ in range(4):
        shorter = _TAIL.sub("", core)
        if shorter == core or len(shorter) < 2:
            break
        core = shorter
    core = "".join(core.split())
    kind = _kind_by_ending(core)
    if kind == "notice" and _FUNDING.search(core):
        return "funding"
    if kind == "notice" and (wrapped := _WRAPPER.match(core)) is not None:
        return policy_kind(wrapped["inner"]) or kind
    return kind


def _kind_by_ending(core: str) -> str | None:
    endings = _endings()
    if len(core) < 3 or (core in endings and core not in _WHOLE):
        return None
    for length in range(min(len(core), 10), 0, -1):
        if core[-length:] in endings:
            return endings[core[-length:]] or None
    return None


@cache
def _endings() -> dict[str, str]:
    return {row[0]: row[1] for row in tables.rows("policy_kinds")}
