"""One index version, opened for searching: table, text leg and vector leg that belong together."""

from pathlib import Path

from search import manifest as manifests
from search.errors import IndexMismatch
from search.fuse import Sample
from search.lexical import LexicalIndex
from search.table import DEAD, Table
from search.vector import VectorIndex
from search.versions import Lease, current

TEXT_FOLDER = "text"


class Snapshot:
    """Read-only and safe to share between threads. `vectors` is None for an index without them.

    Raises IndexMismatch where anything of the version is missing, damaged or of another format.
    """

    def __init__(self, lease: Lease) -> None:
        self.lease = lease
        self.folder: Path = lease.folder
        self.manifest = manifests.read(self.folder)
        self.table = Table.open(self.folder)
        self.lexical = LexicalIndex(self.folder / TEXT_FOLDER)
        living = int((self.table.rows["type"] != DEAD).sum())
        if len(self.table) != self.manifest.rows or len(self.lexical) != living:
            raise IndexMismatch(f"检索索引 {self.folder} 的各部分对不上，将重建")
        self.vectors = (
            VectorIndex(self.folder, self.manifest.dimension, self.manifest.rows)
            if self.manifest.model
            else None
        )
        self.sample = Sample.of(self.table)


def open_current(root: Path) -> Snapshot | None:
    """The version that is searched now; None where there is none or it cannot be used."""
    lease = current(root)
    if lease is None:
        return None
    try:
        return Snapshot(lease)
    except IndexMismatch:
        lease.release()
        return None
