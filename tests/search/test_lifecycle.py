"""The index over time: stale, caught up, damaged, interrupted, shared, without its model."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from graph.opening import open_store
from graph.store import Writer
from search import build
from search.encoder import BUNDLED
from search.engine import Engine, open_engine
from search.errors import SearchError
from search.index import FACETS
from search.query import SearchQuery
from search.snapshot import open_current
from search.table import DEAD
from search.versions import building
from tests.backends import SQLITE, Backend
from tests.search.graphs import (
    DEPARTMENT_RENAMED,
    INVESTMENT,
    PAPERS,
    PROJECT_RENAMED,
    REACHING,
    ROADS,
    SCHOOLS,
    Paper,
)

QUESTIONS = (
    SearchQuery("群众满意度", type="all", limit=100),
    SearchQuery("招商", type="policy", limit=100),
    SearchQuery("", counties=("青禾县",), type="all", limit=100),
    SearchQuery("云财建〔2024〕9143号", type="all", limit=100),
)


@pytest.fixture(scope="module")
def backend() -> Backend:
    """What follows is about an index in files, which is the same over every store."""
    return SQLITE


def answers(engine: Engine) -> list[object]:
    """What may not depend on how the index came about. Equal scores may stand in any order."""
    found: list[object] = []
    for question in QUESTIONS:
        result = engine.search(question)
        assert result.degraded == ""
        hits = sorted((h.id, h.type, h.score, h.count, h.members, h.title) for h in result.hits)
        found.append((result.total, hits, result.facets))
    return found


def contents(engine: Engine) -> tuple[dict[str, object], object, object]:
    """Rows, members and vectors of the index on disk, by the ids of nodes."""
    snapshot = open_current(Path(engine.status().folder).parent)
    assert snapshot is not None and snapshot.vectors is not None
    table = snapshot.table
    living = np.flatnonzero(table.rows["type"] != DEAD)
    rows: dict[str, object] = {
        id: (table.type(row), name, int(table.rows["hash"][row]))
        for row, (id, name) in zip(living.tolist(), table.names(living), strict=True)
    }
    _, positions, owners = table.chosen(living, None)
    words = [
        [table.vocabulary[field][code] for code in table.members[field][positions]]
        for field in FACETS
    ]
    owning = [table.id(row) for row in living[owners].tolist()]
    members = set(zip(owning, table.member_ids(positions), *words, strict=True))
    assert len(members) == len(table.members["row"])
    vectors = {
        table.id(row): snapshot.vectors.vectors(np.array([row])).tobytes()
        for row in living.tolist()
    }
    return rows, members, vectors


EVERY = (*PAPERS, *REACHING)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(
        st.lists(st.tuples(st.booleans(), st.sampled_from(EVERY)), min_size=1, max_size=3),
        max_size=4,
    )
)
@example([[(True, INVESTMENT)], [(True, DEPARTMENT_RENAMED)], [(False, DEPARTMENT_RENAMED)]])
@example([[(True, INVESTMENT)], [(True, PROJECT_RENAMED)]])
def test_catching_up_equals_building_anew(
    tmp_path_factory: pytest.TempPathFactory, steps: list[list[tuple[bool, Paper]]]
) -> None:
    folder = tmp_path_factory.mktemp("steps")
    with open_store(f"sqlite:///{folder}/graph.db") as store:
        followed = open_engine(store, folder / "followed")
        followed.refresh()
        for step in steps:
            for arrives, paper in step:
                if arrives:
                    store.apply(paper.batch())
                else:
                    store.delete_document(paper.id)
            followed.refresh()
        anew = open_engine(store, folder / "anew")
        anew.refresh()
        assert contents(followed) == contents(anew)
        # Words of rows that went still weigh in BM25 until the next build: scores may differ.
        for question in QUESTIONS[2:]:
            assert followed.search(question).total == anew.search(question).total
        status = followed.status()
        assert (status.stale, status.missing) == (False, 0)


@pytest.mark.parametrize("paper", REACHING, ids=lambda paper: paper.department or paper.key)
def test_what_changes_around_a_row_is_caught_up_with(
    engine: Engine, filled: Writer, tmp_path: Path, paper: Paper
) -> None:
    engine.refresh()
    before = contents(engine)
    named = {node.id for node in paper.batch().nodes}
    filled.apply(paper.batch())
    engine.refresh()
    after = contents(engine)
    reached = {node for node, row in after[0].items() if row != before[0].get(node)} - named
    assert any(node.startswith("wording:") for node in reached)
    anew = open_engine(filled, tmp_path / "anew")
    anew.refresh()
    assert contents(anew) == after
    filled.delete_document(paper.id)
    engine.refresh()
    assert contents(engine) == before


def test_a_search_sees_what_was_written_before_it(engine: Engine, filled: Writer) -> None:
    assert engine.search(SearchQuery("修路", type="project")).hits[0].title == "农村公路养护"
    filled.delete_document(ROADS.id)
    result = engine.search(SearchQuery("修路", type="project"))
    assert "农村公路养护" not in [hit.title for hit in result.hits]
    filled.apply(ROADS.batch())
    assert engine.search(SearchQuery("修路", type="project")).hits[0].title == "农村公路养护"


def test_a_refresh_without_changes_makes_no_version(engine: Engine) -> None:
    engine.refresh()
    folder = engine.status().folder
    engine.refresh()
    assert engine.status().folder == folder


def test_one_document_more_is_caught_up_not_built(
    store: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = open_engine(store, tmp_path / "index")
    for paper in PAPERS[:3]:
        store.apply(paper.batch())
    engine.refresh()
    monkeypatch.setattr(build, "build", _forbidden)
    store.apply(PAPERS[3].batch())
    engine.refresh()
    assert not engine.status().stale


def _forbidden(*_: object) -> Path:
    raise AssertionError("this should not have been called")


class Counting:
    """The engine's encoder, with a count of what it encodes."""

    def __init__(self, engine: Engine) -> None:
        inner = engine._model.encoder()
        assert inner is not None
        self.inner = inner
        self.texts: list[str] = []
        self.id, self.dimension = inner.id, inner.dimension
        self.encode_queries = inner.encode_queries

    def encode_passages(self, texts: Sequence[str], progress: object = None) -> object:
        self.texts += texts
        return self.inner.encode_passages(texts)


