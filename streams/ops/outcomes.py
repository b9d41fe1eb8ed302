"""The closed sets that label metrics and logs: stages, what became of a record, why it failed.

A label whose values were open (an address, a message) would make a new time series for each.
"""

from __future__ import annotations

from enum import StrEnum

from streams import errors
from streams.parse.language import LANGUAGES


class Stage(StrEnum):
    """A step of the stream."""

    PARSE = "parse"
    ENRICH = "enrich"
    CLASSIFY = "classify"


class Outcome(StrEnum):
    """What became of a record that a stage took; each record has exactly one, however often it is retried."""

    PROCESSED = "processed"  # the broker has confirmed everything that it gave
    SEEN = "seen"  # valid, but everything it holds had been emitted before
    EMPTY = "empty"  # valid, but it holds nothing for the next topic
    DEAD_LETTER = "dead_letter"  # the broker has confirmed its dead letter


class DocumentStatus(StrEnum):
    """Whether a document that was found on a page is emitted."""

    NEW = "new"
    SEEN = "seen"


class RestartReason(StrEnum):
    """Why a compute process was replaced."""

    DEADLINE = "deadline"  # a record ran out of its time
    CRASH = "crash"  # the process ended by itself: a crash, or the memory cap
    BROKEN = "broken"  # one without work was killed from outside, and all were replaced


class Coded(StrEnum):
    """What classify made of a document."""

    EVENT = "event"  # one event or more
    NONE = "none"  # no event


class Side(StrEnum):
    """A side of an event."""

    SOURCE = "source"
    TARGET = "target"


class ActorKnown(StrEnum):
    """What is known of a side of an event."""

    COUNTRY = "country"  # an actor with the code of a country or a body of countries
    NAME = "name"  # actors, but none with a code
    NOBODY = "nobody"  # no actor


class Origin(StrEnum):
    """Why a record came again."""

    REDRIVE = "redrive"
    REPLAY = "replay"


class SiteState(StrEnum):
    """How a site does; a site that is not active counts once in each other state."""

    ACTIVE = "active"
    SILENT = "silent"
    EVENTLESS = "eventless"


OTHER = "other"
UNKNOWN = "unknown"
LANGUAGE_LABELS: tuple[str, ...] = (*LANGUAGES, OTHER, UNKNOWN)
_LANGUAGES = frozenset(LANGUAGES)

OTHER_ERROR = "other"
_INVALID: list[type[errors.Invalid]] = [errors.Invalid, *errors.Invalid.__subclasses__()]
ERROR_LABELS: tuple[str, ...] = (*(kind.__name__ for kind in _INVALID), OTHER_ERROR)


def error_label(name: str) -> str:
    """Return the label of an error class, given by name: itself when it is in the set, else ``other``."""
    return name if name in ERROR_LABELS else OTHER_ERROR


def language_label(code: str) -> str:
    """Return the label of a language, given by ISO code: itself when it is in the set, else a stand-in."""
    return code if code in _LANGUAGES else OTHER if code else UNKNOWN
