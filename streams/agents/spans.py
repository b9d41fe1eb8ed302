"""Spans of records: one for each stage that takes a record, and under it its compute and its send.

What is sent for a record carries the context of the send, so the next stage's span is its child: a
trace leads from the page, or from whoever sent it, to the last event. Names and attributes follow
OpenTelemetry's conventions for messaging.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import Span, SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from streams import __version__
from streams import headers as h
from streams.agents.about import place
from streams.agents.tally import outcome_of
from streams.agents.traces import Exemplar
from streams.agents.work import Done, Item, Result
from streams.settings import Settings

_W3C = TraceContextTextMapPropagator()
_SECOND = 1_000_000_000
_CLOSE_S = 3.0
_CHARS = 1000


class Spans:
    """Follows the records of one worker."""

    def __init__(self, provider: TracerProvider, settings: Settings) -> None:
        """Make spans that go where the provider sends them."""
        self._provider = provider
        self._tracer = provider.get_tracer("dateline", __version__)
        self._settings = settings

    def take(self, stage: str, items: Sequence[Item]) -> SpanBatch:
        """Start a span for each record, under the one whose context it carries."""
        now = time.time_ns()
        return SpanBatch(stage, items, [self._start(stage, item, now) for item in items], self)

    def _start(self, stage: str, item: Item, now: int) -> Span:
        carrier = {name: h.text(value) for name, value in h.trace_context(item.headers)}
        span = self._tracer.start_span(
            f"{stage} {item.topic}", _W3C.extract(carrier, Context()), SpanKind.CONSUMER, start_time=now
        )
        if span.is_recording():
            span.set_attributes(
                {
                    "messaging.system": "kafka",
                    "messaging.operation.name": stage,
                    "messaging.operation.type": "process",
                    "messaging.destination.name": item.topic,
                    "messaging.destination.partition.id": str(item.partition),
                    "messaging.kafka.offset": item.offset,
                    "messaging.consumer.group.name": self._settings.group,
                    **{f"dateline.{name}": value for name, value in place(stage, item).items()},
                }
            )
            if url := h.text(item.headers.get(h.URL)):
                span.set_attribute("url.full", url[:_CHARS])
        return span

    def child(self, parent: Span, name: str, kind: SpanKind, started: int) -> Span:
        """Start a span under a record's."""
        return self._tracer.start_span(name, set_span_in_context(parent, Context()), kind, start_time=started)

    def close(self) -> None:
        """Send what is left; a collector that does not answer is not waited for."""
        ending = threading.Thread(target=self._provider.shutdown, name="traces-end", daemon=True)
        ending.start()
        ending.join(_CLOSE_S)


class SpanBatch:
    """The spans of a batch's records."""

    def __init__(self, stage: str, items: Sequence[Item], spans: list[Span], made_by: Spans) -> None:
        """Take the spans that were started, one for each record."""
        self._stage, self._items, self._spans, self._made_by = stage, items, spans, made_by
        self._sends: dict[int, tuple[Span, list[h.Header]]] = {}
        self._counts: dict[int, int] = {}

    def carried(self, index: int) -> list[h.Header]:
        """Return the context of this record's send, which starts with its first output."""
        self._counts[index] = self._counts.get(index, 0) + 1
        if index not in self._sends:
            name = f"send from {self._stage}"
            span = self._made_by.child(self._spans[index], name, SpanKind.PRODUCER, time.time_ns())
            carrier: dict[str, str] = {}
            _W3C.inject(carrier, set_span_in_context(span, Context()))
            self._sends[index] = span, [(key, value.encode()) for key, value in carrier.items()]
        return self._sends[index][1]

    def finish(self, results: Sequence[Result], sent: set[int]) -> None:
        """End the spans: what a record gave is confirmed."""
        now = time.time_ns()
        for index, (span, result) in enumerate(zip(self._spans, results, strict=True)):
            if span.is_recording():
                self._end_send(index, now)
                span.set_attribute("dateline.outcome", outcome_of(result, index in sent))
                self._tell(span, result)
            span.end(now)

    def _end_send(self, index: int, now: int) -> None:
        if index in self._sends:
            send, _ = self._sends[index]
            send.set_attributes(
                {
                    "messaging.system": "kafka",
                    "messaging.operation.name": "send",
                    "messaging.operation.type": "send",
                    "messaging.batch.message_count": self._counts[index],
                }
            )
            send.end(now)

    def _tell(self, span: Span, result: Result) -> None:
        if isinstance(result, Done):
            started = int(result.started * _SECOND)
            compute = self._made_by.child(span, f"compute {self._stage}", SpanKind.INTERNAL, started)
            compute.set_attribute("dateline.cpu_seconds", result.cpu_seconds)
            compute.end(started + int(result.seconds * _SECOND))
        else:
            span.set_attribute("error.type", result.error)
            span.set_status(StatusCode.ERROR, result.message[:_CHARS])
            if result.traceback:
                told = {"exception.type": result.error, "exception.stacktrace": result.traceback}
                span.add_event("exception", told)

    def exemplar(self, index: int) -> Exemplar | None:
        """Return the ids of a record's span, where its trace is kept."""
        context = self._spans[index].get_span_context()
        if not context.trace_flags.sampled:
            return None
        return {"trace_id": f"{context.trace_id:032x}", "span_id": f"{context.span_id:016x}"}
