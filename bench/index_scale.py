"""The index in files at 100,000 and 1,000,000 distinct wordings, against what it is made of.

Each size is built by the real builder and asked through the real engine, over a graph that is made
up while it is read; in the same run an exact scan of fp32 vectors, FAISS's own inverted file and
tantivy's own query answer the same questions. Questions are encoded before.

python -m bench.index_scale --rows 100000 1000000 --vectors made
"""

import argparse
import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast
from zlib import crc32

import faiss
import numpy as np
import tantivy
from numpy.typing import NDArray

from bench.measure import footer, table
from bench.scale_graph import MODEL, ScaleGraph, county
from bench.scale_wordings import questions, save_vectors, unit
from search import analyze, quantiser, vector
from search.allowed import Allowed
from search.build import build
from search.encoder import open_encoder
from search.engine import Engine
from search.index import FIELDS, NO_ROWS, Scope, Selection
from search.inner import inner
from search.matching import CANDIDATES
from search.model_slot import ModelSlot
from search.opening import LOCAL, keeper_of
from search.progress import Progress
from search.query import SearchQuery
from search.rank import usual_weights
from search.snapshot import TEXT_FOLDER, Snapshot, open_current
from search.versions import publish

ASKED = 300
SELDOM = 5
"""Every so many-th question is asked of what takes long as well."""
TOP = 10
WARM = 20
"""So many questions are asked once before."""
ONE_BY_ONE = ("FAISS alone", "tantivy alone", "both legs scored", "Engine.search")
AFTER = ", one after another"

Taken = tuple[float, float]
"""Seconds by the clock and of CPU."""


class _Known:
    """An encoder that was asked before. See `search.encoder.Encoder`."""

    id = MODEL
    calibration = None
    intents = None

    def __init__(self, vectors: NDArray[np.float32]) -> None:
        self.dimension = vectors.shape[1]
        self._vectors = vectors
        self._known = dict(zip(questions(), vectors, strict=True))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._known.get(text, self._vectors[0]) for text in texts])

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """What is no wording has the vector of some question."""
        numbers = [crc32(text.encode()) % len(self._vectors) for text in texts]
        return np.asarray(self._vectors[numbers])


class _Slot(ModelSlot):
    """See `search.model_slot.ModelSlot`."""

    def __init__(self, encoder: _Known) -> None:
        super().__init__()
        self._known = encoder

    def encoder(self) -> Any:
        return self._known


@dataclass(frozen=True)
class Place:
    """Where one size lies on disk."""

    home: Path
    rows: int

    @property
    def index(self) -> Path:
        return self.home / f"index-{self.rows}"

    def vectors(self) -> NDArray[np.float32]:
        return np.asarray(np.load(self.home / f"vectors-{self.rows}.npy", mmap_mode="r"))

    def asked(self) -> NDArray[np.float32]:
        return np.asarray(np.load(self.home / "questions.npy"))


def built(place: Place) -> dict[str, float]:
    """Seconds and peak memory of a build, or of the one that made the index which is there."""
    kept = place.home / f"built-{place.rows}.json"
    if kept.exists():
        known: dict[str, float] = json.loads(kept.read_text(encoding="utf-8"))
        return known
    place.index.mkdir()
    start = time.perf_counter()
    folder = build(ScaleGraph(place.vectors()), _Known(place.asked()), "", place.index, None)
    publish(place.index, folder)
    used = resource.getrusage(resource.RUSAGE_SELF)
    told = {
        "build s": time.perf_counter() - start,
        "build CPU s": used.ru_utime + used.ru_stime,
        "build peak MiB": used.ru_maxrss / 1024,
    }
    kept.write_text(json.dumps(told), encoding="utf-8")
    return told


def opened(place: Place) -> dict[str, float]:
    """What a process that only opens the index and asks some questions takes, besides its
    libraries; the file system's cache is warm."""
    before, _ = _memory()
    start = time.perf_counter()
    engine = _engine(place)
    engine.status()
    told = {"open s": time.perf_counter() - start}
    for text in questions()[:20]:
        engine.search(SearchQuery(text))
    own, shared = _memory()
    return {**told, "own MiB": own - before, "mapped MiB": shared}


def _memory() -> tuple[float, float]:
    """MiB that are this process's own, and that it shares with a file."""
    lines = Path("/proc/self/status").read_text().splitlines()
    told = {line.partition(":")[0]: line.split()[1] for line in lines if line.startswith("Rss")}
    return int(told["RssAnon"]) / 1024, int(told["RssFile"]) / 1024


def _engine(place: Place) -> Engine:
    slot = _Slot(_Known(place.asked()))
    graph = ScaleGraph(place.vectors())
    return Engine(graph, keeper_of(graph, place.index, slot, LOCAL), slot, usual_weights())


