"""A partition stands when records wait and none is committed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from faust.types import TP
from prometheus_client import CollectorRegistry

from streams import settings
from streams.agents import watch as watch_module
from streams.agents.tally import Tally
from streams.agents.watch import OffsetWatch, watch_worker
from streams.ops.health import Health
from streams.ops.metrics import Metrics

A, B, C = (TP("pages.raw", number) for number in range(3))
OTHER = TP("documents", 0)


def test_only_a_partition_with_records_waiting_stands() -> None:
    watch = OffsetWatch()
    assert watch.look({A: (3, 5), B: (5, 5)}, 10.0) == {A: 0.0, B: 0.0}
    assert watch.look({A: (3, 9), B: (5, 5)}, 14.0) == {A: 4.0, B: 0.0}


def test_a_commit_starts_the_count_anew() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 5)}, 10.0)
    assert watch.look({A: (4, 5)}, 14.0) == {A: 0.0}
    assert watch.look({A: (4, 5)}, 15.0) == {A: 1.0}


def test_a_partition_that_went_and_came_back_starts_anew() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 5)}, 10.0)
    watch.look({}, 12.0)
    assert watch.look({A: (3, 5)}, 20.0) == {A: 0.0}


def test_partitions_have_their_turns_while_their_topic_moves() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 500), B: (5, 500), C: (7, 500)}, 0.0)
    for second in range(1, 90):
        watch.look({A: (3, 500), B: (5 + second, 500), C: (7, 500)}, float(second))
    ages = watch.look({A: (3, 500), B: (95, 500), C: (7, 500)}, 90.0)
    assert ages == {A: 30.0, B: 0.0, C: 30.0}
    ages = watch.look({A: (3, 500), B: (500, 500), C: (500, 500)}, 90.0)
    assert ages == {A: 90.0, B: 0.0, C: 0.0}, "nobody else waits, so it is its turn"


def test_a_topic_that_stands_as_a_whole_has_no_turns() -> None:
    watch = OffsetWatch()
    watch.look({A: (3, 500), B: (5, 500), OTHER: (0, 9)}, 0.0)
    assert watch.look({A: (3, 500), B: (5, 500), OTHER: (1, 9)}, 60.0) == {A: 60.0, B: 60.0, OTHER: 0.0}


async def test_a_look_that_fails_does_not_end_the_watch(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(watch_module, "_LOOK", 0.0)
    folder = tmp_path / "data"  # not there at first: the disk cannot be looked at
    given = settings.load(data_dir=folder)
    metrics = Metrics(CollectorRegistry())
    app: Any = SimpleNamespace(consumer=SimpleNamespace(assignment=set), rebalancing=False, tables={})
    health = Health(loop_limit=9.0, batch_limit=9.0)
    watching = asyncio.create_task(watch_worker(app, given, metrics, Tally(metrics, given), health))
    for _ in range(20):
        await asyncio.sleep(0)
    assert not watching.done()
    assert metrics.disk_size._value.get() == 0
    folder.mkdir()
    async with asyncio.timeout(10):
        while not metrics.disk_size._value.get():
            await asyncio.sleep(0)
    watching.cancel()
