"""Unit vectors as whole numbers of nine bits: eight that are searched, one more to score by.

One scale for every vector of every index, so that a text has the same numbers in whichever version
it was written. That needs numbers which are alike in every dimension, and a model's are not: the
bundled one has a dimension that stands at 0.46 in every text. A fixed rotation makes them so: each
number of the rotated vector mixes all of the given ones, and its spread is 1 / √dimension.

A question that is near to a vector feels most what rounding has added along it (Guo et al.,
Accelerating Large-Scale Inference with Anisotropic Vector Quantization, ICML 2020). So a vector is
made a little longer or shorter before, by as much as leaves nothing along it: that halves the error
of the cosines by which near ones are put in order.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from search.inner import inner

SPREADS = 4.0
"""Numbers further out than this many spreads, three in a hundred thousand, are cut to it."""
_FINE = 256
_SEED = 20
_LENGTHS, _HALVINGS = 0.004, 12
"""How much longer or shorter a vector may be made, and in how many steps the length is found: the
last are smaller than what a single number more or less does."""


@cache
def _turn(dimension: int) -> NDArray[np.float64]:
    """Orthogonal, shape (dimension, dimension): signs by chance, then a cosine transform."""
    signs = np.random.default_rng(_SEED).choice([-1.0, 1.0], dimension)
    at = np.arange(dimension)
    waves = np.cos(np.pi * (2 * at[:, None] + 1) * at[None, :] / (2 * dimension))
    waves[:, 0] /= np.sqrt(2)
    return np.asarray(np.sqrt(2 / dimension) * signs[:, None] * waves, dtype=np.float64)


@cache
def _rotation(dimension: int) -> NDArray[np.float32]:
    return _turn(dimension).astype(np.float32)


@cache
def _columns(dimension: int) -> NDArray[np.float32]:
    """The columns of the rotation, one after another."""
    return np.ascontiguousarray(_rotation(dimension).T)


def _scale(dimension: int) -> float:
    return float(_FINE * np.sqrt(dimension) / SPREADS)


def rotated(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same vectors, or one vector, as codes are compared with them."""
    if vectors.ndim == 1:
        return inner(_columns(len(vectors)), vectors)
    return np.ascontiguousarray(vectors @ _rotation(vectors.shape[-1]))


def encode(vectors: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Eight bits of each number, from 0 for the least, shape (n, dimension); and the ninth bits,
    eight in a byte, shape (n, ⌈dimension / 8⌉). Zeros stay zeros."""
    # The last digits of a product depend on what else is multiplied with it: twice as many digits
    # keep a text from being rounded to other numbers in another batch.
    turned = vectors.astype(np.float64) @ _turn(vectors.shape[1])
    whole = _rounded(turned * _scale(vectors.shape[1])).astype(np.int16)
    return ((whole >> 1) + 128).astype(np.uint8), np.packbits(whole & 1, axis=1)


def _rounded(exact: NDArray[np.float64]) -> NDArray[np.float64]:
    """Whole numbers near those of each row, so that their product with the row is its square."""
    square = np.vecdot(exact, exact)
    least, most = np.full(len(exact), 1 - _LENGTHS), np.full(len(exact), 1 + _LENGTHS)
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        over = np.vecdot(_cut(exact * middle[:, None]), exact) > square
        most = np.where(over, middle, most)
        least = np.where(over, least, middle)
    return _cut(exact * least[:, None])


def _cut(exact: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.clip(np.rint(exact), -_FINE, _FINE - 1)


def decode_rotated(codes: NDArray[np.uint8], ninth: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The rotated vectors that the bits stand for."""
    dimension = codes.shape[1]
    whole = (codes.astype(np.int16) - 128) * 2
    whole += np.unpackbits(ninth, axis=1, count=dimension)
    return whole.astype(np.float32) / np.float32(_scale(dimension))


def decode(codes: NDArray[np.uint8], ninth: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The vectors that the bits stand for."""
    return decode_rotated(codes, ninth) @ _rotation(codes.shape[1]).T


def products(
    codes: NDArray[np.uint8], ninth: NDArray[np.uint8], asked: NDArray[np.float32]
) -> NDArray[np.float32]:
    """The inner products of what the bits stand for with a rotated vector: those of
    `decode_rotated`, without making the numbers."""
    dimension = codes.shape[1]
    told = inner(codes.astype(np.float32), 2 * asked)
    told += inner(np.unpackbits(ninth, axis=1, count=dimension).astype(np.float32), asked)
    return np.asarray((told - _FINE * asked.sum()) / np.float32(_scale(dimension)))
