"""`jipu trace` starts without the libraries that only other commands need."""

import subprocess
import sys

import pytest

from api.settings import Settings
from graph.store import Writer
from tests.api.graphs import NUMBER, ROW

HEAVY = ("fastapi", "pydantic", "faiss", "onnxruntime", "tantivy", "torch", "tokenizers")
LIGHT_COMMANDS = [("trace", NUMBER), ("trace", "不存在〔2024〕1号"), ("show", ROW), ("stats",)]
CODE = """
import sys
from api.cli import cli
try:
    cli.main(sys.argv[1:])
finally:
    print(sorted(sys.modules), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", LIGHT_COMMANDS, ids=lambda a: "-".join(a)[:20])
def test_light_commands_load_nothing_heavy(
    filled: Writer, settings: Settings, arguments: tuple[str, ...]
) -> None:
    ran = subprocess.run(
        [sys.executable, "-c", CODE, "--store", settings.store, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    loaded = ran.stderr.splitlines()[-1]
    if settings.store.startswith("sqlite"):
        assert "'sqlite3'" in loaded
        assert [name for name in (*HEAVY, "numpy", "neo4j") if f"'{name}'" in loaded] == []
    else:
        # The driver takes numpy along where it is installed.
        assert "'neo4j'" in loaded
        assert [name for name in HEAVY if f"'{name}'" in loaded] == []
