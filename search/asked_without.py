"""What a question wants left out: 不要满意度, 除了青禾县, 非时效类, 排除：会议.

A known name (a level-2 category, a place, a department, a year) may follow any of these words; any
other word only those that nobody writes in an indicator, and only where it stands apart.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from search.asked_years import YEAR
from search.gazetteer import Gazetteer
from search.question import Question

# 不要求, 不要钱, 要不要 say something else
_DO_NOT = r"(?<!要)不要(?![求钱])|不想要|别要|不看|除了"
_DENY = rf"{_DO_NOT}|不含|不包括|不包含|不算|除去|除开|排除|剔除|去掉"
_OUT = r"(?:以外|之外|除外|(?<![以之])外)"
_KIND = r"(?:类指标|指标|类|方面)?"
# 不要满意度和时效: goes on; 不要质量低的, 不含成本价: 质量 and 成本 are only part of what follows
_ENDS = rf"(?=$|[\s,，、;；。.?？!！)）]|的|{_OUT}|还有|有哪|[和与及或])"
# 满意度和时效, 满意度、时效; not: 除了满意度，成本…
_AND = re.compile(r"\s*(?:[和与及或、]|以及)\s*")
_NOTHING = "(?!)"
_OPENING = re.compile(_DENY)
# 非满意度类; not: 非税收入
_NON = re.compile("非")
# 除时效外; not: 除险加固
_EXCEPT = re.compile("除")
_CLOSING = re.compile(_OUT)
_APART = r"[\s,，;；、。?？!！]"
# 培训 不要会议, 公路 排除：里程; not: 群众不要钱看病, 隐患 排除 期限
_WORD = re.compile(
    rf"(?:^|(?<={_APART}))(?:(?:{_DO_NOT})\s*|(?:排除|剔除|去掉)[:：]\s*)"
    rf"(?P<word>(?:(?![以之除]外|{_APART}).){{2,12}}?)"
    rf"(?:的|相关|有关|{_KIND})?(?:{_OUT}|(?=$|{_APART}))"
)


@dataclass(frozen=True, slots=True)
class Without:
    """`level2` are words of categories, `regions` and `departments` ids, `words` parts of names;
    `shown` is all of it."""

    level2: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


def asked_without(question: Question, gazetteer: Gazetteer, categories: Iterable[str]) -> Without:
    """Take the known names that are to be left out from the question. `categories` are the words
    that mean a level-2 category."""
    if not any(mark in question.text for mark in "不别除非去剔排"):
        return Without()
    names = _names(question.text, gazetteer, categories)
    alternatives = "|".join(map(re.escape, names)) or _NOTHING
    known = re.compile(rf"(?P<name>{alternatives}){_KIND}{_ENDS}")
    found: list[str | int] = []
    for pattern, must_close in ((_OPENING, False), (_EXCEPT, True), (_NON, False)):
        at = 0
        while match := pattern.search(question.text, at):
            said, end = _list(question.text, match.end(), known)
            closed = _CLOSING.match(question.text, end)
            at = match.end()
            if said and (closed or not must_close):
                question.take(match.start(), closed.end() if closed else end)
                found += said
                at = match.start()
    for match in reversed(list(re.finditer(f"{known.pattern}(?:以外|之外|除外)", question.text))):
        question.take(*match.span())
        found.append(match["name"])
    return _sorted(dict.fromkeys(found), names, gazetteer)


def asked_without_words(question: Question, before: Without) -> Without:
    """The same of any other word, where something else is left to be searched."""
    words: list[str] = []
    while match := _WORD.search(question.text):
        whole = question.text
        question.take(*match.span())
        if not question.rest():
            question.text = whole
            break
        words.append(match["word"])
    added = tuple(dict.fromkeys(words))
    return replace(before, words=added, shown=before.shown + added)


def _names(
    text: str, gazetteer: Gazetteer, categories: Iterable[str]
) -> dict[str, tuple[str, ...]]:
    """Names of the text and the nodes that they mean, none for a category; the longest first."""
    found: dict[str, tuple[str, ...]] = {word: () for word in categories if word in text}
    for names in (gazetteer.region_names, gazetteer.department_names):
        for name, nodes in names.inside(text).items():
            found[name] = (*found.get(name, ()), *nodes)
    return {name: found[name] for name in sorted(found, key=lambda name: (-len(name), name))}


def _list(text: str, at: int, known: re.Pattern[str]) -> tuple[list[str | int], int]:
    """Names from `at` on, joined by 和 or commas, and where the last of them ends."""
    said: list[str | int] = []
    end = at
    start = at + len(text[at:]) - len(text[at:].lstrip())
    while True:
        name, year = known.match(text, start), YEAR.match(text, start)
        if name:
            said.append(name["name"])
            end = name.end()
        elif year:
            said.append(int(year[1]))
            end = year.end()
        else:
            return said, end
        joint = _AND.match(text, end)
        if joint is None:
            return said, end
        start = joint.end()


def _sorted(
    found: Iterable[str | int], names: dict[str, tuple[str, ...]], gazetteer: Gazetteer
) -> Without:
    said = tuple(found)
    words = [name for name in said if isinstance(name, str)]
    nodes = [node for name in words for node in names[name]]
    return Without(
        level2=tuple(name for name in words if not names[name]),
        regions=tuple(node for node in nodes if node in gazetteer.regions),
        departments=tuple(node for node in nodes if node in gazetteer.departments),
        years=tuple(name for name in said if isinstance(name, int)),
        shown=tuple(name if isinstance(name, str) else f"{name}年" for name in said),
    )
