"""What all tests share: the servers that some of them start end with the session."""

from collections.abc import Iterator

import pytest

from tests.neo4j_servers import servers


@pytest.fixture(scope="session", autouse=True)
def servers_of_this_session() -> Iterator[None]:
    yield
    servers().stop()
