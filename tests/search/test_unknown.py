"""What a question says and no document does."""

from pathlib import Path

import pytest

from graph.store import Writer
from search.engine import Engine, open_engine
from search.errors import InvalidQuery
from search.query import SearchQuery
from tests.search.graphs import PAPERS

NO_TITLE = "图谱中没有标题为《群众满意度管理办法》的文件"
ALL_NEAR = "，列出的只是意思相近的"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("zzzqqq", f"图谱中没有“zzzqqq”{ALL_NEAR}"),
        ("群众满意度 PPP", "图谱中没有“PPP”"),
        ("ＰＰＰ 群众满意度", "图谱中没有“PPP”"),
        ("满意度 饕餮", "图谱中没有“饕餮”"),
        ("aaa 满意度 bbb ccc ddd aaa", "图谱中没有“aaa”“bbb”“ccc”等"),
        ("w" * 100, f"图谱中没有“{'w' * 20}…”{ALL_NEAR}"),
        ("😀", f"图谱中没有“😀”{ALL_NEAR}"),
        ("火星县 满意度", "图谱中没有“火星县”"),
        ("火星县满意度", "图谱中没有“火星县”"),
        ("满意度 贫困县", ""),
        ("各县区 满意度", ""),
        ("哪些县 满意度高", ""),
        ("其他县 满意度", ""),
        ("山区县 满意度", ""),
        ("师生怎么办 满意度", ""),
        ("满意度95左右", ""),
        ("云财建〔2031〕1号", "图谱中没有文件云财建〔2031〕1号"),
        ("《群众满意度管理办法》 满意度", NO_TITLE),
        ("《群众满意度管理办法》和《群众满意度管理办法》", NO_TITLE),
        ("不要《群众满意度管理办法》 满意度", NO_TITLE),
        ("99012131P000010110001", "图谱中没有项目99012131P000010110001"),
        ("2031年 满意度", "图谱中只有 2024 到 2025 年的文件"),
        ("满意度 税务局", "图谱中没有“税务局”"),
        ("群众满意度", ""),
        ("满意的饕餮", ""),
        ("老百姓满不满意", ""),
        ("PM2.5 5G 满意度", ""),
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


@pytest.mark.parametrize(
    ("text", "years", "note"),
    [
        ("满意度", (2031,), "图谱中只有 2024 到 2025 年的文件"),
        ("满意度", (2031, 2025), ""),
        ("2024年 满意度", (2031,), "图谱中只有 2024 到 2025 年的文件"),
        ("2024年 满意度", (), ""),
    ],
)
def test_years_that_no_document_has_are_named(
    shared: Engine, text: str, years: tuple[int, ...], note: str
) -> None:
    result = shared.search(SearchQuery(text, years=years))
    assert result.understood.notes == ((note,) if note else ())


def test_without_a_model_nothing_is_near(store: Writer, tmp_path: Path) -> None:
    store.apply(PAPERS[0].batch())
    result = open_engine(store, tmp_path, model=str(tmp_path / "none")).search(SearchQuery("zzz"))
    assert result.understood.notes == ("图谱中没有“zzz”",)
    assert result.hits == ()


@pytest.mark.parametrize(
    ("query", "note"),
    [
        (SearchQuery("满意", counties=("火星县",)), "图谱中没有县区“火星县”"),
        (SearchQuery("满意", cities=("火星市",)), "图谱中没有县区“火星市”"),
        (SearchQuery("满意", departments=("税务局",)), "图谱中没有部门“税务局”"),
        (SearchQuery("满意", level2=("时间",)), "图谱中没有二级指标“时间”"),
    ],
)
def test_values_of_filters_that_mean_nothing_are_named(
    shared: Engine, query: SearchQuery, note: str
) -> None:
    result = shared.search(query)
    assert (result.understood.notes, result.total) == ((note,), 0)


def test_a_city_given_for_a_county_means_its_counties(shared: Engine) -> None:
    by_county = shared.search(SearchQuery("满意", counties=("云州市",)))
    assert by_county.total == shared.search(SearchQuery("满意", cities=("云州市",))).total > 0


def test_a_name_that_is_misspelt_is_suggested(shared: Engine) -> None:
    result = shared.search(SearchQuery("青何县 满意度"))
    assert result.total > 0
    assert result.did_you_mean == ("青禾县",)


@pytest.mark.parametrize("text", ["满意\udcff度", "\udce6"])
def test_what_is_no_text_is_refused(shared: Engine, text: str) -> None:
    for ask in (shared.wordings, shared.recommend, lambda text: shared.search(SearchQuery(text))):
        with pytest.raises(InvalidQuery, match="UTF-8"):
            ask(text)
    with pytest.raises(InvalidQuery, match="UTF-8"):
        shared.similar(text=text)
