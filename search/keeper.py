"""What keeps an index in step with its store, and hands out the state that a question sees."""

from dataclasses import dataclass
from typing import Protocol

from search.gazetteer import Gazetteer
from search.index import Index
from search.progress import Progress
from search.query import EngineStatus

STALE = "索引正在更新，结果可能不含最新入库的内容"


@dataclass(frozen=True, slots=True)
class State:
    """What one question sees from beginning to end, whatever changes meanwhile."""

    index: Index
    gazetteer: Gazetteer


class Keeper(Protocol):
    def refresh(self, progress: Progress | None = None) -> None:
        """Bring the index in step with the store: nothing to do, catch up, or build.

        Raises SearchError where it cannot be written or another process builds on.
        """

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index anew from the store; stored vectors are used again."""

    def status(self) -> EngineStatus:
        """How the index stands; changes nothing."""

    def ready(self) -> tuple[State, str]:
        """The state to answer from, brought in step first where that is quick, and what is to be
        said about it in `degraded`."""
