"""A worker that really stands still says so on /livez, by which an orchestrator starts it again."""

from __future__ import annotations

import asyncio
import re
import signal

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete

from streams.broker import topics
from streams.broker.client import admin_client, connection
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, WorkerProcess, headers_of, page, until

#: Turns of the event loop, four a second: several times as long as the worker lets a partition stand.
WATCHED = 60

# On one broker: what stands still is the worker.
pytestmark = pytest.mark.parametrize("address", ["embedded"], indirect=True)


async def until_said(worker: WorkerProcess, path: str, status: int, words: str) -> None:
    async def said() -> bool:
        found, text = await asyncio.to_thread(worker.get, path)
        return found == status and words in text

    await until(said, f"{path} to say {status} {words}")


async def test_an_event_loop_that_is_blocked_is_seen_and_goes_on(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker(stalling=True)
    await worker.start_ready()
    await until_said(worker, "/livez", 200, "ok")
    assert worker.process is not None
    worker.process.send_signal(signal.SIGUSR2)
    await until_said(worker, "/livez", 503, "the event loop has not turned for")
    await until_said(worker, "/livez", 200, "ok")
    await cluster.send([page("one.example", "after")])
    await cluster.finished()
    assert worker.stop() == 0


async def test_a_partition_whose_committed_offset_ages_is_seen(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    # The page goes through, and nothing is committed: what the stalls of issues faust#175 and #532 look like.
    worker = make_worker(stalling=True, commit_interval=3600.0)
    await worker.start_ready()
    await cluster.send([page("one.example", "a")])
    for path in ("/livez", "/readyz"):
        await until_said(worker, path, 503, "a partition with records waiting has committed none for")
    _, metrics = worker.get("/metrics")
    ages = [
        line for line in metrics.splitlines() if line.startswith("dateline_committed_offset_age_seconds{")
    ]
    assert max(float(line.rpartition(" ")[2]) for line in ages) > 0
    assert worker.stop() == 0, "a stop commits what was finished"
    assert await cluster.records("documents")


async def test_a_partition_that_is_not_fetched_from_is_seen(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    worker = make_worker(stalling=True)
    await worker.start_ready()
    assert worker.process is not None
    worker.process.send_signal(signal.SIGHUP)

    async def deaf() -> bool:
        return "deaf\n" in worker.log.read_text()

    await until(deaf, "its fetches to end")
    await cluster.send([page("one.example", "a")])
    await until_said(worker, "/livez", 503, "a partition with records waiting has committed none for")


async def test_offsets_that_hold_no_record_are_no_stall(cluster: Cluster, make_worker: MakeWorker) -> None:
    pages, given = cluster.settings.topic("pages.raw"), connection(cluster.settings)
    # What stood on all partitions but one is gone before the group comes; the other ends with the mark of a
    # transaction, which has an offset and is no record.
    one = page("one.example", "a")
    await cluster.send_raw([(b"%d.example" % n, b"gone", []) for n in range(64)])
    partitions = topics.load().topics["pages.raw"].partitions
    async with admin_client(cluster.settings) as admin:
        gone = {TopicPartition(pages, p): RecordsToDelete(before_offset=-1) for p in range(partitions)}
        await admin.delete_records(gone)
    async with AIOKafkaProducer(**given, transactional_id=pages) as client, client.transaction():
        await client.send_and_wait(pages, one.body, headers=headers_of(one), partition=0)
    worker = make_worker(stalling=True)
    await worker.start_ready()

    async def watched() -> bool:
        _, text = await asyncio.to_thread(worker.get, "/metrics")
        turns = re.search(r"^dateline_event_loop_lag_seconds_count (\S+)", text, re.MULTILINE)
        return turns is not None and float(turns[1]) > WATCHED

    await until(watched, "the worker to be watched for some time")
    assert await cluster.records("documents")
    assert worker.get("/livez")[0] == 200
    _, text = worker.get("/metrics")
    lags = re.findall(r"^dateline_lag_records\{.*?\} (\S+)", text, re.MULTILINE)
    assert [float(lag) for lag in lags] == [0.0] * 3
