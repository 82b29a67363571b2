"""Teach an exported model which level-2 category a question speaks of.

python -m training.intents FOLDER

A logistic regression over the vectors of all questions of training/data/, each with the category
of what answers it; the matrix is put beside the weights as intents.json. (With the names and
wordings of indicators besides, it was surer and less often right.)
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

from search.onnx_encoder import MANIFEST, OnnxEncoder, file_sha256
from training.data import BadLine, TrainingData, read_training_data
from training.questions import Asked, read_questions

FILE = "intents.json"
STRENGTH = 1.0
"""How little the weights are held back."""
_SATISFACTION = "满意度"


def examples(data: TrainingData, asked: Sequence[Asked]) -> list[tuple[str, str]]:
    """Questions and the names of their categories, 指标 left out; all kinds of satisfaction are
    one."""
    found = [(text, _stem(one.level2)) for one in data.indicators for text in one.queries]
    found += [(text, _stem(one.level2)) for one in data.families for text in one.queries]
    return found + [
        (text, _stem(one.indicators[answers[0]]["level2"]))
        for one in asked
        for text, answers in one.questions
    ]


def _stem(level2: str) -> str:
    return _SATISFACTION if _SATISFACTION in level2 else level2.removesuffix("指标")


def learn(folder: Path, data: TrainingData, asked: Sequence[Asked] = ()) -> dict[str, list[float]]:
    """A row of weights for each category, its bias last."""
    texts, categories = zip(*examples(data, asked), strict=True)
    vectors = OnnxEncoder(folder).encode_queries(texts)
    found = LogisticRegression(C=STRENGTH, max_iter=1000).fit(vectors, categories)
    matrix = np.hstack([found.coef_, found.intercept_[:, None]])
    return {
        str(name): [round(float(value), 3) for value in row]
        for name, row in zip(found.classes_, matrix, strict=True)
    }


def write(folder: Path, learned: dict[str, list[float]]) -> None:
    """A category a line, and the file's checksum in the manifest."""
    lines = (f"{json.dumps(name, ensure_ascii=False)}: {row}" for name, row in learned.items())
    (folder / FILE).write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["files"]["intents"] = {"name": FILE, "sha256": file_sha256(folder / FILE)}
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.intents", description=__doc__)
    parser.add_argument("folder", type=Path, help="导出的模型目录")
    folder = parser.parse_args().folder
    try:
        learned = learn(folder, read_training_data(), read_questions())
    except BadLine as error:
        sys.stderr.write(f"{error}\n")
        return 1
    write(folder, learned)
    sys.stdout.write(f"类别已写入 {folder / FILE}：{'、'.join(learned)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
