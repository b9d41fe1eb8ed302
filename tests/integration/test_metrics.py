"""The numbers of a worker are true: they add up to what stands on the topics."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

from prometheus_client.parser import text_string_to_metric_families

from streams import pipeline, samples
from streams.broker.progress import STAGE_TOPICS
from streams.parse import Page
from streams.records import Event
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, WorkerProcess, page, until

Numbers = dict[str, dict[tuple[tuple[str, str], ...], float]]


def read(worker: WorkerProcess) -> Numbers:
    """Return every series that a worker exposes, by name and labels."""
    found: Numbers = defaultdict(dict)
    for family in text_string_to_metric_families(worker.get("/metrics")[1]):
        for sample in family.samples:
            found[sample.name][tuple(sorted(sample.labels.items()))] = sample.value
    return found


def total(numbers: Numbers, name: str, **labels: str) -> float:
    return sum(value for at, value in numbers[name].items() if labels.items() <= dict(at).items())


async def test_metrics_add_up_to_what_stands_on_the_topics(cluster: Cluster, make_worker: MakeWorker) -> None:
    worker = make_worker()
    await worker.start_ready()
    pages = [*samples.load(), *(page(f"site{n}.example", f"m{n}") for n in range(3))]
    await cluster.send(pages)
    await cluster.send_raw([(b"a", b"", [("url", b"https://a.example/empty")])])
    await cluster.finished()

    documents = once_for_a_site(pages)
    sites = {site for site, _ in documents}

    async def looked() -> bool:  # gauges are set every two seconds
        now = read(worker)
        known = total(now, "dateline_sites", state="active") == len(sites)
        return known and total(now, "dateline_lag_records") == 0

    await until(looked, "gauges that know every site and no lag")
    numbers = read(worker)
    events = [event for found in documents.values() for event in found]
    assert total(numbers, "dateline_events_total") == len(events) > 50
    types = Counter(event.type for event in events)
    assert {t: total(numbers, "dateline_event_types_total", type=t) for t in types} == types
    assert total(numbers, "dateline_event_countries_total") == len(events)
    assert total(numbers, "dateline_event_confidence_ratio_count") == len(events)
    for side in ("source", "target"):
        assert total(numbers, "dateline_event_actors_total", side=side) == len(events)
    assert total(numbers, "dateline_coded_documents_total") == len(documents)
    with_events = [found for found in documents.values() if found]
    assert total(numbers, "dateline_coded_documents_total", result="event") == len(with_events)
    assert total(numbers, "dateline_records_total", stage="parse") == len(pages) + 1
    assert total(numbers, "dateline_dead_letters_total", error="InvalidPage") == 1
    assert total(numbers, "dateline_site_pages_total") == len(pages)
    assert total(numbers, "dateline_fetched_to_emitted_seconds_count") == len(events)
    assert total(numbers, "dateline_ready") == 1
    assert [total(numbers, "dateline_lag_seconds", topic=topic) for topic in STAGE_TOPICS] == [0.0] * 3


def once_for_a_site(pages: Iterable[Page]) -> dict[tuple[str, str], list[Event]]:
    """Return the events of each document of each site, computed without Kafka."""
    found: dict[tuple[str, str], list[Event]] = {}
    for one in pages:
        documents, events = pipeline.code(one)
        for document in documents:
            own = [event for event in events if event.document_id == document.document_id]
            found[document.site, document.document_id] = own
    return found
