"""What a question says and no document does."""

from pathlib import Path

import pytest

from graph.store import Writer
from search.engine import Engine, open_engine
from search.query import SearchQuery
from tests.search.graphs import PAPERS

ALL_NEAR = "，列出的只是意思相近的"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("zzzqqq", f"图谱中没有“zzzqqq”{ALL_NEAR}"),
        ("群众满意度 PPP", "图谱中没有“PPP”"),
        ("ＰＰＰ 群众满意度", "图谱中没有“PPP”"),
        ("满意度 饕餮", "图谱中没有“饕餮”"),
        ("aaa 满意度 bbb ccc ddd aaa", "图谱中没有“aaa”“bbb”“ccc”等"),
        ("w" * 100, f"图谱中没有“{'w' * 100}”{ALL_NEAR}"),
        ("群众满意度", ""),
        ("满意的饕餮", ""),
        ("7654321", ""),
        ("2024年", ""),
        ("？！", ""),
    ],
)
def test_words_that_nobody_says_are_named(shared: Engine, text: str, note: str) -> None:
    result = shared.search(SearchQuery(text))
    assert result.understood.notes == ((note,) if note else ())
    if note.endswith(ALL_NEAR):
        assert result.hits


def test_without_a_model_nothing_is_near(store: Writer, tmp_path: Path) -> None:
    store.apply(PAPERS[0].batch())
    result = open_engine(store, tmp_path, model=str(tmp_path / "none")).search(SearchQuery("zzz"))
    assert result.understood.notes == ("图谱中没有“zzz”",)
    assert result.hits == ()
