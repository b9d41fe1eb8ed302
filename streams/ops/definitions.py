"""Every metric Dateline exposes: the one place where a metric is declared.

Units are base units (seconds, records); a counter's name ends in ``_total``; every label's values
are a closed set, or bounded by what its text says. ``docs/metrics.md`` is generated from the table
below, and the dashboards and alerts are tested against it. One table, so it is long.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, get_args

from streams.ops.outcomes import (
    ERROR_LABELS,
    LANGUAGE_LABELS,
    ActorKnown,
    Coded,
    DocumentStatus,
    Origin,
    Outcome,
    RestartReason,
    Side,
    SiteState,
    Stage,
)
from streams.records import EVENT_CLASSES, DocumentKind, PloverType

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
    2592000.0,
)
# Fine where thresholds are set: a consumer that takes only the surest events cuts at 0.8 or 0.9.
CONFIDENCE_BUCKETS = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
# Above a tenth of a second heartbeats and health checks begin to suffer.
LAG_BUCKETS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def _values(kind: type[StrEnum]) -> tuple[str, ...]:
    return tuple(member.value for member in kind)


STAGE = {"stage": _values(Stage)}
EVENT_CLASS = {"event_class": EVENT_CLASSES}
# Without the prefix that the settings give the topics.
CONSUMED_TOPICS = ("pages.raw", "documents", "documents.enriched")
SITE_BOUND = "the busiest sites, as many as DATELINE_SITE_SERIES, and `other`"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricDef:
    """One metric: its full name as scraped, and what its values mean.

    ``labels`` names each label with its values, or with words that say how many it may have.
    ``buckets`` are upper bounds in the metric's unit, for histograms only.
    """

    name: str
    type: MetricType
    unit: str
    help: str
    labels: Mapping[str, tuple[str, ...] | str] = field(default_factory=dict)
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
        labels=EVENT_CLASS,
        help="Events that the broker has confirmed",
    ),
    MetricDef(
        name="dateline_event_types_total",
        type="counter",
        unit="events",
        labels=EVENT_CLASS | {"type": get_args(PloverType)},
        help="Events by PLOVER type",
    ),
    MetricDef(
        name="dateline_event_countries_total",
        type="counter",
        unit="events",
        labels=EVENT_CLASS
        | {"country": "ISO 3166-1 alpha-3 codes and `unknown`, each from its first event on"},
        help="Events by the country of their place, else of their source, else of their target",
    ),
    MetricDef(
        name="dateline_event_confidence_ratio",
        type="histogram",
        unit="ratio",
        labels=EVENT_CLASS,
        buckets=CONFIDENCE_BUCKETS,
        help="Confidence that the coder gives its events",
    ),
    MetricDef(
        name="dateline_event_actors_total",
        type="counter",
        unit="events",
        labels={"side": _values(Side), "known": _values(ActorKnown)},
        help="Events by what is known of each side: an actor with a country, only a name, or nobody",
    ),
    MetricDef(
        name="dateline_coded_documents_total",
        type="counter",
        unit="documents",
        labels={"language": LANGUAGE_LABELS, "result": _values(Coded)},
        help="Documents that classify finished, by language and by whether they gave an event",
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
        name="dateline_fetched_to_emitted_seconds",
        type="histogram",
        unit="seconds",
        buckets=AGE_BUCKETS,
        help="Time from the fetch of a page to the broker's confirmation of an event from it",
    ),
    MetricDef(
        name="dateline_published_to_emitted_seconds",
        type="histogram",
        unit="seconds",
        buckets=AGE_BUCKETS,
        help="Time from the publication of a document to the broker's confirmation of an event from it, "
        "where the page gives it to the minute",
    ),
    MetricDef(
        name="dateline_lag_records",
        type="gauge",
        unit="records",
        labels={"topic": CONSUMED_TOPICS},
        help="Records of this worker's partitions that wait or are not committed yet",
    ),
    MetricDef(
        name="dateline_lag_seconds",
        type="gauge",
        unit="seconds",
        labels={"topic": CONSUMED_TOPICS},
        help="How far the slowest partition is behind: the time since its last finished record was written, "
        "or since none waited, whichever is shorter; 0 when none waits",
    ),
    MetricDef(
        name="dateline_records_again_total",
        type="counter",
        unit="records",
        labels=STAGE | {"origin": _values(Origin), "outcome": _values(Outcome)},
        help="Records that came again, from the dead letters or by a replay, by what became of them",
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
        "waiting, divided by the partitions that wait where another of them moved: each has its turn; 0 when "
        "none waits",
    ),
    MetricDef(
        name="dateline_site_pages_total",
        type="counter",
        unit="pages",
        labels={"site": SITE_BOUND},
        help="Readable pages by site",
    ),
    MetricDef(
        name="dateline_site_events_total",
        type="counter",
        unit="events",
        labels={"site": SITE_BOUND},
        help="Events by site",
    ),
    MetricDef(
        name="dateline_sites",
        type="gauge",
        unit="sites",
        labels={"state": _values(SiteState)},
        help="Sites that this worker knows: active, silent (no readable page for far longer than usual) and "
        "eventless (no event from far more documents than usual)",
    ),
    MetricDef(
        name="dateline_silent_site_seconds",
        type="gauge",
        unit="seconds",
        labels={"site": "the 20 silent sites that gave the most pages"},
        help="Time since the last readable page of a silent site",
    ),
    MetricDef(
        name="dateline_eventless_site_documents",
        type="gauge",
        unit="documents",
        labels={"site": "the 20 eventless sites with the most documents"},
        help="Documents of an eventless site since its last event",
    ),
    MetricDef(
        name="dateline_disk_free_bytes",
        type="gauge",
        unit="bytes",
        help="Free space of the file system that holds DATELINE_DATA_DIR",
    ),
    MetricDef(
        name="dateline_disk_size_bytes",
        type="gauge",
        unit="bytes",
        help="Size of the file system that holds DATELINE_DATA_DIR",
    ),
    MetricDef(
        name="dateline_ready",
        type="gauge",
        unit="",
        help="Whether the worker takes records, as /readyz says: 1 or 0",
    ),
    MetricDef(
        name="dateline_start_seconds",
        type="gauge",
        unit="seconds",
        help="Time from the start of the process until the worker was ready",
    ),
    MetricDef(
        name="dateline_build_info",
        type="info",
        unit="",
        labels={"version": "one in each build", "coder_version": "one in each build"},
        help="Always 1; the labels say what runs",
    ),
)
