"""Near spellings, and that they need neither index nor model."""

import subprocess
import sys

import pytest

from graph.store import Writer
from search.fuzzy import near_names, near_policies

NUMBER = "云财建〔2024〕9143号"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("云财建〔2024〕9134号", (NUMBER,)),  # digits in another order
        ("云财健〔2024〕9143号", (NUMBER,)),  # a wrong character in the prefix
        ("云财建〔2023〕9143号", (NUMBER,)),  # another year
        ("招商引资专项资金的通知", (NUMBER,)),  # part of the title
        ("农村饮水安全规划", ()),  # nothing like it
        ("", ()),
    ],
)
def test_near_policies(filled: Writer, text: str, expected: tuple[str, ...]) -> None:
    assert near_policies(filled, text)[:1] == expected


def test_the_nearest_goes_first_and_the_limit_holds(filled: Writer) -> None:
    assert near_policies(filled, "云财教〔2024〕9022号", limit=1) == ("云财教〔2024〕9021号",)


def test_near_names_leave_out_the_name_itself() -> None:
    names = ["青禾县教育局", "青禾县体育局", "云岭县水利局"]
    assert near_names(names, "青禾县教育局") == ("青禾县体育局",)


def test_nothing_heavy_is_loaded() -> None:
    heavy = ("numpy", "faiss", "onnxruntime", "tantivy", "tokenizers", "torch", "pydantic")
    code = f"import sys, search.fuzzy; sys.exit(any(name in sys.modules for name in {heavy!r}))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
