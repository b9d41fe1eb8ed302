"""The events that stand on the three event topics: all of them, or those of a time range."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError, OffsetOutOfRangeError

from streams.broker import topics
from streams.broker.client import reader, wait_for_broker
from streams.errors import BrokerUnavailable, InvalidRecord
from streams.records import EVENT_CLASSES
from streams.settings import Settings

EVENT_TOPICS = tuple(f"events.{name}" for name in EVENT_CLASSES)
_IDLE_MS = 500
#: Seconds without a record after which it is asked whether any is to come: a partition whose last records a
#: broker compacted away never gives its last offset, and of a broker that is away the client says nothing.
_STANDS_STILL = 10.0
#: Hears of offsets ``[first, next)`` of a partition that are there no more.
Deleted: TypeAlias = Callable[[int, int, int], None]


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
        ConfigurationError: there are no such topics.
        InvalidRecord: nothing in the range.
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
        ConfigurationError: there are no such topics.
        InvalidRecord: one was made anew meanwhile.
    """
    try:
        await topics.require(settings, *names)
        async with reader(settings, *names, from_start=True, resets=False) as client:
            async for record in _until(client, await _seek(client, within)):
                yield record
    except KafkaError as error:
        raise BrokerUnavailable(f"{settings.brokers}: {type(error).__name__}: {error}") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Offsets ``[start, end)`` of one partition, and the first that still stands on its topic."""

    first: int
    start: int
    end: int


async def bounds(settings: Settings, name: str, within: TimeRange = ALL_TIMES) -> dict[int, Bounds]:
    """Return the bounds of a time range on each partition of a topic (its name without prefix), as of now.

    Raises:
        BrokerUnavailable: no broker answered, or it went away.
        ConfigurationError: there is no such topic.
    """
    await wait_for_broker(settings)
    try:
        await topics.require(settings, name)
        async with reader(settings, name, from_start=True) as client:
            partitions = list(client.assignment())
            first, last = await client.beginning_offsets(partitions), await client.end_offsets(partitions)
            start, end = await _range(client, partitions, within, first, last)
    except KafkaError as error:
        raise BrokerUnavailable(f"{settings.brokers}: {type(error).__name__}: {error}") from error
    return {
        tp.partition: Bounds(first=first[tp], start=start[tp], end=end[tp])
        for tp in sorted(partitions, key=lambda tp: tp.partition)
    }


async def between(
    settings: Settings,
    name: str,
    ranges: Mapping[int, tuple[int, int]],
    *,
    reached: Callable[[dict[int, int]], None] = lambda _: None,
    deleted: Deleted = lambda *_: None,
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    """Yield the records of the offset ranges ``[start, end)`` of a topic's partitions.

    ``reached`` hears, after the records before them, of the offsets up to which partitions were read. Where a
    broker compacted the last records of a range away, that is short of its end. ``deleted`` hears likewise of
    what retention took before the reader came to it.

    Raises:
        BrokerUnavailable: the broker went away.
        InvalidRecord: the topic was made anew meanwhile.
    """
    left = {
        TopicPartition(settings.topic(name), p): (start, end)
        for p, (start, end) in ranges.items()
        if start < end
    }
    if not left:
        return
    try:
        async with reader(settings, name, from_start=True, resets=False) as client:
            client.assign(list(left))
            for tp, (start, _) in left.items():
                client.seek(tp, start)
            ends = {tp: end for tp, (_, end) in left.items()}
            async for record in _until(client, ends, reached, deleted):
                yield record
    except KafkaError as error:
        raise BrokerUnavailable(f"{settings.brokers}: {type(error).__name__}: {error}") from error


async def _seek(client: AIOKafkaConsumer, within: TimeRange) -> dict[TopicPartition, int]:
    """Go to the start of the range; return the offset before which each partition's part of it ends."""
    partitions = list(client.assignment())
    first = await client.beginning_offsets(partitions)
    end = await client.end_offsets(partitions)
    first, end = await _range(client, partitions, within, first, end)
    left = {tp: end[tp] for tp in partitions if first[tp] < end[tp]}
    if left:  # with nothing assigned, closing the client would wait for ever
        client.assign(list(left))
    for tp in left:
        client.seek(tp, first[tp])
    return left


