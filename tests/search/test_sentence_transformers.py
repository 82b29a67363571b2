"""Any sentence-transformers model works in the place of the bundled one."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graph.store import Writer
from search.encoder import BUNDLED, open_encoder
from search.engine import open_engine
from search.errors import ModelUnavailable
from search.model_options import ModelOptions
from search.onnx_encoder import OnnxEncoder
from search.query import SearchQuery

INSTALLED = importlib.util.find_spec("sentence_transformers") is not None
needs_library = pytest.mark.skipif(
    not INSTALLED, reason="sentence-transformers is not installed (group models)"
)
TEXTS = ["群众满意度", "公路养护里程", "满意"]
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A real model of random weights: the bundled tokenizer over one small BERT layer."""
    pytest.importorskip("sentence_transformers", reason="group models is not installed")
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    root = tmp_path_factory.mktemp("model")
    torch.manual_seed(7)
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(BUNDLED / "tokenizer.json"),
        pad_token="[PAD]",
        unk_token="[UNK]",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
    )
    tokenizer.save_pretrained(root / "bert")
    config = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=32,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=64,
    )
    BertModel(config).save_pretrained(root / "bert")
    word = Transformer(str(root / "bert"), max_seq_length=64)
    pooling = Pooling(32, pooling_mode="mean")
    model = SentenceTransformer(modules=[word, pooling], device="cpu", prompts={"query": "问："})
    model.save(str(root / "sentence"))
    yield root / "sentence"


