"""What a graph store promises. Every backend passes the one suite in tests/contract."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, Self, TypeAlias

from graph.elements import Edge, GraphBatch, Node, Scalar

Direction: TypeAlias = Literal["out", "in", "both"]


@dataclass(frozen=True, slots=True)
class Page:
    """One stretch of a scan, ordered by id; `next` continues it and is None at the end."""

    nodes: tuple[Node, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Changes:
    """What differs between two revisions: ids written and ids removed since."""

    revision: int
    written: frozenset[str]
    removed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Embedding:
    """A vector of little-endian float32, and the hash of the text that it was made from."""

    text_hash: str
    vector: bytes


@dataclass(frozen=True, slots=True)
class ServerReport:
    """How the server behind a store stands: `place` without credentials, `schema` None where
    there is no graph yet, the state of each index that the store needs (ONLINE is well)."""

    place: str
    version: str
    edition: str
    schema: int | None
    indexes: Mapping[str, str]


class Reader(Protocol):
    """Reads see whole documents only, never a half-written one."""

    def get(self, ids: Iterable[str]) -> dict[str, Node]:
        """The nodes that exist, by id. An unknown id is absent from the answer."""

    def edges(
        self,
        ids: Iterable[str],
        types: Collection[str] | None = None,
        direction: Direction = "out",
    ) -> list[Edge]:
        """Every edge of these nodes, ordered by (source, type, target, field), none twice.

        `out` takes edges whose source is among `ids`, `in` those whose target is. `types=None`
        means all types; an empty collection means none.
        """

    def scan(
        self,
        label: str,
        where: Mapping[str, Collection[Scalar]] | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page:
        """Nodes of one label in id order, after the id `after`.

        `where` keeps nodes whose property equals one of the values, for every property named. An
        empty collection of values matches nothing.
        """

    def degree(self, ids: Iterable[str], type: str, direction: Direction) -> dict[str, int]:
        """How many edges of that type each node has; 0 for an id without any or unknown."""

    def counts(self) -> dict[str, int]:
        """Nodes of each label and edges of each type, by name; labels without any are 0."""

    def contributors(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Ids of the documents that say something of each node, in order."""

    def documents(self) -> list[str]:
        """Ids of all documents that were applied, in order."""

    def batch_of(self, document: str) -> GraphBatch | None:
        """What this document says, as a batch that writes the same; None where it is unknown."""

    def models(self) -> list[str]:
        """The models that there are embeddings of, in order."""

    def revision(self) -> int:
        """Grows by at least one with every committed write; 0 for a new store."""

    def changes(self, since: int) -> Changes | None:
        """What was written after revision `since`; None where the record does not reach back."""

    def embeddings(self, model: str, ids: Iterable[str]) -> dict[str, Embedding]:
        """The stored vectors of one model, by node id. A missing one is absent."""


class Writer(Reader, Protocol):
    def probe(self, seconds: float) -> int:
        """The revision, if the store can be reached now: raises StoreUnavailable within about so
        many seconds, where other calls may wait for a server to come back."""

    def apply(self, batch: GraphBatch, replacing: Sequence[str] = ()) -> None:
        """Write one document in one transaction, and remove those it replaces in the same one.

        Applying the same batch again changes nothing. A node or edge that several documents
        contribute is merged property by property: a document that owns the node goes first, then
        the smallest document id; the result does not depend on the order of arrival. Raises
        InvalidGraph, and writes nothing, where the batch breaks the schema.
        """

    def delete_document(self, document: str) -> bool:
        """Remove what only this document contributed; False where it is unknown.

        Afterwards the graph equals one into which the document never went.
        """

    def set_embeddings(self, model: str, vectors: Mapping[str, Embedding]) -> None:
        """Keep vectors for nodes, replacing older ones; ids that no longer exist are passed over.

        Vectors are derived data: the revision stays, and they go when their node goes.
        """

    def close(self) -> None: ...

    def __enter__(self) -> Self: ...

    def __exit__(self, *exception: object) -> None: ...


def scan_all(
    reader: Reader, label: str, where: Mapping[str, Collection[Scalar]] | None = None
) -> Iterator[Node]:
    """Every node of a label, page by page, so that memory stays flat."""
    after: str | None = None
    while True:
        page = reader.scan(label, where, after)
        yield from page.nodes
        if page.next is None:
            return
        after = page.next
