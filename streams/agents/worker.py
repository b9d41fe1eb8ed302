"""One worker process: the application, its compute pool, its operations port, from start to end."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import sys
import time
from functools import partial
from typing import Any

import faust
import psutil
import structlog
from prometheus_client import REGISTRY

from streams import __version__
from streams.agents import forkserver, store, traces
from streams.agents.app import Worker, make_worker
from streams.agents.compute import ComputePool
from streams.agents.recovery import keep_signal
from streams.agents.refill import refill_first
from streams.agents.reload import Reloader
from streams.agents.watch import beat, watch_worker
from streams.broker import acls
from streams.broker.client import wait_for_broker
from streams.classify import CODER_VERSION
from streams.errors import ConfigurationError
from streams.ops import logs
from streams.ops.health import Health
from streams.ops.metrics import Metrics
from streams.ops.processes import die_with_parent, exit_now
from streams.ops.web import OpsServer
from streams.parse import Limits
from streams.settings import Settings

log = structlog.get_logger(__name__)

#: Set by a supervisor: the worker ends with it, and tells it its address on standard output.
SUPERVISED = "DATELINE_SUPERVISED"
_STOP_LIMIT = 15.0


def run_worker(
    settings: Settings,
    *,
    preload: str = forkserver.WARM,
    loop_limit: float = 10.0,
    batch_limit: float | None = None,
) -> int:
    """Run the agents until SIGTERM or SIGINT; return the exit status.

    ``preload`` is the module that compute processes have imported before their first record. The worker
    says that it is stalled when its event loop is silent for longer than ``loop_limit``, or a batch runs or
    a partition stands for longer than ``batch_limit`` seconds (unless given, long enough for any batch).

    Raises:
        BrokerUnavailable: no broker answered in time.
        ConfigurationError: a setting is wrong, a topic or a right is missing, or no process can compute.
    """
    if os.environ.get(SUPERVISED):
        die_with_parent()
    logs.configure(settings)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    followed = traces.load(settings)
    loop.run_until_complete(_check_cluster(settings))
    store.prepare(settings.slot_dir / "tables")
    health = Health(
        loop_limit=loop_limit,
        batch_limit=4 * settings.page_deadline + 60.0 if batch_limit is None else batch_limit,
    )
    metrics = Metrics(REGISTRY)
    metrics.ready.set_function(lambda: float(not health.not_ready()))
    _tell_version(metrics, CODER_VERSION)
    port = settings.web_port and settings.web_port + settings.slot * settings.web_port_step
    web = OpsServer(bind=settings.web_bind, port=port, registry=REGISTRY, health=health)
    pool = ComputePool(
        processes=settings.compute_processes,
        deadline=settings.page_deadline,
        memory=settings.compute_memory,
        limits=Limits(max_bytes=settings.page_max_bytes),
        metrics=metrics,
        preload=preload,
        goes_on=health.goes_on,
    )
    worker = make_worker(settings, pool, metrics, health, followed)
    # Faust collects garbage whenever it closes tables; what is loaded by now is none.
    gc.freeze()
    log.info("worker starts", brokers=settings.brokers, slot=settings.slot, web=web.address)
    try:
        return loop.run_until_complete(_run(worker, settings, metrics, health, web))
    finally:
        pool.stop()
        web.close()
        followed.close()


def _tell_version(metrics: Metrics, coder: str) -> None:
    metrics.build_info.info({"version": __version__, "coder_version": coder})


async def _check_cluster(settings: Settings) -> None:
    await wait_for_broker(settings)
    await acls.require("worker", settings)


async def _run(worker: Worker, settings: Settings, metrics: Metrics, health: Health, web: OpsServer) -> int:
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    heart = loop.create_task(beat(metrics, health))
    app = worker.app
    reloader = Reloader(settings.lexicon_dir, worker.pool, partial(_code_with, worker, metrics))
    _listen(stop, reloader if settings.lexicon_dir is not None else None)
    crashed = loop.create_task(_watch(app))
    stopping = loop.create_task(stop.wait())
    starting = loop.create_task(_start(worker, settings, metrics, health, web, reloader))
    await asyncio.wait({stopping, crashed, starting}, return_when=asyncio.FIRST_COMPLETED)
    if starting.done() and not starting.cancelled() and starting.exception() is None:
        await asyncio.wait({stopping, crashed}, return_when=asyncio.FIRST_COMPLETED)
    health.set_ready("stopping")
    if store.is_broken(app.crash_reason):
        store.failed(settings.slot_dir / "tables")
    for running in (worker.watch, worker.reload):
        if running:
            running.cancel()
    status = 0 if stopping.done() else 1
    if starting.done() and (error := starting.exception()):
        log.critical("the worker could not start", error=str(error) or repr(error))
        if status and isinstance(error, ConfigurationError):
            status = error.exit_status
    try:
        await asyncio.wait_for(app.stop(), timeout=_STOP_LIMIT)
    except TimeoutError:
        # Faust can hang in a group that is stuck; what was not acknowledged will be delivered again.
        log.warning("the worker did not stop in time and is ended")
        exit_now(status)
    for task in (heart, crashed, stopping, starting):
        task.cancel()
    log.info("worker stopped", slot=settings.slot)
    return status


def _listen(stop: asyncio.Event, reloader: Reloader | None) -> None:
    """Let signals do what they ask for."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    # For whoever is on call: `kill -USR1` writes what every task waits for to standard error.
    loop.add_signal_handler(signal.SIGUSR1, _print_tasks)
    # On a terminal a hangup says that the terminal has gone, and ends the worker as ever.
    if reloader is not None and not sys.stderr.isatty():
        loop.add_signal_handler(signal.SIGHUP, reloader.look_now)


