"""The exported folder is the model it was made from, and a text has one vector in any batch."""

import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="group training is not installed")
pytest.importorskip("sentence_transformers", reason="group training is not installed")

import onnx
from sentence_transformers import SentenceTransformer
from transformers import BertModel

from search.encoder import open_encoder
from search.onnx_encoder import damaged_files
from tests.training.tiny import tiny_model
from training.bert_graph import BITS_OF_WEIGHTS, quantise_rows, state_of
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


def test_a_graph_gives_its_weights_back(model: SentenceTransformer, folder: Path) -> None:
    bert = model[0].auto_model
    assert isinstance(bert, BertModel)
    given = {name: value.float().numpy() for name, value in bert.state_dict().items()}
    found = state_of(onnx.load(str(folder / "model.onnx")))
    assert found.keys() == {name for name in given if not name.startswith("pooler")}
    for name, array in found.items():
        step = np.abs(given[name]).max(axis=-1, keepdims=True) / (2 ** (BITS_OF_WEIGHTS - 1) - 1)
        assert np.all(np.abs(array - given[name]) <= 0.51 * step + 1e-6), name


def test_what_moved_less_than_half_a_step_is_kept_on_average() -> None:
    chance = np.random.default_rng(3)
    grid = chance.integers(-62, 63, (40, 500)).astype(np.float32)
    grid[:, 0] = 63
    moved = grid + np.float32(0.2)
    moved[:, 0] = 63
    nearest, _ = quantise_rows(moved, BITS_OF_WEIGHTS)
    assert np.array_equal(nearest, grid)
    by_chance, scale = quantise_rows(moved, BITS_OF_WEIGHTS, np.random.default_rng(7))
    assert float((by_chance * scale - grid)[:, 1:].mean()) == pytest.approx(0.2, abs=0.01)
    again, _ = quantise_rows(moved, BITS_OF_WEIGHTS, np.random.default_rng(7))
    assert np.array_equal(by_chance, again)


def test_the_manifest_tells_what_was_learned_on_from(
    model: SentenceTransformer, tmp_path: Path
) -> None:
    folder = export(model, tmp_path / "model", "tiny", "1.3.0", after="1.2.3")
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert told["after"] == "1.2.3"
    assert open_encoder(str(folder)).dimension == 64
