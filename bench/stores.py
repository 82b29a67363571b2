"""Both stores side by side on one made-up graph: writing, size, and the reads that others wait for.

python -m bench.stores --indicators 100000      needs Java and the server's jars (make test)
"""

import argparse
import os
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import neo4j

from bench.measure import footer, table
from bench.synthetic import batches
from graph.elements import GraphBatch
from graph.opening import open_store
from graph.store import Reader, Writer
from graph.trace import trace
from tools.neo4j_server import PASSWORD, Server, jars

ROUNDS = 50
SLOW_ROUNDS = 5


@dataclass(frozen=True)
class Sample:
    """What the reads ask for, taken from the documents as they are written."""

    projects: list[str]
    indicators: list[str]
    popular: str
    rare: str
    name: str


@dataclass(frozen=True)
class Written:
    indicators: int
    seconds: float
    cpu: float
    sample: Sample


def write(
    store: Writer, documents: Iterator[GraphBatch], server_cpu: Callable[[], float]
) -> Written:
    """Apply them all; the time is that of `apply` alone, the CPU that of client and server."""
    seconds = cpu = 0.0
    indicators: list[str] = []
    projects: list[str] = []
    cited: dict[str, int] = {}
    name = ""
    for batch in documents:
        start, busy = time.perf_counter(), time.process_time() + server_cpu()
        store.apply(batch)
        seconds += time.perf_counter() - start
        cpu += time.process_time() + server_cpu() - busy
        indicators += [node.id for node in batch.nodes if node.label == "Indicator"]
        projects += [node.id for node in batch.nodes if node.label == "Project"]
        for edge in batch.edges:
            if edge.type == "CITES":
                cited[edge.target] = cited.get(edge.target, 0) + 1
        name = next(
            (str(n.properties["name"]) for n in batch.nodes if n.label == "Department"), name
        )
    sample = Sample(
        projects[:: max(1, len(projects) // 100)],
        indicators[:: max(1, len(indicators) // 100)],
        max(cited, key=lambda id: (cited[id], id)),
        min(cited, key=lambda id: (cited[id], id)),
        name,
    )
    return Written(len(indicators), seconds, cpu, sample)


def reads(store: Reader, sample: Sample) -> dict[str, tuple[int, Callable[[], object]]]:
    """Each read with how often it is timed. Place for search and similar, once both have them."""
    newest = store.revision() - 1
    return {
        "get，100 个": (ROUNDS, lambda: store.get(sample.indicators)),
        "edges out，100 个项目": (ROUNDS, lambda: store.edges(sample.projects)),
        "edges in，100 个指标": (ROUNDS, lambda: store.edges(sample.indicators, direction="in")),
        "scan，按部门名称": (ROUNDS, lambda: store.scan("Department", {"name": [sample.name]})),
        "scan，1000 个指标": (ROUNDS, lambda: store.scan("Indicator")),
        "degree，最热的政策": (ROUNDS, lambda: store.degree([sample.popular], "CITES", "in")),
        "trace，少有人引": (ROUNDS, lambda: trace(store, sample.rare)),
        "trace，最热的政策": (SLOW_ROUNDS, lambda: trace(store, sample.popular)),
        "counts": (ROUNDS, store.counts),
        "changes，最后一份文件": (ROUNDS, lambda: store.changes(newest)),
    }


def timed(rounds: int, ask: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds, p50 and p95, after two that are not counted."""
    times = []
    for turn in range(rounds + 2):
        start = time.perf_counter()
        ask()
        if turn > 1:
            times.append((time.perf_counter() - start) * 1000)
    return statistics.median(times), sorted(times)[int(len(times) * 0.95)]


def bare_seconds(url: str, documents: Iterator[GraphBatch]) -> float:
    """The same nodes and edges by plain CREATE through the driver: nothing is merged or kept for
    later, and what was created before is known here, without asking."""
    seen: set[str] = set()
    seconds = 0.0
    address = f"bolt://{url.rpartition('@')[2].partition('/')[0]}"
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
                edges.setdefault(edge.type, []).append(ends)
            start = time.perf_counter()
            with session.begin_transaction() as transaction:
                transaction.run("UNWIND $rows AS row CREATE (n:Bare) SET n = row", rows=new)
                for type, rows in edges.items():
                    transaction.run(
                        "UNWIND $rows AS row MATCH (a:Bare {id: row.a}) MATCH (b:Bare {id: row.b})"
                        f" CREATE (a)-[r:`{type}`]->(b) SET r = row.said",
                        rows=rows,
                    ).consume()
                transaction.commit()
            seconds += time.perf_counter() - start
    return seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--indicators", type=int, default=10_000)
    amount = parser.parse_args().indicators
    server = Server(jars(os.environ))
    with tempfile.TemporaryDirectory() as home:
        try:
            server.start()
            file = Path(home).resolve() / "jipu.db"
            with open_store(f"sqlite:///{file}") as lite, open_store(server.url) as graph:
                one = write(lite, batches(amount), lambda: 0.0)
                other = write(graph, batches(amount), server.cpu_seconds)
                asked = {
                    name: (timed(*ask), timed(*reads(graph, one.sample)[name]))
                    for name, ask in reads(lite, one.sample).items()
                }
            memory = server.resident()
            server.end()
            sizes = sum(f.stat().st_size for f in Path(home).iterdir()), server.stored()
            server.start()
            bare = bare_seconds(server.url, batches(amount))
        finally:
            server.stop()
    _report(amount, one, other, bare, sizes, memory, asked)


def _report(
    amount: int,
    one: Written,
    other: Written,
    bare: float,
    sizes: tuple[int, int],
    memory: int,
    asked: dict[str, tuple[tuple[float, float], tuple[float, float]]],
) -> None:
    count = one.indicators
    rates = count / one.seconds, count / other.seconds
    work = one.cpu / count * 1e3, other.cpu / count * 1e3
    disk = sizes[0] / count / 1e3, sizes[1] / count / 1e3
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    rows = [
        ["写入，指标/秒", f"{rates[0]:.0f}", f"{rates[1]:.0f}", f"{rates[1] / rates[0]:.2f}"],
        ["CPU，毫秒/指标", f"{work[0]:.2f}", f"{work[1]:.2f}", f"{work[1] / work[0]:.1f}"],
        ["直接用驱动 CREATE，指标/秒", "", f"{count / bare:.0f}", ""],
        ["磁盘，KB/指标", f"{disk[0]:.1f}", f"{disk[1]:.1f}", f"{disk[1] / disk[0]:.1f}"],
        ["内存，MiB（本进程峰值；服务器）", f"{own:.0f}", f"{memory / 2**20:.0f}", ""],
    ]
    for name, (lite, graph) in asked.items():
        p50 = f"{graph[0] / lite[0]:.1f}"
        rows.append(
            [f"{name}，毫秒 p50 / p95", *(f"{a:.2f} / {b:.2f}" for a, b in (lite, graph)), p50]
        )
    table(("", "SQLite", "Neo4j", "Neo4j / SQLite"), rows)
    footer(
        f"bench.stores --indicators {amount}", f"{count} 个合成指标；两个库在同一次运行里先后写入。"
    )


if __name__ == "__main__":
    main()
