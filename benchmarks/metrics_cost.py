"""What the metrics cost: a share of the worker's CPU, the size and time of ``/metrics``, and time to ready.

Each figure with a limit ends with status 1 where it is over it: ``python -m benchmarks.metrics_cost``.

- cost: real pages go through the stages, as in a compute process, and through the tally of a worker
  and a tally that counts nothing, in turns; CPU time of both is compared with that of the stages.
- end to end: workers with and without metrics take the same pages from the embedded broker, in turns;
  CPU time of all their processes is compared, because pages a second differ more from run to run.
- traces: the same for tracing of every page, of none by sampling, and switched off.
- page: ``/metrics`` of a registry that 10,000 sites and 250 countries in each class have filled, over HTTP.
- ready: from the start of a worker's process until it takes records.

Beside other load times grow and CPU seconds hardly do: both are told.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import logging
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from opentelemetry.exporter.otlp.proto.common.trace_encoder import encode_spans
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON
from prometheus_client import CollectorRegistry

from benchmarks import end_to_end
from streams import headers as h
from streams import settings as settings_module
from streams.agents.spans import Spans
from streams.agents.tally import Tally
from streams.agents.tasks import run_chunk
from streams.agents.traces import NoTraces, Traces
from streams.agents.work import Done, Item, Result
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.ops.web import OpsServer
from streams.parse import Limits
from streams.records import EVENT_CLASSES
from streams.settings import Settings

SITES = 10_000
TRACEPARENT = b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
STAGES = ("parse", "enrich", "classify")
LIMITS = {"cost": 0.02, "scrape_ms": 50.0, "scrape_bytes": 1_000_000.0, "ready_s": 5.0}


class NoTally:
    """A tally that counts nothing."""

    def batch(self, *_: Any) -> None:
        """Count nothing."""

    def look(self, *_: Any) -> None:
        """Set nothing."""


def events_of(stage: str, results: Sequence[Result]) -> list[Any]:
    topic = {"parse": "pages.raw", "enrich": "documents", "classify": "documents.enriched"}[stage]
    now = time.time()
    headers = [(h.PAGE_TIME, str(int(now * 1000)).encode()), ("ce_id", b"x"), ("ce_type", b"y")]
    message = SimpleNamespace(topic=topic, partition=0, timestamp=now, headers=headers)
    return [SimpleNamespace(message=message) for _ in results]


def work(pages: int) -> tuple[list[tuple[str, list[Result]]], float]:
    """Run the stages on pages; return every batch's results, and the CPU seconds of the stages."""
    batches: list[tuple[str, list[Result]]] = []
    items = [
        Item(body, {"url": url.encode(), "content-type": b"text/html; charset=utf-8"}, "pages.raw", 0, n)
        for n, (url, body) in enumerate(end_to_end.make_pages(pages))
    ]
    spent = 0.0
    for stage, size in zip(STAGES, (16, 256, 256), strict=True):
        passed: list[Item] = []
        seen: set[str] = set()
        for start in range(0, len(items), size):
            before = time.process_time()
            results = run_chunk(stage, items[start : start + size], Limits())
            spent += time.process_time() - before
            batches.append((stage, results))
            for output in (o for r in results if isinstance(r, Done) for o in r.outputs):
                if output.key not in seen:
                    seen.add(output.key)
                    passed.append(Item(output.value, {}, output.topic, 0, 0))
        items = passed
    return batches, spent


def count(tally: Tally | NoTally, batches: Sequence[tuple[str, list[Result]]]) -> float:
    """Return the CPU seconds of counting these batches."""
    prepared = [
        (stage, events_of(stage, results), results, {n for n, r in enumerate(results) if isinstance(r, Done)})
        for stage, results in batches
    ]
    before = time.process_time()
    for batch in prepared:
        tally.batch(*batch)
    tally.look({("pages.raw", 0): (0, 5), ("documents", 0): (1, 1)}, {0})
    return time.process_time() - before


