"""A BERT as an ONNX graph of 8-bit arithmetic in which a text's vector does not hang on its batch.

Every row of activations is quantised by itself, from its own least and greatest number, and
multiplied as whole numbers. Weights keep 7 bits: pairs of products then fit the 16 bits in which
processors without VNNI add them, so that all processors agree. Word embeddings are 8-bit rows with
a scale each. What onnxruntime fuses in other exports is written fused.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from transformers import BertConfig

MICROSOFT = "com.microsoft"
OPSET = 17
IR = 8
BITS_OF_WORDS = 8
BITS_OF_WEIGHTS = 7
LEVELS = 255
"""Steps between the least and the greatest number of a row of activations."""

_JOINED = ("query", "key", "value")
Array = NDArray[np.float32] | NDArray[np.int8] | NDArray[np.uint8] | NDArray[np.int64]
State = Mapping[str, NDArray[np.float32]]


def quantise_rows(
    table: NDArray[np.float32], bits: int, chance: np.random.Generator | None = None
) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Each row as whole numbers of so many bits, sign included, and its scale, shape (rows, 1).

    With `chance` a number goes up or down by chance, the likelier the nearer: weights that were
    whole numbers when they were learned further have hardly moved by half a step, and to the
    nearest they would all go back to where they came from.
    """
    most = 2 ** (bits - 1) - 1
    scale = np.abs(table).max(axis=1, keepdims=True) / most
    scale[scale == 0] = 1
    steps = table / scale
    if chance is not None:
        steps = steps + chance.uniform(-0.5, 0.5, steps.shape)
    return np.clip(np.round(steps), -most, most).astype(np.int8), scale.astype(np.float32)


class _Graph:
    """Nodes and weights in the making; a value is the name of what a node gives."""

    def __init__(self, chance: np.random.Generator | None) -> None:
        self.chance = chance
        self.nodes: list[onnx.NodeProto] = []
        self.weights: list[onnx.TensorProto] = []
        self.weight("zero", np.array([0]))
        self.weight("one", np.array([1]))
        self.weight("step", np.array([1 / LEVELS], np.float32))
        self.weight("least.scale", np.array([1e-12], np.float32))

    def weight(self, name: str, array: Array) -> str:
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def add(self, op: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        name = f"{op}_{len(self.nodes)}"
        node = helper.make_node(op, inputs, [name], name=name, domain=domain, **attributes)
        self.nodes.append(node)
        return name

    def split(self, value: str, parts: int) -> list[str]:
        """Equal parts of the last axis."""
        names = [f"{value}.{part}" for part in range(parts)]
        self.nodes.append(helper.make_node("Split", [value], names, axis=-1))
        return names


def bert_graph(
    state: State,
    config: BertConfig,
    dimension: int,
    chance: np.random.Generator | None = None,
) -> onnx.ModelProto:
    """The graph of a BertModel's weights; `chance` as in `quantise_rows`. Its output is the first
    token's row alone, of that the first numbers, shape (batch, 1, dimension): the last layer
    computes no other row."""
    graph = _Graph(chance)
    mask = graph.add("Cast", ["attention_mask"], to=TensorProto.INT32)
    rows = _embeddings(graph, state, config)
    for layer in range(config.num_hidden_layers):
        rows = _layer(graph, state, config, layer, rows, mask)
    end = graph.weight("kept.end", np.array([dimension]))
    axis = graph.weight("kept.axis", np.array([2]))
    graph.add("Slice", [rows, "zero", end, axis])
    graph.nodes[-1].output[0] = "last_hidden_state"
    shape = ["batch", "sequence"]
    inputs = [
        helper.make_tensor_value_info(name, TensorProto.INT64, shape)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    ]
    output = helper.make_tensor_value_info(
        "last_hidden_state", TensorProto.FLOAT, ["batch", 1, dimension]
    )
    made = helper.make_graph(graph.nodes, "bert", inputs, [output], graph.weights)
    opsets = [helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)]
    model = helper.make_model(made, opset_imports=opsets, producer_name="jipu")
    model.ir_version = IR
    return model


def _embeddings(graph: _Graph, state: State, config: BertConfig) -> str:
    numbers, scale = quantise_rows(
        state["embeddings.word_embeddings.weight"], BITS_OF_WORDS, graph.chance
    )
    table = graph.weight("words", numbers)
    picked = graph.add("Gather", [table, "input_ids"])
    scales = graph.add("Gather", [graph.weight("words.scale", scale), "input_ids"])
    words = graph.add("Mul", [graph.add("Cast", [picked], to=TensorProto.FLOAT), scales])
    kinds = graph.weight("kinds", state["embeddings.token_type_embeddings.weight"])
    kind = graph.add("Gather", [kinds, "token_type_ids"])
    places = graph.weight("places", state["embeddings.position_embeddings.weight"])
    length = graph.add("Gather", [graph.add("Shape", ["input_ids"]), "one"])
    place = graph.add("Slice", [places, "zero", length, "zero"])
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
    query, key, value = (f"{prefix}.attention.self.{part}" for part in ("query", "key", "value"))
    if layer < config.num_hidden_layers - 1:
        asked = rows
        values = _products(graph, state, [query, key, value], _quantised(graph, rows))
    else:
        asked = graph.add("Slice", [rows, "zero", "one", "one"])
        values = [
            *_products(graph, state, [query], _quantised(graph, asked)),
            *_products(graph, state, [key, value], _quantised(graph, rows)),
        ]
    bias = np.concatenate([state[f"{part}.bias"] for part in (query, key, value)])
    attended = graph.add(
        "MultiHeadAttention",
        [*values, graph.weight(f"{prefix}.attention.bias", bias), mask],
        MICROSOFT,
        num_heads=config.num_attention_heads,
    )
    kept = _joined(graph, state, config, f"{prefix}.attention.output", attended, asked)
    (wide,) = _products(graph, state, [f"{prefix}.intermediate.dense"], _quantised(graph, kept))
    inner = graph.add(
        "BiasGelu", [wide, _bias(graph, state, f"{prefix}.intermediate.dense")], MICROSOFT
    )
    return _joined(graph, state, config, f"{prefix}.output", inner, kept)


