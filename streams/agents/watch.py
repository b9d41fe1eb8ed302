"""Looks at a worker from inside its event loop: is the loop turning, do the committed offsets move."""

from __future__ import annotations

import asyncio
import shutil
import time
from typing import Any

import faust
from faust.types import TP

from streams.agents.tally import Tally
from streams.ops.health import Health
from streams.ops.metrics import CONSUMED_TOPICS, Metrics
from streams.settings import Settings

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
    """Knows for how long each partition has stood still with records waiting."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._standing: dict[TP, tuple[int, float]] = {}

    def look(self, offsets: dict[TP, tuple[int, int]], now: float) -> dict[TP, float]:
        """Take the committed and the end offset of each partition; return for how long each stands.

        A partition whose records are all committed does not stand: its age is 0.
        """
        standing: dict[TP, tuple[int, float]] = {}
        for tp, (committed, end) in offsets.items():
            if committed < end:
                before = self._standing.get(tp)
                standing[tp] = before if before and before[0] == committed else (committed, now)
        self._standing = standing
        return {tp: now - standing[tp][1] if tp in standing else 0.0 for tp in offsets}


async def watch_worker(
    app: faust.App, settings: Settings, metrics: Metrics, tally: Tally, health: Health
) -> None:
    """Keep the gauges and the health of a worker up to date."""
    watch = OffsetWatch()
    names = {settings.topic(name): name for name in CONSUMED_TOPICS}
    while True:
        ages = dict.fromkeys(CONSUMED_TOPICS, 0.0)
        offsets = _offsets(app, names)
        for tp, age in watch.look(offsets, time.monotonic()).items():
            ages[names[tp.topic]] = max(ages[names[tp.topic]], age)
        for topic, age in ages.items():
            metrics.committed_offset_age.labels(topic=topic).set(age)
        health.standing(max(ages.values()))
        tally.look({(tp.topic, tp.partition): both for tp, both in offsets.items()}, _held(app, settings))
        metrics.seen_entries.set(_seen_entries(app))
        disk = shutil.disk_usage(settings.data_dir)
        metrics.disk_free.set(disk.free)
        metrics.disk_size.set(disk.total)
        await asyncio.sleep(_LOOK)


def _offsets(app: faust.App, names: dict[str, str]) -> dict[TP, tuple[int, int]]:
    """Return committed and end offset of the partitions this worker has fetched from."""
    consumer: Any = app.consumer
    found = {}
    for tp in consumer.assignment():
        if tp.topic in names:
            end = consumer.highwater(tp)
            if end is not None:
                # Faust keeps the offset it committed last; without one the group stands at the start.
                found[tp] = (consumer._committed_offset[tp] or 0, end)  # noqa: SLF001
    return found


def _held(app: faust.App, settings: Settings) -> set[int] | None:
    """Return the partitions of ``pages.raw`` that this worker holds; None in a rebalance."""
    if app.rebalancing:
        return None
    consumer: Any = app.consumer
    return {tp.partition for tp in consumer.assignment() if tp.topic == settings.topic("pages.raw")}


def _seen_entries(app: faust.App) -> int:
    table: Any = app.tables.get("seen")
    stores = getattr(table.data, "_dbs", {}) if table is not None else {}
    return sum(db.property_int_value("rocksdb.estimate-num-keys") or 0 for db in stores.values())
