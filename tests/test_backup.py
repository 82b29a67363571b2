"""The backups that docs/deployment.md tells of, by its very commands."""

import re
import shlex
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

from graph.opening import open_store
from tests.api.graphs import QINGHE, fill

PAGE = (Path(__file__).parents[1] / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_a_backup_of_sqlite_is_whole_while_another_writes(tmp_path: Path) -> None:
    (line,) = re.findall(r"^    (python3 -c .*VACUUM.*)$", PAGE, re.MULTILINE)
    url = f"sqlite:///{tmp_path / 'jipu.db'}"
    stop = threading.Event()
    with open_store(url) as store:
        fill(store)
        counted = store.counts()

    def write() -> None:
        with open_store(url) as store:
            while not stop.is_set():
                batch = store.batch_of(QINGHE)
                assert batch is not None
                store.delete_document(QINGHE)
                store.apply(batch)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            words = shlex.split(line.replace("data/jipu.db", "jipu.db"))
            words[0], words[-1] = sys.executable, f"{number}.db"
            ran = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert ran.returncode == 0, ran.stderr
    finally:
        stop.set()
        writer.join()
    for number in range(5):
        with sqlite3.connect(tmp_path / f"{number}.db") as plain:
            assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        plain.close()
        with open_store(f"sqlite:///{tmp_path / f'{number}.db'}") as store:
            # Before a deletion, or after it: never a part of a document.
            whole = store.batch_of(QINGHE) is not None
            assert (store.counts() == counted) is whole
