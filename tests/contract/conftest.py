"""The stores that must keep the contract. A new one adds itself to BACKENDS, and nothing else."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest

from graph.opening import open_store
from graph.store import Writer
from tests.neo4j_servers import servers

Opener: TypeAlias = Callable[[], Writer]
"""Opens one and the same store, again with every call."""

NewStore: TypeAlias = Callable[[], Opener]
"""Makes an empty store."""


@dataclass(frozen=True)
class Backend:
    """`url` gives the address of an empty store; the number tells several of one test apart.

    `examples` is how many a property is tried on: a server takes a hundred times as long.
    """

    name: str
    url: Callable[[Path, int], str]
    examples: int


def _sqlite(folder: Path, number: int) -> str:
    return f"sqlite:///{folder / f'{number}.db'}"


def _neo4j(folder: Path, number: int) -> str:
    # A test has at most two stores at once; the one before the last makes room for the next.
    return servers().empty(number % 2)


BACKENDS = (Backend("sqlite", _sqlite, 60), Backend("neo4j", _neo4j, 8))


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = request.param
    return found


@pytest.fixture
def new_store(backend: Backend, tmp_path: Path) -> Iterator[NewStore]:
    numbers = count()
    with ExitStack() as opened:

        def new() -> Opener:
            url = backend.url(tmp_path, next(numbers))
            return lambda: opened.enter_context(open_store(url))

        yield new


@pytest.fixture
def opener(new_store: NewStore) -> Opener:
    return new_store()


@pytest.fixture
def store(opener: Opener) -> Writer:
    return opener()
