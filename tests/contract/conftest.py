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
    """`url` gives the address of an empty store; the number tells several of one test apart."""

    name: str
    url: Callable[[Path, int], str]


def _sqlite(folder: Path, number: int) -> str:
    return f"sqlite:///{folder / f'{number}.db'}"


def _neo4j(folder: Path, number: int) -> str:
    # A test has at most two stores at once; the one before the last makes room for the next.
    return servers().empty(number % 2)


BACKENDS = (Backend("sqlite", _sqlite), Backend("neo4j", _neo4j))


@pytest.fixture(params=BACKENDS, ids=lambda backend: backend.name)
def new_store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[NewStore]:
    backend: Backend = request.param
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
