"""The coder's version: of the package, of the data it codes with, and of an operator's files."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from importlib.resources.abc import Traversable

from streams import __version__
from streams.corrections import NONE, Corrections

_PACKAGES = ("streams.classify", "streams.enrich")
_SUFFIXES = (".npz", ".onnx", ".tsv", ".txt")


def _data() -> list[Traversable]:
    folders = (files(package) / "data" for package in _PACKAGES)
    return [
        file
        for folder in folders
        for file in sorted(folder.iterdir(), key=lambda file: file.name)
        if file.name.endswith(_SUFFIXES)
    ]


def data_hash() -> str:
    """Return the first 8 hex digits of the SHA-256 of weights, lexicon and gazetteer."""
    state = hashlib.sha256()
    for file in _data():
        data = file.read_bytes()
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:8]


#: Of what ships with this package.
CODER_VERSION = f"{__version__}+{data_hash()}"


def coder_version(corrections: Corrections = NONE) -> str:
    """Return the version that an event bears; the digest of an operator's corrections stands at its end."""
    return f"{CODER_VERSION}.{corrections.digest[:8]}" if corrections.digest else CODER_VERSION
