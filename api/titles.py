"""What a person calls a node."""

from graph.elements import Node, Properties

_NAMES = {
    "Policy": ("number", "title"),
    "Document": ("filename", "title"),
    "Goal": ("title", "text"),
    "Article": ("label",),
}
_OTHERWISE = ("name", "title", "text", "code")


def _allocation(properties: Properties) -> str:
    """青禾县 320万元（提前下达）: who gets what, and for what."""
    unit = str(properties.get("unit", ""))
    printed = str(properties["printed"])
    amount = printed if printed.endswith(unit) else printed + unit
    told = [properties[name] for name in ("project", "purpose") if name in properties]
    behind = f"（{'，'.join(map(str, told))}）" if told else ""
    return f"{properties.get('recipient', '未注明单位')} {amount}{behind}"


def title(node: Node) -> str:
    """The first name that the node has; a policy with both shows 《title》 and number."""
    properties = node.properties
    if node.label == "Policy" and "number" in properties and "title" in properties:
        return f"《{properties['title']}》（{properties['number']}）"
    if node.label == "Allocation":
        return _allocation(properties)
    for name in (*_NAMES.get(node.label, ()), *_OTHERWISE):
        value = properties.get(name)
        if value:
            return f"《{value}》" if node.label == "Policy" and name == "title" else str(value)
    return node.id
