"""文号: every convention as a row of document_numbers.tsv, and what must hold for all of them."""

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.labelled import OWN, labelled_folder, rows, score_numbers
from graph.values import document_number as module
from graph.values.document_number import (
    DocumentNumber,
    find_document_numbers,
    parse_document_number,
)

TABLE = OWN / "values" / "document_numbers.tsv"
PREFIXES = (
    "财建",
    "唐财建",
    "国办发",
    "冀政办字",
    "宁财（农）指标",
    "工信部联企业",
    "中农农财",
    "民发",
)
PAIRS = ("〔〕", "[]", "【】", "()", "（）", "﹝﹞", "［］", "〔]", "【）")


@pytest.mark.parametrize(
    ("raw", "canonical", "note"),
    [pytest.param(*row, id=f"{i}") for i, row in enumerate(rows(TABLE), 2)],
)
def test_convention(raw: str, canonical: str, note: str) -> None:
    found = find_document_numbers(raw)
    if "low confidence" not in note:
        assert [item.number.canonical for item in found] == (
            [] if canonical == "NONE" else canonical.split(";")
        )
    assert all(raw[item.start : item.end] == item.raw for item in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_labelled_rows() -> None:
    folder = labelled_folder()
    if folder is None:
        pytest.skip("neither JIPU_CASES nor JIPU_SEEDS names a folder with labelled cases")
    score = score_numbers(folder / "doc_numbers.tsv")
    assert score.recall >= 0.98, score.failures
    assert score.precision >= 0.99, score.failures


numbers = st.builds(
    DocumentNumber,
    prefix=st.sampled_from(PREFIXES),
    year=st.integers(1950, 2040),
    serial=st.one_of(st.integers(1, 99999).map(str), st.just("2-1")),
)


BLANKS = st.sampled_from(("", "", " ", "\n", "\u3000", "\u200b", " \n "))
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
BEFORE = (
    "",
    "执行",
    "根据",
    "现以",
    "1、",
    "\t",
    "青禾县财政局",
    "资金文号：",
    "《关于下达资金的通知》（",
    "2024年度",
)
AFTER = ("", "文件", "）规定", "\n", "。", "提供的资金", "|")


@st.composite
def spellings(draw: st.DrawFn, number: DocumentNumber) -> str:
    """A number with any brackets, blanks, widths, zeros and traditional characters."""
    opening, closing = tuple(draw(st.sampled_from(PAIRS)))
    zeros = "" if "-" in number.serial else "0" * draw(st.integers(0, 5 - len(number.serial)))
    year, serial = f"{number.year}", f"{zeros}{number.serial}"
    if draw(st.booleans()):
        year, serial = year.translate(WIDE), serial.translate(WIDE)
    parts = (opening, year, closing, draw(st.sampled_from(("", "第"))), serial)
    prefix = number.prefix.replace("财", draw(st.sampled_from(("财", "財", "财(cái)"))))
    mark = draw(st.sampled_from(("号", "號")))
    return prefix + "".join(draw(BLANKS) + part for part in (*parts, mark))


@given(st.data(), numbers, st.sampled_from(BEFORE), st.sampled_from(AFTER))
def test_any_spelling_is_the_same_number(
    data: st.DataObject, number: DocumentNumber, before: str, after: str
) -> None:
    spelled = data.draw(spellings(number))
    assert parse_document_number(spelled) == number
    text = f"{before}{spelled}{after}"
    (found,) = find_document_numbers(text)
    assert found.number == number
    assert text[found.start : found.end] == found.raw == spelled


@given(
    st.data(),
    st.lists(numbers, min_size=1, max_size=4),
    st.sampled_from(("、", "，", "；", "\n", " ", "和", "以及")),
)
def test_a_text_cut_anywhere_is_read(
    data: st.DataObject, several: list[DocumentNumber], join: str
) -> None:
    text = join.join(data.draw(spellings(number)) for number in several)
    assert [item.number for item in find_document_numbers(text)] == several
    start = data.draw(st.integers(0, len(text)))
    cut = text[start : data.draw(st.integers(start, len(text)))]
    found = find_document_numbers(cut)
    assert all(cut[item.start : item.end] == item.raw != "" for item in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


@given(numbers)
def test_canonical_form_is_read_back(number: DocumentNumber) -> None:
    assert parse_document_number(number.canonical) == number


def test_items_of_a_list_have_their_own_spans() -> None:
    text = "冀财农〔2023〕14号、15号和〔2024〕2号"
    assert [item.raw for item in find_document_numbers(text)] == [
        "冀财农〔2023〕14号",
        "15号",
        "2号",
    ]


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("唐财建【2024】143号", "唐财建〔2024〕143号"),  # as a searcher types it
        ("唐财建2024-143", "唐财建〔2024〕143号"),  # no brackets
        ("唐财建 2024 143", "唐财建〔2024〕143号"),  # blanks for brackets
        ("唐财建2024年143号", "唐财建〔2024〕143号"),  # year in words
        ("執行唐財建（2024）第143號", "唐财建〔2024〕143号"),  # with a word before it
        ("唐财建〔2024〕143", "唐财建〔2024〕143号"),  # 号 lost
        ("财建〔2024〕1号、2号", None),  # two numbers
        ("群众满意度", None),  # no number
        ("乐亭县2024年预算", None),  # a year only
        ("", None),
    ],
)
def test_parse(text: str, canonical: str | None) -> None:
    number = parse_document_number(text)
    assert (number.canonical if number else None) == canonical


@pytest.mark.parametrize(
    ("pattern", "match", "other"),
    [
        (module.INTACT, "〔2024〕143号", "〔2024年6月〕3号"),
        (module.UNCLOSED, "〔2021161号", "〔2021年预算号"),
        (module.UNOPENED, "2024〕7号", "2024〕预算"),
        (module.YEAR_WORD, "2019年275号", "2019年2月7号"),
        (module.BARE, "201445 号", "01445号"),
        (module.ITEM, "、36号", "、3号楼"),
    ],
)
def test_patterns(pattern: re.Pattern[str], match: str, other: str) -> None:
    assert pattern.match(match)
    assert not pattern.match(other)


@pytest.mark.parametrize(
    "piece",
    [
        "〔",
        "[(",
        "2",
        "2020",
        "2020〕",
        "〔2020",
        "〔 ",
        "财",
        "财〔2020〕1号",
        "(农)",
        "\n",
        "财建2020",
    ],
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    def seconds(length: int) -> float:
        text = piece * (length // len(piece))
        start = time.process_time()
        find_document_numbers(text)
        return time.process_time() - start

    seconds(10_000)
    short, long = seconds(200_000), seconds(800_000)
    assert long < 12 * short + 0.2


def test_long_list_takes_linear_time() -> None:
    text = "财建〔2020〕1" + "、1" * 300_000 + "财建〔2021〕2号" + "、3号" * 20_000
    start = time.process_time()
    assert len(find_document_numbers(text)) == 20_002
    assert time.process_time() - start < 10
