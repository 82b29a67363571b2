"""What a question wants left out: 不要满意度, 除了青禾县, 非时效类, 排除：会议.

A known name (a level-2 category, a place, a department, a year) may follow any of these words; any
other word only those that nobody writes in an indicator, and only where it stands apart.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache, partial

from search.asked_departments import SaidDepartment, located
from search.asked_places import NO_PLACE, MentionedPlace, mentioned_places
from search.asked_years import MentionedYears, Span, mentioned_years
from search.gazetteer import Gazetteer
from search.question import Question

# 不要求, 不要钱, 不要紧, 要不要 say something else
_DO_NOT = r"(?<!要)不要(?![求钱紧])|不想要|别要|不看|除了"
DENY = rf"{_DO_NOT}|不含|不包括|不包含|不算|除去|除开|排除|剔除|去掉"
# not: 除乐亭县外贸企业
OUT = r"(?:以外|之外|除外|(?<![以之])外(?![贸资事商地来出汇宾企]))"
_KIND = r"(?:类指标|指标|类|方面)?"
# 不要满意度和时效: goes on; 不要质量低的, 不含成本价: 质量 and 成本 are only part of what follows
_ENDS = rf"(?=$|[\s,，、;；。.?？!！)）]|的|{OUT}|还有|有哪|[和与及或])"
# 满意度和时效, 满意度、时效; not: 除了满意度，成本…
_AND = re.compile(r"\s*(?:[和与及或、]|以及)\s*")
_NOTHING = "(?!)"
_OPENING = re.compile(DENY)
# 非满意度类; not: 非税收入
_NON = re.compile("非")
# 除时效外; not: 除险加固
_EXCEPT = re.compile("除")
_CLOSING = re.compile(OUT)
_BEHIND = re.compile("(?:以外|之外|除外)")
_APART = r"[\s,，;；、。?？!！]"
_ONE_WORD = rf"(?![0-9≥≤<>])(?:(?![以之除]外|{_APART}).){{2,12}}?"
# 培训 不要会议、差旅, 公路 排除：里程; not: 群众不要钱看病, 隐患 排除 期限
_WORD = re.compile(
    rf"(?:^|(?<={_APART}))(?:(?:{_DO_NOT})\s*|(?:排除|剔除|去掉)[:：]\s*)"
    rf"(?P<words>{_ONE_WORD}(?:、{_ONE_WORD})*)"
    rf"(?:的|相关|有关|{_KIND})?(?:{OUT}|(?=$|{_APART}))"
)


@dataclass(frozen=True, slots=True)
class Without:
    """`level2` are words of categories, `regions` (with all under them) and `departments` ids,
    `words` parts of names; `shown` is all of it, and `notes` say what 去年 and 邻县 come to."""

    level2: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    words: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __add__(self, other: "Without") -> "Without":
        """Both, each part of them once."""
        pairs = ((getattr(self, f.name), getattr(other, f.name)) for f in fields(self))
        return Without(*(tuple(dict.fromkeys((*one, *more))) for one, more in pairs))


def asked_without(
    question: Question, gazetteer: Gazetteer, categories: Iterable[str], span: Span
) -> Without:
    """Take what is known and to be left out from the question: categories, places, departments,
    years. `categories` are the words that mean a level-2 category."""
    found = Without()
    if not any(mark in question.text for mark in "不别除非去剔排外"):
        return found
    read = lru_cache(1)(partial(_Known.of, gazetteer, [*categories], span))
    for pattern, must_close in ((_OPENING, False), (_EXCEPT, True), (_NON, False)):
        at = 0
        while match := pattern.search(question.text, at):
            said, end = read(question.text).listed(match.end())
            closed = _CLOSING.match(question.text, end)
            at = match.end()
            # 除乐亭县 招商: a name needs no 外 behind it, a word that 除 begins has none
            named = said.regions or said.departments or said.years or said.notes
            if said != Without() and (closed or named or not must_close):
                question.take(match.start(), closed.end() if closed else end)
                found += said
                at = match.start()
    while behind := read(question.text).before_closing():
        said, start, end = behind
        question.take(start, end)
        found += said
    return found


def asked_without_words(question: Question, before: Without) -> Without:
    """The same of any other word, where something else is left to be searched."""
    words: list[str] = []
    while match := _WORD.search(question.text):
        whole = question.text
        question.take(*match.span())
        if not question.rest():
            question.text = whole
            break
        parts = re.split("[、和与及]", match["words"])
        words += parts if min(map(len, parts)) > 1 else [match["words"]]
    return before + Without(words=tuple(words), shown=tuple(words))


@dataclass(frozen=True, slots=True)
class _Known:
    """What a text says that may be left out: names, and mentions of places and years."""

    text: str
    names: Mapping[str, Without]
    pattern: re.Pattern[str]
    mentions: Sequence[tuple[int, int, Without]]

    @classmethod
    def of(cls, gazetteer: Gazetteer, categories: Sequence[str], span: Span, text: str) -> "_Known":
        names = {
            word: Without(level2=(word,), shown=(word,)) for word in categories if word in text
        }
        for name, nodes in gazetteer.region_names.inside(text).items():
            regions = tuple(sorted(gazetteer.cities(nodes)))
            names[name] = names.get(name, Without()) + Without(regions=regions, shown=(name,))
        for name, nodes in gazetteer.department_names.inside(text).items():
            meant = located([SaidDepartment(name, nodes)], gazetteer, None).named or nodes
            names[name] = names.get(name, Without()) + Without(departments=meant, shown=(name,))
        longest = sorted(names, key=lambda name: (-len(name), name))
        words = _any_of(name for name in longest if names[name].level2)
        places = _any_of(name for name in longest if not names[name].level2)
        mentions: list[tuple[int, int, Without]] = []
        for place in mentioned_places(text, gazetteer):
            mentions.append((place.start, place.end, _of_place(place, text, gazetteer)))
            mentions += _departments_of(place, text, gazetteer)
        years = (
            (years.start, years.end, _of_years(years)) for years in mentioned_years(text, span)
        )
        # Only part of a word is a category that goes on: 不要质量低的; a name ends where it ends.
        pattern = re.compile(rf"(?P<word>{words}){_KIND}{_ENDS}|(?P<place>{places}){NO_PLACE}")
        return cls(text, names, pattern, [*mentions, *years])

    def listed(self, at: int) -> tuple[Without, int]:
        """What stands from `at` on, joined by 和 or commas, and where the last of it ends."""
        found, end = Without(), at
        start = at + len(self.text[at:]) - len(self.text[at:].lstrip())
        while one := self._at(start):
            found += one[0]
            end = one[1]
            joint = _AND.match(self.text, end)
            if joint is None:
                break
            start = joint.end()
        return found, end

    def _at(self, start: int) -> tuple[Without, int] | None:
        """The longest that begins here, and where it ends."""
        found = [(said, end) for begin, end, said in self.mentions if begin == start]
        if match := self.pattern.match(self.text, start):
            found.append((self._named(match), match.end()))
        longest = max(found, key=lambda one: one[1], default=None)
        return self._both(start, longest[1]) or longest if longest else None

    def _both(self, start: int, end: int) -> tuple[Without, int] | None:
        """乐亭县2024年, 2024年乐亭县: only both together, which no filter can leave out."""
        behind = end + self.text.startswith("的", end)
        kinds = [bool(said.years) for begin, stop, said in self.mentions if begin == start]
        for begin, stop, said in self.mentions:
            if begin == behind and kinds and bool(said.years) not in kinds:
                text = self.text[start:stop]
                return Without(notes=(f"不能同时按地方和年度排除，{text} 没有排除",)), stop
        return None

    def _named(self, match: re.Match[str]) -> Without:
        return self.names[match["word"] or match["place"]]

    def before_closing(self) -> tuple[Without, int, int] | None:
        """The first list that 除外 stands behind, and where both stand."""
        every = [
            *self.mentions,
            *((*match.span(), self._named(match)) for match in self._plain()),
        ]
        for begin, end, said in sorted(every, key=lambda one: (one[0], -one[1])):
            if both := self._both(begin, end):
                said, end = both
            while joint := _AND.match(self.text, end):
                following = [one for one in every if one[0] == joint.end()]
                if not following:
                    break
                _, end, more = max(following, key=lambda one: one[1])
                said += more
            if closing := _BEHIND.match(self.text, end):
                return said, begin, closing.end()
        return None

    def _plain(self) -> Iterator[re.Match[str]]:
        return self.pattern.finditer(self.text)


def _any_of(names: Iterable[str]) -> str:
    return "|".join(map(re.escape, names)) or _NOTHING


def _of_place(place: MentionedPlace, text: str, gazetteer: Gazetteer) -> Without:
    said = text[place.start : place.end].strip()
    regions = place.regions if place.alone else tuple(sorted(gazetteer.cities(place.regions)))
    return Without(regions=regions, shown=(said,), notes=(place.note,) if place.note else ())


def _departments_of(
    place: MentionedPlace, text: str, gazetteer: Gazetteer
) -> Iterator[tuple[int, int, Without]]:
    """Departments of a place that are named behind it: 乐亭县商务局, 乐亭县的商务局."""
    start = place.end + text.startswith("的", place.end)
    for name, nodes in gazetteer.department_names.inside(text[start:]).items():
        if text.startswith(name, start):
            regions = gazetteer.cities(place.regions)
            asked = located([SaidDepartment(name, nodes)], gazetteer, regions)
            if asked.named:
                said = text[place.start : start + len(name)]
                yield (
                    place.start,
                    start + len(name),
                    Without(departments=asked.named, shown=(said,)),
                )


def _of_years(years: MentionedYears) -> Without:
    notes = (years.note,) if years.note else ()
    return Without(years=tuple(years.years), shown=(years.spelt,), notes=notes)
