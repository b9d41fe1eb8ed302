"""From the event topics into the store: the last records, then each as it comes. It commits nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from streams.broker.client import reader
from streams.broker.event_log import EVENT_TOPICS
from streams.errors import DatelineError, InvalidRecord
from streams.records import Event, decode
from streams.settings import Settings
from streams.web.shown import shown
from streams.web.store import EventStore

log = structlog.get_logger(__name__)

_BATCH, _WAIT_MS, _PAUSE = 500, 500, 2.0
#: A broker may compact a partition's last records away: its end is then never reached.
_STANDS_STILL = 2.0
_LEAST = 500


class Feed:
    """Fills a store for as long as :meth:`run` runs."""

    def __init__(self, settings: Settings, store: EventStore) -> None:
        """Start with nothing read."""
        self._settings, self._store = settings, store
        self.caught_up = asyncio.Event()
        #: Why nothing can be read now, or an empty string.
        self.trouble = ""
        #: Records that are no event of this version.
        self.unreadable = 0

    async def run(self) -> None:
        """Read until cancelled; begin again when the broker goes away: what is known is not added twice."""
        while True:
            try:
                async with reader(self._settings, *EVENT_TOPICS) as client:
                    self.trouble = ""
                    await self._follow(client)
            except (KafkaError, DatelineError, OSError) as error:
                self.trouble = f"{type(error).__name__}: {error}"
                log.warning("the live page cannot read events", error=self.trouble)
                await asyncio.sleep(_PAUSE)

    async def _follow(self, client: AIOKafkaConsumer) -> None:
        ends = await self._seek(client)
        self._add(await self._backlog(client, ends))
        self.caught_up.set()
        while True:
            found = await client.getmany(timeout_ms=_WAIT_MS, max_records=_BATCH)
            self._add(self._readable(found.values()))

    async def _seek(self, client: AIOKafkaConsumer) -> dict[TopicPartition, int]:
        """Go back far enough to fill the store where records are spread evenly; return the ends."""
        partitions = list(client.assignment())
        first, ends = await client.beginning_offsets(partitions), await client.end_offsets(partitions)
        each = max(_LEAST, 2 * self._store.limit // max(1, len(partitions)))
        for tp in partitions:
            client.seek(tp, max(first[tp], ends[tp] - each))
        return {tp: end for tp, end in ends.items() if first[tp] < end}

    async def _backlog(self, client: AIOKafkaConsumer, ends: dict[TopicPartition, int]) -> list[_Readable]:
        """Read what stands on the topics, in order of time: partitions come one after another."""
        loop, waiting = asyncio.get_running_loop(), {*ends}
        read: list[_Readable] = []
        moved = loop.time()
        while waiting and loop.time() - moved < _STANDS_STILL:
            found = await client.getmany(timeout_ms=_WAIT_MS // 5, max_records=_BATCH)
            read += self._readable(found.values())
            moved = loop.time() if found else moved
            waiting = {tp for tp in waiting if await client.position(tp) < ends[tp]}
        return sorted(read, key=lambda one: one[0])

    def _readable(self, batches: Iterable[list[ConsumerRecord[bytes, bytes]]]) -> list[_Readable]:
        return [one for batch in batches for record in batch if (one := self._read(record))]

    def _read(self, record: ConsumerRecord[bytes, bytes]) -> _Readable | None:
        if record.value is None:
            return (record.timestamp, (record.key or b"").decode("ascii", "replace"), None)
        try:
            event = decode(record.value, Event)
        except InvalidRecord:
            self.unreadable += 1
            return None
        return (record.timestamp, event.event_id, shown(event))

    def _add(self, records: list[_Readable]) -> None:
        for at, event_id, content in records:
            if content is None:
                self._store.remove(event_id)
            else:
                self._store.put(event_id, content, at)
        if records:
            self._store.announce()


#: Timestamp in milliseconds, event id, and what is shown; None where the event was taken away.
_Readable = tuple[int, str, bytes | None]
