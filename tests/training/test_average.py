"""Averages of tuned models."""

import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("accelerate", reason="group training is not installed")

import torch
from sentence_transformers import SentenceTransformer

from tests.training.tiny import tiny_model
from training.average import averaged


def test_each_part_gives_its_share(tmp_path: Path) -> None:
    parts = []
    for number, share in enumerate((0.5, 0.25, 0.25)):
        folder = tmp_path / str(number)
        model = tiny_model(folder / "made")
        with torch.no_grad():
            for parameter in model.parameters():
                parameter.fill_(number)
        model.save(str(folder / "saved"), create_model_card=False)
        parts.append(f"{folder / 'saved'}={share}")
    out = tmp_path / "out"
    command = [sys.executable, "-m", "training.average", str(out), *parts]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert str(out) in told.stdout
    found = SentenceTransformer(str(out), device="cpu")
    assert all(torch.all(weights == 0.75) for weights in found.parameters())
    broken = subprocess.run(command[:-1], capture_output=True, text=True, check=False)
    assert broken.returncode == 1 and "份额之和应为 1" in broken.stderr


def test_what_is_no_number_stays_and_other_kinds_are_refused() -> None:
    one = {"weight": torch.ones(2), "places": torch.arange(2)}
    other = {"weight": torch.zeros(2), "places": torch.arange(2)}
    found = averaged([(0.25, one), (0.75, other)])
    assert found["weight"].tolist() == [0.25, 0.25]
    assert found["places"].tolist() == [0, 1]
    with pytest.raises(ValueError, match="结构不同"):
        averaged([(0.5, one), (0.5, {"weight": torch.zeros(3), "places": torch.arange(2)})])
