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
        with self._lock:
            vectors = encode(
                list(texts),
                batch_size=self._options.batch,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
                **prompt,
            )
        return np.asarray(vectors, dtype=np.float32)


def _load(model: str, device: str) -> SentenceTransformer:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError as error:
        raise ModelUnavailable(
            f"模型 {model} 需要 sentence-transformers，尚未安装；"
            "请执行 .venv/bin/pip install 'jipu[models]'，或不设置 JIPU_MODEL 而用自带的模型"
        ) from error
    try:
        return SentenceTransformer(model, local_files_only=True, device=device or None)
    # Hub, safetensors, json and torch errors share no root below Exception.
    except Exception as error:
        reason = (str(error) or repr(error)).splitlines()[0][:200]
        where = f"，设备 {device}（JIPU_MODEL_DEVICE）" if device else ""
        raise ModelUnavailable(
            f"模型 {model}{where} 无法加载：{reason}；"
            "请给出完整的模型目录，或先把该模型下载到本机缓存（本程序不联网下载）"
        ) from error


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
