"""What encoders that did not see a text made of it: ``training/data/unseen.tsv``.

``training.encoder --folds`` writes it, one line a text: the first 16 hex digits of its SHA-256, and log odds
of the classes, of any, and of the gate. The shipped encoder learns from them beside the labels, and the
linear models are weighed against it by them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from training.rows import OWN

UNSEEN_FILE = OWN / "unseen.tsv"
_HEAD = (
    "# Log odds by encoders that did not see the text, written by training/encoder.py: text (SHA-256), "
    "diplomacy, military, trade, any, gate.\n"
)

Odds = tuple[float, ...]


def key(text: str) -> str:
    """Return what a text is found by."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def of(text: str, odds: Mapping[str, Odds]) -> Odds:
    """Return the log odds of one text.

    Raises:
        SystemExit: no encoder read it.
    """
    if (name := key(text)) not in odds:
        raise SystemExit(f"{UNSEEN_FILE} is of other rows: run training.encoder --folds again")
    return odds[name]


def save(odds: Mapping[str, Odds], path: Path = UNSEEN_FILE) -> None:
    """Write the file, in the order of the keys."""
    lines = [f"{name}\t" + "\t".join(f"{value:g}" for value in odds[name]) + "\n" for name in sorted(odds)]
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")


def load(path: Path = UNSEEN_FILE) -> dict[str, Odds]:
    """Return the log odds of each text.

    Raises:
        SystemExit: there is no such file.
    """
    if not path.is_file():
        raise SystemExit(f"{path} is not there: run training.encoder --folds first")
    lines = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    return {name: tuple(map(float, odds)) for name, *odds in lines if not name.startswith("#")}