def _joined(
    graph: _Graph, state: State, config: BertConfig, prefix: str, rows: str, skipped: str
) -> str:
    """A matrix over `rows`, added to what went round it, and normalised."""
    (through,) = _products(graph, state, [f"{prefix}.dense"], _quantised(graph, rows))
    gamma, beta = _norm(graph, state, f"{prefix}.LayerNorm")
    return graph.add(
        "SkipLayerNormalization",
        [through, skipped, gamma, beta, _bias(graph, state, f"{prefix}.dense")],
        MICROSOFT,
        epsilon=config.layer_norm_eps,
    )


def _quantised(graph: _Graph, rows: str) -> tuple[str, str, str]:
    """Rows as bytes, the scale of each row, and its least number: row = least + scale × bytes."""
    greatest = graph.add("ReduceMax", [rows], axes=[-1], keepdims=1)
    least = graph.add("ReduceMin", [rows], axes=[-1], keepdims=1)
    step = graph.add("Mul", [graph.add("Sub", [greatest, least]), "step"])
    scale = graph.add("Max", [step, "least.scale"])
    steps = graph.add("Round", [graph.add("Div", [graph.add("Sub", [rows, least]), scale])])
    return graph.add("Cast", [steps], to=TensorProto.UINT8), scale, least


def _products(
    graph: _Graph, state: State, names: Sequence[str], quantised: tuple[str, str, str]
) -> list[str]:
    """The same rows through several matrices of equal size at once.

    With rows of least + scale × bytes and weights of unit × numbers, a product is
    unit × (scale × (bytes · numbers) + least × the sum of the numbers).
    """
    matrix = np.concatenate([state[f"{name}.weight"] for name in names])
    numbers, unit = quantise_rows(matrix, BITS_OF_WEIGHTS, graph.chance)
    rows, scale, least = quantised
    name = names[0]
    whole = graph.add("MatMulInteger", [rows, graph.weight(name, numbers.T)])
    scaled = graph.add("Mul", [graph.add("Cast", [whole], to=TensorProto.FLOAT), scale])
    sums = graph.weight(f"{name}.sum", numbers.sum(axis=1, dtype=np.float32))
    moved = graph.add("Add", [scaled, graph.add("Mul", [least, sums])])
    product = graph.add("Mul", [moved, graph.weight(f"{name}.unit", unit.reshape(-1))])
    if len(names) == 1:
        return [product]
    return graph.split(product, len(names))


def _bias(graph: _Graph, state: State, name: str) -> str:
    return graph.weight(f"{name}.bias", state[f"{name}.bias"])


def _norm(graph: _Graph, state: State, name: str) -> tuple[str, str]:
    return (
        graph.weight(f"{name}.gamma", state[f"{name}.weight"]),
        graph.weight(f"{name}.beta", state[f"{name}.bias"]),
    )


def state_of(model: onnx.ModelProto) -> State:
    """The weights of a graph that `bert_graph` made, as far as whole numbers keep them."""
    arrays = {entry.name: numpy_helper.to_array(entry) for entry in model.graph.initializer}
    embeddings = "embeddings"
    state = {
        f"{embeddings}.word_embeddings.weight": arrays["words"] * arrays["words.scale"],
        f"{embeddings}.token_type_embeddings.weight": arrays["kinds"],
        f"{embeddings}.position_embeddings.weight": arrays["places"],
    }
    for name, array in arrays.items():
        stem, _, kind = name.rpartition(".")
        if kind == "unit":
            matrix = np.ascontiguousarray(arrays[stem].T * array[:, None])
            state |= dict(_parted(stem, ".weight", matrix, matrix.shape[1]))
        elif kind == "bias":
            size = arrays["places"].shape[1]
            fused = stem.endswith(".attention")
            name = f"{stem}.self.query" if fused else stem
            state |= dict(_parted(name, ".bias", array, size))
        elif kind in ("gamma", "beta"):
            state[f"{stem}.{'weight' if kind == 'gamma' else 'bias'}"] = array
    return {name: np.array(array, dtype=np.float32) for name, array in state.items()}


def _parted(
    name: str, kind: str, array: NDArray[np.float32], size: int
) -> Iterator[tuple[str, NDArray[np.float32]]]:
    """What `_products` and `_layer` join: query, key and value, or the latter two."""
    prefix, _, first = name.rpartition(".")
    if first not in _JOINED:
        yield name + kind, array
        return
    names = _JOINED[_JOINED.index(first) :][: len(array) // size]
    for part, rows in zip(names, np.split(array, len(names)), strict=True):
        yield f"{prefix}.{part}{kind}", rows
