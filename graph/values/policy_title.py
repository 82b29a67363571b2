"""《titles》 of policies: which book-marked names are policies, and when two are the same."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title in a text: ``text[start:end] == raw``, with its 《》; `title` is folded, without."""

    title: str
    start: int
    end: int
    raw: str


def find_titles(text: str) -> list[FoundTitle]:
    """Titles of policies in the text, in order; forms, tables, books and events are left out."""
    raise NotImplementedError


def title_key(title: str) -> str:
    """What two spellings of one title share: no blanks, brackets, issuer or 的通知."""
    raise NotImplementedError


def policy_kind(title: str) -> str | None:
    """law, measure, plan, notice, funding or other, by the title's last words; None: no policy."""
    raise NotImplementedError
