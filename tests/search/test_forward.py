"""Scores of given rows out of the forward index are those of tantivy."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
import tantivy
from hypothesis import given, settings
from hypothesis import strategies as st

from search import analyze
from search.errors import IndexMismatch
from search.forward import ForwardIndex, ForwardWriter
from search.index import FIELDS
from search.lexical import LexicalIndex, LexicalWriter

# Repeated characters, words beside characters, numbers, a character beyond 16 bits, a long text.
PIECES = ["满意", "满满", "度", "2.5公里", "abc度", "𠮷野", "，", " ", "95%", "公路养护里程" * 9]
texts = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)


def lexical(folder: Path, rows: Sequence[str]) -> LexicalIndex:
    writer = LexicalWriter(folder)
    for row, text in enumerate(rows):
        writer.add(row, "indicator", {"name": text[:5], "text": text, "around": text[::-1]})
    writer.commit()
    return LexicalIndex(folder)


def by_tantivy(folder: Path, field: str, text: str, rows: int) -> list[float]:
    index = tantivy.Index.open(str(folder))
    index.register_tokenizer(
        "terms", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    )
    should = tantivy.Occur.Should
    query = tantivy.Query.boolean_query(
        [
            (
                should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(index.schema, field, term, "freq"),
                    analyze.weight(term),
                ),
            )
            for term in analyze.asked(text)
        ]
    )
    searcher = index.searcher()
    hits = searcher.search(query, limit=rows).hits
    numbers = searcher.fast_field_values("row", [address for _, address in hits])
    scores = dict(zip(numbers, (score for score, _ in hits), strict=True))
    return [scores.get(row, 0.0) for row in range(rows)]


@settings(max_examples=25, deadline=None)
@given(st.lists(texts, min_size=1, max_size=8), texts.filter(lambda text: analyze.asked(text)))
def test_scores_are_those_of_tantivy(
    tmp_path_factory: pytest.TempPathFactory, rows: list[str], asked: str
) -> None:
    folder = tmp_path_factory.mktemp("text")
    index = lexical(folder, rows)
    weights = index._asked(asked)
    forward = ForwardIndex(folder)
    (found,) = forward.scores([weights], np.arange(len(rows)))
    for field in FIELDS:
        expected = by_tantivy(folder, field, asked, len(rows))
        assert found[field].tolist() == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_rows_of_later_segments_are_scored(tmp_path: Path) -> None:
    whole, parted = tmp_path / "whole", tmp_path / "parted"
    rows = [f"公路养护第{row}条" for row in range(9)]
    for folder, parts in ((whole, [rows]), (parted, [rows[:4], rows[4:5], [], rows[5:]])):
        folder.mkdir()
        for part in parts:
            writer = ForwardWriter(folder)
            for text in part:
                writer.add({"name": text, "text": "", "around": text * 2})
            writer.finish()
    asked = dict.fromkeys(FIELDS, dict.fromkeys(analyze.asked("养护公路7"), 1.0))
    one, other = ForwardIndex(whole), ForwardIndex(parted)
    assert len(one) == len(other) == 9
    # In any order, and one twice.
    chosen = np.array([8, 0, 4, 5, 7, 0])
    (found,), (again,) = one.scores([asked], chosen), other.scores([asked], chosen)
    for field in FIELDS:
        assert found[field].tolist() == pytest.approx(again[field].tolist())
    assert found["name"].argmax() == 4
    with pytest.raises(IndexError):
        one.scores([asked], np.array([9]))


def test_an_empty_index_and_an_empty_question(tmp_path: Path) -> None:
    index = lexical(tmp_path, [])
    assert index.rows == 0
    assert index.scores(["满意"], np.zeros(0, np.int64))[0]["name"].tolist() == []
    one = lexical(tmp_path / "one", ["满意度"])
    assert one.scores(["，"], np.array([0]))[0]["text"].tolist() == [0.0]


@pytest.mark.parametrize("suffix", [".tokens", ".ends", ".terms"])
@pytest.mark.parametrize("cut", [True, False])
def test_a_damaged_file_is_named(tmp_path: Path, suffix: str, cut: bool) -> None:
    lexical(tmp_path, ["群众满意度", "公路里程"])
    path = tmp_path / f"forward-00000{suffix}"
    content = path.read_bytes()
    if cut:
        path.write_bytes(content[: len(content) // 2])
    else:
        path.unlink()
    with pytest.raises(IndexMismatch):
        LexicalIndex(tmp_path)
