"""Search as one object: keeps its index in step with the store, and answers questions."""

import logging
import threading
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from graph.errors import NotFound, reason
from graph.store import Writer
from search import build, cursor, manifest
from search.encoder import Encoder, open_encoder
from search.errors import IndexMismatch, InvalidQuery, ModelUnavailable, SearchError
from search.fuzzy import near_names, near_policies
from search.gazetteer import Gazetteer
from search.hits import facets, found_rows, hits
from search.index import Snapshot, open_current
from search.matching import ALL, Allowed, allow, match
from search.progress import Progress
from search.query import (
    INDEXED_TYPES,
    MAX_LIMIT,
    EngineStatus,
    SearchQuery,
    SearchResult,
    SimilarResult,
    WordingGroup,
)
from search.rank import Ranked, Weights, usual_weights
from search.similar import SCOPES, Source, similar_indicators, source_of_node, source_of_text
from search.understand import Meaning, understand
from search.versions import LOCK_SECONDS, Lease, building, publish, remove_unused
from search.wording import wording_groups

MAX_TEXT = 1000
"""Characters of a question; a longer one is refused, not cut."""
IMPATIENT_SECONDS = 2.0
"""How long a question waits for another process's build while an older index could answer."""
_STALE = "索引正在更新，结果可能不含最新入库的内容"
_SUGGESTIONS = 5
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _State:
    """What one question sees from beginning to end, whatever is swapped meanwhile."""

    snapshot: Snapshot
    gazetteer: Gazetteer


def open_engine(
    store: Writer, directory: Path, model: str | None = None, weights: Weights | None = None
) -> "Engine":
    """An engine over the store with its index under `directory`. Opens nothing before it is asked;
    `model` as in `open_encoder`, `weights` those of weights.json unless others are given. A model
    that cannot be loaded leaves the text leg to answer."""
    return Engine(store, directory, model, weights or usual_weights())


