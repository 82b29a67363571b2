"""What a text says of a policy that it has named before: 该办法, 上述通知, 《办法》 for a short.

CASE 1  （以下简称《办法》）   defines a short name; 《办法》 further on means what it was said of
CASE 2  该通知  上述办法        the nearest policy before it whose title ends so; of several in one
                               sentence none is chosen
CASE 3  《通知》  《实施细则》   a title of nothing but a kind: as CASE 2
CASE 4  本办法                  the text itself, where it is an 办法
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from graph.values.article import articles_behind
from graph.values.policy_title import title_key
from graph.values.traditional import plain, simplify
from ingest.mentions import FoundCitation, FoundReference

_KIND = (
    r"(?:(?:管理|实施|暂行)?办法|(?:实施|管理)?细则|规定|通知|文件|(?:实施|指导|若干)?意见|(?:实施|工作)?方案"
    r"|规划|条例|批复|函)"
)
# 该通知  上述文件  前述办法  此办法  本办法      not: 应该通知家长  基本办法  通知书  本规定动作
_BACK = re.compile(
    rf"(?P<how>(?<!应)该|上述|前述|上列|(?<![如因从由])此|(?<![基根版样成资标文课日书原剧脚])本)"
    rf"(?:[两三四2-4]个|[两三四2-4]份|项|份|个)?(?P<kind>{_KIND})(?![书单件稿栏性动])"
)
_BARE = re.compile(_KIND)
_OPEN, _SHUT = "《“〈\"'‘「", "》”〉\"'’」"
# 《办法》  “实施方案”  《省办法》                      what a defined short name may look like
_MARKED = re.compile(rf"[{_OPEN}](?P<name>[^{_OPEN}{_SHUT}\n]{{2,30}})[{_SHUT}]")
# （以下简称《办法》）  （财建〔2024〕1号，以下简称“方案”）  (下称《省办法》)
_SHORT = re.compile(rf"(?:以下|下|简)(?:简)?称(?:为)?[:：]?\s?{_MARKED.pattern}")
_SENTENCE = re.compile(r"[。！？!?\n]")
_DEFINING = 60
_MEANINGS = 20
_WORDS = ("办法", "细则", "规定", "通知", "意见", "方案", "规划", "条例", "批复", "函")
_ANY = "文件"


@dataclass(frozen=True, slots=True)
class _Mention:
    """A place that refers back: to a defined short name's `meant`, or to a policy of a kind."""

    start: int
    end: int
    kind: str
    meant: FoundCitation | None = None
    itself: bool = False


def may_refer(text: str) -> bool:
    """Whether a text could hold a reference at all; quick to tell."""
    return _BACK.search(simplify(text)) is not None or _MARKED.search(text) is not None


def short_names(text: str, found: Sequence[FoundCitation]) -> dict[str, FoundCitation]:
    """What each short name that the text defines means: that which （以下简称《…》） stands behind,
    or encloses the number of."""
    names: dict[str, FoundCitation] = {}
    at = 0
    for match in _SHORT.finditer(text):
        while at < len(found) and found[at].start < match.start():
            at += 1
        for citation in reversed(found[max(0, at - 2) : at]):
            gap = text[citation.end : match.start()]
            if len(gap) <= _DEFINING and not _SENTENCE.search(gap):
                names.setdefault(match["name"], citation)
                break
    return names


def without_short_names(
    found: Sequence[FoundCitation], names: Mapping[str, FoundCitation]
) -> list[FoundCitation]:
    """The citations without those that only repeat a short name behind its definition."""
    kept: list[FoundCitation] = []
    for citation in found:
        meant = names.get(citation.title or "") if citation.number is None else None
        if meant is None or citation.start < meant.end:
            kept.append(citation)
    return kept


def find_references(
    text: str,
    found: Sequence[FoundCitation],
    names: Mapping[str, FoundCitation],
    own: FoundCitation | None = None,
) -> list[FoundReference]:
    """The places that refer back, in order. `own` is the policy that the text itself is."""
    by_word = _by_word(found)
    result: list[FoundReference] = []
    for mention in _outside(text, found, _mentions(text, names)):
        if mention.meant is not None:
            meant = [mention.meant]
        elif mention.itself:
            fits = own is not None and any(mention.kind.endswith(word) for word in _called(own))
            meant = [own] if own is not None and fits else []
        else:
            meant = _nearest(text, by_word, mention)
        raw = text[mention.start : mention.end]
        articles = articles_behind(text, mention.end)
        result.append(FoundReference(mention.start, mention.end, raw, tuple(meant), articles))
    return result


def _mentions(text: str, names: Mapping[str, FoundCitation]) -> list[_Mention]:
    mentions = [
        _Mention(match.start(), match.end(), match["kind"], itself=match["how"] == "本")
        for match in _BACK.finditer(simplify(text))
    ]
    for match in _MARKED.finditer(text):
        name = match["name"]
        meant = names.get(name)
        if meant is not None and match.start() > meant.end:
            mentions.append(_Mention(match.start(), match.end(), name, meant))
        elif match.group()[0] in "《〈" and _BARE.fullmatch(simplify(name)):
            mentions.append(_Mention(match.start(), match.end(), simplify(name)))
    return sorted(mentions, key=lambda mention: mention.start)


def _outside(
    text: str, found: Sequence[FoundCitation], mentions: Sequence[_Mention]
) -> Iterator[_Mention]:
    """Mentions that stand in no citation and define no short name."""
    taken = [(citation.start, citation.end) for citation in found]
    taken = sorted([*taken, *(match.span() for match in _SHORT.finditer(text))])
    at = 0
    for mention in mentions:
        while at < len(taken) and taken[at][1] <= mention.start:
            at += 1
        if at == len(taken) or taken[at][0] >= mention.end:
            yield mention


def _by_word(found: Sequence[FoundCitation]) -> dict[str, list[FoundCitation]]:
    """The citations in order under each word that one may call them by."""
    by_word: dict[str, list[FoundCitation]] = {}
    for citation in found:
        for word in _called(citation):
            by_word.setdefault(word, []).append(citation)
    return by_word


def _called(citation: FoundCitation) -> set[str]:
    """办法 and 通知 for 关于印发〈…办法〉的通知; 文件 is any; a bare number is a 通知 as well."""
    if citation.title is None:
        return {_ANY, "通知"}
    title = re.sub(r"[(（][^()（）]*[)）]|[\s《》〈〉<>“”]", "", plain(citation.title))
    inner = title_key(citation.title)
    return {_ANY, *(word for word in _WORDS if title.endswith(word) or inner.endswith(word))}


def _nearest(
    text: str, by_word: Mapping[str, list[FoundCitation]], mention: _Mention
) -> list[FoundCitation]:
    """The citations that fit in the nearest sentence before, each meaning once."""
    word = next((word for word in (_ANY, *_WORDS) if mention.kind.endswith(word)), _ANY)
    fitting = by_word.get(word, [])
    last = bisect_right(fitting, mention.start, key=lambda citation: citation.end)
    meant: dict[str, FoundCitation] = {}
    nearest: FoundCitation | None = None
    for citation in reversed(fitting[max(0, last - _MEANINGS) : last]):
        if nearest is not None and _SENTENCE.search(text, citation.end, nearest.start):
            break
        meant.setdefault(citation.meaning, citation)
        nearest = citation
    return list(reversed(meant.values()))
