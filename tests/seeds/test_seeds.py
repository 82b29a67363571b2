"""The five real documents: every project, every row, every span. They are never committed."""

import hashlib
import os
from pathlib import Path

import pytest

from graph.elements import Edge, Node
from graph.evidence import Evidence
from graph.mapping import to_batch
from graph.model import Document
from graph.values.text import fold
from ingest.blocks import SourceText
from ingest.extract import extract
from ingest.limits import Limits
from ingest.reading import read
from ingest.vocabulary import LEVEL1, LEVEL2

SEEDS = os.environ.get("JIPU_SEEDS", "")
pytestmark = pytest.mark.skipif(
    not (SEEDS and Path(SEEDS).is_dir()),
    reason="JIPU_SEEDS names no folder with the seed documents",
)

# name begins with: projects, rows, fiscal year, department, digest over all six cells of all rows
TRUTH = {
    "000": (9, 57, 2025, "130209-322"),
    "001": (3, 24, 2025, "130209-806"),
    "002": (15, 95, 2023, "130208-366"),
    "003": (3, 22, 2024, "130803-322"),
    "004": (9, 60, 2024, "130225-366"),
}


def documents() -> list[tuple[str, SourceText, Document]]:
    result = []
    for path in sorted(Path(SEEDS).glob("*.txt")):
        source = read(path.read_bytes(), path.name, "document:seed", Limits())
        result.append((path.name[:3], source, extract(source, "0" * 64, path.name)))
    return result


@pytest.fixture(scope="module")
def seeds() -> list[tuple[str, SourceText, Document]]:
    return documents()


def rows(document: Document) -> list[tuple[str, ...]]:
    return [
        tuple(text.value for text in (i.level1, i.level2, i.name, i.description, i.value, i.basis))
        for project in document.projects
        for i in project.indicators
    ]


def test_every_project_and_row_comes_out(
    seeds: list[tuple[str, SourceText, Document]],
) -> None:
    found = {}
    for name, _, document in seeds:
        assert document.department is not None
        unit = document.department
        found[name] = (
            len(document.projects),
            len(rows(document)),
            document.fiscal_year,
            f"{unit.region.code}-{unit.code[:3]}",
        )
    assert found == TRUTH
    assert sum(row[0] for row in found.values()) == 39
    assert sum(row[1] for row in found.values()) == 258


def test_no_row_has_an_empty_or_foreign_cell(
    seeds: list[tuple[str, SourceText, Document]],
) -> None:
    for name, _, document in seeds:
        for row in rows(document):
            assert row[0] in LEVEL1, (name, row)
            assert row[1] in LEVEL2, (name, row)
            assert all(row), (name, row)


def test_cells_of_tabbed_tables_are_those_between_the_tabs(
    seeds: list[tuple[str, SourceText, Document]],
) -> None:
    """An oracle without any repair: all printed cells after each heading, in order."""
    for name, source, document in seeds:
        if not source.tables:
            continue
        printed: list[str] = []
        for part in source.text.split("\t指标值确定依据\n")[1:]:
            table = part.partition("绩效目标表\n")[0]
            cells = table.split("\n\t")
            cells[-1] = cells[-1].partition("\n\n")[0]
            printed += [fold(cell) for cell in cells if cell.strip()]
        ours: list[str] = []
        above = ""
        for row in rows(document):
            # A first level is printed once for several rows.
            ours += row[1:] if ours and row[0] == above else row
            above = row[0]
        assert ours == printed, name


def spans(document: Document) -> list[Evidence]:
    batch = to_batch(document, "2025-01-01T00:00:00+00:00")
    elements: list[Node | Edge] = [*batch.nodes, *batch.edges]
    return [e for element in elements for e in element.evidence]


def test_every_node_and_edge_has_evidence_that_stands_in_the_source(
    seeds: list[tuple[str, SourceText, Document]],
) -> None:
    for _, source, document in seeds:
        batch = to_batch(document, "2025-01-01T00:00:00+00:00")
        assert all(node.evidence for node in batch.nodes)
        assert all(edge.evidence for edge in batch.edges)
        for evidence in spans(document):
            assert source.text[evidence.start : evidence.end] == evidence.raw
            assert evidence.line == source.text.count("\n", 0, evidence.start) + 1


def test_the_exact_cells_stay(seeds: list[tuple[str, SourceText, Document]]) -> None:
    """Checked by eye once; a digest holds them without their text."""
    digests = {
        name: hashlib.sha256(
            "\n".join("\t".join(row) for row in rows(document)).encode()
        ).hexdigest()[:16]
        for name, _, document in seeds
    }
    assert digests == {
        "000": "dda7567951347339",
        "001": "7f62c4760cf6e133",
        "002": "5d90720e84f4dfe1",
        "003": "6f95c7f12b8b97f4",
        "004": "175c3b8c21e0960e",
    }
