"""An encoder from any sentence-transformers model, by name or folder. Optional: needs torch."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.errors import ModelUnavailable
from search.model_options import USUAL, ModelOptions
from search.progress import Progress

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

QUERY_PROMPTS = ("query", "s2p_query")
PASSAGE_PROMPTS = ("document", "passage", "corpus")
"""Names under which models keep their prompts. The library looks for some of them too, but stops at
an empty one that it put there itself."""
_HEAD = 1 << 20


class SentenceEncoder:
    """A sentence-transformers model from a folder or from the local cache; never downloads.

    Prompts, the task and the length of vectors are those of the model's own configuration, for
    questions and passages each; vectors are normalised whatever it says, since the index knows
    cosines only. Nobody measured what these mean: there is no calibration. Loaded at construction:
    only the model itself knows its dimension.
    """

    calibration = None
    intents = None

    def __init__(self, model: str, options: ModelOptions = USUAL) -> None:
        self._name = model
        self._model = _load(model, options.device)
        self._options = options
        self._lock = threading.Lock()
        dimension = _dimension(self._model)
        if dimension is None:
            raise ModelUnavailable(f"模型 {model} 没有给出向量维数；请换一个模型")
        self.dimension: int = dimension
        self.id = f"{Path(model).name}@st+{fingerprint(self._model, model)}{options.mark}"
        prompts = getattr(self._model, "prompts", None) or {}
        self._query_prompt = next((name for name in QUERY_PROMPTS if prompts.get(name)), None)
        self._passage_prompt = next((name for name in PASSAGE_PROMPTS if prompts.get(name)), None)

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors of questions, shape (len(texts), dimension)."""
        told = {"prompt": self._options.query_prompt or None, "prompt_name": self._query_prompt}
        return self._encode(self._model.encode_query, texts, **told)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension)."""
        told = {"prompt": self._options.passage_prompt or None, "prompt_name": self._passage_prompt}
        batch = self._options.batch
        parts = [np.zeros((0, self.dimension), np.float32)]
        for start in range(0, len(texts), batch):
            some = texts[start : start + batch]
            parts.append(self._encode(self._model.encode_document, some, **told))
            if progress:
                progress(start + len(some), len(texts), "计算向量")
        return np.concatenate(parts)

    def _encode(
        self,
        encode: Callable[..., NDArray[np.float32]],
        texts: Sequence[str],
        **prompt: str | None,
    ) -> NDArray[np.float32]:
        if not texts:
            return np.zeros((0, self.dimension), np.float32)
        try:
            with self._lock:
                vectors = encode(
                    list(texts),
                    batch_size=self._options.batch,
                    normalize_embeddings=True,
                    convert_to_numpy=True,
                    show_progress_bar=False,
                    **prompt,
                )
        # A word that the weights have not, memory of a GPU, the model's own code: no shared root.
        except Exception as error:
            raise ModelUnavailable(
                f"模型 {self._name} 算不出向量：{_first_line(error)}；"
                "请检查词表与权重是否配套、内存是否够用（可减小 JIPU_MODEL_BATCH），或换一个模型"
            ) from error
        if not np.isfinite(vectors).all():
            raise ModelUnavailable(
                f"模型 {self._name} 给出的向量里有不是数的；权重可能已损坏，"
                "请重新取得模型文件，或换一个模型"
            )
        return np.asarray(vectors, dtype=np.float32)


def _load(model: str, device: str) -> SentenceTransformer:
    fault = _misplaced(model)
    if fault:
        raise ModelUnavailable(f"模型 {model} 无法加载：{fault}")
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils.logging import disable_progress_bar
    except ImportError as error:
        raise ModelUnavailable(
            f"模型 {model} 需要 sentence-transformers，尚未安装；"
            "请执行 .venv/bin/pip install 'jipu[models]'，或不设置 JIPU_MODEL 而用自带的模型"
        ) from error
    # The weights of a folder are there in a moment, and the bar is drawn where nobody watches.
    disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(model, local_files_only=True, device=device or None)
    # Hub, safetensors, json and torch errors share no root below Exception.
    except Exception as error:
        where = f"，设备 {device}（JIPU_MODEL_DEVICE）" if device else ""
        advice = (
            "请给出完整的模型目录"
            if Path(model).exists()
            else "本机缓存里多半没有它，请先下载到缓存（本程序不联网下载），或给出模型目录"
        )
        if device:
            advice += "；没有这个设备时请写 cpu，或不设 JIPU_MODEL_DEVICE"
        raise ModelUnavailable(
            f"模型 {model}{where} 无法加载：{_first_line(error)}；{advice}"
        ) from error


def _misplaced(model: str) -> str:
    """What the name itself says is wrong, before a library tries to read it; "" if nothing."""
    path = Path(model).expanduser()
    if path.is_file():
        return "这是一个文件；请写它所在的文件夹"
    if path.is_dir():
        files = ("modules.json", "config.json")
        if any((path / name).exists() for name in files):
            return ""
        return f"文件夹里既没有 .onnx 文件，也没有 {' 或 '.join(files)}；请写模型所在的文件夹"
    if "://" in model:
        return "向量服务的地址只能以 http:// 或 https:// 开头"
    if "#" in model:
        return "向量服务的地址应以 http:// 或 https:// 开头"
    if model.startswith((".", "~", "/")) or "\\" in model or model.count("/") > 1:
        return "没有这个文件夹；请检查路径"
    return ""


def _first_line(error: Exception) -> str:
    return (str(error) or repr(error)).splitlines()[0][:200]


def _dimension(model: SentenceTransformer) -> int | None:
    """The method was renamed in sentence-transformers 5.x; both names are in use."""
    for name in ("get_embedding_dimension", "get_sentence_embedding_dimension"):
        method = getattr(model, name, None)
        if method is not None:
            value = method()
            return None if value is None else int(value)
    return None


def fingerprint(model: SentenceTransformer, name: str) -> str:
    """Eight hex digits that change with the weights: file names, sizes and heads of a folder.

    A model from the cache is taken by its commit, which the hub keeps immutable.
    """
    folder = Path(name)
    head = hashlib.sha256()
    if folder.is_dir():
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            head.update(f"{path.relative_to(folder)}:{path.stat().st_size}".encode())
            with path.open("rb") as stream:
                head.update(stream.read(_HEAD))
    else:
        config = getattr(getattr(model[0], "auto_model", None), "config", None)
        head.update(f"{name}:{getattr(config, '_commit_hash', '')}".encode())
    return head.hexdigest()[:8]
