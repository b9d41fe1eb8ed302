"""What goes into compute processes and comes out of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from streams.actors import Sighting
from streams.agents.facts import EventFacts


class Item(NamedTuple):
    """One record, as taken from its topic."""

    value: bytes
    headers: Mapping[str, bytes]
    topic: str
    partition: int
    offset: int


class Output(NamedTuple):
    """One record to be sent."""

    topic: str
    key: str
    value: bytes
    ce_type: str
    #: Of documents only: ``article`` or ``teaser``, and the site they were seen on.
    kind: str = ""
    site: str = ""
    #: Of events only: what the metrics count.
    facts: EventFacts | None = None
    #: Of enriched documents only: what they say of persons.
    told: tuple[Sighting, ...] = ()


class Done(NamedTuple):
    """A record that was processed."""

    outputs: list[Output]
    seconds: float
    cpu_seconds: float
    #: Of the page or document; empty where it was not looked at.
    site: str = ""
    language: str = ""
    #: When the work on it began, in seconds since the epoch.
    started: float = 0.0


class Failed(NamedTuple):
    """A record that can never be processed."""

    error: str
    message: str
    traceback: str


Result = Done | Failed
