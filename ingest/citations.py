"""Find what a text cites: document numbers, 《titles》, and a title with its number as one."""

import re
from collections.abc import Iterable
from dataclasses import replace

from graph.evidence import Evidence
from graph.model import Citation, Text
from graph.values.article import articles_behind
from graph.values.document_number import FoundNumber, find_document_numbers
from graph.values.policy_title import FoundTitle, find_titles
from graph.values.text import fold
from ingest.mentions import FoundCitation, FoundReference
from ingest.references import find_references, short_names, without_short_names

MAX_PASSAGE = 200


_OPENING = r"[(（\[【〔]"
_CLOSING = r"[)）\]】〕]"
# 《…》（财建〔2024〕1号  《…》 财建〔2024〕1号  《…》（财政部 财建〔2024〕1号
#                                                                    not: 《…》和财建〔2024〕1号
_TITLE_TO_NUMBER = re.compile(
    rf"\s{{0,8}}(?:的通知)?\s{{0,8}}(?:{_OPENING}\s{{0,8}}{_OPENING}?(?:文号[:：])?"
    r"(?:[\u4e00-\u9fff\s]{2,20}[部厅局委府室]\s{0,8})?)?"
)
# 财建〔2024〕1号《…》  财建〔2024〕1号文件《…》                        not: …1号、《…》
_NUMBER_TO_TITLE = re.compile(r"\s{0,8}(?:文件|文)?\s{0,8}")
_AFTER_NUMBER = re.compile(rf"\s{{0,8}}文?\s{{0,8}}{_CLOSING}")
_SENTENCE_END = re.compile(r"[。！？；\n\t]")


def find_all(
    text: str, own: FoundCitation | None = None
) -> tuple[list[FoundCitation], list[FoundReference]]:
    """Every citation in the text, and every place that refers back to one, each in order.

    Finding only: which policy of the store a citation means is `resolve`'s. A title that its
    number directly follows or precedes is one citation whose span covers both. A number that
    stands inside a title (the notice about a notice) is a citation of its own. A short name,
    《办法》 behind （以下简称《办法》）, refers back. `own` is the policy that the text itself is.
    """
    found = _named(text)
    names = short_names(text, found)
    kept = without_short_names(found, names)
    return kept, find_references(text, kept, names, own)


def _named(text: str) -> list[FoundCitation]:
    """Numbers and titles as they stand."""
    numbers, titles = find_document_numbers(text), find_titles(text)
    pairs = _pairs(text, numbers, titles)
    paired_titles = {id(title) for _, title in pairs}
    paired_numbers = {id(number) for number, _ in pairs}
    found = [_joined(text, number, title) for number, title in pairs]
    found += [_alone(number=n) for n in numbers if id(n) not in paired_numbers]
    found += [_alone(title=t) for t in titles if id(t) not in paired_titles]
    found.sort(key=lambda citation: (citation.start, citation.end))
    return [replace(c, articles=articles_behind(text, c.end)) for c in found]


def citations_in(text: Text, field: str) -> tuple[Citation, ...]:
    """The citations of one cell or paragraph, each with the evidence of its own span.

    Numbers are looked for in the source as it stands, line breaks included, so that the span is
    the source's. `passage` is the folded cell, or the sentence around where the cell is long.
    `articles` are also those that 该办法第三条 names further on.
    """
    raw = text.evidence.raw
    citations: list[Citation] = []
    breaks, counted = 0, 0
    named, references = find_all(raw)
    further = _articles_named_later(references)
    for found in named:
        breaks += raw.count("\n", counted, found.start)
        counted = found.start
        evidence = part_of(text.evidence, field, found, breaks)
        citations.append(
            Citation(
                field=field,
                number=found.number,
                title=found.title,
                passage=passage_around(text, found),
                articles=_once(found.articles + further.get(found.meaning, ())),
                evidence=evidence,
            )
        )
    return tuple(citations)


def _articles_named_later(references: Iterable[FoundReference]) -> dict[str, tuple[str, ...]]:
    """The articles that 该办法第三条 names, by what the reference means."""
    articles: dict[str, tuple[str, ...]] = {}
    for reference in references:
        if len(reference.meant) == 1 and reference.articles:
            meaning = reference.meant[0].meaning
            articles[meaning] = _once(articles.get(meaning, ()) + reference.articles)
    return articles


