"""Where the issuer prefix of a document number begins.

A prefix (发文机关代字, GB/T 9704-2012, 7.2.5) is a run of two to fourteen characters before the
year: a place's short name, the issuer, a field of work, a type (冀财农指, 国办发, 建办城函). In
running text it is glued to what stands before it: verbs (执行), issuers' full names (唐山市财政局),
the end of a title (…的通知). Which words those are is data: `prefix_words.tsv`.
"""

import re
from dataclasses import dataclass
from functools import cache

from graph.values import tables
from graph.values.prefix_heads import PROVINCES, is_head, last_head

MAX_PREFIX = 14
# What prints stand in for a character that is hidden or missing: ×财社〔2024〕1号
_HIDDEN = ("×", "╳", "□", "�")
_REACH = 48
_MAX_BLANKS = 12
_LONGEST_WORD = 8

# 发 函 字 明电 指 and the like alone are the end of a prefix, never what follows an issuer's name.
# "办发" is; "财办农" is not.
_TYPES_ONLY = re.compile(r"(?:办|联|厅|指标?|规|通|电)?(?:发|函|字|规|通|电|明|文|指)*")
# "财(cái)" "發（fā）" "国办发(guó bàn fā)" are glosses; "宁财(农)指标" is not one.
_GLOSS = re.compile(r"\([A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f ]{0,24}\)")
# "(卫医发)〔2006〕" "【冀财社】【2022】": the whole prefix in brackets   not: (试行)〔2006〕
_BRACKETED = re.compile(r"[(\[【〔](?P<prefix>[\u4e00-\u9fff]{2,14})[)\]】〕]\s{0,4}$")
# "(农)" "(社)" belong to a prefix; "(试行)" "(一)" do not.
_INNER = re.compile(r"\((?!试行|暂行|草案|修订|[一二三四五六七八九十])[\u4e00-\u9fff]{1,2}\)")
# "宁财(农)" "财 (农)" "财(cái)(农)": a character, a blank, a gloss   not: 1(农), :(农)
_BEFORE_INNER = re.compile(r"[\u3400-\u9fff)]\s{0,4}$")
# "河源市" "乐亭县" are places' full names; "晋市" "铁市" are not: they are short names.
_PLACE = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,6})(?:[省市县区]|自治[州区])")
# 市场 市监 are fields of work                                         not: 唐山市唐财建
_FIELD = re.compile(r"市[场监政]|区[域块]|县域")
_MEASURES = "年月日号项批条款次级度个期元"
# "辽财行" "国发" may do without brackets round the year; "财政部" "建设路" may not.
_STRICT = re.compile(
    r"[\u4e00-\u9fff]{0,3}财(?!政)[\u4e00-\u9fff]{1,6}|[\u4e00-\u9fff]{1,7}[发函字规通指电文]"
    r"|[\u4e00-\u9fff]{1,4}[政府]办"
)
_COMMON = re.compile(r"[研开颁印下转签蒸批首]发|信函|公函|[文数]字|交通|规划|中指")


@dataclass(frozen=True, slots=True)
class Prefix:
    """`text` in canonical spelling; it begins at `start` of the text. `strong`: with an organ in
    it; `strict`: so plainly a prefix that a number may have lost the brackets round its year."""

    text: str
    start: int
    strong: bool
    strict: bool


@dataclass(frozen=True, slots=True)
class _Run:
    """Characters before the year with their offsets; `breaks` are indexes after a blank, True
    where it was a line break."""

    text: str
    offsets: tuple[int, ...]
    breaks: dict[int, bool]
    before: str


@cache
def _roles(role: str) -> frozenset[str]:
    return frozenset(tables.words("prefix_words", role))


def find_prefix(plain: str, end: int, floor: int) -> Prefix | None:
    """The prefix that ends at `end` of a normalised text and does not begin before `floor`.

    None where no prefix stands there or the words name another series (令, 公告, an address).
    Looks back a bounded distance, whatever the text.
    """
    end = end - 1 if plain.endswith("第", floor, end) else end
    run = _read_bracketed(plain, end, floor) or _read_run(plain, end, floor)
    if len(run.text) < 2 and run.text != "法":
        return None
    if any(run.text.endswith(word) for word in _roles("other")) or _is_issuer(run.text):
        return None
    start = _after_blank(run, last_head(run.text, _after_words(run)))
    text = run.text[start:]
    if not _is_prefix(text) or text in _roles("cut") or (start == 0 and run.before in _HIDDEN):
        return None
    return Prefix(
        text=text.replace("(", "（").replace(")", "）"),
        start=run.offsets[start],
        strong=any(character in _roles("organ") for character in text),
        strict=_is_strict(text),
    )


def _is_strict(text: str) -> bool:
    return _STRICT.fullmatch(text) is not None and _COMMON.search(text) is None


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def _read_bracketed(plain: str, end: int, floor: int) -> _Run | None:
    """A prefix that stands in brackets of its own, where it is plainly one."""
    match = _BRACKETED.search(plain, max(floor, end - MAX_PREFIX - 6), end)
    if match is None or not _is_strict(match["prefix"]):
        return None
    offsets = tuple(range(match.start("prefix"), match.end("prefix")))
    return _Run(text=match["prefix"], offsets=offsets, breaks={}, before=match[0][0])


