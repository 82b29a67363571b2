"""Funding notices and measures: number, title, issuer, date, addressee, sums and what they cite.

A notice reads from the top: its own number and title (either may come first), the addressee with
a colon, the body, the issuer's signature, the date. Pages saved from the web put a block of
metadata above. See GB/T 9704-2012, 7.2 and 7.3.
"""

import re

from graph.evidence import Evidence
from graph.model import Citation, Policy, Text
from graph.values.document_number import DocumentNumber
from graph.values.issuer import certain_issuer
from graph.values.policy_title import find_titles, policy_kind, title_key
from graph.values.text import fold
from graph.values.traditional import plain
from ingest.articles import read_articles
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.notice_dates import signature_date
from ingest.notice_head import (
    ARTICLES,
    SIGNATURE,
    Head,
    Line,
    damaged_number,
    read_head,
    split_lines,
)

_HEAD_LINES = 40
_FRONT = 3_000
_SENTENCE = 300
# 发文机关：青禾县财政局   发文单位:吉林省财政厅                        not: 来源：…
ISSUER_LABEL = re.compile(
    r"(?:发文机关|发文单位|发文机构|发布机构|发布单位|制发机关|印发机关)[\s:：|｜]*"
    r"(?P<issuer>[^\s|｜:：]{3,40}(?: [^\s|｜:：]{4,40})?)"
)
# What stands in the first lines of a performance text: no notice though it cites some.
_OTHER_KIND = re.compile(
    r"部门整体绩效目标|部门预算绩效文本|预算项目绩效目标|绩效目标表[ \t]+\d+[ \t]*$", re.M
)
_ISSUED = re.compile(r"(?:印发|下发|发)给|现予印发|予以印发|现印发|制定了")
# 根据《…》，下达你市资金…   现将《…》印发给你们                        not: 各位代表：
_OPENING = re.compile(
    r"(?:根据|按照|依据|为).{0,300}(?:下达|拨付|安排|预拨|通知|执行|报送)|印发给", re.DOTALL
)
_BASIS = re.compile(r"根据|按照|依据|依照|参照|结合|落实|贯彻|执行|遵照")
# 1000万元  3,000万元  2.5亿元  20万  1,200,000元                      not: 2130505  9031号
AMOUNT = re.compile(
    r"(?<![\d.,，A-Za-z-])\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?\s?(?:[万萬亿億百千]{0,2}元)"
    r"|(?<![\d.,，A-Za-z-])\d+(?:\.\d+)?\s?(?:[百千]?[万萬亿億]元|元|[万萬亿億](?=[\s,，、。;；)）]))"
)


def read_policy(source: SourceText) -> Policy | None:
    """The policy that a text is; None where it is no such text.

    `citations` are the upstream references in order of first mention, each once; not among them
    are the text's own number and title, a measure that it issues itself, forms and tables.
    `amounts` are sums as printed. `kind` is "measure" for 办法, 细则 and the notices that issue
    them, "funding" otherwise. `date` is the signature's (YYYY-MM-DD), never the day a page was put
    on the web; `issuer` as signed, in simplified characters.
    """
    text = source.text
    if not _is_candidate(text):
        return None
    lines = split_lines(text)
    head = read_head(text, lines)
    if not _is_notice(text, head):
        return None
    number = head.number.number if head.number else damaged_number(lines)
    title = _title_text(head.title, source) if head.title else None
    date, signed = signature_date(text, head.body)
    kind = _kind(text, head, title)
    return Policy(
        number=number,
        title=title,
        issuer=_issuer(lines, signed, title, number),
        evidence=_first_line(lines, source),
        kind=kind,
        date=date,
        addressee=fold(head.addressee.text).rstrip(":：") if head.addressee else None,
        amounts=_amounts(source, head.body),
        articles=read_articles(source) if _has_articles(kind, title) else (),
        citations=_upstream(source, head, number, title),
    )


def _is_candidate(text: str) -> bool:
    if _OTHER_KIND.search(text[:_FRONT]):
        return False
    front = plain(text[:_FRONT])
    return "通知" in front or "关于" in front or "下达" in front or bool(ARTICLES.search(text))


def _is_notice(text: str, head: Head) -> bool:
    if head.title is not None and policy_kind(head.title.text) is not None:
        return head.number is not None or head.addressee is not None or bool(ARTICLES.search(text))
    if head.number is not None and head.addressee is not None:
        return True
    opening = plain(text[head.body : head.body + 500])
    return head.addressee is not None and bool(_OPENING.search(opening))


def _title_text(title: Line, source: SourceText) -> Text:
    """The title with the evidence of the lines that it was put together from."""
    evidence = source.evidence(title.start, _source_end(source.text, title), "title")
    return Text(value=fold(title.text), evidence=evidence)


def _source_end(text: str, title: Line) -> int:
    """Walk the source until the title's characters are used up; breaks between them are skipped."""
    at, left = title.start, "".join(title.text.split())
    for character in left:
        while at < len(text) and text[at] != character:
            at += 1
        at += 1
    return min(at, len(text))


