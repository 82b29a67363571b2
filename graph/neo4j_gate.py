"""Readers see whole documents: a gate that every document closes while its commit is applied.

The server promises read-committed and applies a commit record by record while others read: a node
can be found through an index before its properties are there. So one node, _Gate, counts twice.
A writer adds one to `closing` just before its commit, and raises `opened` to that number, its
ticket, once the commit is over; both in transactions of their own, for all to see at once.

Why a read that passes has seen no half commit. `v` is a number that this handle saw both counters
stand at, in a transaction that ended before the read began; `closing` is looked at after the last
statement of the read, and the read passes only where it is `v` still.
- Nothing was applied after v. A ticket is committed before the commit of its document begins, and
  `closing` only grows: had one begun before the end of the read, `closing` would be larger.
- Nothing up to v was still being applied. `opened` reached v after the commit with ticket v was
  over, and those before it were over earlier: writers hold one lock from their first statement to
  the end of their commit, and take the ticket inside. A writer that does not know whether its
  commit goes on (the server's answer was lost) opens the gate only behind that lock.
- On a cluster the two may be read from different servers. Each applies transactions in their
  order, and the read carries the bookmark of the transaction that saw v, hence finds v or later.

A writer that dies leaves the gate closed. The next one has the lock, so nothing is being applied;
its larger ticket opens the gate for both. A reader that waits too long takes the lock as well.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Generic, TypeVar

from neo4j.exceptions import DriverError, Neo4jError

from graph import neo4j_queries as queries
from graph.errors import StoreError
from graph.neo4j_connection import Connection, EntityGone, NotAllowed, Run

PATIENCE = 2.0
"""Seconds until a reader takes the writers' lock."""
PATIENCE_READ_ONLY = 10.0
"""Seconds until one that may not take it believes that a closed gate is a dead writer's."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.002, 0.05
_NEVER_SEEN = -1

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Looked(Generic[T]):
    """What a read found, or the error that half a node made; and the gate after it."""

    answers: tuple[T, ...]
    error: Exception | None
    closing: int
    is_open: bool

    def answer(self) -> T:
        if self.error is not None:
            raise self.error
        return self.answers[0]


class Gate:
    """One handle's view of the gate; safe for threads."""

    def __init__(self, connection: Connection, read_only: bool) -> None:
        self._connection = connection
        self._read_only = read_only
        self._seen = _NEVER_SEEN

    def read(self, work: Callable[[Run], T]) -> T:
        """`work` in a read transaction, as often as it takes to see whole documents only."""
        patience = PATIENCE_READ_ONLY if self._read_only else PATIENCE
        until, pause = time.monotonic() + patience, _FIRST_PAUSE
        while True:
            before = self._seen
            looked = self._look(work)
            if looked.closing == before:
                return looked.answer()
            if time.monotonic() > until:
                return self._insist(work, looked)
            if looked.is_open:
                self._seen = looked.closing
            else:
                time.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)

    @contextmanager
    def closing(self) -> Iterator[Callable[[], None]]:
        """Around the transaction of one document, which calls what this gives just before its
        commit; a transaction that is run again calls it again."""
        tickets: list[int] = []

        def close() -> None:
            tickets.append(self._connection.once(_taken_ticket))

        try:
            yield close
        except BaseException:
            # Maybe the commit goes on without us: only behind the lock it is surely over.
            if tickets:
                with suppress(DriverError, Neo4jError, StoreError):
                    self._connection.once(_healed)
            raise
        if tickets:
            # The document is in, whatever comes now; the next writer opens what stays closed.
            with suppress(DriverError, Neo4jError, StoreError):
                self._connection.once(lambda run: run(queries.OPEN_GATE, ticket=tickets[-1]))

    def _look(self, work: Callable[[Run], T]) -> _Looked[T]:
        def looking(run: Run) -> _Looked[T]:
            answers: tuple[T, ...] = ()
            error: Exception | None = None
            try:
                answers = (work(run),)
            except LookupError as half_node:
                error = half_node
            closing, opened = (*run(queries.READ_GATE), [_NEVER_SEEN - 1, None])[0]
            return _Looked(answers, error, closing, closing == opened)

        try:
            return self._connection.read(looking)
        except EntityGone as error:
            return _Looked((), error, _NEVER_SEEN - 1, False)

    def _insist(self, work: Callable[[Run], T], last: _Looked[T]) -> T:
        """Where writers are too many, or one died: behind their lock. Whoever may not take it has
        to be content with what it read, and takes the gate for open."""

        def alone(run: Run) -> tuple[T, int]:
            closing = _healed(run)
            return work(run), closing

        if not self._read_only:
            with suppress(NotAllowed):
                answer, self._seen = self._connection.write(alone)
                return answer
        self._seen = last.closing
        return last.answer()


def _taken_ticket(run: Run) -> int:
    ((ticket,),) = run(queries.CLOSE_GATE)
    return int(ticket)


def _healed(run: Run) -> int:
    """The gate open, behind the writers' lock; the number that it stands at."""
    run(queries.LOCK_STATE)
    ((closing,),) = run(queries.HEAL_GATE)
    return int(closing)
