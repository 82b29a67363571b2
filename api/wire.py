"""From the dataclasses of the other rooms to JSON. Command line and HTTP print the same shapes.

Field names are the contract's already, so that a general rule is enough: a dataclass is an object
of its fields, a tuple or set a list. Only evidence is widened, with the name of its file.
`api.schemas` describes the outcome; a test holds the two together.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import fields, is_dataclass
from decimal import Decimal
from enum import Enum
from typing import TypeAlias

from graph.elements import Edge, Node
from graph.evidence import Evidence
from graph.store import Reader

Json: TypeAlias = dict[str, "Json"] | list["Json"] | str | int | float | bool | None
Object: TypeAlias = dict[str, Json]

_PLACE = ("page", "line", "table", "row", "column", "start", "end")


def dumps(value: Json) -> str:
    """One line of JSON as it goes out; Chinese stays readable."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def evidence(item: Evidence) -> Object:
    """In the order of the contract's export; `field` only where the evidence names one."""
    place: Object = {"document": item.document}
    place |= {name: getattr(item, name) for name in _PLACE}
    place["raw"] = item.raw
    if item.field is not None:
        place["field"] = item.field
    return place


def node_line(node: Node) -> Object:
    return {
        "kind": "node",
        "id": node.id,
        "label": node.label,
        "properties": plain(node.properties),
        "evidence": [evidence(item) for item in node.evidence],
    }


def edge_line(edge: Edge) -> Object:
    """Evidence only where there is some: structural edges have none."""
    line: Object = {
        "kind": "edge",
        "source": edge.source,
        "type": edge.type,
        "target": edge.target,
        "properties": plain(edge.properties),
    }
    if edge.evidence:
        line["evidence"] = [evidence(item) for item in edge.evidence]
    return line


def plain(value: object, files: Mapping[str, str] | None = None) -> Json:
    """Any answer as JSON. `files` gives the name of a document's file by its id."""
    if value is None or isinstance(value, bool | int | float | str):
        return value.value if isinstance(value, Enum) else value
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, Evidence):
        place = evidence(value)
        if files is None:
            return place
        return {**place, "field": value.field, "file": files.get(value.document)}
    if isinstance(value, Mapping):
        return {str(key): plain(item, files) for key, item in value.items()}
    if isinstance(value, AbstractSet):
        return sorted((plain(item, files) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [plain(item, files) for item in value]
    if names := _fields(value):
        return {name: plain(getattr(value, name), files) for name in names}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _fields(value: object) -> tuple[str, ...]:
    """Names of an object's fields in order; () for what has none."""
    return tuple(field.name for field in fields(value)) if is_dataclass(value) else ()


def answer(reader: Reader, value: object) -> Json:
    """`plain`, with the name of the file beside every piece of evidence."""
    return plain(value, file_names(reader, value))


def file_names(reader: Reader, value: object) -> dict[str, str]:
    """The names of all files that the evidence in an answer comes from, by document id."""
    documents = reader.get({item.document for item in _evidence_in(value)})
    return {id: str(node.properties["filename"]) for id, node in documents.items()}


def _evidence_in(value: object) -> Iterator[Evidence]:
    if isinstance(value, Evidence):
        yield value
        return
    children: Iterable[object] = ()
    if isinstance(value, Mapping):
        children = value.values()
    elif isinstance(value, list | tuple):
        children = value
    else:
        children = (getattr(value, name) for name in _fields(value))
    for child in children:
        yield from _evidence_in(child)
