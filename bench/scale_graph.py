"""A graph of any number of distinct wordings that is made up while it is read.

It stands where a store stands, for building an index and for searching: a real store of a million
wordings takes minutes to write and gigabytes of disk, and says nothing more about the index.
What is read of it costs less than of a real store: a search reads about thirty nodes.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Self

import numpy as np
from numpy.typing import NDArray

from bench.scale_wordings import wording
from bench.synthetic import TOWNS, YEARS, project_words
from graph.elements import Edge, GraphBatch, Node, Scalar
from graph.schema import label_of
from graph.store import Changes, Direction, Embedding, Page
from search.embedding import text_hash

MODEL = "bench-made@1"
POPULAR = 5
"""Every so many-th indicator says again what a popular wording says."""
_INDICATORS, _PROJECTS, _DOCUMENTS = 10, 40, 3
"""Of a project, of a document, of a department."""
_DEPARTMENTS, _COUNTIES = 12, 100


class ScaleGraph:
    """`graph.store.Writer` for `amount` wordings, their indicators, projects, documents and places.
    `vectors` are those of the wordings, shape (amount, dimension)."""

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self._vectors = vectors
        self._amounts = {
            "Wording": len(vectors),
            "Indicator": len(vectors) * POPULAR // (POPULAR - 1),
        }
        for label, above, share in (
            ("Project", "Indicator", _INDICATORS),
            ("Document", "Project", _PROJECTS),
            ("Department", "Document", _DOCUMENTS),
        ):
            self._amounts[label] = -(-self._amounts[above] // share)
        self._amounts["Region"] = min(_COUNTIES, -(-self._amounts["Department"] // _DEPARTMENTS))

    def counts(self) -> dict[str, int]:
        return dict(self._amounts)

    def get(self, ids: Iterable[str]) -> dict[str, Node]:
        return {id: _node(id) for id in ids}

    def scan(
        self,
        label: str,
        where: Mapping[str, Collection[Scalar]] | None = None,
        after: str | None = None,
        limit: int = 1000,
    ) -> Page:
        first = 0 if after is None else _number(after) + 1
        last = min(first + limit, self._amounts.get(label, 0))
        nodes = tuple(_node(_id(label, number)) for number in range(first, last))
        more = last < self._amounts.get(label, 0)
        return Page(nodes, nodes[-1].id if more else None)

    def edges(
        self,
        ids: Iterable[str],
        types: Collection[str] | None = None,
        direction: Direction = "out",
    ) -> list[Edge]:
        """Upwards every type; downwards what leads to the node above, to a project's indicators,
        and to the one indicator that had the wording first."""
        found = {
            edge.key: edge
            for id in ids
            for edge in _edges(id, direction)
            if (types is None or edge.type in types) and self._has(edge.target)
        }
        return [found[key] for key in sorted(found)]

    def _has(self, id: str) -> bool:
        return _number(id) < self._amounts[label_of(id) or ""]

    def degree(self, ids: Iterable[str], type: str, direction: Direction) -> dict[str, int]:
        """No number here is so great that it would be told apart."""
        return dict.fromkeys(ids, 1)

    def contributors(self, ids: Iterable[str]) -> dict[str, tuple[str, ...]]:
        return dict.fromkeys(ids, ())

    def embeddings(self, model: str, ids: Iterable[str]) -> dict[str, Embedding]:
        return {
            id: Embedding(
                text_hash(wording(_number(id)).text), self._vectors[_number(id)].tobytes()
            )
            for id in ids
            if id.startswith("wording:")
        }

    def revision(self) -> int:
        return 1

    def probe(self, seconds: float) -> int:
        return 1

    def documents(self) -> list[str]:
        return []

    def batch_of(self, document: str) -> GraphBatch | None:
        return None

    def models(self) -> list[str]:
        return [MODEL]

    def changes(self, since: int) -> Changes | None:
        return None

    def apply(self, batch: GraphBatch, replacing: object = ()) -> None:
        raise NotImplementedError

    def delete_document(self, document: str) -> bool:
        raise NotImplementedError

    def set_embeddings(self, model: str, vectors: Mapping[str, Embedding]) -> None:
        """Vectors of what is no wording are made again each time."""

    def close(self) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None: ...


def _id(label: str, number: int) -> str:
    return f"{label.lower()}:{number:08d}"


def _number(id: str) -> int:
    return int(id.partition(":")[2])


def _worded(indicator: int) -> int:
    """Of each POPULAR indicators the last has a wording that was there before, most often one of
    the first."""
    turn, place = divmod(indicator, POPULAR)
    own = turn * (POPULAR - 1)
    return own + place if place < POPULAR - 1 else own % max(1, int((turn + 1) ** 0.5))


def _node(id: str) -> Node:
    label, number = label_of(id) or "", _number(id)
    if label == "Wording":
        said = wording(number)
        texts = {"name": said.name, "description": said.description, "text": said.text}
        return Node(id, label, texts)
    if label == "Indicator":
        said = wording(_worded(number))
        return Node(
            id,
            label,
            {
                "name": said.name,
                "description": said.description,
                "level2": said.level2,
                "value": said.value,
                "value_kind": "percent" if "%" in said.value else "number",
            },
        )
    year = YEARS[number // (1 if label == "Document" else _PROJECTS) % len(YEARS)]
    kinds = project_words()
    office, name, purpose, _ = kinds[number * 7 % len(kinds)]
    if label == "Project":
        return Node(id, label, {"name": name, "purpose": purpose, "fiscal_year": year})
    if label == "Document":
        title = f"{county(number // _DOCUMENTS // _DEPARTMENTS)}第{number}份绩效文本"
        return Node(id, label, {"title": title, "fiscal_year": year})
    if label == "Department":
        full = f"{county(number // _DEPARTMENTS)}{office}"
        return Node(id, label, {"name": full, "code": f"{number:06d}"})
    return Node(id, label, {"name": county(number), "code": f"{number:06d}", "level": "county"})


def county(number: int) -> str:
    return f"{TOWNS[number % _COUNTIES % 16]}{TOWNS[number % _COUNTIES // 16]}县"


def _edges(id: str, direction: Direction) -> Iterator[Edge]:
    label, number = label_of(id) or "", _number(id)
    if label == "Indicator" and direction == "out":
        yield Edge(id, "WORDED_AS", _id("Wording", _worded(number)))
    elif label == "Wording" and direction == "in":
        turn, place = divmod(number, POPULAR - 1)
        yield Edge(_id("Indicator", turn * POPULAR + place), "WORDED_AS", id)
    elif label == "Indicator":
        yield Edge(_id("Project", number // _INDICATORS), "MEASURED_BY", id)
    elif label == "Project" and direction == "out":
        yield Edge(id, "DECLARED_IN", _id("Document", number // _PROJECTS))
        for place in range(_INDICATORS):
            yield Edge(id, "MEASURED_BY", _id("Indicator", number * _INDICATORS + place))
    elif label == "Project":
        yield Edge(_id("Department", number // _PROJECTS // _DOCUMENTS), "RUNS", id)
    elif label == "Document" and direction == "out":
        yield Edge(id, "PUBLISHED_BY", _id("Department", number // _DOCUMENTS))
    elif label == "Department" and direction == "out":
        yield Edge(id, "IN", _id("Region", number // _DEPARTMENTS % _COUNTIES))
