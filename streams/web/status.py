"""How the service does, for the corner of the page: what waits on each topic, and whether it moves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from typing import Any

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from streams.broker.client import admin_client, reader
from streams.broker.progress import STAGE_TOPICS, offsets
from streams.ops.lag import LagWatch, Place
from streams.settings import Settings

_FRESH, _PATIENCE, _STALLED = 2.0, 5.0, 60.0


class Status:
    """Asks the broker when it is asked itself, and not more often than every two seconds."""

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.monotonic) -> None:
        """Ask nothing yet."""
        self._settings, self._clock = settings, clock
        self._watch = LagWatch()
        self._moved: dict[str, tuple[int, float]] = {}
        self._clients = AsyncExitStack()
        self._open: tuple[AIOKafkaAdminClient, AIOKafkaConsumer] | None = None
        self._lock = asyncio.Lock()
        self._told: tuple[float, dict[str, Any]] | None = None

    async def tell(self) -> dict[str, Any]:
        """Return ``state`` (ok, behind, stalled or unreachable) and ``lag`` by topic."""
        async with self._lock:
            if self._told is None or self._clock() - self._told[0] > _FRESH:
                self._told = (self._clock(), await self._ask())
            return self._told[1]

    async def close(self) -> None:
        """Leave the broker."""
        self._open = None
        await self._clients.aclose()

    async def _ask(self) -> dict[str, Any]:
        try:
            async with asyncio.timeout(_PATIENCE):
                return self.judge(await self._offsets())
        except (KafkaError, OSError, TimeoutError) as error:
            await self.close()
            return {"state": "unreachable", "words": type(error).__name__, "lag": []}

    def judge(self, places: Mapping[Place, tuple[int, int]]) -> dict[str, Any]:
        """Return the state from each partition's finished and end offset."""
        now, lags = self._clock(), self._watch.look(places, self._clock())
        state, told = "ok", []
        for topic in STAGE_TOPICS:
            here = [place for place in places if place[0] == topic]
            records = sum(lags[place].records for place in here)
            seconds = max((lags[place].seconds for place in here), default=0.0)
            done = sum(places[place][0] for place in here)
            before, moved = self._moved.get(topic, (done, now))
            self._moved[topic] = (done, now if done != before or not records else moved)
            if records:
                stands = now - self._moved[topic][1] > _STALLED
                state = "stalled" if stands or state == "stalled" else "behind"
            told.append({"topic": topic, "records": records, "seconds": round(seconds, 1)})
        return {"state": state, "words": "", "lag": told}

    async def _offsets(self) -> dict[Place, tuple[int, int]]:
        if self._open is None:
            admin = await self._clients.enter_async_context(admin_client(self._settings))
            client = await self._clients.enter_async_context(reader(self._settings, *STAGE_TOPICS))
            client.pause(*client.assignment())  # it only asks where the topics end
            self._open = (admin, client)
        admin, client = self._open
        committed = await admin.list_consumer_group_offsets(self._settings.group)
        places: dict[Place, tuple[int, int]] = {}
        for topic in STAGE_TOPICS:
            name = self._settings.topic(topic)
            first, end = await offsets(client, name)
            for partition, last in end.items():
                entry = committed.get(TopicPartition(name, partition))
                done = entry.offset if entry is not None and entry.offset >= 0 else first[partition]
                places[(topic, partition)] = (max(done, first[partition]), last)
        return places
