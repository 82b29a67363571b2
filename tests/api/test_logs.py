"""Logs: one line an event, no credential."""

import json
import logging

import pytest

from api.logs import configure, without_credentials
from api.settings import Settings


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("neo4j://user:secret@host:7687/db", "neo4j://***@host:7687/db"),
        ("bolt+s://u:p@ss:w@rd@host", "bolt+s://***@host"),  # an @ in the password
        ("见 https://example.org/a@b", "见 https://example.org/a@b"),
        ("sqlite:///data/jipu.db", "sqlite:///data/jipu.db"),
    ],
)
def test_without_credentials(text: str, expected: str) -> None:
    assert without_credentials(text) == expected


@pytest.mark.parametrize("format", ["text", "json"])
def test_a_logged_credential_is_masked(format: str, capsys: pytest.CaptureFixture[str]) -> None:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    try:
        configure(Settings(log_format=format, log_level="info"))
        try:
            raise ValueError("neo4j://u:geheim@host")
        except ValueError:
            logging.getLogger("jipu.test").exception("打开 %s", "neo4j://u:geheim@host")
    finally:
        root.handlers[:] = before
        root.setLevel(level)
    written = capsys.readouterr()
    assert written.out == ""
    assert "geheim" not in written.err
    if format == "json":
        event = json.loads(written.err)
        assert event["message"] == "打开 neo4j://***@host"
        assert "ValueError" in event["exception"]
