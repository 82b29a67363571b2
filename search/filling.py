"""The way of search documents and members from the store into an index of whatever kind.

Filling anew and following what changed read documents and members through the same two functions,
so that an index that was caught up equals one that was built anew.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import groupby
from typing import Protocol, TypeVar

from graph.elements import Node
from graph.store import Changes, Reader
from search.documents import MEMBER_LABELS, ROW_LABELS, SearchDocument, search_documents
from search.progress import Progress
from search.reach import Shown, reached

PAGE = 1000
_LABEL = "建立索引"
_T = TypeVar("_T")


class Filled(Shown, Protocol):
    """An index that is being written. `shows` is asked before anything is."""

    def leave(self, changed: Sequence[str], present: Sequence[Node]) -> None:
        """Take out the members of changed nodes, and the rows of those that are gone."""

    def add(self, documents: Sequence[SearchDocument], progress: Progress | None) -> None:
        """Add the rows that are new or whose text changed; the others stay as they are. Tells how
        many of these documents are done where that takes long."""

    def join(self, label: str, nodes: Sequence[Node]) -> None:
        """Add the members of these nodes to the rows that they belong to."""


def fill(store: Reader, index: Filled, progress: Progress | None) -> None:
    """Everything that the store has, into an empty index."""
    counts = store.counts()
    total = sum(counts.get(label, 0) for label in (*ROW_LABELS, *MEMBER_LABELS))
    done = 0
    for label in ROW_LABELS:
        for page in _pages(store, label):
            index.add(search_documents(store, label, page), _within(progress, done, total))
            done += len(page)
            _tell(progress, done, total)
    for label in MEMBER_LABELS:
        for page in _pages(store, label):
            index.join(label, page)
            done += len(page)
            _tell(progress, done, total)


def follow(store: Reader, index: Filled, changes: Changes, progress: Progress | None) -> None:
    """What changed, into an index that shows the state before.

    Relies on a store naming every node of a document that came or went among the changes: what a
    row says depends on those and on what `search.reach` finds from them.
    """
    named = changes.written | changes.removed
    nodes = _nodes(store, named)
    beyond = reached(store, nodes, index) - named
    nodes += _nodes(store, beyond)
    changed = sorted(named | beyond)
    index.leave(changed, nodes)
    nodes.sort(key=lambda node: (node.label, node.id))
    by_label = {label: list(group) for label, group in groupby(nodes, key=lambda n: n.label)}
    done = 0
    for label in ROW_LABELS:
        for page in _slices(by_label.get(label, [])):
            documents = search_documents(store, label, page)
            index.add(documents, _within(progress, done, len(changed)))
            done += len(page)
    for label in MEMBER_LABELS:
        for page in _slices(by_label.get(label, [])):
            index.join(label, page)
    _tell(progress, len(changed), len(changed))


def _nodes(reader: Reader, ids: Collection[str]) -> list[Node]:
    return [node for page in _slices(sorted(ids)) for node in reader.get(page).values()]


def _pages(reader: Reader, label: str) -> Iterator[tuple[Node, ...]]:
    after: str | None = None
    while True:
        page = reader.scan(label, after=after, limit=PAGE)
        if page.nodes:
            yield page.nodes
        if page.next is None:
            return
        after = page.next


def _slices(items: Sequence[_T]) -> Iterator[Sequence[_T]]:
    for start in range(0, len(items), PAGE):
        yield items[start : start + PAGE]


def _within(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Tells of a part as of the whole."""
    if progress is None:
        return None
    return lambda done, _, label: progress(min(before + done, total), total, label)


def _tell(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(min(done, total), total, _LABEL)
