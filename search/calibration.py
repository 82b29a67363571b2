"""What a cosine means: the same, comparable, related or other, by thresholds of the model's own.

A vector forgives what a reader does not: 县道 and 乡道, 开工 and 竣工 lie close. So texts that are
word for word alike but for a part that was swapped are never called the same, however near they
are; whoever says it in other words altogether is taken by the cosine.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from search.analyze import key
from search.index import Rows, Scores, Vector, Vectors
from search.inner import inner

RELATIONS = ("same", "comparable", "related", "other")
"""From near to far: says the same; its values can be laid beside one another; of the same topic,
but measures something else; another topic."""

ALIKE = 0.3
"""Of the shorter text's characters: texts that share so many differ by those that they do not,
where no model says otherwise."""
# 资金拨付及时率, 资金及时拨付比例情况: what says nothing of what is measured
_NEUTRAL = re.compile(
    "反映|情况|程度|比例|比重|占比|百分比|数量|个数|人数|次数|项目|完成|达到|指标"
    "|全年|年度|本年|当年|今年|全县|全区|[的率度数量比%]"
)
_TURNING = frozenset("不未无非零被撤退黄失缺超逾停")
"""Who has one of these and the other has not says the opposite, or something else."""


def swapped(first: str, second: str, alike: float = ALIKE) -> bool:
    """Whether two texts differ by a part that was swapped, or by a word that turns the meaning;
    `alike` is the share of characters from which they are otherwise the same.

    >>> swapped("县道养护里程", "乡道养护里程"), swapped("群众满意度", "受益群众满意度")
    (True, False)
    """
    one, other = (Counter(_NEUTRAL.sub("", key(text))) for text in (first, second))
    less, more = one - other, other - one
    if _TURNING & (less.keys() | more.keys()):
        return True
    shorter = min(one.total(), other.total())
    return bool(less and more) and (one & other).total() >= alike * shorter


@dataclass(frozen=True, slots=True)
class Calibration:
    """The least cosine of two texts that makes them `same` (where no part is `swapped`, by
    `alike`), `comparable`, `related`.

    Fitted on labelled pairs that the model has not learned from (`training.calibrate`); every
    model has others, and one that was not calibrated tells scores alone.
    """

    same: float
    comparable: float
    related: float
    alike: float = ALIKE

    def steps(self, cosines: Scores, pairs: Sequence[tuple[str, str]]) -> Rows:
        """The place in RELATIONS of each cosine, and of the two texts that it is of.

        >>> roads = [("县道里程", "县道公里数"), ("县道里程", "乡道里程"), ("县道里程", "满意度")]
        >>> Calibration(0.9, 0.7, 0.5).steps(np.array([0.95, 0.95, 0.1]), roads).tolist()
        [0, 1, 3]
        """
        steps = self.by_cosine(cosines)
        for at in np.flatnonzero(steps == 0).tolist():
            steps[at] = int(swapped(*pairs[at], self.alike))
        return steps

    def by_cosine(self, cosines: Scores) -> Rows:
        """The place in RELATIONS of each cosine, whatever the texts say."""
        bounds = np.array([self.same, self.comparable, self.related])
        steps: Rows = (cosines[:, None] < bounds).sum(axis=1, dtype=np.int64)
        return steps


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near rows are to a text: `cosines`, and the place of each in RELATIONS."""

    cosines: Scores
    steps: Rows

    def take(self, positions: Rows) -> "Likeness":
        """Of the rows at these positions, in their order."""
        return Likeness(self.cosines[positions], self.steps[positions])


def likeness(
    vectors: Vectors, names: Sequence[str], vector: Vector, name: str, given: Calibration
) -> Likeness:
    """Of rows' `vectors`, shape (n, dimension), to one `vector`, shape (dimension,); `names` are
    what the rows are called, `name` what is compared with them."""
    cosines = inner(vectors, vector).astype(np.float64)
    return Likeness(cosines, given.steps(cosines, [(name, other) for other in names]))