@pytest.fixture(scope="module")
def exported(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same weights as a folder for onnxruntime.

    The bundled model cannot take their place: its whole-number weights multiply quantised
    activations, which no sentence-transformers model does.
    """
    import torch
    from transformers import BertModel

    class Hidden(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            # The tokenizer of the folder lies beside the weights of its first module.
            self.bert = BertModel.from_pretrained(folder, attn_implementation="eager")

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> object:
            return self.bert(input_ids=ids, attention_mask=mask).last_hidden_state

    root = tmp_path_factory.mktemp("exported")
    ids = torch.ones(1, 5, dtype=torch.long)
    names = ["input_ids", "attention_mask"]
    with warnings.catch_warnings():
        # The old exporter, which needs no more than the package onnx, says that it is old.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Hidden().eval(),
            (ids, ids),
            str(root / "model.onnx"),
            input_names=names,
            output_names=["hidden"],
            dynamic_axes={name: {0: "batch", 1: "length"} for name in names},
            dynamo=False,
        )
    shutil.copy(BUNDLED / "tokenizer.json", root)
    files = {"model": "model.onnx", "tokenizer": "tokenizer.json"}
    manifest = {
        "name": "exported",
        "version": "1",
        "dimension": 32,
        "max_tokens": 64,
        "pooling": "mean",
        "query_prompt": "问：",
        "files": {kind: {"name": name, "sha256": ""} for kind, name in files.items()},
    }
    (root / "manifest.json").write_text(json.dumps(manifest))
    return root


def test_both_ways_of_running_a_model_give_equal_vectors(folder: Path, exported: Path) -> None:
    torch_side, onnx_side = open_encoder(str(folder)), open_encoder(str(exported))
    assert isinstance(onnx_side, OnnxEncoder)
    texts = [*TEXTS, "长" * 300, "PM2.5 ≥ 3%", "", "用于县乡公路日常保养和路面修补"]
    for one, other in (
        (torch_side.encode_passages(texts), onnx_side.encode_passages(texts)),
        (torch_side.encode_queries(texts), onnx_side.encode_queries(texts)),
    ):
        assert np.abs(one - other).max() < 1e-5
    # Weights of chance tell texts apart, so that equal is not a matter of course.
    assert (
        np.abs(torch_side.encode_passages(texts[:1]) - onnx_side.encode_passages(texts[1:2])).max()
        > 1e-2
    )


def test_a_folder_is_an_encoder(folder: Path) -> None:
    encoder = open_encoder(str(folder))
    assert encoder.dimension == 32
    vectors = encoder.encode_passages(TEXTS)
    assert vectors.shape == (3, 32) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert encoder.encode_passages([]).shape == (0, 32)
    assert encoder.id == open_encoder(str(folder)).id


def test_questions_take_the_prompt_of_the_model(folder: Path) -> None:
    encoder = open_encoder(str(folder))
    plain = encoder.encode_passages(["满意"])
    assert not np.allclose(encoder.encode_queries(["满意"]), plain)
    assert np.allclose(
        encoder.encode_queries(["满意"]), encoder.encode_passages(["问：满意"]), atol=1e-5
    )


def test_a_prompt_of_the_settings_takes_the_place_of_the_models_own(folder: Path) -> None:
    plain = open_encoder(str(folder))
    told = open_encoder(str(folder), ModelOptions(query_prompt="求：", passage_prompt="答："))
    assert np.allclose(
        told.encode_queries(["满意"]), plain.encode_passages(["求：满意"]), atol=1e-5
    )
    assert np.allclose(
        told.encode_passages(["满意"]), plain.encode_passages(["答：满意"]), atol=1e-5
    )
    # Passages are others now, questions may be as they like.
    assert told.id != plain.id
    assert open_encoder(str(folder), ModelOptions(query_prompt="求：")).id == plain.id


def test_passages_take_the_prompt_of_the_model(folder: Path, tmp_path: Path) -> None:
    other = Path(shutil.copytree(folder, tmp_path / "other"))
    config = other / "config_sentence_transformers.json"
    told = json.loads(config.read_text())
    told["prompts"] = {"s2p_query": "问：", "passage": "答："}
    config.write_text(json.dumps(told))
    plain, prompted = open_encoder(str(folder)), open_encoder(str(other))
    assert np.allclose(
        prompted.encode_passages(["满意"]), plain.encode_passages(["答：满意"]), atol=1e-5
    )
    assert np.allclose(prompted.encode_queries(["满意"]), plain.encode_queries(["满意"]), atol=1e-5)


def test_a_device_that_does_not_exist_is_named(folder: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"设备 nonsense（JIPU_MODEL_DEVICE） 无法加载"):
        open_encoder(str(folder), ModelOptions(device="nonsense"))


CACHED = """
import sys
from search.encoder import open_encoder
encoder = open_encoder(sys.argv[1])
sys.stdout.write(f"{encoder.id} {encoder.dimension}")
"""


@pytest.mark.parametrize("offline", ["0", "1"])
def test_a_name_is_found_in_the_local_cache(folder: Path, tmp_path: Path, offline: str) -> None:
    commit = "90" * 20
    repository = tmp_path / "hub" / "models--qinghe--tiny"
    shutil.copytree(folder, repository / "snapshots" / commit)
    (repository / "refs").mkdir()
    (repository / "refs" / "main").write_text(commit)
    # A proxy that nobody answers: whoever asked the network would fail.
    away = {f"{scheme}_proxy": "http://127.0.0.1:9" for scheme in ("http", "https")}
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", CACHED, "qinghe/tiny"],
        env={**os.environ, **away, "HF_HOME": str(tmp_path), "HF_HUB_OFFLINE": offline},
        capture_output=True,
        check=True,
    )
    id, dimension = ran.stdout.decode().split()
    assert id.startswith("tiny@st+") and dimension == "32"


def test_one_text_has_nearly_one_vector_whatever_its_company(folder: Path) -> None:
    # Padding changes the order of float sums, nothing else.
    encoder = open_encoder(str(folder))
    together = encoder.encode_passages(TEXTS)
    alone = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    assert np.abs(together - alone).max() < 1e-5


def test_progress_ends_at_the_total(folder: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    open_encoder(str(folder)).encode_passages(["文"] * 40, lambda *told: seen.append(told))
    assert [(done, total) for done, total, _ in seen] == [(32, 40), (40, 40)]


def test_the_whole_search_runs_on_it(folder: Path, filled: Writer, tmp_path: Path) -> None:
    engine = open_engine(filled, tmp_path / "index", str(folder))
    result = engine.search(SearchQuery("群众满意度"))
    assert result.degraded == ""
    assert result.hits[0].title == "群众满意度"
    assert "dense" in result.hits[0].features
    assert engine.status().dimension == 32


@needs_library
@pytest.mark.parametrize("content", [{}, {"config.json": "{"}])
def test_a_folder_that_is_no_model_is_named(tmp_path: Path, content: dict[str, str]) -> None:
    for name, text in content.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(ModelUnavailable, match="无法加载"):
        open_encoder(str(tmp_path))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("{}/model.bin", "这是一个文件"),
        ("{}/nowhere", "没有这个文件夹"),
        ("./nowhere", "没有这个文件夹"),
        ("~/nowhere/at-all", "没有这个文件夹"),
        ("C:\\models\\bge", "没有这个文件夹"),
        ("ftp://127.0.0.1/v1#m", "只能以 http:// 或 https:// 开头"),
        ("127.0.0.1:8080/v1#m", "应以 http:// 或 https:// 开头"),
    ],
)
def test_a_name_that_cannot_be_a_model_is_said_at_once(
    tmp_path: Path, name: str, said: str
) -> None:
    (tmp_path / "model.bin").write_bytes(b"")
    with pytest.raises(ModelUnavailable, match=f"无法加载：.*{said}"):
        open_encoder(name.format(tmp_path))


@pytest.mark.parametrize("spoil", ["nan", "rows"])
def test_weights_that_give_no_vectors_are_said(folder: Path, tmp_path: Path, spoil: str) -> None:
    import torch
    from transformers import BertModel

    other = Path(shutil.copytree(folder, tmp_path / "other"))
    bert = BertModel.from_pretrained(other)
    if spoil == "nan":
        with torch.no_grad():
            bert.embeddings.LayerNorm.weight[0] = float("nan")
    else:
        # The tokenizer has more words than the weights.
        bert.resize_token_embeddings(50)
    bert.save_pretrained(other)
    said = "不是数的" if spoil == "nan" else "算不出向量.*词表与权重"
    with pytest.raises(ModelUnavailable, match=said):
        open_encoder(str(other)).encode_passages(TEXTS)


@needs_library
def test_an_unknown_name_is_not_looked_up_on_the_network() -> None:
    with pytest.raises(ModelUnavailable, match="不联网"):
        open_encoder("nobody/no-such-model")


def test_without_the_library_the_message_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['sentence_transformers'] = None;"
        "from search.encoder import open_encoder; from search.errors import ModelUnavailable\n"
        "try: open_encoder('some/model')\n"
        "except ModelUnavailable as error: print(error)"
    )
    run = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code], capture_output=True, check=True
    )
    assert "jipu[models]" in run.stdout.decode()
