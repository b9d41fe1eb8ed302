"""What is told of records to those who follow traces: spans that hang together from page to event."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler

from streams import headers as h
from streams import settings
from streams.agents.spans import Spans
from streams.agents.traces import NoTraces
from streams.agents.work import Done, Failed, Item, Output, Result

FROM_CRAWLER = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
OUTPUT = Output("documents", "d1", b"{}", "t")
DONE = Done([OUTPUT], 0.25, 0.2, "a.example", "en", 1_000_000.0)


class Followed:
    """A worker's spans, kept in memory."""

    def __init__(self, sampler: Sampler = ALWAYS_ON) -> None:
        self.kept = InMemorySpanExporter()
        provider = TracerProvider(sampler=sampler)
        provider.add_span_processor(SimpleSpanProcessor(self.kept))
        self.spans = Spans(provider, settings.load(group="g"))

    def stage(self, stage: str, item: Item, result: Result) -> tuple[list[h.Header], dict[str, str] | None]:
        """Carry a record through a stage; return what its output carries, and its exemplar."""
        batch = self.spans.take(stage, [item])
        outputs = result.outputs if isinstance(result, Done) else []
        carried = [batch.carried(0) for _ in outputs]
        batch.finish([result], {0} if outputs else set())
        return (carried or [[]])[-1], batch.exemplar(0)

    def named(self, name: str) -> ReadableSpan:
        (found,) = (span for span in self.kept.get_finished_spans() if span.name == name)
        return found


def item(topic: str, headers: Sequence[h.Header] = (), offset: int = 7) -> Item:
    return Item(b"{}", dict(headers), topic, 2, offset)


def test_a_trace_leads_from_the_crawler_to_the_events() -> None:
    followed = Followed()
    carried: list[h.Header] = [(h.TRACEPARENT, FROM_CRAWLER), (h.TRACESTATE, b"vendor=1")]
    parents = []
    for stage, topic in (("parse", "pages.raw"), ("enrich", "documents"), ("classify", "documents.enriched")):
        parents.append(carried[0][1].split(b"-")[2].decode())
        carried, _ = followed.stage(stage, item(topic, carried), DONE)
        assert dict(carried)[h.TRACESTATE] == b"vendor=1"
    spans = followed.kept.get_finished_spans()
    assert len(spans) == 9
    assert {f"{span.context.trace_id:032x}" for span in spans} == {"0af7651916cd43dd8448eb211c80319c"}
    stages = [
        followed.named(n) for n in ("parse pages.raw", "enrich documents", "classify documents.enriched")
    ]
    assert [f"{span.parent.span_id:016x}" for span in stages if span.parent] == parents
    for span, stage in zip(stages, ("parse", "enrich", "classify"), strict=True):
        for child in (followed.named(f"compute {stage}"), followed.named(f"send from {stage}")):
            assert child.parent is not None
            assert child.parent.span_id == span.context.span_id


def test_a_span_says_which_record_it_is_of_and_how_long_it_computed() -> None:
    followed = Followed()
    followed.stage("parse", item("pages.raw", [(h.URL, b"https://a.example/x")]), DONE)
    span, compute = followed.named("parse pages.raw"), followed.named("compute parse")
    assert dict(span.attributes or {}) == {
        "messaging.system": "kafka",
        "messaging.operation.name": "parse",
        "messaging.operation.type": "process",
        "messaging.destination.name": "pages.raw",
        "messaging.destination.partition.id": "2",
        "messaging.kafka.offset": 7,
        "messaging.consumer.group.name": "g",
        "dateline.page": "pages.raw/2/7",
        "dateline.outcome": "processed",
        "url.full": "https://a.example/x",
    }
    assert compute.start_time == 1_000_000 * 10**9
    assert (compute.end_time or 0) - (compute.start_time or 0) == 250_000_000


def test_a_record_that_failed_says_why() -> None:
    followed = Followed()
    followed.stage("parse", item("pages.raw"), Failed("Unexpected", "a bug", "Traceback …"))
    (span,) = followed.kept.get_finished_spans()
    assert not span.status.is_ok
    assert span.status.description == "a bug"
    assert (span.attributes or {})["error.type"] == "Unexpected"
    assert (span.attributes or {})["dateline.outcome"] == "dead_letter"
    (event,) = span.events
    assert (event.attributes or {})["exception.stacktrace"] == "Traceback …"


@pytest.mark.parametrize("parent", [b"", b"garbage", b"\xff" * 10_000, FROM_CRAWLER.replace(b"0af", b"0AF")])
def test_a_context_that_is_none_begins_a_trace_of_its_own(parent: bytes) -> None:
    followed = Followed()
    carried, exemplar = followed.stage("parse", item("pages.raw", [(h.TRACEPARENT, parent)]), DONE)
    span = followed.named("parse pages.raw")
    assert span.parent is None
    assert exemplar == {
        "trace_id": f"{span.context.trace_id:032x}",
        "span_id": f"{span.context.span_id:016x}",
    }
    assert dict(carried)[h.TRACEPARENT].split(b"-")[1].decode() == exemplar["trace_id"]


def test_what_is_not_sampled_has_no_exemplar_and_says_so_to_the_next_stage() -> None:
    followed = Followed(ALWAYS_OFF)
    carried, exemplar = followed.stage("parse", item("pages.raw"), DONE)
    assert exemplar is None
    assert followed.kept.get_finished_spans() == ()
    assert int(dict(carried)[h.TRACEPARENT][-2:], 16) & 1 == 0


def test_without_traces_the_context_of_others_goes_on_unchanged() -> None:
    given: list[h.Header] = [(h.TRACEPARENT, FROM_CRAWLER), (h.TRACESTATE, b"vendor=1")]
    batch = NoTraces().take("parse", [item("pages.raw", given), item("pages.raw")])
    batch.finish([DONE, DONE], {0, 1})
    assert [batch.carried(0), batch.carried(1)] == [given, []]
    assert batch.exemplar(0) is None
