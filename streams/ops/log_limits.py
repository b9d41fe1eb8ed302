"""Processors for log lines: no secrets in them, and no line a thousand times."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import structlog
from structlog.typing import EventDict, WrappedLogger

_HIDDEN = "***"
_KINDS = 1000


class Redact:
    """Takes secrets out of every text of a line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Remember what no line may show."""
        # Errors quote what they were given, which escapes a quote or a backslash.
        forms = {form for secret in secrets for form in (secret, repr(secret)[1:-1])}
        # The longest first: one secret may hold another.
        self._secrets = sorted(forms, key=len, reverse=True)

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> EventDict:
        """Return the line without secrets."""
        return {name: self._clean(value) for name, value in line.items()} if self._secrets else line

    def _clean(self, value: object) -> object:
        if isinstance(value, str):
            for secret in self._secrets:
                value = value.replace(secret, _HIDDEN)
        elif isinstance(value, dict):
            return {name: self._clean(inner) for name, inner in value.items()}
        elif isinstance(value, list | tuple):
            return [self._clean(inner) for inner in value]
        elif not isinstance(value, int | float | None):
            # What else there is, bytes and errors, is written as its repr.
            return self._clean(repr(value))
        return value


class LimitRepeats:
    """Lets a line through so many times a minute; the first of the next minute says how many were left out.

    Lines are the same when logger, level and words are; fields may differ.
    """

    def __init__(self, *, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        """Let ``most`` lines of a kind through in each minute."""
        self._most, self._clock = most, clock
        self._lock = threading.Lock()
        self._seen: OrderedDict[tuple[object, ...], tuple[float, int]] = OrderedDict()

    def __call__(self, _: WrappedLogger, __: str, line: EventDict) -> EventDict:
        """Return the line, or drop it.

        Raises:
            structlog.DropEvent: it came too often in this minute.
        """
        kind = (line.get("logger"), line.get("level"), line.get("event"))
        now = self._clock()
        with self._lock:
            since, count = self._seen.get(kind, (now, 0))
            left_out = 0
            if now - since >= 60:  # noqa: PLR2004  (a minute)
                since, left_out, count = now, max(0, count - self._most), 0
            self._seen[kind] = (since, count + 1)
            self._seen.move_to_end(kind)
            if len(self._seen) > _KINDS:
                self._seen.popitem(last=False)
        if count >= self._most:
            raise structlog.DropEvent
        if left_out:
            line["left_out"] = left_out
        return line
