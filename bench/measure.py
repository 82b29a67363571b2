"""What the measurements share: whole processes, interleaved repeats, medians, tables."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = ROOT / "examples"


def seeds() -> Path | None:
    """The folder of real documents that JIPU_SEEDS names, if any."""
    value = os.environ.get("JIPU_SEEDS", "")
    return Path(value) if value else None


def jipu(home: Path, *words: str) -> list[str]:
    """A `jipu` command on a store and an index of its own under `home`."""
    store = f"sqlite:///{(home / 'jipu.db').resolve()}"
    return [sys.executable, "-m", "api", "--store", store, "--data", str(home), *words]


def run(command: Sequence[str]) -> float:
    """Seconds that the whole process took. Raises CalledProcessError with its stderr shown."""
    start = time.perf_counter()
    result = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if result.returncode:
        sys.stderr.write(result.stderr.decode(errors="replace"))
        result.check_returncode()
    return seconds


def interleaved(commands: Mapping[str, Sequence[str]], repeats: int) -> dict[str, list[float]]:
    """Seconds of each command, taken in turns, so that a busy machine slows all alike.

    A first round that is not counted warms the disk cache.
    """
    times: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(repeats + 1):
        for name, command in commands.items():
            seconds = run(command)
            if turn:
                times[name].append(seconds)
    return times


def ratio(times: Mapping[str, Sequence[float]], name: str, base: str) -> float:
    """The median over the turns of one command's time divided by another's in the same turn."""
    return statistics.median(a / b for a, b in zip(times[name], times[base], strict=True))


def between(value: float, bounds: tuple[float, float], form: str = ".3f") -> str:
    """A figure and its interval.

    >>> between(0.8561, (0.79, 0.912))
    '0.856 [0.790, 0.912]'
    """
    return f"{value:{form}} [{bounds[0]:{form}}, {bounds[1]:{form}}]"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Columns parted by tabs and padded: Han characters take two places."""
    lines = [list(head), *map(list, rows)]
    widths = [max(map(_width, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = (
            cell + " " * (width - _width(cell)) for cell, width in zip(line, widths, strict=True)
        )
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def footer(module: str, *notes: str) -> None:
    for note in notes:
        sys.stdout.write(f"{note}\n")
    sys.stdout.write(f"重测：.venv/bin/python -m {module}\n\n")


def _width(text: str) -> int:
    return sum(1 if char.isascii() else 2 for char in text)
