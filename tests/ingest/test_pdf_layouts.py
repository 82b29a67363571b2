"""Documents printed to PDF by LibreOffice: every cell of every grid, merged ones included.

`data/*.pdf` were made by ``python -m tests.ingest.test_pdf_layouts``, so that the shapes that the
office programs draw are read everywhere; where LibreOffice is installed all layouts are made anew.
"""

from pathlib import Path

import pytest

from ingest.blocks import SourceText
from ingest.limits import Limits
from ingest.readers.pdf_fonts import has_chinese_font
from ingest.reading import read
from tests.ingest.office import SOFFICE, print_pdf, write_docx, write_xlsx
from tests.ingest.pdf_layouts import LAYOUTS, Layout, Rows

DATA = Path(__file__).parent / "data"
MADE = {f"{layout.name}-{kind}": layout for layout in LAYOUTS for kind in ("docx", "xlsx")}
KEPT = ("ministry_form-docx", "self_evaluation-docx", "long_list-docx", "notice-xlsx")


def make(folder: Path, names: list[str]) -> None:
    sources = []
    for name in names:
        kind = name.rpartition("-")[2]
        path = folder / f"{name}.{kind}"
        (write_docx if kind == "docx" else write_xlsx)(MADE[name], path)
        sources.append(path)
    print_pdf(sources, folder)


@pytest.fixture(scope="session")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if SOFFICE is None:
        pytest.skip("LibreOffice (soffice) is not installed")
    if not has_chinese_font():
        pytest.skip("no Chinese font on this machine: apt install fonts-noto-cjk")
    folder = tmp_path_factory.mktemp("printed")
    make(folder, list(MADE))
    return folder


def grids(source: SourceText) -> list[Rows]:
    marks = {"left": "<", "above": "^", "": ""}
    return [
        [[marks[c.covered] or source.text[c.start : c.end] for c in row] for row in table.rows]
        for table in source.tables
    ]


def check(path: Path, layout: Layout) -> None:
    source = read(path.read_bytes(), path.name, "document:a", Limits())
    assert grids(source) == layout.grids()
    squeezed = "".join(source.text.split())
    for paragraph in layout.paragraphs():
        assert "".join(paragraph.split()) in squeezed
    assert layout.head == "" or source.text.count(layout.head) == "".join(
        layout.paragraphs()
    ).count(layout.head)
    assert not source.warnings
    pages = [source.evidence(r[0].start, r[0].end).page for t in source.tables for r in t.rows]
    assert pages == sorted(pages, key=lambda page: page or 0)
    assert pages[-1] == len(source.pages)


@pytest.mark.parametrize("name", KEPT)
def test_every_cell_of_a_printed_document_is_read(name: str) -> None:
    check(DATA / f"{name}.pdf", MADE[name])


@pytest.mark.parametrize("name", MADE)
def test_every_cell_of_what_is_printed_now_is_read(name: str, printed: Path) -> None:
    check(printed / f"{name}.pdf", MADE[name])


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as made:
        make(Path(made), list(KEPT))
        for kept in KEPT:
            (DATA / f"{kept}.pdf").write_bytes((Path(made) / f"{kept}.pdf").read_bytes())