def asked(place: Place) -> dict[str, float]:
    """Milliseconds of each way to ask, in turns, and how many of the exact ten it finds; then of
    some of them, one question after another. CPU time is that of all threads: the text leg runs
    beside the vector leg."""
    snapshot = open_current(place.index)
    assert snapshot is not None and snapshot.vectors is not None
    ways = _ways(place, snapshot)
    known = list(zip(questions(), place.asked(), strict=True))
    chosen = [known[n * 7 % len(known)] for n in range(ASKED)]
    times: dict[str, list[Taken]] = {}
    found: list[float] = []
    for turn, (text, query) in enumerate(chosen[:WARM] + chosen):
        for name, ask in ways(turn, text, query).items():
            answer, took = _timed(ask)
            if turn >= WARM:
                times.setdefault(name, []).append(took)
            if name == "exact fp32 scan":
                exact = set(answer.tolist())
            elif name == "vector leg":
                found.append(len(exact & set(answer[0][:TOP].tolist())) / TOP)
    for name in ONE_BY_ONE:
        each = [ways(turn, *question)[name] for turn, question in enumerate(chosen)]
        times[name + AFTER] = [_timed(ask)[1] for ask in each[:WARM] + each][WARM:]
    recall = {"recall@10": statistics.mean(found)}
    return {**recall, **_beside(times), **_taken(times), **_sizes(snapshot)}


def _timed(ask: Callable[[], Any]) -> tuple[Any, Taken]:
    start, worked = time.perf_counter(), time.process_time()
    answer = ask()
    return answer, (time.perf_counter() - start, time.process_time() - worked)


def _ways(
    place: Place, snapshot: Snapshot
) -> Callable[[int, str, NDArray[np.float32]], dict[str, Callable[[], Any]]]:
    """How the question of a turn is asked of each."""
    assert snapshot.vectors is not None
    nearest, engine = snapshot.vectors.search, _engine(place)
    counties = ScaleGraph(place.vectors()).counts()["Region"]
    vectors = np.array(place.vectors())
    scope = snapshot.scope(Selection(("indicator",)))
    everything = Allowed(np.arange(snapshot.manifest.rows) < len(vectors))
    bare = _bare_faiss(snapshot, vectors)
    searcher, schema = _bare_tantivy(snapshot.folder)

    def tantivy_alone(terms: Sequence[str]) -> Callable[[], Any]:
        query = _bare_query(schema, terms)
        return partial(searcher.search, query, limit=CANDIDATES, count=False)

    def ways(turn: int, text: str, query: NDArray[np.float32]) -> dict[str, Callable[[], Any]]:
        terms = analyze.asked(text)
        search = partial(SearchQuery, text)
        asks: dict[str, Callable[[], Any]] = {
            "exact fp32 scan": partial(_exact, vectors, query),
            "FAISS alone": partial(bare, query),
            "tantivy alone": tantivy_alone(terms),
            "tantivy, no single characters": tantivy_alone(
                [term for term in terms if len(term) > 1] or terms
            ),
            "vector leg": partial(nearest, query, everything, CANDIDATES),
            "text leg": partial(
                snapshot.lexical.search, text, everything, CANDIDATES, every_term=False
            ),
            "both legs scored": partial(_scored, scope, text, query),
            "Engine.search": partial(engine.search, search()),
            "in one county": partial(engine.search, search(counties=(county(turn % counties),))),
            "in one year": partial(engine.search, search(years=(2024,))),
            "projects": partial(engine.search, search(type="project")),
        }
        if turn % SELDOM == 0:
            asks |= {
                "similar": partial(engine.similar, text=text),
                "wordings": partial(engine.wordings, text),
                "recommend": partial(engine.recommend, text),
            }
        return asks

    return ways


def _sizes(snapshot: Snapshot) -> dict[str, float]:
    """What the index takes on the disk."""
    files = [path for path in snapshot.folder.rglob("*") if path.is_file()]
    vectors = sum(path.stat().st_size for path in vector.files(snapshot.folder))
    return {
        "bytes a vector": vectors / snapshot.manifest.rows,
        "index MiB": sum(path.stat().st_size for path in files) / 2**20,
    }


def _taken(times: dict[str, list[Taken]]) -> dict[str, float]:
    """Milliseconds by the clock and of CPU."""
    told: dict[str, float] = {}
    for name, taken in times.items():
        wall, worked = np.array(taken).T * 1000
        told[f"{name} p50"], told[f"{name} p95"] = np.percentile(wall, [50, 95]).tolist()
        told[f"{name} p50 CPU"], told[f"{name} p95 CPU"] = np.percentile(worked, [50, 95]).tolist()
    return told


def _scored(scope: Scope, text: str, query: NDArray[np.float32]) -> object:
    """Candidates of both legs, and what each of them scores in every field."""
    return scope.lexical([text], scope.begin(text, query, CANDIDATES)(NO_ROWS).rows)


