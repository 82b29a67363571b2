"""Policies and projects that a question names outright: document numbers, 《titles》, codes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from graph.elements import Node
from graph.ids import policy
from graph.store import Reader
from graph.values.document_number import DocumentNumber, FoundNumber, find_document_numbers
from graph.values.document_number import parse_document_number as parse
from graph.values.policy_title import find_titles, title_key
from search.asked_without import DENY
from search.question import Question

# 13020925P000010110001X: county, year, P, then the serial. Matches; 130209 alone does not.
_PROJECT_CODE = re.compile(
    r"(?<![0-9A-Za-z])[0-9]{8}[A-Za-z][0-9A-Za-z]{10,13}(?![0-9A-Za-z])", re.ASCII
)
_DENIED = re.compile(rf"(?:{DENY}|非)\s*$")
_SPARED = re.compile(r"\s*(?:以外|之外|除外)")
# 根据…号文件, 请问…号文, 引用了…: says nothing more than the number
_BEFORE = re.compile(r"(?:请问|问|查询|查|根据|依据|按照|按|引用了?)\s*$")
_BEHIND = re.compile(r"\s*(?:文件|文)(?=$|[\s,，、;；的和与有]|哪)")
_GLUED = re.compile(rf"(?:{DENY}|非|请问|问|查询|查)+")
"""What a run of Han characters before a number begins with, and no prefix does."""


@dataclass(frozen=True, slots=True)
class Named:
    """`shown` in canonical spelling; `ids` of those that the graph has. `notes` say what could not
    be done."""

    shown: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def asked_policies(question: Question, reader: Reader) -> Named:
    """Take the numbers and titles out of the question."""
    shown: list[str] = []
    ids: list[str] = []
    notes: list[str] = []
    found = find_document_numbers(question.text)
    whole = None if found else parse(question.text)
    if whole:
        # A number without its 号 is one only where it is the whole question.
        question.text = ""
        shown.append(whole.canonical)
        ids += reader.get([policy(whole, None)])
    for entry, number, start in reversed([_unglued(entry, reader) for entry in found]):
        if note := _take(question, start, entry.end, number.canonical):
            notes.append(note)
        else:
            shown.insert(0, number.canonical)
            ids += reader.get([policy(number, None)])
    for title in reversed(find_titles(question.text)):
        nodes = reader.scan("Policy", {"title_key": [title_key(title.title)]}).nodes
        if not nodes:
            continue
        if note := _take(question, title.start, title.end, f"《{title.title}》"):
            notes.append(note)
        else:
            shown.append(f"《{title.title}》")
            ids += [node.id for node in nodes]
    distinct = tuple(dict.fromkeys(shown))
    return Named(distinct, (*ids, *_same(ids, reader)), tuple(notes))


def asked_projects(question: Question, reader: Reader) -> Named:
    """Take the project codes out of the question."""
    codes: list[str] = []
    notes: list[str] = []
    for match in reversed(list(_PROJECT_CODE.finditer(question.text))):
        code = match.group().upper()
        if note := _take(question, *match.span(), code):
            notes.append(note)
        else:
            codes.append(code)
    nodes: tuple[Node, ...] = reader.scan("Project", {"code": codes}).nodes if codes else ()
    return Named(tuple(dict.fromkeys(codes)), tuple(node.id for node in nodes), tuple(notes))


def _take(question: Question, start: int, end: int, name: str) -> str:
    """Take a name out, with the words that only lead to it. Where the question wants it left out,
    what is said of that; "" where it wants it."""
    text = question.text
    denied = _DENIED.search(text[:start])
    spared = _SPARED.match(text, end)
    before = denied or _BEFORE.search(text[:start])
    behind = spared or _BEHIND.match(text, end)
    question.take(before.start() if before else start, behind.end() if behind else end)
    return f"不能排除文号、标题和项目编码，{name} 没有排除" if denied or spared else ""


def _unglued(entry: FoundNumber, reader: Reader) -> tuple[FoundNumber, DocumentNumber, int]:
    """The number, and where it begins, without words that the question has glued to it: what the
    graph knows, else what is left without words that begin no prefix."""
    forms = [*_shorter(entry)]
    known = reader.get([policy(number, None) for number, _ in forms])
    for number, start in forms:
        if policy(number, None) in known:
            return entry, number, start
    glued = _GLUED.match(entry.number.prefix)
    at = glued.end() if glued else 0
    number, start = forms[at] if at < len(forms) else forms[0]
    return entry, number, start


def _shorter(entry: FoundNumber) -> Iterator[tuple[DocumentNumber, int]]:
    """The number with ever less of its prefix, and where each begins in the question."""
    prefix, start = entry.number.prefix, entry.start
    for at in range(max(len(prefix) - 1, 1)):
        yield replace(entry.number, prefix=prefix[at:]), start
        start += 1
        while entry.raw[start - entry.start : start - entry.start + 1].isspace():
            start += 1


def _same(ids: list[str], reader: Reader) -> list[str]:
    """Other nodes of the same policies: a bare title and the number that it belongs to."""
    edges = reader.edges(ids, {"SAME_AS"}, "both")
    return [end for edge in edges for end in (edge.source, edge.target) if end not in ids]
