"""A progress bar on stderr while something takes long, and nothing where nobody watches."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from tqdm import tqdm

from search.progress import Progress


@contextmanager
def progress_bar(unit: str) -> Iterator[Progress | None]:
    """Gives a callback (done, total, label), or None where stderr is not a terminal."""
    if not sys.stderr.isatty():
        yield None
        return
    with tqdm(unit=unit, file=sys.stderr, leave=False, dynamic_ncols=True) as bar:

        def advance(done: int, total: int, label: str) -> None:
            bar.total = total
            bar.set_description(label, refresh=False)
            bar.update(done - bar.n)

        yield advance
