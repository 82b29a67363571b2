"""A store, and an engine over it with the bundled model."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer
from search.engine import Engine, open_engine
from tests.search.graphs import PAPERS


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Writer]:
    with open_store(f"sqlite:///{tmp_path}/graph.db") as opened:
        yield opened


@pytest.fixture
def filled(store: Writer) -> Writer:
    for paper in PAPERS:
        store.apply(paper.batch())
    return store


@pytest.fixture
def engine(filled: Writer, tmp_path: Path) -> Engine:
    return open_engine(filled, tmp_path / "index")
