"""Sums handed out in a notice's sentences, and the subjects that its body prescribes.

CASE 1  其中：青禾县320万元、云岭县150万元           a name right before each sum
CASE 2  下达你市2024年某资金1000万元                 你市 is the addressee
CASE 3  现将某资金44万元下达你局                     the same, the sum first
CASE 4  现紧急预拨防汛救灾资金500万元                the same, where one office is addressed
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from graph.values.traditional import simplify
from ingest.blocks import Cell, SourceText

_SUM = (
    r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?\s?(?:[万亿千百]{0,2}元)|\d+(?:\.\d+)?\s?(?:[万亿]{1,2}元|元)"
)
# 青禾县320万元   县水利局（本级）30万元                                not: 全县320万元  各县30万元
_NAMED = re.compile(
    r"(?:(?<=[，、；：。:;,(（\s和及])|(?<=安排)|(?<=下达)|(?<=拨付)|(?<=分配)|(?<=补助)|(?<=给予)|(?<=奖补)|(?<=其中))"
    r"(?P<who>(?![全本有其等共多约]|人均|户均)(?:(?![你贵我该各每现将]|下达|拨付|安排|追加)[\u4e00-\u9fff]){1,20}?"
    r"(?:[县市区旗州盟镇乡省局委厅办]|街道|中心|医院|学校|中学|小学|大学|学院|公司|农场|林场|管委会|政府))"
    rf"(?:[(（]本级[)）])?\s?(?P<sum>{_SUM})(?!\s?/|以上|以下|以内)"
)
_VERB = r"下达|拨付|安排|追加|预拨|核定|收回|调减|调增|扣回|补助|核增|核减|清算"
_YOU = (
    r"(?:你们|你|贵)(?:[省市县区州旗盟局委办院校镇乡厅部处所]|单位|部门|中心|公司|街道)?"
    r"(?:[(（][^（）()]{1,14}[)）])?"
)
# 下达你市2024年资金1000万元   现追加你区福利彩票公益金75万元             not: 你市应于7月底前…
_TO_YOU = re.compile(
    rf"(?P<verb>{_VERB})(?:给|至|到)?{_YOU}[^。；;\n]{{0,80}}?(?P<sum>{_SUM})(?!\s?/)"
)
# 现将…资金44万元下达给你们                                            not: 现将资金下达你局
_SUM_TO_YOU = re.compile(
    rf"(?<=[将把])[^。；;\n]{{2,80}}?(?P<sum>{_SUM})[^。；;\n\d]{{0,20}}?(?P<verb>{_VERB}|转下达)(?:给|至|到)?{_YOU}"
)
# 现紧急预拨防汛救灾资金500万元                                        not: 现将资金下达你局
_NOW = re.compile(rf"现\S{{0,4}}?(?P<verb>{_VERB})[^。；;\n]{{0,60}}?(?P<sum>{_SUM})(?!\s?/)")
# “2130505 生产发展”   2140106“公路养护”   功能科目:205,教育支出            not: 220万元  2024年
_FUNCTION = re.compile(
    r"(?<![\d.〔\[(（-])(?P<code>2[0-3]\d(?:\d{2}){0,2})(?![\d.])"
    r"(?P<gap>[\s“”\"‘’,，:：\-—－–]{0,4})(?P<name>(?!经济|功能|政府|部门|其中|用于|请|资金|支出)[\u4e00-\u9fff][\u4e00-\u9fff()（）、\-—]{1,40})?"
)
# “50201 办公经费”   经济科目:302                                        not: 50万元
_ECONOMIC = re.compile(
    r"(?<![\d.〔\[(（-])(?P<code>(?:5[0-1]\d|30[1-9]|31[0-3])(?:\d{2})?)(?![\d.])"
    r"(?P<gap>[\s“”\"‘’,，:：\-—－–]{0,4})(?P<name>(?!经济|功能|政府|部门|其中|用于|请|资金|支出)[\u4e00-\u9fff][\u4e00-\u9fff()（）、\-—]{1,40})?"
)
_SUBJECT_BEFORE = re.compile(r"科目|功能|经济|列入?|类款项|款列")
_UNITS_BEHIND = re.compile(
    r"^(?:[万亿千百]?元|年|个|亩|人|户|号|公里|平方|月|日|项|名|所|家|套|吨)"
)
_NAME_END = re.compile(
    r"(?:等?(?:相关|有关)?(?:支出)?功能?分?类?(?:相关|有关)?科目|科目).*$|[（(、\-—]+$"
)
_BEFORE = 30


@dataclass(frozen=True, slots=True)
class Clause:
    """A sum in a sentence: `who` is the span of the name, None where it is the addressee's."""

    start: int
    end: int
    who: Cell | None
    sum: Cell
    verb: str | None


@dataclass(frozen=True, slots=True)
class SubjectSpan:
    code: str
    name: str | None
    start: int
    end: int


def clauses(text: str, start: int, end: int, *, one: bool) -> tuple[list[Clause], list[Clause]]:
    """(sums with a name before them, sums that are the addressee's), each in order. `one` says
    that the notice is sent to one office."""
    plain = simplify(text)
    named = [
        Clause(m.start(), m.end(), Cell(*m.span("who")), Cell(*m.span("sum")), None)
        for m in _NAMED.finditer(plain, start, end)
    ]
    yours: dict[int, Clause] = {}
    for form in (_TO_YOU, _SUM_TO_YOU, _NOW) if one else (_TO_YOU, _SUM_TO_YOU):
        for m in form.finditer(plain, start, end):
            clause = Clause(m.start(), m.end(), None, Cell(*m.span("sum")), m["verb"])
            yours.setdefault(m.start("sum"), clause)
    return named, [yours[at] for at in sorted(yours)]


def function_subjects(source: SourceText, start: int, end: int) -> list[SubjectSpan]:
    """The function subjects (功能分类) that the body prescribes, each code once."""
    return list(_subjects(_FUNCTION, source.text, start, end))


def economic_subjects(source: SourceText, start: int, end: int) -> list[SubjectSpan]:
    return list(_subjects(_ECONOMIC, source.text, start, end))


def _subjects(form: re.Pattern[str], text: str, start: int, end: int) -> Iterator[SubjectSpan]:
    plain = simplify(text)
    seen: set[str] = set()
    for match in form.finditer(plain, start, end):
        before = plain[max(start, match.start() - _BEFORE) : match.start()]
        sentence = re.split(r"[。；;\n]", before)[-1]
        behind = plain[match.end("code") : match.end("code") + 4]
        if not _SUBJECT_BEFORE.search(sentence) or _UNITS_BEHIND.match(behind):
            continue
        name = _NAME_END.sub("", match["name"] or "").strip("（）()、-—") or None
        stop = match.start("name") + len(name) if name else match.end("code")
        if match["code"] not in seen:
            seen.add(match["code"])
            yield SubjectSpan(match["code"], name, match.start("code"), stop)
