"""Pages that keep coming: some new, some sent before, some that must become dead letters."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from streams.broker.client import MAX_REQUEST_BYTES, connection
from streams.headers import Header
from streams.settings import Settings
from tests.integration.harness import headers_of, page

SITES = 12
_AGAIN, _BAD = 0.15, 0.03
_DEEDS = (
    "Norway imposes tariffs on steel from Chile",
    "Kenya and Vietnam sign an agreement on fisheries",
    "Poland deploys troops near the border with Morocco",
    "Canada lifts its ban on timber from Japan",
    "Ghana and Peru hold naval exercises",
)

Raw = tuple[bytes, bytes, list[Header]]


class Load:
    """Sends pages at a rate until it is stopped; knows which the brokers have confirmed."""

    def __init__(self, settings: Settings, chance: random.Random, rate: float) -> None:
        self._settings, self._chance, self._rate = settings, chance, rate
        self._number = 0
        self._sent: list[Raw] = []
        self._task: asyncio.Task[None] | None = None
        self._sending: set[asyncio.Task[None]] = set()
        #: Place of each confirmed page, and its first bytes.
        self.confirmed: dict[tuple[int, int], bytes] = {}
        self.retries = 0

    def start(self) -> None:
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Send no more, and return when every page sent is confirmed."""
        assert self._task is not None
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    def fat(self) -> Raw:
        """A page whose document is large also when it is compressed."""
        self._number += 1
        words = " ".join(self._chance.randbytes(6).hex() for _ in range(25_000))
        one = page(f"fat{self._number % SITES}.example", f"f{self._number}", text=f"{_DEEDS[0]}. {words}.")
        return one.url.split("/")[2].encode(), one.body, headers_of(one)

    async def send_now(self, pages: Sequence[Raw]) -> None:
        """Send pages beside the stream of the others."""
        async with asyncio.timeout(60):
            producer = await self._producer()
            try:
                await asyncio.gather(*(self._send(producer, one) for one in pages))
            finally:
                await producer.stop()

    def _next(self) -> Raw:
        dice = self._chance.random()
        if dice < _AGAIN and self._sent:
            return self._chance.choice(self._sent[-200:])
        self._number += 1
        site = f"site{self._chance.randrange(SITES)}.example"
        if dice < _AGAIN + _BAD:
            return site.encode(), b"\x00\x01 no page %d" % self._number, []
        teasers = [
            (f"{self._chance.choice(_DEEDS)}, report {self._number}-{n}", "The ministry said so on Tuesday.")
            for n in range(self._chance.randrange(4))
        ]
        one = page(site, f"p{self._number}", teasers=teasers)
        raw = (site.encode(), one.body, headers_of(one))
        self._sent.append(raw)
        return raw

    async def _producer(self) -> AIOKafkaProducer:
        producer = AIOKafkaProducer(
            **connection(self._settings), acks="all", linger_ms=5, max_request_size=MAX_REQUEST_BYTES
        )
        await producer.start()
        return producer

    async def _run(self) -> None:
        producer = await self._producer()
        try:
            while True:
                await asyncio.sleep(self._chance.expovariate(self._rate))
                task = asyncio.create_task(self._send(producer, self._next()))
                self._sending.add(task)
                task.add_done_callback(self._sending.discard)
        finally:
            await asyncio.gather(*self._sending)
            await producer.stop()

    async def _send(self, producer: AIOKafkaProducer, raw: Raw) -> None:
        key, value, headers = raw
        while True:
            try:
                sent = await producer.send_and_wait(
                    self._settings.topic("pages.raw"), value, key=key, headers=headers
                )
            except KafkaError:
                self.retries += 1
                await asyncio.sleep(0.5)
            else:
                self.confirmed[sent.partition, sent.offset] = value[:64]
                return
