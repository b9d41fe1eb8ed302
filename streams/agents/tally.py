"""Counts what became of each batch, and keeps the gauges of a worker: every metric of the stages is set here.

Called once for a batch, when the broker has confirmed it. Counts are added up first, because a call
on a metric costs about a microsecond and a batch has hundreds of records.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import faust
from prometheus_client import Gauge

from streams import headers as h
from streams.agents.facts import EventFacts
from streams.agents.seen import is_replayed
from streams.agents.traces import Exemplar
from streams.agents.work import Done, Failed, Result
from streams.ops.lag import LagWatch, Place
from streams.ops.metrics import CONSUMED_TOPICS, Metrics
from streams.ops.outcomes import (
    ERROR_LABELS,
    OTHER_ERROR,
    Coded,
    Origin,
    Outcome,
    Side,
    SiteState,
    Stage,
    language_label,
)
from streams.ops.sites import EventlessSites, OwnSeries, SilentSites
from streams.settings import Settings

_NAMED_SITES = 20
#: Headers that a record has because it came again.
_AGAIN = {"dl_attempts": Origin.REDRIVE, h.REPLAY: Origin.REPLAY}


class Tally:
    """The numbers of one worker. Belongs to its event loop."""

    def __init__(
        self, metrics: Metrics, settings: Settings, *, clock: Callable[[], float] = time.time
    ) -> None:
        """Count on these metrics; ``clock`` tells seconds since the epoch."""
        self._metrics, self._clock = metrics, clock
        self._names = {settings.topic(name): name for name in CONSUMED_TOPICS}
        self._lag = LagWatch()
        self._silent = SilentSites(after=settings.silent_after)
        self._eventless = EventlessSites()
        self._own = OwnSeries(settings.site_series)

    def batch(
        self,
        stage: str,
        events: Sequence[faust.EventT[Any]],
        results: Sequence[Result],
        sent: set[int],
        exemplar: Callable[[int], Exemplar | None] = lambda _: None,
    ) -> None:
        """Count a finished batch; ``sent`` holds the places in it of the records that gave something.

        ``exemplar`` returns the trace of the record at a place, where there is one.
        """
        now = self._clock()
        m = self._metrics
        age, duration = m.record_age.labels(stage), m.stage_duration.labels(stage)
        outcomes: Counter[str] = Counter()
        again: Counter[tuple[str, str]] = Counter()
        cpu = 0.0
        for index, (event, result) in enumerate(zip(events, results, strict=True)):
            message = event.message
            age.observe(max(0.0, now - message.timestamp))
            self._lag.finished((message.topic, message.partition), message.timestamp)
            outcome = outcome_of(result, index in sent)
            outcomes[outcome] += 1
            names = dict(message.headers or ())
            for name in _AGAIN.keys() & names.keys():
                again[_AGAIN[name], outcome] += 1
            if isinstance(result, Failed):
                label = result.error if result.error in ERROR_LABELS else OTHER_ERROR
                m.dead_letters.labels(stage, label).inc()
            else:
                duration.observe(result.seconds, exemplar(index))
                cpu += result.cpu_seconds
        m.compute_cpu.labels(stage).inc(cpu)
        for outcome, count in outcomes.items():
            m.records.labels(stage, outcome).inc(count)
        for (origin, outcome), count in again.items():
            m.records_again.labels(stage, origin, outcome).inc(count)
        if stage == Stage.PARSE:
            self._pages(events, results, now)
        elif stage == Stage.CLASSIFY:
            self._coded(events, results, now, exemplar)

    def _pages(self, events: Sequence[faust.EventT[Any]], results: Sequence[Result], now: float) -> None:
        pages: Counter[str] = Counter()
        for event, result in zip(events, results, strict=True):
            if isinstance(result, Done) and result.site:
                # What a replay brings says nothing of what the site sends now.
                if not is_replayed(event):
                    self._silent.page(event.message.partition, result.site, now)
                self._own.page(result.site)
                pages[self._own.label(result.site)] += 1
        for label, count in pages.items():
            self._metrics.site_pages.labels(label).inc(count)

    def _coded(
        self,
        events: Sequence[faust.EventT[Any]],
        results: Sequence[Result],
        now: float,
        exemplar: Callable[[int], Exemplar | None],
    ) -> None:
        m = self._metrics
        coded: Counter[tuple[str, str]] = Counter()
        sites: Counter[str] = Counter()
        found: Counter[tuple[str, str, str, str, str]] = Counter()
        for index, (event, result) in enumerate(zip(events, results, strict=True)):
            if isinstance(result, Failed):
                continue
            made = Coded.EVENT if result.outputs else Coded.NONE
            coded[language_label(result.language), made.value] += 1
            # How fresh a page of the past is, or what its site gives, says nothing of today.
            replayed = is_replayed(event)
            if not replayed:
                self._eventless.document(result.site, has_event=bool(result.outputs))
            if not result.outputs:
                continue
            sites[self._own.label(result.site)] += len(result.outputs)
            page_time, trace = _page_time(event), exemplar(index)
            for facts in (output.facts for output in result.outputs):
                if facts:
                    found[facts[:5]] += 1
                    m.event_confidence.labels(facts.event_class).observe(facts.confidence)
                    if not replayed:
                        self._freshness(facts, page_time, now, trace)
        for (language, result_label), count in coded.items():
            m.coded_documents.labels(language, result_label).inc(count)
        for site, count in sites.items():
            m.site_events.labels(site).inc(count)
        self._events(found)

    def _events(self, found: Mapping[tuple[str, str, str, str, str], int]) -> None:
        m = self._metrics
        for (event_class, kind, country, source, target), count in found.items():
            m.events.labels(event_class).inc(count)
            m.event_types.labels(event_class, kind).inc(count)
            m.event_countries.labels(event_class, country).inc(count)
            m.event_actors.labels(Side.SOURCE, source).inc(count)
            m.event_actors.labels(Side.TARGET, target).inc(count)

    def _freshness(
        self, facts: EventFacts, page_time: float | None, now: float, trace: Exemplar | None
    ) -> None:
        m = self._metrics
        for histogram, since in (
            (m.page_to_event, page_time),
            (m.fetched_to_emitted, facts.fetched),
            (m.published_to_emitted, facts.published),
        ):
            if since is not None:
                histogram.observe(max(0.0, now - since), trace)

    def look(self, offsets: Mapping[Place, tuple[int, int]], held: Collection[int] | None) -> None:
        """Set the gauges.

        ``offsets`` has the committed and the end offset of each partition, where both are known;
        ``held`` the partitions of ``pages.raw`` that this worker holds, None while that is not settled.
        """
        now = self._clock()
        m = self._metrics
        records = dict.fromkeys(CONSUMED_TOPICS, 0)
        seconds = dict.fromkeys(CONSUMED_TOPICS, 0.0)
        for (topic, _), lag in self._lag.look(offsets, now).items():
            name = self._names[topic]
            records[name] += lag.records
            seconds[name] = max(seconds[name], lag.seconds)
        for name in CONSUMED_TOPICS:
            m.lag_records.labels(name).set(records[name])
            m.lag_seconds.labels(name).set(seconds[name])
        if held is not None:
            self._silent.keep(held)
        silent, eventless = self._silent.silent(now), self._eventless.eventless()
        m.sites.labels(SiteState.SILENT).set(len(silent))
        m.sites.labels(SiteState.EVENTLESS).set(len(eventless))
        m.sites.labels(SiteState.ACTIVE).set(len(self._silent) - len(silent))
        _show(m.silent_site, dict(silent[:_NAMED_SITES]))
        _show(m.eventless_site, dict(eventless[:_NAMED_SITES]))


def outcome_of(result: Result, sent: bool) -> str:
    """Return what became of a record; ``sent``: it gave something to send."""
    if isinstance(result, Failed):
        return Outcome.DEAD_LETTER.value
    if sent:
        return Outcome.PROCESSED.value
    return (Outcome.SEEN if result.outputs else Outcome.EMPTY).value


def _page_time(event: faust.EventT[Any]) -> float | None:
    written = h.whole_number(h.text(dict(event.message.headers or ()).get(h.PAGE_TIME)))
    return None if written is None or written < 0 else written / 1000


def _show(gauge: Gauge, values: Mapping[str, float]) -> None:
    """Set a series for each site, and take away those of the sites that are not there any more."""
    for family in gauge.collect():
        for sample in family.samples:
            if sample.labels["site"] not in values:
                gauge.remove(sample.labels["site"])
    for site, value in values.items():
        gauge.labels(site).set(value)
