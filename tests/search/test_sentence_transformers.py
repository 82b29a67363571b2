"""Any sentence-transformers model works in the place of the bundled one."""

import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from graph.store import Writer
from search.encoder import BUNDLED, open_encoder
from search.engine import open_engine
from search.errors import ModelUnavailable
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