def _read_run(plain: str, end: int, floor: int) -> _Run:
    """Walk back from `end` over Han characters, blanks, glosses and inner parentheses."""
    characters: list[str] = []
    offsets: list[int] = []
    blanks: dict[int, bool] = {}
    floor = max(floor, end - _REACH)
    i = end
    while i > floor:
        character = plain[i - 1]
        if _is_han(character):
            characters.append(character)
            offsets.append(i - 1)
            i -= 1
        elif character.isspace():
            width = _blanks_before(plain, i, floor)
            if width > _MAX_BLANKS:
                break
            blanks[len(characters)] = "\n" in plain[i - width : i]
            i -= width
        elif character == ")":
            opening = plain.rfind("(", max(floor, i - 27), i)
            bracket = plain[opening:i] if opening > floor else ""
            if _GLOSS.fullmatch(bracket):
                i = opening
            elif _INNER.fullmatch(bracket) and _BEFORE_INNER.search(plain, opening - 5, opening):
                characters.extend(reversed(bracket))
                offsets.extend(range(i - 1, opening - 1, -1))
                i = opening
            else:
                break
        else:
            break
    length = len(characters)
    return _Run(
        text="".join(reversed(characters)),
        offsets=tuple(reversed(offsets)),
        breaks={length - at: line for at, line in blanks.items() if 0 < at < length},
        before=plain[i - 1] if i else "",
    )


def _blanks_before(plain: str, end: int, floor: int) -> int:
    i = end
    while i > floor and plain[i - 1].isspace():
        i -= 1
    return end - i


def _after_words(run: _Run) -> int:
    """The rightmost place at which a cut word ends and a prefix can begin; 0 without one."""
    text = run.text
    for start in range(len(text) - 1, 0, -1):
        if _is_prefix(text[start:], cut=True) and _word_ends_at(run, start):
            return start
    return 1 if run.before.isdigit() and text[0] in _MEASURES else 0


def _word_ends_at(run: _Run, at: int) -> bool:
    text = run.text
    for length in range(1, min(at, _LONGEST_WORD) + 1):
        word = text[at - length : at]
        if word in _roles("cut"):
            return not _inside_kept(text, at)
        if word in _roles("edge"):
            inside = at - length > 0 or run.before not in "\n\t([【〔《:：|"
            return inside or is_head(text, at)
        if word in _roles("committee") and text[at - length - 1 : at - length] in "省市区县州家":
            return at > length
        if word[-1] in "部厅" and word[:-1] in _roles("ministry"):
            return not _inside_kept(text, at)
    return _place_ends_at(text, at)


def _place_ends_at(text: str, at: int) -> bool:
    """A place's full name before a prefix of its own: 唐山市|唐财建, 贵州省|黔财农.

    市财建 and 唐山市财建 stay whole: without their place they would be the ministry's 财建.
    """
    place = _PLACE.fullmatch(text[max(0, at - 9) : at][-7:])
    if place is None or _FIELD.fullmatch(text[at - 1 : at + 1]):
        return False
    if text[at] in _roles("organ") and text[at] not in place["name"]:
        return False
    return not any(place["name"].endswith(word) for word in _roles("cut") | _roles("edge"))


def _inside_kept(text: str, at: int) -> bool:
    """Whether the cut would fall into or right behind a name such as 工信部, which is a prefix."""
    return any(text[: at + 1].endswith((word, word + text[at])) for word in _roles("keep"))


def _is_prefix(text: str, *, cut: bool = False) -> bool:
    if not (2 <= len(text) <= MAX_PREFIX or text == "法") or text[0] in "()":
        return False
    return not (cut and (_TYPES_ONLY.fullmatch(text) or text.count("(") != text.count(")")))


def _is_issuer(text: str) -> bool:
    """Whether the words end in an issuer's full name: 财政部2023年11号 cannot be resolved."""
    if text.endswith(("人民政府", "县政府", "市政府", "办公室", "办公厅", "委员会", "总局")):
        return True
    return text[-1] in "部厅局委" and any(text[:-1].endswith(t) for t in _roles("ministry"))


def _after_blank(run: _Run, start: int) -> int:
    """Move past a blank where what follows it is a prefix by itself; otherwise the blank is one
    that the converter put into the prefix."""
    for at in sorted((b for b in run.breaks if b > start), reverse=True):
        if not _continues(run, at, start):
            return at
    return start


def _continues(run: _Run, at: int, start: int) -> bool:
    tail, head = run.text[at:], run.text[start:at]
    if len(tail) == 1 or _TYPES_ONLY.fullmatch(tail) or tail[0] == "(" or head[-1] == ")":
        return True
    isolated = at - 1 == start or at - 1 in run.breaks
    if is_head(run.text, at):
        return False
    if isolated and head[-1] not in _roles("cut"):
        return True
    if not any(character in _roles("organ") for character in tail):
        return head[-1] in _roles("organ")
    return run.breaks[at] and head in PROVINCES
