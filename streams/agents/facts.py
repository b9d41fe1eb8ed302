"""What the metrics want to know of an event: read in the compute process, where the event is an object."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from streams.ops.outcomes import UNKNOWN, ActorKnown
from streams.records import Actor, Event

_EXACT = ("second", "minute")


class EventFacts(NamedTuple):
    """Label values (the first five), confidence and times of one event; times are seconds since the epoch."""

    event_class: str
    type: str
    country: str
    source: str
    target: str
    confidence: float
    published: float | None
    fetched: float | None

    @classmethod
    def of(cls, event: Event) -> EventFacts:
        """Read an event."""
        published = event.published_at
        exact = published.value if published and published.precision in _EXACT else None
        return cls(
            event.event_class,
            event.type,
            _country(event),
            _known(event.source),
            _known(event.target),
            event.confidence,
            _seconds(exact),
            _seconds(event.fetched_at),
        )


def _country(event: Event) -> str:
    if event.place and event.place.country:
        return event.place.country
    codes = (actor.country for actor in (*event.source, *event.target))
    return next((code for code in codes if code), UNKNOWN)


def _known(side: Sequence[Actor]) -> str:
    if not side:
        return ActorKnown.NOBODY.value
    return (ActorKnown.COUNTRY if any(actor.country for actor in side) else ActorKnown.NAME).value


def _seconds(moment: datetime | None) -> float | None:
    return moment.timestamp() if moment else None
