"""Stores of each kind, and engines over them with the bundled model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer
from search.engine import Engine, open_engine
from tests.backends import BACKENDS, Backend
from tests.search.graphs import PAPERS


@pytest.fixture(scope="module", params=BACKENDS, ids=str)
def backend(request: pytest.FixtureRequest) -> Backend:
    found: Backend = request.param
    return found


@pytest.fixture(scope="module")
def shared(backend: Backend, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An engine over all papers, for tests that change nothing."""
    folder = tmp_path_factory.mktemp("shared")
    with open_store(backend.url(folder, 1)) as store:
        for paper in PAPERS:
            store.apply(paper.batch())
        yield open_engine(store, folder / "index")


@pytest.fixture
def store(backend: Backend, tmp_path: Path) -> Iterator[Writer]:
    with open_store(backend.url(tmp_path, 0)) as opened:
        yield opened


@pytest.fixture
def filled(store: Writer) -> Writer:
    for paper in PAPERS:
        store.apply(paper.batch())
    return store


@pytest.fixture
def engine(filled: Writer, tmp_path: Path) -> Engine:
    return open_engine(filled, tmp_path / "index")
