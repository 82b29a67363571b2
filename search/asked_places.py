"""Places in a question: counties and cities by name, all counties under one, those beside one."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from search.gazetteer import Gazetteer
from search.question import Question

# Where a county's short name may stand: 乐亭招商 and 招商 乐亭; but 青禾流域 is a river's.
_BEFORE = r"(?:^|(?<=\s)|(?<=[,，、和及与在]))"
_NO_PLACE = r"(?!流域|[江河湖山路街港桥站]|大道|大桥|水库|小学|中学|医院)"
_COUNTIES = r"(?:县[（(]市、?区[)）]|县市区|市县区|区县|县区|县|区)(?![道级城域乡界委属直间块])"
# 唐山各县, 唐山市各区县, 唐山下辖所有县区; not: 唐山各级医院, 唐山各区域
_ALL_UNDER = re.compile(rf"的?(?:下辖|下属|所辖|所属)?的?(?:各个?|所有|全部|每个){_COUNTIES}")
# 唐山全市, 河北全省: the words say no more than the name
_WHOLE = re.compile(r"全[市省域]")
# 青禾县邻县, 青禾周边各县, 与青禾县相邻的县; not: 青禾周边县道
_BESIDE = re.compile(
    rf"的?(?:周边|周围|邻近|相邻|附近|毗邻|邻)的?(?:各个?|几个|其他|所有)?{_COUNTIES}"
)
_WITH = re.compile(r"[与和跟同]\s*$")
_ABOVE = ("city", "province")


@dataclass(frozen=True, slots=True)
class AskedPlaces:
    """`regions` are ids; `notes` say what 各县 and 邻县 come to."""

    regions: tuple[str, ...]
    notes: tuple[str, ...] = ()


def asked_places(question: Question, gazetteer: Gazetteer) -> AskedPlaces:
    """Take the places out of the question: full names anywhere; short names only where they begin
    or stand apart from other words, or where 各县 or 邻县 says that they are places."""
    found: list[str] = []
    notes: list[str] = []
    for name, nodes in gazetteer.region_names.inside(question.text).items():
        above = [node for node in nodes if gazetteer.regions[node].level in _ABOVE]
        beside = [node for node in nodes if node not in above]
        regions = [county for node in above for county in gazetteer.under(node)]
        if regions and (said := _take(question, name, _ALL_UNDER)):
            found += regions
            notes.append(f"{said}：图谱中有 {len(regions)} 个县区")
        regions = [county for node in beside for county in gazetteer.beside(node)]
        if regions and (said := _take(question, name, _BESIDE, _WITH)):
            found += regions
            notes.append(f"{said}：同属一市的另外 {len(regions)} 个县区{_namesakes(beside)}")
        full = any(name == gazetteer.regions[node].name for node in nodes)
        pattern = re.escape(name) if full else f"{_BEFORE}{re.escape(name)}{_NO_PLACE}"
        if match := re.search(pattern, question.text):
            whole = _WHOLE.match(question.text, match.end())
            question.take(match.start(), whole.end() if whole else match.end())
            found += nodes
    return AskedPlaces(tuple(dict.fromkeys(found)), tuple(notes))


def _take(
    question: Question, name: str, words: re.Pattern[str], before: re.Pattern[str] | None = None
) -> str:
    """Take the name with such words behind it, and what joins it to those before; "" where it does
    not stand so."""
    match = re.search(re.escape(name) + words.pattern, question.text)
    if match is None:
        return ""
    joint = before.search(question.text[: match.start()]) if before else None
    return question.take(joint.start() if joint else match.start(), match.end()).strip()


def _namesakes(nodes: Sequence[str]) -> str:
    return f"（{len(nodes)} 个同名的县区都算）" if len(nodes) > 1 else ""
