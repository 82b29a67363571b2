"""A BERT as an ONNX graph of 8-bit weights in which a text's vector does not depend on its batch.

Matrices are MatMulNBits: weights in blocks of 8-bit numbers with a scale each, activations
quantised row by row at run time. Word embeddings are 8-bit rows with a scale each. What
onnxruntime fuses in other exports (attention, skip and normalise, bias and gelu) is written fused.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from transformers import BertConfig

MICROSOFT = "com.microsoft"
OPSET = 17
IR = 8
BLOCK = 32
INT8_ACTIVATIONS = 4
"""The accuracy_level of MatMulNBits that multiplies in 8 bits, activations scaled row by row."""

Array = NDArray[np.float32] | NDArray[np.int8] | NDArray[np.uint8] | NDArray[np.int64]
State = Mapping[str, NDArray[np.float32]]


def quantise_rows(table: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Each row as 8-bit numbers and its scale, shape (rows, 1)."""
    scale = np.abs(table).max(axis=1, keepdims=True) / 127
    scale[scale == 0] = 1
    return np.round(table / scale).astype(np.int8), scale.astype(np.float32)


def quantise_blocks(matrix: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Blocks of a matrix output × input as MatMulNBits reads them: numbers around 128, shape
    (output, blocks, BLOCK), and a scale each, shape (output × blocks)."""
    outputs, inputs = matrix.shape
    blocks = matrix.reshape(outputs * inputs // BLOCK, BLOCK)
    numbers, scale = quantise_rows(blocks)
    shifted = (numbers.astype(np.int16) + 128).astype(np.uint8)
    return shifted.reshape(outputs, inputs // BLOCK, BLOCK), scale.reshape(-1)


class _Graph:
    """Nodes and weights in the making; a value is the name of what a node gives."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []

    def weight(self, name: str, array: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, op: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        name = f"{op}_{len(self.nodes)}"
        node = helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes)
        self.nodes.append(node)
        return name


def bert_graph(state: State, config: BertConfig) -> onnx.ModelProto:
    """The graph of a BertModel's weights. Its output is the first token's row alone, shape
    (batch, 1, hidden): the last layer computes no other."""
    graph = _Graph()
    mask = graph.add("Cast", ["attention_mask"], to=TensorProto.INT32)
    rows = _embeddings(graph, state, config)
    for layer in range(config.num_hidden_layers):
        rows = _layer(graph, state, config, layer, rows, mask)
    graph.add("Identity", [rows])
    graph.nodes[-1].output[0] = "last_hidden_state"
    shape = ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["batch", 1, config.hidden_size]
    )
    made = helper.make_graph(graph.nodes, "bert", inputs, [output], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="jipu")
    model.ir_version = IR
    return model


def _embeddings(graph: _Graph, state: State, config: BertConfig) -> str:
    numbers, scale = quantise_rows(state["embeddings.word_embeddings.weight"])
    table = graph.weight("words", numbers)
    picked = graph.add("Gather", [table, "input_ids"])
    scales = graph.add("Gather", [graph.weight("words.scale", scale), "input_ids"])
    words = graph.add("Mul", [graph.add("Cast", [picked], to=TensorProto.FLOAT), scales])
    kinds = graph.weight("kinds", state["embeddings.token_type_embeddings.weight"])
    kind = graph.add("Gather", [kinds, "token_type_ids"])
    places = graph.weight("places", state["embeddings.position_embeddings.weight"])
    start, axis = graph.weight("zero", np.array([0])), graph.weight("one", np.array([1]))
    length = graph.add("Gather", [graph.add("Shape", ["input_ids"]), axis])
    place = graph.add("Slice", [places, start, length, start])
    summed = graph.add("Add", [graph.add("Add", [words, kind]), place])
    gamma, beta = _norm(graph, state, "embeddings.LayerNorm")
    return graph.add(
        "LayerNormalization", [summed, gamma, beta], axis=-1, epsilon=config.layer_norm_eps
    )


def _layer(
    graph: _Graph, state: State, config: BertConfig, layer: int, rows: str, mask: str
) -> str:
    """One layer over all rows; the last one over the first row alone."""
    prefix = f"encoder.layer.{layer}"
    asked = rows
    if layer == config.num_hidden_layers - 1:
        asked = graph.add("Slice", [rows, "zero", "one", "one"])
    parts = [f"{prefix}.attention.self.{part}" for part in ("query", "key", "value")]
    sources = (asked, rows, rows)
    values = [_matrix(graph, state, p, of) for p, of in zip(parts, sources, strict=True)]
    bias = np.concatenate([state[f"{part}.bias"] for part in parts])
    attended = graph.add(
        "MultiHeadAttention",
        [*values, graph.weight(f"{prefix}.attention.bias", bias), mask],
        MICROSOFT,
        num_heads=config.num_attention_heads,
    )
    kept = _joined(graph, state, config, f"{prefix}.attention.output", attended, asked)
    wide = _matrix(graph, state, f"{prefix}.intermediate.dense", kept)
    inner = graph.add(
        "BiasGelu", [wide, _bias(graph, state, f"{prefix}.intermediate.dense")], MICROSOFT
    )
    return _joined(graph, state, config, f"{prefix}.output", inner, kept)


def _joined(
    graph: _Graph, state: State, config: BertConfig, prefix: str, rows: str, skipped: str
) -> str:
    """A matrix over `rows`, added to what went round it, and normalised."""
    through = _matrix(graph, state, f"{prefix}.dense", rows)
    gamma, beta = _norm(graph, state, f"{prefix}.LayerNorm")
    return graph.add(
        "SkipLayerNormalization",
        [through, skipped, gamma, beta, _bias(graph, state, f"{prefix}.dense")],
        MICROSOFT,
        epsilon=config.layer_norm_eps,
    )


def _matrix(graph: _Graph, state: State, name: str, rows: str) -> str:
    matrix = state[f"{name}.weight"]
    numbers, scale = quantise_blocks(matrix)
    return graph.add(
        "MatMulNBits",
        [rows, graph.weight(name, numbers), graph.weight(f"{name}.scale", scale)],
        MICROSOFT,
        K=matrix.shape[1],
        N=matrix.shape[0],
        bits=8,
        block_size=BLOCK,
        accuracy_level=INT8_ACTIVATIONS,
    )


def _bias(graph: _Graph, state: State, name: str) -> str:
    return graph.weight(f"{name}.bias", state[f"{name}.bias"])


def _norm(graph: _Graph, state: State, name: str) -> tuple[str, str]:
    return (
        graph.weight(f"{name}.gamma", state[f"{name}.weight"]),
        graph.weight(f"{name}.beta", state[f"{name}.bias"]),
    )
