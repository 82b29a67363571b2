"""The XML of Word by local names: transitional and strict files differ in namespaces only."""

from typing import Any, TypeAlias

_Element: TypeAlias = Any

_OFF = frozenset({"0", "false", "off"})


def local(element: _Element) -> str:
    """The name without its namespace; "" of what is no element (an entity that is not read)."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: _Element, name: str) -> str:
    """The value of an attribute in any namespace, "" if there is none."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


def child(parent: _Element | None, name: str) -> _Element | None:
    """The first child of a name; None of None."""
    if parent is None:
        return None
    return next((element for element in parent if local(element) == name), None)


def number(element: _Element | None, default: int) -> int:
    """The whole number that an element's val holds."""
    text = attribute(element, "val") if element is not None else ""
    digits = text.removeprefix("-")
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 10 else default


def is_on(element: _Element | None) -> bool:
    """A property that is there, and is not turned off."""
    return element is not None and attribute(element, "val") not in _OFF


def visible(run: _Element, hiding: frozenset[str]) -> bool:
    """Whether a run shows: its own word counts before that of its character style."""
    properties = child(run, "rPr")
    vanish = child(properties, "vanish")
    if vanish is not None:
        return not is_on(vanish)
    style = child(properties, "rStyle") if hiding else None
    return style is None or attribute(style, "val") not in hiding
