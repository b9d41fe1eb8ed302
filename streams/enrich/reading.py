"""What the steps of enrichment share about one document."""

from __future__ import annotations

from dataclasses import dataclass

from streams.enrich.cities import Atlas
from streams.enrich.marks import Marks
from streams.enrich.resources import Lexicon
from streams.enrich.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Reading:
    """A text's words, the marks found so far, and the tables to look up in."""

    tokens: Tokens
    marks: Marks
    lexicon: Lexicon
    atlas: Atlas

    def key(self, first: int, last: int) -> str:
        """Return the key of the words ``first`` to ``last``, the latter included."""
        return " ".join(self.tokens.keys[first : last + 1])

    def is_free_name(self, index: int) -> bool:
        """Say whether a word may belong to a person's name that no table knows."""
        key = self.tokens.keys[index]
        free = not self.marks.covered[index] and key not in self.lexicon.headings
        return free and self.tokens.caps[index] and not key[0].isdigit()
