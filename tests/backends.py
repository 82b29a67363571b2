"""The kinds of store. What is tested over stores runs on each; a new one adds itself here."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.neo4j_servers import servers


@dataclass(frozen=True)
class Backend:
    """`url` gives the address of an empty store; the number tells several of one test apart.

    `examples` is how many a property is tried on: a server takes a hundred times as long.
    """

    name: str
    url: Callable[[Path, int], str]
    examples: int

    def __str__(self) -> str:
        return self.name


def _sqlite(folder: Path, number: int) -> str:
    return f"sqlite:///{folder / f'{number}.db'}"


def _neo4j(folder: Path, number: int) -> str:
    # A test has at most two stores at once; the one before the last makes room for the next.
    return servers().empty(number % 2)


SQLITE = Backend("sqlite", _sqlite, 60)
NEO4J = Backend("neo4j", _neo4j, 8)
BACKENDS = (SQLITE, NEO4J)
