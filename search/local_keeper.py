"""Keeps an index in files of this machine: builds aside, swaps, catches up, removes what is old."""

import logging
import threading
from pathlib import Path

from graph.errors import reason
from graph.store import Writer
from search import build, manifest
from search.encoder import Encoder
from search.errors import IndexMismatch, ModelUnavailable, SearchError
from search.gazetteer import Gazetteer
from search.keeper import STALE, State
from search.model_slot import ModelSlot
from search.progress import Progress
from search.query import EngineStatus
from search.snapshot import Snapshot, open_current
from search.versions import LOCK_SECONDS, Lease, building, publish, remove_unused

IMPATIENT_SECONDS = 2.0
"""How long a question waits for another process's build while an older index could answer."""
_LOG = logging.getLogger(__name__)


class LocalKeeper:
    """See `search.keeper.Keeper`. Safe for threads: questions go on with the state they began with
    while another is made."""

    def __init__(self, store: Writer, directory: Path, model: ModelSlot) -> None:
        self._store = store
        self._directory = directory
        self._model = model
        self._lock = threading.Lock()
        self._snapshot: Snapshot | None = None
        self._state: State | None = None

    def refresh(self, progress: Progress | None = None) -> None:
        with self._lock:
            self._update(progress, LOCK_SECONDS)

    def rebuild(self, progress: Progress | None = None) -> None:
        with self._lock:
            self._model.forget()
            with building(self._directory):
                self._replace(None, progress)
            self._tidy()

    def status(self) -> EngineStatus:
        snapshot = self._snapshot or open_current(self._directory)
        encoder = self._model.encoder()
        revision = self._store.revision()
        if snapshot is None:
            return EngineStatus(
                False, str(self._directory), "", 0, 0, revision, True, 0, 0, {}, self._model.error
            )
        told = snapshot.manifest
        return EngineStatus(
            ready=True,
            folder=str(snapshot.folder),
            model=told.model,
            dimension=told.dimension,
            revision=told.revision,
            store_revision=revision,
            stale=not self._fits(snapshot, encoder),
            rows=told.rows - told.dead,
            missing=told.missing,
            counts=dict(told.counts),
            degraded=self._model.error,
        )

    def ready(self) -> tuple[State, str]:
        state = self._state
        if (
            state is not None
            and self._snapshot is not None
            and self._snapshot.manifest.revision == self._store.revision()
        ):
            return state, ""
        if not self._lock.acquire(blocking=state is None):
            # Another thread is at it; this question is answered by what there is.
            assert state is not None
            return state, STALE
        try:
            self._update(None, LOCK_SECONDS if state is None else IMPATIENT_SECONDS)
        except SearchError as error:
            state = self._state or self._older()
            if state is None:
                raise
            _LOG.warning("%s", error)
            return state, STALE
        finally:
            self._lock.release()
        assert self._state is not None
        return self._state, ""

    def _older(self) -> State | None:
        """An index that shows an earlier state: better than no answer."""
        snapshot = open_current(self._directory)
        return State(snapshot, Gazetteer.of(self._store)) if snapshot else None

    def _update(self, progress: Progress | None, seconds: float) -> None:
        if self._refresh(progress, seconds):
            self._tidy()

    def _tidy(self) -> None:
        """Remove older versions, now that this thread holds none of them any more."""
        try:
            with building(self._directory, 0):
                remove_unused(self._directory)
        except SearchError:
            # Another process builds already: it will remove them.
            _LOG.debug("旧索引留待下次清理")

    def _refresh(self, progress: Progress | None, seconds: float) -> bool:
        """Whether a new version was made."""
        snapshot = self._snapshot or open_current(self._directory)
        encoder = self._model.encoder()
        if snapshot is None or not self._fits(snapshot, encoder):
            with building(self._directory, seconds):
                # Another process may have built while this one waited.
                snapshot = open_current(self._directory)
                if snapshot is None or not self._fits(snapshot, encoder):
                    self._replace(snapshot, progress)
                    return True
        if snapshot is not self._snapshot:
            self._show(snapshot)
        return False

    def _fits(self, snapshot: Snapshot, encoder: Encoder | None) -> bool:
        told = snapshot.manifest
        if encoder is not None and (told.model != encoder.id or told.missing):
            return False
        return manifest.shows(told, self._store)

    def _replace(self, old: Snapshot | None, progress: Progress | None) -> None:
        """Make the next version, publish and open it. The build lock is held."""
        try:
            snapshot = self._made(old, progress)
            publish(self._directory, snapshot.folder)
        except OSError as error:
            remove_unused(self._directory)
            raise SearchError(
                f"检索索引无法写入 {self._directory}（{reason(error)}）；请检查磁盘空间和权限"
            ) from error
        self._show(snapshot)

    def _show(self, snapshot: Snapshot) -> None:
        self._state = State(snapshot, Gazetteer.of(self._store))
        self._snapshot = snapshot

    def _made(self, old: Snapshot | None, progress: Progress | None) -> Snapshot:
        """The next version, opened before anybody else can see it."""
        folder = self._make(old, self._model.encoder(), progress)
        try:
            return Snapshot(Lease(folder))
        except IndexMismatch as error:
            if old is None:
                raise
            _LOG.warning("%s", error)
            return Snapshot(Lease(self._make(None, self._model.encoder(), progress)))

    def _make(
        self, old: Snapshot | None, encoder: Encoder | None, progress: Progress | None
    ) -> Path:
        folder: Path | None = None
        try:
            if old is not None and self._can_follow(old, encoder):
                folder = build.catch_up(self._store, old, encoder, self._directory, progress)
            return folder or build.build(self._store, encoder, self._directory, progress)
        except ModelUnavailable as error:
            # The weights turned out to be damaged only now that they were needed.
            self._model.give_up(error)
            return self._make(old, None, progress)

    def _can_follow(self, old: Snapshot, encoder: Encoder | None) -> bool:
        told = old.manifest
        if encoder is not None and (told.model != encoder.id or told.missing):
            return False
        sample = set(told.sample)
        return not sample or bool(sample & set(manifest.store_sample(self._store)))
