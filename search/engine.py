"""Search as one object: answers questions from an index that it keeps in step with the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from graph.errors import NotFound
from graph.store import Writer
from search import cursor
from search.errors import InvalidQuery
from search.fuzzy import near_names, near_policies
from search.gazetteer import Gazetteer
from search.hits import NOBODY_FIRST, SHARED, facets, found_rows, hits
from search.index import Index, Scope, Selection, Vector
from search.keeper import Keeper, State
from search.matching import ALL, allow, match
from search.model_options import USUAL, ModelOptions
from search.model_slot import ModelSlot
from search.opening import keeper_of
from search.progress import Progress
from search.query import (
    INDEXED_TYPES,
    MAX_LIMIT,
    UNDERSTOOD,
    EngineStatus,
    Hit,
    RecommendResult,
    SearchQuery,
    SearchResult,
    SimilarResult,
    WordingResult,
)
from search.question import Question
from search.rank import Ranked, Weights, usual_weights
from search.recommend import Description, recommended
from search.similar import SCOPES, Near, Source, similar_indicators, source_of_node, source_of_text
from search.spelling import respelt
from search.topic import NOTHING, Topic, topic
from search.understand import Meaning, understand
from search.unknown import unknown
from search.wanted import values_of, wanted
from search.wording import same_meaning, wording_groups

MAX_TEXT = 1000
"""Characters of a question; a longer one is refused, not cut."""
USUAL_RECOMMENDED = 5
"""Indicators of each category that are recommended unless told otherwise."""
_SUGGESTIONS = 5
_OF_NAMES = ("official", "policies")
"""What is understood of a question that is a name."""


def open_engine(
    store: Writer,
    directory: Path,
    model: str | None = None,
    weights: Weights | None = None,
    index: str = "",
    options: ModelOptions = USUAL,
) -> "Engine":
    """An engine over the store. Opens nothing before it is asked; `index` as in `keeper_of`,
    `model` and `options` as in `open_encoder`, `weights` those of weights.json unless others are
    given. A model that cannot be loaded leaves the text leg to answer."""
    slot = ModelSlot(model or "", options)
    return Engine(store, keeper_of(store, directory, slot, index), slot, weights or usual_weights())


class Engine:
    """Safe for threads: questions go on with the index they began with while another is made."""

    def __init__(self, store: Writer, keeper: Keeper, model: ModelSlot, weights: Weights) -> None:
        self._store = store
        self._keeper = keeper
        self._model = model
        self._weights = weights

    def refresh(self, progress: Progress | None = None) -> None:
        """See `Keeper.refresh`."""
        self._keeper.refresh(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """See `Keeper.rebuild`."""
        self._keeper.rebuild(progress)

    def status(self) -> EngineStatus:
        """See `Keeper.status`."""
        return self._keeper.status()

    def search(self, query: SearchQuery) -> SearchResult:
        """Answer one page. Raises InvalidQuery for an unknown type, a limit out of range, a text
        that is too long, or a cursor of another search."""
        _check(query)
        state, stale = self._keeper.ready()
        index, gazetteer = state.index, state.gazetteer
        first = cursor.decode(query, index.version)
        found = self._found(query, state)
        meaning, ranked = found.meaning, found.ranked
        last = first + query.limit
        shown = hits(
            self._store,
            gazetteer,
            found_rows(index, found.scope, ranked, first, last, found.foremost),
            meaning.understood.text or query.text,
        )
        total = len(ranked.rows)
        if meaning.policies and not total:
            meaning = meaning.noting("图谱中有这份文件，但没有符合全部条件的结果")
        return SearchResult(
            query=query,
            understood=meaning.understood,
            total=total,
            degraded="；".join(part for part in (found.missing, stale) if part),
            hits=shown,
            facets=facets(found.scope, gazetteer, ranked.rows),
            next=cursor.encode(query, index.version, last) if last < total else None,
            did_you_mean=self._meant(query, found, _names_of(shown), gazetteer),
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
        state, stale = self._keeper.ready()
        source = self._source(indicator, text, state.gazetteer)
        vector, missing = self._model.query_vector(source.text, state.index)
        answer = similar_indicators(
            self._store,
            state.index,
            state.gazetteer,
            source,
            Near(vector, self._model.calibration_of(state.index), self._weights),
            scope,
            limit,
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

    def wordings(self, text: str, level2: tuple[str, ...] = (), limit: int = 10) -> WordingResult:
        """Reusable wordings for a text; see WordingResult. Raises InvalidQuery for an empty or too
        long text or a limit out of range."""
        if not text.strip():
            raise InvalidQuery("请给出一类指标的名称或说法，如：群众满意度")
        query = SearchQuery(text, level2=level2, limit=MAX_LIMIT)
        _check(query)
        _check_limit(limit)
        state, stale = self._keeper.ready()
        found = self._found(query, state)
        joined = same_meaning(
            state.index, found.ranked, self._model.calibration_of(state.index), limit
        )
        groups = wording_groups(self._store, found.scope, state.gazetteer, joined)
        seen = [group.name for group in groups]
        return WordingResult(
            groups,
            found.meaning.understood,
            "；".join(part for part in (found.missing, stale) if part),
            self._meant(query, found, seen, state.gazetteer),
        )

    def recommend(
        self, text: str, level2: tuple[str, ...] = (), limit: int = USUAL_RECOMMENDED
    ) -> RecommendResult:
        """Indicators for the project that a text describes; see RecommendResult. `level2` are
        words of the only categories wanted, `limit` counts indicators of each. Raises InvalidQuery
        for an empty or too long text or a limit out of range."""
        described = text.strip()
        if not described:
            raise InvalidQuery("请给出一段项目描述：做什么、对象是谁、怎样补助")
        _check_text(described)
        _check_filters(*level2)
        _check_limit(limit)
        state, stale = self._keeper.ready()
        index = state.index
        vector, missing = self._model.query_vector(described, index)
        near = Near(vector, self._model.calibration_of(index), self._weights)
        asked = Description(described, near, level2, limit)
        found = recommended(self._store, index, state.gazetteer, asked)
        return replace(found, degraded="；".join(part for part in (missing, stale) if part))

    def near(self, text: str, limit: int = _SUGGESTIONS) -> tuple[str, ...]:
        """Near spellings among policies, departments and regions: 您要找的是不是."""
        state, _ = self._keeper.ready()
        return self._near(text, state.gazetteer, limit)

    def _found(self, query: SearchQuery, state: State) -> "_Found":
        """Understand the question, and rank what it may mean."""
        store, index, gazetteer = self._store, state.index, state.gazetteer
        meaning = understand(_as_named(query, index), store, gazetteer, lambda: index.years)
        scope = allow(index, query, meaning, gazetteer, store)
        text = meaning.understood.text
        vector, missing = self._model.query_vector(text, index) if text else (None, "")
        told = unknown(query, meaning, index, gazetteer, by_meaning=vector is not None)
        meaning = meaning.noting(*told.notes)
        if vector is not None and not query.literal:
            likely = self._model.likely(vector, index)
            meaning = replace(meaning, level2={**likely, **meaning.level2})
        about = self._topic(query, meaning, state, vector)
        ranked = match(index, scope, meaning, vector, self._weights, about)
        if not meaning.targets:
            return _Found(
                meaning, scope, ranked, missing, about().foremost(self._weights), told.names
            )
        found = wanted(store, index, scope, ranked, meaning.targets)
        missing = "；".join(part for part in (missing, found.note) if part)
        if not found.met:
            meaning = meaning.noting(
                f"找到的指标里没有满足 {'、'.join(meaning.understood.targets)} 的"
            )
        if text:
            ranked = ranked.adding("target", values_of(ranked, found), self._weights)
        else:
            # The question is nothing but conditions: they are a filter like any other.
            scope = allow(index, query, meaning, gazetteer, store, found.met)
            ranked = match(index, scope, meaning, vector, self._weights)
        return _Found(meaning, scope, ranked, missing, dict.fromkeys(found.met, 1.0), told.names)

    def _topic(
        self, query: SearchQuery, meaning: Meaning, state: State, vector: Vector | None
    ) -> Callable[[], Topic]:
        """Only indicators stand in projects. No project is of a category, so that what was said of
        categories does not count for them."""
        if query.type not in (SHARED, ALL):
            return lambda: NOTHING
        asked = replace(query, type="project", level2=())
        meant = replace(meaning, without=replace(meaning.without, level2=()))
        projects = allow(state.index, asked, meant, state.gazetteer, self._store)
        return topic(state.index, projects, meaning.understood.text, vector)

    def _meant(
        self, query: SearchQuery, found: "_Found", seen: Sequence[str], gazetteer: Gazetteer
    ) -> tuple[str, ...]:
        """您要找的是不是: the question with its slips mended, or near names."""
        if mended := _respelt(query, found.meaning, seen):
            return mended
        if not found.ranked.rows.size:
            return self._suggest(query, found.meaning, gazetteer)
        near = [self._named(name, gazetteer, 1) for name in found.misspelt]
        return tuple(dict.fromkeys(name for names in near for name in names))

    def _suggest(
        self, query: SearchQuery, meaning: Meaning, gazetteer: Gazetteer
    ) -> tuple[str, ...]:
        # What the graph has is spelt rightly, whoever cites it.
        policies = () if meaning.policies else meaning.understood.policies
        words = [*policies, *query.counties, *query.cities, *query.departments]
        found = [near for word in words for near in self._near(word, gazetteer, _SUGGESTIONS)]
        if not found and not meaning.policies:
            found = [*self._near(query.text, gazetteer, _SUGGESTIONS)]
        return tuple(dict.fromkeys(name for name in found if name not in words))[:_SUGGESTIONS]

    def _near(self, text: str, gazetteer: Gazetteer, limit: int) -> tuple[str, ...]:
        names = self._named(text, gazetteer, limit)
        return (*near_policies(self._store, text, limit), *names)[:limit]

    def _named(self, text: str, gazetteer: Gazetteer, limit: int) -> tuple[str, ...]:
        known = [*gazetteer.regions.values(), *gazetteer.departments.values()]
        return near_names((entry.name for entry in known), text, limit)


def _as_named(query: SearchQuery, index: Index) -> SearchQuery:
    """The question to be read. One that is the whole name of a project or an indicator says what it
    says: the 2024年 of 2024年外贸奖励资金 is no filter."""
    named = Selection(("project", SHARED))
    if query.literal or not index.scope(named).named(query.text).size:
        return query
    plain = (part for part in UNDERSTOOD if part not in _OF_NAMES)
    return replace(query, without_understanding=(*query.without_understanding, *plain))


def _names_of(shown: Sequence[Hit]) -> list[str]:
    return [part for hit in shown for part in (hit.title, hit.text)]


def _respelt(query: SearchQuery, meaning: Meaning, seen: Sequence[str]) -> tuple[str, ...]:
    """The question with its slips mended; what was found tells which words are none."""
    asked = Question(query.text).text
    mended = (asked.replace(*pair) for pair in respelt(meaning.understood.text, seen))
    return tuple(dict.fromkeys(mended))


class _Found(NamedTuple):
    """`missing` says what could not be used or looked at; `foremost` are the indicators that meet
    the conditions of the question, or measure what it is about, with how much they do; `misspelt`
    are names that the graph has not."""

    meaning: Meaning
    scope: Scope
    ranked: Ranked
    missing: str
    foremost: Mapping[str, float] = NOBODY_FIRST
    misspelt: tuple[str, ...] = ()


def _check(query: SearchQuery) -> None:
    for part in query.without_understanding:
        if part not in UNDERSTOOD:
            raise InvalidQuery(f"没有 {part} 这一种理解；可用：{'、'.join(UNDERSTOOD)}")
    if query.type not in (*INDEXED_TYPES, ALL):
        kinds = "、".join((*INDEXED_TYPES, ALL))
        raise InvalidQuery(f"类型 {query.type} 不存在；可用：{kinds}")
    _check_limit(query.limit)
    _check_text(query.text)
    _check_filters(*query.counties, *query.cities, *query.departments, *query.level2)


def _check_filters(*words: str) -> None:
    for word in words:
        _check_text(word)
        if not word.strip():
            raise InvalidQuery("县区、部门、二级指标等条件不能为空；请写上名称，或去掉这个条件")


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= MAX_LIMIT:
        raise InvalidQuery(f"每页条数 {limit} 不在 1 到 {MAX_LIMIT} 之间")


def _check_text(text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InvalidQuery("检索词不是有效的文字；请把终端或程序的编码设为 UTF-8 再试") from None
    if len(text) > MAX_TEXT:
        raise InvalidQuery(f"检索词有 {len(text)} 个字，最多 {MAX_TEXT} 个；请缩短后再试")
