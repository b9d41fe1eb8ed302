"""The coder's version: that of the package, and a hash of the data files it codes with."""

from __future__ import annotations

import hashlib
from importlib.resources import files

from streams import __version__

_DATA = ("weights.npz", "unnamed.npz", "types.npz", "roles.tsv", "lexicon.tsv")


def data_hash() -> str:
    """Return the first 8 hex digits of the SHA-256 of weights and lexicon."""
    state = hashlib.sha256()
    for name in _DATA:
        data = (files("streams.classify") / "data" / name).read_bytes()
        state.update(len(data).to_bytes(8, "big"))
        state.update(data)
    return state.hexdigest()[:8]


CODER_VERSION = f"{__version__}+{data_hash()}"
