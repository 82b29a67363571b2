"""What keeps an index in step with its store, and hands out the state that a question sees."""

from dataclasses import dataclass
from typing import Protocol

from search.gazetteer import Gazetteer
from search.index import Index
from search.progress import Progress
from search.query import EngineStatus

STALE = "索引正在更新，结果可能不含最新入库的内容"

UNTOUCHED = "；原来的索引没有动，算好的向量已存好，模型可用后再执行一次 jipu reindex 会接着算"


@dataclass(frozen=True, slots=True)
class State:
    """What one question sees from beginning to end, whatever changes meanwhile."""

    index: Index
    gazetteer: Gazetteer


class Keeper(Protocol):
    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the index in step with store and model: nothing to do, catch up, or build.

        Raises SearchError where it cannot be written or another process builds on.
        """

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index anew from the store; stored vectors are used again.

        Raises ModelUnavailable, and leaves the index as it is, where it has vectors and the model
        to make them anew does not work.
        """

    def status(self) -> EngineStatus:
        """How the index stands; changes nothing."""

    def ready(self) -> tuple[State, str]:
        """The state to answer from, brought in step with the store first where that is quick, and
        what is to be said about it in `degraded`. An index of another model stays in use: making
        the next one is for `refresh` and `rebuild`."""
