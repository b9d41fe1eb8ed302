"""What a worker counts of its batches; each record once, and a bounded number of series."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from streams import samples, settings
from streams.agents.facts import EventFacts
from streams.agents.tally import Tally
from streams.agents.tasks import run_one
from streams.agents.work import Done, Failed, Item, Output, Result
from streams.ops.metrics import Metrics
from streams.parse import Limits

NOW = 1_000_000.0


class Counted:
    """A tally on a registry of its own."""

    def __init__(self, **changes: object) -> None:
        self.registry = CollectorRegistry()
        self.now = NOW
        self.settings = settings.load(topic_prefix="p.", **changes)
        self.tally = Tally(Metrics(self.registry), self.settings, clock=lambda: self.now)

    def batch(self, stage: str, results: Iterable[Result], *, headers: list[Any] | None = None) -> None:
        results = list(results)
        topic = {"parse": "p.pages.raw", "enrich": "p.documents", "classify": "p.documents.enriched"}[stage]
        message = SimpleNamespace(topic=topic, partition=0, timestamp=self.now - 2, headers=headers)
        events: list[Any] = [SimpleNamespace(message=message)] * len(results)
        self.tally.batch(stage, events, results, {n for n, r in enumerate(results) if _gave(r)})

    def value(self, name: str, **labels: str) -> float | None:
        return self.registry.get_sample_value(name, labels)


def _gave(result: Result) -> bool:
    return isinstance(result, Done) and bool(result.outputs)


def document(site: str, *facts: EventFacts, language: str = "en") -> Done:
    outputs = [Output(f"events.{f.event_class}", "k", b"{}", "t", facts=f) for f in facts]
    return Done(outputs, 0.001, 0.001, site, language)


def page(site: str) -> Done:
    return Done([Output("documents", "k", b"{}", "t", "article", site)], 0.01, 0.01, site)


FACTS = EventFacts("trade", "SANCTION", "NOR", "country", "nobody", 0.85, NOW - 7200, NOW - 30)


@pytest.fixture
def counted() -> Counted:
    return Counted()


def test_each_record_has_one_outcome(counted: Counted) -> None:
    results: list[Result] = [
        page("a.example"),
        Done([], 0.1, 0.2),
        Failed("InvalidPage", "no", ""),
        Failed("Odd", "no", ""),
    ]
    counted.batch("parse", results)
    outcomes = {"processed": 1, "seen": 0, "empty": 1, "dead_letter": 2}
    for outcome, count in outcomes.items():
        assert counted.value("dateline_records_total", stage="parse", outcome=outcome) == count
    assert counted.value("dateline_dead_letters_total", stage="parse", error="InvalidPage") == 1
    assert counted.value("dateline_dead_letters_total", stage="parse", error="other") == 1
    assert counted.value("dateline_record_age_seconds_sum", stage="parse") == 8
    assert counted.value("dateline_compute_cpu_seconds_total", stage="parse") == pytest.approx(0.21)


def test_a_page_whose_documents_were_all_seen_counts_as_seen(counted: Counted) -> None:
    message = SimpleNamespace(topic="p.pages.raw", partition=0, timestamp=NOW, headers=None)
    event: Any = SimpleNamespace(message=message)
    counted.tally.batch("parse", [event], [page("a.example")], set())
    assert counted.value("dateline_records_total", stage="parse", outcome="seen") == 1


def test_an_event_is_counted_by_class_type_country_and_actors(counted: Counted) -> None:
    page_time = [("dateline_page_time", str(int((NOW - 5) * 1000)).encode())]
    counted.batch("classify", [document("a.example", FACTS)], headers=page_time)
    assert counted.value("dateline_events_total", event_class="trade") == 1
    assert counted.value("dateline_event_types_total", event_class="trade", type="SANCTION") == 1
    assert counted.value("dateline_event_countries_total", event_class="trade", country="NOR") == 1
    assert counted.value("dateline_event_confidence_ratio_sum", event_class="trade") == 0.85
    assert counted.value("dateline_event_actors_total", side="source", known="country") == 1
    assert counted.value("dateline_event_actors_total", side="target", known="nobody") == 1
    assert counted.value("dateline_page_to_event_seconds_sum") == 5
    assert counted.value("dateline_fetched_to_emitted_seconds_sum") == 30
    assert counted.value("dateline_published_to_emitted_seconds_sum") == 7200


def test_a_time_that_is_not_known_is_not_counted(counted: Counted) -> None:
    counted.batch("classify", [document("a.example", FACTS._replace(published=None, fetched=None))])
    for name in ("page_to_event", "fetched_to_emitted", "published_to_emitted"):
        assert counted.value(f"dateline_{name}_seconds_count") == 0


def test_how_fresh_a_replayed_page_is_does_not_count(counted: Counted) -> None:
    marks = [("dateline_page_time", b"1"), ("dateline_replay", b"r1")]
    counted.batch("classify", [document("a.example", FACTS)], headers=marks)
    for name in ("page_to_event", "fetched_to_emitted", "published_to_emitted"):
        assert counted.value(f"dateline_{name}_seconds_count") == 0
    assert counted.value("dateline_events_total", event_class="trade") == 1


@pytest.mark.parametrize(("language", "label"), [("de", "de"), ("xx", "other"), ("", "unknown")])
def test_documents_are_counted_by_language(counted: Counted, language: str, label: str) -> None:
    counted.batch(
        "classify",
        [document("a.example", FACTS, language=language), document("a.example", language=language)],
    )
    for result in ("event", "none"):
        assert counted.value("dateline_coded_documents_total", language=label, result=result) == 1


@pytest.mark.parametrize(("header", "origin"), [("dl_attempts", "redrive"), ("dateline_replay", "replay")])
def test_a_record_that_came_again_is_counted_so(counted: Counted, header: str, origin: str) -> None:
    counted.batch("parse", [page("a.example"), Failed("InvalidPage", "no", "")], headers=[(header, b"1")])
    for outcome in ("processed", "dead_letter"):
        labels = {"stage": "parse", "origin": origin, "outcome": outcome}
        assert counted.value("dateline_records_again_total", **labels) == 1


def test_a_look_sets_the_lag_of_each_topic(counted: Counted) -> None:
    counted.batch("parse", [page("a.example")])
    counted.now += 10
    offsets = {("p.pages.raw", 0): (3, 8), ("p.pages.raw", 1): (4, 5), ("p.documents", 0): (2, 2)}
    counted.tally.look(offsets, {0})
    assert counted.value("dateline_lag_records", topic="pages.raw") == 6
    assert counted.value("dateline_lag_seconds", topic="pages.raw") == 12
    assert counted.value("dateline_lag_records", topic="documents") == 0
    assert counted.value("dateline_lag_seconds", topic="documents.enriched") == 0


def test_a_silent_site_is_named_until_it_is_back() -> None:
    counted = Counted(silent_after=100.0)
    for _ in range(12):
        counted.batch("parse", [page("a.example")])
        counted.now += 10
    counted.tally.look({}, {0})
    assert counted.value("dateline_sites", state="active") == 1
    counted.now += 200
    counted.tally.look({}, {0})
    assert counted.value("dateline_silent_site_seconds", site="a.example") == 210
    assert counted.value("dateline_sites", state="silent") == 1
    counted.batch("parse", [page("a.example")])
    counted.tally.look({}, {0})
    assert counted.value("dateline_silent_site_seconds", site="a.example") is None
    assert counted.value("dateline_sites", state="silent") == 0


def test_a_replay_neither_hides_a_silent_site_nor_makes_one() -> None:
    counted, marks = Counted(silent_after=100.0), [("dateline_replay", b"r1")]
    for number in range(24):
        if number < 12:
            counted.batch("parse", [page("a.example")])
        counted.batch("parse", [page("a.example"), page("gone.example")], headers=marks)
        counted.now += 10
    counted.now += 200
    counted.tally.look({}, {0})
    assert counted.value("dateline_silent_site_seconds", site="a.example") == 330
    assert counted.value("dateline_silent_site_seconds", site="gone.example") is None


def test_a_replay_does_not_hide_that_a_site_gives_no_events(counted: Counted) -> None:
    counted.batch("classify", [document("a.example", FACTS)] * 5 + [document("a.example")] * 60)
    counted.batch("classify", [document("a.example", FACTS)], headers=[("dateline_replay", b"r1")])
    counted.tally.look({}, {0})
    assert counted.value("dateline_eventless_site_documents", site="a.example") == 60


def test_a_rebalance_that_goes_on_forgets_no_site_and_a_lost_partition_does() -> None:
    counted = Counted(silent_after=100.0)
    for _ in range(12):
        counted.batch("parse", [page("a.example")])
        counted.now += 10
    counted.tally.look({}, None)
    assert counted.value("dateline_sites", state="active") == 1
    counted.tally.look({}, {1, 2})
    assert counted.value("dateline_sites", state="active") == 0


def test_a_site_without_events_is_named(counted: Counted) -> None:
    counted.batch("classify", [document("a.example", FACTS)] * 5 + [document("a.example")] * 60)
    counted.tally.look({}, {0})
    assert counted.value("dateline_eventless_site_documents", site="a.example") == 60
    assert counted.value("dateline_sites", state="eventless") == 1


def test_ten_thousand_sites_make_a_bounded_page() -> None:
    counted = Counted(silent_after=100.0)
    sites = [f"news-{n}.example" for n in range(10_000)]
    for _ in range(12):
        counted.batch("parse", [page(site) for site in sites])
        counted.now += 10
    for _ in range(3):
        counted.batch("classify", [document(site, FACTS) for site in sites])
    counted.batch("classify", [document(site) for site in sites for _ in range(50)])
    counted.now += 1000
    counted.tally.look({}, {0})
    assert counted.value("dateline_sites", state="silent") == 10_000
    assert counted.value("dateline_sites", state="eventless") == 10_000
    text = generate_latest(counted.registry).decode()
    named = [line for line in text.splitlines() if 'site="' in line]
    series = counted.settings.site_series
    assert len(named) == 2 * (series + 1) + 2 * 20
    assert len(text.encode()) < 1_000_000
    assert counted.value("dateline_site_pages_total", site="other") == 12 * 10_000 - series * 3


def test_the_facts_are_those_of_the_event() -> None:
    one = samples.load()[0]
    headers = {"url": one.url.encode(), "content-type": one.content_type.encode()}
    parsed = run_one("parse", Item(one.body, headers, "pages.raw", 0, 0), Limits())
    assert isinstance(parsed, Done)
    assert parsed.site
    found = []
    for output in parsed.outputs:
        enriched = run_one("enrich", item_of(output), Limits())
        assert isinstance(enriched, Done)
        coded = run_one("classify", item_of(enriched.outputs[0]), Limits())
        assert isinstance(coded, Done)
        assert coded.site == parsed.site
        found += coded.outputs
    assert found
    assert all(output.facts and output.topic == f"events.{output.facts.event_class}" for output in found)


def item_of(output: Output) -> Item:
    return Item(output.value, {}, output.topic, 0, 0)
