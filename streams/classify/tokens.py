"""Words of a text with their places: the one tokenizer that features, clauses and lexicon share."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streams.records import Span

# Abbreviations first (U.S., U.N.), then words whose apostrophe is not a possessive (won't, O'Brien), the
# possessive by itself so that "Russia's" still ends where the entity ends, numbers, and single signs.
_TOKEN = re.compile(
    r"(?:[A-Z]\.){2,}|[^\W\d_]+(?:['’](?!s\b)[^\W\d_]+)*|['’]s\b|\d+(?:[.,]\d+)*|[^\w\s]", re.UNICODE
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or sign; ``start`` and ``end`` are code points into the text."""

    text: str
    lower: str
    start: int
    end: int


def tokenize(text: str, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of ``text[start:end]``, with places in the whole text."""
    stop = len(text) if end is None else end
    return [
        Token(found, found.lower().replace("’", "'"), match.start(), match.end())
        for match in _TOKEN.finditer(text, start, stop)
        if (found := match.group())
    ]


def span_of(tokens: Sequence[Token], start: int, end: int) -> Span:
    """Return the span of the tokens ``[start, end)`` in the text."""
    return Span(start=tokens[start].start, end=tokens[end - 1].end)
