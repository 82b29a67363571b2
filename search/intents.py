"""Which level-2 category a question speaks of: by its words, and by its vector.

Words are those of intents.tsv. A model may carry a matrix that tells from a question's vector how
likely each category is (`training.intents`): 怨言 and 服气 are of no list, and mean 满意度.
"""

import csv
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.index import Vector
from search.inner import inner

LEAST = 0.15
"""A category that is less likely is not spoken of."""
MOST = 2


@dataclass(frozen=True, slots=True)
class Intents:
    """`matrix` has a row for each category, its bias last: shape (categories, dimension + 1)."""

    categories: tuple[str, ...]
    matrix: NDArray[np.float64]

    def likely(self, vector: Vector) -> dict[str, float]:
        """The MOST likely categories of a question, each with its probability."""
        scores = inner(self.matrix[:, :-1], vector.astype(np.float64)) + self.matrix[:, -1]
        shares = np.exp(scores - scores.max())
        shares /= shares.sum()
        best = np.argsort(-shares, kind="stable")[:MOST]
        return {self.categories[at]: float(shares[at]) for at in best if shares[at] >= LEAST}


def read_intents(path: Path) -> Intents:
    """Raises OSError, ValueError or KeyError for a file that is none."""
    told = json.loads(path.read_text(encoding="utf-8"))
    matrix = np.array(list(told.values()), dtype=np.float64)
    if matrix.ndim != 2:
        raise ValueError(f"{path.name}: {matrix.shape}")
    return Intents(tuple(told), matrix)


def worded(text: str) -> frozenset[str]:
    """The categories whose words the text holds."""
    return frozenset(level2 for word, level2 in _words() if word in text)


def stems() -> list[str]:
    """Names of the categories without 指标."""
    return list(dict.fromkeys(level2.removesuffix("指标") for _, level2 in _words()))


@cache
def _words() -> tuple[tuple[str, str], ...]:
    path = Path(__file__).parent / "intents.tsv"
    with path.open(encoding="utf-8", newline="") as stream:
        return tuple((row["word"], row["level2"]) for row in csv.DictReader(stream, delimiter="\t"))
