"""Which terms of a question the text leg looks for: what many rows hold takes the longest to look
for, and tells least."""

from collections.abc import Callable, Iterator, Sequence

ENOUGH_SAID = 100
"""Where so many rows share two neighbouring characters or a word with a question that has a vector,
rows that share single characters alone are left to the vector: to look for these takes ten times as
long. Where they do not, single characters are looked for as well, the COMMON ones last. Who wants
fewer rows than that, as the project leg does, never gets to them."""
COMMON = 20_000
"""More rows than that hold a common character."""


def telling(terms: Sequence[str], frequency: Callable[[str], int]) -> Iterator[list[str]]:
    """The terms to look for, in rounds, until ENOUGH_SAID rows are found; the last has them all.
    `frequency` tells how many rows have a term."""
    words = [term for term in terms if len(term) > 1]
    yield words
    rare = [term for term in terms if len(term) > 1 or frequency(term) < COMMON]
    if len(rare) > len(words):
        yield rare
    if len(terms) > len(rare):
        yield list(terms)
