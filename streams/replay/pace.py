"""How fast pages may go: so many a second, a share of what comes live, and not while live lags."""

from __future__ import annotations

import asyncio
import contextlib
from contextlib import AsyncExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from aiokafka import AIOKafkaConsumer
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.broker.client import admin_client, reader
from streams.broker.progress import STAGE_TOPICS, lag, offsets
from streams.settings import Settings

#: Seconds between looks at the live pipeline.
LOOK = 2.0
#: A share of a live rate of nothing still goes on, slowly.
LEAST_RATE = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What bounds a replay; what is None does not."""

    #: Pages a second.
    rate: float | None = None
    #: Of the rate at which pages come to the live pipeline, 0.5 for half of it.
    share: float | None = None
    #: Records that the live pipeline has not finished, on all its topics.
    max_lag: int | None = None

    @property
    def watch(self) -> bool:
        """Whether the live pipeline must be looked at."""
        return self.share is not None or self.max_lag is not None


class Pace:
    """Holds a replay back. ``settings`` name the live pipeline."""

    def __init__(
        self, limits: Limits, settings: Settings, *, into_live: bool, stop: asyncio.Event | None = None
    ) -> None:
        """Keep to the limits; ``into_live``: what is sent comes to the live pipeline, too.

        When ``stop`` is set, the next wait ends as if it was cancelled.
        """
        self._stop = stop or asyncio.Event()
        self._limits, self._settings, self._into_live = limits, settings, into_live
        self._stack = AsyncExitStack()
        self._admin: AIOKafkaAdminClient
        self._client: AIOKafkaConsumer
        self._rate = limits.rate
        self._due = 0.0
        self._looked = 0.0
        self._end = self._sent = self._sent_then = 0
        #: Seconds for which live lag held the replay back.
        self.paused = 0.0

    async def __aenter__(self) -> Self:
        """Connect where the live pipeline must be watched, and take its first measure."""
        if self._limits.watch:
            self._admin = await self._stack.enter_async_context(admin_client(self._settings))
            self._client = await self._stack.enter_async_context(reader(self._settings, *STAGE_TOPICS))
            if self._limits.share is not None:
                self._end = await self._live_end()
                self._looked = asyncio.get_running_loop().time()
                await asyncio.sleep(LOOK)
                await self._look(self._looked + LOOK)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        await self._stack.aclose()

    async def wait(self, pages: int) -> None:
        """Return when so many pages more may go.

        Raises:
            asyncio.CancelledError: the replay was stopped.
        """
        loop = asyncio.get_running_loop()
        if self._limits.watch and loop.time() - self._looked >= LOOK:
            await self._look(loop.time())
        while self._limits.max_lag is not None and await self._lag() > self._limits.max_lag:
            await self._sleep(LOOK / 4)
            self.paused += LOOK / 4
        if self._rate is not None:
            now = loop.time()
            # A pause is not made up for by a burst.
            self._due = max(self._due, now - 1.0)
            await self._sleep(max(0.0, self._due - now))
            self._due += pages / self._rate
        await self._sleep(0)
        self._sent += pages

    async def _sleep(self, seconds: float) -> None:
        # A cancellation may be lost in a client that was connecting; the event is not.
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)
        if self._stop.is_set():
            raise asyncio.CancelledError

    def batch(self, most: int) -> int:
        """Return how many pages to take at once: about a second's worth, at most ``most``."""
        return most if self._rate is None else max(1, min(most, int(self._rate)))

    async def _lag(self) -> int:
        """Return how much live has waiting; while the cluster cannot tell, it is asked again."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self._settings.connect_timeout
        while True:
            try:
                return await self._lag_now()
            except KafkaError as error:
                # A cluster that has just started has no coordinator yet.
                if not error.retriable or loop.time() > give_up:
                    raise
                await self._sleep(LOOK / 4)

    async def _lag_now(self) -> int:
        return sum([await lag(self._admin, self._client, self._settings, topic) for topic in STAGE_TOPICS])

    async def _live_end(self) -> int:
        return sum((await offsets(self._client, self._settings.topic(STAGE_TOPICS[0])))[1].values())

    async def _look(self, now: float) -> None:
        """Set the rate that a share of the live rate gives, of what came since the last look."""
        if self._limits.share is not None:
            end, seconds = await self._live_end(), max(now - self._looked, 0.001)
            ours = self._sent - self._sent_then if self._into_live else 0
            live = max(0.0, (end - self._end - ours) / seconds)
            allowed = max(LEAST_RATE, live * self._limits.share)
            self._rate = allowed if self._limits.rate is None else min(allowed, self._limits.rate)
            self._end, self._sent_then = end, self._sent
        self._looked = now
