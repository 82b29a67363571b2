"""Thresholds that make a cosine "same", "comparable", "related" or "other", put into a model's
manifest with how right they are.

python -m training.calibrate FOLDER --pairs FILE.jsonl

Pairs are {"first", "second", "grade"}, grades as in training.graded, and none of them may have been
learned from. What is stated was measured on pairs that had no part in the thresholds: five times,
those fitted on four fifths are tried on the fifth.
"""

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from search.calibration import RELATIONS, Calibration
from search.onnx_encoder import MANIFEST, OnnxEncoder
from training.data import BadLine

PRECISE = 0.95
"""The share of pairs called the same that must be: whoever reads 相同 will not read further."""
FOLDS = 5
GRADES: Mapping[str, int] = {"same": 3, "comparable": 2, "related": 1}

Numbers = NDArray[np.float64]
Grades = NDArray[np.int64]


def fit(cosines: Numbers, grades: Grades) -> Calibration:
    """`same` is the least threshold that is PRECISE; the others part best what is as near or nearer
    from what is not, both sides weighing the same whatever their number.

    Raises ValueError where a grade is missing.
    """
    if set(grades.tolist()) != {0, 1, 2, 3}:
        raise ValueError("每个等级（0 到 3）都要有样本")
    related = _parting(cosines, grades >= GRADES["related"])
    comparable = max(_parting(cosines, grades >= GRADES["comparable"]), related)
    return Calibration(
        max(_precise(cosines, grades >= GRADES["same"]), comparable), comparable, related
    )


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


def measured(cosines: Numbers, grades: Grades, seed: int = 7) -> dict[str, dict[str, float]]:
    """Precision and recall of "at least as near" for each relation, over pairs that thresholds
    were not fitted on."""
    places = np.random.default_rng(seed).permutation(len(cosines))
    steps = np.zeros(len(cosines), dtype=np.int64)
    for fold in range(FOLDS):
        tried = places[fold::FOLDS]
        learned = np.setdiff1d(places, tried)
        steps[tried] = fit(cosines[learned], grades[learned]).steps(cosines[tried])
    told = {}
    for name, grade in GRADES.items():
        called, right = steps <= RELATIONS.index(name), grades >= grade
        both = float(np.sum(called & right))
        told[name] = {
            "precision": round(both / max(float(np.sum(called)), 1.0), 3),
            "recall": round(both / float(np.sum(right)), 3),
        }
    return told


def calibrate(folder: Path, pairs: Path) -> Mapping[str, object]:
    """Write "calibration" into the manifest of an exported folder, and give it back."""
    first, second, grades = _read(pairs)
    vectors = OnnxEncoder(folder).encode_passages([*first, *second])
    cosines = (vectors[: len(first)] * vectors[len(first) :]).sum(axis=1).astype(np.float64)
    found = fit(cosines, grades)
    told = {name: round(getattr(found, name), 4) for name in RELATIONS[:-1]}
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"] = {
        **told,
        "pairs": len(grades),
        "cross-validated": measured(cosines, grades),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
    return dict(manifest["calibration"])


def _read(path: Path) -> tuple[Sequence[str], Sequence[str], Grades]:
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
    first, second, grades = zip(*rows, strict=True)
    return first, second, np.array(grades, dtype=np.int64)


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.calibrate", description=__doc__)
    parser.add_argument("folder", type=Path, help="导出的模型目录")
    parser.add_argument("--pairs", type=Path, required=True, help="标注的文字对，每行一个 JSON")
    given = parser.parse_args()
    try:
        told = calibrate(given.folder, given.pairs)
    except BadLine as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