def _once(labels: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(labels))


def _pairs(
    text: str, numbers: list[FoundNumber], titles: list[FoundTitle]
) -> list[tuple[FoundNumber, FoundTitle]]:
    """Titles with the number that belongs to them: the one behind wins over the one before."""
    by_start = {number.start: number for number in numbers}
    by_end = {number.end: number for number in numbers}
    taken: set[int] = set()
    pairs: list[tuple[FoundNumber, FoundTitle]] = []
    waiting: list[FoundTitle] = []
    for title in titles:
        gap = _TITLE_TO_NUMBER.match(text, title.end)
        number = _first_within(by_start, title.end, gap.end() if gap else title.end)
        number = number or _number_at_end(title, by_end)
        if number is None or id(number) in taken:
            waiting.append(title)
            continue
        taken.add(id(number))
        pairs.append((number, title))
    for title in waiting:
        number = _number_before(text, title, by_end)
        if number is not None and id(number) not in taken:
            taken.add(id(number))
            pairs.append((number, title))
    return pairs


def _first_within(by_start: dict[int, FoundNumber], start: int, end: int) -> FoundNumber | None:
    return next((by_start[at] for at in range(start, end + 1) if at in by_start), None)


def _number_at_end(title: FoundTitle, by_end: dict[int, FoundNumber]) -> FoundNumber | None:
    """《…的通知（财建〔2024〕1号）》 prints its own number before the closing mark."""
    if title.title.startswith(("关于转发", "转发")):
        return None
    for at in range(title.end - 1, max(title.start, title.end - 6), -1):
        if at in by_end and by_end[at].start > title.start:
            rest = title.raw[at - title.start :]
            return by_end[at] if re.fullmatch(rf"\s*{_CLOSING}?\s*》", rest) else None
    return None


def _number_before(
    text: str, title: FoundTitle, by_end: dict[int, FoundNumber]
) -> FoundNumber | None:
    for at in range(title.start, max(0, title.start - 12), -1):
        if at in by_end:
            return by_end[at] if _NUMBER_TO_TITLE.fullmatch(text, at, title.start) else None
    return None


def _joined(text: str, number: FoundNumber, title: FoundTitle) -> FoundCitation:
    start, end = min(number.start, title.start), max(number.end, title.end)
    closing = _AFTER_NUMBER.match(text, end)
    opened = (
        re.search(_OPENING, text[title.end : number.start]) if number.start >= title.end else None
    )
    if closing is not None and opened is not None:
        end = closing.end()
    return FoundCitation(start, end, text[start:end], number.number, title.title)


def _alone(*, number: FoundNumber | None = None, title: FoundTitle | None = None) -> FoundCitation:
    if number is not None:
        return FoundCitation(number.start, number.end, number.raw, number=number.number)
    if title is None:
        raise ValueError("a citation has a number or a title")
    return FoundCitation(title.start, title.end, title.raw, title=title.title)


def part_of(
    cell: Evidence, field: str, found: FoundCitation | FoundReference, breaks: int
) -> Evidence:
    """The span of one mention inside the evidence of its cell, `breaks` lines further down."""
    return Evidence(
        document=cell.document,
        raw=found.raw,
        start=cell.start + found.start,
        end=cell.start + found.end,
        field=field,
        page=cell.page,
        line=None if cell.line is None else cell.line + breaks,
        table=cell.table,
        row=cell.row,
        column=cell.column,
    )


def passage_around(text: Text, found: FoundCitation | FoundReference) -> str:
    if len(text.value) <= MAX_PASSAGE:
        return text.value
    raw = text.evidence.raw
    reach = 2 * MAX_PASSAGE
    first = max(0, found.start - reach)
    ends = [match.end() for match in _SENTENCE_END.finditer(raw, first, found.start)]
    stop = _SENTENCE_END.search(raw, found.end, found.end + reach)
    sentence = fold(raw[ends[-1] if ends else first : stop.end() if stop else found.end + reach])
    if len(sentence) <= MAX_PASSAGE:
        return sentence
    room = max(0, MAX_PASSAGE - len(found.raw)) // 2
    return fold(raw[max(0, found.start - room) : found.end + room])[:MAX_PASSAGE]
