"""How far a consumer group is: the records of each topic that it has not finished."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient

from streams.settings import Settings

#: In the order in which records flow: when one is finished, it adds no more to the next.
STAGE_TOPICS = ("pages.raw", "documents", "documents.enriched")


async def offsets(client: AIOKafkaConsumer, topic: str) -> tuple[dict[int, int], dict[int, int]]:
    """Return the first and the next offset of each partition of a topic."""
    partitions = [TopicPartition(topic, p) for p in client.partitions_for_topic(topic) or ()]
    first, end = await asyncio.gather(client.beginning_offsets(partitions), client.end_offsets(partitions))
    return {tp.partition: n for tp, n in first.items()}, {tp.partition: n for tp, n in end.items()}


async def lag(admin: AIOKafkaAdminClient, client: AIOKafkaConsumer, settings: Settings, topic: str) -> int:
    """Return how many records of a topic the group has not finished."""
    name = settings.topic(topic)
    first, end = await offsets(client, name)
    committed = await admin.list_consumer_group_offsets(settings.group)
    waiting = 0
    for partition, last in end.items():
        entry = committed.get(TopicPartition(name, partition))
        done = entry.offset if entry is not None and entry.offset >= 0 else first[partition]
        waiting += max(0, last - max(done, first[partition]))
    return waiting


async def wait_until_done(
    admin: AIOKafkaAdminClient,
    client: AIOKafkaConsumer,
    settings: Settings,
    *,
    every: float = 0.2,
    check: Callable[[], None] = lambda: None,
) -> None:
    """Return when the group has finished everything on its topics; ``check`` may raise to give up."""
    for topic in STAGE_TOPICS:
        while await lag(admin, client, settings, topic):
            check()
            await asyncio.sleep(every)
