"""How long a worker takes to be ready with a large ``seen`` table, on Apache Kafka.

Four starts: with nothing; with the store on its disk gone, so that it is made again from the
changelog; with its store after SIGTERM; with its store after kill -9.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client.parser import text_string_to_metric_families

from benchmarks.end_to_end import ROOT, WORKER, get, kafka
from streams import settings as settings_module
from streams.agents.seen import entry_key
from streams.broker import topics
from streams.broker.client import producer, wait_for_broker
from streams.seen import Entry
from streams.settings import Settings, as_environment


async def fill(settings: Settings, entries: int) -> None:
    """Put entries on the changelog as a worker writes them."""
    await wait_for_broker(settings)
    await topics.create(settings)
    partitions = topics.load().topics["seen"].partitions
    value = Entry(datetime.now(UTC).date(), "0.1.0+bench").to_bytes()
    async with producer(settings) as client:
        for number in range(entries):
            key = entry_key(f"site{number % 2000}.example", uuid.UUID(int=number).hex)
            await client.send(settings.topic("seen"), value, key=key, partition=number % partitions)


def start(settings: Settings, log: Path) -> tuple[subprocess.Popen[bytes], str]:
    """Start a worker; return it when it says that it is ready, and what was seen of that."""
    began = time.monotonic()
    with log.open("ab") as words:
        process = subprocess.Popen(
            [sys.executable, *WORKER],
            env=os.environ | as_environment(settings) | {"DATELINE_SUPERVISED": "1"},
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=words,
        )
    assert process.stdout is not None
    with process.stdout as said:
        line = said.readline()
    if not line:
        raise SystemExit(log.read_text()[-3000:])
    seconds = time.monotonic() - began
    return process, f"ready after {seconds:5.1f} s, {entries(json.loads(line)['web']):,.0f} entries"


def entries(web: str) -> float:
    """Return what the worker says of its table; RocksDB estimates the number."""
    found = 0.0
    for _ in range(3):
        time.sleep(2.5)  # the gauge is set every two seconds
        for family in text_string_to_metric_families(get(f"{web}/metrics")):
            if family.name == "dateline_seen_entries":
                found = sum(sample.value for sample in family.samples)
        if found:
            break
    return found


def end(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    process.send_signal(number)
    process.wait(timeout=60)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--entries", type=int, default=1_000_000)
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="dateline-restart-") as place:
        folder = Path(place)
        for part in ("broker", "data"):
            (folder / part).mkdir()
        with kafka(folder / "broker") as address:
            settings = settings_module.load(
                brokers=address, group="restart", data_dir=folder / "data", web_port=0, session_timeout=6.0
            )
            log = folder / "worker.log"
            asyncio.run(fill(settings, 0))
            empty = settings.model_copy(update={"data_dir": folder / "empty"})
            process, seen = start(empty, log)
            print(f"no entries:                    {seen}")
            end(process, signal.SIGTERM)
            asyncio.run(fill(settings, given.entries))
            process, seen = start(settings, log)
            print(f"{given.entries:,} entries, no store:   {seen}")
            end(process, signal.SIGTERM)
            process, seen = start(settings, log)
            print(f"{given.entries:,} entries, SIGTERM:    {seen}")
            end(process, signal.SIGKILL)
            process, seen = start(settings, log)
            print(f"{given.entries:,} entries, kill -9:    {seen}")
            end(process, signal.SIGTERM)


if __name__ == "__main__":
    main()
