"""A worker that really stands still says so on /livez, by which an orchestrator starts it again."""

from __future__ import annotations

import asyncio
import signal

import pytest

from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, WorkerProcess, page, until

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
