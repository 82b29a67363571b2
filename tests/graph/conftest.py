"""Stores that hold the counties of `tests.graph.counties`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer
from tests.backends import BACKENDS
from tests.graph.counties import notices, qinghe, yunling


@pytest.fixture(params=BACKENDS, ids=str)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Writer]:
    with open_store(request.param.url(tmp_path, 0)) as opened:
        for said in (qinghe(), yunling(), notices()):
            opened.apply(said)
        yield opened
