"""One search through the engine against a bare tantivy query over the same texts, in one run.

The engine understands the question, encodes it, searches text and vectors, fuses, filters and
fetches evidence; the bare query is what the text index alone takes.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tantivy

from bench.measure import EXAMPLES, footer, seeds, table
from graph.opening import open_store
from graph.store import Reader, scan_all
from ingest.pipeline import IngestOptions, ingest_paths
from search import analyze
from search.engine import Engine, open_engine
from search.query import SearchQuery

QUESTIONS = (
    "老百姓满不满意",
    "乡镇商贸中心改造了几个",
    "钱有没有按时拨下去",
    "高龄津贴发放标准",
    "招商引资签约项目",
    "路灯坏了多久修好",
)
ROUNDS = 20
TOP = 50


def bare_index(store: Reader) -> tantivy.Index:
    """Every wording's terms in a tantivy index in memory, and nothing else."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("terms", tokenizer_name="whitespace", index_option="freq")
    index = tantivy.Index(builder.build())
    writer = index.writer(num_threads=1)
    for node in scan_all(store, "Wording"):
        document = tantivy.Document()
        document.add_text("terms", " ".join(analyze.terms(str(node.properties["text"]))))
        writer.add_document(document)
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    return index


def bare_query(index: tantivy.Index, text: str) -> None:
    terms = [
        (tantivy.Occur.Should, tantivy.Query.term_query(index.schema, "terms", term))
        for term in analyze.terms(text)
    ]
    index.searcher().search(tantivy.Query.boolean_query(terms), TOP)


def timed(ask: Callable[[str], object]) -> list[float]:
    times = []
    for text in QUESTIONS:
        start = time.perf_counter()
        ask(text)
        times.append(time.perf_counter() - start)
    return times


def measure(engine: Engine, index: tantivy.Index) -> tuple[list[float], list[float]]:
    """Seconds of every question, engine and bare query in turns; the first round is not kept."""
    through, bare = [], []
    for turn in range(ROUNDS + 1):
        one = timed(lambda text: engine.search(SearchQuery(text)))
        other = timed(lambda text: bare_query(index, text))
        if turn:
            through += one
            bare += other
    return through, bare


def main() -> None:
    rows = []
    for name, folder in (("examples", EXAMPLES), ("seeds", seeds())):
        if folder is None:
            continue
        with tempfile.TemporaryDirectory() as home:
            path = Path(home).resolve()
            with open_store(f"sqlite:///{path / 'jipu.db'}") as store:
                ingest_paths([folder], store, IngestOptions())
                engine = open_engine(store, path / "index", None)
                engine.refresh()
                through, bare = measure(engine, bare_index(store))
        median, base = statistics.median(through), statistics.median(bare)
        rows.append(
            [name, f"{median * 1000:.2f} ms", f"{base * 1000:.3f} ms", f"{median / base:.0f}"]
        )
    table(("材料", "jipu 检索", "只用 tantivy", "倍数"), rows)
    footer("bench.query_speed", f"{len(QUESTIONS)} 个问题 × {ROUNDS} 轮，交替，中位。")


if __name__ == "__main__":
    main()
