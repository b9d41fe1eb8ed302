"""Faust's Kafka transport with two places mended where records were lost after a rebalance.

Records were fetched, thrown away and never fetched again: a silent stall, and the next commit of that
partition passes over them. docs/decisions/0004 tells which was seen, which was read, and how to see it.
It also tells what the watch over stalls needs to know, where Faust does not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from aiokafka import AIOKafkaConsumer
from faust.transport.drivers.aiokafka import AIOKafkaConsumerThread, Consumer, Transport
from faust.types import TP, ConsumerT
from mode.utils.queues import FlowControlEvent

from streams.broker.client import pace_fetches

# Faust lets a broker hold an empty fetch for 1.5 s. Partitions that come back after a rebalance wait for
# that, once to fill their table and once for each stage.
_FETCH_WAIT_MS = 250


class KeepingFlowControl(FlowControlEvent):
    """Empties the agents' buffers only when flow was suspended.

    Faust resumes flow twice after a rebalance, and empties the buffers each time. In between it
    fetches again, so the second time throws away records that will not be fetched once more.
    """

    def resume(self) -> None:
        """Resume flow; do nothing where it was not suspended."""
        if not self.is_active():
            super().resume()


class _ConsumerThread(AIOKafkaConsumerThread):
    def __post_init__(self) -> None:
        super().__post_init__()
        #: Offset of the last record that was fetched from each partition.
        self.taken: dict[TP, int] = {}

    async def getmany(self, active_partitions: set[TP] | None, timeout: float) -> Any:
        """Fetch records, and note how far they go."""
        found: Any = await super().getmany(active_partitions, timeout)
        self.taken |= {tp: records[-1].offset for tp, records in found.items() if records}
        return found

    def next_fetch(self, tp: TP) -> int | None:
        """Return the offset from which a partition is fetched next; None where that is not known."""
        subscription = self._ensure_consumer()._subscription.subscription  # noqa: SLF001
        assigned = subscription.assignment if subscription else None
        state = assigned.state_value(tp) if assigned and tp in assigned.tps else None
        return state.position if state and state.has_valid_position else None

    async def bounds(self, tps: Sequence[TP]) -> dict[TP, tuple[int, int]]:
        """Ask the brokers for the first and the end offset of partitions.

        Not in the queue of fetches and commits: a broker that does not answer holds up neither.
        """
        client = self._ensure_consumer()

        async def ask() -> tuple[dict[TP, int], dict[TP, int]]:
            return await client.beginning_offsets(tps), await client.end_offsets(tps)

        first, end = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(ask(), self.thread_loop))
        return {tp: (first[tp], end[tp]) for tp in tps}

    def _create_worker_consumer(self, transport: Transport) -> AIOKafkaConsumer:
        consumer: AIOKafkaConsumer = super()._create_worker_consumer(transport)
        consumer._fetch_max_wait_ms = _FETCH_WAIT_MS  # noqa: SLF001  (Faust has no setting for it)
        pace_fetches(consumer)
        return consumer

    async def seek_to_committed(self) -> Mapping[TP, int]:
        """Seek every stream partition to where its group is, also one that has no committed offset.

        Faust throws fetched records away while flow is suspended, and relies on this seek to fetch
        them again; but aiokafka leaves a partition alone that has no committed offset, or 0.
        """
        committed: Mapping[TP, int] = await super().seek_to_committed()
        changelogs = self.app.tables.changelog_topics
        fresh = [tp for tp, offset in committed.items() if not offset and tp.topic not in changelogs]
        if fresh:
            await self.seek_to_beginning(*fresh)
        return committed


class _Consumer(Consumer):
    def _new_consumer_thread(self) -> AIOKafkaConsumerThread:
        return _ConsumerThread(self, loop=self.loop, beacon=self.beacon)


class KeepingTransport(Transport):
    """The transport of a worker."""

    Consumer: ClassVar[type[ConsumerT]] = _Consumer