def cost(pages: int, turns: int) -> dict[str, float]:
    batches, stages = work(pages)
    with_metrics, without = [], []
    for _ in range(turns):
        with_metrics.append(count(Tally(Metrics(CollectorRegistry()), settings_module.load()), batches))
        without.append(count(NoTally(), batches))
    spent = min(with_metrics) - min(without)
    return {
        "stages_cpu_ms_a_page": stages / pages * 1000,
        "metrics_cpu_ms_a_page": spent / pages * 1000,
        "cost": spent / stages,
    }


def trace(traces: Traces, batches: Sequence[tuple[str, list[Result]]]) -> float:
    """Return the CPU seconds of following these batches; contexts are carried as in a worker."""
    prepared = []
    for stage, results in batches:
        headers = {h.TRACEPARENT: TRACEPARENT} if stage != "parse" else {}
        prepared.append(
            (stage, [Item(b"", headers, "pages.raw", 0, n) for n, _ in enumerate(results)], results)
        )
    before = time.process_time()
    for stage, items, results in prepared:
        followed = traces.take(stage, items)
        for index, result in enumerate(results):
            for _ in result.outputs if isinstance(result, Done) else ():
                followed.carried(index)
        followed.finish(results, set(range(len(results))))
        for index in range(len(results)):
            followed.exemplar(index)
    traces.close()
    return time.process_time() - before


def traces_cost(pages: int, turns: int) -> dict[str, float]:
    """CPU of traces: of all pages, their encoding for OTLP included, and of none with tracing on and off."""
    batches, stages = work(pages)
    spent: dict[str, list[float]] = {"all": [], "none_sampled": [], "off": []}
    for _ in range(turns):
        spent["off"].append(trace(NoTraces(), batches))
        for name, sampler in (("all", ALWAYS_ON), ("none_sampled", ALWAYS_OFF)):
            provider = TracerProvider(sampler=sampler, shutdown_on_exit=False)
            provider.add_span_processor(SimpleSpanProcessor(Encoder()))
            spent[name].append(trace(Spans(provider, settings_module.load()), batches))
    return {f"traces_{name}_cost": min(found) / stages for name, found in spent.items()}


class Encoder(SpanExporter):
    """Encodes spans as for a collector, hundreds at a time, and sends them nowhere."""

    def __init__(self) -> None:
        self._waiting: list[ReadableSpan] = []

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        self._waiting += spans
        if len(self._waiting) >= 512:
            self.shutdown()
        return SpanExportResult.SUCCESS

    def shutdown(self) -> None:
        encode_spans(self._waiting).SerializeToString()
        self._waiting = []


def scrape(turns: int) -> dict[str, float]:
    registry = CollectorRegistry()
    metrics = Metrics(registry)
    for event_class, number in itertools.product(EVENT_CLASSES, range(250)):
        metrics.event_countries.labels(event_class, f"C{number:03}").inc()
    tally = Tally(metrics, settings_module.load(silent_after=1e-6))
    batches, _ = work(40)
    for turn in range(12):
        for stage, results in batches:
            tally.batch(stage, events_of(stage, results), results, set(range(len(results))))
        pages: list[Result] = [Done([], 0.01, 0.01, f"site{n}.example") for n in range(SITES)]
        tally.batch("parse", events_of("parse", pages), pages, set())
        documents: list[Result] = [Done([], 0.0, 0.0, f"site{n}.example", "en") for n in range(SITES)]
        tally.batch("classify", events_of("classify", documents), documents, set())
        if turn == 0:
            time.sleep(0.001)
    tally.look({("pages.raw", 0): (0, 5)}, {0})
    server = OpsServer(
        bind="127.0.0.1", port=0, registry=registry, health=Health(loop_limit=1e9, batch_limit=1e9)
    )
    try:
        times, cpu, size = [], [], 0
        for _ in range(turns):
            before, before_cpu = time.perf_counter(), time.process_time()
            size = len(end_to_end.get(f"{server.address}/metrics").encode())
            times.append((time.perf_counter() - before) * 1000)
            cpu.append((time.process_time() - before_cpu) * 1000)
    finally:
        server.close()
    return {
        "scrape_ms": statistics.median(times),
        "scrape_ms_worst": max(times),
        "scrape_cpu_ms": statistics.median(cpu),
        "scrape_bytes": float(size),
    }


