"""How a connection to a Neo4j server ends: closed while another thread asks, or by Ctrl-C."""

import signal
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest

from graph.errors import StoreError
from graph.neo4j_connection import Connection, Run, parse_address
from tests.neo4j_servers import servers


@pytest.fixture
def url() -> str:
    return servers().empty(0)


@pytest.fixture
def connection(url: str) -> Iterator[Connection]:
    opened = Connection(parse_address(url), patience=0)
    yield opened
    opened.close()


def test_closing_waits_for_what_another_thread_asks(url: str) -> None:
    """Closed amid an answer, a driver leaves connections open, and is noticed much later."""
    opened = Connection(parse_address(url), patience=0)
    begun, going_on = threading.Event(), threading.Event()
    told: list[object] = []

    def work(run: Run) -> list[list[Any]]:
        begun.set()
        going_on.wait(5)
        return run("RETURN 1")

    def ask() -> None:
        told.append(opened.read(work))
        with pytest.raises(StoreError, match="已经关闭"):
            opened.read(work)
        told.append("closed")

    asking, closing = threading.Thread(target=ask), threading.Thread(target=opened.close)
    asking.start()
    assert begun.wait(5)
    closing.start()
    closing.join(0.2)
    assert closing.is_alive()
    going_on.set()
    for thread in (closing, asking):
        thread.join(5)
        assert not thread.is_alive()
    assert told == [[[1]], "closed"]


def test_an_interrupt_waits_for_the_end_of_the_transaction(connection: Connection) -> None:
    rows = []

    def work(run: Run) -> None:
        signal.raise_signal(signal.SIGINT)
        # A transaction inside, as every write has one.
        rows.append(connection.once(lambda inner: inner("CREATE (n:Half {id: 1}) RETURN n.id")))
        rows.append(run("CREATE (n:Half {id: 2}) RETURN n.id"))

    for times, transaction in enumerate((connection.write, connection.once), start=1):
        with pytest.raises(KeyboardInterrupt):
            transaction(work)
        assert rows == [[[1]], [[2]]] * times
    assert connection.read(lambda run: run("MATCH (n:Half) RETURN count(n)")) == [[4]]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_interrupt_does_not_wait(connection: Connection) -> None:
    def work(run: Run) -> NoReturn:
        signal.raise_signal(signal.SIGINT)
        run("CREATE (n:Half)")
        signal.raise_signal(signal.SIGINT)
        pytest.fail("came back from the second")

    with pytest.raises(KeyboardInterrupt):
        connection.write(work)
    assert connection.read(lambda run: run("MATCH (n:Half) RETURN count(n)")) == [[0]]


def test_an_interrupt_hides_the_error_of_its_transaction(connection: Connection) -> None:
    def work(run: Run) -> None:
        signal.raise_signal(signal.SIGINT)
        run("this is no Cypher")

    with pytest.raises(KeyboardInterrupt):
        connection.read(work)


def test_other_handlers_of_interrupts_are_left_alone(connection: Connection) -> None:
    came: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, frame: came.append(number))
    try:
        connection.read(lambda run: signal.raise_signal(signal.SIGINT))
        assert came == [signal.SIGINT]
    finally:
        signal.signal(signal.SIGINT, before)
