"""Pages a second of `jipu ingest`: reading, extracting and writing, without the search index.

A page is 1,800 characters of source text, about what one printed page of these documents holds.
"""

import statistics
import tempfile
import time
from pathlib import Path

from bench.measure import EXAMPLES, footer, seeds, table
from graph.opening import open_store
from ingest.files import find_files, read_bytes
from ingest.limits import Limits
from ingest.pipeline import IngestOptions, ingest_paths
from ingest.reading import read

PAGE = 1800
REPEATS = 5


def pages(folder: Path) -> float:
    """Pages of the source texts that the readers make of the files of a folder."""
    limits = Limits()
    paths = [found.path for found in find_files([folder], limits)]
    texts = (read(read_bytes(path, limits), path.name, "", limits).text for path in paths)
    return sum(map(len, texts)) / PAGE


def ingest_seconds(folder: Path) -> float:
    """Seconds of one ingest into a new store on disk."""
    with (
        tempfile.TemporaryDirectory() as home,
        open_store(f"sqlite:///{Path(home).resolve() / 'jipu.db'}") as store,
    ):
        start = time.perf_counter()
        ingest_paths([folder], store, IngestOptions())
        return time.perf_counter() - start


def main() -> None:
    rows = []
    for name, folder in (("examples", EXAMPLES), ("seeds", seeds())):
        if folder is None:
            continue
        count = pages(folder)
        seconds = statistics.median(ingest_seconds(folder) for _ in range(REPEATS))
        rows.append([name, f"{count:.1f}", f"{seconds:.2f} s", f"{count / seconds:.0f}"])
    table(("材料", "页", "入库", "页/秒"), rows)
    footer("bench.ingest_speed", f"每页按 {PAGE} 字计；{REPEATS} 次的中位；单进程，不含建索引。")


if __name__ == "__main__":
    main()
