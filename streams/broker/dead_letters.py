"""The dead-letter topic: read it, choose from it, send letters back to where they came from, delete."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import RecordsToDelete

from streams import headers as h
from streams.broker import topics
from streams.broker.client import admin_client, producer, reader, wait_for_broker
from streams.broker.progress import STAGE_TOPICS, offsets
from streams.ids import site_of
from streams.settings import Settings

TOPIC = "dead-letters"
_IDLE_MS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands in a dead letter, without the original's bytes: there may be many large ones."""

    partition: int
    offset: int
    timestamp: int  # milliseconds
    key: bytes | None
    headers: tuple[h.Header, ...]
    size: int
    digest: bytes  # of the original's bytes
    said: h.DeadLetter

    @classmethod
    def of(cls, record: ConsumerRecord) -> Letter:
        """Read a record of the topic."""
        value = record.value or b""
        return cls(
            partition=record.partition,
            offset=record.offset,
            timestamp=record.timestamp,
            key=record.key,
            headers=tuple(record.headers),
            size=len(value),
            digest=hashlib.blake2b(value, digest_size=16).digest(),
            said=h.DeadLetter.from_headers(record.headers),
        )

    @property
    def id(self) -> str:
        """PARTITION/OFFSET, as the commands take it."""
        return f"{self.partition}/{self.offset}"

    @property
    def url(self) -> str:
        """Address of the page, where the original had it in its headers."""
        return h.text(dict(self.headers).get(h.URL))

    @property
    def site(self) -> str:
        """Site of the page; the record's key where no address is known."""
        return site_of(self.url) if self.url else h.text(self.key)

    @property
    def original(self) -> tuple[str, bytes | None, str, bytes]:
        """What the record was that failed: equal for two letters of the same record."""
        # By the address, too: a site may answer with the same bytes for many pages.
        return (self.said.topic, self.key, self.url, self.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which letters are meant; what is None does not count."""

    stage: str | None = None
    error: str | None = None
    site: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    ids: frozenset[str] = frozenset()

    def __call__(self, letter: Letter) -> bool:
        """Whether the letter is meant; times are those of the letter on its topic."""
        at = letter.timestamp / 1000
        return (
            (self.stage is None or letter.said.stage == self.stage)
            and (self.error is None or letter.said.error == self.error)
            and (self.site is None or letter.site == self.site)
            and (self.since is None or at >= self.since.timestamp())
            and (self.until is None or at < self.until.timestamp())
            and (not self.ids or letter.id in self.ids)
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a redrive would do: the letters to send, and those it leaves with the reason for each."""

    send: list[Letter]
    left: list[tuple[Letter, str]]


def plan(letters: Iterable[Letter], wanted: Filter, settings: Settings, max_attempts: int) -> Plan:
    """Choose what a redrive sends; a record that failed more than once is sent once, with its last letter."""
    ours = {settings.topic(name) for name in STAGE_TOPICS}
    newest: dict[tuple[str, bytes | None, str, bytes], Letter] = {}
    meant: list[Letter] = []
    for letter in letters:
        before = newest.get(letter.original)
        if before is None or letter.said.attempts >= before.said.attempts:
            newest[letter.original] = letter
        if wanted(letter):
            meant.append(letter)
    send: list[Letter] = []
    left: list[tuple[Letter, str]] = []
    for letter in meant:
        said = letter.said
        if newest[letter.original] is not letter:
            left.append((letter, "a later letter holds the same record"))
        elif said.topic not in ours:
            left.append((letter, f"it came from {said.topic or 'nowhere'}, no topic of this pipeline"))
        elif said.original_bytes:
            left.append((letter, f"the original of {said.original_bytes:,} bytes was cut to fit"))
        elif said.cut:
            left.append((letter, f"of the original these were cut to fit: {said.cut}"))
        elif said.attempts >= max_attempts:
            left.append((letter, f"it failed {said.attempts} times; --max-attempts is {max_attempts}"))
        else:
            send.append(letter)
    return Plan(send, left)


async def redrive(letters: Sequence[Letter], settings: Settings, rate: float | None) -> AsyncIterator[Letter]:
    """Send each record back to the topic it came from, at most ``rate`` a second; yield each once confirmed.

    The original's bytes, key and headers are unchanged; two headers more carry how often it has
    failed and when first, so that a letter it becomes again counts on.

    Raises:
        ConfigurationError: a topic that a record came from is missing; nothing was sent.
        KafkaError: the broker did not confirm; what was yielded was sent.
    """
    back = {letter.said.topic for letter in letters}
    await topics.require(settings, TOPIC, *(name for name in STAGE_TOPICS if settings.topic(name) in back))
    loop = asyncio.get_running_loop()
    started = loop.time()
    async with reader(settings, TOPIC) as source, producer(settings) as client:
        for number, letter in enumerate(letters):
            if rate:
                await asyncio.sleep(max(0.0, started + number / rate - loop.time()))
            record = await _get(source, settings.topic(TOPIC), letter.partition, letter.offset)
            if record is None:
                continue  # retention took it in the meantime
            headers = h.original(record.headers) + letter.said.carried()
            await client.send_and_wait(letter.said.topic, record.value, key=record.key, headers=headers)
            yield letter


async def read(settings: Settings) -> AsyncIterator[Letter]:
    """Yield the letters that stand on the topic now, partition by partition in order; then end.

    Raises:
        ConfigurationError: there is no such topic.
    """
    await _reach(settings)
    async with reader(settings, TOPIC, from_start=True) as client:
        first, end = await offsets(client, settings.topic(TOPIC))
        left = {p for p in end if end[p] > first[p]}
        while left:
            for tp, records in (await client.getmany(timeout_ms=500)).items():
                for record in records:
                    if record.offset < end[tp.partition]:
                        yield Letter.of(record)
            for partition in list(left):
                position = await client.position(TopicPartition(settings.topic(TOPIC), partition))
                if position >= end[partition]:
                    left.discard(partition)


async def fetch(settings: Settings, partition: int, offset: int) -> ConsumerRecord | None:
    """Return one letter's record; None where it is not.

    Raises:
        ConfigurationError: there is no such topic.
    """
    await _reach(settings)
    async with reader(settings, TOPIC) as client:
        first, end = await offsets(client, settings.topic(TOPIC))
        if not first.get(partition, 0) <= offset < end.get(partition, 0):
            return None
        return await _get(client, settings.topic(TOPIC), partition, offset)


async def _reach(settings: Settings) -> None:
    await wait_for_broker(settings)
    await topics.require(settings, TOPIC)


async def _get(client: AIOKafkaConsumer, topic: str, partition: int, offset: int) -> ConsumerRecord | None:
    """Return the record that stands there; None where retention or a purge took it in the meantime."""
    tp = TopicPartition(topic, partition)
    client.assign([tp])
    client.seek(tp, offset)
    while True:
        for record in (await client.getmany(tp, timeout_ms=_IDLE_MS, max_records=1)).get(tp, ()):
            return record if record.offset == offset else None
        # It may only be slow to come; but for one that is gone nothing may ever come.
        if (await client.beginning_offsets([tp]))[tp] > offset or await client.position(tp) > offset:
            return None


async def purge_bounds(settings: Settings, before: datetime) -> dict[int, tuple[int, int]]:
    """Return for each partition the first offset, and the first one that is not older than ``before``.

    Raises:
        ConfigurationError: there is no such topic.
    """
    await _reach(settings)
    topic = settings.topic(TOPIC)
    async with reader(settings, TOPIC) as client:
        first, end = await offsets(client, topic)
        moment = int(before.timestamp() * 1000)
        found = await client.offsets_for_times({TopicPartition(topic, p): moment for p in end})
    bounds = {tp.partition: entry.offset if entry else end[tp.partition] for tp, entry in found.items()}
    return {p: (first[p], max(first[p], bounds[p])) for p in sorted(end)}


async def purge(settings: Settings, bounds: dict[int, tuple[int, int]]) -> None:
    """Delete what stands before the second bound of each partition, for good.

    Raises:
        KafkaError: the broker refused.
    """
    topic = settings.topic(TOPIC)
    async with admin_client(settings) as admin:
        await admin.delete_records(
            {
                TopicPartition(topic, p): RecordsToDelete(before_offset=to)
                for p, (first, to) in bounds.items()
                if to > first
            }
        )
