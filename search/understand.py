"""What a question names outright: document numbers, project codes, counties, years, departments.

Each is taken out of the text and becomes a filter like one given beside it; where the caller has
given that filter, the words stay in the text. What is left is searched by meaning.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from graph.elements import Node
from graph.ids import policy
from graph.store import Reader
from graph.values.document_number import find_document_numbers, parse_document_number
from graph.values.policy_title import find_titles, title_key
from search.gazetteer import Gazetteer
from search.query import SearchQuery, Understood

# 13020925P000010110001X: county, year, P, then the serial. Matches; 130209 alone does not.
_PROJECT_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9]{8}[A-Z][0-9A-Z]{10,13}(?![0-9A-Za-z])")
# 2023-2025年, 2023至2025年: matches; 2025-12 (a month) does not, for want of 年.
_YEAR_RANGE = re.compile(
    r"(?<![0-9])((?:19|20)[0-9]{2})年?\s*(?:-|—|–|~|～|至|到)+\s*((?:19|20)[0-9]{2})\s*年度?"
)
# 2024年度, 2024年, or 2024 standing alone: matches; 2024〔, 12024, 2024人 do not.
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?:\s*年度?|(?=\s|$))(?![0-9])")
_LONGEST_RANGE = 30
# Where a county's short name may stand: 乐亭招商 and 招商 乐亭; but 青禾流域 is a river's.
_BEFORE = r"(?:^|(?<=\s)|(?<=[,，、和及与在]))"
_NO_PLACE = r"(?!流域|[江河湖山路街港桥站]|大道|大桥|水库|小学|中学|医院)"
# What joins names to the rest of a question and means nothing by itself.
_JOINT = " \t,，、;；:：。.?？!！的"
_EMPTY = frozenset(
    {"", "指标", "绩效指标", "项目", "政策", "文件", "有哪些", "哪些", "哪些指标", "有哪些指标"}
    | {"哪些项目", "有哪些项目", "引用", "目标", "部门", "所有指标", "全部", "全部指标", "所有"}
)
_NEAR_DEPARTMENT = 88.0
_LEAST_NEAR = 4


@dataclass(frozen=True, slots=True)
class Meaning:
    """`understood` for people; the ids for the filters. None: the question says nothing of it.
    `policies` of a number that the graph does not know is an empty set: nothing can match."""

    understood: Understood
    policies: frozenset[str] | None
    projects: frozenset[str] | None
    regions: frozenset[str] | None
    years: frozenset[int] | None
    departments: frozenset[str] | None
    level2: frozenset[str]


def understand(query: SearchQuery, reader: Reader, gazetteer: Gazetteer) -> Meaning:
    """Read the question of `query` with the names that the graph knows."""
    text = _Text(query.text)
    numbers, policies = _policies(text, reader)
    codes, projects = _projects(text, reader)
    years = frozenset() if query.years else _years(text)
    departments: list[str] = []
    if not query.departments and query.type != "department":
        departments = _departments(text, gazetteer)
    regions: list[str] = []
    if not query.counties and not query.cities:
        regions = _regions(text, gazetteer)
    rest = text.rest()
    known = Understood(
        policies=tuple(numbers),
        projects=tuple(codes),
        counties=tuple(dict.fromkeys(gazetteer.shown(node) for node in regions)),
        years=tuple(sorted(years)),
        departments=tuple(dict.fromkeys(gazetteer.shown(node) for node in departments)),
        text=rest,
    )
    return Meaning(
        known,
        policies=frozenset(policies) if numbers else None,
        projects=frozenset(projects) if codes else None,
        regions=gazetteer.cities(regions) if regions else None,
        years=years or None,
        departments=gazetteer.units(departments) if departments else None,
        level2=intents(query.text),
    )


def intents(text: str) -> frozenset[str]:
    """The level-2 categories that a question speaks of, by the words of intents.tsv."""
    return frozenset(level2 for word, level2 in _intent_words() if word in text)


@cache
def _intent_words() -> tuple[tuple[str, str], ...]:
    path = Path(__file__).parent / "intents.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple((row["word"], row["level2"]) for row in csv.DictReader(stream, delimiter="\t"))


class _Text:
    """A question from which named things are taken out; a blank stays where each stood."""

    def __init__(self, text: str) -> None:
        self.text = text.strip()

    def take(self, start: int, end: int) -> None:
        self.text = f"{self.text[:start]} {self.text[end:]}"

    def rest(self) -> str:
        rest = " ".join(part.strip(_JOINT) for part in self.text.split())
        rest = rest.strip(_JOINT)
        return "" if rest in _EMPTY else rest


def _policies(text: _Text, reader: Reader) -> tuple[list[str], list[str]]:
    """Canonical numbers and titles, and the ids of the policies that the graph has of them."""
    names: list[str] = []
    ids: list[str] = []
    found = find_document_numbers(text.text)
    whole = None if found else parse_document_number(text.text)
    numbers = [entry.number for entry in found] + ([whole] if whole else [])
    names += [number.canonical for number in numbers]
    ids += reader.get([policy(number, None) for number in numbers])
    if whole:
        # A number without its 号 is one only where it is the whole question.
        text.text = ""
    for entry in reversed(found):
        text.take(entry.start, entry.end)
    for title in reversed(find_titles(text.text)):
        nodes = reader.scan("Policy", {"title_key": [title_key(title.title)]}).nodes
        if nodes:
            names.append(f"《{title.title}》")
            ids += [node.id for node in nodes]
            text.take(title.start, title.end)
    return list(dict.fromkeys(names)), [*ids, *_same(ids, reader)]


def _same(ids: list[str], reader: Reader) -> list[str]:
    """Other nodes of the same policies: a bare title and the number that it belongs to."""
    edges = reader.edges(ids, {"SAME_AS"}, "both")
    return [end for edge in edges for end in (edge.source, edge.target) if end not in ids]


def _projects(text: _Text, reader: Reader) -> tuple[list[str], list[str]]:
    codes: list[str] = []
    for match in reversed(list(_PROJECT_CODE.finditer(text.text))):
        codes.append(match.group())
        text.take(*match.span())
    nodes: tuple[Node, ...] = reader.scan("Project", {"code": codes}).nodes if codes else ()
    return list(dict.fromkeys(codes)), [node.id for node in nodes]


def _years(text: _Text) -> frozenset[int]:
    years: set[int] = set()
    while match := _YEAR_RANGE.search(text.text):
        first, last = int(match[1]), int(match[2])
        if not 0 <= last - first <= _LONGEST_RANGE:
            break
        years.update(range(first, last + 1))
        text.take(*match.span())
    while match := _YEAR.search(text.text):
        years.add(int(match[1]))
        text.take(*match.span())
    return frozenset(years)


def _regions(text: _Text, gazetteer: Gazetteer) -> list[str]:
    """Full names anywhere; short names only where they begin or stand apart from other words."""
    found: list[str] = []
    names = sorted(gazetteer.region_names(), key=lambda pair: -len(pair[0]))
    for name, node in names:
        full = name == gazetteer.regions[node].name
        pattern = re.escape(name)
        if not full:
            pattern = f"{_BEFORE}{pattern}{_NO_PLACE}"
        match = re.search(pattern, text.text)
        if match:
            same = [node for other, node in names if other == name]
            found += [node for node in same if node not in found]
            text.take(*match.span())
    return found


def _departments(text: _Text, gazetteer: Gazetteer) -> list[str]:
    found: list[str] = []
    names: dict[str, list[str]] = {}
    for name, node in gazetteer.department_names():
        names.setdefault(name, []).append(node)
    for name in sorted(names, key=len, reverse=True):
        start = text.text.find(name)
        if start >= 0:
            found += names[name]
            text.take(start, start + len(name))
    if found:
        return list(dict.fromkeys(found))
    for word in text.text.split():
        if len(word) < _LEAST_NEAR:
            continue
        near = max(names, key=lambda name: fuzz.ratio(word, name), default="")
        if near and fuzz.ratio(word, near) >= _NEAR_DEPARTMENT:
            start = text.text.find(word)
            text.take(start, start + len(word))
            found += names[near]
    return list(dict.fromkeys(found))
