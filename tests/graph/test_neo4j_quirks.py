"""What is only true of the store on a Neo4j server: addresses, servers, versions, plans."""

import neo4j

from tests.neo4j_servers import servers


def test_the_server_of_the_tests_answers() -> None:
    server = servers().own(0)
    with neo4j.GraphDatabase.driver(
        f"bolt://127.0.0.1:{server.port}", auth=("neo4j", "only-for-tests")
    ) as driver:
        records = driver.execute_query("RETURN 1 AS one", database_="neo4j").records
    assert records[0]["one"] == 1
