"""What the actors of an event are called: of one name for a state beside that of its minister, the latter."""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.actors import Mention
from streams.classify.candidates import Parse
from streams.corrections import Corrections
from streams.enrich.resources import lexicon
from streams.enrich.tokens import key_of
from streams.records import Actor

_OWN_NAME = frozenset({"person", "organisation", "group"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})
_TITLE_AT_MOST = 5  # words between a nationality and a name: "deputy prime minister"


def named(
    side: Sequence[Mention], ruled: Sequence[Mention], parsed: Parse, corrections: Corrections
) -> tuple[Mention, ...]:
    """Return the mentions of a side, each as the name that it leads to: "Colombia's ELN rebels" are the ELN.

    The models choose among the mentions of a code, and tell none of them from another. So where they chose
    the place ("kills Hezbollah commander in Beirut"), whom the rules found beside it is the actor.
    """
    return tuple(
        _instead(mention, ruled) or _leads_to(mention, parsed, corrections) or mention for mention in side
    )


def _instead(mention: Mention, ruled: Sequence[Mention]) -> Mention | None:
    """Return the person or body of a side by rule that has the code of a place."""
    if not mention.located:
        return None
    same = (m for m in ruled if m.code == mention.code and m.entity.type in _OWN_NAME)
    return next(same, None)


def _leads_to(mention: Mention, parsed: Parse, corrections: Corrections) -> Mention | None:
    """Return the person or body that a state or a nationality stands before, but for a title between."""
    if mention.entity.type not in ("country", "nationality"):
        return None
    after = next((m for m in parsed.mentions if m.start >= mention.end), None)
    if after is None or after.code != mention.code or after.entity.type not in _OWN_NAME:
        return None
    between = [token.text for token in parsed.tokens[mention.end : after.start]]
    if between and between[0] in _POSSESSIVE:
        between = between[1:]
    if not between:
        return after
    tables = lexicon(corrections)
    while between and between[0].lower() in tables.modifiers:
        between = between[1:]
    role = tables.roles.get(key_of(" ".join(between))) if len(between) <= _TITLE_AT_MOST else None
    return after if role is not None and role.title else None


def actors(side: Sequence[Mention]) -> tuple[Actor, ...]:
    """Return one actor for each code; the name of a person or body is preferred to that of its state."""
    by_code: dict[str, Actor] = {}
    for mention in side:
        entity = mention.entity
        actor = Actor(
            name=entity.name or entity.surface, country=mention.code, role=entity.role, id=entity.id
        )
        if mention.code not in by_code or entity.type in _OWN_NAME:
            by_code[mention.code] = actor
    return tuple(by_code.values())
