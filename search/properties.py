"""Properties of nodes, as searching reads them."""

from graph.elements import Node


def text_of(node: Node, name: str) -> str:
    """A text property, "" where it is absent."""
    value = node.properties.get(name, "")
    return value if isinstance(value, str) else str(value)


def year_of(node: Node, name: str) -> int:
    """An integer property, 0 where it is absent."""
    value = node.properties.get(name, 0)
    return value if isinstance(value, int) else 0