def fresh(address: str, data: Path) -> Settings:
    """Settings with a group and topics of their own."""
    name = uuid.uuid4().hex[:8]
    return settings_module.load(
        brokers=address, group=name, topic_prefix=f"{name}.", data_dir=data, web_port=0
    )


@contextlib.contextmanager
def embedded(folder: Path) -> Iterator[str]:
    (folder / "broker").mkdir()
    with end_to_end.BROKERS["embedded"](folder / "broker") as address:
        yield address


async def ready(turns: int) -> dict[str, float]:
    """Time from the start of a process until it says that it is ready, with topics that exist."""
    took, cpu = [], []
    with tempfile.TemporaryDirectory(prefix="dateline-bench-") as place, embedded(Path(place)) as address:
        for turn in range(turns):
            settings = fresh(address, Path(place) / str(turn))
            await wait_for_broker(settings)
            await topics.create(settings)
            started = time.monotonic()
            with end_to_end.worker(settings, Path(place) / "worker.log") as (pid, _):
                took.append(time.monotonic() - started)
                cpu.append(end_to_end.cpu_seconds(pid))
    return {
        "ready_s": statistics.median(took),
        "ready_s_worst": max(took),
        "ready_cpu_s": statistics.median(cpu),
    }


async def end_to_end_turns(pages: int, turns: int) -> dict[str, float]:
    """CPU time a page of workers with and without metrics, in turns; the least of each counts."""
    made = list(end_to_end.make_pages(pages))
    programs = {"with": end_to_end.WORKER, "without": ("-m", "benchmarks.without_metrics")}
    spent: dict[str, list[float]] = {kind: [] for kind in programs}
    for turn in range(turns):
        for kind in sorted(programs, reverse=bool(turn % 2)):
            with tempfile.TemporaryDirectory(prefix="dateline-bench-") as place, embedded(Path(place)) as at:
                settings = fresh(at, Path(place) / "data")
                await wait_for_broker(settings)
                log = Path(place) / "worker.log"
                result = await end_to_end.measure(settings, made, log, programs[kind])
            spent[kind].append(result.all_cpu_ms_a_page)
            print(
                f"{kind} metrics: {result.all_cpu_ms_a_page:.2f} ms CPU a page, "
                f"{result.pages_per_second:.1f} pages/s",
                file=sys.stderr,
            )
    least = {kind: min(found) for kind, found in spent.items()}
    return {
        "cpu_ms_a_page_with": least["with"],
        "cpu_ms_a_page_without": least["without"],
        "end_to_end_cost": least["with"] / least["without"] - 1,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200, help="pages to count (200)")
    parser.add_argument("--turns", type=int, default=5, help="repeats of each figure (5)")
    parser.add_argument("--end-to-end", action="store_true", help="also run workers with and without metrics")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    figures: dict[str, float] = {}
    steps: list[Callable[[], dict[str, float]]] = [
        lambda: cost(given.pages, given.turns),
        lambda: traces_cost(given.pages, given.turns),
        lambda: scrape(given.turns),
        lambda: asyncio.run(ready(min(given.turns, 3))),
    ]
    if given.end_to_end:
        steps.append(lambda: asyncio.run(end_to_end_turns(given.pages, given.turns)))
    for step in steps:
        figures |= step()
    print(json.dumps({name: round(value, 4) for name, value in figures.items()}, indent=2))
    over = {name: figures[name] for name, limit in LIMITS.items() if figures[name] >= limit}
    if over:
        raise SystemExit(f"over the limit: {over}")


if __name__ == "__main__":
    main()
