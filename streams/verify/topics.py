"""Reads the topics into a ledger.

The order matters while a group is at work. Its committed offsets are asked first: what is committed
has been confirmed on the next topics by then, so whatever is missing there was lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from typing import Protocol, TypeAlias, TypeVar

import msgspec
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams import headers as h
from streams.agents import forkserver
from streams.agents.work import Item
from streams.broker import topics
from streams.broker.client import admin_client, reader, wait_for_broker
from streams.broker.event_log import EVENT_TOPICS, standing
from streams.broker.progress import STAGE_TOPICS, offsets, wait_until_done
from streams.broker.records import tolerate_damage
from streams.checking import checked
from streams.classify import coder_version
from streams.corrections import Corrections
from streams.errors import BrokerUnavailable
from streams.parse import Limits
from streams.settings import Settings
from streams.verify.expected import digest, expected_events, expected_pages
from streams.verify.ledger import Ledger
from streams.verify.report import Report

_CHUNK = 16
Record: TypeAlias = "ConsumerRecord[bytes, bytes]"
E = TypeVar("E")
E_co = TypeVar("E_co", covariant=True)


class _Expect(Protocol[E_co]):
    def __call__(self, items: Sequence[Item], limits: Limits, /) -> Sequence[E_co]: ...


class _DocumentHead(msgspec.Struct):
    site: str = ""


class _EventHead(msgspec.Struct):
    document_id: str = ""
    coder_version: str = ""


H = TypeVar("H", _DocumentHead, _EventHead)


async def verify(settings: Settings, *, wait: float = 0.0, processes: int | None = None) -> Report:
    """Account for every page that stands on ``pages.raw``.

    Args:
        settings: the cluster, the prefix and the group.
        wait: seconds in which the group may finish what it has, before the account is made.
        processes: that compute what pages must become; one a core unless given.

    Raises:
        BrokerUnavailable: no broker answered, or it went away.
        ConfigurationError: a topic is missing, or the operator's tables are wrong.
    """
    tables = checked(settings.lexicon_dir)
    await wait_for_broker(settings)
    await topics.require(settings, *STAGE_TOPICS, *EVENT_TOPICS, "dead-letters", "seen")
    tolerate_damage({settings.topic(name) for name in STAGE_TOPICS})
    context = forkserver.start()
    try:
        with ProcessPoolExecutor(processes or settings.compute_processes, mp_context=context) as pool:
            async with admin_client(settings) as admin, reader(settings, *STAGE_TOPICS) as client:
                await _wait(admin, client, settings, wait)
                reading = _Reading(settings, pool, await _committed(admin, settings), tables)
                gone = any((await offsets(client, settings.topic("documents")))[0].values())
            return (await reading.fill(Ledger(coder_version=coder_version(tables), remembers=gone))).report()
    except KafkaError as error:
        raise BrokerUnavailable(f"{settings.brokers}: {type(error).__name__}: {error}") from error


async def _wait(
    admin: AIOKafkaAdminClient, client: AIOKafkaConsumer, settings: Settings, seconds: float
) -> None:
    if seconds:
        try:
            async with asyncio.timeout(seconds):
                await wait_until_done(admin, client, settings)
        except TimeoutError:
            return


async def _committed(admin: AIOKafkaAdminClient, settings: Settings) -> dict[tuple[str, int], int]:
    found: dict[TopicPartition, object] = await admin.list_consumer_group_offsets(settings.group)
    return {(tp.topic, tp.partition): int(getattr(entry, "offset", -1)) for tp, entry in found.items()}


class _Reading:
    """One pass over the topics."""

    def __init__(
        self,
        settings: Settings,
        pool: ProcessPoolExecutor,
        committed: dict[tuple[str, int], int],
        tables: Corrections,
    ) -> None:
        self._settings, self._pool, self._committed = settings, pool, committed
        self._limits = Limits(max_bytes=settings.page_max_bytes)
        self._events = partial(expected_events, corrections=tables)

    async def fill(self, ledger: Ledger) -> Ledger:
        """Put all records into the ledger; letters first, as their pages are not computed again."""
        async for record in standing(self._settings, "dead-letters"):
            said, headers = h.DeadLetter.from_headers(record.headers), dict(record.headers)
            if said.stage == "parse":
                ledger.add_letter("parse", f"{said.topic}/{said.partition}/{said.offset}")
            else:
                ledger.add_letter(said.stage, h.text(headers.get(h.LINEAGE)), h.text(record.key))
        await self._pages(ledger)
        async for record in standing(self._settings, "documents"):
            head = _read(record, _DocumentHead)
            ledger.add_document(
                _lineage(record), h.text(record.key), site=head.site, finished=self._finished(record)
            )
        async for record in standing(self._settings, "seen"):
            ledger.add_seen(record.partition, h.text(record.key))
        async for record, expected in self._computed("documents.enriched", self._events):
            finished = self._finished(record)
            ledger.add_enriched(_lineage(record), h.text(record.key), expected, finished=finished)
        async for record in standing(self._settings, *EVENT_TOPICS):
            _add_event(ledger, record)
        return ledger

    async def _pages(self, ledger: Ledger) -> None:
        def wanted(record: Record) -> bool:
            if ledger.knows_letter(_own(record)) or not self._finished(record):
                ledger.add_page(_own(record), None)
                return False
            return True

        async for record, expected in self._computed("pages.raw", expected_pages, wanted):
            ledger.add_page(_own(record), expected)

    async def _computed(
        self, topic: str, expect: _Expect[E], wanted: Callable[[Record], bool] = lambda _: True
    ) -> AsyncIterator[tuple[Record, E]]:
        """Yield the wanted records of a topic, each with what it must become; bounded in number."""
        loop = asyncio.get_running_loop()
        chunk: list[Record] = []
        running: list[tuple[list[Record], asyncio.Future[Sequence[E]]]] = []

        def start() -> None:
            items = [_item(record) for record in chunk]
            running.append((chunk.copy(), loop.run_in_executor(self._pool, expect, items, self._limits)))
            chunk.clear()

        async for record in standing(self._settings, topic):
            if not wanted(record):
                continue
            chunk.append(record)
            if len(chunk) == _CHUNK:
                start()
            if len(running) > 2 * self._settings.compute_processes:
                records, future = running.pop(0)
                for each in zip(records, await future, strict=True):
                    yield each
        if chunk:
            start()
        for records, future in running:
            for each in zip(records, await future, strict=True):
                yield each

    def _finished(self, record: Record) -> bool:
        return bool(record.offset < self._committed.get((record.topic, record.partition), -1))


def _read(record: Record, kind: type[H]) -> H:
    """Return what is asked of a record; nothing where it is none of ours, as any client may write one."""
    try:
        return msgspec.json.decode(record.value or b"{}", type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return kind()


def _item(record: Record) -> Item:
    return Item(record.value or b"", dict(record.headers), record.topic, record.partition, record.offset)


def _own(record: Record) -> str:
    return h.lineage(record.topic, record.partition, record.offset).decode()


def _lineage(record: Record) -> str:
    return h.text(dict(record.headers).get(h.LINEAGE))


def _add_event(ledger: Ledger, record: Record) -> None:
    if record.value is None:
        return  # a key that was taken away
    head = _read(record, _EventHead)
    ledger.add_event(
        _lineage(record),
        h.text(record.key),
        document_id=head.document_id,
        place=f"{record.topic}/{record.partition}",
        value=digest(record.value),
        coder=head.coder_version,
    )
