"""Events for consumers: those of the sample pages, and some that are hard to store."""

from __future__ import annotations

import dataclasses
import functools

from streams import pipeline, samples
from streams.records import Event, encode


@functools.cache
def coded() -> tuple[Event, ...]:
    """Return the events of the sample pages, once each, and one with texts that hurt."""
    found = {event.event_id: event for page in samples.load() for event in pipeline.code(page)[1]}
    first = next(iter(found.values()))
    hostile = '\'; DROP TABLE dateline_events; -- \\ \\u0000 \t\r\n\x01\x02 "{}" \\N \\. \U0001f6a2 \u202e $$'
    odd = dataclasses.replace(
        first, event_id="0" * 32, evidence=hostile, headline=f"\x00{hostile}\x00", cameo="010"
    )
    return (*found.values(), odd)


def record(event: Event) -> tuple[str, str, bytes]:
    """Return an event as a record of its topic."""
    return f"events.{event.event_class}", event.event_id, encode(event)


def records() -> list[tuple[str, str, bytes]]:
    """Return all of them as records."""
    return [record(event) for event in coded()]
