"""Connections to Kafka: one place that turns settings into what aiokafka wants."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.abc import AbstractTokenProvider
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.conn import collect_hosts, create_conn
from aiokafka.errors import (
    KafkaConnectionError,
    KafkaError,
    SaslAuthenticationFailed,
    UnsupportedSaslMechanismError,
)

from streams.broker.records import mend_aiokafka
from streams.errors import BrokerUnavailable, ConfigurationError
from streams.settings import MIB, Settings

# One page may have 64 MiB (schemas/topics.yaml), and a request carries more than the page.
MAX_REQUEST_BYTES = 72 * MIB
_FIRST_WAIT, _LONGEST_WAIT = 0.2, 5.0
_AT_ONCE, _PAUSE = 0.01, 0.03

mend_aiokafka()


class TokenFile(AbstractTokenProvider):  # type: ignore[misc]  # aiokafka publishes no types
    """The OAUTHBEARER token, read for each connection: whoever renews it writes the file anew."""

    def __init__(self, path: Path) -> None:
        """Remember the file; it is read when a connection asks."""
        self._path = path

    def read(self) -> str:
        """Return the token.

        Raises:
            ConfigurationError: the file cannot be read; the message is without its content.
        """
        try:
            return self._path.read_text("ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigurationError(
                f"DATELINE_SASL_TOKEN_FILE={self._path} cannot be read ({type(error).__name__})"
            ) from None

    async def token(self) -> str:
        """Return the token for a connection.

        Raises:
            KafkaConnectionError: the file cannot be read now; aiokafka tries again.
        """
        try:
            return self.read()
        except ConfigurationError as error:
            raise KafkaConnectionError(str(error)) from None


def connection(settings: Settings) -> dict[str, Any]:
    """Return the arguments that every aiokafka client of these settings takes.

    Raises:
        ConfigurationError: a certificate, key, user, password or token is missing or wrong.
    """
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.brokers,
        "security_protocol": settings.security_protocol,
        "ssl_context": settings.ssl_context(),
    }
    match settings.sasl:
        case Path() as file:
            tokens = TokenFile(file)
            tokens.read()  # a file that is not there is said at the start, not tried again
            arguments |= {"sasl_mechanism": "OAUTHBEARER", "sasl_oauth_token_provider": tokens}
        case (user, password):
            arguments |= {
                "sasl_mechanism": settings.sasl_mechanism,
                "sasl_plain_username": user,
                "sasl_plain_password": password,
            }
    return arguments


def pace_fetches(consumer: AIOKafkaConsumer) -> None:
    """Let a consumer pause after an empty answer that came at once.

    Kafka holds a fetch back until there is data; the embedded broker answers at once, and a consumer
    that waits for records would otherwise ask it thousands of times a second.
    """
    client = consumer._client  # noqa: SLF001  (aiokafka has no setting for it)
    send = client.send

    async def paced(node_id: Any, request: Any, **options: Any) -> Any:
        started = time.monotonic()
        answer = await send(node_id, request, **options)
        if type(answer).__name__.startswith("FetchResponse"):
            empty = not any(partition[-1] for _, partitions in answer.topics for partition in partitions)
            if empty and time.monotonic() - started < _AT_ONCE:
                await asyncio.sleep(_PAUSE)
        return answer

    client.send = paced


async def wait_for_broker(settings: Settings) -> None:
    """Return when a broker answers; try again with a growing pause until then.

    Raises:
        BrokerUnavailable: none answered within ``connect_timeout`` seconds.
        ConfigurationError: one answered, and refused who asked, or is not trusted.
    """
    give_up = time.monotonic() + settings.connect_timeout
    wait = _FIRST_WAIT
    while True:
        admin = AIOKafkaAdminClient(**connection(settings), request_timeout_ms=5000)
        try:
            await asyncio.wait_for(admin.start(), timeout=max(0.1, give_up - time.monotonic()))
        except (KafkaError, OSError, TimeoutError) as error:
            reason = await _reason(settings) or error
            if time.monotonic() + wait >= give_up:
                raise BrokerUnavailable(
                    f"no Kafka broker answered at {settings.brokers} within {settings.connect_timeout:g} s "
                    f"({type(reason).__name__}: {reason}). Is it running, and is DATELINE_BROKERS right? "
                    f"Does it speak {settings.security_protocol} there (DATELINE_SECURITY_PROTOCOL)?"
                ) from error
            await asyncio.sleep(wait)
            wait = min(wait * 2, _LONGEST_WAIT)
        else:
            return
        finally:
            await admin.close()


async def _reason(settings: Settings) -> Exception | None:
    """Return why no broker can be talked to, which aiokafka tells its log only; None when one can.

    Raises:
        ConfigurationError: waiting does not help.
    """
    arguments = connection(settings)
    reason: Exception | None = None
    for host, port, _ in collect_hosts(arguments.pop("bootstrap_servers")):
        try:
            (await create_conn(host, port, **arguments, request_timeout_ms=5000)).close()
        except (SaslAuthenticationFailed, UnsupportedSaslMechanismError) as error:
            raise ConfigurationError(
                f"the broker {host}:{port} refuses the user by {settings.sasl_mechanism}: {error}. "
                "Are the DATELINE_SASL_* settings right?"
            ) from None
        except ssl.SSLCertVerificationError as error:
            raise ConfigurationError(
                f"the certificate of the broker {host}:{port} is not trusted: {error.verify_message}. "
                "Is DATELINE_SSL_CAFILE right?"
            ) from None
        except (KafkaError, OSError, TimeoutError) as error:
            reason = reason or error
        else:
            return None
    return reason


@asynccontextmanager
async def admin_client(settings: Settings) -> AsyncIterator[AIOKafkaAdminClient]:
    """Connect an admin client, and close it."""
    admin = AIOKafkaAdminClient(**connection(settings), request_timeout_ms=30_000)
    try:
        await admin.start()
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def producer(settings: Settings) -> AsyncIterator[AIOKafkaProducer]:
    """Connect a producer that waits for all replicas, and flush and close it."""
    client = AIOKafkaProducer(
        **connection(settings),
        acks="all",
        enable_idempotence=False,
        linger_ms=5,
        max_batch_size=262_144,
        max_request_size=MAX_REQUEST_BYTES,
        compression_type="lz4",
    )
    try:
        await client.start()
        yield client
    finally:
        await client.stop()


@asynccontextmanager
async def reader(
    settings: Settings, *topics: str, from_start: bool = False, resets: bool = True
) -> AsyncIterator[AIOKafkaConsumer]:
    """Connect a consumer outside any group to all partitions of the topics (names without prefix).

    It starts at the end unless ``from_start``; it never commits. When the offset that it reads next is gone,
    it starts there again without a word; unless it ``resets``: then ``getmany`` raises OffsetOutOfRangeError.
    """
    client = AIOKafkaConsumer(
        **connection(settings),
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset=("earliest" if from_start else "latest") if resets else "none",
        max_partition_fetch_bytes=16 * MIB,
        fetch_max_wait_ms=100,
    )
    pace_fetches(client)
    try:
        await client.start()
        await _assign(client, [settings.topic(name) for name in topics], from_start=from_start)
        yield client
    finally:
        await _stop(client)


async def _stop(client: AIOKafkaConsumer) -> None:
    try:
        await client.stop()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        # Nobody cancelled this task: aiokafka cancels its own fetches, and one that pauses after an error
        # lets that out here, in place of the error that ends the reader, and with the connections open.
        await client._client.close()  # noqa: SLF001


async def _assign(client: AIOKafkaConsumer, topics: list[str], *, from_start: bool) -> None:
    from aiokafka import TopicPartition  # noqa: PLC0415  (only here)

    partitions = []
    for topic in topics:
        await client._client._wait_on_metadata(topic)  # noqa: SLF001
        partitions += [TopicPartition(topic, p) for p in client.partitions_for_topic(topic) or ()]
    client.assign(partitions)
    if from_start:
        await client.seek_to_beginning(*partitions)
    else:
        await client.seek_to_end(*partitions)
        # The position is looked up lazily; a record sent before that would be skipped.
        for partition in partitions:
            await client.position(partition)
