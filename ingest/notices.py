"""Funding notices and measures: number, title, issuer, date, addressee, sums and what they cite.

A notice reads from the top: its own number and title (either may come first), the addressee with
a colon, the body, the issuer's signature, the date. Pages saved from the web put a block of
metadata above. See GB/T 9704-2012, 7.2 and 7.3.
"""

import re
from dataclasses import replace

from graph.evidence import Evidence
from graph.model import Citation, Policy, Text, Warning
from graph.values.document_number import DocumentNumber, FoundNumber
from graph.values.policy_title import find_titles, policy_kind, title_key
from graph.values.text import fold
from graph.values.traditional import plain
from ingest.allocations import Notice, read_allocations
from ingest.articles import read_articles
from ingest.blocks import SourceText
from ingest.citations import citations_in
from ingest.notice_dates import NoticeDate, signature_date
from ingest.notice_head import (
    ARTICLES,
    Head,
    Line,
    damaged_number,
    page_foot,
    read_head,
    split_lines,
)
from ingest.notice_issuer import Issuer, issuer_of

_FRONT = 3_000
_SENTENCE = 300
# What stands in the first lines of a performance text: no notice though it cites some.
# 青禾县商务局部门预算绩效文本  …绩效目标表  12   not: 关于部门预算项目绩效目标公开的通知
_OTHER_KIND = re.compile(
    r"^(?![^\n]*(?:关于|通知))[^\n]*"
    r"(?:部门整体绩效目标|部门预算绩效文本|预算项目绩效目标|绩效目标表[ \t]+\d+[ \t]*$)",
    re.M,
)
_ISSUED = re.compile(r"(?:印发|下发|发)给|现予印发|予以印发|现印发|制定了")
# 根据《…》，下达你市资金…   现将《…》印发给你们                        not: 各位代表：
_OPENING = re.compile(
    r"(?:根据|按照|依据|为).{0,300}(?:下达|拨付|安排|预拨|通知|执行|报送)|印发给", re.DOTALL
)
# 关于印发云山省水利发展资金管理办法的通知                              not: 关于下达…资金的通知
_ISSUES_MEASURE = re.compile(
    r"(?:印发|公布|发布).{2,80}(?:办法|细则|规定|制度|规程)[》〉]*(?:[(（].{1,8}[)）])?[》〉]*的通知$"
)
_BASIS = re.compile(r"根据|按照|依据|依照|参照|结合|落实|贯彻|执行|遵照")
# 1000万元  3,000万元  2.5亿元  20万  1,200,000元                      not: 2130505  9031号
AMOUNT = re.compile(
    r"(?<![\d.,，A-Za-z-])\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?\s?(?:[万萬亿億百千]{0,2}元)"
    r"|(?<![\d.,，A-Za-z-])\d+(?:\.\d+)?\s?(?:[百千]?[万萬亿億]元|元|[万萬亿億](?=[\s,，、。;；)）]))"
)


def read_policy(source: SourceText, warnings: list[Warning] | None = None) -> Policy | None:
    """The policy that a text is; None where it is no such text. What is odd about its allocations
    is added to `warnings`.

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
    found = head.number or damaged_number(lines)
    number = found.number if found else None
    title = _title_text(head.title, source) if head.title else None
    date = signature_date(text, head.body)
    issuer = issuer_of(lines, date.start if date and date.signed else None, title, found)
    amounts = _amounts(source, head.body)
    end = page_foot(text, head.body)
    office = issuer.name if issuer else None
    notice = Notice(head.body, end, head.addressee, office, tuple(a.value for a in amounts))
    kind = _kind(text, head, title)
    odd: list[Warning] = [] if warnings is None else warnings
    return Policy(
        number=number,
        title=title,
        issuer=office,
        evidence=_first_line(lines, source),
        kind=kind,
        date=date.day if date else None,
        addressee=fold(head.addressee.text).rstrip(":： ") if head.addressee else None,
        places=_places(source, head, found, date, issuer),
        amounts=amounts,
        articles=read_articles(source) if _has_articles(kind, title) else (),
        allocations=read_allocations(source, notice, odd) if kind == "funding" else (),
        citations=_upstream(source, head, number, title),
    )


def _is_candidate(text: str) -> bool:
    if _OTHER_KIND.search(text[:_FRONT]):
        return False
    front = plain(text[:_FRONT])
    return "通知" in front or "关于" in front or "下达" in front or bool(ARTICLES.search(text))


def _is_notice(text: str, head: Head) -> bool:
    kind = policy_kind(head.title.text) if head.title is not None else None
    if kind is not None and head.number is None:
        # A report to the assembly has a title and is spoken to somebody, and is no notice.
        addressed = head.addressee is not None or bool(ARTICLES.search(text))
        return kind != "other" and addressed
    if kind is not None:
        return True
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


def _places(
    source: SourceText,
    head: Head,
    number: FoundNumber | None,
    date: NoticeDate | None,
    issuer: Issuer | None,
) -> tuple[Evidence, ...]:
    """Where each was read, by the name of its property. Behind the addressee begins the body."""
    spans = {
        "number": (number.start, number.end) if number else None,
        "addressee": (head.addressee.start, head.body) if head.addressee else None,
        "issuer": (issuer.start, issuer.end) if issuer else None,
        "date": (date.start, date.end) if date and date.day else None,
    }
    return tuple(source.evidence(*span, name) for name, span in spans.items() if span)


def _first_line(lines: list[Line], source: SourceText) -> Evidence:
    """The first line with words in it: where a reader finds the policy in its file."""
    first = next((line for line in lines if line.text), Line(0, ""))
    return source.evidence(first.start, first.end, "policy")


def _kind(text: str, head: Head, title: Text | None) -> str:
    """ "measure" for 办法 and what issues them, by the title or by the opening sentences."""
    if title is not None:
        measure = policy_kind(title.value) == "measure" or _ISSUES_MEASURE.search(title.value)
        return "measure" if measure else "funding"
    for named in find_titles(text[head.body : head.body + _FRONT]):
        if policy_kind(named.title) == "measure" and issues(
            text, head.body + named.start, head.body + named.end
        ):
            return "measure"
    return "funding"


def _has_articles(kind: str, title: Text | None) -> bool:
    return kind == "measure" or (title is not None and policy_kind(title.value) == "law")


def _amounts(source: SourceText, body: int) -> tuple[Text, ...]:
    """Sums of money as printed, each spelling once, in order."""
    seen: dict[str, Text] = {}
    for match in AMOUNT.finditer(source.text, body):
        value = fold(match.group())
        if value not in seen:
            evidence = source.evidence(match.start(), match.end(), "amounts")
            seen[value] = Text(value=value, evidence=evidence)
    return tuple(seen.values())


def _upstream(
    source: SourceText, head: Head, number: DocumentNumber | None, title: Text | None
) -> tuple[Citation, ...]:
    """What the body cites, each policy once, without the text itself and what it issues."""
    text = source.text
    end = page_foot(text, head.body)
    body = Text(value=text[head.body : end], evidence=source.evidence(head.body, end, "text"))
    own = {title_key(title.value)} if title else set()
    kept: dict[str, Citation] = {}
    for citation in citations_in(body, "text"):
        key = _key(citation)
        if citation.number is None and issues(text, citation.evidence.start, citation.evidence.end):
            own.add(key)
        itself = key in own if citation.number is None else citation.number == number
        if not itself and (first := kept.setdefault(key, citation)) is not citation:
            articles = tuple(dict.fromkeys(first.articles + citation.articles))
            kept[key] = replace(first, articles=articles)
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
