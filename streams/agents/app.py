"""The Faust application of one worker: settings made explicit, agents bound to their topics.

Faust's defaults lose or stall in several ways; docs/decisions names each one that is set here.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import faust
import faust.auth
from mode.utils.queues import FlowControlEvent
from structlog.contextvars import bound_contextvars

from streams.agents import about
from streams.agents.actors import ActorsTable
from streams.agents.classify import classify_batch
from streams.agents.compute import ComputePool
from streams.agents.delivery import Batch, Delivery
from streams.agents.enrich import enrich_batch
from streams.agents.guard import stop_on, withhold
from streams.agents.outgoing import item_of
from streams.agents.parse import parse_batch
from streams.agents.seen import SeenTable
from streams.agents.tally import Tally
from streams.agents.traces import Traces
from streams.agents.transport import KeepingFlowControl, KeepingTransport
from streams.broker import topics
from streams.broker.client import MAX_REQUEST_BYTES, TokenFile
from streams.broker.progress import STAGE_TOPICS
from streams.broker.records import tolerate_damage
from streams.classify import CODER_VERSION
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.settings import MIB, Settings

Stream = faust.StreamT[bytes]


@dataclass(slots=True)
class Worker:
    """What makes up a worker process."""

    app: faust.App
    pool: ComputePool
    tally: Tally
    traces: Traces
    seen: SeenTable
    #: Watches the offsets, once the app runs.
    watch: asyncio.Task[None] | None = None
    #: Takes the operator's tables when they change.
    reload: asyncio.Task[None] | None = None


def _credentials(settings: Settings) -> dict[str, Any]:
    """Return how to talk to the brokers; Faust offers PLAIN and SCRAM through the same class.

    Raises:
        ConfigurationError: the user, the password or a certificate is missing or wrong.
    """
    context = settings.ssl_context()
    credentials: faust.auth.Credentials
    match settings.sasl:
        case Path() as file:
            credentials = faust.auth.OAuthCredentials(oauth_cb=TokenFile(file), ssl_context=context)
        case (user, password):
            credentials = faust.SASLCredentials(
                username=user, password=password, ssl_context=context, mechanism=settings.sasl_mechanism
            )
        case _:
            return {"broker_credentials": faust.SSLCredentials(context)} if context else {}
    return {"broker_credentials": credentials}


class _App(faust.App):
    """Faust's app on the transport that loses nothing."""

    def _new_transport(self) -> KeepingTransport:
        return KeepingTransport(self.conf.broker_consumer, self)

    @cached_property
    def flow_control(self) -> FlowControlEvent:
        return KeepingFlowControl(loop=self.loop)


def make_app(settings: Settings) -> faust.App:
    """Make the application without its agents."""
    return _App(
        settings.group,
        broker=[f"kafka://{address.strip()}" for address in settings.brokers.split(",")],
        **_credentials(settings),
        processing_guarantee="at_least_once",
        # Static membership: a worker that is started again takes its partitions back at once.
        consumer_group_instance_id=f"{settings.group}-{settings.slot}",
        consumer_auto_offset_reset="earliest",
        consumer_max_fetch_size=4 * MIB,
        broker_session_timeout=settings.session_timeout,
        broker_heartbeat_interval=settings.session_timeout / 10,
        broker_rebalance_timeout=settings.session_timeout,
        broker_request_timeout=90.0,
        broker_commit_interval=settings.commit_interval,
        broker_commit_every=10_000,
        broker_max_poll_records=500,
        broker_check_crcs=True,
        producer_acks=-1,
        producer_linger=0.005,
        producer_max_batch_size=262_144,
        producer_max_request_size=MAX_REQUEST_BYTES,
        producer_compression_type="lz4",
        producer_request_timeout=30.0,
        # Two batches ahead at the most: a page may have megabytes.
        stream_buffer_maxsize=2 * settings.page_batch,
        store="rocksdb://",
        datadir=str(settings.slot_dir / "tables"),
        table_standby_replicas=0,
        topic_disable_leader=True,
        topic_allow_declare=False,
        topic_partitions=topics.load().topics["pages.raw"].partitions,
        key_serializer="raw",
        value_serializer="raw",
        web_enabled=False,
        worker_redirect_stdouts=False,
        autodiscover=False,
    )


def make_worker(
    settings: Settings, pool: ComputePool, metrics: Metrics, health: Health, traces: Traces
) -> Worker:
    """Bind the three agents to their topics."""
    app = make_app(settings)
    tolerate_damage({settings.topic(name) for name in STAGE_TOPICS})
    partitions = topics.load().topics["pages.raw"].partitions
    seen = SeenTable(app, settings, partitions=partitions, coder_version=CODER_VERSION)
    actors = ActorsTable(app, settings, partitions=topics.load().topics["documents"].partitions)
    tally = Tally(metrics, settings)

    def delivery(stage: str) -> Delivery:
        return Delivery(
            stage, app=app, settings=settings, pool=pool, metrics=metrics, tally=tally, health=health,
            traces=traces,
        )  # fmt: skip

    parse, enrich, classify = delivery("parse"), delivery("enrich"), delivery("classify")
    add = _AgentMaker(app, settings)
    add("parse", "pages.raw", settings.page_batch, lambda batch: parse_batch(batch, parse, seen))
    add("enrich", "documents", settings.document_batch, lambda batch: enrich_batch(batch, enrich, actors))
    add(
        "classify",
        "documents.enriched",
        settings.document_batch,
        lambda batch: classify_batch(batch, classify),
    )
    return Worker(app, pool, tally, traces, seen)


class _AgentMaker:
    """Adds agents in the one safe shape: raw bytes, one at a time, batches that never raise."""

    def __init__(self, app: faust.App, settings: Settings) -> None:
        self._app, self._settings = app, settings

    def __call__(self, name: str, topic: str, size: int, process: Callable[[Batch], Awaitable[None]]) -> None:
        channel = self._app.topic(
            self._settings.topic(topic),
            key_type=bytes,
            value_type=bytes,
            key_serializer="raw",
            value_serializer="raw",
            # A batch ahead; of pages few, of small records many.
            maxsize=2 * size,
        )
        wait, tables = self._settings.batch_wait, self._settings.slot_dir / "tables"

        async def agent(stream: Stream) -> AsyncIterator[None]:
            # Faust's interface lacks what its streams have.
            take: Any = stream
            async for batch in take.take_events(size, within=wait):
                try:
                    await process(batch)
                except asyncio.CancelledError:
                    # The worker stops: what was not finished is delivered again.
                    withhold(batch)
                    raise
                except Exception as error:  # noqa: BLE001  (whatever it is, these records are not done)
                    withhold(batch)
                    with bound_contextvars(**about.batch(name, map(item_of, batch))):
                        stop_on(error, tables=tables)
                yield None

        self._app.agent(channel, name=name, concurrency=1)(agent)
