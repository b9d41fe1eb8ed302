"""The encoder: a small transformer that reads the texts which the linear models leave open.

BERT (Devlin et al., 2019), as bge-small-en-v1.5 has it, fine-tuned on the rows that train the linear models.
It knows words that no labelled row has; it costs some milliseconds a text, so it is asked only where the
linear models see a chance of a class. ``training/encoder.py`` writes the file read here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np

from streams.classify.model import HEADS, TYPE_HEADS, Floats
from streams.classify.wordpiece import Place, encode
from streams.records import PloverType

ENCODER_FILE = "encoder.onnx"
VOCABULARY_FILE = "encoder-vocabulary.txt"
#: Pieces of words that are read of a text, start and end among them.
MOST_PIECES = 80
#: Of log odds: kinds of processors differ in later ones.
DIGITS = 1


@dataclass(frozen=True, slots=True)
class Reading:
    """What the encoder says of one text.

    ``classes`` are log odds, in the order of ``model.HEADS``; ``gate`` those of any event; ``types`` the
    logarithm of how likely each PLOVER type is. ``places`` say where each piece of the
    text stands; ``states``, a row for each, are what the sides of an event are read from.
    """

    classes: tuple[float, ...]
    gate: float
    types: Mapping[PloverType, float]
    places: Sequence[Place] = ()
    states: Floats | None = field(default=None, compare=False, repr=False)


@cache
def vocabulary() -> dict[str, int]:
    """Return the number of each piece of a word."""
    text = (files("streams.classify") / "data" / VOCABULARY_FILE).read_text(encoding="utf-8")
    return {piece: number for number, piece in enumerate(text.split("\n"))}


def open_model(path: Path) -> Any:
    """Return the model in a file, to be run by one thread."""
    import onnxruntime as ort  # noqa: PLC0415 - takes a while, and only what codes needs it

    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # threads do not survive a fork
    options.enable_cpu_mem_arena = False  # it would keep what the longest text took
    # By its path: the bytes would be held twice.
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


@cache
def session(file: str) -> Any:
    """Return a network that ships with this package, read once in a process."""
    with as_file(files("streams.classify") / "data" / file) as path:
        return open_model(path)


def reading_of(values: Floats, states: Floats, places: Sequence[Place]) -> Reading:
    """Return the reading that the model's output is: classes, gate and types; states of the pieces."""
    rounded = [round(float(value), DIGITS) for value in values]
    heads = len(HEADS)
    types = values[heads + 1 :]
    spread = float(np.log(np.exp(types - types.max()).sum()) + types.max())
    return Reading(
        classes=tuple(rounded[:heads]),
        gate=rounded[heads],
        types={
            plover: round(float(value) - spread, DIGITS)
            for plover, value in zip(TYPE_HEADS, types, strict=True)
        },
        places=places,
        states=states,
    )


def read(text: str, model: Any = None) -> Reading:
    """Read one text, by a model of :func:`open_model` or by the one that ships."""
    pieces = encode(text, vocabulary(), MOST_PIECES)
    numbers = np.array(pieces.numbers, dtype=np.int64)
    heads, states = (model or session(ENCODER_FILE)).run(None, {"pieces": numbers})
    return reading_of(heads, states, pieces.places)
