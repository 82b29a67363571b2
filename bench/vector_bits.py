"""How many bits a vector needs: recall@10 against fp32 of ways to write its numbers down.

python -m bench.vector_bits --rows 50000 --vectors encode
"""

import argparse
import tempfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measure import footer, table
from bench.scale_wordings import questions, save_vectors, unit
from search import quantiser
from search.encoder import open_encoder

ASKED = 200
TOP = 10
Matrix = NDArray[np.float32]


def _fixed(spreads: float) -> Callable[[Matrix], Matrix]:
    """Eight bits, one scale for everything."""

    def written(vectors: Matrix) -> Matrix:
        scale = np.float32(127 * np.sqrt(vectors.shape[1]) / spreads)
        return np.asarray(np.clip(np.rint(vectors * scale), -127, 127) / scale, np.float32)

    return written


def _each(vectors: Matrix) -> Matrix:
    """Eight bits, a scale for each vector."""
    scale = 127 / np.abs(vectors).max(axis=1, keepdims=True)
    return np.asarray(np.rint(vectors * scale) / scale, np.float32)


def _ranges(vectors: Matrix) -> Matrix:
    """Eight bits between the least and the largest number of each dimension."""
    least = vectors.min(axis=0)
    step = (vectors.max(axis=0) - least) / 255
    return np.asarray(np.rint((vectors - least) / step) * step + least, np.float32)


def _eight(vectors: Matrix) -> Matrix:
    """What FAISS sees of the nine bits: half a step stands for the ninth."""
    codes, ninth = quantiser.encode(vectors)
    return quantiser.decode(codes, np.zeros_like(ninth))


def _nearest_numbers(vectors: Matrix) -> Matrix:
    """The nine bits by plain rounding: nothing is seen to along a vector."""
    turn = quantiser.rotated(np.eye(vectors.shape[1], dtype=np.float32))
    scale = np.float32(256 * np.sqrt(vectors.shape[1]) / quantiser.SPREADS)
    written = np.clip(np.rint(quantiser.rotated(vectors) * scale), -256, 255) / scale
    return np.asarray(written @ turn.T, np.float32)


WAYS: dict[str, Callable[[Matrix], Matrix]] = {
    "fp16": lambda vectors: vectors.astype(np.float16).astype(np.float32),
    "8 bits, 4 spreads": _fixed(4),
    "8 bits, 8 spreads": _fixed(8),
    "8 bits, a scale a vector": _each,
    "8 bits, a range a dimension": _ranges,
    "8 bits, rotated, 4 spreads": _eight,
    "9 bits, rotated, 4 spreads, to the nearest": _nearest_numbers,
    "9 bits, rotated, 4 spreads": lambda vectors: quantiser.decode(*quantiser.encode(vectors)),
}


def _nearest(vectors: Matrix, asked: Matrix) -> list[set[int]]:
    found = np.argpartition(-(asked @ vectors.T), TOP, axis=1)[:, :TOP]
    return [set(row) for row in found.tolist()]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000)
    parser.add_argument("--vectors", default="encode", help="made, encode, or a .npy file")
    parser.add_argument("--size", type=int, default=256)
    given = parser.parse_args()
    encoder = open_encoder()
    asked = unit(encoder.encode_queries(list(questions()[:ASKED]))[:, : given.size])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        save_vectors(path, given.vectors, encoder, given.rows, given.size)
        vectors = np.load(path)
    exact = _nearest(vectors, asked)
    rows = []
    for name, way in WAYS.items():
        written = way(vectors)
        found = _nearest(written, asked)
        recall = sum(len(a & b) for a, b in zip(exact, found, strict=True)) / (TOP * len(exact))
        error = float(np.std(asked[:20] @ (written - vectors).T))
        rows.append((name, f"{recall:.4f}", f"{error:.5f}"))
    table(("", f"recall@{TOP}", "余弦误差"), rows)
    footer("bench.vector_bits", f"{given.rows:,} 条，{len(exact)} 个问题，向量：{given.vectors}。")


if __name__ == "__main__":
    main()
