"""Counts and checks over the real seed documents (JIPU_SEEDS) and the examples with their truth."""

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from bench.measure import EXAMPLES, footer, seeds, table
from graph.evidence import Evidence
from graph.model import Document, Indicator, Project
from ingest.blocks import SourceText
from ingest.extract import extract
from ingest.files import find_files, read_bytes
from ingest.limits import Limits
from ingest.reading import read
from tools.examples.build import TRUTH

SEED_PROJECTS = 39
SEED_ROWS = 258


def documents(folder: Path) -> Iterator[tuple[Path, SourceText, Document]]:
    limits = Limits()
    for found in find_files([folder], limits):
        content = read_bytes(found.path, limits)
        source = read(content, found.path.name, "document:bench", limits)
        sha256 = hashlib.sha256(content).hexdigest()
        yield found.path, source, extract(source, sha256, found.path.name)


def evidence_of(value: object) -> Iterator[Evidence]:
    """Every Evidence that a domain object holds, at any depth."""
    if isinstance(value, Evidence):
        yield value
    elif is_dataclass(value):
        for field in fields(value):
            yield from evidence_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from evidence_of(item)


def cells(row: Indicator) -> list[str]:
    texts = (row.level1, row.level2, row.name, row.description, row.value, row.basis)
    return [text.value for text in texts]


def measure(folder: Path) -> dict[str, int]:
    """Projects, rows and rows without a name; evidence, and evidence that misses its span."""
    count = dict.fromkeys(("projects", "rows", "nameless", "evidence", "off"), 0)
    for _, source, document in documents(folder):
        rows = [row for project in document.projects for row in project.indicators]
        spans = list(evidence_of(document))
        count["projects"] += len(document.projects)
        count["rows"] += len(rows)
        count["nameless"] += sum(not row.name.value for row in rows)
        count["evidence"] += len(spans)
        count["off"] += sum(source.text[span.start : span.end] != span.raw for span in spans)
    return count


def _codes(project: Project) -> str:
    return project.code.value if project.code else ""


def examples_exact() -> tuple[int, int]:
    """Rows of the examples whose six cells equal the truth, and rows in the truth."""
    answers: list[Mapping[str, Any]] = json.loads(TRUTH.read_text(encoding="utf-8"))["statements"]
    wanted = {
        (answer["file"], project["code"]): project["indicators"]
        for answer in answers
        for project in answer["projects"]
    }
    exact = 0
    for path, _, document in documents(EXAMPLES):
        for project in document.projects:
            expected = wanted.get((path.name, _codes(project)), [])
            exact += sum(
                cells(row) == truth
                for row, truth in zip(project.indicators, expected, strict=False)
            )
    return exact, sum(map(len, wanted.values()))


def main() -> int:
    rows = []
    right = True
    for name, folder in (("examples", EXAMPLES), ("seeds", seeds())):
        if folder is None:
            continue
        count = measure(folder)
        right &= not count["off"] and not count["nameless"]
        if name == "seeds":
            right &= (count["projects"], count["rows"]) == (SEED_PROJECTS, SEED_ROWS)
        rows.append([name, *(str(number) for number in count.values())])
    table(("材料", "项目", "指标行", "无名的行", "证据", "位置不符"), rows)
    exact, total = examples_exact()
    footer(
        "bench.seed_accuracy",
        f"examples 六格全对的行：{exact}/{total}",
        f"seeds 应为 {SEED_PROJECTS} 个项目、{SEED_ROWS} 行",
    )
    return 0 if right and exact == total else 1


if __name__ == "__main__":
    sys.exit(main())
