"""The door: an enriched document in, its explanation out."""

from __future__ import annotations

from streams.classify import score
from streams.classify.events import coding
from streams.classify.features import coded_text
from streams.classify.version import coder_version
from streams.corrections import NONE, Corrections
from streams.explain import words
from streams.explain.acts import acts, words_of
from streams.explain.classes import model_words, outcome, verdicts
from streams.explain.records import EventExplained, Explanation, Found
from streams.explain.values import values
from streams.records import EnrichedDocument, Entity, EventDate, Span


def explain(enriched: EnrichedDocument, corrections: Corrections = NONE) -> Explanation:
    """Return why a document's events are what they are, or why it has none; see :func:`classify`."""
    document, text = enriched.document, enriched.document.text
    scores = score(enriched)
    read = coding(enriched, scores, corrections)
    found = acts(read, text)
    return Explanation(
        document_id=document.document_id,
        headline=document.headline,
        url=document.url,
        text=text,
        read=len(coded_text(enriched)),
        coder_version=coder_version(corrections),
        verdict=outcome(scores, len(read.events), len(found)),
        model=model_words(enriched, scores),
        classes=verdicts(enriched, scores),
        entities=tuple(_entity(e) for e in enriched.entities),
        dates=tuple(_date(d, text) for d in enriched.dates if d.span),
        acts=found,
        events=tuple(
            EventExplained(event=coded.event, values=values(coded, read, enriched)) for coded in read.events
        ),
    )


def _entity(entity: Entity) -> Found:
    known = filter(None, (entity.name, entity.country, entity.role, entity.id))
    return Found(
        words=entity.surface,
        span=entity.span,
        is_a=entity.type,
        means=", ".join(dict.fromkeys(known)),
        why=f"{words.found_by(entity.found_by)} ({entity.confidence:.2f})",
    )


def _date(date: EventDate, text: str) -> Found:
    span = date.span or Span(start=0, end=0)
    means = date.start if date.start == date.end else f"{date.start} to {date.end}"
    return Found(
        words=words_of(text, span),
        span=span,
        is_a=f"date, {date.precision}",
        means=means,
        why=words.method(date.method),
    )
