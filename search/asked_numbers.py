"""Policies and projects that a question names outright: document numbers, 《titles》, codes."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from graph.elements import Node
from graph.ids import policy
from graph.store import Reader
from graph.values.document_number import (
    DocumentNumber,
    FoundNumber,
    find_document_numbers,
    parse_document_number,
)
from graph.values.policy_title import find_titles, title_key
from search.asked_without import DENY, OUT
from search.question import Question

# 13020925P000010110001X: county, year, P, then the serial. Matches; 130209 alone does not.
_PROJECT_CODE = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{8}[A-Za-z][0-9A-Za-z]{10,13}(?![0-9A-Za-z])", re.ASCII
)
_DENIED = re.compile(rf"(?:{DENY}|非)\s*$")
_EXCEPT = re.compile(r"除\s*$")
_SPARED = re.compile(rf"\s*{OUT}")
_AND = re.compile(r"\s*(?:[、,，和与及或]|以及)?\s*")
# 根据…号文件, 请问…号文, 引用了…: says nothing more than the number
_BEFORE = re.compile(
    r"(?:请问|问|请?查询|请?查|帮我查|根据|依据|按照|按|引用了?|关于|编号[:：]?)\s*$"
)
_BEHIND = re.compile(
    r"[”\"』」]?\s*(?:文件|文)?(?:的?(?:要求|精神|规定))?(?=$|[\s,，、;；。”的和与有]|哪)"
)
_GLUED = re.compile(rf"(?:{DENY}|非|除|请问|问|查询|查|帮我)+")
"""What a run of Han characters before a number begins with, and no prefix does."""
_ORGANS = "财国办发政建人"
"""What begins with one of these is the number of a ministry or of any place's office: 冀财建 is
another than 财建."""


@dataclass(frozen=True, slots=True)
class Named:
    """`shown` in canonical spelling; `ids` of those that the graph has. `notes` say what could not
    be done."""

    shown: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name at ``text[start:end]``, in canonical spelling."""

    start: int
    end: int
    name: str
    ids: tuple[str, ...]


def asked_policies(question: Question, reader: Reader) -> Named:
    """Take the numbers and titles out of the question; a title that the graph has not is read on as
    text."""
    found = find_document_numbers(question.text)
    whole = None if found else parse_document_number(question.text)
    if whole:
        # A number without its 号 is one only where it is the whole question.
        question.text = ""
        ids = tuple(reader.get([policy(whole, None)]))
        return Named((whole.canonical,), (*ids, *_same(ids, reader)))
    mentions = [_unglued(entry, reader) for entry in found]
    unknown: list[str] = []
    for title in find_titles(question.text):
        nodes = reader.scan("Policy", {"title_key": [title_key(title.title)]}).nodes
        if nodes:
            ids = tuple(node.id for node in nodes)
            mentions.append(_Mention(title.start, title.end, f"《{title.title}》", ids))
        else:
            note = f"图谱中没有标题为《{title.title}》的文件"
            unknown += [] if note in unknown else [note]
    named = _taken(question, [one for one in mentions if not _inside(one, mentions)])
    return Named(
        named.shown,
        (*named.ids, *_same(named.ids, reader)),
        (*named.notes, *unknown),
    )


def asked_projects(question: Question, reader: Reader) -> Named:
    """Take the project codes out of the question."""
    matches = [*_PROJECT_CODE.finditer(question.text)]
    codes = [match.group().upper() for match in matches]
    of: dict[str, list[str]] = {}
    nodes: tuple[Node, ...] = reader.scan("Project", {"code": codes}).nodes if codes else ()
    for node in nodes:
        of.setdefault(str(node.properties["code"]), []).append(node.id)
    return _taken(
        question,
        [
            _Mention(*match.span(), code, tuple(of.get(code, ())))
            for match, code in zip(matches, codes, strict=True)
        ],
    )


def _taken(question: Question, mentions: Iterable[_Mention]) -> Named:
    """Take the mentions out, with the words that only lead to them. Those that the question wants
    left out are told and not named."""
    ordered = sorted(mentions, key=lambda mention: mention.start)
    text = question.text
    wanted: list[_Mention] = []
    denied: list[_Mention] = []
    for listed in reversed(_lists(text, ordered)):
        start, end = listed[0].start, listed[-1].end
        spared = _SPARED.match(text, end)
        out = _DENIED.search(text[:start]) or (spared and _EXCEPT.search(text[:start]))
        before = out or _BEFORE.search(text[:start])
        behind = spared or _BEHIND.match(text, end)
        question.take(before.start() if before else start, behind.end() if behind else end)
        into = denied if out or spared else wanted
        into[:0] = listed
    names = "、".join(dict.fromkeys(mention.name for mention in denied))
    return Named(
        tuple(dict.fromkeys(mention.name for mention in wanted)),
        tuple(node for mention in wanted for node in mention.ids),
        (f"不能排除文号、标题和项目编码，{names} 没有排除",) if denied else (),
    )


def _inside(mention: _Mention, others: Iterable[_Mention]) -> bool:
    """Whether it is part of another: the number in 《关于印发……号文件的通知》."""
    return any(
        other is not mention and other.start <= mention.start and mention.end <= other.end
        for other in others
    )


def _lists(text: str, mentions: Sequence[_Mention]) -> list[list[_Mention]]:
    """Mentions that stand beside one another, joined by 和 or commas, together."""
    found: list[list[_Mention]] = []
    for mention in mentions:
        joint = _AND.fullmatch(text, found[-1][-1].end, mention.start) if found else None
        if joint:
            found[-1].append(mention)
        else:
            found.append([mention])
    return found


def _unglued(entry: FoundNumber, reader: Reader) -> _Mention:
    """A number without words that the question has glued to it: what the graph knows, else what is
    left without words that begin no prefix."""
    forms = [*_forms(entry)]
    ids = [policy(number, None) for number, _ in forms]
    known = reader.get(ids)
    prefix = entry.number.prefix
    glued = _GLUED.match(prefix)
    least = glued.end() if glued else 0
    at = min(least, len(forms) - 1)
    for place, id in enumerate(ids):
        begins = prefix[place] not in _ORGANS
        if id in known and (place in (0, least) or (place > 1 and begins)):
            at = place
            break
    number, start = forms[at]
    return _Mention(start, entry.end, number.canonical, (ids[at],) if ids[at] in known else ())


def _forms(entry: FoundNumber) -> Iterator[tuple[DocumentNumber, int]]:
    """The number with ever less of its prefix, and where each begins in the question: 140号 behind
    126号 has its prefix, and does not print it."""
    prefix, start = entry.number.prefix, entry.start
    printed = entry.raw.lstrip().startswith(prefix[0])
    for at in range(max(len(prefix) - 1, 1)):
        yield replace(entry.number, prefix=prefix[at:]), start
        start += printed
        while printed and entry.raw[start - entry.start : start - entry.start + 1].isspace():
            start += 1


def _same(ids: Sequence[str], reader: Reader) -> list[str]:
    """Other nodes of the same policies: a bare title and the number that it belongs to."""
    edges = reader.edges(ids, {"SAME_AS"}, "both")
    return [end for edge in edges for end in (edge.source, edge.target) if end not in ids]
