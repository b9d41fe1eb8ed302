"""The closed sets that label metrics and logs: stages, what became of a record, why it failed.

A label whose values were open (an address, a message) would make a new time series for each.
"""

from __future__ import annotations

from enum import StrEnum

from streams import errors


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


OTHER_ERROR = "other"
_INVALID: list[type[errors.Invalid]] = [errors.Invalid, *errors.Invalid.__subclasses__()]
ERROR_LABELS: tuple[str, ...] = (*(kind.__name__ for kind in _INVALID), OTHER_ERROR)


def error_label(name: str) -> str:
    """Return the label of an error class, given by name: itself when it is in the set, else ``other``."""
    return name if name in ERROR_LABELS else OTHER_ERROR
