"""`jipu serve` as a process: address, port, stopping."""

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from api import VERSION
from api.settings import Settings
from tests.api.conftest import Jipu


@pytest.fixture
def port() -> int:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        chosen: int = free.getsockname()[1]
        return chosen


@contextmanager
def serving(settings: Settings, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "api", "--store", settings.store, "--data", str(settings.data)]
    process = subprocess.Popen(
        [*command, "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_serve_prints_the_address_and_answers(settings: Settings, port: int) -> None:
    with serving(settings, port) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert f"http://127.0.0.1:{port}" in line
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=20)
        assert "Traceback" not in errors
        assert process.returncode == 0


def test_a_taken_port_is_a_sentence(jipu: Jipu, port: int) -> None:
    with closing(socket.create_server(("127.0.0.1", port))):
        ran = jipu("serve", "--port", str(port))
    assert ran.status == 2
    assert str(port) in ran.err
    assert f"--port {port + 1}" in ran.err


def test_a_public_bind_without_a_key_is_refused(jipu: Jipu, port: int) -> None:
    ran = jipu("serve", "--host", "0.0.0.0", "--port", str(port))
    assert ran.status == 2
    assert "JIPU_API_KEYS" in ran.err


def test_an_unknown_host_is_a_sentence(jipu: Jipu, port: int) -> None:
    ran = jipu("serve", "--host", "localhost.invalid", "--port", str(port))
    assert ran.status == 2
    assert "--host" in ran.err


def test_the_version_is_the_project_s() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{VERSION}"' in project
