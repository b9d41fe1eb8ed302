"""When an event took place, and whether that makes it one to come.

What is said to have happened has no day after its text was published, and what is to come none before: such a
day belongs to something else that the text names.
"""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

from streams.classify.candidates import Candidate, Parse
from streams.classify.clauses import Clause
from streams.classify.inflect import forms
from streams.classify.mood import mood_of
from streams.classify.setting import within
from streams.classify.tokens import span_of
from streams.records import EnrichedDocument, EventDate, Modality, PloverType, Span

# These open a clause whose day is not that of the act it stands beside ("after talks on Friday").
_OF_ANOTHER = frozenset({"after", "before", "since", "until", "ahead"})
# What is agreed, asked for or threatened lies ahead; the word for it is given now.
_BY_WORD = frozenset({"AGREE", "REQUEST", "REJECT", "THREATEN", "ACCUSE", "SUPPORT"})
_ENDS = frozenset({"by", "until"})  # of what has begun
_DETERMINERS = frozenset({"the", "a", "an", "its", "his", "her", "their"})
_ZONES = timedelta(days=1)  # it may be tomorrow where it happens


def when_told(
    candidate: Candidate, told_as: PloverType, parsed: Parse, enriched: EnrichedDocument
) -> tuple[Modality, str, EventDate | None]:
    """Return the modality of an event, the words that tell it, and the date of the event."""
    modality, word = mood_of(candidate, told_as, parsed)
    published = enriched.document.published_at
    if published is None:
        return modality, word, _date(candidate, parsed, enriched, None)
    today = published.value.date()
    own = _date(candidate, parsed, enriched, None)
    if modality == "asserted" and own is not None and own.span is not None and _is_later(own, today):
        span = own.span
        if _is_scheduled(span, candidate, told_as, parsed):
            return "future", enriched.document.text[span.start : span.end], own
    return modality, word, _date(candidate, parsed, enriched, (modality, today))


def _date(
    candidate: Candidate, parsed: Parse, enriched: EnrichedDocument, told: tuple[Modality, date] | None
) -> EventDate | None:
    """Return the date of an act: the nearest in its clause, else the only one of sentence or document.

    A month or a year of another sentence belongs to the background and is none. ``told`` is the modality and
    the day of publishing, which the date must agree with.
    """
    free = [d for d in enriched.dates if not _is_of_another(d, candidate, parsed)]
    if told is not None:
        free = [d for d in free if _agrees(d, *told)]
    at = parsed.tokens[candidate.trigger.start].start
    near = [d for d in free if within(d.span, _span(candidate.clause, parsed))]
    if near:
        return min(near, key=lambda d: abs(d.span.start - at) if d.span else 0)
    sentence = span_of(parsed.tokens, *candidate.sentence)
    beside = [d for d in free if within(d.span, sentence)]
    if len({(d.start, d.end) for d in beside}) == 1:
        return beside[0]
    exact = [d for d in free if d.precision in ("day", "range")]
    return exact[0] if len(enriched.dates) == len(exact) == 1 else None


def _agrees(found: EventDate, modality: Modality, today: date) -> bool:
    if modality == "future":
        return date.fromisoformat(found.end) >= today - _ZONES
    return modality == "hypothetical" or not _is_later(found, today + _ZONES)


def _is_later(found: EventDate, day: date) -> bool:
    return date.fromisoformat(found.start) > day


def _is_of_another(found: EventDate, candidate: Candidate, parsed: Parse) -> bool:
    """Say whether a date stands with another act, or with what comes later ("ahead of talks in May")."""
    span, own = found.span, candidate.clause
    if span is None or not within(span, span_of(parsed.tokens, *candidate.sentence)):
        return False
    low, high = sorted((parsed.tokens[candidate.trigger.start].start, span.start))
    if any(token.text == ";" and low < token.start < high for token in parsed.tokens):
        return True
    if within(span, _span(own, parsed)):
        before = [t.lower for t in parsed.tokens[candidate.trigger.end : own.end] if t.start < span.start]
        return ("ahead", "of") in pairwise(before)
    others = [c for c in parsed.candidates if c.clause != own and within(span, _span(c.clause, parsed))]
    opened = any(parsed.tokens[c.clause.start].lower in _OF_ANOTHER for c in others)
    return opened or any(c.modality != candidate.modality for c in others)


def _is_scheduled(span: Span, candidate: Candidate, told_as: PloverType, parsed: Parse) -> bool:
    """Say whether an act is told in the present on a day named after it ("Xi visits Serbia next week")."""
    if told_as in _BY_WORD or _form(candidate, parsed) == "past":
        return False
    trigger, tokens, clause = candidate.trigger, parsed.tokens, candidate.clause
    if trigger.start and tokens[trigger.start - 1].lower == "to":
        return False
    after = [at for at in range(trigger.end, clause.end) if tokens[at].start < span.end]
    ends = [tokens[at].lower for at in after if tokens[at].start <= span.start][-2:]
    return (
        bool(after)
        and within(span, _span(clause, parsed))
        and _ENDS.isdisjoint(ends)
        and not any(tokens[at].lower == "to" and _is_verb(at + 1, parsed) for at in after)
    )


def _is_verb(at: int, parsed: Parse) -> bool:
    """Say whether the word after "to" is a verb, by what it is not."""
    word = parsed.tokens[at].text if at < len(parsed.tokens) else ""
    named = any(m.start <= at < m.end for m in parsed.mentions)
    return word.islower() and word not in _DETERMINERS and not named


def _form(candidate: Candidate, parsed: Parse) -> str:
    """Return the form of an act's verb; that of a noun or of a verb without a table is none."""
    trigger = candidate.trigger
    if not trigger.act.verb or not trigger.phrase:
        return ""
    word = parsed.tokens[trigger.start].lower
    return next((form for written, form in forms(trigger.phrase.split(" ", 1)[0]) if written == word), "")


def _span(clause: Clause, parsed: Parse) -> Span:
    return span_of(parsed.tokens, clause.start, clause.end)
