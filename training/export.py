"""A tuned model as the folder that search reads: ONNX weights, tokenizer, manifest, licence.

python -m training.export MODEL OUT --version 1.1.0

The graph is compared with torch before the folder is there; one that differs is no model.
"""

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from sentence_transformers import SentenceTransformer
from transformers import BertModel

from graph.errors import JipuError
from search.encoder import BUNDLED
from search.onnx_encoder import MANIFEST, OnnxEncoder, file_sha256
from training.base import LICENCE, NAME
from training.bert_graph import bert_graph
from training.data import FOLDER

LARGEST = 32 * 2**20
"""Bytes that a package may spend on the model."""
DIMENSION = 256
"""Numbers of a vector that are shipped: half of them lose nothing that was measured, and an index
of them is half as large."""
SEED = 7
LEAST_COSINE = 0.99
"""Between a text's vector in torch and in the graph; whole numbers cost about 0.003."""
PROBES = (
    "群众满意度",
    "高标准农田建设面积 新建高标准农田面积",
    "今年整出来多少亩旱涝都能收的好地",
    "按计划时间开工建设的项目占全部批复项目的比例，反映工程进度是否及时",
    "PM2.5年均浓度下降率≥3%",
)


class ExportFailed(JipuError):
    """The graph is too large, or not the model that it was made from."""

    code = "export_failed"


def export(model: SentenceTransformer, out: Path, name: str, version: str, after: str = "") -> Path:
    """Write the folder whole; `out` must not exist. Its vectors are as long as the model's, which
    `truncate_dim` cuts. `after` is the version of ours whose whole numbers the model learned on
    from (`training.base --shipped`), if it did. Raises ExportFailed."""
    if out.exists():
        raise ExportFailed(f"目录 {out} 已存在；请另指定目录，或先移走它")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent) as aside:
        folder = Path(aside) / "model"
        folder.mkdir()
        _write(model, folder, name, version, after)
        size = sum(path.stat().st_size for path in folder.iterdir())
        if size > LARGEST:
            raise ExportFailed(f"导出的模型有 {size:,} 字节，超过 {LARGEST:,}；请换更小的模型")
        worst = min(cosines(model, folder, PROBES))
        if not worst >= LEAST_COSINE:
            raise ExportFailed(
                f"导出的模型与原模型不一致（余弦最低 {worst:.4f}，应不低于 {LEAST_COSINE}）"
            )
        folder.rename(out)
    return out


def cosines(model: SentenceTransformer, folder: Path, texts: Sequence[str]) -> list[float]:
    """How near the folder's vectors are to the model's, text by text."""
    exported = OnnxEncoder(folder).encode_passages(texts)
    tuned = model.encode(list(texts), normalize_embeddings=True)
    return [float(a @ b) for a, b in zip(exported, np.asarray(tuned), strict=True)]


def _write(model: SentenceTransformer, folder: Path, name: str, version: str, after: str) -> None:
    bert = model[0].auto_model
    if not isinstance(bert, BertModel):
        raise ExportFailed(f"只能导出 BertModel，这里是 {type(bert).__name__}")
    dimension = model.get_embedding_dimension()
    assert dimension is not None
    state = {key: value.float().cpu().numpy() for key, value in bert.state_dict().items()}
    chance = np.random.default_rng(SEED) if after else None
    onnx.save(bert_graph(state, bert.config, dimension, chance), str(folder / "model.onnx"))
    words = model.tokenizer.backend_tokenizer
    words.no_padding()
    words.no_truncation()
    words.save(str(folder / "tokenizer.json"), pretty=False)
    shutil.copy(BUNDLED / "LICENSE.md", folder)
    manifest = {
        "name": name,
        "version": version,
        "base": NAME,
        **({"after": after} if after else {}),
        "description": "微调的四层中文 BERT；权重 7 位，激活逐行量化为 8 位，一段文字一个向量",
        "licence": LICENCE,
        "dimension": dimension,
        "max_tokens": min(model.max_seq_length or 512, bert.config.max_position_embeddings),
        "pooling": "cls",
        "query_prompt": model.prompts.get("query", ""),
        "passage_prompt": model.prompts.get("document", ""),
        "data": {
            path.name: file_sha256(path)
            for path in sorted(FOLDER.iterdir())
            if path.suffix in (".jsonl", ".tsv")
        },
        "files": {
            kind: {"name": file, "sha256": file_sha256(folder / file)}
            for kind, file in (("model", "model.onnx"), ("tokenizer", "tokenizer.json"))
        },
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(prog="training.export", description=__doc__)
    parser.add_argument("model", type=Path, help="sentence-transformers 模型目录")
    parser.add_argument("out", type=Path, help="目标目录，不得已存在")
    parser.add_argument("--name", default="jipu-small-zh", help="模型名")
    parser.add_argument("--dimension", type=int, default=DIMENSION, help="保留前几个数")
    parser.add_argument("--version", required=True, help="版本号")
    parser.add_argument("--after", default="", help="由我们的哪一版继续微调而来")
    given = parser.parse_args()
    try:
        model = SentenceTransformer(str(given.model), truncate_dim=given.dimension)
        export(model, given.out, given.name, given.version, given.after)
    except ExportFailed as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"模型已导出到 {given.out}；用 JIPU_MODEL={given.out} 试用\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
