"""A million distinct wordings out of the training set's own lines, and vectors for them.

Every number has one wording, whatever is asked before: a line of the training set, told of places
and amounts of its own, in one of its paraphrases or joined to another line of its domain.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.measure import ROOT
from bench.synthetic import TOWNS
from search.encoder import Encoder

_DATA = ROOT / "training" / "data"
_MANNERS = (
    "{place}{count}处{text}",
    "{text}，涉及{place}{count}个村",
    "{place}第{count}批{text}",
    "反映{place}{count}户（个）对象{text}的情况",
    "{text}，其中{place}不少于{count}个点位",
    "按照{place}{count}项任务清单，{text}",
)
_PERIODS = ("本年度", "全年", "上半年", "年底前", "项目期内", "新增", "累计", "全县")
_ALIKE = 0.55
"""How far a made vector strays from its line, in lengths: the median cosine between two wordings
of one line is then the bundled encoder's (0.8)."""


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of the training set; `ways` are its description and paraphrases."""

    domain: str
    level2: str
    name: str
    ways: tuple[str, ...]
    value: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wording:
    name: str
    description: str
    level2: str
    value: str

    @property
    def text(self) -> str:
        return f"{self.name}：{self.description}"


@cache
def lines() -> tuple[Line, ...]:
    """Every indicator, in an order that mixes the domains."""
    found = [
        Line(
            row["domain"],
            row["level2"],
            row["name"],
            (row["description"], *row["paraphrases"]),
            row["value"],
            tuple(row["queries"]),
        )
        for path in sorted(_DATA.glob("*.jsonl"))
        for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())
        if "paraphrases" in row
    ]
    random.Random(0).shuffle(found)
    return tuple(found)


@cache
def _domains() -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, line in enumerate(lines()):
        found.setdefault(line.domain, []).append(number)
    return found


@dataclass(frozen=True, slots=True)
class _Recipe:
    """Which lines wording `number` is made of: the name's, and the description's."""

    line: int
    other: int
    way: int
    name: str
    description: str


def _recipe(number: int) -> _Recipe:
    chance = random.Random(number)
    own, turn = number % len(lines()), number // len(lines())
    line = lines()[own]
    other = own if chance.random() < 0.6 else chance.choice(_domains()[line.domain])
    way = chance.randrange(3)
    place = f"{chance.choice(TOWNS)}{chance.choice(TOWNS)}{chance.choice('乡镇村县')}"
    name = line.name
    if chance.random() < 0.3:
        name = chance.choice((*_PERIODS, place)) + name
    # The line and its turn are in the text, so that no two numbers have the same.
    told = chance.choice(_MANNERS).format(
        place=place, count=turn + 2, text=lines()[other].ways[way]
    )
    return _Recipe(own, other, way, name, told)


def wording(number: int) -> Wording:
    recipe = _recipe(number)
    line = lines()[recipe.line]
    return Wording(recipe.name, recipe.description, line.level2, line.value)


def questions() -> tuple[str, ...]:
    """One of each line: colloquial, keywords, or a whole sentence."""
    return tuple(line.questions[n % len(line.questions)] for n, line in enumerate(lines()))


def encoded(encoder: Encoder, texts: Sequence[str], size: int) -> NDArray[np.float32]:
    """The first `size` numbers of each vector, unit length again."""
    return unit(encoder.encode_passages(texts)[:, :size])


def vectors(
    source: str, encoder: Encoder, amount: int, size: int, page: int = 10_000
) -> Iterator[NDArray[np.float32]]:
    """Pages of unit vectors of the first wordings, shape (page, size).

    `source` is "made", "encode", or a .npy file of whole vectors (`save_vectors`).
    """
    if source == "made":
        yield from _made(encoder, amount, size, page)
        return
    known = None if source == "encode" else np.load(source, mmap_mode="r")
    for start in range(0, amount, page):
        numbers = range(start, min(start + page, amount))
        if known is None:
            yield encoded(encoder, [wording(number).text for number in numbers], size)
        else:
            yield unit(np.array(known[numbers.start : numbers.stop, :size], dtype=np.float32))


def _made(encoder: Encoder, amount: int, size: int, page: int) -> Iterator[NDArray[np.float32]]:
    """Near the encoded lines that a wording is made of, strayed along differences between others:
    noise of every direction would leave neighbours that no index can be judged by."""
    count = len(lines())
    names = encoded(encoder, [line.name for line in lines()], size)
    ways = np.stack(
        [encoded(encoder, [line.ways[way] for line in lines()], size) for way in range(3)]
    )
    chance = np.random.default_rng(1)
    for start in range(0, amount, page):
        recipes = [_recipe(number) for number in range(start, min(start + page, amount))]
        own = np.array([recipe.line for recipe in recipes])
        told = ways[[recipe.way for recipe in recipes], [recipe.other for recipe in recipes]]
        strayed = np.zeros((len(recipes), size), dtype=np.float32)
        for _ in range(4):
            one, other = chance.integers(0, count, (2, len(recipes)))
            scale = chance.normal(size=(len(recipes), 1)).astype(np.float32)
            strayed += scale * (ways[0, one] - ways[1, other])
        yield unit(0.5 * names[own] + 0.5 * told + _ALIKE * 0.5 * unit(strayed))


def unit(matrix: NDArray[np.float32]) -> NDArray[np.float32]:
    length = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(length, 1e-12), dtype=np.float32)


def save_vectors(path: Path, source: str, encoder: Encoder, amount: int, size: int) -> None:
    """The same in one .npy file."""
    kept = np.lib.format.open_memmap(path, mode="w+", dtype="<f4", shape=(amount, size))
    start = 0
    for some in vectors(source, encoder, amount, size):
        kept[start : start + len(some)] = some
        start += len(some)
