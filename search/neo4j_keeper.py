"""Keeps an index on a Neo4j server in step with the graph beside it, for all processes at once.

One of them builds at a time, under a lease that ends by itself; the others answer meanwhile from
what there is, and say so.
"""

import logging
import re
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from graph.errors import StoreError
from graph.neo4j_connection import AlreadyThere, Connection
from graph.store import Writer
from search import analyze, filling
from search import neo4j_queries as queries
from search.encoder import Encoder
from search.errors import ModelUnavailable, SearchError
from search.gazetteer import Gazetteer
from search.keeper import STALE, UNTOUCHED, State
from search.model_slot import ModelSlot
from search.neo4j_build import LEASE_SECONDS, Generation
from search.neo4j_index import Neo4jIndex, Told, model_hash
from search.progress import Progress
from search.query import INDEXED_TYPES, EngineStatus

FORMAT = 3
"""Raise it with every change to what the server holds of an index."""
LOCK_SECONDS = 600.0
IMPATIENT_SECONDS = 2.0
"""How long a question waits for another process's build while an older index could answer."""
GRACE_MILLISECONDS = 60_000
"""How long questions may go on with a generation after it was swapped for another."""
_POLL_SECONDS = 0.1
_DELETED = 10_000
# matches jipu_search_text_12; not jipu_search_vector_1a2b3c4d_policy
_TEXT_INDEX = re.compile(r"jipu_search_text_(\d+)")
_VECTOR_INDEX = re.compile(r"jipu_search_vector_([0-9a-f]{8})_\w+")
_LOG = logging.getLogger(__name__)


