"""Where replayed pages go: a pipeline by its topics, or files. A target keeps how far it is."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, MessageSizeTooLargeError

from streams.broker import topics
from streams.broker.client import producer, wait_for_broker
from streams.errors import BrokerUnavailable
from streams.replay.past import Past
from streams.replay.sources import PAGES
from streams.settings import Settings


class Target(Protocol):
    """Takes pages; what it has taken is there when :meth:`take` returns."""

    name: str

    async def __aenter__(self) -> Self:
        """Open it."""

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""

    async def take(self, pages: Sequence[Past]) -> list[str]:
        """Take pages; return why some were refused.

        Raises:
            BrokerUnavailable: not all of them were taken; they may be given again.
        """

    def save(self, state: bytes) -> None:
        """Keep the state of the replay, together with what was taken."""


class TopicTarget:
    """``pages.raw`` of a pipeline, on the broker of the settings."""

    def __init__(self, name: str, settings: Settings, replay_id: str, state: Path, *, shadow: bool) -> None:
        """Send to the topics of these settings, and keep the state in a file."""
        self.name, self._shadow = name, shadow
        self._settings, self._replay_id, self._state = settings, replay_id, state
        self.topic = settings.topic(PAGES)
        self._client: AIOKafkaProducer
        self._open = producer(settings)

    async def __aenter__(self) -> Self:
        """Make the topics of a shadow where they are missing, and connect."""
        await wait_for_broker(self._settings)
        if self._shadow:
            await topics.create(self._settings)
        self._client = await self._open.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connection."""
        await self._open.__aexit__(kind, error, trace)

    async def take(self, pages: Sequence[Past]) -> list[str]:
        """See :meth:`Target.take`."""
        refused = []
        sent = []
        for page in pages:
            try:
                future = await self._client.send(
                    self.topic, page.value, key=page.record_key, headers=page.marked(self._replay_id)
                )
            except MessageSizeTooLargeError:
                refused.append(f"{page.where}: {len(page.value):,} bytes are more than a record may have")
            else:
                sent.append((page, future))
        for page, answer in zip(
            (page for page, _ in sent),
            await asyncio.gather(*(future for _, future in sent), return_exceptions=True),
            strict=True,
        ):
            if isinstance(answer, MessageSizeTooLargeError):
                refused.append(f"{page.where}: the broker refuses a record of {len(page.value):,} bytes")
            elif isinstance(answer, KafkaError):
                raise BrokerUnavailable(f"{page.where}: not confirmed by the broker: {answer!r}") from answer
            elif isinstance(answer, BaseException):
                raise answer
        return refused

    def save(self, state: bytes) -> None:
        """See :meth:`Target.save`."""
        write_whole(self._state, state)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is either as it was or as it shall be, whatever happens."""
    fresh = path.with_name(path.name + ".new")
    with fresh.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
