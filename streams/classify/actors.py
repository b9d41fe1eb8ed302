"""Who acts and who is acted on: the mentions before and after an act, by voice and by preposition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from streams.classify.clauses import Clause
from streams.classify.tokens import Token
from streams.classify.triggers import Trigger
from streams.records import Entity

_PLACE_WORDS = frozenset({"in", "near", "at", "inside", "across", "off", "outside", "around", "throughout"})
_SIDE_WORDS = frozenset({
    "of", "with", "against", "to", "on", "over", "from", "for", "about", "into", "toward", "towards", "than",
    "under", "amid", "between", "through", "via", "despite",
})  # fmt: skip
#: What stands between those who act together.
JOINERS = frozenset({",", "and", "&", "-", "–", "/", "or"})
_LOOK_BACK = 3
_JUDGED = frozenset({
    "condemned", "denounced", "criticised", "criticized", "slammed", "decried", "deplored", "blasted",
    "praised", "hailed", "welcomed", "applauded", "rejected", "dismissed",
})  # fmt: skip
# What may stand between an attacker and the attack.
_OF_ATTACKS = frozenset({
    "air", "aerial", "missile", "rocket", "drone", "artillery", "naval", "ground", "military", "army",
    "cross-border", "bomb", "suicide", "terror", "terrorist", "deadly", "fatal", "massive", "major", "new",
    "fresh", "latest", "recent", "overnight", "repeated", "retaliatory", "-",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mention:
    """An entity that has an actor code, at tokens ``[start, end)``, and the preposition before it."""

    entity: Entity
    code: str
    start: int
    end: int
    preposition: str

    @property
    def located(self) -> bool:
        """Whether it is named as a place."""
        return self.preposition in _PLACE_WORDS


def _preposition(tokens: Sequence[Token], at: int) -> str:
    for i in range(at - 1, max(-1, at - 1 - _LOOK_BACK), -1):
        word = tokens[i].lower
        if word in _PLACE_WORDS or word in _SIDE_WORDS or word == "by":
            return word
        if not word.isalpha():
            return ""
    return ""


def mentions(tokens: Sequence[Token], entities: Sequence[Entity]) -> list[Mention]:
    """Return the mentions with a code, in order of the text; inner ones of nested mentions are dropped."""
    found: list[Mention] = []
    i = 0
    for entity in sorted(entities, key=lambda e: (e.span.start, -e.span.end)):
        if not entity.country:
            continue
        while i < len(tokens) and tokens[i].end <= entity.span.start:
            i += 1
        end = i
        while end < len(tokens) and tokens[end].start < entity.span.end:
            end += 1
        if end > i and not (found and found[-1].end > i):
            found.append(Mention(entity, entity.country, i, end, _preposition(tokens, i)))
    return found


def _group(chosen: Sequence[Mention], tokens: Sequence[Token]) -> list[Mention]:
    """Return the first mention and those joined to it by commas and "and", or standing right beside it."""
    group = list(chosen[:1])
    for mention in chosen[1:]:
        between = [t.lower for t in tokens[group[-1].end : mention.start]]
        beside = mention.code == group[-1].code
        joined = len(between) <= _LOOK_BACK + 1 and any(b in JOINERS for b in between)
        if not (beside or joined):
            break
        group.append(mention)
    return group


def subject(found: Sequence[Mention], tokens: Sequence[Token], clause: Clause, before: int) -> list[Mention]:
    """Return who stands as the subject before token ``before`` of a clause."""
    inside = [m for m in found if clause.start <= m.start and m.end <= before]
    free = [m for m in inside if not m.preposition]
    return _group(free, tokens) or [m for m in inside if m.preposition == "of"][:1]


def obj(found: Sequence[Mention], tokens: Sequence[Token], clause: Clause, after: int) -> list[Mention]:
    """Return who stands as the object after token ``after``; a place serves when nobody else does."""
    inside = [m for m in found if after <= m.start and m.end <= clause.end and m.preposition != "by"]
    return _group([m for m in inside if not m.located], tokens) or inside[:1]


def agent(found: Sequence[Mention], tokens: Sequence[Token], clause: Clause, after: int) -> list[Mention]:
    """Return who stands after "by"."""
    inside = [m for m in found if after <= m.start and m.end <= clause.end]
    first = next((i for i, m in enumerate(inside) if m.preposition == "by"), None)
    return [] if first is None else _group(inside[first:], tokens)


def _judges(mention: Mention, tokens: Sequence[Token]) -> bool:
    """Say whether who stands after "by" judges an act that another did: "a strike condemned by Egypt"."""
    before = tokens[max(0, mention.start - _LOOK_BACK - 1) : mention.start]
    return any(b.lower == "by" and a.lower in _JUDGED for a, b in pairwise(before))


def _is_whose(mention: Mention, trigger: Trigger, tokens: Sequence[Token]) -> bool:
    """Say whether a mention tells whose attack a noun is: "Israeli air strikes", "Iran's missile attack"."""
    if trigger.act.type != "ASSAULT":
        return False
    between = [t.lower for t in tokens[mention.end : trigger.start]]
    owned = between[:1] == ["'s"]
    return (owned or mention.entity.type == "nationality") and _OF_ATTACKS.issuperset(between[owned:])


def without(side: Sequence[Mention], other: Sequence[Mention]) -> list[Mention]:
    """Return the mentions whose actor is not on the other side."""
    codes = {m.code for m in other}
    return [m for m in side if m.code not in codes]


def sides(
    trigger: Trigger,
    found: Sequence[Mention],
    tokens: Sequence[Token],
    clause: Clause,
    inherited: Sequence[Mention],
) -> tuple[list[Mention], list[Mention]]:
    """Return source and target of an act."""
    inside_phrase = [m for m in found if trigger.start <= m.start and m.end <= trigger.end]
    front = subject(found, tokens, clause, trigger.start) or list(inherited)
    if not trigger.act.verb:
        return _noun_sides(trigger, found, tokens, clause, front)
    if trigger.passive:
        return agent(found, tokens, clause, trigger.end), front
    back = without(inside_phrase or obj(found, tokens, clause, trigger.end), front)
    later = [m for m in found if trigger.end <= m.start]
    earlier = [m for m in found if m.end <= trigger.start and m.preposition]
    return front, back or without(later, front)[:1] or without(earlier, front)[-1:]


def _noun_sides(
    trigger: Trigger,
    found: Sequence[Mention],
    tokens: Sequence[Token],
    clause: Clause,
    front: Sequence[Mention],
) -> tuple[list[Mention], list[Mention]]:
    doer = agent(found, tokens, clause, trigger.end)
    doer = [] if doer and _judges(doer[0], tokens) else doer
    back = obj(found, tokens, clause, trigger.end)
    before = [m for m in found if clause.start <= m.start and m.end <= trigger.start]
    # "condemns Israeli strikes on Qatar": whose attack it is, where whom it hits is named too.
    whose = [m for m in before[-1:] if _is_whose(m, trigger, tokens) and back]
    source = doer or whose or list(front) or before[-1:]
    if whose and not doer:
        return source, without(back, source)
    # "New Russia sanctions": the name right before the noun is whom it concerns, if another name leads.
    return source, without(before, source)[-1:] or without(back, source) or without(found, source)[:1]
