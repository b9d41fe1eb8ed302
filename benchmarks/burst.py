"""A burst of 200,000 pages on a worker with a slow stage: memory and records in hand bounded, lag seen.

``python -m benchmarks.burst``. The worker runs while the burst comes, and for some time after. Exit status 1
when its memory or the records in its hands are over their limit, or when the lag is not seen.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import logging
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.end_to_end import Memory, get, kafka, make_pages, send, worker
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.settings import MIB, Settings

SLOW = ("-m", "benchmarks.slow_worker")
#: Memory of all processes of a worker with one compute process; what they share counts once.
MEMORY_MIB = 600
_AT_ONCE, _DIFFERENT = 5000, 2000


@dataclass
class Burst:
    """What was seen of one run: the highest of each."""

    pages: int = 0
    seconds: float = 0.0
    in_flight: float = 0.0
    lag_seconds: float = 0.0
    lag_records: float = 0.0
    memory_mib: float = 0.0

    def failures(self, settings: Settings) -> Iterator[str]:
        """Yield what is not as promised."""
        bound = settings.page_batch + 2 * settings.document_batch
        if self.memory_mib > MEMORY_MIB:
            yield f"{self.memory_mib:.0f} MiB of memory; the limit is {MEMORY_MIB}"
        if self.in_flight > bound:
            yield f"{self.in_flight:.0f} records in hand; the limit is {bound}"
        if self.lag_seconds < self.seconds / 2:
            yield f"a lag of {self.lag_seconds:.0f} s is all that was seen in {self.seconds:.0f} s"


def pages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield so many pages, each with an address and bytes of its own."""
    some = list(make_pages(_DIFFERENT))
    for number, (url, body) in zip(range(count), itertools.cycle(some), strict=False):
        yield f"{url}-{number}", body.replace(b"matter ", b"matter %d-" % number)


async def look(web: str, burst: Burst) -> None:
    """Keep the highest figures of the worker's metrics."""
    while True:
        text = await asyncio.to_thread(get, f"{web}/metrics")
        burst.in_flight = max(burst.in_flight, sum(_values(text, "dateline_in_flight_records")))
        burst.lag_seconds = max(burst.lag_seconds, *_values(text, "dateline_lag_seconds"))
        burst.lag_records = max(burst.lag_records, sum(_values(text, "dateline_lag_records")))
        await asyncio.sleep(0.5)


def _values(text: str, name: str) -> list[float]:
    return [float(value) for value in re.findall(rf"^{name}{{.*}} (\S+)$", text, re.MULTILINE)]


async def run(settings: Settings, log: Path, count: int, after: float) -> Burst:
    """Send the burst, and watch the worker until some time after it."""
    burst = Burst(count)
    await wait_for_broker(settings)
    await topics.create(settings)
    with worker(settings, log, SLOW) as (pid, web):
        memory, started = Memory(pid), time.monotonic()
        looking = asyncio.create_task(look(web, burst))
        coming = pages(count)
        while some := list(itertools.islice(coming, _AT_ONCE)):
            await send(settings, some)
        sys.stderr.write(f"{count} pages sent in {time.monotonic() - started:.0f} s\n")
        await asyncio.sleep(after)
        burst.seconds = time.monotonic() - started
        looking.cancel()
        memory.stop()
        burst.memory_mib = memory.peak / MIB
    return burst


def main() -> None:
    """Run, print, and judge."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pages", type=int, default=200_000)
    parser.add_argument("--after", type=float, default=60.0, help="seconds to watch after the last page")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="dateline-burst-") as place:
        folder = Path(place)
        for part in ("broker", "data"):
            (folder / part).mkdir()
        with kafka(folder / "broker") as address:
            settings = settings_module.load(
                brokers=address, group="burst", data_dir=folder / "data", web_port=0, compute_processes=1
            )
            burst = asyncio.run(run(settings, folder / "worker.log", given.pages, given.after))
    sys.stdout.write(
        f"{burst.pages} pages, watched for {burst.seconds:.0f} s: at most {burst.memory_mib:.0f} MiB, "
        f"{burst.in_flight:.0f} records in hand, a lag of {burst.lag_seconds:.0f} s "
        f"and {burst.lag_records:.0f} records\n"
    )
    wrong = list(burst.failures(settings))
    for failure in wrong:
        sys.stdout.write(f"FAILED: {failure}\n")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
