"""该办法, 上述通知, 《办法》: what they mean in one text, and in the cells of one project."""

import time

import pytest

from graph.evidence import Evidence
from graph.mapping import to_batch
from graph.model import Text
from ingest.citations import citations_in, find_all
from ingest.extract import extract
from ingest.limits import Limits
from ingest.mentions import FoundCitation
from ingest.reading import read
from tests.ingest.documents import ROWS, document, tabbed

A, B = "《甲资金管理办法》", "《关于下达乙资金的通知》"
NUMBER = "云财建〔2024〕9001号"


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        (f"{A}。该办法", [("该办法", [A])]),  # the one of its kind
        (f"{A}和{B}，该办法、上述通知", [("该办法", [A]), ("上述通知", [B])]),
        (f"{A}和{B}。上述文件", [("上述文件", [A, B])]),  # both of the sentence
        (f"{B}。{A}。该文件", [("该文件", [A])]),  # the nearest sentence
        (
            f"{A}。《丙补贴办法》和《丁补贴办法》，此办法",
            [("此办法", ["《丙补贴办法》", "《丁补贴办法》"])],
        ),
        (f"{NUMBER}下达资金，该通知", [("该通知", [NUMBER])]),  # a bare number is a notice
        (f"{NUMBER}下达资金，该办法", [("该办法", [])]),  # and no measure
        ("《关于印发〈丙办法〉的通知》，该办法", [("该办法", ["《关于印发〈丙办法〉的通知》"])]),
        (f"{A}，《办法》", [("《办法》", [A])]),  # a title of nothing but a kind
        (f"{A}（以下简称《甲办法》），按《甲办法》", [("《甲办法》", [A])]),  # a short name
        (f"{A}（{NUMBER}，以下简称“办法”）。“办法”", [("“办法”", [f"{A}（{NUMBER}"])]),
        (f"该办法。{A}", [("该办法", [])]),  # named later: not yet
        ("本办法自印发之日起施行", [("本办法", [])]),  # of a text that is none
        (f"{A}。应该通知家长，基本办法，该通知书", []),  # other words
        (f"“办法”和{A}", []),  # quoted, never defined
    ],
)
def test_references(text: str, wanted: list[tuple[str, list[str]]]) -> None:
    _, references = find_all(text)
    assert [(r.raw, [m.raw for m in r.meant]) for r in references] == wanted
    assert all(text[r.start : r.end] == r.raw for r in references)


def test_a_short_name_is_no_citation() -> None:
    found, (reference,) = find_all(f"{A}（以下简称《甲办法》），按《甲办法》第三条")
    assert [c.raw for c in found] == [A]
    assert reference.articles == ("第三条",)


def test_this_measure_is_the_text_itself() -> None:
    own = FoundCitation(0, 0, "", title="丙补贴办法")
    _, (measure, notice) = find_all(f"{A}。本办法和本通知", own)
    assert measure.meant == (own,)
    assert notice.meant == ()


def cites(*bases: str, name: str = "2025年公厕改造经费") -> dict[str, list[tuple[str, str]]]:
    rows = tuple((*row[:5], basis) for row, basis in zip(ROWS, bases, strict=False))
    content = document(tabbed(name=name, rows=rows)).encode()
    source = read(content, "城管.txt", "document:1", Limits())
    batch = to_batch(extract(source, "0" * 64, "城管.txt"), "")
    found: dict[str, list[tuple[str, str]]] = {}
    for edge in batch.edges:
        if edge.type == "CITES" and edge.source.startswith("indicator:"):
            for evidence in edge.evidence:
                assert source.text[evidence.start : evidence.end] == evidence.raw
            row = edge.source.partition("#")[2]
            found.setdefault(row, []).append((edge.target, str(edge.properties["raw"])))
    return found


def test_a_cell_refers_to_what_another_cell_names() -> None:
    found = cites(A, "该办法第三条", f"{A}，该办法", "上述通知")
    policy = "policy:《甲资金管理办法》"
    assert found["1"] == [(policy, A)]
    assert found["2"] == [(policy, "该办法")]
    assert found["3"] == [(policy, A)]  # cited already
    assert "4" not in found  # nothing fits


def test_several_that_fit_are_not_guessed() -> None:
    assert "2" not in cites(f"{A}、《丙补贴办法》", "该办法")


def test_time_is_linear() -> None:
    start = time.process_time()
    many = "".join(f"{A}（以下简称《办{n}》）" for n in range(20_000))
    for text in (
        "该办法" * 100_000,
        f"{A}该通知" * 40_000,
        many,
        f"{A}、" * 50_000 + "该办法" * 9_000,
    ):
        find_all(text)
    assert time.process_time() - start < 40


def test_articles_of_a_reference_belong_to_what_it_means() -> None:
    text = f"{A}第二条，按该办法第三条、第四条"
    evidence = Evidence(document="document:1", raw=text, start=0, end=len(text))
    (citation,) = citations_in(Text(value=text, evidence=evidence), "basis")
    assert citation.articles == ("第二条", "第三条", "第四条")
