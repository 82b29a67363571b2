"""Which policy a person means by a number in any spelling, a 《title》 or an id."""

from dataclasses import dataclass

from graph import ids
from graph.namesakes import meanings
from graph.store import Reader
from graph.values.document_number import DocumentNumber, parse_document_number

_PREFIX = "policy:"
_MANY = 20


@dataclass(frozen=True, slots=True)
class Wanted:
    """`id` is the node meant; None where the store has none. `number` and `title` are what was
    read; `alternatives` the nodes that fit a title equally well."""

    text: str
    id: str | None
    canonical: str
    number: DocumentNumber | None = None
    title: str | None = None
    alternatives: tuple[str, ...] = ()


def find_policy(reader: Reader, text: str) -> Wanted:
    """Reads an id, a document number in any spelling, or a title with or without 《》."""
    name = text.strip()
    if name.startswith(_PREFIX) and name in reader.get([name]):
        return Wanted(text, name, name)
    name = name.removeprefix(_PREFIX)
    number = parse_document_number(name)
    if number is not None:
        canonical = ids.policy(number, None)
        return Wanted(text, canonical if reader.get([canonical]) else None, canonical, number)
    title = name.removeprefix("《").removesuffix("》")
    if not title:
        return Wanted(text, None, _PREFIX + name)
    return _by_title(reader, text, title)


def _by_title(reader: Reader, text: str, title: str) -> Wanted:
    """The one policy that the title means: the numbered one where the title alone is a node too."""
    canonical = ids.policy(None, title)
    found = [node.id for node in meanings(reader, [title])[title]]
    if len(found) != 1 and reader.get([canonical]):
        found = [canonical]
    if len(found) == 1:
        return Wanted(text, found[0], found[0], title=title)
    return Wanted(text, None, canonical, title=title, alternatives=tuple(found[:_MANY]))
