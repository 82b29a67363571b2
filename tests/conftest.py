"""What all tests share: the servers that some of them start end with the session."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.neo4j_servers import servers

# How long one example takes says more of the machine than of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture(scope="session", autouse=True)
def servers_of_this_session() -> Iterator[None]:
    yield
    servers().stop()
