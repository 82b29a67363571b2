"""Several handles and threads on one store: readers see whole documents, writers wait in turn."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

from graph.store import Writer
from tests.contract.conftest import Opener
from tests.contract.graphs import OFFICE, A, batch, county, dump

DOCUMENTS = [f"document:{n:016x}" for n in range(12)]


def test_writers_in_several_handles_lose_nothing(opener: Opener) -> None:
    handles = [opener() for _ in range(3)]

    def write(number: int) -> None:
        project = f"project:9901212{number}P00001@2024"
        handles[number % 3].apply(county(DOCUMENTS[number], project))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(len(DOCUMENTS))))
    counts = opener().counts()
    assert (counts["Document"], counts["Project"], counts["RUNS"]) == (12, 12, 12)
    assert handles[0].contributors([OFFICE])[OFFICE] == tuple(DOCUMENTS)


def test_one_handle_serves_many_threads(store: Writer) -> None:
    store.apply(county(A))
    expected = dump(store)
    with ThreadPoolExecutor(8) as pool:
        assert all(found == expected for found in pool.map(lambda _: dump(store), range(40)))


def test_readers_see_whole_documents_only(opener: Opener) -> None:
    """While a document of forty projects comes and goes, a reader finds forty or none."""
    writer, reader = opener(), opener()
    projects = [f"project:99012124P{n:05}@2024" for n in range(40)]
    whole = batch(A, [OFFICE, *projects], [(OFFICE, "RUNS", project) for project in projects])
    done = Event()

    def read() -> set[tuple[int, int, int]]:
        seen = set()
        while not done.is_set():
            seen.add(
                (
                    len(reader.edges([OFFICE], ["RUNS"])),
                    len(reader.get(projects)),
                    len(reader.scan("Project", {"fiscal_year": [2024]}).nodes),
                )
            )
        return seen

    with ThreadPoolExecutor(2) as pool:
        readers = [pool.submit(read) for _ in range(2)]
        try:
            for _ in range(15):
                writer.apply(whole)
                writer.delete_document(A)
        finally:
            done.set()
        seen = {number for found in readers for row in found.result() for number in row}
    assert seen <= {0, 40}
