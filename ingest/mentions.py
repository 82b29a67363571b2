"""A place in a text that names a policy, and one that refers back to what was named before."""

from dataclasses import dataclass

from graph.values.document_number import DocumentNumber
from graph.values.policy_title import title_key


@dataclass(frozen=True, slots=True)
class FoundCitation:
    """A mention of a policy: ``text[start:end] == raw``; `number`, `title` or both are known.

    `articles` are the labels of those that it names behind itself: 第八条、第十二条.
    """

    start: int
    end: int
    raw: str
    number: DocumentNumber | None = None
    title: str | None = None
    articles: tuple[str, ...] = ()

    @property
    def meaning(self) -> str:
        """What two citations of one policy share."""
        return self.number.canonical if self.number else title_key(self.title or "")


@dataclass(frozen=True, slots=True)
class FoundReference:
    """``text[start:end] == raw``, 该办法; it means one of `meant`, () where nothing fits."""

    start: int
    end: int
    raw: str
    meant: tuple[FoundCitation, ...]
    articles: tuple[str, ...] = ()
