"""The published encoder read into torch is the graph it was read from."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="group training is not installed")
pytest.importorskip("sentence_transformers", reason="group training is not installed")

from sentence_transformers import SentenceTransformer

from search.encoder import BUNDLED
from tools.maven import NotHere
from training.base import QUERY_PROMPT, build, jar, shipped, unpack
from training.export import cosines

TEXTS = ["群众满意度", "公路养护里程 青禾县全年养护农村公路的公里数", "PM2.5年均浓度下降率"]


@pytest.fixture(scope="module")
def source() -> Path:
    try:
        return jar()
    except NotHere as reason:
        pytest.skip(str(reason))


def test_torch_and_graph_give_the_same_vectors(source: Path, tmp_path: Path) -> None:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    model = build(tmp_path / "base")
    assert model.prompts["query"] == QUERY_PROMPT
    weights, words = unpack(source, tmp_path)
    session = InferenceSession(str(weights))
    tokens = Tokenizer.from_file(str(words))
    for text, vector in zip(TEXTS, model.encode(TEXTS), strict=True):
        ids = np.asarray([tokens.encode(text).ids])
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        (hidden,) = session.run(None, inputs | {"token_type_ids": np.zeros_like(ids)})
        first = hidden[0, 0]
        np.testing.assert_allclose(vector, first / np.linalg.norm(first), atol=1e-5)


def test_the_shipped_model_reads_as_it_searches(tmp_path: Path) -> None:
    shipped(tmp_path / "base")
    model = SentenceTransformer(str(tmp_path / "base"), truncate_dim=256)
    assert min(cosines(model, BUNDLED, TEXTS)) > 0.998
