"""Near spellings of numbers, titles and names, for 您要找的是不是. Light: no index, no model."""

from collections.abc import Iterable

from rapidfuzz import fuzz

from graph.elements import Node
from graph.store import Reader, scan_all
from graph.values.document_number import DocumentNumber, parse_document_number

NEAR = 70.0
"""From this similarity on (0 to 100) a spelling is worth showing."""
NEAR_SHORT = 60.0
_SHORT = 4


def near_policies(reader: Reader, text: str, limit: int = 5) -> tuple[str, ...]:
    """Canonical numbers and 《titles》 of the graph's policies closest to `text`, nearest first.

    Two numbers are compared part by part: another prefix with the same year and serial is near,
    and so is a neighbouring serial of the same prefix and year.
    """
    asked = parse_document_number(text)
    found: list[tuple[float, str]] = []
    for node in scan_all(reader, "Policy"):
        name = _name(node)
        likeness = _numbers(asked, node) if asked else _texts(text, node)
        if likeness >= NEAR:
            found.append((likeness, name))
    return _best(found, limit)


def near_names(names: Iterable[str], text: str, limit: int = 5) -> tuple[str, ...]:
    """Those of the names closest to `text`, nearest first; `text` itself is not among them."""
    found = [(fuzz.ratio(text, name), name) for name in set(names) if name and name != text]
    return _best([pair for pair in found if pair[0] >= _worth(pair[1])], limit)


def _worth(name: str) -> float:
    """One wrong character of three is a third already."""
    return NEAR if len(name) > _SHORT else NEAR_SHORT


def _best(found: list[tuple[float, str]], limit: int) -> tuple[str, ...]:
    ordered = sorted(found, key=lambda pair: (-pair[0], pair[1]))
    return tuple(dict.fromkeys(name for _, name in ordered))[:limit]


def _name(node: Node) -> str:
    number = node.properties.get("number")
    return str(number) if number else f"《{node.properties.get('title', '')}》"


def _numbers(asked: DocumentNumber, node: Node) -> float:
    prefix = str(node.properties.get("issuer_prefix", ""))
    if not prefix:
        return 0.0
    same_year = asked.year == node.properties.get("year")
    same_prefix = fuzz.ratio(asked.prefix, prefix)
    serial = fuzz.ratio(asked.serial, str(node.properties.get("serial", "")))
    return 0.5 * same_prefix + (20.0 if same_year else 0.0) + 0.3 * serial


def _texts(text: str, node: Node) -> float:
    plain = text.strip("《》 ")
    if not plain:
        return 0.0
    title = str(node.properties.get("title", ""))
    number = str(node.properties.get("number", ""))
    return max(
        fuzz.ratio(plain, title),
        fuzz.ratio(plain, number),
        # A part of a long title: 招商引资办法 of 青禾县招商引资奖励办法.
        0.9 * fuzz.partial_ratio(plain, title) if len(plain) >= 4 and title else 0.0,
    )
