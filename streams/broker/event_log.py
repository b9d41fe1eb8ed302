"""The events that stand on the three event topics: all of them, or those of a time range."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from streams.broker.client import admin_client, reader, wait_for_broker
from streams.errors import BrokerUnavailable, InvalidRecord
from streams.records import EVENT_CLASSES
from streams.settings import Settings

EVENT_TOPICS = tuple(f"events.{name}" for name in EVENT_CLASSES)
_IDLE_MS = 500
#: A partition whose last records a broker compacted away never gives its last offset.
_STANDS_STILL = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeRange:
    """From a time on, until before another; by the timestamps of the records."""

    since: datetime | None = None
    until: datetime | None = None

    def __post_init__(self) -> None:
        """Check the order.

        Raises:
            ValueError: it ends before it begins.
        """
        if self.since and self.until and self.until <= self.since:
            raise ValueError("the time range ends before it begins")


ALL_TIMES = TimeRange()


async def standing_events(
    settings: Settings, within: TimeRange
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the records of the event topics up to where they end now; a value of None takes its key away.

    Raises:
        BrokerUnavailable: no broker answered, or it went away.
        InvalidRecord: there are no such topics, or nothing in the range.
    """
    await wait_for_broker(settings)
    some = False
    async for record in standing(settings, *EVENT_TOPICS, within=within):
        some = True
        yield record
    if not some:
        raise InvalidRecord(f"no records in this range on {settings.topic('events.*')}")


async def standing(
    settings: Settings, *names: str, within: TimeRange = ALL_TIMES
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the records of topics (names without prefix) up to where they end now.

    Raises:
        BrokerUnavailable: the broker went away.
        InvalidRecord: there are no such topics.
    """
    try:
        # Asked before reading: a consumer that asks for a topic may create it.
        async with admin_client(settings) as admin:
            missing = sorted({settings.topic(n) for n in names} - set(await admin.list_topics()))
        if missing:
            raise InvalidRecord(f"no topic {', '.join(missing)} on {settings.brokers}")
        async with reader(settings, *names, from_start=True) as client:
            async for record in _until(client, await _seek(client, within)):
                yield record
    except KafkaError as error:
        raise BrokerUnavailable(f"{settings.brokers}: {type(error).__name__}: {error}") from error


async def _seek(client: AIOKafkaConsumer, within: TimeRange) -> dict[TopicPartition, int]:
    """Go to the start of the range; return the offset before which each partition's part of it ends."""
    partitions = list(client.assignment())
    first = await client.beginning_offsets(partitions)
    end = await client.end_offsets(partitions)
    if within.since:
        first |= await _at(client, partitions, within.since, end)
    if within.until:
        end |= await _at(client, partitions, within.until, end)
    left = {tp: end[tp] for tp in partitions if first[tp] < end[tp]}
    if left:  # with nothing assigned, closing the client would wait for ever
        client.assign(list(left))
    for tp in left:
        client.seek(tp, first[tp])
    return left


async def _at(
    client: AIOKafkaConsumer,
    partitions: list[TopicPartition],
    moment: datetime,
    end: dict[TopicPartition, int],
) -> dict[TopicPartition, int]:
    found = await client.offsets_for_times(dict.fromkeys(partitions, int(moment.timestamp() * 1000)))
    return {tp: end[tp] if at is None else at.offset for tp, at in found.items()}


async def _until(
    client: AIOKafkaConsumer, left: dict[TopicPartition, int]
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    loop = asyncio.get_running_loop()
    # Only waiting counts: what the reader does with a record may take longer.
    waited = 0.0
    while left and waited < _STANDS_STILL:
        asked = loop.time()
        found = await client.getmany(*left, timeout_ms=_IDLE_MS)
        waited = 0.0 if found else waited + loop.time() - asked
        for tp, records in found.items():
            for record in records:
                if record.offset < left[tp]:
                    yield record
        for tp in [tp for tp, end in left.items() if await client.position(tp) >= end]:
            del left[tp]
            client.pause(tp)
