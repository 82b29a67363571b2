"""What a person calls a node."""

from graph.elements import Node

_NAMES = {
    "Policy": ("number", "title"),
    "Document": ("filename", "title"),
    "Goal": ("title", "text"),
    "Article": ("label",),
}
_OTHERWISE = ("name", "title", "text", "code")


def title(node: Node) -> str:
    """The first name that the node has; a policy with both shows 《title》 and number."""
    properties = node.properties
    if node.label == "Policy" and "number" in properties and "title" in properties:
        return f"《{properties['title']}》（{properties['number']}）"
    for name in (*_NAMES.get(node.label, ()), *_OTHERWISE):
        value = properties.get(name)
        if value:
            return f"《{value}》" if node.label == "Policy" and name == "title" else str(value)
    return node.id
