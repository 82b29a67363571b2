"""The text leg and the vector leg: filtered inside, exact, and the same score under any filter."""

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest

from search import lexical, telling
from search.allowed import Allowed
from search.analyze import MOST_ASKED
from search.errors import IndexMismatch
from search.fuse import Sample, standardise
from search.index import FIELDS
from search.lexical import LexicalIndex, LexicalWriter
from search.query import INDEXED_TYPES
from search.vector import VectorIndex, VectorWriter, segments

WORDS = ("群众满意度", "企业满意度", "公路养护里程", "及时率", "招商引资项目签约数量")


@pytest.fixture
def texts(tmp_path: Path) -> LexicalIndex:
    writer = LexicalWriter(tmp_path / "text")
    for row in range(200):
        text = f"第{row}条{'很' * (row % 7)}"
        type = "project" if row >= 150 else "indicator"
        writer.add(row, type, {"name": WORDS[row % 5], "text": text, "around": WORDS[row % 3]})
    writer.commit()
    return LexicalIndex(tmp_path / "text")


def test_an_index_that_nobody_uses_is_closed_at_once(texts: LexicalIndex, tmp_path: Path) -> None:
    index = LexicalIndex(tmp_path / "text")
    assert len(index.named("群众满意度")) and index.scores(["满意"], np.arange(3))
    gone = weakref.ref(index)
    gc.disable()
    try:
        del index
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("types", [("project",), ("project", "goal"), INDEXED_TYPES])
@pytest.mark.parametrize("set_limit", [0, 1024])
def test_filters_inside_the_text_leg_lose_nothing(
    texts: LexicalIndex,
    set_limit: int,
    types: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lexical, "_SET_LIMIT", set_limit)
    everything = Allowed(np.ones(200, dtype=np.bool_))
    every_row = texts.search("满意度", everything, 200)
    # 80 by name, those and others by what is around them
    assert len(every_row) == 160
    allowed = np.zeros(200, dtype=np.bool_)
    allowed[150:] = True
    rows = texts.search("满意度", Allowed(allowed), 10, types)
    assert rows.tolist() == [row for row in every_row.tolist() if row >= 150][:10]


@pytest.mark.parametrize(
    ("enough", "singles"),
    # 160 rows have 满意 and 意度; 及时率 alone has 率
    [(161, True), (160, False), (1, False)],
)
def test_single_characters_are_left_out_where_enough_share_more(
    texts: LexicalIndex, enough: int, singles: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "ENOUGH_SAID", enough)
    everything = Allowed(np.ones(200, dtype=np.bool_))
    rows = texts.search("满意度率", everything, 200, every_term=False)
    alone = texts.search("率", everything, 200)
    assert not set(alone.tolist()) <= set(texts.search("满意度", everything, 200).tolist())
    assert (set(alone.tolist()) <= set(rows.tolist())) is singles
    with_every_term = texts.search("满意度率", everything, 200)
    assert set(alone.tolist()) <= set(with_every_term.tolist())


def test_who_wants_few_rows_gets_none_for_single_characters(texts: LexicalIndex) -> None:
    everything = Allowed(np.ones(200, dtype=np.bool_))
    assert texts.search("率", everything, 99).size
    assert not texts.search("率", everything, 99, every_term=False).size
    assert texts.search("率", everything, 100, every_term=False).size


@pytest.mark.parametrize(
    ("common", "enough", "found"),
    # 93 rows have 里程, 120 the characters 里, 程, 量, and nearly all of them those or 满.
    [(150, 110, False), (150, 121, True), (1000, 110, True), (150, 90, False)],
)
def test_what_many_rows_hold_is_looked_for_last(
    texts: LexicalIndex, common: int, enough: int, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "COMMON", common)
    monkeypatch.setattr(lexical, "ENOUGH_SAID", enough)
    everything = Allowed(np.ones(200, dtype=np.bool_))
    rows = set(texts.search("里程量满", everything, 200, every_term=False).tolist())
    assert set(texts.search("里程", everything, 200).tolist()) <= rows
    assert (set(texts.search("满", everything, 200).tolist()) <= rows) is found


