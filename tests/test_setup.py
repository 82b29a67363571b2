"""make run and make test on machines that lack something: a sentence says what to do.

The scripts run in a copy of the checkout, with a PATH on which the tests decide what exists.
"""

import os
import shutil
import socket
import subprocess
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tools.data_model import PAGE, page

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = sorted((ROOT / "tools").glob("*.sh"))
TOOLS = ("sh", "dirname", "cat", "cksum", "df", "awk", "rm", "grep", "mkdir", "chmod", "cp", "env")

OLD_PYTHON = "#!/bin/sh\nexit 1\n"
# Answers the version check, and fails where ensurepip is asked for.
NO_ENSUREPIP = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; esac\nexit 0\n'
# Stands for a complete Python: "makes" an environment whose python notes every call of pip.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
    *"-m venv"*)
        rm -rf .venv && mkdir -p .venv/bin && cp "$0" .venv/bin/python
        printf '#!%s/.venv/bin/python\\n' "$(pwd -P)" >.venv/bin/pip
        echo made >>venv.log ;;
    *"-m pip"*)
        printf '%s\\n' "$*" >>pip.log
        [ ! -f pip.fails ] || { echo no route >&2; exit 1; } ;;
esac
"""
FULL_DISK = "#!/bin/sh\nprintf 'head\\n/dev/x 100 99 51200 99%% /\\n'\n"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the set-up needs, without an environment; its folder has a blank."""
    copy = tmp_path / "a copy"
    shutil.copytree(ROOT / "tools", copy / "tools", ignore=shutil.ignore_patterns("examples"))
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, copy / name)
    return copy


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A folder to be the whole PATH: the plain tools, and no Python."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in TOOLS:
        found = shutil.which(name)
        assert found, name
        (folder / name).symlink_to(found)
    return folder


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield listener.getsockname()[1]


