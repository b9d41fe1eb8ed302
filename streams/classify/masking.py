"""Which words the class model sees: entity mentions become tokens for their kind.

A model trained on a year of news would take "Russia" for evidence of war. It sees that a country, a
nationality, a head of government or an armed group is named, and how many, but not which.
"""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.tokens import Token
from streams.records import BODIES, Entity

# Roles of people and bodies that act for a state, and of those that fight it or fight for it.
_STATE_ROLES = frozenset({"GOV", "LEG", "DIP", "IGO"})
_FORCE_ROLES = frozenset({"MIL", "REB", "SPY", "UAF", "PAR", "TER", "INS", "SEP"})


def kind_token(entity: Entity) -> str | None:
    """Return the token that stands for a mention, or None when its words are kept."""
    if entity.type in ("country", "nationality"):
        return f"<{entity.type}>"
    if entity.country in BODIES:
        return "<body>"
    if entity.role in _FORCE_ROLES:
        return "<force>"
    if entity.type == "person":
        return "<leader>" if entity.role in _STATE_ROLES else "<person>"
    if entity.role in _STATE_ROLES:
        return "<office>"
    return "<city>" if entity.type == "place" and entity.country else None


def mask(tokens: Sequence[Token], entities: Sequence[Entity]) -> list[str]:
    """Return the lower-case words of the tokens, mentions replaced by the token of their kind."""
    words: list[str] = []
    mentions = iter(sorted(entities, key=lambda e: (e.span.start, -e.span.end)))
    entity = next(mentions, None)
    emitted = -1
    for token in tokens:
        while entity is not None and entity.span.end <= token.start:
            entity = next(mentions, None)
        if entity is not None and entity.span.start < token.end and (kind := kind_token(entity)):
            if emitted != entity.span.start:
                words.append(kind)
                emitted = entity.span.start
        else:
            words.append(token.lower)
    return words
