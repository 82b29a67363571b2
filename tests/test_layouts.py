"""The bench of formats and layouts: no reading that was right when frozen is lost."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from bench.layouts import frozen
from bench.layouts.cases import LAYOUTS, Case, cases
from bench.layouts.grid import Grid, first_only, merged
from bench.layouts.score import INVENTED, MISSING, judge
from bench.layouts.truth import FIELDS
from ingest.readers.pdf_fonts import has_chinese_font


def some(every: int) -> list[Case]:
    """Every so many documents, so that each layout and each format comes up."""
    return list(cases())[::every]


def test_no_reading_is_lost() -> None:
    """A PDF of the bench leaves its font to the machine: without one it is not read here."""
    chosen = [case for case in some(5) if case.format != "pdf" or has_chinese_font()]
    assert {case.layout.name for case in chosen} == {layout.name for layout in LAYOUTS}
    assert len({case.format for case in chosen}) == 6 + has_chinese_font()
    verdicts = [verdict for case in chosen for verdict in judge(case)]
    lost = frozen.compare(verdicts).lost
    assert not lost, "\n".join(" | ".join((*v.key, v.wanted, v.got)) for v in lost[:20])


def test_a_wrong_reading_is_seen() -> None:
    """A field that differs is lost, and a thing too many or too few is named as a whole."""
    case = next(c for c in cases() if c.format == "docx" and c.layout.name.startswith("2"))
    first = next(t for t in case.things if t.label == "Indicator")
    altered = replace(first, fields={**first.fields, "unit": ("光年",)})
    worse = replace(case, things=tuple(altered if t is first else t for t in case.things))
    (lost,) = frozen.compare(list(judge(worse))).lost
    assert (lost.thing, lost.field, lost.wanted) == ("Indicator1", "unit", "光年")
    more = replace(case, things=(*case.things, replace(first, owner="Project 无")))
    assert [v.field for v in frozen.compare(list(judge(more))).lost] == [MISSING]
    fewer = replace(case, things=tuple(t for t in case.things if t is not first))
    assert [v.field for v in frozen.compare(list(judge(fewer))).lost] == [INVENTED]


def test_what_has_become_right_is_gained(tmp_path: Path) -> None:
    case = next(iter(cases()))
    key = (*case.name, "Indicator1", "value")
    path = tmp_path / "frozen.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter="\t").writerows([["heading"], [*key, "", ""]])
    assert key in frozen.compare(list(judge(case)), path).gained


def test_truth_names_known_fields_and_owners() -> None:
    for case in some(1):
        projects = {f"Project{t.accepted('name')[0]}" for t in case.things if t.label == "Project"}
        for item in case.things:
            assert set(item.fields) <= set(FIELDS[item.label])
            assert not item.owner.startswith("Project") or item.owner in projects


ROWS = [("甲", "乙", "1"), ("甲", "乙", "2"), ("甲", "丙", "3"), ("丁", "丙", "4")]


def test_equal_cells_are_merged_under_equal_ones_only() -> None:
    down = merged(ROWS, 2)
    assert down == [("甲", "乙", "1"), ("^", "^", "2"), ("^", "丙", "3"), ("丁", "丙", "4")]
    assert first_only(ROWS, 2)[1] == ("", "", "2")
    assert [(a.text, a.rows) for a in Grid(tuple(down)).areas if a.column == 0] == [
        ("甲", 3),
        ("丁", 1),
    ]


def test_a_merge_is_a_rectangle() -> None:
    with pytest.raises(ValueError, match="no rectangle"):
        _ = Grid((("甲", "<"), ("^", "乙"))).areas
