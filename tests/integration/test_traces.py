"""Traces of a running worker: sent by OTLP to a collector, whole from the page to its events."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from streams import headers as h
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, headers_of, page, until

TRACE = "0af7651916cd43dd8448eb211c80319c"
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


class Collector:
    """What an OTLP collector would have received."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        received = self.spans

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                request = ExportTraceServiceRequest.FromString(body)
                received.extend(s for r in request.resource_spans for sc in r.scope_spans for s in sc.spans)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def of_trace(self) -> dict[bytes, Span]:
        return {span.span_id: span for span in self.spans if span.trace_id.hex() == TRACE}


@pytest.fixture
def collector() -> Iterator[Collector]:
    made = Collector()
    yield made
    made.close()


async def test_a_trace_is_whole_from_the_page_to_its_events(
    cluster: Cluster, make_worker: MakeWorker, collector: Collector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.address)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "200")
    worker = make_worker()
    await worker.start_ready()
    one = page("one.example", "traced")
    parent = f"00-{TRACE}-b7ad6b7169203331-01".encode()
    await cluster.send_raw([(b"one.example", one.body, [*headers_of(one), (h.TRACEPARENT, parent)])])
    await cluster.finished()
    events = await cluster.events()
    assert events
    contexts = [dict(event.headers)[h.TRACEPARENT].decode().split("-") for event in events]
    assert {context[1] for context in contexts} == {TRACE}

    async def received() -> bool:
        return {bytes.fromhex(context[2]) for context in contexts} <= collector.of_trace().keys()

    await until(received, "the spans that the events name")
    spans = collector.of_trace()
    for _, _, sender, _ in contexts:
        way, at = [], bytes.fromhex(sender)
        while at in spans:
            way.append(spans[at].name.removesuffix(cluster.settings.topic_prefix))
            at = spans[at].parent_span_id
        assert at.hex() == "b7ad6b7169203331"
        assert [name.split(" ")[0] for name in way] == ["send", "classify", "send", "enrich", "send", "parse"]

    read: Any = text_string_to_metric_families
    families = {family.name: family for family in read(worker.get("/metrics", accept=OPENMETRICS)[1])}
    for name in ("dateline_page_to_event_seconds", "dateline_stage_duration_seconds"):
        exemplars = [sample.exemplar for sample in families[name].samples if sample.exemplar]
        assert {exemplar.labels["trace_id"] for exemplar in exemplars} == {TRACE}
    assert "trace_id" not in worker.get("/metrics")[1]


# It is no matter of the broker.
@pytest.mark.parametrize("address", ["embedded"], indirect=True)
async def test_a_collector_that_does_not_answer_holds_nothing_up(
    cluster: Cluster, make_worker: MakeWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    worker = make_worker()
    await worker.start_ready()
    await cluster.send([page("one.example", "traced")])
    await cluster.finished()
    assert await cluster.events()
    assert worker.stop() == 0
