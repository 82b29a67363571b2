"""Jars from Maven Central, in the user's cache: too large for a repository."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path


class NotHere(Exception):
    """Why this machine lacks something, in one sentence."""


def cache(name: str, environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of 绩谱 for `name` in the user's cache; it may not exist."""
    caches = environment.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches).expanduser() / "jipu" / name


def copy_jars(pom: Path, folder: Path, what: str, options: Sequence[str] = ()) -> None:
    """Fetch the jars that `pom` names beside the folder and move them in whole. Raises NotHere.

    `what` names them in the message; `options` go to the dependency plugin.
    """
    maven = shutil.which("mvn")
    if maven is None:
        raise NotHere("没有 Maven：请安装（sudo apt install maven）")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as aside:
        lib = Path(aside) / "lib"
        command = [maven, "-q", "-B", "-f", str(pom), "dependency:copy-dependencies"]
        command += [f"-DoutputDirectory={lib}", "-DincludeScope=runtime", *options]
        ran = subprocess.run(command, capture_output=True, text=True, check=False)
        if ran.returncode:
            last = (ran.stdout + ran.stderr).strip().splitlines()[:1]
            raise NotHere(f"{what} 没有下载成，请检查网络后再试（{''.join(last)}）")
        # Another run may have been faster.
        if not folder.exists():
            lib.rename(folder)
