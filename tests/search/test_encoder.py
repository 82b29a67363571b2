"""The bundled model, and model folders that are not as they should be."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from graph.store import Writer
from search.encoder import BUNDLED, open_encoder
from search.engine import open_engine
from search.errors import ModelUnavailable
from search.onnx_encoder import damaged_files, read_manifest
from search.query import SearchQuery

TEXTS = [
    "群众满意度",
    "资金拨付及时率：经费按时拨付的比例",
    "用于县乡公路日常保养和路面修补，保障道路畅通" * 20,
    "a",
]


def test_vectors_are_unit_rows_of_the_manifest_dimension() -> None:
    encoder = open_encoder()
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), encoder.dimension)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.dimension == json.loads((BUNDLED / "manifest.json").read_text())["dimension"]


def test_no_text_gives_no_rows() -> None:
    assert open_encoder().encode_passages([]).shape == (0, open_encoder().dimension)


def test_a_text_has_one_vector_whatever_its_company() -> None:
    # Dynamic quantisation takes its scale from a whole batch: padded batches drift to 0.990.
    encoder = open_encoder()
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.array_equal(together, alone)


def test_meaning_is_nearer_than_shared_characters() -> None:
    encoder = open_encoder()
    asked = encoder.encode_queries(["老百姓满不满意"])[0]
    near, far = encoder.encode_passages(["群众满意度", "老百货商场不满负荷"])
    assert asked @ near > asked @ far


def test_progress_ends_at_the_total() -> None:
    seen: list[tuple[int, int, str]] = []
    open_encoder().encode_passages(["文"] * 70, lambda *told: seen.append(told))
    assert [done for done, _, _ in seen] == [64, 70]
    assert {total for _, total, _ in seen} == {70}


def test_the_bundled_files_are_those_of_the_manifest() -> None:
    assert damaged_files(BUNDLED) == []
    assert read_manifest(BUNDLED).licence == "MIT"


def test_the_bundled_model_needs_no_torch() -> None:
    code = (
        "import sys; from search.encoder import open_encoder;"
        "open_encoder().encode_queries(['满意']);"
        "sys.exit(any(n in sys.modules for n in ('torch', 'sentence_transformers')))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return Path(shutil.copytree(BUNDLED, tmp_path / "model"))


def test_a_folder_without_a_manifest_is_described_by_its_files(copy: Path) -> None:
    (copy / "manifest.json").unlink()
    encoder = open_encoder(str(copy))
    assert encoder.dimension == open_encoder().dimension
    assert encoder.id.startswith("model@0+")


def test_another_model_has_another_id(copy: Path) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    manifest["files"]["model"]["sha256"] = "0" * 64
    (copy / "manifest.json").write_text(json.dumps(manifest))
    assert open_encoder(str(copy)).id != open_encoder().id
    assert damaged_files(copy) == ["model.onnx"]


def test_damaged_weights_are_said_at_the_first_text(copy: Path) -> None:
    (copy / "model.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="无法加载"):
        open_encoder(str(copy)).encode_queries(["满意"])


def test_spoilt_weights_that_still_load_are_refused(copy: Path) -> None:
    weights = copy / "model.onnx"
    content = bytearray(weights.read_bytes())
    content[20_000_000] ^= 255
    weights.write_bytes(content)
    with pytest.raises(
        ModelUnavailable, match=r"model.onnx 无法加载：与 manifest.json 的校验和不符"
    ):
        open_encoder(str(copy)).encode_queries(["满意"])


def test_a_missing_file_is_the_one_that_is_named(copy: Path) -> None:
    (copy / "tokenizer.json").unlink()
    with pytest.raises(ModelUnavailable, match=r"tokenizer.json 无法加载：没有这个文件"):
        open_encoder(str(copy)).encode_queries(["满意"])


@pytest.mark.parametrize(
    "told", [{"pooling": "mean"}, {"passage_prompt": "指标："}, {"passage_prompt": "项目："}]
)
def test_what_changes_the_vectors_changes_the_id(copy: Path, told: dict[str, str]) -> None:
    ids = {open_encoder().id, open_encoder(str(copy)).id}
    assert len(ids) == 1
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | told))
    assert open_encoder(str(copy)).id not in ids


@pytest.mark.parametrize(
    ("told", "said"),
    [({"dimension": 128}, "应给出 128 维的向量，却给出 256 维"), ({"max_tokens": -1}, "无法加载")],
)
def test_a_manifest_that_the_weights_belie_is_said(
    copy: Path, told: dict[str, int], said: str
) -> None:
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | told))
    with pytest.raises(ModelUnavailable, match=said):
        open_encoder(str(copy)).encode_queries(["满意"])


def test_search_goes_on_without_the_intents(copy: Path, filled: Writer, tmp_path: Path) -> None:
    (copy / "intents.json").unlink()
    engine = open_engine(filled, tmp_path / "index", str(copy))
    result = engine.search(SearchQuery("群众满意度"))
    assert "dense" in result.hits[0].features


@pytest.mark.parametrize("content", ["{", "[]", '{"name": "x"}'])
def test_a_damaged_manifest_is_named(copy: Path, content: str) -> None:
    (copy / "manifest.json").write_text(content)
    with pytest.raises(ModelUnavailable, match=r"manifest\.json"):
        open_encoder(str(copy))
