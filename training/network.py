"""The encoder's network: read from the base model, trained by ``training.encoder``, written as what ships."""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from torch.nn import functional
from transformers import BertConfig, BertModel
from transformers.models.bert.modeling_bert import BertLayer

from streams.classify.model import TYPE_HEADS
from streams.records import EVENT_CLASSES

BASE_FILE, BASE_SHA256 = (
    "bge-small-en-v1.5.onnx",
    "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
)
HEADS = 12
#: Layers that the reader of the sides shares with the classes.
SHARED_LAYERS = 6
TOKENS_FILE = "bge-small-en-v1.5-tokenizer.json"


class Encoder(nn.Module):
    """The transformer with one linear layer over the mean of its pieces and the first of them."""

    def __init__(self, body: BertModel, dropout: float) -> None:
        super().__init__()
        self.body = body
        self.dropout = nn.Dropout(dropout)
        heads = len(EVENT_CLASSES) + 2 + len(TYPE_HEADS)
        self.head = nn.Linear(2 * body.config.hidden_size, heads)

    def forward(self, pieces: torch.Tensor, mask: torch.Tensor | None = None) -> torch.Tensor:
        """Return the heads of each text: classes, any, gate, types."""
        mask = torch.ones_like(pieces) if mask is None else mask
        states = self.body(input_ids=pieces, attention_mask=mask).last_hidden_state.float()
        share = mask[..., None].float()
        mean = (states * share).sum(1) / share.sum(1)
        result: torch.Tensor = self.head(self.dropout(torch.cat([mean, states[:, 0]], 1)))
        return result


def read_base(folder: Path, dropout: float) -> tuple[BertModel, list[str]]:
    """Return the base model and its vocabulary.

    Raises:
        SystemExit: the file is not the base model that the weights were made from.
    """
    file = folder / BASE_FILE
    if hashlib.sha256(file.read_bytes()).hexdigest() != BASE_SHA256:
        raise SystemExit(f"{file} is not BAAI's {BASE_FILE}: its SHA-256 should be {BASE_SHA256}")
    body = BertModel(
        BertConfig(
            hidden_size=384,
            num_hidden_layers=12,
            num_attention_heads=HEADS,
            intermediate_size=1536,
            hidden_dropout_prob=dropout,
            attention_probs_dropout_prob=dropout,
        ),
        add_pooling_layer=False,
    )
    body.load_state_dict(_weights(onnx.load(str(file)).graph))
    numbers = json.loads((folder / TOKENS_FILE).read_text(encoding="utf-8"))["model"]["vocab"]
    return body, sorted(numbers, key=lambda piece: int(numbers[piece]))


def _weights(graph: Any) -> dict[str, torch.Tensor]:
    """Return the weights by name: the graph has numbers for matrices, and names for what is added to each."""
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    weights = {
        name: torch.tensor(array)
        for name, array in held.items()
        if name.startswith(("embeddings", "encoder"))
    }
    made_by = {output: node for node in graph.node for output in node.output}
    for node in graph.node:
        if node.op_type != "Add":
            continue
        offsets = [i for i in node.input if i.endswith(".bias") and "LayerNorm" not in i]
        products = [
            made_by[i] for i in node.input if i in made_by and made_by[i].op_type == "MatMul"
        ]  # fmt: skip
        if offsets and products:
            matrix = next(held[i] for i in products[0].input if i in held)
            weights[offsets[0].removesuffix("bias") + "weight"] = torch.tensor(matrix.T.copy())
    return weights


class Layer(nn.Module):
    """One layer of the transformer, for a batch with what lies beyond each text, or for one text."""

    def __init__(self, size: int, heads: int, inner: int, dropout: float) -> None:
        super().__init__()
        self.asked = nn.Linear(size, 3 * size)
        self.seen, self.up, self.down = nn.Linear(size, size), nn.Linear(size, inner), nn.Linear(inner, size)
        self.first, self.second = nn.LayerNorm(size, eps=1e-12), nn.LayerNorm(size, eps=1e-12)
        self.dropout, self.heads = nn.Dropout(dropout), heads

    @classmethod
    def of(cls, given: BertLayer) -> Layer:
        """Return the same layer of the base's kind, to be run, not trained."""
        attention, up, down = given.attention, given.intermediate.dense, given.output.dense
        parts = (attention.self.query, attention.self.key, attention.self.value)
        result = cls(up.in_features, attention.self.num_attention_heads, up.out_features, 0.0)
        result.asked.weight = nn.Parameter(torch.cat([p.weight for p in parts]))
        result.asked.bias = nn.Parameter(torch.cat([p.bias for p in parts]))
        result.seen, result.up, result.down = attention.output.dense, up, down
        result.first, result.second = attention.output.LayerNorm, given.output.LayerNorm
        return result

    def forward(self, states: torch.Tensor, beyond: torch.Tensor | None = None) -> torch.Tensor:
        """Return the next states; ``states`` are (texts ×) pieces × size."""
        size = states.shape[-1] // self.heads
        parts = self.asked(states).unflatten(-1, (3, self.heads, size)).transpose(-4, -2).unbind(-3)
        asked, keys, values = parts  # (texts ×) heads × pieces × size
        weights = asked @ keys.transpose(-2, -1) * size**-0.5
        if beyond is not None:
            weights = weights.masked_fill(beyond[:, None, None], float("-inf"))
        seen = (self.dropout(torch.softmax(weights, -1)) @ values).transpose(-3, -2).flatten(-2)
        states = self.first(states + self.dropout(self.seen(seen)))
        return self.second(states + self.dropout(self.down(functional.gelu(self.up(states)))))