ALL = ["满意", "里程", "满", "量", "意"]


@pytest.mark.parametrize(
    ("terms", "few", "many"),
    [
        (
            ALL,
            [["里程"], ["满意", "里程"]],
            [["里程"], ["满意", "里程"], [*ALL[:2], *ALL[3:]], ALL],
        ),
        (["里程", "满", "量"], [["里程"]], [["里程"], ["里程", "量"], ["里程", "满", "量"]]),
        (["满意", "满"], [["满意"]], [["满意"], ["满意", "满"]]),
        (["满意", "量"], [["满意"]], [["满意"], ["满意", "量"]]),
        (["满", "量"], [], [["量"], ["满", "量"]]),
        (["满"], [], [["满"]]),
        # What no row has is not looked for, nor is what brings too few by itself.
        (["GDP"], [], []),
        (["GDP", "满意"], [["满意"]], [["满意"]]),
        (["复耕"], [["复耕"]], [["复耕"]]),
        (["复耕", "满意"], [["复耕", "满意"]], [["复耕", "满意"]]),
        (["复耕", "意"], [["复耕"]], [["复耕", "意"]]),
        (["复耕", "意", "满"], [["复耕"]], [["复耕", "意", "满"]]),
    ],
)
def test_what_is_common_comes_last_and_no_round_asks_again(
    terms: list[str], few: list[list[str]], many: list[list[str]]
) -> None:
    common, enough = telling.COMMON, telling.ENOUGH_SAID
    frequency = {"满意": common, "里程": common - 1, "满": common, "量": common - 1}
    frequency |= {"复耕": enough - 9, "意": 8, "GDP": 0}
    ask = frequency.__getitem__
    assert [*telling.telling(terms, enough - 1, ask)] == few
    assert [*telling.telling(terms, enough, ask)] == many


def test_common_words_bring_what_rare_ones_do_not(
    texts: LexicalIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "COMMON", 150)
    everything = Allowed(np.ones(200, dtype=np.bool_))
    # 93 rows have 里程, many more 满意
    rare = set(texts.search("里程", everything, 200).tolist())
    assert set(texts.search("里程满意", everything, 90, every_term=False).tolist()) <= rare
    assert not set(texts.search("里程满意", everything, 99, every_term=False).tolist()) <= rare


def test_a_question_of_single_characters_is_asked_in_them(texts: LexicalIndex) -> None:
    everything = Allowed(np.ones(200, dtype=np.bool_))
    assert len(texts.search("满", everything, 200, every_term=False)) == 160


def test_every_field_scores_by_itself(texts: LexicalIndex) -> None:
    rows = np.array([2, 3, 0, 5])
    (scores,) = texts.scores(["公路里程"], rows)
    assert scores.keys() == set(FIELDS)
    assert (scores["name"] > 0).tolist() == [True, False, False, False]
    assert (scores["around"] > 0).tolist() == [True, False, False, True]
    assert not scores["text"].any()
    assert 0.3 < scores["name"].max() <= 1
    other, (again, empty) = "满意度", texts.scores(["公路里程", ""], rows[:1])
    assert again["name"][0] == scores["name"][0]
    assert empty["name"][0] == 0
    # A text scores the same whatever else is asked beside it.
    alone, beside = texts.scores([other], rows)[0], texts.scores(["公路里程", other], rows)[1]
    assert {f: s.tolist() for f, s in alone.items()} == {f: s.tolist() for f, s in beside.items()}


def test_a_long_question_is_asked_in_its_first_terms(texts: LexicalIndex) -> None:
    padding = "".join(map(chr, range(0x4E00, 0x4E00 + MOST_ASKED)))
    rows = np.array([0])
    assert texts.scores([f"群众满意度{padding}"], rows)[0]["name"][0] > 0
    assert texts.scores([f"{padding}群众满意度"], rows)[0]["name"][0] == 0


def test_names_are_found_in_any_spelling(texts: LexicalIndex) -> None:
    assert sorted(texts.named("群众 满意度").tolist()) == list(range(0, 200, 5))
    assert texts.named("满意度").tolist() == []


