"""From one model to another: who waits, what is said, and what a break costs."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.opening import open_store
from graph.store import Writer
from search import model_slot, remote_encoder
from search.engine import Engine, open_engine
from search.errors import ModelUnavailable
from search.query import SearchQuery, SearchResult
from search.remote_encoder import Patience
from tests.backends import SQLITE
from tests.search.embedding_server import EmbeddingServer, Fault, embedding_server
from tests.search.graphs import INVESTMENT, PAPERS, ROADS, SCHOOLS

QUESTION = SearchQuery("群众满意度")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[EmbeddingServer]:
    monkeypatch.setattr(remote_encoder, "ASKING", Patience(5, (), 0))
    monkeypatch.setattr(remote_encoder, "BUILDING", Patience(5, (0.01,), 0))
    with embedding_server() as told:
        yield told


@pytest.fixture
def papers(store: Writer) -> Writer:
    for paper in (INVESTMENT, ROADS):
        store.apply(paper.batch())
    return store


def engine(store: Writer, folder: Path, server: EmbeddingServer, model: str) -> Engine:
    return open_engine(store, folder / "index", f"{server.url}#{model}")


def dense(result: SearchResult) -> bool:
    return any("dense" in hit.features for hit in result.hits)


def asked_of(server: EmbeddingServer, model: str) -> int:
    """How many texts a model was asked for since the last look, but for probes and questions."""
    texts = [t for asked in server.asked if asked["model"] == model for t in asked["input"]]
    server.asked.clear()
    return len([t for t in texts if t not in (remote_encoder._PROBE, QUESTION.text)])


def test_questions_go_on_with_the_old_index_until_the_swap(
    papers: Writer, tmp_path: Path, server: EmbeddingServer
) -> None:
    engine(papers, tmp_path, server, "old").refresh()
    assert asked_of(server, "old") > 10
    changed = engine(papers, tmp_path, server, "new")
    result = changed.search(QUESTION)
    assert "索引还是用原来的语义模型（old@" in result.degraded
    assert "请执行 jipu reindex" in result.degraded
    assert dense(result)
    assert asked_of(server, "new") == 0
    # What is new is followed in the terms of the old index.
    papers.apply(SCHOOLS.batch())
    assert dense(changed.search(SearchQuery("校舍维修", type="project")))
    assert 0 < asked_of(server, "old") < 10
    status = changed.status()
    assert status.model.startswith("old@") and status.missing == 0 and status.stale
    assert "jipu reindex" in status.degraded
    changed.refresh()
    result = changed.search(QUESTION)
    assert (result.degraded, dense(result)) == ("", True)
    assert changed.status().model.startswith("new@")


def test_another_process_sees_the_swap(
    papers: Writer, tmp_path: Path, server: EmbeddingServer
) -> None:
    engine(papers, tmp_path, server, "old").refresh()
    serving = engine(papers, tmp_path, server, "new")
    assert serving.search(QUESTION).degraded
    engine(papers, tmp_path, server, "new").rebuild()
    assert serving.search(QUESTION).degraded == ""


def test_nobody_waits_while_the_next_index_is_built(
    papers: Writer, tmp_path: Path, server: EmbeddingServer
) -> None:
    engine(papers, tmp_path, server, "old").refresh()
    building, go_on = threading.Event(), threading.Event()

    def slow(answer: dict[str, object]) -> object:
        if answer["model"] == "new" and len(server.asked[-1]["input"]) > 1:
            building.set()
            assert go_on.wait(60)
        return answer

    server.changed = slow
    served = engine(papers, tmp_path, server, "new")
    thread = threading.Thread(target=served.refresh)
    thread.start()
    try:
        assert building.wait(60)
        result = served.search(QUESTION)
        assert "原来的语义模型" in result.degraded and "正在更新" in result.degraded
        assert dense(result)
    finally:
        go_on.set()
        thread.join()
    assert served.search(QUESTION).degraded == ""


def test_without_the_old_model_the_text_leg_answers(
    papers: Writer, tmp_path: Path, server: EmbeddingServer
) -> None:
    engine(papers, tmp_path, server, "old").refresh()
    # The same name now stands for another model.
    server.dimension = 8
    result = engine(papers, tmp_path, server, "old").search(QUESTION)
    assert "+16）建的，而它现在打不开，只按文字检索；请执行 jipu reindex" in result.degraded
    assert result.hits and not dense(result)
    # New documents are found all the same.
    papers.apply(SCHOOLS.batch())
    again = engine(papers, tmp_path, server, "old")
    assert again.search(SearchQuery("校舍维修", type="project")).hits
    again.refresh()
    assert (again.status().dimension, again.status().missing) == (8, 0)


def test_a_server_that_goes_away_and_comes_back(
    papers: Writer, tmp_path: Path, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    serving = engine(papers, tmp_path, server, "old")
    assert serving.search(QUESTION).degraded == ""
    monkeypatch.setattr(model_slot, "RETRY_SECONDS", -1)
    server.faults = [Fault(503)]
    result = serving.search(QUESTION)
    assert "语义模型不可用，只按文字检索：向量服务" in result.degraded and result.hits
    assert serving.search(QUESTION).degraded == ""
    # It is left alone for a while: nobody waits for it with every question.
    monkeypatch.setattr(model_slot, "RETRY_SECONDS", 3600)
    server.faults = [Fault(503)]
    assert serving.search(QUESTION).degraded
    server.asked.clear()
    assert serving.search(QUESTION).degraded and server.asked == []


def test_a_rebuild_that_fails_leaves_the_index_and_keeps_what_it_made(
    papers: Writer, tmp_path: Path, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.embedding.CHUNK", 4)
    first = engine(papers, tmp_path, server, "old")
    first.refresh()
    total = asked_of(server, "old")

    def dies(answer: dict[str, object]) -> object:
        if len(server.asked) > 3:
            server.faults = [Fault(503)] * 100
        return answer

    server.changed = dies
    with pytest.raises(ModelUnavailable, match="原来的索引没有动"):
        engine(papers, tmp_path, server, "new").rebuild()
    server.changed, server.faults = (lambda answer: answer), []
    asked_of(server, "new")
    assert first.search(QUESTION).degraded == "" and dense(first.search(QUESTION))
    engine(papers, tmp_path, server, "new").rebuild()
    assert total - 4 * 4 <= asked_of(server, "new") <= total - 2 * 4


def test_progress_tells_the_texts_that_are_encoded(
    papers: Writer, tmp_path: Path, server: EmbeddingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.embedding.CHUNK", 4)
    told: list[tuple[int, int, str]] = []
    engine(papers, tmp_path, server, "old").refresh(lambda *seen: told.append(seen))
    total = asked_of(server, "old")
    assert f"计算向量（已算 {total} 段）" in [label for _, _, label in told]
    assert len([label for _, _, label in told if "已算" in label]) >= total // 4
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)
    assert told[-1][0] == told[-1][1]


KILLED = """
import sys
from pathlib import Path
from graph.opening import open_store
from search import embedding
from search.engine import open_engine
embedding.CHUNK = 4
open_engine(open_store(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]).refresh()
"""


def test_a_build_that_is_killed_goes_on_where_it_was(
    tmp_path: Path, server: EmbeddingServer
) -> None:
    url = SQLITE.url(tmp_path, 7)
    with open_store(url) as store:
        for paper in PAPERS:
            store.apply(paper.batch())
        arguments = [url, str(tmp_path / "index"), f"{server.url}#m"]
        process: list[subprocess.Popen[bytes]] = []

        def kill(answer: dict[str, object]) -> object:
            # The probe and two chunks are answered, and what came of the third is lost.
            if len(server.asked) == 4:
                process[0].kill()
                process[0].wait()
            return answer

        server.changed = kill
        process.append(subprocess.Popen([sys.executable, "-c", KILLED, *arguments]))
        assert process[0].wait(60) < 0
        whole = open_engine(store, tmp_path / "whole", f"{server.url}#counted")
        whole.refresh()
        total = asked_of(server, "counted")
        open_engine(store, tmp_path / "index", f"{server.url}#m").refresh()
        assert asked_of(server, "m") == total - 2 * 4