class Neo4jKeeper:
    """See `search.keeper.Keeper`. Safe for threads and for several processes."""

    def __init__(self, store: Writer, connection: Connection, model: ModelSlot) -> None:
        self._store = store
        self._connection = connection
        self._model = model
        self._me = uuid.uuid4().hex
        self._lock = threading.Lock()
        self._state: State | None = None
        self._told = Told()

    def refresh(self, progress: Progress | None = None) -> None:
        with self._lock:
            self._update(progress, asked=False)

    def rebuild(self, progress: Progress | None = None) -> None:
        with self._lock:
            self._model.forget()
            with self._building(LOCK_SECONDS):
                self._show(self._built(self._read(), progress, careful=True))

    def status(self) -> EngineStatus:
        told, encoder, revision = self._read(), self._model.encoder(), self._store.revision()
        return EngineStatus(
            ready=_usable(told),
            folder=self._connection.place,
            model=told.model,
            dimension=told.dimension,
            revision=max(told.revision, 0),
            store_revision=revision,
            stale=not self._fits(told, encoder),
            rows=told.rows,
            missing=told.missing,
            counts=dict(zip(INDEXED_TYPES, told.counts, strict=False)),
            degraded=self._model.objection(told.model) if _usable(told) else self._model.error,
        )

    def ready(self) -> tuple[State, str]:
        told = self._read()
        if self._state is not None and told == self._told and self._shows(told):
            return self._state, ""
        if not self._lock.acquire(blocking=not _usable(told)):
            # Another thread is at it; this question is answered by what there is.
            return self._show(told), STALE
        try:
            self._update(None, asked=True)
        except (SearchError, StoreError) as error:
            # Another builds on, or this user may only read.
            if not _usable(told):
                raise
            _LOG.warning("%s", error)
            return self._show(told), STALE
        finally:
            self._lock.release()
        assert self._state is not None
        return self._state, ""

    def _read(self) -> Told:
        found = self._connection.read(lambda run: run(queries.READ_INDEX))
        return Told.of(found[0][0]) if found else Told()

    def _shows(self, told: Told) -> bool:
        return told.revision == self._store.revision()

    def _fits(self, told: Told, encoder: Encoder | None) -> bool:
        return _usable(told) and _speaks(told, encoder) and self._shows(told)

    def _show(self, told: Told) -> State:
        if self._state is None or told != self._told:
            index = Neo4jIndex(self._connection, told)
            self._state, self._told = State(index, Gazetteer.of(self._store)), told
        return self._state

    def _update(self, progress: Progress | None, *, asked: bool) -> None:
        """`asked`: somebody waits for an answer."""
        told = self._read()
        if not self._fits(told, self._follower(told, asked)):
            with self._building(IMPATIENT_SECONDS if asked and _usable(told) else LOCK_SECONDS):
                # Another process may have built while this one waited.
                told = self._read()
                follower = self._follower(told, asked)
                if not self._fits(told, follower):
                    told = self._followed(told, follower, progress) or self._built(told, progress)
                    self._tidy(told)
        self._show(told)

    def _follower(self, told: Told, asked: bool) -> Encoder | None:
        """See `LocalKeeper._follower`."""
        wanted = self._model.encoder()
        if not asked or wanted is None or told.model == wanted.id or not _usable(told):
            return wanted
        return None if told.missing else self._model.encoder_of(told.model, told.model_name)

    def _followed(
        self, told: Told, encoder: Encoder | None, progress: Progress | None
    ) -> Told | None:
        """None where building anew is the better way."""
        if not (_usable(told) and _speaks(told, encoder)):
            return None
        changes = self._store.changes(told.revision)
        if not changes or len(changes.written) + len(changes.removed) > max(
            filling.PAGE, told.rows // 2
        ):
            return None
        try:
            generation = self._generation(told, encoder)
            filling.follow(self._store, generation, changes, progress)
        except ModelUnavailable as error:
            self._model.give_up(encoder, error)
            generation = self._generation(told, None)
            filling.follow(self._store, generation, changes, progress)
        return generation.finish(changes.revision)

    def _built(self, before: Told, progress: Progress | None, *, careful: bool = False) -> Told:
        """A whole generation beside the one that is searched, and the swap. Without a model that
        works it is one without vectors; `careful` raises ModelUnavailable where it would take the
        place of one that has them."""
        encoder = self._model.encoder()
        if encoder is not None:
            try:
                return self._filled(before, encoder, progress)
            except ModelUnavailable as error:
                # Weights may turn out to be damaged, a server to be away, only now.
                self._model.give_up(encoder, error)
        if careful and _usable(before) and before.model:
            raise ModelUnavailable(f"{self._model.failure}{UNTOUCHED}")
        followed = None if careful else self._followed(before, None, progress)
        return followed or self._filled(before, None, progress)

    def _filled(self, before: Told, encoder: Encoder | None, progress: Progress | None) -> Told:
        told = Told(
            generation=self._next(before.generation),
            format=FORMAT,
            analyzer=analyze.VERSION,
            model=encoder.id if encoder else "",
            model_name=self._model.name if encoder else "",
            dimension=encoder.dimension if encoder else 0,
            serial=before.serial,
            swapped=int(time.time() * 1000),
        )
        revision = self._store.revision()
        generation = self._generation(told, encoder)
        generation.prepare()
        filling.fill(self._store, generation, progress)
        return generation.finish(revision)

    def _generation(self, told: Told, encoder: Encoder | None) -> Generation:
        return Generation(self._store, self._connection, encoder, told, self._me)

    @contextmanager
    def _building(self, seconds: float) -> Iterator[None]:
        """Hold the lease. Raises SearchError where another process builds for longer."""
        if not self._connection.read(lambda run: run(queries.READ_INDEX)):
            with suppress(AlreadyThere):
                self._connection.write(lambda run: run(queries.INDEX_UNIQUE))
            self._connection.write(lambda run: run(queries.MAKE_INDEX))
        asked = {"me": self._me, "milliseconds": LEASE_SECONDS * 1000}
        deadline = time.monotonic() + seconds
        while not self._connection.write(lambda run: run(queries.TAKE_LEASE, **asked)):
            if time.monotonic() > deadline:
                raise SearchError(
                    f"另一个进程正在更新 {self._connection.place} 的检索索引，"
                    f"等了 {seconds:.0f} 秒；请稍后再试"
                )
            time.sleep(_POLL_SECONDS)
        try:
            yield
        finally:
            self._connection.write(lambda run: run(queries.END_LEASE, me=self._me))

    def _generations(self) -> list[int]:
        names = self._connection.read(lambda run: run(queries.INDEX_NAMES))
        found = (_TEXT_INDEX.fullmatch(name) for (name,) in names)
        return [int(match[1]) for match in found if match]

    def _next(self, generation: int) -> int:
        """The next number of which no killed builder left anything."""
        while True:
            generation += 1
            if not self._run(queries.Names(generation).any_row()):
                return generation

    def _tidy(self, told: Told) -> None:
        """Remove generations and vector indexes that no question can still be using."""
        if int(time.time() * 1000) < told.swapped + GRACE_MILLISECONDS:
            return
        for number in self._generations():
            if number != told.generation:
                self._drop(queries.Names(number))
        kept = model_hash(told.model)
        for (name,) in self._connection.read(lambda run: run(queries.INDEX_NAMES)):
            match = _VECTOR_INDEX.fullmatch(name)
            if match and match[1] != kept:
                self._run(queries.DROP_INDEX.format(name=name))

    def _drop(self, names: queries.Names) -> None:
        for label in (names.row, names.term, names.sample):
            while self._run(names.delete_some(label), most=_DELETED)[0][0] == _DELETED:
                pass
        for name in names.constraints():
            self._run(queries.DROP_CONSTRAINT.format(name=name))
        for name in names.own_indexes():
            self._run(queries.DROP_INDEX.format(name=name))

    def _run(self, statement: str, **asked: object) -> list[list[object]]:
        return self._connection.write(lambda run: run(statement, **asked))


def _usable(told: Told) -> bool:
    return bool(told.generation) and (told.format, told.analyzer) == (FORMAT, analyze.VERSION)


def _speaks(told: Told, encoder: Encoder | None) -> bool:
    """Whether its vectors are those of this model, all of them."""
    return encoder is None or (told.model == encoder.id and not told.missing)
