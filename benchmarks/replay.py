"""How fast archives are written, read and replayed, and in how much memory.

python -m benchmarks.replay [--pages 20000] [--page-bytes 30000]
python -m benchmarks.replay --pages 1000000 --page-bytes 600 --memory

Pages are the sample pages, each filled up or cut to ``--page-bytes`` and with an address of its own:
  write      records into an archive, one process
  read       an archive, checked and decoded: MB of lines a second
  replay     an archive into a pipeline that does nothing
All are in seconds of CPU of one process, which is what a core does; memory is the peak of the replay's
process. With ``--memory`` a tenth of the pages is replayed, too: flat means that ten times the pages take no
more. Exit status 1 when a limit is missed: 50 MB/s of reading, five times the pages a second of one worker
(``--pipeline``).
"""

from __future__ import annotations

import argparse
import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Self

from streams import samples
from streams import settings as settings_module
from streams.archive import manifest, reader
from streams.archive.record import Archived
from streams.archive.writer import Writer
from streams.records import Replay
from streams.replay.pace import Limits, Pace
from streams.replay.past import Past, Selection
from streams.replay.run import Job, State
from streams.replay.sources import ArchiveSource

READ_MB, TIMES = 50.0, 5.0
AT = 1_772_611_200_000


def write(folder: Path, count: int, page_bytes: int) -> float:
    pages = samples.load()
    started = time.process_time()
    with Writer(folder, "pages.raw") as writer:
        for number in range(count):
            page = pages[number % len(pages)]
            site = f"site{number % 200}.example"
            head = f"<!-- {number} -->".encode()
            body = head + page.body + b"x" * (page_bytes - len(page.body))
            address = f"https://{site}/{number}".encode()
            writer.add(
                Archived(
                    topic="pages.raw",
                    partition=number % 8,
                    offset=number // 8,
                    timestamp=AT + number * 100,
                    key=site.encode(),
                    headers=(("url", address), ("content-type", page.content_type.encode())),
                    value=body[:page_bytes],
                )
            )
        writer.checkpoint()
    return time.process_time() - started


def read(folder: Path) -> float:
    started = time.process_time()
    for _ in reader.records(folder):
        pass
    return time.process_time() - started


class Nowhere:
    """A pipeline that does nothing."""

    name = "nowhere"

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        pass

    async def take(self, pages: Sequence[Past]) -> list[str]:  # noqa: ARG002
        return []

    def save(self, state: bytes) -> None:
        pass


async def tell(_: Replay) -> None:
    pass


async def carry(folder: Path) -> int:
    """Replay an archive into nowhere; return how many pages it were."""
    settings, everything = settings_module.load(), Selection()
    source = ArchiveSource(folder)
    state = State(
        replay_id="r-0",
        arguments=[],
        coder_version="",
        ends={},
        position=await source.open(everything),
        planned=0,
    )
    job = Job(
        state=state,
        source=source,
        target=Nowhere(),
        selection=everything,
        pace=Pace(Limits(), settings, into_live=False),
        who="",
        reason="",
        coder_version="",
        resumed=False,
        tell=tell,
    )
    return (await job.run()).sent


def peak_of_this_process() -> float:
    # getrusage would give that of the process which started this one, where it is larger.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def replay(folder: Path) -> tuple[float, float]:
    """Replay an archive in a process of its own; return seconds of CPU and the peak of its memory in MiB."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.replay", "--carry", str(folder)],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, peak = done.stdout.split()
    return float(seconds), float(peak)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--page-bytes", type=int, default=30_000)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pipeline", type=float, default=50.0, help="pages a second of one worker")
    parser.add_argument("--carry", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.carry:
        started = time.process_time()
        asyncio.run(carry(options.carry))
        print(time.process_time() - started, peak_of_this_process())
        return 0
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        seconds = write(base / "pages", options.pages, options.page_bytes)
        frames = manifest.load(base / "pages").frames
        megabytes = sum(frame.plain_bytes for frame in frames) / 1e6
        print(f"{options.pages:,} pages, {megabytes:,.0f} MB of lines, {len({f.file for f in frames})} files")
        print(f"write   {options.pages / seconds:8,.0f} pages/s  {megabytes / seconds:6.0f} MB/s")
        seconds = read(base / "pages")
        read_mb = megabytes / seconds
        print(f"read    {options.pages / seconds:8,.0f} pages/s  {read_mb:6.0f} MB/s")
        if options.memory:
            write(base / "tenth", options.pages // 10, options.page_bytes)
            _, little = replay(base / "tenth")
            print(f"memory  {little:6.0f} MiB for {options.pages // 10:,} pages")
        seconds, peak = replay(base / "pages")
        rate = options.pages / seconds
        print(f"replay  {rate:8,.0f} pages/s, {rate / options.pipeline:.1f} x a worker")
        print(f"memory  {peak:6.0f} MiB for {options.pages:,} pages")
    return 0 if read_mb >= READ_MB and rate >= TIMES * options.pipeline else 1


if __name__ == "__main__":
    sys.exit(main())
