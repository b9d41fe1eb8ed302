"""What is told of a batch's records to those who follow traces; without tracing, nobody and nothing.

:mod:`streams.agents.spans` is the other half: it alone knows OpenTelemetry, and is imported only
where the ``OTEL_*`` variables ask for traces.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Protocol

from streams import headers as h
from streams.agents.work import Item, Result
from streams.ops import tracing
from streams.settings import Settings

#: Labels of a sample that lead to a trace.
Exemplar = dict[str, str]


class TracedBatch(Protocol):
    """The records of one batch, from being taken to the broker's confirmation."""

    def carried(self, index: int) -> list[h.Header]:
        """Return the trace context for what is sent for this record."""

    def finish(self, results: Sequence[Result], sent: set[int]) -> None:
        """Note that the broker has confirmed everything; ``sent`` has the records that gave something."""

    def exemplar(self, index: int) -> Exemplar | None:
        """Return what leads from a measured value to this record's trace, where it is kept."""


class Traces(Protocol):
    """Follows records through this worker."""

    def take(self, stage: str, items: Sequence[Item]) -> TracedBatch:
        """Begin with the records of a batch."""

    def close(self) -> None:
        """Send what is left, for some seconds at the most."""


class _PassedOn:
    """Records that nobody follows here: the context of others goes on unchanged."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    def carried(self, index: int) -> list[h.Header]:
        return h.trace_context(self._items[index].headers)

    def finish(self, results: Sequence[Result], sent: set[int]) -> None:
        pass

    def exemplar(self, index: int) -> Exemplar | None:
        del index
        return None


class NoTraces:
    """Follows nothing."""

    def take(self, stage: str, items: Sequence[Item]) -> TracedBatch:
        """Pass on what contexts the records have."""
        del stage
        return _PassedOn(items)

    def close(self) -> None:
        """Nothing is left."""


def load(settings: Settings, environ: Mapping[str, str] = os.environ) -> Traces:
    """Return what the ``OTEL_*`` variables ask for.

    Raises:
        ConfigurationError: they ask for what is not installed, or not offered.
    """
    exporter = tracing.wanted(environ)
    if exporter is None:
        return NoTraces()
    provider = tracing.provider(exporter, instance=f"{settings.group}-{settings.slot}")
    from streams.agents.spans import Spans  # noqa: PLC0415  (needs OpenTelemetry)

    return Spans(provider, settings)
