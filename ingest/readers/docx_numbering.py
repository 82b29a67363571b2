"""The automatic numbers of Word: 一、（一） 1. ① stand in no text, and are counted here.

A list counts over all paragraphs that share its definition; a deeper level begins anew below each
paragraph of a higher one.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeAlias

from ingest.readers.docx_xml import attribute, child, local, number

_Element: TypeAlias = Any

_HAN = "〇一二三四五六七八九"
_CHINESE = frozenset(
    {"chineseCounting", "chineseCountingThousand", "taiwaneseCountingThousand"}
    | {"taiwaneseCounting", "japaneseCounting", "ideographDigital"}
)
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_UNPRINTED = frozenset({"bullet", "none"})
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
# %1、  第%1条  %1.%2        not: 100%
_PLACE = re.compile(r"%([1-9])")
_MOST_ANCESTORS = 32


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    format: str
    text: str
    suffix: str
    style: str


class Numbering:
    """Counts as paragraphs are shown to it, each once, in their order."""

    def __init__(self, numbering: _Element | None, styles: _Element | None) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        for element in numbering if numbering is not None else ():
            if local(element) == "abstractNum":
                levels = (_level(level) for level in element if local(level) == "lvl")
                self._levels[attribute(element, "abstractNumId")] = dict(levels)
            elif local(element) == "num":
                self._list(element)
        self._styles = {
            attribute(style, "styleId"): style
            for style in (styles if styles is not None else ())
            if local(style) == "style"
        }

    def _list(self, element: _Element) -> None:
        abstract = child(element, "abstractNumId")
        if abstract is None:
            return
        identity = attribute(element, "numId")
        self._lists[identity] = attribute(abstract, "val")
        self._restarts[identity] = {
            int(attribute(override, "ilvl") or 0): number(child(override, "startOverride"), 1)
            for override in element
            if local(override) == "lvlOverride" and child(override, "startOverride") is not None
        }

    def label(self, paragraph: _Element) -> str:
        """What Word prints before the paragraph, "" where it prints a bullet or nothing."""
        identity, depth = self._place(paragraph)
        abstract = self._lists.get(identity)
        levels = self._levels.get(abstract or "", {})
        if abstract is None or depth not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        for level, start in self._restarts.pop(identity, {}).items():
            counts[level] = start - 1
        for deeper in [level for level in counts if level > depth]:
            del counts[deeper]
        counts[depth] = counts.get(depth, levels[depth].start - 1) + 1
        return _printed(levels, counts, depth)

    def _place(self, paragraph: _Element) -> tuple[str, int]:
        """The list and the level of a paragraph: its own, or those of its style."""
        properties = child(paragraph, "pPr")
        own = child(properties, "numPr")
        identity = _list_id(own)
        depth = number(child(own, "ilvl"), 0)
        style = child(properties, "pStyle")
        name = attribute(style, "val") if style is not None else ""
        for _ in range(_MOST_ANCESTORS):
            found = self._styles.get(name)
            if identity or found is None:
                break
            inherited = child(child(found, "pPr"), "numPr")
            identity = _list_id(inherited)
            depth = number(child(inherited, "ilvl"), self._level_of(identity, name))
            parent = child(found, "basedOn")
            name = attribute(parent, "val") if parent is not None else ""
        return identity, depth

    def _level_of(self, identity: str, style: str) -> int:
        levels = self._levels.get(self._lists.get(identity, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), 0)


def _list_id(properties: _Element | None) -> str:
    found = child(properties, "numId")
    return attribute(found, "val") if found is not None else ""


def _level(element: _Element) -> tuple[int, _Level]:
    def value(name: str, default: str) -> str:
        found = child(element, name)
        return attribute(found, "val") if found is not None else default

    depth = attribute(element, "ilvl")
    level = _Level(
        start=number(child(element, "start"), 1),
        format=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        suffix=value("suff", "tab"),
        style=value("pStyle", ""),
    )
    return int(depth) if depth.isascii() and depth.isdigit() else 0, level


def _printed(levels: dict[int, _Level], counts: dict[int, int], depth: int) -> str:
    def place(found: re.Match[str]) -> str:
        at = int(found[1]) - 1
        level = levels.get(at)
        return spell(counts.get(at, level.start), level.format) if level else ""

    level = levels[depth]
    if level.format in _UNPRINTED:
        return ""
    text = _PLACE.sub(place, level.text)
    # 1 公厕 would read as one number with what follows; 一、 and （一） need no blank.
    return f"{text} " if text and level.suffix != "nothing" and text[-1].isalnum() else text


def spell(count: int, form: str) -> str:
    """A count in one of Word's number formats; in digits where the format is not known.

    >>> spell(12, "chineseCounting"), spell(3, "decimalEnclosedCircle"), spell(28, "lowerLetter")
    ('十二', '③', 'bb')
    """
    if form in _CHINESE and 0 < count < 100:
        tens, ones = divmod(count, 10)
        if not tens:
            return _HAN[ones]
        return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
    if form in _CIRCLED and 0 < count <= 20:
        return chr(ord("①") + count - 1)
    if form in ("upperLetter", "lowerLetter") and 0 < count < 1000:
        letters = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman") and 0 < count < 40:
        letters = _roman(count)
        return letters if form == "upperRoman" else letters.lower()
    if form == "decimalZero":
        return f"{count:02}"
    if form == "decimalFullWidth":
        return str(count).translate({ord("0") + digit: ord("０") + digit for digit in range(10)})
    return str(count)


def _roman(count: int) -> str:
    letters = ""
    for worth, sign in _ROMAN:
        times, count = divmod(count, worth)
        letters += sign * times
    return letters
