"""A filled store on disk, the settings that name it, and a way to run the command line."""

import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner

from api.cli import cli
from api.searching import engine_of
from api.settings import Settings
from graph.opening import open_store
from graph.store import Writer
from tests.api.graphs import fill
from tests.backends import BACKENDS


@dataclass(frozen=True)
class Ran:
    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Jipu: TypeAlias = Callable[..., Ran]


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """A command line sets up logging for its process; here it shares one with other tests."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.fixture(params=BACKENDS, ids=str)
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    return Settings(store=request.param.url(tmp_path, 0), data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Writer]:
    with open_store(settings.store) as opened:
        yield opened


@pytest.fixture
def filled(store: Writer) -> Writer:
    fill(store)
    return store


@pytest.fixture
def jipu(settings: Settings) -> Jipu:
    """Run a command line on the store of this test."""

    def run(*arguments: str, input: str | None = None) -> Ran:
        places = ["--store", settings.store, "--data", str(settings.data)]
        result = CliRunner().invoke(cli, [*places, *arguments], input=input)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Ran(result.exit_code, result.stdout, result.stderr)

    return run


def indexed(settings: Settings) -> bool:
    with open_store(settings.store) as store:
        return engine_of(store, settings).status().ready
