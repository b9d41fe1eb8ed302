"""The encoder's network: read from the base model, trained by ``training.encoder``, written as what ships."""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn
from transformers import BertConfig, BertModel

from streams.classify.model import TYPE_HEADS
from streams.records import EVENT_CLASSES

BASE_FILE, BASE_SHA256 = (
    "bge-small-en-v1.5.onnx",
    "828e1496d7fabb79cfa4dcd84fa38625c0d3d21da474a00f08db0f559940cf35",
)
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
            num_attention_heads=12,
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


class OneText(nn.Module):
    """The encoder for one text, without mask and batch: a third faster than as it is trained."""

    def __init__(self, trained: Encoder) -> None:
        super().__init__()
        given = trained.body.embeddings
        self.words, self.norm = given.word_embeddings, given.LayerNorm
        self.places = nn.Parameter(given.position_embeddings.weight + given.token_type_embeddings.weight[0])
        self.layers = trained.body.encoder.layer
        self.head = trained.head
        self.attention = nn.ModuleList(self._together(layer.attention.self) for layer in self.layers)
        self.heads = trained.body.config.num_attention_heads

    @staticmethod
    def _together(attention: Any) -> nn.Linear:
        """Return queries, keys and values as one layer."""
        parts = (attention.query, attention.key, attention.value)
        result = nn.Linear(parts[0].in_features, sum(p.out_features for p in parts))
        result.weight = nn.Parameter(torch.cat([p.weight for p in parts]))
        result.bias = nn.Parameter(torch.cat([p.bias for p in parts]))
        return result

    def forward(self, pieces: torch.Tensor) -> torch.Tensor:
        """Return the heads of one text."""
        states = self.norm(self.words(pieces) + self.places[: pieces.shape[0]])
        size = states.shape[1] // self.heads
        for layer, attention in zip(self.layers, self.attention, strict=True):
            asked, keys, values = attention(states).view(-1, 3, self.heads, size).unbind(1)
            weights = torch.softmax(asked.transpose(0, 1) @ keys.permute(1, 2, 0) * size**-0.5, -1)
            seen = (weights @ values.transpose(0, 1)).transpose(0, 1).reshape(-1, self.heads * size)
            states = layer.attention.output(seen, states)
            states = layer.output(layer.intermediate(states), states)
        result: torch.Tensor = self.head(torch.cat([states.mean(0), states[0]]))
        return result


def save(model: Encoder, path: Path) -> None:
    """Write the model with 8-bit weights; of 7 bits' range, so that old processors do not overflow."""
    with tempfile.TemporaryDirectory() as folder:
        wide = Path(folder) / "wide.onnx"
        torch.onnx.export(
            OneText(model).eval(),
            (torch.ones(8, dtype=torch.long),),
            str(wide),
            input_names=["pieces"],
            output_names=["heads"],
            dynamic_axes={"pieces": {0: "pieces"}},
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(wide, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True)
