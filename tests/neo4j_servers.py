"""Empty Neo4j databases for tests: servers of this session, or those that JIPU_TEST_NEO4J names."""

import os
from functools import cache

import neo4j
import pytest

from tools.maven import NotHere
from tools.neo4j_server import Server, jars, java

NAMED = "JIPU_TEST_NEO4J"
"""Addresses of running servers, by blanks; their databases are emptied before every test."""


class Servers:
    """Servers by number, each started when a test first asks for it: Community has one database,
    so that a test with two stores at once needs two."""

    def __init__(self) -> None:
        self._own: dict[int, Server] = {}
        self._named = os.environ.get(NAMED, "").split()
        self._seen: set[str] = set()

    def empty(self, number: int) -> str:
        """The address of a server whose database holds nothing. Skips the test where there is
        none; with CI=true that is a failure."""
        url = self._named_url(number) if self._named else self.own(number).url
        _clear(url, only_look=bool(self._named) and url not in self._seen)
        self._seen.add(url)
        return url

    def own(self, number: int) -> Server:
        """A server that the tests started themselves, and may stop."""
        if number not in self._own:
            folder = jars(os.environ)
            try:
                java()
            except NotHere as reason:
                _missing(str(reason))
            if not folder.is_dir():
                _missing(f"测试用的 Neo4j 不在 {folder}：make test 会下载它")
            server = Server(folder, brief=True)
            # Kept before it runs, so that it is stopped even if it never answers.
            self._own[number] = server
            server.start()
        return self._own[number]

    def stop(self) -> None:
        for server in self._own.values():
            server.stop()
        self._own.clear()

    def _named_url(self, number: int) -> str:
        if number >= len(self._named):
            _missing(f"这项测试要 {number + 1} 个 Neo4j，{NAMED} 只写了 {len(self._named)} 个")
        return self._named[number]


@cache
def servers() -> Servers:
    return Servers()


def _missing(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def _clear(url: str, only_look: bool) -> None:
    """Empty the database, with the index and constraints left. Nobody's own data is deleted: a
    named server must be empty when the tests come to it first."""
    scheme, _, rest = url.partition("://")
    login, _, place = rest.rpartition("@")
    user, _, password = login.partition(":")
    host, _, database = place.partition("/")
    with neo4j.GraphDatabase.driver(f"{scheme}://{host}", auth=(user, password)) as driver:
        if only_look:
            found = driver.execute_query("MATCH (n) RETURN count(n) AS n", database_=database)
            if found.records[0]["n"]:
                pytest.fail(f"{NAMED} 的数据库 {database} 不是空的，测试不会动它")
        driver.execute_query("MATCH (n) DETACH DELETE n", database_=database or "neo4j")
