"""What all tests share: the servers that some of them start end with the session."""

import signal
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.neo4j_servers import servers

# How long one example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
# A shell starts what is to run in the background deaf to Ctrl-C, and so would be what tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def servers_of_this_session() -> Iterator[None]:
    yield
    servers().stop()
