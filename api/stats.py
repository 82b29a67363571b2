"""How much the graph holds."""

from collections.abc import Mapping
from dataclasses import dataclass

from graph.schema import EDGES, NODES
from graph.store import Reader


@dataclass(frozen=True, slots=True)
class Stats:
    """Counts by label and by edge type, in the order of the schema, 0 included."""

    revision: int
    nodes: Mapping[str, int]
    edges: Mapping[str, int]


def stats(reader: Reader) -> Stats:
    counts = reader.counts()
    return Stats(
        reader.revision(),
        {label: counts.get(label, 0) for label in NODES},
        {type: counts.get(type, 0) for type in EDGES},
    )