def _beside(times: dict[str, list[Taken]]) -> dict[str, float]:
    """What each search takes as a share of the engines beneath it, by CPU and by the clock; the
    sums of these are added to `times`."""
    told: dict[str, float] = {}
    beneath = {
        "FAISS + tantivy": ("FAISS alone", "tantivy alone"),
        "FAISS + tantivy as asked": ("FAISS alone", "tantivy, no single characters"),
        "FAISS + tantivy" + AFTER: ("FAISS alone" + AFTER, "tantivy alone" + AFTER),
    }
    for raw, parts in beneath.items():
        times[raw] = list(map(tuple, np.sum([times[part] for part in parts], axis=0)))
        after = AFTER if raw.endswith(AFTER) else ""
        for name in ("both legs scored", "Engine.search"):
            for share in (50, 95):
                own, theirs = (
                    np.percentile(times[which], share, axis=0) for which in (name + after, raw)
                )
                clock, worked = (own / theirs).tolist()
                told[f"{name} / {raw}, p{share}"] = clock
                told[f"{name} / {raw}, p{share} CPU"] = worked
    return told


def _exact(vectors: NDArray[np.float32], query: NDArray[np.float32]) -> NDArray[np.int64]:
    """By this thread alone: those of BLAS go on turning in the time of what is asked next."""
    return np.argpartition(-inner(vectors, query), TOP)[:TOP]


def _bare_faiss(
    snapshot: Snapshot, vectors: NDArray[np.float32]
) -> Callable[[NDArray[np.float32]], object]:
    """FAISS's own index over the same codes: an inverted file with the same cells where there are
    some, else a flat one."""
    assert snapshot.vectors is not None
    library = cast(Any, faiss)
    size = vectors.shape[1]
    kind = library.ScalarQuantizer.QT_8bit_direct_signed
    part = snapshot.vectors.parts[0]
    scaled = 128 * np.sqrt(size) / quantiser.SPREADS
    if part.cells is None:
        index = library.IndexScalarQuantizer(size, kind, faiss.METRIC_INNER_PRODUCT)
        told = None
    else:
        coarse = library.IndexFlatIP(size)
        coarse.add(part.cells.centres)
        cells = len(part.cells.centres)
        index = library.IndexIVFScalarQuantizer(
            coarse, size, cells, kind, faiss.METRIC_INNER_PRODUCT, False
        )
        told = library.SearchParametersIVF(nprobe=vector.READ_CELLS)
    index.is_trained = True
    for start in range(0, len(vectors), 100_000):
        index.add(quantiser.rotated(vectors[start : start + 100_000]) * np.float32(scaled))
    return lambda query: index.search(
        vector.whole(quantiser.rotated(query))[None], CANDIDATES, params=told
    )


def _bare_tantivy(folder: Path) -> tuple[tantivy.Searcher, tantivy.Schema]:
    index = tantivy.Index.open(str(folder / TEXT_FOLDER))
    return index.searcher(), index.schema


def _bare_query(schema: tantivy.Schema, terms: Sequence[str]) -> tantivy.Query:
    """Each of the terms in every field, as the text leg asks for them."""
    should = tantivy.Occur.Should
    return tantivy.Query.boolean_query(
        [
            (
                should,
                tantivy.Query.boost_query(
                    tantivy.Query.term_query(schema, field, term, "freq"), analyze.weight(term)
                ),
            )
            for field in FIELDS
            for term in terms
        ]
    )


def measured(place: Place, source: str) -> dict[str, float]:
    """Everything of one size, each part in a process of its own."""
    size = place.asked().shape[1]
    path = place.home / f"vectors-{place.rows}.npy"
    if not path.exists():
        save_vectors(path, source, open_encoder(), place.rows, size)
    told: dict[str, float] = {}
    for step in (built, opened, asked):
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
            told |= pool.submit(step, place).result()
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--vectors", default="made", help="made, encode, or a .npy file")
    parser.add_argument("--size", type=int, default=256)
    parser.add_argument(
        "--home", type=Path, help="keeps what is made; used again where it is there"
    )
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home: Path = given.home or Path(folder)
        home.mkdir(parents=True, exist_ok=True)
        whole = open_encoder().encode_queries(list(questions()))
        np.save(home / "questions.npy", unit(whole[:, : given.size]))
        told = [measured(Place(home, rows), given.vectors) for rows in given.rows]
    names = list(dict.fromkeys(name for one in told for name in one))
    table(
        ("", *(f"{rows:,}" for rows in given.rows)),
        [(name, *(_shown(name, one[name]) for one in told)) for name in names],
    )
    footer("bench.index_scale", f"{ASKED} 个问题，轮流，毫秒；向量：{given.vectors}。")


def _shown(name: str, value: float) -> str:
    if name.startswith("recall"):
        return f"{value:.4f}"
    return f"{value:.2f}" if " / " in name else f"{value:,.1f}"


if __name__ == "__main__":
    main()
