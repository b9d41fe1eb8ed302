"""The metrics of :mod:`streams.ops.definitions`, live on a registry."""

from __future__ import annotations

from itertools import product

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, disable_created_metrics

from streams.ops.definitions import CONSUMED_TOPICS, METRICS, MetricDef, MetricType

__all__ = ["CONSUMED_TOPICS", "METRICS", "MetricDef", "Metrics"]

# A time of creation for each series would make the page half as long again, and nothing here reads it.
disable_created_metrics()  # type: ignore[no-untyped-call]  # its package types only what is called often


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
        self.event_types = make.counter("dateline_event_types_total")
        self.event_countries = make.counter("dateline_event_countries_total")
        self.event_confidence = make.histogram("dateline_event_confidence_ratio")
        self.event_actors = make.counter("dateline_event_actors_total")
        self.coded_documents = make.counter("dateline_coded_documents_total")
        self.fetched_to_emitted = make.histogram("dateline_fetched_to_emitted_seconds")
        self.published_to_emitted = make.histogram("dateline_published_to_emitted_seconds")
        self.lag_records = make.gauge("dateline_lag_records")
        self.lag_seconds = make.gauge("dateline_lag_seconds")
        self.records_again = make.counter("dateline_records_again_total")
        self.site_pages = make.counter("dateline_site_pages_total")
        self.site_events = make.counter("dateline_site_events_total")
        self.sites = make.gauge("dateline_sites")
        self.silent_site = make.gauge("dateline_silent_site_seconds")
        self.eventless_site = make.gauge("dateline_eventless_site_documents")
        self.disk_free = make.gauge("dateline_disk_free_bytes")
        self.disk_size = make.gauge("dateline_disk_size_bytes")
        self.ready = make.gauge("dateline_ready")
        self.start = make.gauge("dateline_start_seconds")
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
        closed = [values for values in labels.values() if not isinstance(values, str)]
        if labels and len(closed) == len(labels):
            for combination in product(*closed):
                metric.labels(*combination)
