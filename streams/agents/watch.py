"""Looks at a worker from inside its event loop: is the loop turning, do the committed offsets move."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Mapping
from typing import Any

import faust
import structlog
from faust.types import TP

from streams.agents.offsets import Offsets
from streams.agents.tally import Tally
from streams.ops.health import Health
from streams.ops.metrics import CONSUMED_TOPICS, Metrics
from streams.settings import Settings

log = structlog.get_logger(__name__)

_BEAT = 0.25
_LOOK = 2.0


async def beat(metrics: Metrics, health: Health) -> None:
    """Mark that the event loop turns, and measure how late."""
    while True:
        due = time.monotonic() + _BEAT
        await asyncio.sleep(_BEAT)
        health.beat()
        metrics.event_loop_lag.observe(max(0.0, time.monotonic() - due))


class OffsetWatch:
    """Knows for how long each partition has stood still with records waiting, beyond its turn.

    aiokafka hands out what it fetched of one partition before that of the next. In a long backlog a partition
    so waits for all others that wait, while its topic moves on; that is no stall.
    """

    def __init__(self) -> None:
        """Start with nothing known."""
        self._standing: dict[TP, tuple[int, float]] = {}

    def look(self, offsets: Mapping[TP, tuple[int, int]], now: float) -> dict[TP, float]:
        """Take the committed and the end offset of each partition; return for how many seconds each stands.

        A partition whose records are all committed does not stand: its age is 0. Where n partitions of a
        topic wait and another of them moved since, the age is the nth part of the time.
        """
        standing: dict[TP, tuple[int, float]] = {}
        for tp, (committed, end) in offsets.items():
            if committed < end:
                before = self._standing.get(tp)
                standing[tp] = before if before and before[0] == committed else (committed, now)
        self._standing = standing
        since: dict[str, list[float]] = {}
        for tp, (_, moved) in standing.items():
            since.setdefault(tp.topic, []).append(now - moved)
        return {
            tp: max(min(since[tp.topic]), (now - standing[tp][1]) / len(since[tp.topic]))
            if tp in standing
            else 0.0
            for tp in offsets
        }


async def watch_worker(
    app: faust.App, settings: Settings, metrics: Metrics, tally: Tally, health: Health
) -> None:
    """Keep the gauges and the health of a worker up to date."""
    looking = _Looking(app, settings, metrics, tally, health)
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(looking.offsets.ask())
        while True:
            try:
                looking.look()
            except Exception as error:  # whatever it was, the worker is looked at again
                log.exception("the worker cannot be looked at", error=repr(error))
            await asyncio.sleep(_LOOK)


class _Looking:
    """One look after the other at a worker."""

    def __init__(
        self, app: faust.App, settings: Settings, metrics: Metrics, tally: Tally, health: Health
    ) -> None:
        self._app, self._settings = app, settings
        self._metrics, self._tally, self._health = metrics, tally, health
        self._names = {settings.topic(name): name for name in CONSUMED_TOPICS}
        self._watch = OffsetWatch()
        self.offsets = Offsets(app, self._names)

    def look(self) -> None:
        """Set the gauges, and say for how long partitions stand."""
        ages = dict.fromkeys(CONSUMED_TOPICS, 0.0)
        offsets = self.offsets.now()
        for tp, age in self._watch.look(offsets, time.monotonic()).items():
            name = self._names[tp.topic]
            ages[name] = max(ages[name], age)
        self._health.standing(max(ages.values()))
        for topic, age in ages.items():
            self._metrics.committed_offset_age.labels(topic=topic).set(age)
        self._tally.look({(tp.topic, tp.partition): both for tp, both in offsets.items()}, self._held())
        self._metrics.seen_entries.set(_seen_entries(self._app))
        disk = shutil.disk_usage(self._settings.data_dir)
        self._metrics.disk_free.set(disk.free)
        self._metrics.disk_size.set(disk.total)

    def _held(self) -> set[int] | None:
        """Return the partitions of ``pages.raw`` that this worker holds; None in a rebalance."""
        if self._app.rebalancing:
            return None
        consumer: Any = self._app.consumer
        pages = self._settings.topic(CONSUMED_TOPICS[0])
        return {tp.partition for tp in consumer.assignment() if tp.topic == pages}


def _seen_entries(app: faust.App) -> int:
    table: Any = app.tables.get("seen")
    stores = getattr(table.data, "_dbs", {}) if table is not None else {}
    return sum(db.property_int_value("rocksdb.estimate-num-keys") or 0 for db in stores.values())
