"""How many cells hold the nearest vectors, with all rows allowed and with some of them by chance.

python -m bench.vector_cells --rows 200000 --vectors encode
"""

import argparse
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measure import footer, table
from bench.scale_wordings import questions, save_vectors, unit
from search import cells
from search.encoder import open_encoder

ASKED = 400
TOP = 10
READ = (11, 16, 22, 32, 48, 64, 96, 160)
ALLOWED = (1.0, 0.5, 0.3, 0.15, 0.08, 0.04)
_PAGE = 50_000
Matrix = NDArray[np.float32]


def _ranks(
    vectors: Matrix, owners: NDArray[np.int64], centres: Matrix, asked: Matrix
) -> NDArray[np.int64]:
    """For each question how many cells are nearer than those of its TOP nearest vectors, shape
    (questions, TOP)."""
    found = []
    for one in asked:
        nearest = np.argpartition(-(vectors @ one), TOP)[:TOP]
        order = np.argsort(-(centres @ one), kind="stable")
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        found.append(rank[owners[nearest]])
    return np.array(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--vectors", default="encode", help="made, encode, or a .npy file")
    parser.add_argument("--size", type=int, default=256)
    given = parser.parse_args()
    encoder = open_encoder()
    chance = np.random.default_rng(5)
    chosen = chance.choice(len(questions()), ASKED, replace=False)
    texts = [questions()[number] for number in chosen.tolist()]
    asked = unit(encoder.encode_queries(texts)[:, : given.size])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vectors.npy"
        save_vectors(path, given.vectors, encoder, given.rows, given.size)
        vectors: Matrix = np.load(path)
    sample = np.linspace(0, len(vectors) - 1, cells.sample_size(len(vectors)), dtype=np.int64)
    centres = cells.learned(vectors[sample], len(vectors))
    pages = range(0, len(vectors), _PAGE)
    owners = np.concatenate([cells.assigned(vectors[at : at + _PAGE], centres) for at in pages])
    rows = []
    for share in ALLOWED:
        allowed = chance.random(len(vectors)) < share
        ranks = _ranks(vectors[allowed], owners[allowed], centres, asked)
        rows.append((f"{share:.0%}", *(f"{(ranks < read).mean():.4f}" for read in READ)))
    table((f"recall@{TOP}", *(f"{read} cells" for read in READ)), rows)
    told = f"{given.rows:,} 条，{len(centres):,} 格，{ASKED} 个问题，向量：{given.vectors}。"
    footer("bench.vector_cells", told)


if __name__ == "__main__":
    main()