def _code_with(worker: Worker, metrics: Metrics, version: str) -> None:
    """Remember and say that records are coded by another version from now on."""
    worker.seen.coded_by(version)
    _tell_version(metrics, version)


async def _start(
    worker: Worker, settings: Settings, metrics: Metrics, health: Health, web: OpsServer, reloader: Reloader
) -> None:
    app = worker.app
    app.in_worker = True
    tables: Any = app.tables
    await reloader.start()
    for table in tables.values():
        store.mend_when_opened(table.data.rocksdb_options)
    keep_signal(tables.recovery)
    refill_first(tables.recovery, settings)
    # The group is joined while compute processes start: records that come sooner wait for one.
    await asyncio.gather(worker.pool.warm(), _join(app))
    worker.watch = asyncio.create_task(watch_worker(app, settings, metrics, worker.tally, health))
    worker.reload = asyncio.create_task(reloader.follow())
    store.opened(settings.slot_dir / "tables")
    health.set_ready()
    metrics.start.set(time.time() - psutil.Process().create_time())
    log.info("worker ready", slot=settings.slot)
    if os.environ.get(SUPERVISED):
        sys.stdout.write(json.dumps({"ready": True, "slot": settings.slot, "web": web.address}) + "\n")
        sys.stdout.flush()


async def _join(app: faust.App) -> None:
    """Start the app; return when it has its partitions and their tables."""
    tables: Any = app.tables
    await app.maybe_start()
    while app.rebalancing or not tables.recovery.completed.is_set():
        await asyncio.sleep(0.02)


def _print_tasks() -> None:
    """Write where each task stands, down to what it waits for: Python's own stacks end at the first await."""
    for task in asyncio.all_tasks():
        sys.stderr.write(f"task {task.get_name()[:80]}\n")
        waiting: object = task.get_coro()
        while waiting is not None:
            frame = getattr(waiting, "cr_frame", None) or getattr(waiting, "ag_frame", None)
            if frame is not None:
                sys.stderr.write(
                    f"  {frame.f_code.co_filename}:{frame.f_lineno} {frame.f_code.co_qualname}\n"
                )
            waiting = getattr(waiting, "cr_await", None) or getattr(waiting, "ag_await", None)
    sys.stderr.flush()


async def _watch(app: faust.App) -> None:
    """Return when the application ended by itself."""
    while not (app.crashed or app.should_stop):
        await asyncio.sleep(0.2)
    if app.crash_reason:
        log.critical("the worker crashed", error=repr(app.crash_reason))
