"""A worker without its table store has every entry of the changelog when it is ready."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from streams.agents.seen import entry_key
from streams.broker import topics
from streams.broker.client import producer
from streams.seen import Entry
from tests.integration.conftest import MakeWorker
from tests.integration.harness import Cluster, Expected, page, until

ENTRIES = 20_000


async def test_entries_of_the_changelog_are_known_when_the_worker_is_ready(
    cluster: Cluster, make_worker: MakeWorker
) -> None:
    pages = [page("one.example", f"a{n}") for n in range(3)]
    known = Expected.of(pages[:2]).documents
    value = Entry(datetime.now(UTC).date(), "1").to_bytes()
    partitions = topics.load().topics["seen"].partitions
    topic = cluster.settings.topic("seen")
    async with producer(cluster.settings) as client:
        for partition in range(partitions):
            # Of the site's pages it is not known here on which partition they come to stand.
            for document in known:
                await client.send(topic, value, key=entry_key("one.example", document), partition=partition)
            for number in range(ENTRIES // partitions):
                await client.send(topic, value, key=b"other.example|%d" % number, partition=partition)
            await client.send(topic, None, key=b"other.example|0", partition=partition)
    worker = make_worker()
    await worker.start_ready()
    await cluster.send(pages)
    await cluster.finished()
    expected = Expected.of(pages).documents.keys() - known.keys()
    assert {(r.key or b"").decode() for r in await cluster.records("documents")} == expected

    async def counted() -> bool:
        _, metrics = worker.get("/metrics")
        found = re.search(r"^dateline_seen_entries\S* (\S+)", metrics, re.MULTILINE)
        return found is not None and abs(float(found[1]) - ENTRIES) < ENTRIES * 0.05

    await until(counted, "the entries to be counted")
    assert "slow way" not in worker.log.read_text()
