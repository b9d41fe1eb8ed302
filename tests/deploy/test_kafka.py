"""deploy/kafka runs a real server with the limits that Dateline needs."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

START = Path(__file__).parents[2] / "deploy" / "kafka" / "start"
PARTITIONS = 4
LARGEST = 71_303_168

pytestmark = pytest.mark.kafka


@pytest.fixture
async def topic(kafka: str) -> AsyncIterator[str]:
    name = f"test-{uuid.uuid4()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, PARTITIONS, 1)])
        yield name
        await admin.delete_topics([name])
    finally:
        await admin.close()


async def read(kafka: str, topic: str, count: int) -> list[ConsumerRecord[bytes, bytes]]:
    consumer = AIOKafkaConsumer(
        topic,
        bootstrap_servers=kafka,
        group_id=topic,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=LARGEST,
    )
    await consumer.start()
    try:
        async with asyncio.timeout(60):
            return [await consumer.getone() for _ in range(count)]
    finally:
        await consumer.stop()


async def test_a_group_reads_what_was_written_to_each_partition(kafka: str, topic: str) -> None:
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", compression_type="lz4") as producer:
        for partition in range(PARTITIONS):
            await producer.send_and_wait(
                topic, f"page {partition}".encode(), key=b"site", partition=partition, headers=[("url", b"u")]
            )
    records = await read(kafka, topic, PARTITIONS)
    assert {r.partition: r.value for r in records} == {p: f"page {p}".encode() for p in range(PARTITIONS)}
    assert all(r.headers == (("url", b"u"),) for r in records)


async def test_a_page_of_64_mib_passes_whole(kafka: str, topic: str) -> None:
    page = bytes(range(256)) * (64 * 1024 * 1024 // 256)
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all", max_request_size=LARGEST) as producer:
        await producer.send_and_wait(topic, page, partition=0)
    [record] = await read(kafka, topic, 1)
    assert record.value == page


async def test_a_misspelled_topic_is_not_created(kafka: str) -> None:
    name = f"test-{uuid.uuid4()}"
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka)
    await admin.start()
    try:
        await admin.describe_topics([name])
        assert name not in await admin.list_topics()
    finally:
        await admin.close()


async def test_records_and_offsets_outlive_the_server(
    serve: Callable[[Path], AbstractAsyncContextManager[str]], tmp_path: Path
) -> None:
    name = f"test-{uuid.uuid4()}"
    async with serve(tmp_path) as first:
        admin = AIOKafkaAdminClient(bootstrap_servers=first)
        await admin.start()
        await admin.create_topics([NewTopic(name, 1, 1)])
        await admin.close()
        async with AIOKafkaProducer(bootstrap_servers=first, acks="all") as producer:
            await producer.send_and_wait(name, b"before")
        assert [r.value for r in await read(first, name, 1)] == [b"before"]
    async with serve(tmp_path) as second:
        assert second != first
        async with AIOKafkaProducer(bootstrap_servers=second, acks="all") as producer:
            await producer.send_and_wait(name, b"after")
        assert [r.value for r in await read(second, name, 1)] == [b"after"]


@pytest.mark.usefixtures("kafka_tools")
async def test_the_server_ends_with_the_process_that_started_it(tmp_path: Path) -> None:
    script = f"'{START}' --data-dir '{tmp_path}' --die-with-parent 2>/dev/null & wait"
    parent = await asyncio.create_subprocess_exec("sh", "-c", script, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    async with asyncio.timeout(60):
        assert (await parent.stdout.readline()).startswith(b"127.0.0.1:")
        parent.kill()
        # The server inherited the pipe: it reads as ended once the server has ended too.
        assert await parent.stdout.read() == b""
        await parent.wait()
