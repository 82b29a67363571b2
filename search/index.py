"""What an index answers, whatever holds it: files of this machine or a server's own indexes."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

Mask: TypeAlias = NDArray[np.bool_]
Rows: TypeAlias = NDArray[np.int64]
Scores: TypeAlias = NDArray[np.float64]
Vector: TypeAlias = NDArray[np.float32]
Vectors: TypeAlias = NDArray[np.float32]
"""One a row: shape (n, dimension)."""
NO_ROWS: Rows = np.zeros(0, np.int64)

FIELDS = ("name", "text", "around")
"""What a search document is read by, each field scored by itself: see `SearchDocument`."""
FACETS = ("county", "department", "level2", "kind")


@dataclass(frozen=True, slots=True)
class Member:
    """A node through which a row can be found. `id` is the indicator of a wording, the citing node
    of a policy, or the row's own node; facet values are "" and the year 0 where unknown. `county`
    and `department` are node ids, and so is `project`: which one an indicator measures."""

    id: str
    county: str = ""
    department: str = ""
    year: int = 0
    level2: str = ""
    kind: str = ""
    project: str = ""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a search is limited to; None where a field is free. Values as in `Member`."""

    types: tuple[str, ...]
    years: frozenset[int] | None = None
    facets: Mapping[str, frozenset[str]] | None = None
    nodes: frozenset[str] | None = None
    """Member ids: what hangs on a document number or project code that the query names."""
    policies: frozenset[str] | None = None
    """The only policies that may be found themselves."""
    outside: str = ""
    """A county whose members do not count."""

    @property
    def filtered(self) -> bool:
        """Whether a row needs a member that meets the selection."""
        limits = (self.years, self.nodes)
        return any(limit is not None for limit in limits) or bool(self.facets or self.outside)


@dataclass(frozen=True, slots=True)
class Row:
    """One search document: of `id`'s node, or of all indicators that share the wording `id`."""

    number: int
    type: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Members:
    """How many members a row has, and the ids of the first of them in order."""

    count: int
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Measuring:
    """The indicators that measure some projects, one entry of each column for each: the place of
    its project among those asked for, the row of its wording, and its id."""

    projects: NDArray[np.int64]
    rows: Rows
    indicators: Sequence[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Rows worth ranking, one entry of each column for each.

    `dense` is a cosine in standard deviations above a sample of the row's type, `named` tells whose
    whole name the question is. None where the question has no text or no vector.
    """

    rows: Rows
    keys: Sequence[str]
    """Their names, each as `analyze.key` folds it."""
    sizes: NDArray[np.int64]
    dense: Scores | None = None
    named: Mask | None = None


Begun: TypeAlias = Callable[[Rows], Candidates]
"""Candidates that are being looked for: asked once, it waits for them, and adds those of the rows
given that meet the selection."""


class Scope(Protocol):
    """The rows of an index that meet a selection, and the members through which they do."""

    def begin(self, text: str, vector: Vector | None, limit: int) -> Begun:
        """Begin to look for the `limit` best rows of each leg, and those with this very name, in
        the order of their numbers. Something may go on beside what the caller does next. The text
        leg reads all fields together; beside a vector it may leave out rows that share single
        characters or common words alone, where enough share more. Every row has its cosine,
        whichever leg brought it; filters lose no match."""

    def named(self, text: str) -> Rows:
        """The rows whose whole name is this, spelling aside."""

    def lexical(self, texts: Sequence[str], rows: Rows) -> list[Mapping[str, Scores]]:
        """For each text, what these rows score in each of FIELDS: BM25 as a share of the largest
        that the text could reach in that field; 0 where they share no term."""

    def everything(self) -> Candidates:
        """All rows, without scores."""

    def having(self, rows: Rows, facet: str, values: Collection[str]) -> Mask:
        """Which of these rows have a member with one of these values of one of FACETS."""

    def newest(self, rows: Rows) -> NDArray[np.int64]:
        """The newest year among the members of each row; 0 where none is known."""

    def members(self, rows: Sequence[int], most: int) -> list[Members]:
        """The members of each row, ordered by id; at most so many are named."""

    def by_county(self, rows: Sequence[int], most: int) -> list[dict[str, Members]]:
        """The same of each row, parted by county."""

    def facets(self, rows: Rows, fields: Collection[str]) -> dict[str, dict[str, int]]:
        """Of these rows, how many have each value of each facet (or "year") in a member. Values
        that are unknown are left out."""


class Index(Protocol):
    """One state of an index, as one question sees it from beginning to end.

    Row numbers mean something to this state alone. Safe to share between threads.
    """

    @property
    def version(self) -> str:
        """Differs from that of every other state."""

    @property
    def model(self) -> str:
        """The id of the encoder that made its vectors; "" without any."""

    @property
    def model_name(self) -> str:
        """The name under which that encoder was opened."""

    def scope(self, selection: Selection) -> Scope: ...

    def rows_of(self, nodes: Collection[str]) -> Mapping[str, int]:
        """The row of each of these nodes, in their order. Those that have none are left out, where
        that is known without asking; `describe` leaves them out in any case."""

    def describe(self, rows: Sequence[int]) -> list[Row]: ...

    def measuring(self, projects: Sequence[int]) -> Measuring:
        """The indicators of these rows of projects."""

    @property
    def years(self) -> tuple[int, int] | None:
        """The oldest and the newest year of the documents; None where none tells its year."""

    def said(self, terms: Collection[str]) -> Collection[str]:
        """Those of these terms of `analyze` that some row has in some field; terms of rows that
        were removed may still be among them."""

    def categories(self) -> Sequence[str]:
        """Every level-2 category that some member has."""

    def vectors_of(self, rows: Sequence[int]) -> Vectors | None:
        """The vectors of these rows, zeros for one that has none; None without any."""
