"""Places in a question: counties and cities by name, all counties under one, those beside one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.gazetteer import Gazetteer
from search.question import Question

# Where a county's short name may stand: 乐亭招商 and 招商 乐亭; but 青禾流域 is a river's.
_BEFORE = r"(?:^|(?<=\s)|(?<=[,，、和及与在]))"
NO_PLACE = r"(?!流域|[江河湖山路街港桥站]|大道|大桥|水库|小学|中学|医院)"
_COUNTIES = r"(?:县[（(]市、?区[)）]|县市区|市县区|区县|县区|县|区)(?![道级城域乡界委属直间块])"
# 唐山各县, 唐山市各区县, 唐山下辖所有县区; not: 唐山各级医院, 唐山各区域
_ALL_UNDER = re.compile(
    rf"(?:全[市省])?的?(?:(?:下辖|下属|所辖|所属)的?(?:各个?|所有|全部|每个)?"
    rf"|(?:各个?|所有|全部|每个)){_COUNTIES}"
)
# 唐山全市, 河北全省: the words say no more than the name
_WHOLE = re.compile(r"全[市省域]")
# 青禾县邻县, 青禾周边各县, 与青禾县相邻的县; not: 青禾周边县道
_BESIDE = re.compile(
    rf"的?(?:周边|周围|邻近|相邻|附近|毗邻|邻)的?(?:各个?|几个|其他|所有)?{_COUNTIES}"
)
_WITH = re.compile(r"[与和跟同]\s*$")
# 唐山市本级: the city without its counties; 唐山市级, 河北省级 say whose money it is
_OWN = re.compile(r"市?本级")
_RANK = re.compile(r"(?:(?<=[省市])|[省市])级")
_OF = " ，,的"
"""What may stand between a city and its county: 唐山市的丰润区. With 、 or 和 both are meant."""
_ABOVE = ("city", "province")


@dataclass(frozen=True, slots=True)
class MentionedPlace:
    """What ``text[start:end]`` means: ids of `regions`, and whether of them alone, without those
    under them. `note` says what 各县 and 邻县 come to, "" for a plain name; no region: they come to
    nothing in the graph."""

    start: int
    end: int
    regions: tuple[str, ...]
    note: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class AskedPlaces:
    """`named` are the ids of what is named, to be shown; `regions` those with all under them, None
    where no place is asked for. `notes` say what 各县 and 邻县 come to."""

    named: tuple[str, ...] = ()
    regions: frozenset[str] | None = None
    notes: tuple[str, ...] = ()


def asked_places(question: Question, gazetteer: Gazetteer) -> AskedPlaces:
    """Take the places out of the question: full names anywhere; short names only where they begin
    or stand apart from other words, or where 各县 or 邻县 says that they are places."""
    found = mentioned_places(question.text, gazetteer)
    if not found:
        return AskedPlaces()
    for mention in reversed(found):
        question.take(mention.start, mention.end)
    regions: set[str] = set()
    for mention in found:
        below = () if mention.alone else gazetteer.cities(mention.regions)
        regions.update(mention.regions, below)
    named = dict.fromkeys(node for mention in found for node in mention.regions)
    notes = tuple(mention.note for mention in found if mention.note)
    return AskedPlaces(tuple(named), frozenset(regions), notes)


def mentioned_places(text: str, gazetteer: Gazetteer) -> list[MentionedPlace]:
    """Every mention of places, in the order of the text; none overlaps another. A county behind its
    city or province (唐山市丰润区) is one mention, of the county of that city; of the county as it
    is, with a note, where the graph has it in another."""
    found: list[MentionedPlace] = []
    whole = text
    for name, nodes in gazetteer.region_names.inside(text).items():
        while mention := _mention(text, name, nodes, gazetteer):
            found.append(mention)
            # Blanks in its place: what stands behind it stays where it is, and apart.
            blank = " " * (mention.end - mention.start)
            text = text[: mention.start] + blank + text[mention.end :]
    joined: list[MentionedPlace] = []
    for mention in sorted(found, key=lambda mention: mention.start):
        outer = joined[-1] if joined else None
        between = whole[outer.end : mention.start] if outer else ""
        apart = not outer or outer.alone or between.strip(_OF)
        if outer and not apart and (inner := _within(outer, mention, gazetteer)):
            joined[-1] = replace(mention, start=outer.start, regions=inner)
        elif outer and not between and not outer.note and _over(outer, mention, gazetteer):
            said, place = whole[outer.start : outer.end], whole[mention.start : mention.end]
            note = f"图谱里的{place}不在{said}"
            joined[-1] = replace(mention, start=outer.start, note=mention.note or note)
        else:
            joined.append(mention)
    return joined


def _over(outer: MentionedPlace, inner: MentionedPlace, gazetteer: Gazetteer) -> bool:
    """Whether one is a city or a province, and the other none."""
    levels = (
        {gazetteer.regions[node].level in _ABOVE for node in place.regions}
        for place in (outer, inner)
    )
    return [*levels] == [{True}, {False}]


def _mention(
    text: str, name: str, nodes: Sequence[str], gazetteer: Gazetteer
) -> MentionedPlace | None:
    """The first mention of these regions by this name."""
    above = [node for node in nodes if gazetteer.regions[node].level in _ABOVE]
    beside = [node for node in nodes if node not in above]
    if above and (match := re.search(re.escape(name) + _ALL_UNDER.pattern, text)):
        regions = [county for node in above for county in gazetteer.under(node)]
        if regions:
            note = f"{match.group().strip()}：图谱中有 {len(regions)} 个县区"
            return MentionedPlace(*match.span(), tuple(regions), note)
    if beside and (match := re.search(re.escape(name) + _BESIDE.pattern, text)):
        joint = _WITH.search(text[: match.start()])
        start = joint.start() if joint else match.start()
        regions = [county for node in beside for county in gazetteer.beside(node)]
        said = text[start : match.end()].strip()
        others = f"同属一市的另外 {len(regions)} 个县区{_namesakes(beside)}"
        note = f"{said}：{others if regions else '图谱中没有同属一市的其他县区'}"
        return MentionedPlace(start, match.end(), tuple(regions), note)
    full = any(name == gazetteer.regions[node].name for node in nodes)
    pattern = re.escape(name) if full else f"{_BEFORE}{re.escape(name)}{NO_PLACE}"
    for match in re.finditer(pattern, text):
        if above and _RANK.match(text, match.end()):
            continue
        if above and (own := _OWN.match(text, match.end())):
            note = f"{match.group()}本级：不含下辖的县区"
            return MentionedPlace(match.start(), own.end(), tuple(nodes), note, alone=True)
        whole = _WHOLE.match(text, match.end())
        return MentionedPlace(match.start(), (whole or match).end(), tuple(nodes))
    return None


def _within(outer: MentionedPlace, inner: MentionedPlace, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Those regions of the one that lie under a region of the other."""
    under = gazetteer.cities(outer.regions) - {*outer.regions}
    return tuple(node for node in inner.regions if node in under)


def _namesakes(nodes: Sequence[str]) -> str:
    return f"（{len(nodes)} 个同名的县区都算）" if len(nodes) > 1 else ""
