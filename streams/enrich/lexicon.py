"""The names that enrichment knows, looked up by word keys."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from streams.enrich.tokens import key_of
from streams.records import EntityType

Kind = Literal["block", "sea", "org", "country", "demonym", "metonym", "capital", "region", "person", "known"]
# How a name must be written: exactly in capitals (US), with a capital (Turkey), or in any way (russia).
Case = Literal["upper", "cap", "any"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that a name stands for."""

    name: str
    kind: Kind
    type: EntityType
    code: str | None = None
    role: str | None = None
    id: str | None = None
    case: Case = "any"
    alone: bool = True  # False: a surname that needs a title or the full name elsewhere
    years: tuple[int, int] | None = None


@dataclass(slots=True)
class Phrases:
    """Entries by phrase key, with the length of the longest phrase that a first word opens."""

    entries: dict[str, Entry] = field(default_factory=dict)
    longest: dict[str, int] = field(default_factory=dict)

    def add(self, phrase: str, entry: Entry) -> None:
        """Add a phrase unless one with its key is there: what is added first wins."""
        key = key_of(phrase)
        if not key or key in self.entries:
            return
        self.entries[key] = entry
        first, words = key.split(" ", 1)[0], key.count(" ") + 1
        if words > self.longest.get(first, 0):
            self.longest[first] = words

    def add_all(self, phrases: Iterable[str], entry: Entry) -> None:
        """Add several phrases for one entry."""
        for phrase in phrases:
            self.add(phrase, entry)
