"""The committed examples are what the script makes of the sources, and are rich enough."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tools.examples.build import EXAMPLES, TRUTH, build, stale
from tools.examples.dump import wrap
from tools.examples.source import notices, statements


@pytest.fixture(scope="module")
def files() -> dict[Path, bytes]:
    return build()


@pytest.fixture(scope="module")
def answers() -> Any:
    return json.loads(TRUTH.read_text(encoding="utf-8"))


def test_committed_files_are_up_to_date(files: dict[Path, bytes]) -> None:
    assert stale(files) == [], "run `make examples`"


def test_two_runs_give_equal_bytes(files: dict[Path, bytes]) -> None:
    assert build() == files


def test_a_changed_file_is_noticed(files: dict[Path, bytes]) -> None:
    path = next(iter(files))
    assert stale(files | {path: b"other"}) == [path]


def test_the_folder_holds_documents_only(files: dict[Path, bytes]) -> None:
    """`jipu ingest examples` reads all that lies there."""
    assert {path.suffix for path in EXAMPLES.iterdir()} == {".txt", ".docx"}


def test_counties_years_and_formats() -> None:
    documents = statements()
    assert len(documents) >= 6
    assert {document.county[0] for document in documents} == {"990121", "990122", "990103"}
    assert {document.year for document in documents} == {2024, 2025}
    assert {document.layout for document in documents} == {"tabs", "contents", "dump", "docx"}
    assert {document.encoding for document in documents} == {"utf-8", "gb18030"}


def test_project_codes_are_well_formed_and_name_their_county() -> None:
    for document in statements():
        for project in document.projects:
            assert re.fullmatch(r"\d{8}P[0-9A-Z]{12}", project.code), project.code
            assert project.code.startswith(document.county[0])


def test_every_document_number_is_recognisably_fictional() -> None:
    """No real series reaches 9000 in a year."""
    printed = "".join(path.read_text(encoding="utf-8") for path in _sources())
    serials = re.findall(r"\d{4}[〕\]】﹞)）]\s*第?\s*(\d+)\s*号", printed)
    assert len(serials) > 100
    assert all(int(serial) >= 9000 for serial in serials)


def test_the_chain_runs_from_the_ministry_to_a_county() -> None:
    cites = {notice.number: [number for number, _ in notice.cites] for notice in notices()}
    assert cites["青禾财建〔2024〕9007号"] == ["州财建〔2024〕9021号"]
    assert "山财建〔2024〕9036号" in cites["州财建〔2024〕9021号"]
    assert cites["山财建〔2024〕9036号"] == ["财建〔2024〕9018号"]


def test_a_project_continues_with_other_figures() -> None:
    budgets: dict[str, set[tuple[int, str]]] = {}
    for document in statements():
        for project in document.projects:
            budgets.setdefault(project.code, set()).add((document.year, project.budget))
    assert sum(len(years) == 2 for years in budgets.values()) >= 3


def test_one_wording_has_different_targets_in_three_counties() -> None:
    targets = {
        (document.county[0], row.value)
        for document in statements()
        for project in document.projects
        for row in project.rows
        if (row.name, row.description) == ("群众满意度", "受益群众对项目实施的满意程度")
    }
    assert len({county for county, _ in targets}) == 3
    assert len({value for _, value in targets}) >= 4


def test_a_policy_that_was_never_ingested_is_cited(answers: Any) -> None:
    ingested = {notice["number"] for notice in answers["notices"]}
    assert set(_cited(answers)) - ingested >= {"州财外〔2023〕9044号"}


def test_truth_names_citations_that_stand_in_the_cell(answers: Any) -> None:
    """Labels are set by hand; a serial or title that is nowhere in its row is a slip."""
    for document in answers["statements"]:
        for project in document["projects"]:
            for citation in project["citations"]:
                text = _place(project, citation)
                key = re.search(r"〕(\d+)号|《(.+)》", citation["policy"])
                assert key, citation
                assert (key[1] or key[2]) in text.replace(" ", ""), citation


def test_every_printed_number_is_labelled(answers: Any) -> None:
    for document in answers["statements"]:
        for project in document["projects"]:
            labelled = Counter(c["row"] for c in project["citations"] if "row" in c)
            for position, row in enumerate(project["indicators"], 1):
                printed = len(re.findall(r"90\d\d\s*号", "".join(row)))
                titles = len(re.findall(r"《", "".join(row)))
                assert labelled[position] == printed + titles, (project["code"], row)


def test_mistakes_point_at_rows_that_exist(answers: Any) -> None:
    mistakes = [(d, m) for d in answers["statements"] for m in d["mistakes"]]
    assert len(mistakes) >= 6
    for document, mistake in mistakes:
        rows = {p["code"]: len(p["indicators"]) for p in document["projects"]}
        assert 1 <= (mistake["row"] or 1) <= rows[mistake["project"]]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        # blanks stand between a number and the Han character beside it, half-width counts half
        ("2024年工作完成情况", 5.0, ["2024 年工", "作完成情况"]),
        ("12月31日前", 5.5, ["12 月 31 日", "前"]),
        ("≥100百分比", 5.0, ["≥100 百分", "比"]),
        # a number is never torn, and a bracket goes with what it holds
        ("州财建【2024】9021号", 5.0, ["州财建", "【2024】", "9021 号"]),
        ("", 5.0, []),
    ],
)
def test_wrap(text: str, width: float, lines: list[str]) -> None:
    assert wrap(text, width) == lines


def _sources() -> list[Path]:
    return sorted((TRUTH.parent / "source").glob("*.json"))


def _cited(answers: Any) -> list[str]:
    return [
        citation["policy"]
        for document in answers["statements"]
        for project in document["projects"]
        for citation in project["citations"]
    ]


def _place(project: Any, citation: Any) -> str:
    if "row" in citation:
        return "".join(project["indicators"][citation["row"] - 1])
    return str(project[citation["field"]])
