"""Fill the outputs in README.md and README.zh.md with what the commands print today.

    python -m tools.readme

Between `<!-- jipu WORDS · N -->` and `<!-- end -->` stands the command and the first N lines of
what it prints over examples/ in a new store.
"""

import os
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PAGES = ("README.md", "README.zh.md")

# <!-- jipu trace 州财建〔2024〕9021号 · 20 -->…<!-- end -->               not: <!-- a remark -->
_BLOCK = re.compile(
    r"<!-- jipu (?P<words>[^\n]+?) · (?P<lines>\d+) -->\n.*?<!-- end -->", re.DOTALL
)


def output(home: Path, words: list[str]) -> list[str]:
    """The lines of one command over the store in `home`. Raises CalledProcessError."""
    environment = os.environ | {
        "JIPU_STORE": f"sqlite:///{home / 'jipu.db'}",
        "JIPU_DATA": str(home),
        "COLUMNS": "100",
    }
    result = subprocess.run(
        [sys.executable, "-m", "api", *words],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    return result.stdout.splitlines()


def filled(text: str, home: Path) -> str:
    """The page with every block filled anew."""

    def block(match: re.Match[str]) -> str:
        words, limit = match["words"], int(match["lines"])
        lines = output(home, shlex.split(words))
        shown = [*lines[:limit], "……"] if len(lines) > limit else lines
        body = "\n".join([f"$ jipu {words}", *shown])
        return f"<!-- jipu {words} · {limit} -->\n```text\n{body}\n```\n<!-- end -->"

    return _BLOCK.sub(block, text)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder).resolve()
        output(home, ["ingest", "examples"])
        for name in PAGES:
            page = ROOT / name
            page.write_text(filled(page.read_text(encoding="utf-8"), home), encoding="utf-8")


if __name__ == "__main__":
    main()
