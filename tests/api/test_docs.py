"""docs/cli.md and docs/http.md are complete and say the same defaults as the code."""

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from api.chinese import shown_default
from api.cli import _COMMANDS, cli
from api.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
CLI = (ROOT / "docs" / "cli.md").read_text(encoding="utf-8")


def shown(default: object) -> str:
    if isinstance(default, bool):
        return f"`{str(default).lower()}`"
    return f"`{default}`" if default not in ("", ()) else "（空）"


@pytest.mark.parametrize("setting", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_documented(setting: object) -> None:
    name, default = getattr(setting, "name"), getattr(setting, "default")  # noqa: B009
    assert f"| `{PREFIX}{name.upper()}` | {shown(default)} |" in CLI


def test_no_setting_is_documented_that_does_not_exist() -> None:
    documented = set(re.findall(rf"^\| `{PREFIX}(\w+)` \|", CLI, re.MULTILINE))
    assert documented == {field.name.upper() for field in fields(Settings)}


def section(name: str) -> str:
    match = re.search(rf"^### {name}\n(.*?)(?=^### |\Z)", CLI, re.MULTILINE | re.DOTALL)
    assert match, f"docs/cli.md 没有 {name} 一节"
    return match[1]


def options(command: click.Command) -> list[click.Option]:
    return [p for p in command.params if isinstance(p, click.Option)]


@pytest.mark.parametrize("name", _COMMANDS)
def test_every_command_and_option_is_documented(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    text = section(name)
    assert f"    jipu {name}" in text
    for option in options(command):
        rows = [row for row in text.splitlines() if f"`{option.opts[-1]}" in row.split(" | ")[0]]
        assert rows, f"{name} 的 {option.opts[-1]} 没有写在 docs/cli.md"
        default = shown_default(option)
        if default:
            assert f"| `{default}` |" in rows[0]
    documented = set(re.findall(r"^\| [^|]*?`(--[\w-]+)", text, re.MULTILINE))
    assert documented == {option.opts[-1] for option in options(command)}


def test_no_command_is_documented_that_does_not_exist() -> None:
    assert re.findall(r"^### (\S+)$", CLI, re.MULTILINE) == list(_COMMANDS)


def test_every_global_option_is_documented() -> None:
    top = CLI[: CLI.index("\n## 设置")]
    for option in options(cli):
        assert f"| `{option.opts[-1]}" in top
