"""Names of authors, freed from what pages write around them."""

# patterns read best in one line
# ruff: noqa: E501
from __future__ import annotations

import re

from streams.parse.jsonld import clean

_BY = re.compile(
    r"^(?:by|von|par|por|di|da|de|door|av|af|tekst|text|words by|written by|story by|author|autor|reported by|oleh|автор)"
    r"\s*:?\s+(?=\S)|^(?:by|von|text|author|autor|автор)\s*:\s*",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"https?://|www\.|@|\.com\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:;|,(?!\s*(?:jr|sr|dr|md|ph\.?d)\b)|\||\s(?:and|und|et|y|e|og|och|en|i|и|ve|&)\s)\s*",
    re.IGNORECASE,
)
_MAX_CHARS = 80
_MAX_AUTHORS = 20


def names(written: list[str]) -> tuple[str, ...]:
    """Return authors' names in order, each once; addresses and empty values are left out."""
    found: dict[str, None] = {}
    for text in written:
        for part in _SPLIT.split(text):
            name = _BY.sub("", clean(part)).strip(" ,.:-–—|/")
            if name and len(name) <= _MAX_CHARS and not _ADDRESS.search(name) and not name.isdigit():
                found.setdefault(name)
    return tuple(found)[:_MAX_AUTHORS]
