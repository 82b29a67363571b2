"""The parts of an Excel workbook, shown element by element: no tree of one is ever built."""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from lxml import etree

from ingest.archive import expanded_too_far
from ingest.limits import Limits

# A character written as its number: _x000D_; not: _x0D_
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_PIECE = 64 * 1024
_MOST_ENTRIES = 200_000
"""Of styles, sheets or relations; Excel writes 65,490 styles at most."""


class Broken(ValueError):
    """What no workbook can hold; the message says what, in Chinese."""


class Parts:
    """The parts of a container, unpacked as they are read; together no more than the limit.

    What is unpacked is counted, as sizes in a directory may lie.
    """

    def __init__(self, archive: zipfile.ZipFile, name: str, limits: Limits) -> None:
        self._archive = archive
        self._name = name
        self._limits = limits
        self._unpacked = 0

    def walk(self, part: str, target: "Target") -> None:
        """Show a part to a target, element by element: no tree of it is ever built."""
        # No entities, no network: a workbook needs neither.
        parser = etree.XMLParser(target=target, resolve_entities=False, no_network=True)
        with self._archive.open(part) as stream:
            while piece := stream.read(_PIECE):
                self._unpacked += len(piece)
                if self._unpacked > self._limits.max_expanded_bytes:
                    raise expanded_too_far(self._name, self._limits)
                parser.feed(piece)
        parser.close()

    def entries(self, part: str, *kinds: str) -> "list[Entry]":
        """The elements of these kinds. Raises Broken for more than any workbook has."""
        target = _Entries(kinds)
        self.walk(part, target)
        return target.found


Attributes: TypeAlias = Mapping[str, str]
Action: TypeAlias = Callable[[Attributes], None]
NOTHING: Attributes = {}


class Target:
    """Takes in elements as they come. Namespaces are left out: strict files have others."""

    def start(self, tag: str, attributes: Attributes) -> None: ...

    def data(self, text: str) -> None: ...

    def end(self, tag: str) -> None: ...

    def close(self) -> None: ...


class Entry(NamedTuple):
    """An element without what stands in it; `inside` is the kind of the one around it."""

    kind: str
    inside: str
    attributes: Attributes


class _Entries(Target):
    def __init__(self, kinds: Sequence[str]) -> None:
        self.found: list[Entry] = []
        self._kinds = frozenset(kinds)
        self._open = [""]

    def start(self, tag: str, attributes: Attributes) -> None:
        kind = _local(tag)
        if kind in self._kinds:
            if len(self.found) == _MOST_ENTRIES:
                raise Broken(f"{kind} 超过 {_MOST_ENTRIES} 个")
            self.found.append(Entry(kind, self._open[-1], dict(attributes)))
        self._open.append(kind)

    def end(self, tag: str) -> None:
        self._open.pop()


def _local(tag: str) -> str:
    return tag[tag.rfind("}") + 1 :]


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


class _Actions(dict[str, Action | None]):
    """What to do at a tag, from what to do at its local name."""

    def __init__(self, by_kind: Mapping[str, Action]) -> None:
        super().__init__()
        self._by_kind = by_kind

    def __missing__(self, tag: str) -> Action | None:
        action = self._by_kind.get(_local(tag))
        if action is not None:
            self[tag] = action
        return action


class Texts(Target):
    """Gathers the text of t and v elements; how Japanese is pronounced (rPh) is no part of it."""

    def __init__(self, begins: Mapping[str, Action], ends: Mapping[str, Action]) -> None:
        gather, rest = {"v": self._gather, "t": self._gather}, {"v": self._rest, "t": self._rest}
        self._begins = _Actions({**gather, "rPh": self._begin_sound, **begins})
        self._ends = _Actions({**rest, "rPh": self._end_sound, **ends})
        self._pieces: list[str] = []
        self._gathers = False
        self._sounds = False

    def start(self, tag: str, attributes: Attributes) -> None:
        action = self._begins[tag]
        if action is not None:
            action(attributes)

    def data(self, text: str) -> None:
        if self._gathers:
            self._pieces.append(text)

    def end(self, tag: str) -> None:
        action = self._ends[tag]
        if action is not None:
            action(NOTHING)

    def _gather(self, _: Attributes) -> None:
        self._gathers = not self._sounds

    def _rest(self, _: Attributes) -> None:
        self._gathers = False

    def _begin_sound(self, _: Attributes) -> None:
        self._sounds = True

    def _end_sound(self, _: Attributes) -> None:
        self._sounds = False

    def _gathered(self) -> str:
        text = "".join(self._pieces)
        self._pieces.clear()
        return _unescaped(text)
