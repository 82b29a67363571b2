"""Which terms of a question the text leg looks for: what many rows hold takes the longest to look
for, and tells least."""

from collections.abc import Callable, Iterator, Sequence

ENOUGH_SAID = 100
"""Where so many rows share two neighbouring characters or a word with a question that has a vector,
rows that share single characters alone are left to the vector: to look for these takes ten times as
long. Where they do not, single characters are looked for as well, the COMMON ones last. Who wants
fewer rows than that, as the project leg does, never gets to them."""
COMMON = 20_000
"""More rows than that hold a common character or word: words that are common are looked for where
the others bring too few."""


def telling(
    terms: Sequence[str], limit: int, frequency: Callable[[str], int]
) -> Iterator[list[str]]:
    """The terms to look for, in rounds, until `limit` or ENOUGH_SAID rows are found. Terms that no
    row has are left out, and rounds that cannot bring as many. `frequency` tells in how many rows
    a term stands, each field of a row counted for itself."""
    said = [term for term in terms if frequency(term)]
    words = [term for term in said if len(term) > 1]
    rare_words = [word for word in words if frequency(word) < COMMON]
    rare = [term for term in said if len(term) > 1 or frequency(term) < COMMON]
    rounds = [rare_words, words]
    if limit >= ENOUGH_SAID:
        rounds += [rare, said]
    enough = min(limit, ENOUGH_SAID)
    asked = 0
    for some in rounds:
        last = some is rounds[-1]
        if len(some) > asked and (last or sum(map(frequency, some)) >= enough):
            yield some
            asked = len(some)
