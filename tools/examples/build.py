"""Write examples/ and truth.json from the JSON files in source/.

python -m tools.examples.build            write what is missing or differs
python -m tools.examples.build --check    write nothing; exit status 1 where something differs
"""

import argparse
import json
import sys
from pathlib import Path

from tools.examples import dump, tabs, word
from tools.examples.source import Notice, Statement, notices, statements
from tools.examples.truth import truth

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TRUTH = Path(__file__).parent / "truth.json"


def build() -> dict[Path, bytes]:
    """The content of every generated file, by its path. The same bytes in every run."""
    documents, letters = statements(), notices()
    files = {EXAMPLES / document.file: _statement(document) for document in documents}
    files |= {EXAMPLES / letter.file: _notice(letter) for letter in letters}
    answers = json.dumps(truth(documents, letters), ensure_ascii=False, indent=1)
    files[TRUTH] = f"{answers}\n".encode()
    return files


def stale(files: dict[Path, bytes]) -> list[Path]:
    """Paths whose file is missing or differs, and documents that nothing generates any more."""
    differing = [p for p, content in files.items() if not p.is_file() or p.read_bytes() != content]
    known = {path.name for path in files}
    present = EXAMPLES.iterdir() if EXAMPLES.is_dir() else ()
    return sorted(differing + [path for path in present if path.name not in known])


def _statement(document: Statement) -> bytes:
    if document.layout == "docx":
        return word.statement(document)
    text = dump.statement(document) if document.layout == "dump" else tabs.statement(document)
    return text.encode(document.encoding)


def _notice(letter: Notice) -> bytes:
    if letter.file.endswith(".docx"):
        return word.notice(letter)
    return tabs.notice(letter).encode()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, report differences")
    check = parser.parse_args().check
    files = build()
    differing = stale(files)
    for path in differing:
        sys.stderr.write(f"{path.relative_to(ROOT)}\n")
        if not check and path in files:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[path])
        elif not check:
            path.unlink()
    return 1 if check and differing else 0


if __name__ == "__main__":
    sys.exit(main())
