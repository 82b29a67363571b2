"""The stores that must keep the contract: all of `tests.backends`."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import TypeAlias

import pytest

from graph.opening import open_store
from graph.store import Writer
from tests.backends import BACKENDS, Backend

Opener: TypeAlias = Callable[[], Writer]
"""Opens one and the same store, again with every call."""

NewStore: TypeAlias = Callable[[], Opener]
"""Makes an empty store."""


@pytest.fixture(params=BACKENDS, ids=str)
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