def put(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.unlink(missing_ok=True)
    file.write_text(script, encoding="utf-8")
    file.chmod(0o755)
    return file


def sh(
    checkout: Path, path: Path | str, *words: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    shell = shutil.which("sh")
    assert shell
    return subprocess.run(
        [shell, *words],
        cwd=checkout,
        env={"PATH": str(path), "LC_ALL": "C", **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("interpreters", "expected"),
    [
        # nothing at all
        ({}, "没有找到 Python 3.11"),
        # too old
        ({"python3": OLD_PYTHON}, "没有找到 Python 3.11"),
        # Debian without python3-venv
        ({"python3": NO_ENSUREPIP}, "apt install python3-venv"),
    ],
)
def test_no_python_that_fits(
    checkout: Path, path: Path, interpreters: dict[str, str], expected: str
) -> None:
    for name, script in interpreters.items():
        put(path, name, script)
    result = sh(checkout, path, "tools/install.sh", "base")
    assert result.returncode == 2
    assert expected in result.stderr
    assert not (checkout / ".venv").exists()


def test_a_newer_python_beside_a_broken_one_is_taken(checkout: Path, path: Path) -> None:
    put(path, "python3.13", NO_ENSUREPIP)
    put(path, "python3.12", OLD_PYTHON)
    complete = put(path, "python3.11", FAKE_PYTHON)
    assert sh(checkout, path, "tools/python.sh").stdout.strip() == str(complete)


@pytest.mark.parametrize(
    ("script", "expected"),
    [(None, "找不到 PYTHON="), (OLD_PYTHON, "低于 3.11"), (NO_ENSUREPIP, "python3-venv")],
)
def test_the_python_that_was_named(
    checkout: Path, path: Path, script: str | None, expected: str
) -> None:
    put(path, "python3", FAKE_PYTHON)
    named = path / "mine"
    if script is not None:
        put(path, "mine", script)
    result = sh(checkout, path, "tools/install.sh", "base", PYTHON=str(named))
    assert (result.returncode, expected in result.stderr) == (2, True), result.stderr


def test_a_full_disk(checkout: Path, path: Path) -> None:
    put(path, "python3", FAKE_PYTHON)
    put(path, "df", FULL_DISK)
    result = sh(checkout, path, "tools/install.sh", "base")
    assert result.returncode == 2
    assert "只剩 50 MiB" in result.stderr
    assert not (checkout / ".venv").exists()


def test_a_taken_port_is_told_before_anything_is_installed(checkout: Path, taken_port: int) -> None:
    result = sh(checkout, os.environ["PATH"], "tools/run.sh", JIPU_PORT=str(taken_port))
    assert result.returncode == 2
    assert f"127.0.0.1:{taken_port}" in result.stderr
    assert "JIPU_PORT=" in result.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("port", ["0", "70000", "web"])
def test_a_port_that_is_none(checkout: Path, port: str) -> None:
    result = sh(checkout, os.environ["PATH"], "tools/run.sh", JIPU_PORT=port)
    assert (result.returncode, f"JIPU_PORT={port} 不是端口号" in result.stderr) == (2, True)


def test_installs_once_and_again_only_after_a_change(checkout: Path, path: Path) -> None:
    put(path, "python3", FAKE_PYTHON)

    def installs(group: str) -> int:
        result = sh(checkout, path, "tools/install.sh", group)
        assert result.returncode == 0, result.stderr
        return len((checkout / "pip.log").read_text().splitlines())

    assert [installs("base"), installs("base")] == [1, 1]
    with (checkout / "constraints.txt").open("a") as file:
        file.write("# changed\n")
    assert [installs("base"), installs("base")] == [2, 2]
    # the test group adds to the base, and holds it
    put(path, "df", FULL_DISK.replace("51200", "99999999"))
    assert [installs("test"), installs("test"), installs("base")] == [3, 3, 3]
    assert "-c constraints.txt -e .[test]" in (checkout / "pip.log").read_text()


def test_a_moved_checkout_makes_a_new_environment(
    checkout: Path, path: Path, tmp_path: Path
) -> None:
    put(path, "python3", FAKE_PYTHON)
    sh(checkout, path, "tools/install.sh", "base")
    moved = checkout.rename(tmp_path / "elsewhere")
    sh(moved, path, "tools/install.sh", "base")
    sh(moved, path, "tools/install.sh", "base")
    for log in ("venv.log", "pip.log"):
        assert len((moved / log).read_text().splitlines()) == 2


def test_a_failed_installation_is_told_and_tried_again(checkout: Path, path: Path) -> None:
    put(path, "python3", FAKE_PYTHON)
    (checkout / "pip.fails").touch()
    result = sh(checkout, path, "tools/install.sh", "base")
    assert result.returncode == 2
    assert "no route" in result.stderr
    assert "PIP_INDEX_URL" in result.stderr
    (checkout / "pip.fails").unlink()
    assert sh(checkout, path, "tools/install.sh", "base").returncode == 0
    assert len((checkout / "pip.log").read_text().splitlines()) == 2


@pytest.mark.parametrize("failing", ["ruff", "mypy", "pytest", None])
def test_make_test_runs_every_check_and_fails_with_one(
    checkout: Path, path: Path, failing: str | None
) -> None:
    put(path, "python3", FAKE_PYTHON)
    put(path, "df", FULL_DISK.replace("51200", "99999999"))
    sh(checkout, path, "tools/install.sh", "test")
    for name in ("ruff", "mypy", "pytest"):
        status = int(name == failing)
        put(checkout / ".venv/bin", name, f"#!/bin/sh\necho ran {name}\nexit {status}\n")
    result = sh(checkout, path, "tools/test.sh")
    assert all(f"ran {name}" in result.stdout for name in ("ruff", "mypy", "pytest"))
    assert result.returncode == int(failing is not None)
    if failing:
        assert failing in result.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("user", "apt", "expected"),
    [
        # root, and a package that brings the program
        (
            0,
            'printf "#!/bin/sh\n" >"$(dirname "$0")/soffice"; chmod +x "$(dirname "$0")/soffice"',
            "",
        ),
        # no route to the packages
        (0, "exit 100", "没有装上"),
        # nobody who may install
        (1000, "touch called", "sudo apt install"),
    ],
)
def test_libreoffice_is_installed_where_that_needs_nobody(
    checkout: Path, path: Path, user: int, apt: str, expected: str
) -> None:
    put(path, "id", f"#!/bin/sh\necho {user}\n")
    put(path, "apt-get", f"#!/bin/sh\n{apt}\n")
    result = sh(checkout, path, "tools/office.sh")
    assert result.returncode == 0, result.stderr
    assert expected in result.stderr
    assert (path / "soffice").exists() == (not expected)
    assert not (checkout / "called").exists()


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_scripts_are_posix(script: Path) -> None:
    shell = shutil.which("dash") or shutil.which("sh")
    assert shell
    subprocess.run([shell, "-n", str(script)], check=True)
    text = script.read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "[[" not in text


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed here")
def test_every_target_is_explained() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = makefile.partition(".PHONY:")[2].partition("\n")[0].split()
    help_text = subprocess.run(
        ["make", "-C", str(ROOT)], capture_output=True, encoding="utf-8", check=True
    ).stderr
    assert [
        t for t in targets if t not in ("help", "constraints") and f"make {t}" not in help_text
    ] == []


def test_the_data_model_page_is_what_the_schema_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run `make docs`"


def test_constraints_pin_every_dependency_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    groups = project["optional-dependencies"]
    wanted = [*project["dependencies"], *groups["test"], *groups["training"]]
    pins = _pins()
    for requirement in map(Requirement, wanted):
        assert requirement.specifier.contains(pins[requirement.name.lower()]), requirement


def test_this_environment_is_what_the_constraints_say() -> None:
    installed = {
        dist.metadata["Name"].lower().replace("_", "-"): dist.version
        for dist in metadata.distributions()
    }
    pins = _pins()
    assert {n: v for n, v in installed.items() if n in pins and pins[n] != v} == {}


def _pins() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return dict(line.split("==", 1) for line in lines if not line.startswith("#"))
