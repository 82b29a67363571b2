"""A store that holds the counties of `tests.graph.counties`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer
from tests.graph.counties import notices, qinghe, yunling


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Writer]:
    with open_store(f"sqlite:///{tmp_path / 'jipu.db'}") as opened:
        for said in (qinghe(), yunling(), notices()):
            opened.apply(said)
        yield opened
