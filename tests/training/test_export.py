"""The exported folder is the model it was made from, and a text has one vector in any batch."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="group training is not installed")
pytest.importorskip("sentence_transformers", reason="group training is not installed")

from sentence_transformers import SentenceTransformer

from search.encoder import open_encoder
from search.onnx_encoder import damaged_files
from tests.training.tiny import tiny_model
from training.bert_graph import quantise_rows
from training.export import ExportFailed, cosines, export

TEXTS = [
    "群众满意度",
    "公路养护里程",
    "青禾县全年养护农村公路的公里数不少于上年，桥梁、隧道另计",
    "按时完成",
    "PM2.5年均浓度下降率≥3%",
]
IN_A_BATCH = 1e-5
"""Largest difference of a number of a unit vector, alone and in a batch."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SentenceTransformer:
    return tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def folder(model: SentenceTransformer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(model, tmp_path_factory.mktemp("exported") / "model", "tiny", "1.2.3")


def test_the_folder_is_an_encoder_like_the_model(model: SentenceTransformer, folder: Path) -> None:
    encoder = open_encoder(str(folder))
    assert encoder.dimension == 64
    assert encoder.id.startswith("tiny@1.2.3+")
    assert min(cosines(model, folder, TEXTS)) > 0.99
    # other texts are other vectors, so that the likeness above says something
    vectors = encoder.encode_passages(TEXTS)
    assert (vectors @ vectors.T - np.eye(len(TEXTS))).max() < 0.97


def test_a_text_has_one_vector_in_any_batch(folder: Path) -> None:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokens.enable_padding()
    encoded = tokens.encode_batch(TEXTS)
    inputs = {
        "input_ids": np.asarray([one.ids for one in encoded]),
        "attention_mask": np.asarray([one.attention_mask for one in encoded]),
        "token_type_ids": np.asarray([one.type_ids for one in encoded]),
    }
    (hidden,) = InferenceSession(str(folder / "model.onnx")).run(None, inputs)
    together = hidden[:, 0] / np.linalg.norm(hidden[:, 0], axis=1, keepdims=True)
    alone = open_encoder(str(folder)).encode_passages(TEXTS)
    np.testing.assert_allclose(together, alone, atol=IN_A_BATCH)


def test_the_manifest_names_data_and_checksums(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {"families_generic.jsonl", "thesaurus.tsv"} < set(manifest["data"])
    assert damaged_files(folder) == []
    assert (folder / "LICENSE.md").is_file()


def test_an_existing_folder_is_left_alone(model: SentenceTransformer, tmp_path: Path) -> None:
    with pytest.raises(ExportFailed, match="已存在"):
        export(model, tmp_path, "tiny", "1")


def test_a_graph_that_differs_is_no_model(
    model: SentenceTransformer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.bert_graph.BITS_OF_WEIGHTS", 2)
    with pytest.raises(ExportFailed, match="不一致"):
        export(model, tmp_path / "model", "tiny", "1")
    assert not (tmp_path / "model").exists()


def test_rows_come_back_within_half_a_step() -> None:
    table = np.random.default_rng(7).normal(size=(20, 32)).astype(np.float32)
    table[3] = 0
    numbers, scale = quantise_rows(table, 8)
    assert (np.abs(numbers * scale - table) <= scale / 2 + 1e-6).all()
