"""An encoder from a folder of ONNX weights: onnxruntime and tokenizers, no torch."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from search.calibration import ALIKE, RELATIONS, Calibration
from search.errors import ModelUnavailable
from search.intents import Intents, read_intents
from search.model_options import USUAL, ModelOptions
from search.progress import Progress

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MANIFEST = "manifest.json"
REPORT_EVERY = 64


@dataclass(frozen=True, slots=True)
class ModelManifest:
    """What a model folder says of itself. `sha256` maps file names to checksums; may be empty."""

    name: str
    version: str
    weights: str
    tokenizer: str
    max_tokens: int
    pooling: str
    query_prompt: str
    passage_prompt: str
    dimension: int | None
    licence: str
    base: str
    sha256: dict[str, str]
    calibration: Calibration | None = None
    intents: str = ""

    @property
    def checksum(self) -> str:
        """Eight hex digits over all that makes the vector of a passage."""
        making = sorted((self.weights, self.tokenizer))
        joined = "".join(f"{name}:{self.sha256[name]}" for name in making)
        if (self.pooling, self.passage_prompt) != ("cls", ""):
            joined += f"|{self.pooling}|{self.passage_prompt}"
        return hashlib.sha256(joined.encode()).hexdigest()[:8]


def read_manifest(folder: Path) -> ModelManifest:
    """The folder's manifest.json; a folder without one is described by what lies in it.

    Raises ModelUnavailable where weights or tokenizer are missing, or the manifest is damaged.
    """
    path = folder / MANIFEST
    if not path.exists():
        return _describe(folder)
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        files = data["files"]
        return ModelManifest(
            name=data["name"],
            version=data["version"],
            weights=files["model"]["name"],
            tokenizer=files["tokenizer"]["name"],
            max_tokens=int(data.get("max_tokens", 512)),
            pooling=data.get("pooling", "cls"),
            query_prompt=data.get("query_prompt", ""),
            passage_prompt=data.get("passage_prompt", ""),
            dimension=int(data["dimension"]),
            licence=data.get("licence", ""),
            base=data.get("base", ""),
            sha256={entry["name"]: entry["sha256"] for entry in files.values()},
            calibration=_calibration(data.get("calibration")),
            intents=files.get("intents", {}).get("name", ""),
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"模型目录 {folder} 的 {MANIFEST} 无法读取（{error}）；请重新安装模型，或改用其他模型"
        ) from error


def _calibration(told: Mapping[str, float] | None) -> Calibration | None:
    """Only the thresholds: what is told of their precision is for people."""
    if told is None:
        return None
    same, comparable, related = (float(told[name]) for name in RELATIONS[:-1])
    return Calibration(same, comparable, related, float(told.get("alike", ALIKE)))


def _describe(folder: Path) -> ModelManifest:
    weights = sorted(folder.glob("*.onnx"))
    tokenizer = folder / "tokenizer.json"
    if len(weights) != 1 or not tokenizer.exists():
        raise ModelUnavailable(
            f"模型目录 {folder} 中应有一个 .onnx 文件和 tokenizer.json，现有 "
            f"{len(weights)} 个 .onnx 文件；请补齐，或在 {MANIFEST} 中写明文件名"
        )
    return ModelManifest(
        name=folder.name,
        version="0",
        weights=weights[0].name,
        tokenizer=tokenizer.name,
        max_tokens=512,
        pooling="cls",
        query_prompt="",
        passage_prompt="",
        dimension=None,
        licence="",
        base="",
        sha256={path.name: file_sha256(path) for path in (weights[0], tokenizer)},
    )


def file_sha256(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def damaged_files(folder: Path) -> list[str]:
    """Names of files whose checksum differs from the manifest's, or that are missing."""
    manifest = read_manifest(folder)
    return [
        name
        for name, wanted in manifest.sha256.items()
        if not (folder / name).is_file() or file_sha256(folder / name) != wanted
    ]


