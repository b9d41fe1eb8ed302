"""How fast archives are written, read and replayed, and in how much memory.

python -m benchmarks.replay [--pages 20000] [--page-bytes 30000]
python -m benchmarks.replay --pages 1000000 --page-bytes 600 --memory

Pages are the sample pages, each filled up or cut to ``--page-bytes`` and with an address of its own:
  write      records into an archive, one process
  read       an archive, checked and decoded: MB of lines a second
  plan       what `dateline replay` does before it asks
  replay     an archive into a pipeline that does nothing with it: pages.raw on the embedded broker
Writing and reading are in seconds of CPU of one process, which is what a core does; the others in seconds of
wall-clock. Memory is the peak of the process. With ``--memory`` the replay of a
tenth of the pages is measured too: flat means that ten times the pages take no more. Exit status 1 when a
limit is missed: 50 MB/s of reading, five times the pages a second of one worker (``--pipeline``).
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from streams import samples
from streams import settings as settings_module
from streams.archive import manifest, reader
from streams.archive.record import Archived
from streams.archive.writer import Writer
from streams.broker import topics
from streams.broker.client import wait_for_broker
from streams.broker.embedded import EmbeddedBroker
from streams.settings import as_environment

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


def replay(folder: Path, data: Path, *arguments: str, brokers: str = "") -> tuple[float, float]:
    """Run the command; return seconds and the peak of its memory in MiB."""
    program = (
        "import resource, runpy, sys; sys.argv = sys.argv[1:]\n"
        "import atexit; atexit.register(lambda: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, "
        "file=sys.__stderr__))\n"
        "runpy.run_module('streams', run_name='__main__', alter_sys=True)"
    )
    settings = settings_module.load(data_dir=data, brokers=brokers or None)
    started = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", program, "dateline", "replay", str(folder), *arguments],
        env=os.environ | as_environment(settings),
        capture_output=True,
        text=True,
        check=True,
    )
    return time.perf_counter() - started, int(done.stderr.split()[-1]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--page-bytes", type=int, default=30_000)
    parser.add_argument("--memory", action="store_true")
    parser.add_argument("--pipeline", type=float, default=50.0, help="pages a second of one worker")
    options = parser.parse_args()
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
        broker = EmbeddedBroker(base / "broker")
        try:
            settings = settings_module.load(brokers=broker.address)
            asyncio.run(wait_for_broker(settings))
            asyncio.run(topics.create(settings))
            planned, _ = replay(base / "pages", base / "data", "--to", "shadow:a.", brokers=broker.address)
            print(f"plan    {options.pages / planned:8,.0f} pages/s")
            target = ("--yes", "--max-lag", str(10**9))
            if options.memory:
                write(base / "tenth", options.pages // 10, options.page_bytes)
                _, little = replay(
                    base / "tenth", base / "data", "--to", "shadow:b.", *target, brokers=broker.address
                )
                print(f"memory  {little:6.0f} MiB for {options.pages // 10:,} pages")
            seconds, peak = replay(
                base / "pages", base / "data", "--to", "shadow:c.", *target, brokers=broker.address
            )
            rate = options.pages / max(0.001, seconds - planned)
            print(f"replay  {rate:8,.0f} pages/s after its plan, {rate / options.pipeline:.1f} x a worker")
            print(f"memory  {peak:6.0f} MiB for {options.pages:,} pages")
        finally:
            broker.stop()
    print(f"this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB at most")
    return 0 if read_mb >= READ_MB and rate >= TIMES * options.pipeline else 1


if __name__ == "__main__":
    sys.exit(main())
