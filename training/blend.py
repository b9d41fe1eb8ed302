"""How much linear models and encoder count: fitted on what they make of headlines that they did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from streams.classify.blend import GATE, SOURCE, TARGET, TYPE, Blend
from streams.classify.model import HEADS
from training.fit import Array, calibrate, targets
from training.rows import Row

#: The encoder's share of the log odds; the linear model's is the rest. Held-out scores are flat around it.
SHARE = 0.6
#: The same for types.
TYPE_SHARE = 0.5
#: The same for the sides, as ``training.sides --held-out`` prints.
SIDES_SHARE = 0.7
#: The probability from which a text that has a class may tell an event: with it three of a hundred held-out
#: texts without a class do, as ``training.train`` prints.
GATE_FROM = 0.7
_GRID = np.arange(0.2, 0.7, 0.01)
_HEAD = "# Of each head: weight of the linear model's log odds, of the encoder's, what is added, threshold.\n"


@dataclass(frozen=True, slots=True)
class Blended:
    """The blends, and the probabilities (``HEADS``, gate) that they give to the rows they were fitted on."""

    blends: dict[str, Blend]
    probability: Array


def expected_f1(probability: Array, threshold: float) -> float:
    """Return the F1 to expect of a threshold where probabilities are true (Lipton et al., 2014)."""
    told = probability > threshold
    return float(2 * probability[told].sum() / (told.sum() + probability.sum()))


def best_threshold(probability: Array) -> float:
    """Return the threshold of the best F1 to expect: steadier than that of the rows' own labels."""
    return float(max(_GRID, key=lambda t: expected_f1(probability, t)))


def fit_blends(rows: Sequence[Row], linear: Array, encoder: Array, share: float = SHARE) -> Blended:
    """Return the blends fitted on log odds of models that did not see the row.

    Args:
        rows: of printed headlines.
        linear: log odds of the linear models, rows × (``HEADS``, gate).
        encoder: the same of the encoder.
        share: how much of the log odds is the encoder's.
    """
    wanted = targets(rows)
    wanted = np.column_stack([wanted, wanted[:, -1]])
    mixed = (1 - share) * linear + share * encoder
    slope, offset = calibrate(mixed, wanted)
    probability = 1 / (1 + np.exp(-(mixed * slope + offset)))
    blends = {
        name: Blend(
            linear=float((1 - share) * slope[i]),
            encoder=float(share * slope[i]),
            offset=float(offset[i]),
            threshold=GATE_FROM if name == GATE else best_threshold(probability[:, i]),
        )
        for i, name in enumerate((*HEADS, GATE))
    }
    for name, part in ((TYPE, TYPE_SHARE), (SOURCE, SIDES_SHARE), (TARGET, SIDES_SHARE)):
        blends[name] = Blend(linear=1 - part, encoder=part, offset=0.0, threshold=0.0)
    return Blended(blends, probability)


def save(blends: dict[str, Blend], path: Path) -> None:
    """Write the file that ``streams.classify.blend`` reads."""
    lines = [
        f"{name}\t{b.linear:.4f}\t{b.encoder:.4f}\t{b.offset:.4f}\t{b.threshold:.2f}\n"
        for name, b in blends.items()
    ]
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
