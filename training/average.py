"""Average the weights of models that were tuned from one base.

python -m training.average OUT FOLDER=SHARE FOLDER=SHARE …     the shares add up to 1
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from math import isclose
from pathlib import Path

import torch
from sentence_transformers import SentenceTransformer

Weights = Mapping[str, torch.Tensor]


def averaged(parts: Sequence[tuple[float, Weights]]) -> dict[str, torch.Tensor]:
    """Of each weight so much of every part as its share says; what is no number stays as in the
    first. Raises ValueError where the parts are not of one kind or the shares not of one whole."""
    first = parts[0][1]
    if not isclose(sum(share for share, _ in parts), 1.0, abs_tol=1e-6):
        raise ValueError("各份额之和应为 1")
    shapes = {tuple((name, weights.shape) for name, weights in one.items()) for _, one in parts}
    if len(shapes) != 1:
        raise ValueError("模型的结构不同，不能平均")
    return {
        name: torch.stack([share * one[name] for share, one in parts]).sum(dim=0)
        if weights.is_floating_point()
        else weights
        for name, weights in first.items()
    }


def _part(said: str) -> tuple[float, str]:
    folder, _, share = said.rpartition("=")
    return float(share), folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.average", description=__doc__)
    parser.add_argument("out", type=Path, help="目标目录")
    parser.add_argument(
        "parts", type=_part, nargs="+", metavar="目录=份额", help="各模型和它的份额"
    )
    given = parser.parse_args()
    models = [(share, SentenceTransformer(folder)) for share, folder in given.parts]
    try:
        weights = averaged([(share, model.state_dict()) for share, model in models])
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    made = models[-1][1]
    made.load_state_dict(weights)
    made.save(str(given.out), create_model_card=False)
    sys.stdout.write(f"平均后的模型已存入 {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
