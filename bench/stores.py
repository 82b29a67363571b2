"""The same synthetic graph on SQLite and on a Neo4j server, side by side in one run.

Writing, disk and memory; then reads and searches, each asked of both stores in turns. A ratio is
the median on Neo4j over that on SQLite. SQLite works inside the process; the server is reached
over the machine's own network, so that every question costs its round trips.

python -m bench.stores --indicators 10000
"""

import argparse
import hashlib
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TypeAlias

import neo4j
import numpy as np
from numpy.typing import NDArray

from bench.measure import footer, table
from bench.synthetic import batches
from graph.elements import GraphBatch, PropertyValue
from graph.opening import open_store
from graph.store import Writer, scan_all
from graph.trace import trace
from search.engine import Engine
from search.model_slot import ModelSlot
from search.opening import keeper_of
from search.progress import Progress
from search.query import SearchQuery
from search.rank import usual_weights
from tools.neo4j_server import PASSWORD, Server, jars

SQLITE, NEO4J = "SQLite", "Neo4j"
HEAP, PAGES = "2g", "1g"
"""What the server gets of the memory."""
SLOW_ROUNDS = 5
WARMING = 30
"""Rounds that are not counted: the server compiles what it runs often."""
QUESTIONS = (
    "校舍维修完成率",
    "老百姓满不满意",
    "钱有没有按时拨下去",
    "养老服务中心补助标准",
    "农村公路验收",
    "疫苗接种覆盖率",
)
Times: TypeAlias = dict[str, list[float]]
_DIMENSION = 512


class _Bigrams:
    """An encoder that costs next to nothing: each two characters turn the vector their own way.

    Texts that share words are alike, as with the bundled model, which takes some milliseconds for
    each text on either store. See `search.encoder.Encoder`.
    """

    id = "bench-bigrams@1"
    dimension = _DIMENSION

    calibration = None
    intents = None

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        return np.stack([_encoded(text) for text in texts])


def _encoded(text: str) -> NDArray[np.float32]:
    total = np.sum([_direction(text[n : n + 2]) for n in range(max(1, len(text) - 1))], axis=0)
    return np.asarray(total / np.linalg.norm(total), dtype=np.float32)


@cache
def _direction(characters: str) -> NDArray[np.float32]:
    seed = hashlib.sha256(characters.encode()).digest()[:8]
    return np.random.default_rng(int.from_bytes(seed)).standard_normal(_DIMENSION, np.float32)


class _Slot(ModelSlot):
    """See `search.model_slot.ModelSlot`."""

    def encoder(self) -> _Bigrams:
        return _Bigrams()


@dataclass(frozen=True)
class Place:
    """A store, its engine and how much disk it takes now."""

    store: Writer
    engine: Engine
    disk: Callable[[], int]


@contextmanager
def both(home: Path) -> Iterator[tuple[dict[str, Place], Server]]:
    """Two empty stores, the second on a server that ends with this."""
    server = Server(jars(os.environ), HEAP, PAGES)
    server.start()
    try:
        with (
            open_store(f"sqlite:///{home / 'jipu.db'}") as files,
            open_store(server.url) as remote,
        ):
            yield (
                {
                    SQLITE: _place(files, home, home),
                    NEO4J: _place(remote, home, server.data / "databases" / "neo4j"),
                },
                server,
            )
    finally:
        server.stop()


def _place(store: Writer, home: Path, folder: Path) -> Place:
    slot = _Slot()
    engine = Engine(store, keeper_of(store, home / "index", slot, ""), slot, usual_weights())
    return Place(store, engine, lambda: _size(folder))


def fill(places: Mapping[str, Place], indicators: int) -> Times:
    """Seconds of each document, written to the stores in turns."""
    times: Times = {name: [] for name in places}
    for number, batch in enumerate(batches(indicators)):
        for name, place in _turned(places, number):
            times[name].append(_timed(partial(place.store.apply, batch)))
    return times


def build(places: Mapping[str, Place]) -> dict[str, float]:
    """Seconds until each index shows its store."""
    return {name: _timed(place.engine.refresh) for name, place in places.items()}