class OnnxEncoder:
    """Runs each text alone.

    The bundled weights give a text one vector in any batch, but those of another folder may not:
    activations are often quantised with one scale for the whole batch (cosine down to 0.990 in
    batches of 32). A batch is no faster on a CPU: texts in parallel threads reach the same speed.
    The weights are loaded at the first text.
    """

    def __init__(self, folder: Path, options: ModelOptions = USUAL) -> None:
        self._folder = folder
        self._options = options
        self.manifest = read_manifest(folder)
        self._lock = threading.Lock()
        self._loaded: tuple[InferenceSession, Tokenizer] | None = None
        self._dimension = self.manifest.dimension

    @property
    def id(self) -> str:
        told = self.manifest
        return f"{told.name}@{told.version}+{told.checksum}{self._options.mark}"

    @property
    def _prompted(self) -> bool:
        return bool(self._options.query_prompt or self._options.passage_prompt)

    @property
    def calibration(self) -> Calibration | None:
        # Prompts that the user sets move every vector: what was measured holds no more.
        return None if self._prompted else self.manifest.calibration

    @cached_property
    def intents(self) -> Intents | None:
        if self._prompted or not self.manifest.intents:
            return None
        path = self._folder / self.manifest.intents
        try:
            return read_intents(path)
        except (OSError, ValueError, AttributeError) as error:
            raise ModelUnavailable(
                f"模型文件 {path} 无法读取（{error}）；请重新安装模型，或改用其他模型"
            ) from error

    @property
    def dimension(self) -> int:
        if self._dimension is None:
            self._dimension = int(self.encode_passages(["长度"]).shape[1])
        return self._dimension

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension), with the model's prompt for questions."""
        prompt = self._options.query_prompt or self.manifest.query_prompt
        return self._encode([prompt + text for text in texts], None)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Unit vectors, shape (len(texts), dimension)."""
        prompt = self._options.passage_prompt or self.manifest.passage_prompt
        return self._encode([prompt + text for text in texts], progress)

    def _encode(self, texts: list[str], progress: Progress | None) -> NDArray[np.float32]:
        session, tokenizer = self._load()
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors: list[NDArray[np.float32]] = []

        def one(text: str) -> NDArray[np.float32]:
            return self._run(session, tokenizer, text)

        if len(texts) == 1:
            return one(texts[0])[None, :]
        with ThreadPoolExecutor(max_workers=os.cpu_count() or 1) as pool:
            for vector in pool.map(one, texts):
                vectors.append(vector)
                if progress and (len(vectors) % REPORT_EVERY == 0 or len(vectors) == len(texts)):
                    progress(len(vectors), len(texts), "计算向量")
        return np.stack(vectors)

    def _run(
        self, session: InferenceSession, tokenizer: Tokenizer, text: str
    ) -> NDArray[np.float32]:
        ids = np.asarray([tokenizer.encode(text).ids], dtype=np.int64)
        inputs = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        wanted = {entry.name for entry in session.get_inputs()}
        try:
            hidden = session.run(None, {k: v for k, v in inputs.items() if k in wanted})[0][0]
        # The library's exceptions share no root below Exception.
        except Exception as error:
            raise ModelUnavailable(
                f"模型目录 {self._folder} 算不出向量：{str(error)[:200]}；"
                "请检查 tokenizer.json 与权重是否配套，或换一个模型"
            ) from error
        if hidden.ndim > 1:
            hidden = hidden.mean(axis=0) if self.manifest.pooling == "mean" else hidden[0]
        vector = hidden.astype(np.float32)
        if vector.shape != (self._dimension or vector.size,):
            raise ModelUnavailable(
                f"模型目录 {self._folder} 应给出 {self._dimension} 维的向量，"
                f"却给出 {vector.size} 维；请改正 {MANIFEST} 中的 dimension，或换一个模型"
            )
        length = float(np.linalg.norm(vector))
        if not np.isfinite(length):
            raise ModelUnavailable(
                f"模型目录 {self._folder} 给出的向量里有不是数的；权重可能已损坏，"
                "请重新取得模型文件，或换一个模型"
            )
        return np.asarray(vector / max(length, 1e-12), dtype=np.float32)

    def _load(self) -> tuple[InferenceSession, Tokenizer]:
        with self._lock:
            if self._loaded is None:
                self._loaded = self._open()
            return self._loaded

    def _open(self) -> tuple[InferenceSession, Tokenizer]:
        try:
            from onnxruntime import GraphOptimizationLevel, InferenceSession, SessionOptions
            from tokenizers import Tokenizer
        except ImportError as error:
            raise ModelUnavailable(
                f"缺少运行模型所需的库（{error.name}）；请重新执行 make run 安装依赖"
            ) from error
        options = SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.graph_optimization_level = GraphOptimizationLevel.ORT_ENABLE_ALL
        options.log_severity_level = 4
        self._check_files()
        path = self._folder / self.manifest.tokenizer
        try:
            tokenizer = Tokenizer.from_file(str(path))
            tokenizer.no_padding()
            tokenizer.enable_truncation(max_length=self.manifest.max_tokens)
            path = self._folder / self.manifest.weights
            session = InferenceSession(
                str(path), sess_options=options, providers=["CPUExecutionProvider"]
            )
        # Both libraries raise exceptions of their own that share no root below Exception.
        except Exception as error:
            raise ModelUnavailable(
                f"模型文件 {path} 无法加载：{str(error)[:200]}；"
                "请用 jipu doctor 检查文件是否完整，重新取得模型文件，或改用其他模型"
            ) from error
        return session, tokenizer

    def _check_files(self) -> None:
        """Spoilt weights that still load would make vectors that pass for those of the sound ones:
        the id of a model is made of its manifest's checksums. Takes some hundredths of a second."""
        for name in (self.manifest.weights, self.manifest.tokenizer):
            path, wanted = self._folder / name, self.manifest.sha256.get(name)
            if not path.is_file():
                raise ModelUnavailable(f"模型文件 {path} 无法加载：没有这个文件；请补齐模型文件")
            if wanted and file_sha256(path) != wanted:
                raise ModelUnavailable(
                    f"模型文件 {path} 无法加载：与 {MANIFEST} 的校验和不符，可能已损坏；"
                    f"请重新取得模型文件；自己换过的，请改正 {MANIFEST} 中的 sha256"
                )
