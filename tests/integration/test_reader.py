"""A reader whose broker dies ends with what went wrong."""

from __future__ import annotations

import pytest

from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import reader, wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.errors import BrokerUnavailable
from tests.integration.harness import until


async def test_the_error_that_ends_a_reader_is_not_taken_for_a_stop(
    own_broker: EmbeddedBroker, caplog: pytest.LogCaptureFixture
) -> None:
    settings = settings_module.load(brokers=own_broker.address, connect_timeout=30.0)
    await wait_for_broker(settings)
    await topics.create(settings, only=["pages.raw"])

    async def failed() -> bool:
        return "Failed fetch messages" in caplog.text

    async def read() -> None:
        async with reader(settings, "pages.raw", from_start=True) as client:
            client._fetcher._retry_backoff = 3600.0  # a fetch that failed pauses until the reader ends
            own_broker.process.kill()
            await until(failed, "a fetch to fail")
            raise BrokerUnavailable("it is gone")

    with pytest.raises(BrokerUnavailable, match="it is gone"):
        await read()
