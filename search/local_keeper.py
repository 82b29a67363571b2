"""Keeps an index in files of this machine: builds aside, swaps, catches up, removes what is old."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph.errors import reason
from graph.store import Writer
from search import build, manifest
from search.encoder import Encoder
from search.errors import IndexMismatch, ModelUnavailable, SearchError
from search.gazetteer import Gazetteer
from search.keeper import STALE, UNTOUCHED, State
from search.model_slot import ModelSlot
from search.progress import Progress
from search.query import EngineStatus
from search.snapshot import Snapshot, open_current
from search.versions import LOCK_SECONDS, Lease, building, publish, published, remove_unused

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
            self._update(progress, asked=False)

    def rebuild(self, progress: Progress | None = None) -> None:
        with self._lock:
            self._model.forget()
            with building(self._directory), self._writing():
                old = self._current()
                self._publish(Snapshot(Lease(self._built(old, progress, careful=True))))
            self._tidy()

    def status(self) -> EngineStatus:
        snapshot, encoder = self._current(), self._model.encoder()
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
            degraded=self._model.objection(told.model),
        )

    def ready(self) -> tuple[State, str]:
        state = self._state
        if state is not None and self._in_step():
            return state, ""
        if not self._lock.acquire(blocking=False):
            # Another thread is at it; this question is answered by what there is.
            state = state or self._older()
            if state is not None:
                return state, STALE
            self._lock.acquire()
        # Held on to, the version that is about to be replaced could not be removed.
        state = None
        try:
            self._update(None, asked=True)
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

    def _in_step(self) -> bool:
        """Whether what is shown is what is published, and as new as the store."""
        shown = self._snapshot
        return (
            shown is not None
            and shown.manifest.revision == self._store.revision()
            and shown.folder == published(self._directory)
        )

    def _current(self) -> Snapshot | None:
        """The published version, which another process may have swapped."""
        shown = self._snapshot
        if shown is not None and shown.folder == published(self._directory):
            return shown
        return open_current(self._directory)

    def _older(self) -> State | None:
        """An index that shows an earlier state of this store: better than no answer."""
        snapshot = self._current()
        if snapshot is None or not self._of_this_store(snapshot):
            return None
        # Should it take the place of a newer one, the next question finds it out of step.
        return self._show(snapshot)

    def _update(self, progress: Progress | None, *, asked: bool) -> None:
        if self._refresh(progress, asked):
            self._tidy()

    def _tidy(self) -> None:
        """Remove older versions, now that this thread holds none of them any more."""
        try:
            with building(self._directory, 0):
                remove_unused(self._directory)
        except SearchError:
            # Another process builds already: it will remove them.
            _LOG.debug("旧索引留待下次清理")

    def _refresh(self, progress: Progress | None, asked: bool) -> bool:
        """Whether a new version was made. `asked`: somebody waits for an answer."""
        snapshot = self._current()
        if snapshot is None or not self._fits(snapshot, self._follower(snapshot, asked)):
            older = snapshot is not None and self._of_this_store(snapshot)
            with building(self._directory, IMPATIENT_SECONDS if asked and older else LOCK_SECONDS):
                # Another process may have built while this one waited.
                snapshot = self._current()
                if snapshot is None or not self._fits(snapshot, self._follower(snapshot, asked)):
                    with self._writing():
                        self._publish(self._made(snapshot, asked, progress))
                    return True
        if snapshot is not self._snapshot:
            self._show(snapshot)
        return False

    def _follower(self, snapshot: Snapshot, asked: bool) -> Encoder | None:
        """The encoder to bring an index in step with; None for what goes without one.

        Nobody who asked waits until a whole index of another model is made: theirs is followed,
        in its own terms, but what it lacks of them it will never get.
        """
        wanted, told = self._model.encoder(), snapshot.manifest
        if not asked or wanted is None or told.model == wanted.id:
            return wanted
        return None if told.missing else self._model.encoder_of(told.model, told.model_name)

    def _fits(self, snapshot: Snapshot, encoder: Encoder | None) -> bool:
        return _speaks(snapshot, encoder) and manifest.shows(snapshot.manifest, self._store)

    def _of_this_store(self, snapshot: Snapshot) -> bool:
        sample = set(snapshot.manifest.sample)
        return not sample or bool(sample & set(manifest.store_sample(self._store)))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            remove_unused(self._directory)
            raise SearchError(
                f"检索索引无法写入 {self._directory}（{reason(error)}）；请检查磁盘空间和权限"
            ) from error

    def _publish(self, snapshot: Snapshot) -> None:
        publish(self._directory, snapshot.folder)
        self._show(snapshot)

    def _show(self, snapshot: Snapshot) -> State:
        self._state = State(snapshot, Gazetteer.of(self._store))
        self._snapshot = snapshot
        return self._state

    def _made(self, old: Snapshot | None, asked: bool, progress: Progress | None) -> Snapshot:
        """The next version, opened before anybody else can see it."""
        folder = old and self._followed(old, self._follower(old, asked), progress)
        try:
            return Snapshot(Lease(folder or self._built(old, progress)))
        except IndexMismatch as error:
            if old is None:
                raise
            _LOG.warning("%s", error)
            return Snapshot(Lease(self._built(None, progress)))

    def _followed(
        self, old: Snapshot, encoder: Encoder | None, progress: Progress | None
    ) -> Path | None:
        """None where building anew is the better way."""
        if not _speaks(old, encoder) or not self._of_this_store(old):
            return None
        try:
            return build.catch_up(self._store, old, encoder, self._directory, progress)
        except ModelUnavailable as error:
            self._model.give_up(encoder, error)
            return build.catch_up(self._store, old, None, self._directory, progress)

    def _built(
        self, old: Snapshot | None, progress: Progress | None, *, careful: bool = False
    ) -> Path:
        """A whole version. Without a model that works it is one without vectors; `careful` raises
        ModelUnavailable where it would take the place of an old one that has them."""
        encoder = self._model.encoder()
        if encoder is not None:
            try:
                name = self._model.name
                return build.build(self._store, encoder, name, self._directory, progress)
            except ModelUnavailable as error:
                # Weights may turn out to be damaged, a server to be away, only now.
                self._model.give_up(encoder, error)
        folder = None
        if old is not None:
            if careful and old.model:
                raise ModelUnavailable(f"{self._model.failure}{UNTOUCHED}")
            folder = self._followed(old, None, progress)
        return folder or build.build(self._store, None, "", self._directory, progress)


def _speaks(snapshot: Snapshot, encoder: Encoder | None) -> bool:
    """Whether its vectors are those of this model, all of them."""
    told = snapshot.manifest
    return encoder is None or (told.model == encoder.id and not told.missing)