class OneText(nn.Module):
    """The encoder for one text, without mask and batch: a third faster than as it is trained."""

    def __init__(self, trained: Encoder) -> None:
        super().__init__()
        given = trained.body.embeddings
        self.words, self.norm = given.word_embeddings, given.LayerNorm
        self.places = nn.Parameter(given.position_embeddings.weight + given.token_type_embeddings.weight[0])
        self.layers = nn.ModuleList(Layer.of(layer) for layer in trained.body.encoder.layer)
        self.head = trained.head

    def forward(self, pieces: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Return the heads of one text, and the states of its pieces from which the sides are read."""
        states = self.norm(self.words(pieces) + self.places[: pieces.shape[0]])
        midway = states
        for number, layer in enumerate(self.layers, start=1):
            states = layer(states)
            if number == SHARED_LAYERS:
                midway = states
        return self.head(torch.cat([states.mean(0), states[0]])), midway


class SidesReader(nn.Module):
    """Upper layers of an encoder, which score mentions as source and target of a marked act."""

    def __init__(self, layers: Sequence[Layer], marks: int, dropout: float) -> None:
        super().__init__()
        size = layers[0].seen.in_features
        self.layers = nn.ModuleList(layers)
        self.marks = nn.Embedding(marks, size, padding_idx=0)
        self.hidden, self.head = nn.Linear(3 * size, size), nn.Linear(size, 2)
        self.dropout = nn.Dropout(dropout)
        with torch.no_grad():
            self.marks.weight[1:].normal_(0, 0.02)

    def new(self) -> Iterator[nn.Parameter]:
        """Yield the parameters that no earlier training gave."""
        for part in (self.marks, self.hidden, self.head):
            yield from part.parameters()

    def forward(
        self,
        states: torch.Tensor,
        marks: torch.Tensor,
        act: torch.Tensor,
        mentions: torch.Tensor,
        beyond: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """Return (texts ×) mentions × log odds as source and as target."""
        states = states + self.marks(marks).sum(-2)
        for layer in self.layers:
            states = layer(states, beyond)
        named = mentions @ states
        whole = torch.cat([act[..., None, :] @ states, states[..., :1, :]], -1)
        both = torch.cat([named, whole.expand(*named.shape[:-1], -1)], -1)
        result: torch.Tensor = self.head(self.dropout(functional.gelu(self.hidden(self.dropout(both)))))
        return result


#: The matrices of a layer in the order of its products.
_PRODUCTS = ("asked", "seen", "up", "down")


def read_upper(path: Path, marks: int, dropout: float) -> SidesReader:
    """Return a reader of sides whose layers are those of a written encoder above the shared ones."""
    graph = onnx.load(str(path)).graph
    held = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    products = [node for node in graph.node if node.op_type == "MatMulInteger"]
    layers = []
    for number in range(SHARED_LAYERS, len(products) // 4):
        matrices = [_wide(node, held) for node in products[4 * number : 4 * number + 4]]
        layer = Layer(len(matrices[0]), HEADS, len(matrices[-1]), dropout)
        weights = {f"{part}.weight": matrix.T for part, matrix in zip(_PRODUCTS, matrices, strict=True)}
        for part in layer.state_dict():
            if part not in weights:
                weights[part] = _tensor(held[f"layers.{number}.{part}"])
        layer.load_state_dict(weights)
        layers.append(layer)
    return SidesReader(layers, marks, dropout)


def _tensor(array: Any) -> torch.Tensor:
    return torch.tensor(array, dtype=torch.float32)


def _wide(node: Any, held: Mapping[str, Any]) -> torch.Tensor:
    """Return the matrix of an 8-bit product, input × output."""
    name = node.input[1].removesuffix("_quantized")
    zero = held[f"{name}_zero_point"].astype("float32")
    return _tensor((held[node.input[1]].astype("float32") - zero) * held[f"{name}_scale"])


def save(model: Encoder, path: Path) -> None:
    """Write the encoder."""
    given = {"pieces": torch.ones(8, dtype=torch.long)}
    _write(OneText(model), path, given, {"pieces": {0: "pieces"}}, ["heads", "states"])


def save_sides(model: SidesReader, path: Path) -> None:
    """Write the reader of the sides."""
    size = model.head.in_features
    given = {
        "states": torch.ones(8, size),
        "marks": torch.ones(8, 3, dtype=torch.long),
        "act": torch.ones(8),
        "mentions": torch.ones(2, 8),
    }
    axes = {name: {0: "pieces"} for name in ("states", "marks", "act")}
    _write(model, path, given, axes | {"mentions": {0: "mentions", 1: "pieces"}}, ["odds"])


def _write(
    model: nn.Module,
    path: Path,
    given: Mapping[str, torch.Tensor],
    axes: Mapping[str, Mapping[int, str]],
    told: Sequence[str],
) -> None:
    """Write a model with 8-bit weights; of 7 bits' range, so that old processors do not overflow."""
    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder) / "wide.onnx"
        torch.onnx.export(
            model.eval(),
            tuple(given.values()),
            str(wide),
            input_names=list(given),
            output_names=list(told),
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(wide, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
