"""Names of authors, freed from what pages write around them."""

from __future__ import annotations

import re

from streams.parse.jsonld import clean

_BY = re.compile(
    r"^(?:by|tekst|text|words by|written by|story by|author|autor|reported by|автор)\s*:?\s+(?=\S)"
    r"|^(?:by|von|text|author|autor|автор)\s*:\s*",
    re.IGNORECASE,
)
# Words for "by" that names begin with, too: in metadata "Von Anna Weber" is a byline, "Von Hammerstein" and
# "De Luca Antonio" are names.
_BY_OR_NAME = re.compile(
    r"^(?:von|par|por|door|av|af)\s*:?\s+(?!de[rnm]?\b)(?=[^\s,;|]+\s+[^\s,;|])", re.IGNORECASE
)
# A line that a reader sees begins with such a word more often than with a name; di Marco Rossi, but Di Zhang.
_BY_OR_NAME_VISIBLE = re.compile(
    r"^(?:(?:von|par|por|door|av|af)\s*:?\s+(?=\S)|(?:di|da|de|oleh)\s*:?\s+(?=\S+\s+\S))", re.IGNORECASE
)
_ADDRESS = re.compile(r"https?://|www\.|@|\.com\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*(?:;|,(?!\s*(?:jr|sr|dr|md|ph\.?d)\b)|\||\s(?:and|und|et|y|e|og|och|en|i|и|ve|&)\s)\s*",
    re.IGNORECASE,
)
_MAX_CHARS = 80
_MAX_AUTHORS = 20


def names(written: list[str], *, visible: bool = False) -> tuple[str, ...]:
    """Return authors' names in order, each once; addresses and empty values are left out.

    ``visible`` are lines that a reader sees, others are of the metadata.
    """
    by_or_name = _BY_OR_NAME_VISIBLE if visible else _BY_OR_NAME
    found: dict[str, None] = {}
    for text in written:
        line = " ".join(text.split())  # a run of spaces costs the split its square
        for part in _SPLIT.split(by_or_name.sub("", line)):
            name = _BY.sub("", clean(part)).strip(" ,.:-–—|/")
            if name and len(name) <= _MAX_CHARS and not _ADDRESS.search(name) and not name.isdigit():
                found.setdefault(name)
    return tuple(found)[:_MAX_AUTHORS]
