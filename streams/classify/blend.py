"""What linear models and encoder say together: for each head, a weighted sum of their log odds.

``training/train.py`` chooses offsets and thresholds on headlines that neither was trained on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

BLEND_FILE = "blend.tsv"
#: Heads of the file: those of ``model.HEADS``, and these.
GATE, TYPE, SOURCE, TARGET = "gate", "type", "source", "target"
#: The encoder reads a text where the linear model gives any class at least this probability.
OPEN_FROM = 0.16


def probability(log_odds: float) -> float:
    """Return the probability that log odds are."""
    return 1 / (1 + math.exp(-log_odds))


@dataclass(frozen=True, slots=True)
class Blend:
    """One head: the weights of both log odds, what is added, and the probability above which it is told."""

    linear: float
    encoder: float
    offset: float
    threshold: float

    def log_odds(self, linear: float, encoder: float) -> float:
        """Return the log odds of both together."""
        return self.linear * linear + self.encoder * encoder + self.offset

    def probability(self, linear: float, encoder: float) -> float:
        """Return the probability by both together."""
        return probability(self.log_odds(linear, encoder))


def read(text: str) -> dict[str, Blend]:
    """Return the blend of each head, from the lines of the file: head and four numbers.

    Raises:
        ValueError: a line has other fields.
    """
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    return {name: Blend(*map(float, numbers)) for name, *numbers in lines}


@cache
def shipped() -> dict[str, Blend]:
    """Return the blends that ship with this package, read once in a process."""
    return read((files("streams.classify") / "data" / BLEND_FILE).read_text(encoding="utf-8"))
