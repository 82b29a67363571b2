"""How an index version is made: from the whole store, or from the version before and what changed.

Vectors come from the store where it has them for the same text.
"""

import logging
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from graph.elements import Node
from graph.store import Writer
from search import manifest as manifests
from search import table as tables
from search.documents import (
    SearchDocument,
    memberships,
)
from search.embedding import Embedder
from search.encoder import Encoder
from search.filling import PAGE, fill, follow
from search.lexical import LexicalWriter
from search.manifest import Manifest
from search.progress import Progress
from search.segments import share
from search.snapshot import TEXT_FOLDER, Snapshot
from search.table_builder import TableBuilder
from search.vector import VectorWriter, files, segments
from search.versions import new_folder

MAX_SEGMENTS = 64
MAX_DEAD_SHARE = 0.3
LOOSE_ROWS = 200_000
"""A version with more dead rows, more vector files, or more rows that came since it was built, is
built anew: those rows stand in no order that a search could use, and take 2 ms."""
_LOG = logging.getLogger(__name__)


def build(
    store: Writer,
    encoder: Encoder | None,
    name: str,
    root: Path,
    progress: Progress | None,
) -> Path:
    """A complete version of the store as it is now, in a new folder; not yet published.

    `name` is what the encoder was opened under.
    """
    revision = store.revision()
    folder = new_folder(root, revision)
    model = (encoder.id, name) if encoder else ("", "")
    version = _Version(store, encoder, folder, model=model)
    fill(store, version, progress)
    version.finish(revision)
    return folder


def catch_up(
    store: Writer,
    old: Snapshot,
    encoder: Encoder | None,
    root: Path,
    progress: Progress | None,
) -> Path | None:
    """The next version after `old`, in a new folder; None where building anew is the better way."""
    changes = store.changes(old.manifest.revision)
    if changes is None or not _worthwhile(old, len(changes.written | changes.removed)):
        return None
    folder = new_folder(root, changes.revision)
    model = (old.manifest.model, old.manifest.model_name)
    version = _Version(store, encoder, folder, model=model, old=old)
    follow(store, version, changes, progress)
    manifest = version.finish(changes.revision)
    same_state = store.revision() == changes.revision
    if same_state and dict(manifest.counts) != manifests.store_counts(store):
        _LOG.warning("索引与图谱对不上，改为重建")
        shutil.rmtree(folder, ignore_errors=True)
        return None
    return folder


def _worthwhile(old: Snapshot, changes: int) -> bool:
    manifest = old.manifest
    return (
        manifest.segments < MAX_SEGMENTS
        and manifest.dead <= MAX_DEAD_SHARE * manifest.rows
        and changes <= max(PAGE, manifest.rows // 2)
        and manifest.rows - manifest.built < LOOSE_ROWS
    )


class _Version:
    """Writes one version (`search.filling.Filled`): rows into table, text and vectors alike, then
    members."""

    def __init__(
        self,
        store: Writer,
        encoder: Encoder | None,
        folder: Path,
        *,
        model: tuple[str, str],
        old: Snapshot | None = None,
    ) -> None:
        self._store = store
        self._folder = folder
        self._model, self._model_name = model
        self._old = old
        self._table = TableBuilder(old.table if old else None)
        self._segments = old.manifest.segments if old else 0
        self._dimension = encoder.dimension if encoder else old.manifest.dimension if old else 0
        self._embedder = Embedder(store, self._model, self._dimension, encoder)
        if old is not None:
            _link(old.folder, folder)
        self._text = LexicalWriter(folder / TEXT_FOLDER)
        self._vectors = VectorWriter(folder, self._segments)
        self._type = ""
        self._new_rows: dict[int, int] = {}
        self._left: dict[str, int] = {}
        self._dropped: list[int] = []

    def shows(self, documents: Sequence[SearchDocument]) -> list[bool]:
        if self._old is None:
            return [False] * len(documents)
        table = self._old.table
        rows = table.rows_of([document.node for document in documents])
        hashes = {node: int(table.rows["hash"][row]) for node, row in rows.items()}
        return [hashes.get(document.node) == document.hash for document in documents]

    def leave(self, changed: Sequence[str], present: Iterable[Node]) -> None:
        if self._old is None:
            return
        self._table.drop_members(changed)
        self._left = self._old.table.rows_of(changed)
        living = {node.id for node in present}
        for node in [node for node in self._left if node not in living]:
            self._drop(self._left.pop(node))

    def add(self, documents: Sequence[SearchDocument], progress: Progress | None) -> None:
        shown = self.shows(documents)
        fresh = [d for d, known in zip(documents, shown, strict=True) if not known]
        if not fresh:
            return
        if self._old is None and fresh[0].type != self._type:
            # What is asked for together lies together.
            self._vectors.next()
            self._type = fresh[0].type
        for document in fresh:
            row = self._table.add_row(document.type, document.node, document.name, document.hash)
            self._text.add(row, document.type, document.fields)
            self._new_rows[tables.hash_of(document.node)] = row
            before = self._left.get(document.node)
            if before is not None:
                self._drop(before, successor=row)
        if self._model:
            self._vectors.append(self._embedder.vectors(fresh, progress))

    def join(self, label: str, nodes: Sequence[Node]) -> None:
        pairs = memberships(self._store, label, nodes)
        owners = list(dict.fromkeys(owner for owner, _ in pairs))
        rows = self._old.table.rows_of(owners) if self._old else {}
        for owner, member in pairs:
            row = self._new_rows.get(tables.hash_of(owner), rows.get(owner))
            # Without a row the owner came after the build began: the next one catches up with it.
            if row is not None:
                self._table.add_member(row, member)

    def finish(self, revision: int) -> Manifest:
        self._text.remove(self._dropped)
        self._text.commit()
        self._vectors.finish()
        table = self._table.build()
        tables.save(table, self._folder)
        counts = table.counts()
        manifest = Manifest(
            model=self._model,
            model_name=self._model_name,
            dimension=self._dimension,
            revision=revision,
            rows=len(table),
            built=self._old.manifest.built if self._old else len(table),
            dead=len(table) - sum(counts.values()),
            missing=self._embedder.missing + (self._old.manifest.missing if self._old else 0),
            segments=len(segments(self._folder)),
            counts=counts,
            sample=manifests.store_sample(self._store),
        )
        manifests.write(manifest, self._folder)
        return manifest

    def _drop(self, row: int, successor: int | None = None) -> None:
        self._table.drop_row(row, successor)
        self._dropped.append(row)


def _link(old: Path, new: Path) -> None:
    """Share the files that are never rewritten: vector segments and tantivy's own."""
    for path in files(old):
        share(path, new / path.name)
    text = new / TEXT_FOLDER
    text.mkdir()
    for path in sorted((old / TEXT_FOLDER).iterdir()):
        if path.suffix == ".lock":
            continue
        if path.suffix == ".json":
            shutil.copy2(path, text / path.name)
        else:
            share(path, text / path.name)
