"""What the bundled encoder takes: its size, its start, one question, many texts.

Beside it the session of onnxruntime that it runs, given the same texts as numbers already. The
start is that of a process of its own, after Python and before the first vector.
"""

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from onnxruntime import InferenceSession, SessionOptions
from tokenizers import Tokenizer

from bench.measure import ROOT, footer, table
from bench.scale_wordings import lines, questions
from search.encoder import BUNDLED
from search.onnx_encoder import OnnxEncoder, read_manifest

STARTS = 7
ASKED = 300
TEXTS = 3000
ROUNDS = 3
SHORT = range(6, 15)
"""Characters of a short question."""

Bare = Callable[[str], Callable[[], object]]
"""Prepares a text; what it returns runs that through onnxruntime alone, by one thread."""

_START = """
import json, sys, time
start = time.perf_counter()
from search.encoder import BUNDLED
from search.onnx_encoder import OnnxEncoder
imported = time.perf_counter()
OnnxEncoder(BUNDLED).encode_queries(["老百姓满不满意"])
done = time.perf_counter()
print(json.dumps([imported - start, done - imported, "torch" in sys.modules]))
"""
"""Prints seconds until its modules are imported, seconds from there to the first vector, and
whether torch was imported."""


def main() -> None:
    manifest = read_manifest(BUNDLED)
    size = sum(path.stat().st_size for path in BUNDLED.iterdir()) / 2**20
    starts = [_start() for _ in range(STARTS)]
    asked = [text for text in questions() if len(text) in SHORT][:ASKED]
    names = [line.name for line in lines()][:TEXTS]
    texts = [f"{line.name}：{line.ways[0]}" for line in lines()][:TEXTS]
    encoder = OnnxEncoder(BUNDLED)
    bare = _bare(encoder)
    own, raw = _alone(encoder, bare, asked)
    table(
        (f"{manifest.name} {manifest.version}，{manifest.dimension} 维", ""),
        [
            ("随包大小", f"{size:.1f} MiB"),
            ("新进程里导入", _seconds(imported for imported, _, _ in starts)),
            ("载入并算出第一个向量", _seconds(loaded for _, loaded, _ in starts)),
            ("载入了 torch", "是" if any(torch for *_, torch in starts) else "否"),
            (f"一个问题（{_characters(asked)} 字），中位、p95", _milliseconds(own)),
            ("其中 onnxruntime 本身，中位、p95", _milliseconds(raw)),
            ("是 onnxruntime 的倍数", f"{statistics.median(own) / statistics.median(raw):.2f}"),
            *_many(encoder, bare, f"名称（{_characters(names)} 字）", names),
            *_many(encoder, bare, f"名称和说明（{_characters(texts)} 字）", texts),
        ],
    )
    footer(
        "bench.encoder_speed", f"{len(asked)} 个问题，{len(texts)} 段文字，各 {ROUNDS} 遍，轮流。"
    )


def _start() -> tuple[float, float, bool]:
    """See `_START`."""
    printed = subprocess.run(
        [sys.executable, "-c", _START], cwd=ROOT, capture_output=True, check=True
    ).stdout
    imported, loaded, torch = json.loads(printed)
    return imported, loaded, torch


def _bare(encoder: OnnxEncoder) -> Bare:
    manifest = encoder.manifest
    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = InferenceSession(
        str(BUNDLED / manifest.weights), options, providers=["CPUExecutionProvider"]
    )
    tokenizer = Tokenizer.from_file(str(BUNDLED / manifest.tokenizer))
    wanted = [entry.name for entry in session.get_inputs()]

    def prepared(text: str) -> Callable[[], object]:
        ids = np.asarray([tokenizer.encode(text).ids], dtype=np.int64)
        known: dict[str, NDArray[np.int64]] = {
            "input_ids": ids,
            "attention_mask": np.ones_like(ids),
            "token_type_ids": np.zeros_like(ids),
        }
        inputs = {name: known[name] for name in wanted}
        return lambda: session.run(None, inputs)

    return prepared


def _alone(encoder: OnnxEncoder, bare: Bare, texts: list[str]) -> tuple[list[float], list[float]]:
    """Seconds of each question by the encoder and by onnxruntime, in turns."""
    own: list[float] = []
    raw: list[float] = []
    for turn in range(ROUNDS + 1):
        for text in texts:
            run = bare(text)
            taken = (_timed(partial(encoder.encode_queries, [text])), _timed(run))
            if turn:
                own.append(taken[0])
                raw.append(taken[1])
    return own, raw


def _many(
    encoder: OnnxEncoder, bare: Bare, what: str, texts: list[str]
) -> Iterator[tuple[str, str]]:
    """Texts a second, and how many times those of onnxruntime by one thread, in turns."""
    runs = [bare(text) for text in texts]
    rates: list[float] = []
    ratios: list[float] = []
    for _ in range(ROUNDS):
        took = _timed(partial(encoder.encode_passages, texts))
        rates.append(len(texts) / took)
        ratios.append(_timed(lambda: [run() for run in runs]) / took)
    yield f"每秒多少段：{what}", f"{statistics.median(rates):,.0f}"
    yield "是 onnxruntime 一个线程的倍数", f"{statistics.median(ratios):.2f}"


def _timed(ask: Callable[[], object]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


def _seconds(values: Iterable[float]) -> str:
    return f"{statistics.median(values):.2f} s"


def _milliseconds(seconds: list[float]) -> str:
    middle, late = np.percentile(seconds, [50, 95]) * 1000
    return f"{middle:.1f}、{late:.1f} ms"


def _characters(texts: list[str]) -> str:
    return f"平均 {statistics.mean(map(len, texts)):.0f}"


if __name__ == "__main__":
    main()
