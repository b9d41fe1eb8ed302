"""Every metric Dateline exposes: the one place where a metric is declared.

Units are base units (seconds, records); a counter's name ends in ``_total``; every label's values
are a closed set, or bounded by the settings. ``docs/metrics.md`` is generated from the table below,
and the dashboards are tested against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from typing import Literal, get_args

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info

from streams.ops.outcomes import ERROR_LABELS, DocumentStatus, Outcome, RestartReason, Stage
from streams.records import EVENT_CLASSES, DocumentKind

MetricType = Literal["counter", "gauge", "histogram", "info"]

# From a millisecond (a teaser) to the deadline of a page and beyond.
COMPUTE_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
# From a batch that flows to one that waits for a broker which is away.
BATCH_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
# From a live stream to the replay of last week.
AGE_BUCKETS = (
    0.1,
    0.25,
    0.5,
    1.0,
    2.5,
    5.0,
    10.0,
    30.0,
    60.0,
    300.0,
    900.0,
    3600.0,
    21600.0,
    86400.0,
    604800.0,
)
# Above a tenth of a second heartbeats and health checks begin to suffer.
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _values(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


STAGE = {"stage": _values(Stage)}
# Without the prefix that the settings give the topics.
CONSUMED_TOPICS = ("pages.raw", "documents", "documents.enriched")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDef:
    """One metric: its full name as scraped, and what its values mean.

    ``labels`` names each label with its values; a label without values is bounded by the deployment.
    ``buckets`` are upper bounds in the metric's unit, for histograms only.
    """

    name: str
    type: MetricType
    unit: str
    help: str
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    buckets: tuple[float, ...] = ()


METRICS: tuple[MetricDef, ...] = (
    MetricDef(
        name="dateline_records_total",
        type="counter",
        unit="records",
        labels=STAGE | {"outcome": _values(Outcome)},
        help="Records that a stage finished, each counted exactly once by what became of it",
    ),
    MetricDef(
        name="dateline_documents_total",
        type="counter",
        unit="documents",
        labels={"kind": get_args(DocumentKind), "status": _values(DocumentStatus)},
        help="Documents found on pages; only new ones are emitted",
    ),
    MetricDef(
        name="dateline_events_total",
        type="counter",
        unit="events",
        labels={"event_class": EVENT_CLASSES},
        help="Events that the broker has confirmed",
    ),
    MetricDef(
        name="dateline_dead_letters_total",
        type="counter",
        unit="records",
        labels=STAGE | {"error": ERROR_LABELS},
        help="Dead letters that the broker has confirmed, by the class of the error",
    ),
    MetricDef(
        name="dateline_stage_duration_seconds",
        type="histogram",
        unit="seconds",
        labels=STAGE,
        buckets=COMPUTE_BUCKETS,
        help="Time a compute process spent on one record",
    ),
    MetricDef(
        name="dateline_compute_cpu_seconds_total",
        type="counter",
        unit="seconds",
        labels=STAGE,
        help="CPU time of the compute processes",
    ),
    MetricDef(
        name="dateline_batch_duration_seconds",
        type="histogram",
        unit="seconds",
        labels=STAGE,
        buckets=BATCH_BUCKETS,
        help="Time from taking a batch to the broker's confirmation of everything that it gave",
    ),
    MetricDef(
        name="dateline_record_age_seconds",
        type="histogram",
        unit="seconds",
        labels=STAGE,
        buckets=AGE_BUCKETS,
        help="Age of a record when a stage takes it: now less the record's timestamp",
    ),
    MetricDef(
        name="dateline_page_to_event_seconds",
        type="histogram",
        unit="seconds",
        buckets=AGE_BUCKETS,
        help="Time from a page's record timestamp to the broker's confirmation of an event from it",
    ),
    MetricDef(
        name="dateline_in_flight_records",
        type="gauge",
        unit="records",
        labels=STAGE,
        help="Records taken by a stage and not finished yet",
    ),
    MetricDef(
        name="dateline_send_retries_total",
        type="counter",
        unit="retries",
        labels=STAGE,
        help="Sends to the broker that were tried again",
    ),
    MetricDef(
        name="dateline_compute_restarts_total",
        type="counter",
        unit="processes",
        labels={"reason": _values(RestartReason)},
        help="Compute processes that were replaced, by reason",
    ),
    MetricDef(
        name="dateline_seen_entries",
        type="gauge",
        unit="documents",
        help="Documents that this worker's seen tables remember",
    ),
    MetricDef(
        name="dateline_event_loop_lag_seconds",
        type="histogram",
        unit="seconds",
        buckets=LAG_BUCKETS,
        help="How late the event loop ran a timer; long when something computes in it",
    ),
    MetricDef(
        name="dateline_committed_offset_age_seconds",
        type="gauge",
        unit="seconds",
        labels={"topic": CONSUMED_TOPICS},
        help="Time since the committed offset last moved, of the partition that stands longest with records "
        "waiting; 0 when none waits",
    ),
    MetricDef(
        name="dateline_build_info",
        type="info",
        unit="",
        labels={"version": (), "coder_version": ()},
        help="Always 1; the labels say what runs",
    ),
)


class Metrics:
    """The metrics, live on a registry: one instance for a process, any number for tests.

    Every series with closed labels starts at 0, so that a rate over its first increase is not lost.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        make = _Maker(registry)
        self.records = make.counter("dateline_records_total")
        self.documents = make.counter("dateline_documents_total")
        self.events = make.counter("dateline_events_total")
        self.dead_letters = make.counter("dateline_dead_letters_total")
        self.stage_duration = make.histogram("dateline_stage_duration_seconds")
        self.compute_cpu = make.counter("dateline_compute_cpu_seconds_total")
        self.batch_duration = make.histogram("dateline_batch_duration_seconds")
        self.record_age = make.histogram("dateline_record_age_seconds")
        self.page_to_event = make.histogram("dateline_page_to_event_seconds")
        self.in_flight = make.gauge("dateline_in_flight_records")
        self.send_retries = make.counter("dateline_send_retries_total")
        self.compute_restarts = make.counter("dateline_compute_restarts_total")
        self.seen_entries = make.gauge("dateline_seen_entries")
        self.event_loop_lag = make.histogram("dateline_event_loop_lag_seconds")
        self.committed_offset_age = make.gauge("dateline_committed_offset_age_seconds")
        self.build_info = make.info("dateline_build_info")


