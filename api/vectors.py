"""Vectors as JSON."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy import float32
    from numpy.typing import NDArray

_DIGITS = 8
"""float32 holds seven to eight; more would be noise and twice the bytes."""


def rows(vectors: "NDArray[float32]") -> list[list[float]]:
    """(n, d) unit vectors as lists of numbers."""
    return [[round(number, _DIGITS) for number in vector] for vector in vectors.tolist()]
