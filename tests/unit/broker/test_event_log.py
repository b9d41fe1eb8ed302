"""Reading to the end of a topic ends there, however long the reader or the broker takes for a record."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pytest
from aiokafka import TopicPartition
from aiokafka.errors import KafkaTimeoutError, OffsetOutOfRangeError

from streams.broker import event_log
from streams.errors import BrokerUnavailable, InvalidRecord

PLACE = TopicPartition("pages.raw", 0)


class Client:
    """Gives one record at a time up to ``stop``, then nothing; waiting takes half a second.

    A broker that ``answers`` says then that the partition has ``highwater``. One that does not is back, with
    all records, when it is asked for the end, unless it is ``gone``; or ``broken``: it never gives a record.
    """

    def __init__(self, clock: list[float], *, stop: int, highwater: int, broker: str = "answers") -> None:
        self.clock, self.stop, self.end, self.broker = clock, stop, highwater, broker
        self.next = self.polls = 0

    async def getmany(self, *_: TopicPartition, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
        self.polls += self.broker == "answers"
        if self.next == self.stop:
            self.clock[0] += timeout_ms / 1000
            return {}
        self.next += 1
        return {PLACE: [SimpleNamespace(offset=self.next - 1)]}

    async def position(self, _: TopicPartition) -> int:
        return self.next

    def last_poll_timestamp(self, _: TopicPartition) -> int:
        return self.polls

    def highwater(self, _: TopicPartition) -> int:
        return self.end

    async def end_offsets(self, _: list[TopicPartition]) -> None:
        if self.broker == "gone":
            raise KafkaTimeoutError
        if self.broker == "paused":
            self.stop = self.end

    def pause(self, _: TopicPartition) -> None:
        pass


async def read(monkeypatch: pytest.MonkeyPatch, clock: list[float], client: Any, end: int) -> list[int]:
    monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: clock[0])
    offsets = []
    async for record in event_log._until(client, {PLACE: end}):
        offsets.append(record.offset)
        clock[0] += 60
    return offsets


@pytest.mark.parametrize(("end", "stop"), [(5, 5), (8, 5)], ids=["whole", "its last records were compacted"])
async def test_a_slow_reader_gets_every_record(monkeypatch: pytest.MonkeyPatch, end: int, stop: int) -> None:
    clock = [0.0]
    client = Client(clock, stop=stop, highwater=end)
    assert await read(monkeypatch, clock, client, end) == list(range(stop))


async def test_a_broker_that_comes_back_gives_every_record(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    client = Client(clock, stop=5, highwater=8, broker="paused")
    assert await read(monkeypatch, clock, client, 8) == list(range(8))


@pytest.mark.parametrize(
    ("broker", "highwater", "why"),
    [
        ("gone", 8, "answers no more"),
        ("broken", 8, "gives no more records"),
        ("answers", 5, "gives no more records"),  # such as a replica that has not all of them yet
    ],
)
async def test_an_end_that_is_not_reached_is_said(
    monkeypatch: pytest.MonkeyPatch, broker: str, highwater: int, why: str
) -> None:
    clock = [0.0]
    client = Client(clock, stop=5, highwater=highwater, broker=broker)
    with pytest.raises(BrokerUnavailable, match=rf"pages\.raw/0 was read up to offset 5, not .*{why}"):
        await read(monkeypatch, clock, client, 8)


async def test_a_topic_that_was_made_anew_is_not_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    class Anew(Client):
        async def getmany(self, *_: TopicPartition, timeout_ms: int) -> dict[TopicPartition, list[Any]]:
            if self.next == self.stop:
                raise OffsetOutOfRangeError({PLACE: self.next})
            return await super().getmany(timeout_ms=timeout_ms)

        async def beginning_offsets(self, _: list[TopicPartition]) -> dict[TopicPartition, int]:
            return {PLACE: 0}

    clock = [0.0]
    with pytest.raises(InvalidRecord, match=r"begins at offset 0 and no longer has 5: .* made anew"):
        await read(monkeypatch, clock, Anew(clock, stop=5, highwater=3), 8)
