"""Sentences of a corpus that the user names, as pairs of their two halves. It is only read."""

import random
import re
from collections.abc import Iterator
from pathlib import Path

import pyarrow

from training.data import BadLine

# 建立健全机制，保障资金安全 → the commas, semicolons and colons at which a sentence may be cut
_JOINT = re.compile(r"(?<=[，；：,;])")
LEAST = 8
"""Characters of the shorter half."""


def halves(sentence: str) -> tuple[str, str] | None:
    """Both halves, cut at the joint nearest to the middle; None where one would be too short."""
    places = [match.start() for match in _JOINT.finditer(sentence)]
    if not places:
        return None
    at = min(places, key=lambda place: abs(place - len(sentence) / 2))
    first, second = sentence[:at].rstrip("，；：,; "), sentence[at:].strip()
    return (first, second) if min(len(first), len(second)) >= LEAST else None


def corpus_pairs(folder: Path, count: int, seed: int) -> list[tuple[str, str]]:
    """`count` pairs drawn from all files *.txt and *.txt.zst, the same for the same seed.

    Raises BadLine where the folder holds no such file, or one that cannot be read.
    """
    files = sorted(path for path in folder.glob("*") if path.name.endswith((".txt", ".txt.zst")))
    if not files:
        raise BadLine(f"语料目录 {folder} 中没有 .txt 或 .txt.zst 文件；请另指定目录")
    chance = random.Random(seed)
    drawn: list[tuple[str, str]] = []
    pairs = (pair for path in files for line in _lines(path) if (pair := halves(line)))
    for seen, pair in enumerate(pairs, start=1):
        # each pair has the same chance, and no more than `count` are ever held
        if len(drawn) < count:
            drawn.append(pair)
        elif (place := chance.randrange(seen)) < count:
            drawn[place] = pair
    return drawn


def _lines(path: Path) -> Iterator[str]:
    packed = "zstd" if path.suffix == ".zst" else None
    try:
        with pyarrow.input_stream(str(path), compression=packed) as stream:
            text = stream.read().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadLine(f"语料 {path} 无法读取（{error}）；请检查该文件") from error
    yield from text.split("\n")
