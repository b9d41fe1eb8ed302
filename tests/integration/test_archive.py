"""Topics are archived as they are, on both brokers, whatever retention or another archive does."""

from __future__ import annotations

import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.admin import RecordsToDelete

from streams import settings as settings_module
from streams.archive import manifest, reader
from streams.archive.collect import collect
from streams.archive.manifest import Gap
from streams.archive.record import Archived
from streams.broker import event_log, topics
from streams.broker.client import admin_client, connection, wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.broker.event_log import Bounds
from streams.errors import BrokerUnavailable
from streams.settings import Settings
from tests.integration.harness import Cluster, headers_of, page


def archived(folder: Path) -> list[Archived]:
    return sorted(reader.records(folder), key=lambda record: (record.partition, record.offset))


async def standing(cluster: Cluster) -> list[Archived]:
    found = [Archived.of(record) for record in await cluster.records("pages.raw")]
    return sorted(found, key=lambda record: (record.partition, record.offset))


async def test_an_archive_holds_what_was_received_and_goes_on_where_it_ended(
    cluster: Cluster, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    await cluster.send(page(f"site{n}.example", str(n)) for n in range(5))
    await cluster.send_raw([(b"k", None, []), (b"\xff", b"\x00\xfe", [("odd", b"\xff"), ("odd", b"")])])
    status, out, err = await cluster.dateline("archive", "add", folder, "--json")
    assert (status, err) == (0, f"7 records added; {folder} holds 7\n")
    assert orjson.loads(out)["records"] == 7
    await cluster.send([page("site1.example", "later")])
    assert (await cluster.dateline("archive", "add", folder))[2].startswith("1 records added")
    assert (await cluster.dateline("archive", "add", folder))[2].startswith("0 records added")

    assert archived(folder) == await standing(cluster)
    status, out, err = await cluster.dateline("archive", "verify", folder, "--json")
    assert (status, orjson.loads(out)["holds"], orjson.loads(out)["records"]) == (0, True, 8)


async def test_what_cannot_be_archived_is_said(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    await cluster.send([page("one.example", "first")])
    assert (await cluster.dateline("archive", "add", folder))[0] == 0
    status, _, err = await cluster.dateline("archive", "add", folder, "--topic", "documents")
    assert (status, "not of" in err) == (1, True)
    status, _, err = await cluster.dateline("archive", "add", folder, "--topic", "nonsense")
    assert (status, "not one of pages.raw" in err) == (2, True)
    # Another cluster whose topic has the same name, but less on it.
    (record,) = await cluster.records("pages.raw")
    await cluster.send([page("one.example", "second")])
    assert (await cluster.dateline("archive", "add", folder))[0] == 0
    manifest = folder / "manifest.jsonl"
    manifest.write_text(manifest.read_text().replace(f'"{record.partition}":2', f'"{record.partition}":9'))
    status, _, err = await cluster.dateline("archive", "add", folder)
    assert (status, "another cluster, or a topic made anew" in err) == (1, True)


@pytest.mark.kafka
@pytest.mark.parametrize("address", ["kafka"], indirect=True)
async def test_what_retention_took_first_is_noted(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    await cluster.send([page("one.example", "first")])
    assert (await cluster.dateline("archive", "add", folder))[0] == 0
    await cluster.send(page("one.example", str(n)) for n in range(3))
    (partition,) = {record.partition for record in await cluster.records("pages.raw")}
    async with admin_client(cluster.settings) as admin:
        there = TopicPartition(cluster.settings.topic("pages.raw"), partition)
        await admin.delete_records({there: RecordsToDelete(before_offset=3)})
    status, _, err = await cluster.dateline("archive", "add", folder)
    assert (status, "1 records added" in err, "offsets 1 to 2 were deleted" in err) == (1, True, True)
    assert [record.offset for record in archived(folder)] == [0, 3]
    status, _, err = await cluster.dateline("archive", "verify", folder)
    assert (status, "it never had" in err) == (0, True)


async def test_what_retention_takes_while_it_is_read_is_noted(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = cluster.settings.topic("pages.raw")
    one, there = page("one.example", "a"), TopicPartition(name, 0)
    given = connection(cluster.settings)
    async with AIOKafkaProducer(**given, transactional_id=name) as client:
        for _ in range(4):  # each is followed by the mark of its transaction, an offset without a record
            async with client.transaction():
                await client.send_and_wait(name, one.body, headers=headers_of(one), partition=0)

    async def outdated(settings: Settings, topic: str) -> dict[int, Bounds]:
        found = await event_log.bounds(settings, topic)
        async with admin_client(settings) as admin:
            await admin.delete_records({there: RecordsToDelete(before_offset=4)})
        return found

    monkeypatch.setattr("streams.archive.collect.bounds", outdated)
    collected = await collect(cluster.settings, "pages.raw", tmp_path / "pages")
    gap = Gap(partition=0, first=0, next=4)
    assert (collected.records, collected.gaps) == (2, [gap])
    kept = manifest.load(tmp_path / "pages")
    assert (kept.gaps, kept.next[0]) == ([gap], 8)
    assert [record.offset for record in archived(tmp_path / "pages")] == [4, 6]


async def test_a_broker_that_stops_answering_is_not_the_end_of_the_topic(
    own_broker: EmbeddedBroker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_module.load(brokers=own_broker.address, connect_timeout=30.0)
    await wait_for_broker(settings)
    await topics.create(settings, only=["pages.raw"])
    await Cluster(settings).send(page(f"site{n}.example", "one") for n in range(20))
    read_until, end_offsets = event_log._until, AIOKafkaConsumer.end_offsets

    async def paused(*arguments: Any) -> AsyncIterator[Any]:
        # The reader is connected, and has asked for nothing.
        own_broker.process.send_signal(signal.SIGSTOP)
        async for record in read_until(*arguments):
            yield record

    async def impatient(client: AIOKafkaConsumer, partitions: list[TopicPartition]) -> Any:
        client._request_timeout_ms = 500
        return await end_offsets(client, partitions)

    with monkeypatch.context() as patched:
        patched.setattr(event_log, "_STANDS_STILL", 0.1)
        patched.setattr(event_log, "_until", paused)
        patched.setattr(AIOKafkaConsumer, "end_offsets", impatient)
        with pytest.raises(BrokerUnavailable, match="answers no more"):
            await collect(settings, "pages.raw", tmp_path / "pages")
    assert set(manifest.load(tmp_path / "pages").next.values()) == {0}
    own_broker.process.send_signal(signal.SIGCONT)
    collected = await collect(settings, "pages.raw", tmp_path / "pages")
    assert (collected.records, collected.gaps) == (20, [])
    assert sum(manifest.load(tmp_path / "pages").next.values()) == 20
