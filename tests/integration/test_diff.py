"""``dateline diff`` on the event topics: prefixes, time ranges, withdrawn events."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson

from streams.broker.client import producer
from streams.records import Event, encode
from streams.settings import as_environment
from tests.integration.consume.events import coded
from tests.integration.harness import ROOT, Cluster

START = datetime(2026, 3, 1, tzinfo=UTC)


async def send(cluster: Cluster, events: list[tuple[str, str, bytes | None]], at: datetime) -> None:
    async with producer(cluster.settings) as client:
        for topic, key, value in events:
            await client.send_and_wait(
                cluster.settings.topic(topic),
                value,
                key=key.encode(),
                timestamp_ms=int(at.timestamp() * 1000),
            )


def record(event: Event) -> tuple[str, str, bytes | None]:
    return f"events.{event.event_class}", event.event_id, encode(event)


async def diff(cluster: Cluster, *arguments: str | Path) -> tuple[int, dict[str, int], str]:
    def run() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "streams", "diff", *arguments, "--json"],
            env=os.environ | as_environment(cluster.settings),
            cwd=ROOT, capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    done = await asyncio.to_thread(run)
    totals = orjson.loads(done.stdout)["totals"] if done.stdout else {}
    return done.returncode, {k: v for k, v in totals.items() if k != "name"}, done.stderr


async def test_topics_are_compared_with_files_ranges_and_coders(cluster: Cluster, tmp_path: Path) -> None:
    events = list(coded())
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"".join(encode(event) + b"\n" for event in events))
    await send(cluster, [record(event) for event in events], START)
    here = f"kafka:{cluster.settings.topic_prefix}"
    alike = {"a": len(events), "b": len(events), "same": len(events), "changed": 0, "gone": 0, "added": 0}
    for given in ("kafka:", here, f"{here}@2026-03-01..", f"{here}@..2026-03-02"):
        status, totals, said = await diff(cluster, path, given)
        assert (status, totals) == (0, alike), said

    # The next day: one event with another confidence, one withdrawn, by another coder.
    changed = dataclasses.replace(events[0], confidence=0.01, coder_version="9.9.9")
    topic, key, _ = record(events[1])
    await send(cluster, [record(changed), (topic, key, None)], START + timedelta(days=1))
    status, totals, _ = await diff(cluster, path, here, "--fail-over", "1")
    assert (status, totals["changed"], totals["gone"], totals["added"]) == (1, 1, 1, 0)
    status, totals, _ = await diff(
        cluster, f"{here}@..2026-03-02", f"{here}@2026-03-02..", "--fail-over", "gone=0"
    )
    assert (status, totals["a"], totals["b"], totals["changed"]) == (1, len(events), 1, 1)
    status, totals, _ = await diff(cluster, here, "--coder", events[0].coder_version, "--coder", "9.9.9")
    assert (status, totals["changed"], totals["b"]) == (0, 1, 1)


async def test_what_cannot_be_compared_is_named(cluster: Cluster, tmp_path: Path) -> None:
    path = tmp_path / "run.jsonl"
    path.write_bytes(b"".join(encode(event) + b"\n" for event in coded()))
    here = f"kafka:{cluster.settings.topic_prefix}"
    for given, words, failed in (
        (here, "no records in this range", 1),
        ("kafka:nobody.", "nobody.events.", 2),
    ):
        status, _, said = await diff(cluster, path, given)
        assert status == failed
        assert words in said
    status, _, said = await diff(cluster, here, "kafka:")
    assert status == 2
    assert "are the same" in said
    await send(cluster, [("events.trade", "x", b"{}")], START)
    status, _, said = await diff(cluster, path, here)
    assert status == 1
    assert f"{cluster.settings.topic('events.trade')}/" in said
    assert "not an event" in said
