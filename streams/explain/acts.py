"""The acts of a text: how each was read, and why an event was made of it or not."""

from __future__ import annotations

from collections.abc import Sequence

from streams.classify.actors import Mention
from streams.classify.candidates import Candidate, Parse
from streams.classify.choice import class_of, contexts_around, fit, fit_parts, tells_by_itself
from streams.classify.events import Coding
from streams.classify.tokens import span_of
from streams.explain import words
from streams.explain.records import Act, Weight
from streams.records import EventClass, Span


def words_of(text: str, span: Span) -> str:
    """Return the text of a span."""
    return text[span.start : span.end]


def codes(side: Sequence[Mention]) -> str:
    """Return the actors of a side, each once."""
    return ", ".join(dict.fromkeys(m.code for m in side)) or "nobody"


def acts(coding: Coding, text: str) -> tuple[Act, ...]:
    """Return every act that stands in one clause with an actor."""
    return tuple(_act(candidate, coding, text) for candidate in coding.parsed.candidates)


def _act(candidate: Candidate, coding: Coding, text: str) -> Act:
    trigger, parsed = candidate.trigger, coding.parsed
    act = trigger.act
    span = span_of(parsed.tokens, trigger.start, trigger.end)
    event_class = class_of(candidate, contexts_around(candidate, parsed), coding.scores)
    chosen = any(coded.told.candidate is candidate for coded in coding.events)
    voice = words.voice(verb=act.verb, passive=trigger.passive)
    kind = "/".join(filter(None, (act.type, act.mode, act.cameo)))
    phrase = f"“{words.short(trigger.phrase)}”" if trigger.phrase else "not in the lexicon"
    return Act(
        words=words_of(text, span),
        span=span,
        reading=f"{kind}: {phrase}, {voice}, {candidate.modality}",
        sides=f"{codes(candidate.source)} → {codes(candidate.target)}",
        chosen=chosen,
        fate=_fate(candidate, event_class, coding) if not chosen else "an event",
        weights=_weights(candidate, event_class, coding) if event_class else (),
    )


def _weights(candidate: Candidate, event_class: EventClass, coding: Coding) -> tuple[Weight, ...]:
    parts = fit_parts(candidate, event_class, coding.odds)
    return tuple(Weight(what=what, value=round(value, 2)) for what, value in parts.items() if value)


def _fate(candidate: Candidate, event_class: EventClass | None, coding: Coding) -> str:
    """Say why no event was made of an act."""
    if not coding.scores.reported:
        return "the text reports no event"
    own = candidate.trigger.act.event_class
    if event_class is None:
        return f"it is of {own}, which is not above its threshold"
    best = next((c.told.candidate for c in coding.events if c.event.event_class == event_class), None)
    if best is None:
        return f"no event of {event_class} was made"
    if candidate.sentence != best.sentence and not tells_by_itself(candidate.trigger):
        return "its sentence tells no event by itself"
    better = fit(best, event_class, coding.odds) - fit(candidate, event_class, coding.odds)
    other = _name(best, coding.parsed)
    if better < 0:
        return f"it tells what another event of {event_class} tells"
    return f"“{other}” tells {event_class} better, by {better:.2f}"


def _name(candidate: Candidate, parsed: Parse) -> str:
    return " ".join(t.text for t in parsed.tokens[candidate.trigger.start : candidate.trigger.end])