def bare_seconds(server: Server, documents: Iterator[GraphBatch]) -> float:
    """The same nodes and edges by plain CREATE through the driver, beside the full database:
    nothing is merged or kept for later, and what was created before is known without asking."""
    seen: set[str] = set()
    seconds = 0.0
    address = f"bolt://127.0.0.1:{server.port}"
    with (
        neo4j.GraphDatabase.driver(address, auth=("neo4j", PASSWORD)) as driver,
        driver.session(database="neo4j") as session,
    ):
        session.run("CREATE CONSTRAINT bare FOR (n:Bare) REQUIRE n.id IS UNIQUE").consume()
        for batch in documents:
            new = [{**n.properties, "id": n.id} for n in batch.nodes if n.id not in seen]
            seen.update(node.id for node in batch.nodes)
            edges: dict[str, list[dict[str, object]]] = {}
            for edge in batch.edges:
                ends: dict[str, object] = {
                    "a": edge.source,
                    "b": edge.target,
                    "said": dict(edge.properties),
                }
                edges.setdefault(edge.type, []).append({**ends, "said": dict(edge.properties)})
            seconds += _timed(partial(_create, session, new, edges))
    return seconds


def _create(
    session: neo4j.Session,
    nodes: list[dict[str, PropertyValue]],
    edges: Mapping[str, list[dict[str, object]]],
) -> None:
    with session.begin_transaction() as transaction:
        transaction.run("UNWIND $rows AS row CREATE (n:Bare) SET n = row", rows=nodes).consume()
        for type, rows in edges.items():
            transaction.run(
                "UNWIND $rows AS row MATCH (a:Bare {id: row.a}) MATCH (b:Bare {id: row.b})"
                f" CREATE (a)-[r:`{type}`]->(b) SET r = row.said",
                rows=rows,
            ).consume()
        transaction.commit()


@dataclass(frozen=True)
class Question:
    """Something to ask of a store, the number-th time; `slow` is asked a few times only."""

    name: str
    ask: Callable[[Place, int], object]
    slow: bool = False


def reads(store: Writer) -> list[Question]:
    draw = random.Random(7)
    project = [node.id for node in scan_all(store, "Project")]
    indicator = [node.id for node in store.scan("Indicator", limit=2000).nodes]
    code = [str(node.properties["code"]) for node in store.scan("Project", limit=500).nodes]
    cited = store.degree([node.id for node in scan_all(store, "Policy")], "CITES", "in")
    popular, rare = (
        max(cited, key=lambda id: (cited[id], id)),
        min(cited, key=lambda id: (cited[id] or 2**31, id)),
    )
    for drawn in (project, indicator, code):
        draw.shuffle(drawn)
    some, hundred = _nth(indicator), _slice(indicator)
    last = store.revision() - 1
    return [
        Question("取 1 个节点", lambda p, n: p.store.get([some(n)])),
        Question("取 100 个节点", lambda p, n: p.store.get(hundred(n))),
        Question("一个项目的出边", lambda p, n: p.store.edges([_nth(project)(n)])),
        Question("100 个指标的出边", lambda p, n: p.store.edges(hundred(n))),
        Question("一个项目的入边", lambda p, n: p.store.edges([_nth(project)(n)], None, "in")),
        Question(
            "热门政策的入边", lambda p, n: p.store.edges([popular], {"CITES"}, "in"), slow=True
        ),
        Question("按项目编码扫描", lambda p, n: p.store.scan("Project", {"code": [_nth(code)(n)]})),
        Question("扫描一页 1,000 个", lambda p, n: p.store.scan("Indicator", after=some(n))),
        Question("热门政策的度", lambda p, n: p.store.degree([popular], "CITES", "in")),
        Question("追溯冷门政策", lambda p, n: trace(p.store, rare)),
        Question("追溯热门政策", lambda p, n: trace(p.store, popular), slow=True),
        Question("计数", lambda p, n: p.store.counts()),
        Question("上一版以来的变化", lambda p, n: p.store.changes(last)),
    ]


def searches(store: Writer) -> list[Question]:
    question = _nth(QUESTIONS)
    indicator = _nth([node.id for node in store.scan("Indicator", limit=50).nodes])
    county = _nth(
        [str(node.properties["name"]) for node in scan_all(store, "Region", {"level": ["county"]})]
    )
    return [
        Question("检索", lambda p, n: p.engine.search(SearchQuery(question(n)))),
        Question(
            "检索，限一个县",
            lambda p, n: p.engine.search(SearchQuery(question(n), counties=(county(n),))),
        ),
        Question(
            "检索，限一年", lambda p, n: p.engine.search(SearchQuery(question(n), years=(2024,)))
        ),
        Question("相似指标", lambda p, n: p.engine.similar(indicator=indicator(n))),
        Question("可用表述", lambda p, n: p.engine.wordings(question(n))),
    ]


