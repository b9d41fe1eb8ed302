"""The record of replays: who, when, what, why, and how it ended, on the topic ``replays``."""

from __future__ import annotations

import getpass
import socket
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from aiokafka.errors import KafkaError

from streams import headers as h
from streams.broker import topics
from streams.broker.client import producer
from streams.broker.event_log import standing
from streams.errors import BrokerUnavailable
from streams.records import Replay, decode, encode
from streams.settings import Settings

TOPIC = "replays"


def who() -> str:
    """Return user@host; a user without a name is a number."""
    try:
        user = getpass.getuser()
    except (OSError, KeyError):
        user = "unknown"
    return f"{user}@{socket.gethostname()}"


async def tell(settings: Settings, record: Replay) -> None:
    """Put a record onto the topic, which is made where it is missing.

    Raises:
        BrokerUnavailable: the broker did not confirm it, or refused to make the topic.
    """
    try:
        await _tell(settings, record)
    except KafkaError as error:
        raise BrokerUnavailable(f"the record of the replay could not be kept: {error}") from error


async def _tell(settings: Settings, record: Replay) -> None:
    await topics.create(settings, only=[TOPIC])
    headers = h.cloud_event(
        event_id=f"{record.replay_id}/{record.status}/{record.sent}",
        event_type="dateline.replay.v1",
        source="/dateline/replay",
        moment=datetime.now(UTC),
    )
    async with producer(settings) as client:
        await client.send_and_wait(
            settings.topic(TOPIC), encode(record), key=record.replay_id.encode(), headers=headers
        )


async def told(settings: Settings) -> AsyncIterator[Replay]:
    """Yield the records of all replays, oldest first.

    Raises:
        BrokerUnavailable: the broker went away.
        ConfigurationError: there is no such topic.
    """
    async for record in standing(settings, TOPIC):
        yield decode(record.value or b"", Replay)
