"""What an explanation consists of: ``dateline code --explain --json`` prints it as it stands here."""

from __future__ import annotations

from dataclasses import dataclass

from streams.records import Event, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """Something that was weighed, and by how much it speaks for (above 0) or against."""

    what: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassVerdict:
    """One class: how probable, what it needs, and the strongest features for and against it."""

    name: str
    probability: float
    threshold: float
    reported: bool
    total: float
    speaks_for: tuple[Weight, ...]
    speaks_against: tuple[Weight, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An entity or a date of the text, and how it was found."""

    words: str
    span: Span
    is_a: str
    means: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value of an event, what gave it, and what else there was."""

    field: str
    value: str
    why: str
    weights: tuple[Weight, ...] = ()
    instead: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Words that report an act, whether or not an event was made of them."""

    words: str
    span: Span
    reading: str
    sides: str
    chosen: bool
    fate: str
    weights: tuple[Weight, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventExplained:
    """An event with the reason of each of its values."""

    event: Event
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is to be said of one document. Log odds are natural logarithms."""

    document_id: str
    headline: str | None
    url: str | None
    text: str
    #: How many characters of the text class and acts are read from.
    read: int
    coder_version: str
    verdict: str
    model: str
    classes: tuple[ClassVerdict, ...]
    entities: tuple[Found, ...]
    dates: tuple[Found, ...]
    acts: tuple[Act, ...]
    events: tuple[EventExplained, ...]