@pytest.mark.parametrize("query", ["", "，。", "\n", '") OR (', "满" * 500, "name:满"])
def test_any_text_is_a_query(texts: LexicalIndex, query: str) -> None:
    rows = texts.search(query, Allowed(np.ones(200, dtype=np.bool_)), 10)
    for scores in texts.scores([query], rows)[0].values():
        assert len(rows) == len(scores)


def test_removed_rows_are_gone(tmp_path: Path) -> None:
    writer = LexicalWriter(tmp_path)
    for row, name in enumerate(("甲", "乙")):
        writer.add(row, "indicator", {"name": name, "text": "满意", "around": ""})
    writer.commit()
    writer = LexicalWriter(tmp_path)
    writer.remove([0])
    writer.add(2, "indicator", {"name": "丙", "text": "满意", "around": ""})
    writer.commit()
    index = LexicalIndex(tmp_path)
    assert len(index) == 2
    rows = index.search("满意", Allowed(np.ones(3, dtype=np.bool_)), 9)
    assert sorted(rows.tolist()) == [1, 2]


def test_a_damaged_text_index_is_named(tmp_path: Path) -> None:
    LexicalWriter(tmp_path).commit()
    (tmp_path / "meta.json").write_text("{")
    with pytest.raises(IndexMismatch):
        LexicalIndex(tmp_path)


@pytest.fixture
def matrix() -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
    made = np.random.default_rng(7).normal(size=(300, 16)).astype(np.float32)
    return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)


def test_the_vector_leg_is_exact_under_a_filter(
    tmp_path: Path, matrix: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    for number, part in enumerate((matrix[:100], matrix[100:])):
        VectorWriter(tmp_path, number).append(part)
    assert len(segments(tmp_path)) == 2
    index = VectorIndex(tmp_path, 16, 300)
    allowed = np.random.default_rng(8).random(300) < 0.2
    query = matrix[3]
    rows, cosines = index.search(query, Allowed(allowed), 20)
    truth = np.where(allowed, matrix @ query, -2)
    # Sixteen numbers of nine bits: a cosine is off by some thousandths, and neighbours may swap.
    assert cosines == pytest.approx(truth[rows], abs=5e-3)
    assert cosines == pytest.approx(np.sort(truth)[::-1][:20], abs=5e-3)
    assert index.scores(query, rows) == pytest.approx(cosines, abs=1e-6)


def test_fewer_rows_than_asked_and_none(
    tmp_path: Path, matrix: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    VectorWriter(tmp_path, 0).append(matrix[:5])
    index = VectorIndex(tmp_path, 16, 5)
    assert len(index.search(matrix[0], Allowed(np.ones(5, dtype=np.bool_)), 50)[0]) == 5
    assert len(index.search(matrix[0], Allowed(np.zeros(5, dtype=np.bool_)), 50)[0]) == 0


def test_a_short_vector_file_is_named(
    tmp_path: Path, matrix: np.ndarray[tuple[int, int], np.dtype[np.float32]]
) -> None:
    VectorWriter(tmp_path, 0).append(matrix[:5])
    with pytest.raises(IndexMismatch):
        VectorIndex(tmp_path, 16, 6)


def test_a_sample_tells_what_comparing_with_each_of_it_would() -> None:
    chance = np.random.default_rng(4)
    own, others = (chance.normal(0.3, 0.1, (n, 16)).astype(np.float32) for n in (40, 300))
    query = chance.normal(size=16).astype(np.float32)
    every = np.concatenate([own @ query, others @ query]).astype(np.float64)
    share = 40 / (40 + 32)
    mine = (own @ query).astype(np.float64)
    centre = share * mine.mean() + (1 - share) * every.mean()
    spread = share * mine.var() + (1 - share) * every.var()
    cosines = np.array([0.1, 0.9])
    found = standardise(cosines, np.array([2, 2]), query, Sample({2: own, 5: others}))
    assert found.tolist() == pytest.approx(((cosines - centre) / spread**0.5).tolist(), rel=1e-4)
