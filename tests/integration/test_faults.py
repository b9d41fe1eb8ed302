"""Processes that really die: nothing is lost, and no id has two values."""

from __future__ import annotations

import asyncio

import psutil
import pytest

from streams.records import Event, decode
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, Expected, by_key, page, until


async def test_kill_9_of_a_worker_under_load_loses_nothing(cluster: Cluster, make_worker: MakeWorker) -> None:
    pages = [
        page(
            f"site{n % 7}.example",
            f"a{n}",
            teasers=[(f"Iran tests missile number {n}", "Tehran said so")] * 4,
        )
        for n in range(200)
    ]
    expected = Expected.of(pages)
    worker = make_worker(page_batch=4, document_batch=16)
    await worker.start_ready()
    async with cluster.following("documents") as at_least:
        sending = asyncio.create_task(cluster.send(pages))
        for share in (0.1, 0.4, 0.7):
            await at_least(int(len(expected.documents) * share))
            worker.kill()
            worker.start()
        await sending
    await worker.ready()
    await cluster.finished()

    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == expected.documents.keys()
    events = by_key(await cluster.events())
    assert events.keys() == expected.events.keys()
    assert {decode(min(values), Event).event_id for values in events.values()} == expected.events.keys()
    for values in (*documents.values(), *events.values()):
        assert len(values) == 1, "a record that was sent again is the same, byte for byte"
    assert await cluster.records("dead-letters") == []


async def test_two_workers_share_the_work(cluster: Cluster, make_worker: MakeWorker) -> None:
    pages = [page(f"site{n}.example", f"a{n}") for n in range(40)]
    workers = make_worker(slot=0), make_worker(slot=1)
    for worker in workers:
        worker.start()
    for worker in workers:
        await worker.ready()
    await cluster.send(pages)
    await cluster.finished()
    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == Expected.of(pages).documents.keys()
    for worker in workers:
        _, metrics = worker.get("/metrics")
        assert _value(metrics, 'dateline_records_total{outcome="processed",stage="parse"}') > 0


def _value(metrics: str, series: str) -> float:
    (line,) = (line for line in metrics.splitlines() if line.startswith(series))
    return float(line.rpartition(" ")[2])


@pytest.mark.parametrize("address", [pytest.param("kafka", marks=pytest.mark.kafka)], indirect=True)
async def test_a_worker_that_left_for_good_is_taken_over(cluster: Cluster, make_worker: MakeWorker) -> None:
    # Not on the embedded broker, which never evicts a static member: there a slot is started again.
    first, second = make_worker(slot=0), make_worker(slot=1)
    await first.start_ready()
    await second.start_ready()
    first.kill()
    pages = [page(f"site{n}.example", f"a{n}") for n in range(40)]
    await cluster.send(pages)
    await cluster.finished()
    documents = by_key(await cluster.records("documents"))
    assert documents.keys() == Expected.of(pages).documents.keys()


async def test_sigterm_ends_a_worker_cleanly_and_leaves_no_process(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker()
    await worker.start_ready()
    assert worker.process is not None
    children = psutil.Process(worker.process.pid).children(recursive=True)
    assert children, "the compute pool has processes"
    await cluster.send([page("one.example", "a")])
    await cluster.finished()
    assert worker.stop() == 0

    async def gone() -> bool:
        return not any(child.is_running() for child in children)

    await until(gone, "the compute processes to end")


async def test_kill_9_leaves_no_compute_process(cluster: Cluster, make_worker: MakeWorker) -> None:
    worker = make_worker()
    await worker.start_ready()
    assert worker.process is not None
    children = psutil.Process(worker.process.pid).children(recursive=True)
    worker.kill()
    assert cluster.settings.group

    async def gone() -> bool:
        return not any(c.is_running() and c.status() != psutil.STATUS_ZOMBIE for c in children)

    await until(gone, "the compute processes to end")