def test_rebuilding_encodes_nothing_and_a_new_document_only_its_new_texts(
    store: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.apply(INVESTMENT.batch())
    store.apply(ROADS.batch())
    engine = open_engine(store, tmp_path / "index")
    engine.refresh()
    counting = Counting(engine)
    monkeypatch.setattr(engine._model, "encoder", lambda: counting)
    engine.rebuild()
    assert counting.texts == []
    store.apply(SCHOOLS.batch())
    engine.refresh()
    assert "师生满意度：学生和老师的满意程度" in counting.texts
    assert "群众满意度：受益群众的满意程度" not in counting.texts


def test_a_missing_index_is_built(engine: Engine, tmp_path: Path) -> None:
    before = answers(engine)
    shutil.rmtree(tmp_path / "index")
    again = open_engine(engine._store, tmp_path / "index")
    assert answers(again) == before


DAMAGE = ["manifest.json", "text/meta.json", "vectors-00000.codes", "row_type.npy", "strings.npy"]


@pytest.mark.parametrize("name", DAMAGE)
@pytest.mark.parametrize("cut", [True, False])
def test_a_damaged_index_is_rebuilt(engine: Engine, tmp_path: Path, name: str, cut: bool) -> None:
    before = answers(engine)
    path = Path(engine.status().folder) / name
    if cut:
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    else:
        path.unlink()
    assert answers(open_engine(engine._store, tmp_path / "index")) == before


@pytest.mark.parametrize("pointer", ["", "v9-nothing\n", "../../etc\n", "\ufffd"])
def test_a_damaged_pointer_is_rebuilt(engine: Engine, tmp_path: Path, pointer: str) -> None:
    before = answers(engine)
    (tmp_path / "index" / "CURRENT").write_text(pointer)
    assert answers(open_engine(engine._store, tmp_path / "index")) == before


OTHER_ROADS = replace(
    ROADS,
    key="other-roads",
    plans=(replace(ROADS.plans[0], code="99012225P000020110009", name="城市道路大修"),),
)


@pytest.mark.parametrize("other", [INVESTMENT, OTHER_ROADS])
def test_an_index_of_another_store_is_not_searched(tmp_path: Path, other: Paper) -> None:
    # The second has as many nodes of every label, and the same revision.
    for name, paper in (("one", ROADS), ("two", other)):
        with open_store(f"sqlite:///{tmp_path}/{name}.db") as store:
            store.apply(paper.batch())
            result = open_engine(store, tmp_path / "index").search(SearchQuery("", type="project"))
            assert [hit.title for hit in result.hits] == [paper.plans[0].name]


def test_old_versions_go_but_not_under_a_reader(engine: Engine, filled: Writer) -> None:
    engine.refresh()
    root = Path(engine.status().folder).parent
    reader = open_current(root)
    assert reader is not None
    filled.delete_document(ROADS.id)
    engine.refresh()
    assert reader.folder.exists()
    assert len(reader.table) > 0
    reader.lease.release()
    filled.apply(ROADS.batch())
    engine.refresh()
    assert not reader.folder.exists()
    assert len([path for path in root.iterdir() if path.is_dir()]) == 1


def test_a_search_that_catches_up_leaves_one_version(engine: Engine, filled: Writer) -> None:
    engine.search(SearchQuery("满意"))
    root = Path(engine.status().folder).parent
    filled.delete_document(ROADS.id)
    engine.search(SearchQuery("满意"))
    assert [path for path in root.iterdir() if path.is_dir()] == [Path(engine.status().folder)]


KILLED = """
import os, signal, sys
from pathlib import Path
from graph.opening import open_store
from search import build, manifest
from search.engine import open_engine
def stop(*_):
    os.kill(os.getpid(), signal.SIGKILL)
manifest.write = stop
open_engine(open_store(sys.argv[1]), Path(sys.argv[2])).refresh()
"""


def test_a_build_that_is_killed_leaves_the_old_index_working(
    engine: Engine, filled: Writer, tmp_path: Path
) -> None:
    engine.refresh()
    old = engine.status().folder
    filled.delete_document(ROADS.id)
    arguments = [sys.executable, "-c", KILLED, SQLITE.url(tmp_path, 0)]
    killed = subprocess.run([*arguments, str(tmp_path / "index")], check=False)
    assert killed.returncode == -signal.SIGKILL
    left = open_current(tmp_path / "index")
    assert left is not None and str(left.folder) == old
    assert len([p for p in (tmp_path / "index").iterdir() if p.is_dir()]) == 2
    left.lease.release()
    engine.refresh()
    assert not engine.status().stale
    assert len([p for p in (tmp_path / "index").iterdir() if p.is_dir()]) == 1


SEARCHING = """
import sys
from pathlib import Path
from graph.opening import open_store
from search.engine import open_engine
from search.query import SearchQuery
engine = open_engine(open_store(sys.argv[1]), Path(sys.argv[2]))
result = engine.search(SearchQuery("群众满意度"))
assert result.hits[0].count == 4 and not result.degraded, result
"""


def test_processes_that_build_at_once_do_not_break_each_other(
    filled: Writer, tmp_path: Path
) -> None:
    command = [sys.executable, "-c", SEARCHING, SQLITE.url(tmp_path, 0)]
    running = [subprocess.Popen([*command, str(tmp_path / "index")]) for _ in range(4)]
    assert [process.wait(60) for process in running] == [0, 0, 0, 0]
    assert len([p for p in (tmp_path / "index").iterdir() if p.is_dir()]) == 1


def test_another_build_is_waited_for_or_the_old_index_answers(
    engine: Engine, filled: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search.local_keeper.IMPATIENT_SECONDS", 0.2)
    engine.refresh()
    filled.delete_document(ROADS.id)
    with building(tmp_path / "index"):
        result = engine.search(SearchQuery("修路", type="project"))
        assert "正在更新" in result.degraded
    assert engine.search(SearchQuery("修路", type="project")).degraded == ""


def test_threads_search_while_the_index_is_swapped(engine: Engine, filled: Writer) -> None:
    engine.refresh()
    stop = threading.Event()
    failures: list[BaseException] = []

    def ask() -> None:
        while not stop.is_set():
            try:
                result = engine.search(SearchQuery("群众满意度"))
                assert result.hits[0].title == "群众满意度"
            except BaseException as error:
                failures.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for _ in range(4):
        filled.delete_document(ROADS.id)
        engine.refresh()
        filled.apply(ROADS.batch())
        engine.refresh()
    time.sleep(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert failures == []


def test_without_its_model_the_text_leg_answers_and_says_so(filled: Writer, tmp_path: Path) -> None:
    broken = Path(shutil.copytree(BUNDLED, tmp_path / "model"))
    (broken / "model.onnx").write_bytes(b"damaged")
    engine = open_engine(filled, tmp_path / "index", str(broken))
    result = engine.search(SearchQuery("群众满意度"))
    assert result.hits[0].title == "群众满意度"
    assert "语义模型不可用" in result.degraded
    assert "dense" not in result.hits[0].features
    assert engine.status().degraded


def test_an_index_with_vectors_survives_the_loss_of_the_model(
    engine: Engine, filled: Writer, tmp_path: Path
) -> None:
    engine.refresh()
    model = engine.status().model
    (tmp_path / "no-model").mkdir()
    (tmp_path / "no-model" / "lost.onnx").touch()
    without = open_engine(filled, tmp_path / "index", str(tmp_path / "no-model"))
    filled.delete_document(ROADS.id)
    filled.apply(ROADS.batch())
    assert without.search(SearchQuery("公路养护", type="project")).hits
    status = without.status()
    assert status.model == model
    # Back with the model, everything is as if it had never been away.
    again = open_engine(filled, tmp_path / "index")
    assert answers(again) == answers(open_engine(filled, tmp_path / "anew"))
    assert again.status().missing == 0


def test_another_model_makes_another_index(filled: Writer, tmp_path: Path) -> None:
    open_engine(filled, tmp_path / "index").refresh()
    other = Path(shutil.copytree(BUNDLED, tmp_path / "other"))
    (other / "manifest.json").unlink()
    engine = open_engine(filled, tmp_path / "index", str(other))
    engine.refresh()
    assert engine.status().model.startswith("other@")
    assert engine.search(SearchQuery("老百姓满不满意")).hits[0].title == "群众满意度"


def test_vectors_of_another_model_are_not_compared(filled: Writer, tmp_path: Path) -> None:
    engine = open_engine(filled, tmp_path / "index")
    engine.refresh()
    other = Path(shutil.copytree(BUNDLED, tmp_path / "other"))
    (other / "manifest.json").unlink()
    manifest = Path(engine.status().folder) / "manifest.json"
    # Named by a folder that is no model any more.
    text = manifest.read_text().replace('"model_name": ""', '"model_name": "/nowhere"')
    manifest.write_text(text)
    result = open_engine(filled, tmp_path / "index", str(other)).search(SearchQuery("满意度"))
    assert "它现在打不开，只按文字检索" in result.degraded
    assert result.hits and all("dense" not in hit.features for hit in result.hits)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_named(filled: Writer, tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0o500)
    with pytest.raises(SearchError, match="无法写入"):
        open_engine(filled, tmp_path / "closed" / "index").refresh()


def test_a_file_in_the_way_of_the_index_is_named(filled: Writer, tmp_path: Path) -> None:
    (tmp_path / "index").write_text("a file")
    with pytest.raises(SearchError, match="无法写入"):
        open_engine(filled, tmp_path / "index").refresh()


def test_progress_is_told(engine: Engine) -> None:
    told: list[tuple[int, int, str]] = []
    engine.refresh(lambda *seen: told.append(seen))
    assert told[-1][0] == told[-1][1]
    assert [done for done, _, _ in told] == sorted(done for done, _, _ in told)


def test_a_full_disk_is_told_where_the_text_index_meets_it(
    filled: Writer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise ValueError("An IO error occurred: 'No space left on device (os error 28)'")

    monkeypatch.setattr("search.lexical.tantivy.Index", full)
    with pytest.raises(SearchError, match="磁盘已满"):
        open_engine(filled, tmp_path / "index").refresh()
