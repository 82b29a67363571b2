"""Thresholds that make a cosine "same", "comparable", "related" or "other", put into a model's
manifest with how right they are.

python -m training.calibrate FOLDER --pairs FILE.jsonl [--hard FILE.jsonl]

Pairs are {"first", "second", "grade"}, grades as in training.graded, and none of them may have been
learned from. What may be called the same is fitted on pairs that were made to mislead as well, as
it must hold where words deceive; the rest on pairs as they occur. What is stated was measured on
pairs that had no part in the thresholds: five times, those fitted on four fifths are tried on the
fifth.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.calibration import RELATIONS, Calibration, swapped
from search.onnx_encoder import MANIFEST, OnnxEncoder
from training.data import BadLine

PRECISE = 0.95
"""The share of pairs called the same that must be: whoever reads 相同 will not read further."""
FOLDS = 5
ALIKE = (0.2, 0.25, 0.3, 0.35, 0.4, 0.5)
GRADES: Mapping[str, int] = {"same": 3, "comparable": 2, "related": 1}

Numbers = NDArray[np.float64]
Grades = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Judged:
    """Pairs of texts with their cosines and grades, entry by entry."""

    texts: Sequence[tuple[str, str]]
    cosines: Numbers
    grades: Grades

    def at(self, places: Grades) -> "Judged":
        """Those at these places."""
        texts = [self.texts[place] for place in places.tolist()]
        return Judged(texts, self.cosines[places], self.grades[places])

    def joined(self, more: "Judged") -> "Judged":
        """These, then the others."""
        return Judged(
            [*self.texts, *more.texts],
            np.concatenate([self.cosines, more.cosines]),
            np.concatenate([self.grades, more.grades]),
        )


NO_PAIRS = Judged((), np.zeros(0), np.zeros(0, np.int64))


def fit(judged: Judged, misleading: Judged = NO_PAIRS) -> Calibration:
    """`same` is the least threshold that is PRECISE among pairs of which no part is swapped, by
    that share of ALIKE that calls most of them the same, the `misleading` ones among them; the
    others part best what is as near or nearer from what is not, both sides weighing the same
    whatever their number.

    Raises ValueError where a grade is missing.
    """
    cosines, grades = judged.cosines, judged.grades
    if set(grades.tolist()) != {0, 1, 2, 3}:
        raise ValueError("每个等级（0 到 3）都要有样本")
    related = _parting(cosines, grades >= GRADES["related"])
    comparable = max(_parting(cosines, grades >= GRADES["comparable"]), related)
    every = judged.joined(misleading)
    tried = {share: _same(every, share) for share in ALIKE}
    share = max(tried, key=lambda share: tried[share][1])
    return Calibration(max(tried[share][0], comparable), comparable, related, share)


def _same(judged: Judged, share: float) -> tuple[float, int]:
    """The threshold, and how many pairs it calls the same."""
    apart = [swapped(*pair, share) for pair in judged.texts]
    alike = ~np.array(apart, dtype=np.bool_)
    same = _precise(judged.cosines[alike], judged.grades[alike] >= GRADES["same"])
    return same, int(np.sum(judged.cosines[alike] >= same))


def _precise(cosines: Numbers, right: NDArray[np.bool_]) -> float:
    order = np.argsort(-cosines, kind="stable")
    # one more wrong than there was: a handful of right ones proves nothing
    shares = np.cumsum(right[order]) / np.arange(2, len(order) + 2)
    enough = np.flatnonzero(shares >= PRECISE)
    return float(cosines[order][enough[-1]]) if len(enough) else 1.0


def _parting(cosines: Numbers, near: NDArray[np.bool_]) -> float:
    order = np.argsort(-cosines, kind="stable")
    found, taken_in = np.cumsum(near[order]), np.cumsum(~near[order])
    best = int(np.argmax(found / found[-1] - taken_in / taken_in[-1]))
    return float(cosines[order][best])


def cross_validated(
    judged: Judged, misleading: Judged = NO_PAIRS, seed: int = 7
) -> tuple[dict[str, dict[str, float]], dict[str, dict[str, float]]]:
    """`figures` of pairs, and of misleading ones, under thresholds fitted without them."""
    chance = np.random.default_rng(seed)
    sides = (judged, misleading)
    orders = [chance.permutation(len(side.grades)) for side in sides]
    steps = [np.zeros(len(order), dtype=np.int64) for order in orders]
    for fold in range(FOLDS):
        tried = [order[fold::FOLDS] for order in orders]
        left = (np.setdiff1d(o, t) for o, t in zip(orders, tried, strict=True))
        found = fit(*(side.at(places) for side, places in zip(sides, left, strict=True)))
        for own, side, places in zip(steps, sides, tried, strict=True):
            own[places] = found.steps(side.cosines[places], side.at(places).texts)
    one, other = (figures(own, side.grades) for own, side in zip(steps, sides, strict=True))
    return one, other


def figures(steps: Grades, grades: Grades) -> dict[str, dict[str, float]]:
    """Precision and recall of "at least as near" for each relation."""
    told = {}
    for name, grade in GRADES.items():
        called, right = steps <= RELATIONS.index(name), grades >= grade
        both = float(np.sum(called & right))
        told[name] = {
            "precision": round(both / max(float(np.sum(called)), 1.0), 3),
            "recall": round(both / max(float(np.sum(right)), 1.0), 3),
        }
    return told


def calibrate(folder: Path, pairs: Path, hard: Path | None = None) -> Mapping[str, object]:
    """Write "calibration" into the manifest of an exported folder, and give it back."""
    judged = _judged(folder, pairs)
    misleading = NO_PAIRS if hard is None else _judged(folder, hard)
    found = fit(judged, misleading)
    natural, deceived = cross_validated(judged, misleading)
    told: dict[str, object] = {
        **{name: round(getattr(found, name), 4) for name in (*RELATIONS[:-1], "alike")},
        "pairs": len(judged.grades) + len(misleading.grades),
        "cross-validated": natural,
        **({} if hard is None else {"on pairs made to mislead": deceived}),
    }
    path = folder / MANIFEST
    manifest = {**json.loads(path.read_text(encoding="utf-8")), "calibration": told}
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    return told


def _judged(folder: Path, path: Path) -> Judged:
    rows: list[tuple[str, str, int]] = []
    try:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            rows.append((str(row["first"]), str(row["second"]), int(row["grade"])))
    except (OSError, UnicodeDecodeError) as error:
        raise BadLine(f"标注文件 {path} 无法读取（{error}）；请检查该文件") from error
    except (ValueError, KeyError, TypeError) as error:
        wanted = '{"first", "second", "grade"}'
        raise BadLine(f"标注文件 {path} 第 {len(rows) + 1} 行不是 {wanted}（{error!r}）") from error
    encoder = OnnxEncoder(folder)
    texts = [(first, second) for first, second, _ in rows]
    one, other = (encoder.encode_passages(side) for side in zip(*texts, strict=True))
    cosines = np.asarray((one * other).sum(axis=1), dtype=np.float64)
    return Judged(texts, cosines, np.array([grade for _, _, grade in rows], dtype=np.int64))


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.calibrate", description=__doc__)
    parser.add_argument("folder", type=Path, help="导出的模型目录")
    parser.add_argument("--pairs", type=Path, required=True, help="标注的文字对，每行一个 JSON")
    parser.add_argument("--hard", type=Path, help="有意误导的文字对，只用来衡量")
    given = parser.parse_args()
    try:
        told = calibrate(given.folder, given.pairs, given.hard)
    except BadLine as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