def asked(places: Mapping[str, Place], questions: Sequence[Question], rounds: int) -> list[Times]:
    """Seconds of every question, the stores in turns; the first rounds are not kept."""
    found = []
    for question in questions:
        times: Times = {name: [] for name in places}
        warming = SLOW_ROUNDS if question.slow else WARMING
        for number in range((SLOW_ROUNDS if question.slow else rounds) + warming):
            for name, place in _turned(places, number):
                seconds = _timed(partial(question.ask, place, number))
                if number >= warming:
                    times[name].append(seconds)
        found.append(times)
    return found


def _turned(places: Mapping[str, Place], number: int) -> Sequence[tuple[str, Place]]:
    """All of them, another one first every time."""
    order = list(places.items())
    return order if number % 2 else order[::-1]


def _nth(values: Sequence[str]) -> Callable[[int], str]:
    return lambda number: values[number % len(values)]


def _slice(values: Sequence[str]) -> Callable[[int], Sequence[str]]:
    return lambda number: values[number * 100 % 1900 :][:100]


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _peak(process: int | str) -> float:
    """MiB of memory that a process has had at most. Linux only."""
    for line in Path(f"/proc/{process}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError(f"no VmHWM of process {process}")


def _rows(questions: Sequence[Question], times: Sequence[Times]) -> list[list[str]]:
    return [
        [question.name, *(_spread(found[name]) for name in (SQLITE, NEO4J)), _ratio(found)]
        for question, found in zip(questions, times, strict=True)
    ]


def _spread(times: Sequence[float]) -> str:
    ordered = sorted(times)
    last = ordered[min(len(ordered) - 1, round(0.95 * len(ordered)))]
    return f"{statistics.median(ordered) * 1000:.2f} / {last * 1000:.2f}"


def _ratio(times: Times) -> str:
    return f"{statistics.median(times[NEO4J]) / statistics.median(times[SQLITE]):.1f}"


def _against(name: str, values: Mapping[str, float], unit: str) -> list[str]:
    said = [f"{values[place]:,.0f} {unit}" for place in (SQLITE, NEO4J)]
    return [name, *said, f"{values[NEO4J] / values[SQLITE]:.2f}"]


def _disk(name: str, places: Mapping[str, Place], server: Server) -> list[str]:
    """Measured while the server is stopped: until then part of it stands in its log alone."""
    server.end()
    row = _against(name, {key: place.disk() / 2**20 for key, place in places.items()}, "MiB")
    server.start()
    return row


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.stores", description=__doc__)
    parser.add_argument("--indicators", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=40, help="how often each question is asked")
    words = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, both(Path(folder).resolve()) as (places, server):
        start = time.perf_counter()
        written = {name: sum(times) for name, times in fill(places, words.indicators).items()}
        rate = {name: words.indicators / seconds for name, seconds in written.items()}
        memory = _peak(server.process)
        rows = [_against("写入", rate, "指标/秒"), _disk("磁盘", places, server)]
        counts = places[SQLITE].store.counts()
        assert counts == places[NEO4J].store.counts()
        sys.stderr.write(f"written after {time.perf_counter() - start:.0f} s\n")
        questions = reads(places[SQLITE].store)
        read = _rows(questions, asked(places, questions, words.rounds))
        sys.stderr.write(f"read after {time.perf_counter() - start:.0f} s\n")
        rows.append(_against("建检索索引", build(places), "秒"))
        sys.stderr.write(f"indexed after {time.perf_counter() - start:.0f} s\n")
        found = searches(places[SQLITE].store)
        read += _rows(found, asked(places, found, words.rounds))
        searched = _peak(server.process)
        rows.append(_disk("磁盘，连同索引", places, server))
        bare = words.indicators / bare_seconds(server, batches(words.indicators))
        rows.insert(1, ["写入，直接用驱动 CREATE", "", f"{bare:,.0f} 指标/秒", ""])
        rows.append(["服务器内存峰值，写入后、检索后", "", f"{memory:.0f}、{searched:.0f} MiB", ""])
        rows.append(["本进程内存峰值", f"{_peak('self'):.0f} MiB", "", ""])
    table(("", SQLITE, NEO4J, "Neo4j / SQLite"), rows)
    sys.stdout.write("\n")
    table(("中位 / p95，毫秒", SQLITE, NEO4J, "倍数"), read)
    names = "Indicator", "Wording", "Project", "Policy", "Document"
    footer(
        f"bench.stores --indicators {words.indicators}",
        "、".join(f"{counts[name]} {name}" for name in names) + f"；堆 {HEAP}，页缓存 {PAGES}。",
        "语义向量由不费时的替身计算：两边都省去模型的时间。",
    )


if __name__ == "__main__":
    main()
