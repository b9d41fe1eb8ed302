"""Reading to the end of a topic ends there, however long the reader takes for a record."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition

from streams.broker import event_log

PLACE = TopicPartition("pages.raw", 0)


class Client:
    """Gives one record at a time up to ``end``, then nothing; waiting takes half a second."""

    def __init__(self, clock: list[float], end: int) -> None:
        self.clock, self.end, self.next = clock, end, 0

    async def getmany(self, *_: TopicPartition, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        if self.next == self.end:
            self.clock[0] += timeout_ms / 1000
            return {}
        self.next += 1
        return {PLACE: [SimpleNamespace(offset=self.next - 1)]}

    async def position(self, _: TopicPartition) -> int:
        return self.next

    def pause(self, _: TopicPartition) -> None:
        pass


@pytest.mark.parametrize(("end", "read"), [(5, 5), (8, 5)], ids=["whole", "its last records never come"])
async def test_a_slow_reader_gets_every_record(monkeypatch: pytest.MonkeyPatch, end: int, read: int) -> None:
    clock = [0.0]
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])
    client: Any = Client(clock, read)
    offsets = []
    async for record in event_log._until(client, {PLACE: end}):
        offsets.append(record.offset)
        clock[0] += 60
    assert offsets == list(range(read))