class _Maker:
    """Turns definitions into live metrics on one registry."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._registry = registry
        self._definitions = {definition.name: definition for definition in METRICS}

    def counter(self, name: str) -> Counter:
        made = Counter(*self._describe(name, "counter"), registry=self._registry)
        self._start(made, name)
        return made

    def histogram(self, name: str) -> Histogram:
        buckets = self._definitions[name].buckets
        made = Histogram(*self._describe(name, "histogram"), registry=self._registry, buckets=buckets)
        self._start(made, name)
        return made

    def gauge(self, name: str) -> Gauge:
        # No start at 0: a gauge that nothing has set yet has no value.
        return Gauge(*self._describe(name, "gauge"), registry=self._registry)

    def info(self, name: str) -> Info:
        title, text, _ = self._describe(name, "info")
        return Info(title.removesuffix("_info"), text, registry=self._registry)

    def _describe(self, name: str, kind: MetricType) -> tuple[str, str, tuple[str, ...]]:
        definition = self._definitions[name]
        assert definition.type == kind, f"{name} is declared as a {definition.type}"
        return definition.name, definition.help, tuple(definition.labels)

    def _start(self, metric: Counter | Histogram, name: str) -> None:
        labels = self._definitions[name].labels
        for values in product(*labels.values()) if labels else ():
            metric.labels(*values)
