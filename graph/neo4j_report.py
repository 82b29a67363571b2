"""How the database of a store stands; looking makes and changes nothing."""

from contextlib import closing

from graph import neo4j_queries as queries
from graph.neo4j_connection import Connection, Run, parse_address
from graph.store import ServerReport

MISSING = "MISSING"


def server_report(url: str) -> ServerReport:
    """Raises StoreUnavailable where the server cannot be reached."""
    address = parse_address(url)
    with closing(Connection(address, patience=0)) as connection:
        connection.check_server()
        return connection.read(lambda run: _report(run, address.place))


def _report(run: Run, place: str) -> ServerReport:
    ((version, edition),) = run(queries.SERVER)
    state = run(queries.READ_STATE)
    there = {name: str(state) for name, state in run(queries.SHOW_INDEXES)}
    return ServerReport(
        place=place,
        version=str(version),
        edition=str(edition),
        schema=int(state[0][0]) if state else None,
        indexes={name: there.get(name, MISSING) for name in queries.INDEXES},
    )