async def _range(
    client: AIOKafkaConsumer,
    partitions: list[TopicPartition],
    within: TimeRange,
    first: dict[TopicPartition, int],
    end: dict[TopicPartition, int],
) -> tuple[dict[TopicPartition, int], dict[TopicPartition, int]]:
    start = await _at(client, partitions, within.since, end) if within.since else first
    return start, await _at(client, partitions, within.until, end) if within.until else end


async def _at(
    client: AIOKafkaConsumer,
    partitions: list[TopicPartition],
    moment: datetime,
    end: dict[TopicPartition, int],
) -> dict[TopicPartition, int]:
    found = await client.offsets_for_times(dict.fromkeys(partitions, int(moment.timestamp() * 1000)))
    return {tp: end[tp] if at is None else at.offset for tp, at in found.items()}


async def _until(
    client: AIOKafkaConsumer,
    left: dict[TopicPartition, int],
    reached: Callable[[dict[int, int]], None] = lambda _: None,
    deleted: Deleted = lambda *_: None,
) -> AsyncIterator[ConsumerRecord[bytes, bytes]]:
    loop = asyncio.get_running_loop()
    # Only waiting counts: what the reader does with a record may take longer.
    waited, asked = 0.0, False
    at: dict[TopicPartition, int] = {}
    answered: dict[TopicPartition, int | None] = {}
    while left:
        begun = loop.time()
        try:
            found = await client.getmany(*left, timeout_ms=_IDLE_MS)
        except OffsetOutOfRangeError as error:
            await _pass_over(client, error.args[0], left, deleted)
            continue
        waited += loop.time() - begun
        for tp, records in found.items():
            for record in records:
                if record.offset < left[tp]:
                    yield record
        # A position passes over what holds no record: marks of transactions, and compacted batches.
        now = {tp: await client.position(tp) for tp in left}
        if now != at:
            reached({tp.partition: min(now[tp], end) for tp, end in left.items()})
            at, waited, asked = now, 0.0, False
            answered = {tp: client.last_poll_timestamp(tp) for tp in left}
        for tp in [tp for tp, end in left.items() if at[tp] >= end]:
            del left[tp]
            client.pause(tp)
        if waited < _STANDS_STILL:
            continue
        # Of a partition whose broker has answered since, with no record and all of its end, none is left.
        short = [
            tp
            for tp, end in left.items()
            if client.last_poll_timestamp(tp) == answered[tp] or (client.highwater(tp) or 0) < end
        ]
        if not short:
            return
        await _ask(client, short, at, again=asked)
        waited, asked = 0.0, True


async def _pass_over(
    client: AIOKafkaConsumer,
    gone: Mapping[TopicPartition, int],
    left: Mapping[TopicPartition, int],
    deleted: Deleted,
) -> None:
    """Go on where partitions begin now that no longer have the offset that was asked for.

    Raises:
        InvalidRecord: one begins before it.
    """
    first = await client.beginning_offsets(list(gone))
    for tp, offset in gone.items():
        if first[tp] <= offset:
            raise InvalidRecord(
                f"{tp.topic}/{tp.partition} begins at offset {first[tp]:,} and no longer has {offset:,}: the "
                "topic was made anew, or cut off, while it was read. Run it again"
            )
        deleted(tp.partition, offset, min(first[tp], left[tp]))
        client.seek(tp, first[tp])


async def _ask(
    client: AIOKafkaConsumer, short: list[TopicPartition], at: Mapping[TopicPartition, int], *, again: bool
) -> None:
    """Return when the brokers of partitions that stand still answer.

    Raises:
        BrokerUnavailable: one does not, or they have answered before and given no record since.
    """
    where = f"{short[0].topic}/{short[0].partition} was read up to offset {at[short[0]]:,}, not to its end"
    if again:
        raise BrokerUnavailable(f"{where}: its broker gives no more records. Is the partition healthy?")
    try:
        # An answer that is under way comes before this one, however large its records are.
        await client.end_offsets(short)
    except KafkaError as error:
        raise BrokerUnavailable(
            f"{where}: its broker answers no more ({type(error).__name__}: {error}). Is it running?"
        ) from error
