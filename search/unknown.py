"""What a question says and the graph has not: words, names, values of filters."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from search import analyze
from search.gazetteer import Gazetteer
from search.index import Index
from search.matching import categories_of
from search.query import SearchQuery
from search.understand import Meaning

_SHOWN, _LONGEST = 3, 20
_HAN = analyze.HAN
# 青禾县, 教育局: a word that stands apart and ends as names of places and departments do
_NAME = re.compile(
    rf"(?:^|(?<=\s))(?:[{_HAN}]{{1,7}}[县市区旗州镇乡局委办厅](?=\s|$)|[{_HAN}]{{2,3}}?县)"
)
_ABOUT = ("左右", "大约", "大概", "约")
# 各县区, 我市, 示范县, 园区, 布局
_NO_NAME = re.compile(
    r"[各我本外邻全省市某该每一几两红布格结哪有其所多这那].*|.*(?:示范|试点|贫困|脱贫|功能|保护|开发|自治"
    r"|[强大城园社小景灾辖山郊牧库片街厂校院病地湖林矿区])[县市区镇乡州旗]"
    r"|.*(?:怎么|如何|[来去谁承查督代经])办"
)
# 5G, PM2.5, FY2024: letters and figures that are one name; the figures may be written otherwise
_WITH_FIGURES = re.compile(r"[A-Za-z]+(?=[0-9])|(?<=[0-9])[A-Za-z]+")


@dataclass(frozen=True, slots=True)
class Unknown:
    """`notes` say it in Chinese; `names` may be misspelt."""

    notes: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def unknown(
    query: SearchQuery,
    meaning: Meaning,
    index: Index,
    gazetteer: Gazetteer,
    *,
    by_meaning: bool,
) -> Unknown:
    """`by_meaning`: the question has a vector, which finds something whatever its words are."""
    text = meaning.understood.text
    pieces = [*dict.fromkeys(analyze.pieces(text))]
    names = [*_unsaid_names(text, index)]
    unsaid = [*_unsaid_words(text, pieces, index)]
    words = [*unsaid, *names]
    notes = []
    if words or (text and not pieces):
        shown = [_shortened(word) for word in words] or [_shortened(text)]
        named = "".join(f"“{word}”" for word in shown[:_SHOWN]) + "等" * (len(shown) > _SHOWN)
        nothing_else = len(unsaid) == len(pieces)
        near = "，列出的只是意思相近的" if by_meaning and nothing_else else ""
        notes.append(f"图谱中没有{named}{near}")
    notes += _unknown_numbers(meaning)
    notes += _unknown_years(index, meaning.understood.years, query.years)
    notes += _unknown_filters(query, index, gazetteer)
    return Unknown(tuple(notes), tuple(names))


def _unknown_numbers(meaning: Meaning) -> Iterator[str]:
    seen = meaning.understood
    if seen.policies and not meaning.policies:
        yield f"图谱中没有文件{'、'.join(seen.policies)}"
    if seen.projects and not meaning.projects:
        yield f"图谱中没有项目{'、'.join(seen.projects)}"


def _unknown_years(index: Index, *asked: Collection[int]) -> Iterator[str]:
    """Years of the question, and those of the filter: where none of either is one of the graph."""
    span = index.years if any(asked) else None
    if span and any(
        years and not any(span[0] <= year <= span[1] for year in years) for years in asked
    ):
        only = f"{span[0]} 到 {span[1]}" if span[0] < span[1] else f"{span[0]}"
        yield f"图谱中只有 {only} 年的文件"


def _unsaid_words(text: str, pieces: list[str], index: Index) -> Iterator[str]:
    """Latin words, and runs of Han characters none of which any row has, as the question spells
    them. Numbers are written in many ways, and are left out."""
    figures = {analyze.fold(word) for word in _WITH_FIGURES.findall(text)}
    passed = {*figures, *_ABOUT}
    words = [piece for piece in pieces if not piece[0].isdigit() and piece not in passed]
    terms = {term for word in words for term in analyze.terms(word)}
    said = set(index.said(terms)) if terms else set()
    for word in words:
        if said.isdisjoint(analyze.terms(word)):
            found = re.search(re.escape(word), text, re.IGNORECASE)
            yield found.group() if found else word


def _unsaid_names(text: str, index: Index) -> Iterator[str]:
    """Names of places or departments of which some pair of characters is in no row, and some
    character is (else nothing of them is said at all)."""
    for match in _NAME.finditer(text):
        if _NO_NAME.fullmatch(match.group()):
            continue
        name = analyze.key(match.group())
        pairs = {name[at : at + 2] for at in range(len(name) - 1)}
        said = set(index.said({*pairs, *name}))
        if not pairs <= said and said & {*name}:
            yield match.group()


def _unknown_filters(query: SearchQuery, index: Index, gazetteer: Gazetteer) -> Iterator[str]:
    """Values of filters beside the question that mean nothing here."""
    asked: tuple[tuple[str, tuple[str, ...], Callable[[str], Collection[str]]], ...] = (
        ("县区", (*query.counties, *query.cities), lambda word: gazetteer.cities([word])),
        ("部门", query.departments, lambda word: gazetteer.units([word])),
        ("二级指标", query.level2, lambda word: categories_of(index, [word])),
    )
    for kind, words, meant in asked:
        for word in words:
            if not meant(word):
                yield f"图谱中没有{kind}“{_shortened(word)}”"


def _shortened(word: str) -> str:
    return word if len(word) <= _LONGEST else f"{word[:_LONGEST]}…"
