"""The models of classes, types and the gate: linear, over words, letter runs, concepts and acts.

Blocks of features (words, letters, shapes, acts) are each scaled by inverse document frequency and to length
one. A class is a logistic regression over them, types are one softmax. The log odds of a class become a
probability through a straight line fitted on held-out rows (Platt, 1999). ``training/train.py`` writes the
files read here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import get_args

import numpy as np
import numpy.typing as npt

from streams.records import PloverType

Floats = npt.NDArray[np.float32]

HEADS = ("diplomacy", "military", "trade", "any")
TYPE_HEADS: tuple[PloverType, ...] = get_args(PloverType)
WEIGHTS_FILE = "weights.npz"
UNNAMED_FILE = "unnamed.npz"
TYPES_FILE = "types.npz"
GATE_FILE = "gate.npz"


@dataclass(frozen=True, slots=True)
class Model:
    """Weights as read from the file; rows of ``weights`` belong to the terms in ``rows``."""

    rows: dict[str, int]
    weights: Floats
    idf: Floats
    bias: Floats
    slope: Floats
    offset: Floats

    def block(self, terms: Iterable[str]) -> Floats:
        """Return what one block of terms adds to each head's log odds."""
        found = [row for term in terms if (row := self.rows.get(term)) is not None]
        if not found:
            return np.zeros(self.weights.shape[1], dtype=np.float32)
        # Sorted, because a set has no order and float sums depend on it.
        index = np.array(sorted(found))
        length = np.sqrt(np.square(self.idf[index]).sum())
        total: Floats = self.weights[index].sum(axis=0) / length
        return total

    def shares(self, terms: Iterable[str]) -> dict[str, Floats]:
        """Return what each term of a block adds to each head's log odds: together what :meth:`block` says."""
        rows = {term: row for term in terms if (row := self.rows.get(term)) is not None}
        length = np.sqrt(np.square(self.idf[sorted(rows.values())]).sum())
        return {term: self.weights[row] / length for term, row in rows.items()}

    def log_odds(self, blocks: Iterable[Iterable[str]]) -> Floats:
        """Return each head's log odds before calibration."""
        total = self.bias.copy()
        for terms in blocks:
            total += self.block(terms)
        return total

    def calibrated(self, blocks: Iterable[Iterable[str]]) -> Floats:
        """Return each head's calibrated log odds."""
        result: Floats = self.log_odds(blocks) * self.slope + self.offset
        return result


def read(data: bytes) -> Model:
    """Read a model from the bytes of its file.

    Raises:
        KeyError, ValueError: not a file that the training command wrote.
    """
    with np.load(BytesIO(data), allow_pickle=False) as arrays:
        terms = arrays["terms"].tobytes().decode("utf-8").split("\n")
        return Model(
            rows={term: row for row, term in enumerate(terms)},
            weights=arrays["weights"].astype(np.float32),
            idf=arrays["idf"].astype(np.float32),
            bias=arrays["bias"],
            slope=arrays["slope"],
            offset=arrays["offset"],
        )


@cache
def shipped() -> Model:
    """Return the class model that ships with this package, read once in a process."""
    return read((files("streams.classify") / "data" / WEIGHTS_FILE).read_bytes())


@cache
def shipped_unnamed() -> Model:
    """Return the class model for texts without a known country, read once in a process."""
    return read((files("streams.classify") / "data" / UNNAMED_FILE).read_bytes())


@cache
def shipped_types() -> Model:
    """Return the type model that ships with this package, read once in a process."""
    return read((files("streams.classify") / "data" / TYPES_FILE).read_bytes())


@cache
def shipped_gate() -> Model:
    """Return the model of whether a text tells an event, read once in a process."""
    return read((files("streams.classify") / "data" / GATE_FILE).read_bytes())
