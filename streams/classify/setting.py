"""Where an event took place, as the clause of its act says."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from streams.classify.actors import Mention
from streams.classify.candidates import Candidate, Parse
from streams.classify.lexicon import Act
from streams.classify.tokens import span_of
from streams.classify.triggers import Trigger
from streams.records import EnrichedDocument, Place, Span

_ELSEWHERE = frozenset({"from", "with", "via"})  # what comes from a place is done elsewhere
_NOT_REACHED = _ELSEWHERE | {"by"}  # who does it need not be where it is done
_HOSTING = "043"  # of CAMEO: those who are received have come from where they are named with
# These open a clause about what the one before it tells.
_GOES_ON = frozenset({"that", "which", "who", "as", "where"})
# These may stand between "in" and a place; after another word ("in talks China urged") it is none of its own.
_BESIDE_A_PLACE = frozenset({
    "the", "its", "their", "his", "her", "all", "much", "north", "south", "east", "west", "northern",
    "southern", "eastern", "western", "northeast", "northwest", "southeast", "southwest",
    "northeastern", "northwestern", "southeastern", "southwestern", "central", "upper", "lower",
    "inner", "outer", "downtown", "greater", "mainland", "coastal", "rural", "nearby", "neighbouring",
    "neighboring", "occupied", "annexed", "besieged", "disputed", "contested", "breakaway",
    "separatist", "remote", "and", "/",
})  # fmt: skip


def locate(
    candidate: Candidate, act: Act, target: Sequence[Mention], parsed: Parse, enriched: EnrichedDocument
) -> tuple[Place | None, Span | None]:
    """Return the most exact place of an act's clause with its span; None where none is named.

    Cities and regions are places wherever they stand, but after "from". States and seats of government
    ("Moscow") are places after a word such as "in", since they act elsewhere, and where they are attacked or
    visited. A clause that goes on about another ("an attack on Kyiv that killed five") has that one's.
    """
    found = _in_clause(candidate, act, target, parsed, enriched)
    earlier = goes_on(candidate, parsed)
    if found[0] is None and earlier is not None:
        return _in_clause(earlier, earlier.trigger.act, earlier.target, parsed, enriched)
    return found


def goes_on(candidate: Candidate, parsed: Parse) -> Candidate | None:
    """Return the act of the clause that an act's clause goes on about; None where it stands for itself."""
    start = candidate.clause.start
    if parsed.tokens[start].lower not in _GOES_ON:
        return None
    ends = (start, start - 1) if parsed.tokens[start - 1].text == "," else (start,)
    return next((c for c in reversed(parsed.candidates) if c.clause.end in ends), None)


def _in_clause(
    candidate: Candidate, act: Act, target: Sequence[Mention], parsed: Parse, enriched: EnrichedDocument
) -> tuple[Place | None, Span | None]:
    clause = span_of(parsed.tokens, candidate.clause.start, candidate.clause.end)
    spans = {e.span for e in enriched.entities if e.type == "place" and e.role is None}
    spans -= {m.entity.span for m in parsed.mentions if m.preposition in _ELSEWHERE}
    spans |= {m.entity.span for m in parsed.mentions if _stands_in(m, parsed)}
    if reaches(act):
        spans |= set(_reached(candidate.trigger, target, parsed))
    for place in enriched.places:  # the most exact first
        span = place.span
        if span in spans and within(span, clause):
            return replace(place, span=None), span
    return None, None


def reaches(act: Act) -> bool:
    """Say whether an act takes place where those are whom it is done to."""
    return act.type == "ASSAULT" or (act.mode == "visit" and act.cameo != _HOSTING)


def within(span: Span | None, outer: Span) -> bool:
    """Say whether a span lies in another."""
    return span is not None and outer.start <= span.start and span.end <= outer.end


def _stands_in(mention: Mention, parsed: Parse) -> bool:
    """Say whether a mention is named as a place, by a word that belongs to nothing else between."""
    if not mention.located:
        return False
    last = max((m.end for m in parsed.mentions if m.end <= mention.start), default=0)
    for token in reversed(parsed.tokens[last : mention.start]):
        if token.lower == mention.preposition:
            return True
        if token.lower not in _BESIDE_A_PLACE:
            return False
    return False


def _reached(trigger: Trigger, target: Sequence[Mention], parsed: Parse) -> Iterator[Span]:
    """Yield the seats and states that stand where that stands which an act is done to."""
    codes = {m.code for m in target}
    for mention in parsed.mentions:
        done_to = mention.end <= trigger.start if trigger.passive else mention.start >= trigger.end
        kind = mention.entity.type
        if not done_to or mention.preposition in _NOT_REACHED:
            continue
        if kind == "place" or (kind == "country" and mention.code in codes):
            yield mention.entity.span