class Engine:
    """Safe for threads: questions go on with the index they began with while another is made."""

    def __init__(self, store: Writer, directory: Path, model: str | None, weights: Weights) -> None:
        self._store = store
        self._directory = directory
        self._model = model
        self._weights = weights
        self._lock = threading.Lock()
        self._state: _State | None = None
        self._opened: Encoder | None = None
        self._model_error = ""

    # ---- the index -------------------------------------------------------------------------

    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the index in step with the store: nothing to do, catch up, or build.

        Raises SearchError where the directory cannot be written or another process builds on.
        """
        with self._lock:
            self._update(progress, LOCK_SECONDS)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index anew from the store; stored vectors are used again."""
        with self._lock:
            self._opened, self._model_error = None, ""
            with building(self._directory):
                self._replace(None, progress)
            self._tidy()

    def status(self) -> EngineStatus:
        """How the index on disk stands; opens it, changes nothing."""
        state = self._state
        snapshot = state.snapshot if state else open_current(self._directory)
        encoder = self._encoder()
        revision = self._store.revision()
        if snapshot is None:
            return EngineStatus(
                False, str(self._directory), "", 0, 0, revision, True, 0, 0, {}, self._model_error
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
            degraded=self._model_error,
        )

    def _ready(self) -> tuple[_State, str]:
        """The state to answer from, and what is to be said about it in `degraded`."""
        state = self._state
        if state is not None and state.snapshot.manifest.revision == self._store.revision():
            return state, ""
        if not self._lock.acquire(blocking=state is None):
            # Another thread is at it; this question is answered by what there is.
            assert state is not None
            return state, _STALE
        try:
            self._update(None, LOCK_SECONDS if state is None else IMPATIENT_SECONDS)
        except SearchError as error:
            state = self._state or self._older()
            if state is None:
                raise
            _LOG.warning("%s", error)
            return state, _STALE
        finally:
            self._lock.release()
        assert self._state is not None
        return self._state, ""

    def _older(self) -> _State | None:
        """An index that shows an earlier state: better than no answer."""
        snapshot = open_current(self._directory)
        return _State(snapshot, Gazetteer.of(self._store)) if snapshot else None

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
        state = self._state
        snapshot = state.snapshot if state else open_current(self._directory)
        encoder = self._encoder()
        if snapshot is None or not self._fits(snapshot, encoder):
            with building(self._directory, seconds):
                # Another process may have built while this one waited.
                snapshot = open_current(self._directory)
                if snapshot is None or not self._fits(snapshot, encoder):
                    self._replace(snapshot, progress)
                    return True
        if state is None or snapshot is not state.snapshot:
            self._state = _State(snapshot, Gazetteer.of(self._store))
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
        self._state = _State(snapshot, Gazetteer.of(self._store))

    def _made(self, old: Snapshot | None, progress: Progress | None) -> Snapshot:
        """The next version, opened before anybody else can see it."""
        folder = self._make(old, self._encoder(), progress)
        try:
            return Snapshot(Lease(folder))
        except IndexMismatch as error:
            if old is None:
                raise
            _LOG.warning("%s", error)
            return Snapshot(Lease(self._make(None, self._encoder(), progress)))

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
            self._give_up_model(error)
            return self._make(old, None, progress)

    def _can_follow(self, old: Snapshot, encoder: Encoder | None) -> bool:
        told = old.manifest
        if encoder is not None and (told.model != encoder.id or told.missing):
            return False
        sample = set(told.sample)
        return not sample or bool(sample & set(manifest.store_sample(self._store)))

    # ---- the model -------------------------------------------------------------------------

    def _encoder(self) -> Encoder | None:
        if self._opened is None and not self._model_error:
            try:
                self._opened = open_encoder(self._model)
            except ModelUnavailable as error:
                self._give_up_model(error)
        return self._opened

    def _give_up_model(self, error: ModelUnavailable) -> None:
        self._opened = None
        self._model_error = f"语义模型不可用，只按文字检索：{error}"

    def _vector(self, snapshot: Snapshot, text: str) -> tuple[NDArray[np.float32] | None, str]:
        """The question's vector, or None and the reason."""
        encoder = self._encoder()
        if encoder is None:
            return None, self._model_error
        if snapshot.manifest.model != encoder.id:
            return None, "索引是在没有该语义模型时建的，只按文字检索；请执行 jipu reindex"
        try:
            return encoder.encode_queries([text])[0], ""
        except ModelUnavailable as error:
            self._give_up_model(error)
            return None, self._model_error

    # ---- questions -------------------------------------------------------------------------

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer one page. Raises InvalidQuery for an unknown type, a limit out of range, a text
        that is too long, or a cursor of another search."""
        _check(query)
        state, stale = self._ready()
        snapshot, gazetteer = state.snapshot, state.gazetteer
        version = _version(snapshot)
        first = cursor.decode(query, version)
        meaning = understand(query, self._store, gazetteer)
        allowed = allow(snapshot.table, query, meaning, gazetteer, self._store)
        ranked, missing = self._ranked(snapshot, allowed, meaning)
        last = first + query.limit
        shown = hits(
            self._store,
            snapshot.table,
            gazetteer,
            found_rows(snapshot.table, ranked, allowed.members, first, last),
            meaning.understood.text or query.text,
        )
        total = len(ranked.rows)
        return SearchResult(
            query=query,
            understood=meaning.understood,
            total=total,
            degraded="；".join(part for part in (missing, stale) if part),
            hits=shown,
            facets=facets(snapshot.table, gazetteer, ranked.rows, allowed.members),
            next=cursor.encode(query, version, last) if last < total else None,
            did_you_mean=() if total else self._suggest(query, meaning, gazetteer),
        )

    def similar(
        self,
        *,
        indicator: str | None = None,
        text: str | None = None,
        scope: str = "other-counties",
        limit: int = 10,
    ) -> SimilarResult:
        """Indicators like one of the graph, or like a text, grouped by county.

        `scope` is "other-counties" (without the source's own) or "all"; `limit` counts hits of
        each county. Raises NotFound for an unknown indicator, InvalidQuery for another scope.
        """
        if scope not in SCOPES:
            raise InvalidQuery(f"范围 {scope} 不存在；可用：{'、'.join(SCOPES)}")
        _check_limit(limit)
        state, stale = self._ready()
        source = self._source(indicator, text, state.gazetteer)
        vector, missing = self._vector(state.snapshot, source.text)
        answer = similar_indicators(
            self._store,
            state.snapshot,
            state.gazetteer,
            source,
            vector,
            scope,
            limit,
            self._weights,
        )
        degraded = "；".join(part for part in (missing, stale) if part)
        return SimilarResult(source.hit, *answer, degraded)

    def _source(self, indicator: str | None, text: str | None, gazetteer: Gazetteer) -> Source:
        if indicator:
            node = self._store.get([indicator]).get(indicator)
            if node is None or node.label != "Indicator":
                raise NotFound(f"图谱中没有指标 {indicator}；请用 jipu search 查它的编号")
            return source_of_node(self._store, node, gazetteer)
        if not text or not text.strip():
            raise InvalidQuery("请给出指标编号，或用 --text 给出一段文字")
        _check_text(text)
        return source_of_text(text)

    def wordings(
        self, text: str, level2: tuple[str, ...] = (), limit: int = 10
    ) -> tuple[WordingGroup, ...]:
        """Reusable wordings for a text, the best first; see WordingGroup."""
        query = SearchQuery(text, level2=level2, limit=MAX_LIMIT)
        _check(query)
        _check_limit(limit)
        state, _ = self._ready()
        meaning = understand(query, self._store, state.gazetteer)
        allowed = allow(state.snapshot.table, query, meaning, state.gazetteer, self._store)
        ranked, _ = self._ranked(state.snapshot, allowed, meaning)
        return wording_groups(
            self._store, state.snapshot, state.gazetteer, ranked, allowed.members, limit
        )

    def near(self, text: str, limit: int = _SUGGESTIONS) -> tuple[str, ...]:
        """Near spellings among policies, departments and regions: 您要找的是不是."""
        state, _ = self._ready()
        return self._near(text, state.gazetteer, limit)

    def _ranked(self, snapshot: Snapshot, allowed: Allowed, meaning: Meaning) -> tuple[Ranked, str]:
        text = meaning.understood.text
        vector, missing = self._vector(snapshot, text) if text else (None, "")
        return match(snapshot, allowed, meaning, vector, self._weights), missing

    def _suggest(
        self, query: SearchQuery, meaning: Meaning, gazetteer: Gazetteer
    ) -> tuple[str, ...]:
        words = [*meaning.understood.policies, *query.counties, *query.cities, *query.departments]
        found = [near for word in words for near in self._near(word, gazetteer, _SUGGESTIONS)]
        found = found or list(self._near(query.text, gazetteer, _SUGGESTIONS))
        return tuple(dict.fromkeys(name for name in found if name not in words))[:_SUGGESTIONS]

    def _near(self, text: str, gazetteer: Gazetteer, limit: int) -> tuple[str, ...]:
        named = [*gazetteer.regions.values(), *gazetteer.departments.values()]
        names = near_names((entry.name for entry in named), text, limit)
        return (*near_policies(self._store, text, limit), *names)[:limit]


def _version(snapshot: Snapshot) -> str:
    told = snapshot.manifest
    return f"{told.revision}:{told.model}:{told.rows}:{told.segments}"


def _check(query: SearchQuery) -> None:
    if query.type not in (*INDEXED_TYPES, ALL):
        kinds = "、".join((*INDEXED_TYPES, ALL))
        raise InvalidQuery(f"类型 {query.type} 不存在；可用：{kinds}")
    _check_limit(query.limit)
    _check_text(query.text)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidQuery(f"每页条数 {limit} 不在 1 到 {MAX_LIMIT} 之间")


def _check_text(text: str) -> None:
    if len(text) > MAX_TEXT:
        raise InvalidQuery(f"检索词有 {len(text)} 个字，最多 {MAX_TEXT} 个；请缩短后再试")
