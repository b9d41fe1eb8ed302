"""Hours at 70% of what a worker can do: memory stays flat, lag stays small, every page is accounted for.

``make soak MINUTES=60``. First measures how many pages a second one worker finishes, then sends 70% of that
for the given time on Apache Kafka. Exit status 1 when the memory of the last half, averaged over a
minute, leaves its mean by more than 5%, when the worker falls behind, or when the account does not hold.
With ``--rate`` nothing is measured first. With ``--shared``, for a machine that other programs use as well,
the load rests while the worker is behind.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import logging
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil
from aiokafka import AIOKafkaProducer

from benchmarks.end_to_end import kafka, make_pages, send, worker
from streams import headers as h
from streams import settings as settings_module
from streams.broker import topics
from streams.broker.client import admin_client, producer, reader, wait_for_broker
from streams.broker.progress import STAGE_TOPICS, lag, wait_until_done
from streams.settings import MIB, Settings
from streams.verify import verify

SHARE, FLAT = 0.7, 0.05
_PROBE = 300
_EVERY = 5.0
#: Seconds of load that may wait; from half of it on, the load of a shared machine rests.
_BEHIND = 30.0


@dataclass
class Soak:
    """One run."""

    minutes: float
    #: Pages a second that the worker finishes at most; None where that was not measured.
    capacity: float | None = None
    #: Pages a second that are sent.
    rate: float = 0.0
    pages: int = 0
    #: Memory in MiB of the worker and its compute processes, every five seconds; shared pages count once.
    memory: list[float] = field(default_factory=list)
    #: Pages not finished, every five seconds.
    lag: list[int] = field(default_factory=list)
    #: Seconds in which no page was sent because the worker was behind; only where the machine is shared.
    rested: float = 0.0
    account: dict[str, int] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


def minute_means(samples: list[float]) -> list[float]:
    """Return the mean of each whole minute."""
    size = round(60 / _EVERY)
    return [statistics.fmean(samples[i : i + size]) for i in range(0, len(samples) - size + 1, size)]


def drift(samples: list[float]) -> float:
    """Return by how much a minute of the last half leaves the half's mean at most, as a share of it."""
    half = minute_means(samples[len(samples) // 2 :]) or samples
    mean = statistics.fmean(half)
    return max(abs(each - mean) for each in half) / mean


def memory_of(pid: int) -> float:
    """Return the proportional set size of a process and those below it, in MiB."""
    total = 0
    for process in (root := psutil.Process(pid), *root.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += process.memory_full_info().pss
    return total / MIB


def endless_pages() -> Iterator[tuple[str, bytes]]:
    """Yield the benchmark's pages again and again, each time with other text and ids."""
    for turn in itertools.count():
        for url, body in make_pages(2000):
            yield f"{url}-{turn}", body.replace(b", report ", b", report %d-" % turn)


async def probe(settings: Settings) -> float:
    """Return the pages a second that the worker finishes when it has enough of them."""
    pages = list(itertools.islice(endless_pages(), _PROBE))
    async with admin_client(settings) as admin, reader(settings, *STAGE_TOPICS) as client:
        await send(settings, pages[: _PROBE // 3])
        await wait_until_done(admin, client, settings, every=0.05)
        began = time.monotonic()
        await send(settings, pages[_PROBE // 3 :])
        await wait_until_done(admin, client, settings, every=0.05)
        return (_PROBE - _PROBE // 3) / (time.monotonic() - began)


async def _load(
    settings: Settings, client: AIOKafkaProducer, soak: Soak, until: float, *, shared: bool
) -> None:
    pages = itertools.islice(endless_pages(), _PROBE, None)
    due = time.monotonic()
    while due < until:
        if shared and soak.lag and soak.lag[-1] > soak.rate * _BEHIND / 2:
            await asyncio.sleep(1.0)
            soak.rested += 1.0
            due = time.monotonic()
            continue
        url, body = next(pages)
        headers = [(h.URL, url.encode()), (h.CONTENT_TYPE, b"text/html; charset=utf-8")]
        key = url.split("/")[2].encode()
        await client.send(settings.topic("pages.raw"), body, key=key, headers=headers)
        soak.pages += 1
        due += 1 / soak.rate
        await asyncio.sleep(max(0.0, due - time.monotonic()))


async def _sample(settings: Settings, soak: Soak, pid: int, until: float) -> None:
    async with admin_client(settings) as admin, reader(settings, "pages.raw") as client:
        while time.monotonic() < until:
            await asyncio.sleep(_EVERY)
            soak.memory.append(await asyncio.to_thread(memory_of, pid))
            soak.lag.append(await lag(admin, client, settings, "pages.raw"))
            if len(soak.memory) % 12 == 0:
                last = soak.memory[-12:]
                sys.stderr.write(
                    f"minute {len(soak.memory) // 12:3}: {statistics.fmean(last):6.1f} MiB, "
                    f"{soak.pages} pages, at most {max(soak.lag[-12:])} waiting\n"
                )


async def run(settings: Settings, folder: Path, minutes: float, *, rate: float | None, shared: bool) -> Soak:
    soak = Soak(minutes)
    await wait_for_broker(settings)
    await topics.create(settings)
    with worker(settings, folder / "worker.log") as (pid, _):
        if rate is None:
            soak.capacity = await probe(settings)
            sys.stderr.write(f"{soak.capacity:.1f} pages/s at most\n")
        soak.rate = rate or SHARE * (soak.capacity or 0.0)
        sys.stderr.write(f"{soak.rate:.1f} pages/s for {minutes:g} min\n")
        until = time.monotonic() + minutes * 60
        async with producer(settings) as client:
            await asyncio.gather(
                _load(settings, client, soak, until, shared=shared), _sample(settings, soak, pid, until)
            )
        report = await verify(settings, wait=120, processes=os.cpu_count())
    soak.account = {
        name: getattr(report, name)
        for name in ("pages", "processed", "seen", "dead_lettered", "waiting", "lost", "doubled")
    }
    if not report.holds or report.waiting:
        soak.failures.append(f"the account does not hold: {report.losses[:3]} {report.doubles[:3]}")
    if drift(soak.memory) > FLAT:
        soak.failures.append(f"memory is not flat: {drift(soak.memory):.1%}")
    if max(soak.lag[len(soak.lag) // 2 :]) > soak.rate * _BEHIND:
        soak.failures.append(f"the worker fell behind by {max(soak.lag)} pages")
    return soak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--rate", type=float, help="pages a second, instead of 70%% of what is possible")
    parser.add_argument("--shared", action="store_true", help="let the load rest while the worker is behind")
    parser.add_argument("--json", type=Path, help="write every sample to this file")
    given = parser.parse_args()
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    with tempfile.TemporaryDirectory(prefix="dateline-soak-") as place:
        folder = Path(place)
        for part in ("broker", "data"):
            (folder / part).mkdir()
        with kafka(folder / "broker") as address:
            settings = settings_module.load(
                brokers=address, group="soak", data_dir=folder / "data", web_port=0, compute_processes=1
            )
            soak = asyncio.run(run(settings, folder, given.minutes, rate=given.rate, shared=given.shared))
    if given.json:
        given.json.write_text(json.dumps(asdict(soak)))
    half = soak.memory[len(soak.memory) // 2 :]
    of_capacity = f" (70% of {soak.capacity:.1f})" if soak.capacity else ""
    sys.stdout.write(
        f"{given.minutes:g} min at {soak.rate:.1f} pages/s{of_capacity}; last half: "
        f"mean {statistics.fmean(half):.1f} MiB, a minute leaves it by {drift(soak.memory):.1%} at most; "
        f"at most {max(soak.lag)} pages waiting; {soak.rested:g} s without load; {soak.account}\n"
    )
    for failure in soak.failures:
        sys.stdout.write(f"FAILED: {failure}\n")
    sys.exit(1 if soak.failures else 0)


if __name__ == "__main__":
    main()