def _first_line(lines: list[Line], source: SourceText) -> Evidence:
    """The first line with words in it: where a reader finds the policy in its file."""
    first = next((line for line in lines if line.text), Line(0, ""))
    return source.evidence(first.start, first.end, "policy")


def _kind(text: str, head: Head, title: Text | None) -> str:
    """ "measure" for 办法 and what issues them, by the title or by the opening sentences."""
    if title is not None:
        return "measure" if policy_kind(title.value) == "measure" else "funding"
    for named in find_titles(text[head.body : head.body + _FRONT]):
        if policy_kind(named.title) == "measure" and issues(
            text, head.body + named.start, head.body + named.end
        ):
            return "measure"
    return "funding"


def _has_articles(kind: str, title: Text | None) -> bool:
    return kind == "measure" or (title is not None and policy_kind(title.value) == "law")


def _issuer(
    lines: list[Line], signed: int | None, title: Text | None, number: DocumentNumber | None
) -> str | None:
    """The signature above the date; the metadata where it says more; the title; the prefix."""
    labelled = _labelled_issuer(lines)
    signature = _signature(lines, signed)
    if signature and labelled and labelled.endswith(signature.removeprefix("省")):
        return labelled
    if signature:
        return _full_name(signature, title)
    named = _issuer_in_title(title)
    if named or labelled:
        return named or labelled
    return certain_issuer(number.prefix) if number else None


def _labelled_issuer(lines: list[Line]) -> str | None:
    for line in lines[:_HEAD_LINES]:
        match = ISSUER_LABEL.search(plain(line.text))
        if match is not None:
            return fold(match["issuer"])
    return None


def _signature(lines: list[Line], signed: int | None) -> str | None:
    """The names above the date, or in the last lines where no date is signed."""
    if signed is None:
        candidates = [line for line in lines if line.text][-3:]
    else:
        candidates = [line for line in lines if line.text and line.start < signed][-4:]
    names: list[str] = []
    for line in reversed(candidates):
        parts = plain(line.text).split()
        if all(len(part) == 1 for part in parts):
            parts = ["".join(parts)]
        if not parts or not all(SIGNATURE.fullmatch(part) for part in parts):
            if names or signed is None:
                break
            return None
        names[:0] = parts
    return " ".join(dict.fromkeys(names)) or None


def _full_name(signature: str, title: Text | None) -> str:
    """省财政厅 signs for what the title calls 云山省财政厅; a cut-off last name is completed."""
    named = _issuer_in_title(title) or ""
    if named.endswith(signature) or named.startswith(signature):
        return named
    return signature


def _issuer_in_title(title: Text | None) -> str | None:
    if title is None:
        return None
    match = re.match(r"(?P<names>[^《》，。]{3,60}?)(?:关于|转发|印发)", plain(title.evidence.raw))
    if match is None:
        return None
    names = re.sub(r"\s+", " ", match["names"]).strip().split(" ")
    return " ".join(names) if all(SIGNATURE.fullmatch(name) for name in names) else None


def _amounts(source: SourceText, body: int) -> tuple[Text, ...]:
    """Sums of money as printed, each spelling once, in order."""
    seen: dict[str, Text] = {}
    for match in AMOUNT.finditer(source.text, body):
        value = fold(match.group())
        if value not in seen:
            evidence = source.evidence(match.start(), match.end(), "amount")
            seen[value] = Text(value=value, evidence=evidence)
    return tuple(seen.values())


def _upstream(
    source: SourceText, head: Head, number: DocumentNumber | None, title: Text | None
) -> tuple[Citation, ...]:
    """What the body cites, each policy once, without the text itself and what it issues."""
    text = source.text
    body = Text(value=text[head.body :], evidence=source.evidence(head.body, len(text), "text"))
    own = {title_key(title.value)} if title else set()
    kept: dict[str, Citation] = {}
    for citation in citations_in(body, "text"):
        key = _key(citation)
        if citation.number is None and issues(text, citation.evidence.start, citation.evidence.end):
            own.add(key)
        itself = key in own if citation.number is None else citation.number == number
        if not itself and (first := kept.setdefault(key, citation)) is not citation:
            articles = tuple(dict.fromkeys(first.articles + citation.articles))
            kept[key] = first.model_copy(update={"articles": articles})
    return tuple(kept.values())


def _key(citation: Citation) -> str:
    """By number where there is one: two notices may share a title, but not a number."""
    if citation.number is not None:
        return citation.number.canonical
    return title_key(citation.title or "")


def issues(text: str, start: int, end: int) -> bool:
    """Whether a sentence issues what it names at text[start:end]: 现将《…办法》印发给你们.

    What it names as a basis (根据《…》，制定了…) it does not issue.
    """
    before = plain(re.split(r"[。；;\n]", text[max(0, start - _SENTENCE) : start])[-1])
    after = re.split(r"[。；;\n]", plain(text[end : end + _SENTENCE]))[0]
    clause = re.split(r"[，,]", before)[-1]
    return _ISSUED.search(before + after) is not None and _BASIS.search(clause) is None
